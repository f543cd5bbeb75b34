"""Expected counts by period: an event counts where it begins, once, however long it lasted.

A first day that is not known exactly is any of its possible days with equal weight, so counts are expected counts
and need not be whole. A date without bounds for its first day (``[..2014]``, ``../2014``, none) cannot be
spread over days; its event is left out of counts, and how many were is reported.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from math import fsum
from typing import Literal

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.firstdays import n_first_days, parsed
from r2p_analysis.schema import one_of

_PERIODS = {"year": "Y", "quarter": "Q", "month": "M"}
_MONTHS = {"Y": 12, "Q": 3, "M": 1}
_DAY = timedelta(days=1)
_NOT_GIVEN = "none given"


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
    values = parsed(events)
    counted = [(value, group) for value, group in zip(values, groups, strict=True) if n_first_days(value)]
    rows = [(*share, group) for value, group in counted for share in _shares(value, freq)]
    shares = pd.DataFrame(rows, columns=["period", "share", "group"])
    shares["period"] = pd.PeriodIndex.from_ordinals(shares["period"].astype("int64"), freq=freq)
    # fsum rounds once, so that the order of the events leaves no trace in the last digit.
    sums = shares.groupby(["period", "group"])["share"].agg(fsum).astype("float64").unstack()
    columns = pd.Index(groups.cat.categories, name=by)
    table = sums.reindex(index=_axis(shares["period"], freq), columns=columns).fillna(0.0)
    table.attrs = {**events.attrs, "n_left_out": len(events) - len(counted)}
    return table


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
