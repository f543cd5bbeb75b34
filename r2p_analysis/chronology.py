"""Events in time: their order, the precision of their dates, and counts by period.

The modelling choice: an event counts where it **begins**, once, however long it lasted. A first day that
is not known exactly is any of its possible days with equal weight, so counts are expected counts and
need not be whole. A date without bounds for its first day (``[..2014]``, ``../2014``, none) cannot be
spread over days; its event is left out of counts, and how many were is reported. Orders are probabilities
of first days under the same equal weights, with the days of two events independent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from math import fsum
from typing import Literal

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.schema import one_of, resources
from r2p_analysis.study import Study, of_layers

_PERIODS = {"year": "Y", "quarter": "Q", "month": "M"}
_MONTHS = {"Y": 12, "Q": 3, "M": 1}
_DAY = timedelta(days=1)
# Read off the text, since a precision is a stated one: [2012-03-01..2012-03-31] is a range, 2012-03 a month.
_SHAPES = {
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
    "days": re.compile(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d"),
    "month": re.compile(r"\d{4}-(0\d|1[0-2])(-XX)?"),
    "season": re.compile(r"\d{4}-\d\d"),
    "year": re.compile(r"\d{4}(-XX){0,2}"),
}
_PRECISIONS = (*_SHAPES, "range", "open", "none")
_NOT_GIVEN = "none given"
_EPOCH = date(1970, 1, 1).toordinal()
_BLOCK = 2**15


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
    events = study.events
    values = _parsed(events)
    ordered = events.assign(
        **_coded_columns(study, events),
        earliest=_days(value and value.earliest for value in values),
        latest=_days(value and value.latest for value in values),
        first_latest=_days(value and value.first[1] for value in values),
        last_earliest=_days(value and value.last[0] for value in values),
        precision=pd.Categorical([_precision(value) for value in values], categories=_PRECISIONS),
        n_days=pd.array([_n_days(value) for value in values], dtype="Int64"),
    ).sort_values(["earliest", "latest", "event_id"], ignore_index=True)
    return of_layers(study, ordered)


def counts_by_period(
    events: pd.DataFrame, period: Literal["year", "quarter", "month"] = "year", by: str | None = None
) -> pd.DataFrame:
    r"""Count the events that begin in each period, as expected numbers.

    Parameters
    ----------
    events : pandas.DataFrame
        From `event_order`, or any table with a column ``date_edtf``.
    period : {"year", "quarter", "month"}, default "year"
        Length of a period.
    by : str, optional
        Column to split the counts by.

    Returns
    -------
    pandas.DataFrame
        Index: every period from the first to the last that an event may begin in. Columns:
        ``n_events``, or the values of `by`, those without an event included: a category's in its
        order (so codes from `event_order` keep their axis), others sorted; "none given" for empty cells.
        ``.attrs["n_left_out"]`` is the number of events without a bounded first day, not in the table.

    Raises
    ------
    ValueError
        If `period` or `by` is unknown, a date cannot be read, or there is no column ``date_edtf``.

    See Also
    --------
    event_order : Events with their bounds.

    Notes
    -----
    An event with first days :math:`D` adds :math:`|D \cap P| / |D|` to the period :math:`P`: the
    probability that it began there if every day of :math:`D` is as likely as another. That is an
    assumption; a wide :math:`D` smooths peaks away, so show the share of exact dates beside the counts.

    Examples
    --------
    >>> events = pd.DataFrame({"date_edtf": ["2012-12-03", "[2012-12-31..2013-01-01]", "[..2014]"]})
    >>> counts = counts_by_period(events)
    >>> counts["n_events"].to_dict(), counts.attrs["n_left_out"]
    ({Period('2012', 'Y-DEC'): 1.5, Period('2013', 'Y-DEC'): 0.5}, 1)
    """
    freq = _PERIODS[one_of(period, _PERIODS, "period")]
    groups = _groups(events, by)
    values = _parsed(events)
    counted = [(value, group) for value, group in zip(values, groups, strict=True) if _n_days(value)]
    rows = [(*share, group) for value, group in counted for share in _shares(value, freq)]
    shares = pd.DataFrame(rows, columns=["period", "share", "group"])
    shares["period"] = pd.PeriodIndex.from_ordinals(shares["period"].astype("int64"), freq=freq)
    # fsum rounds once, so that the order of the events leaves no trace in the last digit.
    sums = shares.groupby(["period", "group"])["share"].agg(fsum).astype("float64").unstack()
    columns = pd.Index(groups.cat.categories, name=by)
    table = sums.reindex(index=_axis(shares["period"], freq), columns=columns).fillna(0.0)
    table.attrs = {**events.attrs, "n_left_out": len(events) - len(counted)}
    return table


def order_probabilities(events: pd.DataFrame, support: tuple[date, date] | None = None) -> np.ndarray:
    r"""Probability, for every pair of events, that one begins on an earlier day than the other.

    Parameters
    ----------
    events : pandas.DataFrame
        Table with ``date_edtf``, or else with ``earliest`` and ``latest`` (days, or what pandas converts
        to days), which are then taken as one unknown day between the two.
    support : tuple of (datetime.date, datetime.date), optional
        First and last day that an open end may mean. Undated events stay undated.

    Returns
    -------
    numpy.ndarray of float, shape (n_events, n_events)
        P(row before column), in [0, 1], in the order of the table. NaN where a row or a column has no
        date, or an open first day and there is no `support`. The diagonal is 0: nothing begins before
        itself. Off it, P(column before row) is the transpose, and P(same day) = 1 - P - P.T.

    Raises
    ------
    ValueError
        If a date cannot be read, `earliest` is after `latest`, an open date lies outside the support, or
        the columns are missing.

    See Also
    --------
    r2p_analysis.dates.p_before : One pair, as an exact fraction; its formula and what it assumes.
    event_order : Events with their bounds.

    Notes
    -----
    The closed form of `r2p_analysis.dates.p_before`, summed over the runs of one-of sets; numbers of pairs
    of days are exact in float64, so each entry is rounded once. Two reports of one event are not
    independent: merge them first.

    Examples
    --------
    >>> order_probabilities(pd.DataFrame({"date_edtf": ["2012", "2013-04", "2012-12-31", None]})).round(3)
    array([[0.   , 1.   , 0.997,   nan],
           [0.   , 0.   , 0.   ,   nan],
           [0.   , 1.   , 0.   ,   nan],
           [  nan,   nan,   nan,   nan]])
    """
    days, row = _runs_of_edtf(events) if "date_edtf" in events else _runs_of_bounds(events)
    days = _closed(days, support)
    empty = np.flatnonzero(days[:, 0] > days[:, 1])
    if len(empty):
        raise ValueError(f"row {events.index[row[empty[0]]]!r} has no day between its first and its last one")
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    p = _p_before(days, starts)
    if len(starts) == len(events):
        return p
    square = np.full((len(events), len(events)), np.nan)
    square[np.ix_(row[starts], row[starts])] = p
    return square


def _parsed(events: pd.DataFrame) -> list[dates.Edtf | None]:
    if "date_edtf" not in events:
        raise ValueError(f"events need a column 'date_edtf'; the table has: {', '.join(map(str, events.columns))}")
    return [None if pd.isna(text) else dates.parse(text) for text in events["date_edtf"]]


def _runs_of_edtf(events: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of each run of possible first days (NaN = open), and the row that it is of."""
    runs = [value.runs if value else () for value in _parsed(events)]
    days = [[day and day.toordinal() for day in run] for one in runs for run in one]
    return np.array(days, dtype="float64").reshape(-1, 2), np.repeat(np.arange(len(runs)), [len(one) for one in runs])


