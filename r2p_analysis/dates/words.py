"""Words of date prose in English and Spanish, each with the token that the grammar of `prose` reads.

The modelling choice: both languages are read by one grammar, so a word becomes a token: ``M03`` a month,
``S21`` a part of a year by its EDTF code, ``W0`` a weekday (0 = Monday), ``F1`` to ``F3`` an early, middle
or late part, ``O21`` an ordinal, ``N3`` a number, ``C19`` the century of the years 19XX; the others are
named as they are. A word with an empty token says nothing about the date. A word that is not here makes a
text unreadable: that is wanted. Letters are small and without accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi"
_ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second
    twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth
    thirty-first"""


def _numbered(letter: str, words: str, start: int = 1, form: str = "{}") -> dict[str, str]:
    """Tokens in the order of the words; an abbreviation follows its word after a slash."""
    tokens = {}
    for number, alternatives in enumerate(words.split(), start):
        tokens |= {form.format(word.replace("_", " ")): f"{letter}{number:02d}" for word in alternatives.split("/")}
    return tokens


def _same(token: str, *phrases: str) -> dict[str, str]:
    return dict.fromkeys(phrases, token)


_SEASONS_EN = "spring summer autumn/fall winter"
_SEASONS_ES = "primavera verano otono invierno"

_ENGLISH = {
    **_numbered(
        "M",
        "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept "
        "october/oct november/nov december/dec",
    ),
    **_numbered(
        "W",
        "monday/mon tuesday/tue/tues wednesday/wed thursday/thu/thur/thurs friday/fri saturday/sat sunday/sun",
        start=0,
    ),
    **_numbered("S", _SEASONS_EN, 21),
    **_numbered("S", _SEASONS_EN, 25, "northern {}"),
    **_numbered("S", _SEASONS_EN, 25, "boreal {}"),
    **_numbered("S", _SEASONS_EN, 29, "southern {}"),
    **_numbered("S", _SEASONS_EN, 29, "austral {}"),
    **_numbered("S", "first second third fourth", 33, "{} quarter"),
    **_numbered("S", "q1 q2 q3 q4", 33),
    **_numbered("S", "first second", 40, "{} half"),
    **_numbered("O", _ORDINALS),
    **_numbered("N", "one two three four five six seven eight nine ten eleven twelve"),
    **_same("F1", "early", "beginning", "start"),
    **_same("F2", "mid", "middle"),
    **_same("F3", "late", "end"),
    **_same("CIRCA", "circa", "c", "ca", "about", "around", "approximately", "approx", "roughly"),
    **_same("MAYBE", "possibly", "perhaps", "probably", "maybe"),
    **_same("TO", "to", "until", "till", "through", "thru", "up to", "up until"),
    **_same("AND", "and"),
    **_same("OR", "or"),
    **_same("BETWEEN", "between"),
    **_same("FROM", "from"),
    **_same("SINCE", "since", "ever since", "since then"),
    **_same("ONWARDS", "onwards", "onward"),
    **_same("BEFORE", "before", "prior to"),
    **_same("AFTER", "after"),
    **_same("BY", "by", "no later than", "not later than", "on or before", "in or before"),
    **_same("NOT_BEFORE", "no earlier than", "not earlier than", "not before", "on or after", "in or after"),
    **_same("LATER", "later"),
    **_same("EARLIER", "earlier"),
    **_same("THIS_YEAR", "this year", "that year", "same year"),
    **_same("LAST_YEAR", "last year", "previous year", "year before"),
    **_same("NEXT_YEAR", "next year", "following year", "year after"),
    **_same("YEARS", "years"),
    **_same("CENTURY", "century"),
    **_same("", "the", "of", "in", "on", "at", "over", "during", "as of", "year", "month", "decade", "sometime"),
}

