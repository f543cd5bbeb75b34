"""What a figure is drawn of: a study, a day and a reading; and the words that are true of its layers.

A card speaks of documents only where the coded layer is there, and of references only where theirs is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from types import MappingProxyType

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology import event_order
from r2p_analysis.findings import day_of
from r2p_analysis.schema import one_of
from r2p_analysis.spells import check
from r2p_analysis.study import Study

_LONGEST = 40  # years that an axis shows before its oldest events are put together
_OLDEST = 0.05  # share of the events that may be put together

_CODED = {
    "tellers": "the documents",
    "tie": "what the documents say or imply by a rule, not an entry in a register of members",
    "said": "what a document says or a rule implies",
    "not_listed": "the documents do not list",
    "open": "the documents neither state nor exclude it",
    "hatched": "Hatched cells rest on inferred rows only, which a written rule gives. ",
    "dates": "dates as stated, of documents that tell of nothing after {until}",
    "passages": "all passages, of documents that tell of nothing after {until}",
    "zero": " States at zero are not mentioned.",
    "ranked": "these documents",
    "later": "",
    "uncounted": "Passages that name a state only by a group, and members that a rule implies, do not count.",
}
_REFERENCE = {
    "tellers": "the cited references",
    "tie": "what a cited reference states",
    "said": "what a cited reference states",
    "not_listed": "the cited references do not list",
    "open": "the cited references neither state nor exclude it",
    "hatched": "",
    "dates": "dates as stated by the cited references",
    "passages": "no passages, since this layer rests on references",
    "zero": "",
    "ranked": "documents",
    "later": " References published after that day count, too.",
    "uncounted": "Rows of this layer cite references and no passages: the zeros say nothing of what documents name.",
}
_BOTH = {
    "tellers": "the documents and the cited references",
    "tie": "what the documents say or imply by a rule, or what a cited reference states",
    "said": "what a document says, a rule implies or a cited reference states",
    "not_listed": "neither the documents nor the cited references list",
    "open": "neither documents nor references state or exclude it",
    "hatched": "Hatched cells have no explicit row: a written rule gives them, and a reference may state them too. ",
    "dates": "dates as stated by documents that tell of nothing after {until}, and by the cited references",
    "passages": _CODED["passages"],
    "zero": " States at zero are not mentioned in the documents.",
    "ranked": _CODED["ranked"],
    "later": _REFERENCE["later"],
    "uncounted": f"{_CODED['uncounted']} Nor do facts from references, which rest on no passage.",
}
_OF_POSSIBLE = {
    "untied": "they report no operating membership, be it silence or denial",
    "no_claim": "no claim reaches the state",
    "dot": "silence",
}
_OF_CERTAIN = {
    "untied": "no operating membership is certain on the day, though one may be possible",
    "no_claim": "no claim reaches the state for certain, though one may be possible",
    "dot": "what is not certain, or silence",
}
_WORDS = MappingProxyType({("coded",): _CODED, ("reference",): _REFERENCE, ("coded", "reference"): _BOTH})


@dataclass(frozen=True)
class View:
    """A study as figures show it.

    Attributes
    ----------
    study : Study
        The study.
    at : str or None
        Day of figures of a day; None takes spells of all dates.
    reading : {"possible", "certain"}
        Which spells and claims such figures believe.
    found : dict
        What `once` has worked out for this view.
    """

    study: Study
    at: str | None
    reading: str = "possible"
    found: dict = field(default_factory=dict, repr=False, compare=False)

    @property
    def words(self) -> Mapping[str, str]:
        """Words for the layers and the day, by the names that the texts of the registry use."""
        words = _WORDS[tuple(sorted(set(self.study.layers)))]
        until = str(last_day(self.study) or "their end")
        of_reading = _OF_CERTAIN if self.reading == "certain" else _OF_POSSIBLE
        return {name: text.format(until=until) for name, text in words.items()} | of_reading | self._of_day(words)

    def _of_day(self, words: Mapping[str, str]) -> dict[str, str]:
        if self.at is None:
            no_day = "Ties are dotted: no day was asked for, and spells of all dates are taken together. "
            return {"on": "all dates", "day": "of all dates", "ties": no_day, "firm": words["hatched"], "later": ""}
        possible = "without one it is possible: {open} for that day. "
        return {
            "on": self.at + " (certain)" * (self.reading == "certain"),
            "day": f"that are {self.reading} on {self.at}",
            "ties": "A solid tie is certain on the day, a broken one possible: the sources neither state nor exclude "
            "it for that day. ",
            "firm": f"A dark edge marks what is certain on the day; {possible}".format(**words) + words["hatched"],
        }


def once(make: Callable) -> Callable:
    """Work out once for a view what its size, its picture, its card and its rows all need; nobody may change it.

    Examples
    --------
    >>> asked = []
    >>> twice = once(lambda view: asked.append(view.at) or len(asked))
    >>> view = View(None, "2014")
    >>> twice(view), twice(view), asked
    (1, 1, ['2014'])
    """

    @wraps(make)
    def of(view: View, *arguments: object) -> object:
        key = (make, *arguments)
        if key not in view.found:
            view.found[key] = make(view, *arguments)
        return view.found[key]

    return of


def view_of(study: Study, at: str | date | None = None, reading: str = "possible") -> View:
    """View of a study on a day.

    Parameters
    ----------
    study : Study
        The study.
    at : str or datetime.date, optional
        The day; None takes that of the study, see `findings.day_of`.
    reading : {"possible", "certain"}, default "possible"
        Which spells and claims to believe.

    Returns
    -------
    View
        The view.

    Raises
    ------
    ValueError
        If the day or the reading cannot be read.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> view_of(load_study()).at
    '2014-09-08'
    """
    at = day_of(study) if at is None else at.isoformat()[:10] if isinstance(at, date) else str(at)
    check(study, at, reading=reading)
    if at is not None and None in dates.bounds(at):
        raise ValueError(f"at={at!r} is open to one side: give a day, as in at='2014-09-08'")
    return View(study, at, one_of(reading, ("possible", "certain"), "reading"))


def last_day(study: Study) -> date | None:
    """Last day that a document of the study speaks of; None if none says, or without the coded layer.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    datetime.date or None
        The day.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> last_day(load_study())
    datetime.date(2015, 5, 29)
    """
    if "coded" not in study.layers:
        return None
    ends = [dates.bounds(text)[1] for text in study.sources["content_until_edtf"].dropna()]
    return max((end for end in ends if end), default=None)


def first_year(view: View) -> int:
    """First year of an axis of time.

    Parameters
    ----------
    view : View
        The view.

    Returns
    -------
    int
        The descriptor's ``since``, a year. Without it the first year in which an event may have been; where
        the axis would then be longer than 40 years, the one before which at most a twentieth of the events was over.

    Raises
    ------
    ValueError
        If ``since`` is no year.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> first_year(view_of(load_study()))
    2000
    """
    stated = view.study.descriptor.get("since")
    if stated is not None:
        if not str(stated).isdecimal() or not 1 <= int(stated) <= 9999:
            raise ValueError(f"since is {stated!r} in the descriptor; it is a year, as in 2000")
        return int(stated)
    events = event_order(view.study)
    known = events.dropna(subset=["earliest", "latest"])
    first, last = known["earliest"].dt.year, known["latest"].dt.year
    if known.empty:
        some = pd.concat([events["earliest"], events["latest"]]).dropna().dt.year
        return int(some.min()) if len(some) else dates.bounds(view.at or "2000")[0].year
    if last.max() - first.min() < _LONGEST:
        return int(first.min())
    return int(last.quantile(_OLDEST, interpolation="lower"))
