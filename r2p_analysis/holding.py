"""When a row holds: on which days for certain, and on which possibly.

A row of memberships is one spell of one actor in one body. What its cells and its passages state makes
some days *certain*; every other day that they do not exclude is *possible*, for an empty start or end
means "not stated", never "no":

- A stated start excludes the days before it, a stated end those after it. A day-precise end is the first
  day outside; an imprecise one is when the spell ended: possible through its latest day.
- With both stated, the days from the latest start to the day before the earliest end are certain.
- With an empty end the row vouches up to its vintage, the day of which its passages speak. A vintage like
  ``[2012..2015]`` is one unknown day: a start of 2010 is then certain from its latest to the vintage's
  earliest day. An empty start likewise: from the vintage's latest day. With both empty, or a start as vague
  as the vintage, a vintage that is a known day is certain on that day.
- A day-precise start is certain on that day, a day-precise end on the day before it, whatever the vintage.
- Several passages: their certain days together. The vintage of a reference is its date of publication.

A qualifier (``?``, ``~``, ``%``) does not widen a date here either, see `dates`.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.study import Study, of_layers

READINGS = {"certain": ("yes",), "possible": ("yes", "possible", "undated")}
"""What `holds` may be under each reading."""

_NOT_STATED = (np.nan,) * 4


def rows_at(study: Study, rows: pd.DataFrame, at: str | date | None, *, reading: str) -> pd.DataFrame:
    """Rows of any dated table that hold on a day; the rule is this module's.

    Parameters
    ----------
    study : Study
        The study, for the vintages of passages and references.
    rows : pandas.DataFrame
        Rows with evidence and either ``start_edtf`` and ``end_edtf``, or ``date_edtf``: when it was so,
        which then takes the place of the vintage.
    at : str or datetime.date or None
        The day, see `memberships_at`.
    reading : {"certain", "possible"}
        Which rows to believe.

    Returns
    -------
    pandas.DataFrame
        The rows that hold, with ``holds`` and ``as_of`` as in `memberships_at`.

    Raises
    ------
    ValueError
        If `at` is no date, or open to one side.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study()
    >>> rows_at(study, study.ties, "2014-09-08", reading="certain")["holds"].unique().tolist()
    ['yes']
    """
    cells = rows.reset_index(drop=True).reindex(columns=["start_edtf", "end_edtf", "date_edtf", "evidence"])
    vintages = _vintages(study, cells)
    held = _holds(cells, vintages, at)
    there = rows.assign(holds=held, as_of=_last_words(vintages))
    return of_layers(study, there[np.isin(held, READINGS[reading])].reset_index(drop=True))


def _holds(cells: pd.DataFrame, vintages: pd.Series, at: str | date | None) -> np.ndarray:
    if at is None:
        return np.full(len(cells), "undated")
    first, last = asked(at)
    start, end = _days(cells["start_edtf"]), _days(cells["end_edtf"])
    # A day-precise end is the first day outside, any other is a time in which the spell still lasted.
    exact = end[:, 0] == end[:, 3]
    possible = ~(start[:, 0] > last) & ~(end[:, 3] - exact < first)

    spans = _certain_spans(start[vintages.index], end[vintages.index], _days(vintages))
    covered = np.any([(since <= first) & (last <= until) for since, until in spans], axis=0)
    certain = pd.Series(covered, index=vintages.index).groupby(level=0).any().to_numpy(dtype=bool)
    return np.select([possible & certain, possible], ["yes", "possible"], "no")


def _certain_spans(start: np.ndarray, end: np.ndarray, vintage: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """First and last days between which rows are certain, one pair for each reason; an empty day covers nothing."""
    begun, ended = start[:, 3], end[:, 0] - 1
    vouched_from = np.where(np.isnan(start).all(axis=1), vintage[:, 1], np.nan)
    vouched_until = np.where(np.isnan(end).all(axis=1), vintage[:, 2], np.nan)
    first_day = np.where(start[:, 0] == begun, begun, np.nan)
    last_day = np.where(end[:, 0] == end[:, 3], ended, np.nan)
    return [
        (begun, ended),
        (begun, vouched_until),
        (vouched_from, ended),
        (vintage[:, 1], vouched_until),
        (first_day, first_day),
        (last_day, last_day),
    ]


def asked(at: str | date) -> tuple[int, int]:
    """First and last day that is asked for, as ordinals."""
    days = dates.bounds(at.isoformat()[:10] if isinstance(at, date) else str(at))
    if None in days:
        raise ValueError(f"at={at!r} is open to one side: both ends are needed, as in '2014-09-08' or '2012/2014'")
    return days[0].toordinal(), days[1].toordinal()


def _vintages(study: Study, cells: pd.DataFrame) -> pd.Series:
    """Vintage of each passage or reference of each row, indexed by row; a row without one has an empty one."""
    passages = study.passages.set_index("passage_id")["vintage_edtf"].to_dict()
    references = study.references.set_index("ref_id")["published_edtf"].to_dict()
    cited = cells["evidence"].str.split(";").explode()
    stated = cells["date_edtf"].reindex(cited.index)
    return stated.where(stated.notna(), cited.map(passages | references))


def _last_words(vintages: pd.Series) -> pd.api.extensions.ExtensionArray:
    """Last day that each row's evidence can speak of; NaT where that is not known."""
    latest = pd.Series(_days(vintages)[:, 3], vintages.index).groupby(level=0).max()
    return pd.array([date.fromordinal(int(day)) if day == day else None for day in latest], dtype="datetime64[s]")


def _days(texts: pd.Series) -> np.ndarray:
    """Four day numbers a value: first day at the earliest and latest, last day at the earliest and latest."""
    codes, different = pd.factorize(texts)
    # An empty value has the code -1: the last.
    return np.array([*map(_numbers, different), _NOT_STATED], dtype=float)[codes]


def _numbers(text: str) -> list[float]:
    value = dates.parse(text)
    return [day.toordinal() if day else np.nan for day in (*value.first, *value.last)]