_SPANISH = {
    **_numbered(
        "M",
        "enero/ene febrero/feb marzo/mar abril/abr mayo/may junio/jun julio/jul agosto/ago "
        "septiembre/setiembre/sep/sept/set octubre/oct noviembre/nov diciembre/dic",
    ),
    **_numbered("W", "lunes martes miercoles jueves viernes sabado domingo", start=0),
    **_numbered("S", _SEASONS_ES, 21),
    **_numbered("S", _SEASONS_ES, 25, "{} boreal"),
    **_numbered("S", _SEASONS_ES, 29, "{} austral"),
    **_numbered("S", "primer segundo tercer cuarto", 33, "{} trimestre"),
    **_numbered("S", "primer segundo", 40, "{} semestre"),
    **_numbered("S", "primera segunda", 40, "{} mitad"),
    **_numbered("C", _ROMAN, 0, "siglo {}"),
    **_numbered("N", "un/uno dos tres cuatro cinco seis siete ocho nueve diez once doce"),
    **_same("O01", "primero"),
    **_same("F1", *(f"{a}{word}" for a in ("", "a ") for word in ("principios", "comienzos", "inicios"))),
    **_same("F2", "mediados", "a mediados"),
    **_same("F3", *(f"{a}{word}" for a in ("", "a ") for word in ("finales", "fines"))),
    **_same("CIRCA", "circa", "c", "ca", "hacia", "alrededor", "aproximadamente", "cerca"),
    **_same("MAYBE", "posiblemente", "quiza", "quizas", "tal vez", "probablemente"),
    **_same("TO", "a", "al", "hasta"),
    **_same("AND", "y", "e"),
    **_same("OR", "o", "u"),
    **_same("BETWEEN", "entre"),
    **_same("SINCE", "desde", "desde entonces", "a partir", "transcurridos desde entonces"),
    **_same("ONWARDS", "en adelante"),
    **_same("BEFORE", "antes"),
    **_same("AFTER", "despues", "tras"),
    **_same("BY", "a mas tardar", "no despues"),
    **_same("NOT_BEFORE", "no antes"),
    **_same("LATER", "mas adelante", "mas tarde"),
    **_same("THIS_YEAR", "este ano", "ese ano", "mismo ano"),
    **_same("LAST_YEAR", "ano pasado", "ano anterior"),
    **_same("NEXT_YEAR", "ano siguiente", "proximo ano", "ano proximo"),
    **_same("YEARS", "anos"),
    **_same("DECADE", "decada", "decenio", "decada de los anos", "los anos"),
    **_same("", "de", "del", "el", "la", "los", "en", "durante", "ano", "mes", "dia", "ambos"),
}

LEXICONS = {"en": _ENGLISH, "es": _SPANISH}


def tokens(text: str, language: str) -> list[str]:
    """Tokens of a date expression, in order.

    Parameters
    ----------
    text : str
        The wording of a date.
    language : {"en", "es"}
        Language of its words.

    Returns
    -------
    list of str
        Tokens as listed in the docstring of this module, and ``Y2012``, ``X199`` (a decade), ``D29``
        (a day or another number), ``DASH``, ``SLASH`` for what is written in figures and signs.

    Raises
    ------
    ValueError
        If a word or number is not known, or figures have two readings: the reason alone, without the text.

    Examples
    --------
    >>> tokens("from 21-22 November 2012", "en")
    ['FROM', 'D21', 'DASH', 'D22', 'M11', 'Y2012']
    """
    text = _plain(text).rstrip(".;:")
    bracketed = re.fullmatch(r"\(([^()]*)\)", text)
    rest = bracketed[1] if bracketed else text
    found: list[str] = []
    while rest:
        pattern, read = next((rule for rule in _scanner(language) if rule[0].match(rest)), (None, None))
        if pattern is None:
            raise ValueError(f"{rest.split()[0]!r} is no word or number of a date")
        match = pattern.match(rest)
        # Years in brackets or after a winter can only be a range.
        is_range = bool(bracketed or re.fullmatch(r"S\d\d", "".join(found[-1:])))
        found += read(match, is_range) if read is _short_range else read(match)
        rest = rest[match.end() :]
    return found


