"""Wording of a document to EDTF, for those who code it by hand: English and Spanish.

The modelling choice: every word must be known and the words must make one known form, or the text is
refused with the reason; nothing is skipped, completed or guessed. What prose leaves open is read so:

- "from a to b", "a - b", "since a": it lasted (``a/b``, ``a/..``). "between a and b", "before", "by" and
  "after": one unknown day (``[a..b]``, ``[..a]``). "a or b" is ``[a,b]``, "a and b" ``{a,b}``.
- "as of 2012" is the date at which something is said.
- A season without a hemisphere is northern, as in EDTF; winter 2012 begins in December 2012.
- Early, mid and late are thirds: January to April, May to August, September to December; the 1st to 10th,
  11th to 20th and the rest of a month; years 0 to 3, 4 to 6 and 7 to 9 of a decade; 33, 33 and 33 or 34
  years of a century. Since sources do not say so, they are approximate (``~``).
- The 20th century is 19XX.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from r2p_analysis.dates.value import bounds, parse
from r2p_analysis.dates.words import LEXICONS, tokens

# A date in a text is "@"; what its words make of it in EDTF.
_FORMS = {
    "@": "{}",
    **dict.fromkeys(("@ TO @", "@ DASH @", "FROM @ TO @", "FROM @ DASH @", "SINCE @ TO @"), "{}/{}"),
    **dict.fromkeys(("BETWEEN @ AND @", "BETWEEN @ DASH @"), "[{}..{}]"),
    "@ OR @": "[{},{}]",
    "@ AND @": "{{{},{}}}",
    **dict.fromkeys(("SINCE @", "FROM @", "SINCE @ ONWARDS", "FROM @ ONWARDS", "@ ONWARDS"), "{}/.."),
    "TO @": "../{}",
    "BEFORE @": "[..{}]",
    "BY @": "[..{}]",
    "AFTER @": "[{}..]",
    "NOT_BEFORE @": "[{}..]",
}
_NEIGHBOURS = {"BEFORE @": -1, "AFTER @": 1}
_DATE = re.compile(r"(?:(?:[YMDSWFXCO][0-9]+|CIRCA|MAYBE|CENTURY|DECADE)(?: |$))+")
_YEARS_FROM_ANCHOR = {"LAST_YEAR": -1, "THIS_YEAR": 0, "NEXT_YEAR": 1}
_QUALIFIERS = {"CIRCA", "MAYBE"}
_NO_ANCHOR = "it needs one date to hang on: give it as anchor"

Fields = dict[str, int]


def parse_prose(text: str, language: str = "en", anchor: str | None = None) -> str:
    """Read the wording of a date into EDTF.

    Parameters
    ----------
    text : str
        The date expression only, as the document has it: "from 21-22 November 2012".
    language : {"en", "es"}, default "en"
        English or Spanish.
    anchor : str, optional
        EDTF date that the text hangs on: it gives a year that is not written, and what "since", "this
        year" or "later this year" refer to. Not used by a text that says all itself.

    Returns
    -------
    str
        An EDTF value that `parse` reads.

    Raises
    ------
    ValueError
        If a word is not known, the text is ambiguous (01/02/2012; 2008-11), names no such day, needs an
        anchor, or its words make no known form. The message says which.

    See Also
    --------
    parse : Bounds of the result.

    Notes
    -----
    What vague words are taken to mean is listed in the docstring of this module.

    Examples
    --------
    >>> parse_prose("31 March – 1 April 2008"), parse_prose("Spring 2012")
    ('2008-03-31/2008-04-01', '2012-21')
    >>> parse_prose("29 de mayo de 2015", language="es")
    '2015-05-29'
    >>> parse_prose("in the three years since", anchor="2010")
    '[2010..2013]'
    """
    if language not in LEXICONS:
        raise ValueError(f"language {language!r} is not known; allowed: {', '.join(LEXICONS)}")
    if anchor is not None:
        parse(anchor)
    try:
        if not isinstance(text, str):
            raise ValueError("it is no text")
        found = [_year_from_anchor(token, anchor) for token in tokens(text, language)]
        return parse(_read(found, anchor)).text
    except ValueError as error:
        reason = str(error).partition(";")[0]
        raise ValueError(f"{text!r} cannot be read as a date: {reason}") from error


def _year_from_anchor(token: str, anchor: str | None) -> str:
    return f"Y{_anchor_year(anchor) + _YEARS_FROM_ANCHOR[token]}" if token in _YEARS_FROM_ANCHOR else token


def _read(found: list[str], anchor: str | None) -> str:
    words = " ".join(found)
    hanging = _read_hanging(words, anchor) or _read_winter(words)
    if hanging:
        return hanging
    form = _DATE.sub("@ ", words).strip()
    if form not in _FORMS:
        raise ValueError("its words make no form of a date that is known")
    parts = [match[0].split() for match in _DATE.finditer(words)]
    _check_said_of_each(parts, form)
    dates = [_write(fields) for fields in _complete([_fields(part) for part in parts], anchor)]
    if form in _NEIGHBOURS:
        dates = [_neighbour(dates[0], _NEIGHBOURS[form])]
    return _put_together(_FORMS[form], dates)


def _read_hanging(words: str, anchor: str | None) -> str | None:
    """Read what refers to the anchor as a whole."""
    since = re.fullmatch(r"(?:[ND](\d+) YEARS )?SINCE", words)
    rest_of_year = re.fullmatch(r"(LATER|EARLIER) Y(\d{4})", words)
    if not (since or rest_of_year):
        return None
    if anchor is None or not re.fullmatch(r"[0-9-]+[?~%]?", anchor):
        raise ValueError(_NO_ANCHOR)
    if rest_of_year:
        if int(rest_of_year[2]) != _anchor_year(anchor):
            raise ValueError(f"its year is not that of the anchor {anchor!r}")
        later, year = rest_of_year[1] == "LATER", rest_of_year[2]
        return f"[{anchor}..{year}-12-31]" if later else f"[{year}-01-01..{anchor}]"
    return f"[{anchor}..{int(anchor[:4]) + int(since[1]):04d}{anchor[4:]}]" if since[1] else f"{anchor}/.."


def _read_winter(words: str) -> str | None:
    """Read two years as one: the winter (or southern summer) from December to February."""
    years = re.fullmatch(r"S(\d\d) Y(\d{4}) (?:DASH|SLASH) Y(\d{4})", words)
    if years is None:
        return None
    if years[1] not in ("24", "28", "30") or int(years[3]) != int(years[2]) + 1:
        raise ValueError("it has two years for a season of one")
    return f"{years[2]}-{years[1]}"


def _check_said_of_each(parts: list[list[str]], form: str) -> None:
    """Refuse "about a or b", "a to b?" and "decades a and b", which may be said of one or of both."""
    if len(parts) < 2:
        return
    left, right = parts
    ahead = form[0] == "@" and left[0] in _QUALIFIERS and not _QUALIFIERS.intersection(right)
    behind = right[-1] == "MAYBE" and not _QUALIFIERS.intersection(left)
    decades = left[0] == "DECADE" and ("AND" in form or "OR" in form)
    if ahead or behind or decades:
        raise ValueError("it is not clear whether a word is said of one date or of both")


def _fields(part: list[str]) -> Fields:
    fields: Fields = {}
    for token in part:
        name, number = (token, 1) if token.isalpha() else (token[0], int(token[1:]))
        if name in fields:
            raise ValueError("it has two of the same kind in one date")
        fields[name] = number
    if "CENTURY" in fields and "O" in fields:
        fields["C"] = fields.pop("O") - fields.pop("CENTURY")
    if "O" in fields and "D" not in fields:
        fields["D"] = fields.pop("O")
    if fields.pop("DECADE", None):
        if "Y" not in fields:
            raise ValueError("the decade has no century")
        fields["X"], of_ten = divmod(fields.pop("Y"), 10)
        if of_ten:
            raise ValueError("a decade begins with a year that ends in 0")
    return fields


def _complete(dates: list[Fields], anchor: str | None) -> list[Fields]:
    """Take from the other date (of "31 March - 1 April 2008") or from the anchor what a date leaves out."""
    for fields, other in zip(dates, dates[::-1], strict=True):
        if fields.keys() == {"F"}:
            fields |= {name: number for name, number in other.items() if name not in {"F", *_QUALIFIERS}}
        if "D" in fields and "M" not in fields and "M" in other:
            fields["M"] = other["M"]
        if not fields.keys() & {"Y", "X", "C"}:
            fields["Y"] = other["Y"] if "Y" in other else _anchor_year(anchor)
    return dates


def _anchor_year(anchor: str | None) -> int:
    if anchor is None:
        raise ValueError(f"it names no year, so {_NO_ANCHOR}")
    low, high = bounds(anchor)
    if low is None or high is None or low.year != high.year:
        raise ValueError(f"it names no year, and the anchor {anchor!r} is not in a single one")
    return low.year


def _write(fields: Fields) -> str:
    """EDTF of one date, ``low..high`` without brackets where it has no value of its own."""
    about = "CIRCA" in fields or "F" in fields
    qualifier = {(0, 0): "", (1, 0): "~", (0, 1): "?", (1, 1): "%"}[about, "MAYBE" in fields]
    names = "".join(sorted(fields.keys() - {"W"} - _QUALIFIERS))
    if names not in _WRITTEN:
        day_alone = "D" in fields and "M" not in fields
        raise ValueError("it has a day without its month" if day_alone else "its parts do not make one date")
    written = _WRITTEN[names](fields)
    if "W" in fields and (names != "DMY" or date.fromisoformat(written[0]).weekday() != fields["W"]):
        raise ValueError("its weekday is not that of the day")
    return "..".join(end + qualifier for end in written)


_THIRDS = {"M": ((1, 10), (11, 20), (21, 31)), "X": ((0, 3), (4, 6), (7, 9)), "C": ((0, 33), (34, 66), (67, 99))}


def _third(fields: Fields, of: str) -> tuple[int, int]:
    return _THIRDS[of][fields["F"] - 1]


def _third_of_month(fields: Fields) -> list[str]:
    month = f"{fields['Y']:04d}-{fields['M']:02d}"
    last_of_month = monthrange(fields["Y"], fields["M"])[1]
    return [f"{month}-{min(day, last_of_month):02d}" for day in _third(fields, "M")]


_WRITTEN: dict[str, Callable[[Fields], list[str]]] = {
    "Y": lambda f: [f"{f['Y']:04d}"],
    "MY": lambda f: [f"{f['Y']:04d}-{f['M']:02d}"],
    "DMY": lambda f: [f"{f['Y']:04d}-{f['M']:02d}-{f['D']:02d}"],
    "SY": lambda f: [f"{f['Y']:04d}-{f['S']}"],
    # EDTF numbers the thirds of a year 37 to 39.
    "FY": lambda f: [f"{f['Y']:04d}-{36 + f['F']}"],
    "FMY": _third_of_month,
    "X": lambda f: [f"{f['X']:03d}X"],
    "FX": lambda f: [f"{f['X']:03d}{year}" for year in _third(f, "X")],
    "C": lambda f: [f"{f['C']:02d}XX"],
    "CF": lambda f: [f"{f['C']:02d}{year:02d}" for year in _third(f, "C")],
}


def _neighbour(written: str, step: int) -> str:
    """Day before or after a date; where that is the edge of a whole year or month, the year or month."""
    if ".." in written:
        return written
    value = parse(written)
    edge = value.earliest if step < 0 else value.latest
    if edge in (date.min, date.max):
        raise ValueError("no day lies beyond")
    day = (edge + timedelta(days=step)).isoformat()
    is_plain = re.fullmatch(r"\d{4}(-(0\d|1[0-2])(-\d\d)?)?", written.rstrip("?~%"))
    return (day[: len(is_plain[0])] if is_plain else day) + value.qualifier


def _put_together(template: str, dates: list[str]) -> str:
    if any(".." in written for written in dates) and template not in ("{}", "[{},{}]"):
        raise ValueError("a third of a month, decade or century has no exact end to begin or end with")
    edtf = template.format(*dates)
    return f"[{edtf}]" if template == "{}" and ".." in edtf else edtf
