"""Events in the order of their earliest days, and the precision of their dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.firstdays import n_first_days, parsed
from r2p_analysis.schema import resources
from r2p_analysis.study import Study, a_study, of_layers

# Read off the text, since a precision is a stated one: [2012-03-01..2012-03-31] is a range, 2012-03 a month.
_SHAPES = {
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
    "days": re.compile(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d"),
    "month": re.compile(r"\d{4}-(0\d|1[0-2])(-XX)?"),
    "season": re.compile(r"\d{4}-\d\d"),
    "year": re.compile(r"\d{4}(-XX){0,2}"),
}
BOUNDS = ("earliest", "latest", "first_latest", "last_earliest", "precision", "n_days")
PRECISIONS = (*_SHAPES, "range", "open", "none")


def event_order(study: Study) -> pd.DataFrame:
    """Events in the order of their earliest days, with the bounds that their dates allow.

    Parameters
    ----------
    study : Study
        The study whose ``events`` are ordered.

    Returns
    -------
    pandas.DataFrame
        All columns of ``events``, coded ones as categories in the declared order, and

        - ``earliest``, ``latest``: first and last possible day; NaT where open,
        - ``first_latest``, ``last_earliest``: last possible first day and first possible last day;
          an event was surely under way between them where they come in this order,
        - ``precision``: day, days (lasted from a day to a day), month, season (or another part of a
          year), year, range (any other pair of bounds), open (a bound is missing), none,
        - ``n_days``: number of possible first days; 1 = known exactly, NA = not bounded.

        Sorted by earliest, latest, id: events without an earliest day come after those that have
        one, undated ones last.

    See Also
    --------
    counts_by_period : Count them by year, quarter or month.
    r2p_analysis.dates.before : Compare two dates: yes, no or possible.

    Notes
    -----
    The order by earliest day is one of many that the dates allow. That a row stands above another is
    no claim that its event began first; `r2p_analysis.dates.before` says whether it did.

    Examples
    --------
    >>> from r2p_analysis.study import load_study
    >>> stated = {"vote": None, "week": "2012-03-05/2012-03-09", "launch": "2012"}
    >>> events = pd.DataFrame({"event_id": stated.keys(), "date_edtf": stated.values()})
    >>> event_order(load_study().with_tables(events=events))[["event_id", "earliest", "precision", "n_days"]]
      event_id   earliest precision  n_days
    0   launch 2012-01-01      year     366
    1     week 2012-03-05      days       1
    2     vote        NaT      none    <NA>
    """
    events = a_study(study).events
    values = parsed(events)
    ordered = events.assign(**_coded_columns(study, events), **bound_columns(values))
    return of_layers(study, ordered.sort_values(["earliest", "latest", "event_id"], ignore_index=True))


def bound_columns(values: Sequence[dates.Edtf | None]) -> dict[str, pd.api.extensions.ExtensionArray]:
    """Columns with bounds, precision and number of first days, in the order of the dates."""
    *days, precision, n_days = zip(*map(bounds_of, values), strict=True) if values else [()] * len(BOUNDS)
    columns = [pd.array(list(column), dtype="datetime64[s]") for column in days]
    columns += [pd.Categorical(precision, categories=PRECISIONS), pd.array(list(n_days), dtype="Int64")]
    return dict(zip(BOUNDS, columns, strict=True))


def bounds_of(value: dates.Edtf | None) -> tuple[date | None, date | None, date | None, date | None, str, int | None]:
    """Earliest and latest day, latest first and earliest last day, precision, number of possible first days."""
    days = (value.earliest, value.latest, value.first[1], value.last[0]) if value else (None,) * 4
    return (*days, _precision(value), n_first_days(value))


def _coded_columns(study: Study, events: pd.DataFrame) -> dict[str, pd.Categorical]:
    fields = resources(study.descriptor)["events"]["schema"]["fields"]
    coded = [f["name"] for f in fields if "enum" in f.get("constraints", {}) and f["name"] in events]
    return {name: pd.Categorical(events[name], categories=study.axis("events", name)) for name in coded}


def _precision(value: dates.Edtf | None) -> str:
    if value is None:
        return "none"
    if None in (value.earliest, value.latest):
        return "open"
    plain = re.sub("[?~%]", "", value.text)
    return next((name for name, shape in _SHAPES.items() if shape.fullmatch(plain)), "range")