def _plain(text: str) -> str:
    """Small letters without accents, one kind of hyphen, of dash and of apostrophe, one blank."""
    letters = unicodedata.normalize("NFD", text.casefold())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for kinds, sign in (("\u2010\u2011", "-"), ("\u2012\u2014\u2212", "–"), ("\u2019", "'"), ("\u00ba", "o")):
        letters = re.sub(f"[{kinds}]", sign, letters)
    letters = re.sub(r"\b(early|mid|late)-", r"\1 ", letters)
    return " ".join(letters.split())


@lru_cache
def _scanner(language: str) -> list[tuple[re.Pattern[str], Callable[..., list[str]]]]:
    words = LEXICONS[language]
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    months = "|".join(word for word, token in words.items() if re.fullmatch(r"M\d\d", token))
    numbers = [(re.compile(pattern.replace("MONTH", months), re.ASCII), read) for pattern, read in _NUMBERS]
    return [*numbers, (re.compile(rf"({longest_first})(?![a-z])\.?"), lambda match: words[match[1]].split())]


def _day_and_month(match: re.Match[str]) -> list[str]:
    one, other, year = int(match[1]), int(match[3]), match[4]
    if one != other and max(one, other) <= 12:
        raise ValueError("it may be day-first or month-first, which cannot be told apart")
    day, month = (other, one) if other > 12 else (one, other)
    return [f"D{day}", f"M{month:02d}", f"Y{year}"]


def _short_range(match: re.Match[str], is_range: bool) -> list[str]:
    year, sign, number = match[1], match[2], int(match[3])
    until = f"Y{year[:2]}{match[3]}" if number > int(year[2:]) else None
    is_month = sign == "-" and 1 <= number <= 12
    if until and not is_range and (is_month or (sign == "-" and 21 <= number <= 41)):
        raise ValueError(f"it may be a part of {year} or the years to {until[1:]}, which cannot be told apart")
    if until:
        return [f"Y{year}", "SLASH" if sign == "/" else "DASH", until]
    if is_month:
        return [f"Y{year}", f"M{match[3]}"]
    raise ValueError(f"{match[0]!r} is no range of years")


def _decade(match: re.Match[str]) -> list[str]:
    decade = match[1]
    if len(decade) < 3:
        raise ValueError("the decade has no century")
    if decade.endswith("0"):
        raise ValueError("it may be ten years or a hundred, which cannot be told apart")
    return [f"X{decade}"]


def _short_year(match: re.Match[str]) -> list[str]:
    raise ValueError("its year has two digits")


_NUMBERS = [
    (r"[\s,]+", lambda match: []),
    (r"\(\?\)|\?", lambda match: ["MAYBE"]),
    (r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)", lambda match: [f"Y{match[1]}", f"M{match[3]}", f"D{match[4]}"]),
    (r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)", _day_and_month),
    (r"\d{1,2}([-/.])\d{1,2}\1\d{2}(?!\d)", _short_year),
    # The two figures after the dash are a day where a month follows: 8 March 2012–15 April 2012.
    (r"(\d{4})([-–/])(\d{2})(?![\da-z]|\s+(?:(?:of|de) )?(?:MONTH)\b)", _short_range),
    (r"(\d{1,2})/(\d{4})(?!\d)", lambda match: [f"M{match[1]}", f"Y{match[2]}"]),
    (r"'?(\d{1,3})0'?s\b", _decade),
    (r"(\d{1,2})(?:\.?(?:st|nd|rd|th|o|er|ro)|°)(?![a-z0-9])", lambda match: [f"O{match[1]}"]),
    (r"(\d{4})(?!\d)", lambda match: [f"Y{match[1]}"]),
    (r"(\d{1,2})(?!\d)", lambda match: [f"D{match[1]}"]),
    (r"[-–]", lambda match: ["DASH"]),
    (r"/", lambda match: ["SLASH"]),
]