def _runs_of_bounds(events: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    if not {"earliest", "latest"} <= set(events):
        message = "events need a column 'date_edtf', or 'earliest' and 'latest'"
        raise ValueError(f"{message}; the table has: {', '.join(map(str, events.columns))}")
    columns = [
        events[name].astype("datetime64[s]").to_numpy().astype("datetime64[D]") for name in ("earliest", "latest")
    ]
    unknown = np.isnat(columns)
    days = np.where(unknown, np.nan, np.array(columns).astype("int64") + _EPOCH).T
    dated = ~unknown.all(axis=0)
    return days[dated], np.flatnonzero(dated)


def _closed(days: np.ndarray, support: tuple[date, date] | None) -> np.ndarray:
    if support is None:
        return days
    return np.where(np.isnan(days), [day.toordinal() for day in support], days)


def _p_before(days: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """P(row before column) of events whose runs of days begin at `starts`."""
    low, high = days.T
    n_events, n_days = len(starts), np.add.reduceat(high - low + 1, starts) if len(starts) else high
    p = np.empty((n_events, n_events))
    # In blocks of rows that stay in the processor's cache.
    step = max(1, _BLOCK // max(1, len(days)))
    for i in range(0, n_events, step):
        own = slice(starts[i], starts[i + step] if i + step < n_events else None)
        pairs = _twice_n_before(low[own, None], high[own, None], low, high)
        if len(days) > n_events:
            pairs = np.add.reduceat(np.add.reduceat(pairs, starts, axis=1), starts[i : i + step] - starts[i], axis=0)
        np.divide(pairs, 2 * n_days[i : i + step, None] * n_days, out=p[i : i + step])
    np.fill_diagonal(p, np.where(np.isnan(n_days), np.nan, 0.0))
    return p


def _twice_n_before(l1: np.ndarray, u1: np.ndarray, l2: np.ndarray, u2: np.ndarray) -> np.ndarray:
    """Twice the number of pairs of days with the first one earlier, see `r2p_analysis.dates.p_before`."""
    n_pairs = _twice_triangle(u2 - l1)
    n_pairs -= _twice_triangle(u2 - (u1 + 1))
    n_pairs -= _twice_triangle((l2 - 1) - l1)
    n_pairs += _twice_triangle((l2 - 2) - u1)
    return n_pairs


def _twice_triangle(x: np.ndarray) -> np.ndarray:
    np.maximum(x, 0, out=x)
    square = x * x
    square += x
    return square


def _coded_columns(study: Study, events: pd.DataFrame) -> dict[str, pd.Categorical]:
    fields = resources(study.descriptor)["events"]["schema"]["fields"]
    coded = [f["name"] for f in fields if "enum" in f.get("constraints", {}) and f["name"] in events]
    return {name: pd.Categorical(events[name], categories=study.axis("events", name)) for name in coded}


def _days(days: Iterable[date | None]) -> pd.api.extensions.ExtensionArray:
    return pd.array(list(days), dtype="datetime64[s]")


def _precision(value: dates.Edtf | None) -> str:
    if value is None:
        return "none"
    if None in (value.earliest, value.latest):
        return "open"
    plain = re.sub("[?~%]", "", value.text)
    return next((name for name, shape in _SHAPES.items() if shape.fullmatch(plain)), "range")


def _n_days(value: dates.Edtf | None) -> int | None:
    """Count possible first days; None where there is no bound."""
    if value is None or None in value.first:
        return None
    return sum((last - first).days + 1 for first, last in value.runs)


def _shares(value: dates.Edtf, freq: str) -> list[tuple[int, float]]:
    """Share of the possible first days that lie in each period, given by its number."""
    months, n_days = _MONTHS[freq], Counter()
    for first, last in value.runs:
        begin, end = (((day.year - 1970) * 12 + day.month - 1) // months for day in (first, last))
        for period in range(begin, end + 1):
            from_day = first if period == begin else _first_day(period * months)
            to_day = last if period == end else _first_day((period + 1) * months) - _DAY
            n_days[period] += (to_day - from_day).days + 1
    return [(period, n / n_days.total()) for period, n in n_days.items()]


def _first_day(month: int) -> date:
    """First day of a month, counted from January 1970."""
    return date(1970 + month // 12, month % 12 + 1, 1)


def _groups(events: pd.DataFrame, by: str | None) -> pd.Series:
    """Column that an event is counted in, as categories in the order of the columns."""
    if by is None:
        return pd.Series(pd.Categorical(["n_events"] * len(events), categories=["n_events"]))
    groups = events[one_of(by, events.columns, "column of events")].astype("category")
    return groups.cat.add_categories(_NOT_GIVEN).fillna(_NOT_GIVEN) if groups.isna().any() else groups


def _axis(periods: pd.Series, freq: str) -> pd.PeriodIndex:
    if periods.empty:
        return pd.PeriodIndex([], freq=freq, name="period")
    return pd.period_range(periods.min(), periods.max(), name="period")
