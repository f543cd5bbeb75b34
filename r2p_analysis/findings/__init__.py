"""Every number that prose quotes: computed here, under a name, from the tables.

A notebook's answer is a sentence with names in braces; ``numbers(study, chapter)`` fills them. No number
is typed into a text. The chapters are those of the notebooks.

Another study has the same names, so that a text can be filled with them: a number whose row is not there (an
event, a body, a maximum of nothing) is the text "not in this study".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.findings.chronology import LAUNCH, of_chronology
from r2p_analysis.findings.coverage import of_coverage
from r2p_analysis.findings.networks import of_networks, of_overlap
from r2p_analysis.findings.sources import of_sources
from r2p_analysis.findings.words import MISSING, NETWORK, Numbers, last_word
from r2p_analysis.schema import DataError, one_of
from r2p_analysis.study import Study, of_layers

__all__ = ["LAUNCH", "MISSING", "NETWORK", "all_numbers", "day_of", "numbers"]

_OF_A_DAY = ("memberships", "ties", "functions")
_CHAPTERS: dict[str, Callable[[Study, str | None], Numbers]] = {
    "sources": of_sources,
    "networks": of_networks,
    "overlap": of_overlap,
    "chronology": of_chronology,
    "coverage": of_coverage,
}


def day_of(study: Study) -> str | None:
    """Day that networks, coverage and their figures are shown for where none is asked for.

    Parameters
    ----------
    study : Study
        A study.

    Returns
    -------
    str or None
        The descriptor's ``at``, an EDTF date. Without it the last day that the evidence of memberships, ties
        and functions speaks of, or, where the study has none of these, that of its other facts: of passages
        their vintage, of references their date of publication. None where no evidence has a date.

    Raises
    ------
    DataError
        If ``at`` is no date, or one that is open to one side.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> day_of(load_study())
    '2014-09-08'
    """
    stated = study.descriptor.get("at")
    if stated is None:
        facts = {name: table for name, table in study.tables.items() if "basis" in table.columns}
        dated = [facts[name] for name in _OF_A_DAY if name in facts]
        return last_word(study, dated) or last_word(study, list(facts.values()))
    try:
        bounds = dates.bounds(str(stated))
    except ValueError as error:
        raise DataError(f"at in the descriptor: {error}") from None
    if None in bounds:
        raise DataError(f"at is {stated!r} in the descriptor, open to one side; give a day, as in '2014-09-08'")
    return str(stated)


def numbers(study: Study, chapter: str, at: str | date | None = None) -> Numbers:
    """Numbers that the text of a chapter quotes.

    Parameters
    ----------
    study : Study
        A study.
    chapter : {"sources", "networks", "overlap", "chronology", "coverage"}
        The notebook.
    at : str or datetime.date, optional
        Day of the networks and of coverage; None takes `day_of` the study. Both readings of it are among the
        numbers.

    Returns
    -------
    dict of str to object
        By name: whole numbers, texts, expected numbers rounded to one decimal, or `MISSING`. The names are
        the same for every study. Without a day, "certain" numbers are `MISSING`.

    Raises
    ------
    ValueError
        If the chapter is unknown, or the day cannot be read.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> numbers(load_study(), "sources")["n_states"]
    35
    >>> numbers(load_study(), "networks", "2011")["n_members"]
    0
    """
    at = day_of(study) if at is None else at.isoformat()[:10] if isinstance(at, date) else str(at)
    return _CHAPTERS[one_of(chapter, _CHAPTERS, "chapter")](study, at)


def all_numbers(study: Study, at: str | date | None = None) -> pd.DataFrame:
    """All numbers of all chapters.

    Parameters
    ----------
    study : Study
        A study.
    at : str or datetime.date, optional
        The day, as in `numbers`.

    Returns
    -------
    pandas.DataFrame
        chapter, name, value (as text).
    """
    found = ((chapter, numbers(study, chapter, at)) for chapter in _CHAPTERS)
    rows = [(chapter, name, str(value)) for chapter, named in found for name, value in named.items()]
    return of_layers(study, pd.DataFrame(rows, columns=["chapter", "name", "value"]))
