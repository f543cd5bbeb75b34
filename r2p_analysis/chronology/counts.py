"""Expected counts by period: an event counts where it begins, once, however long it lasted.

A first day that is not known exactly is any of its possible days with equal weight, so counts are expected counts
and need not be whole. A date without bounds for its first day (``[..2014]``, ``../2014``, none) cannot be
spread over days; its event is left out of counts, and how many were is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from r2p_analysis.chronology.alike import date_columns, events_alike
from r2p_analysis.chronology.engines import N_ROWS, held
from r2p_analysis.chronology.groups import every_pair, grouped, key_columns
from r2p_analysis.chronology.spread import MONTHS, PERIODS, expected, period_index
from r2p_analysis.schema import one_of


def counts_by_period(
    events: Any,
    period: Literal["year", "quarter", "month"] = "year",
    by: str | Sequence[str] | None = None,
    *,
    date: str | tuple[str, str] | None = None,
) -> pd.DataFrame:
    r"""Count the events that begin in each period, as expected numbers.

    Parameters
    ----------
    events : pandas.DataFrame, table of another engine, str or path-like
        From `event_order`, or any table that says when: a frame of pandas or Polars (lazy or not), a relation of
        DuckDB, a DataFrame of Spark, or the path of a Parquet or CSV file, which may be larger than memory
        (``*`` in its name reads several as one). All but pandas need the extra ``scale``, Spark ``spark``.
    period : {"year", "quarter", "month"}, default "year"
        Length of a period.
    by : str or sequence of str, optional
        Column to split the counts by; a sequence of columns gives a long table.
    date : str or tuple of (str, str), optional
        Column with EDTF dates or with days; or two columns with the earliest and the latest possible day, both of
        them possible. By default ``date_edtf``, else ``earliest`` and ``latest``, else ``day``, as the table has
        them. Days are of a date type, or text such as ``2014-09-08``.

    Returns
    -------
    pandas.DataFrame
        Index: every period from the first to the last that an event may begin in. Columns:
        ``n_events``, or the values of `by`, those without an event included: a category's in its
        order (so codes from `event_order` keep their axis), others sorted; "none given" for empty cells.
        Where `by` is a sequence: one column ``n_events``, and in the index the columns of `by`, then
        ``period``; for each of their combinations that the table has, every period.
        ``.attrs["n_left_out"]`` is the number of events without a bounded first day, not in the table.

    Raises
    ------
    ValueError
        If `period`, `by` or `date` is unknown, a date cannot be read (with its value and the number of its rows),
        an earliest day is after its latest one, there is no column that says when, or a file is not what its
        name says.
    TypeError, ImportError, FileNotFoundError
        If `events` is no table, a library that it needs is not installed, there is no such file.

    See Also
    --------
    event_order : Events with their bounds.
    add_bounds : The same bounds for a table of any engine.

    Notes
    -----
    An event with first days :math:`D` adds :math:`|D \cap P| / |D|` to the period :math:`P`: the
    probability that it began there if every day of :math:`D` is as likely as another. That is an
    assumption; a wide :math:`D` smooths peaks away, so show the share of exact dates beside the counts.

    Days are added up as whole numbers, and each cell is rounded once: the counts are the same on every engine, to
    the last bit. An engine groups the rows; what comes into memory are the different dates (as text), or the
    different periods (days of a date type), of each group.

    Examples
    --------
    >>> events = pd.DataFrame({"date_edtf": ["2012-12-03", "[2012-12-31..2013-01-01]", "[..2014]"]})
    >>> counts = counts_by_period(events)
    >>> counts["n_events"].to_dict(), counts.attrs["n_left_out"]
    ({Period('2012', 'Y-DEC'): 1.5, Period('2013', 'Y-DEC'): 0.5}, 1)
    >>> by_region = pd.DataFrame({"day": ["2012-12-03", "2013-01-01"], "region": ["Caribbean", "Andes"]})
    >>> counts_by_period(by_region, by=["region"]).reset_index()
          region period  n_events
    0      Andes   2012       0.0
    1      Andes   2013       1.0
    2  Caribbean   2012       1.0
    3  Caribbean   2013       0.0
    """
    months = MONTHS[one_of(period, PERIODS, "period")]
    table = held(events)
    keys = key_columns(table, by)
    groups, row, spans = events_alike(table, keys, date_columns(table, date), months)
    group, axis = grouped(groups, keys)
    grid, periods = _grid(expected(group[row], spans, months), len(axis), PERIODS[period])
    if isinstance(by, str) or not keys:
        table = pd.DataFrame(grid, index=periods, columns=axis)
    else:
        table = pd.DataFrame({"n_events": grid.T.ravel()}, index=every_pair(axis, periods))
    n_left_out = int(groups[N_ROWS].sum() - groups[N_ROWS].to_numpy()[np.unique(row)].sum())
    table.attrs = {**getattr(events, "attrs", {}), "n_left_out": n_left_out}
    return table


def _grid(
    cells: tuple[np.ndarray, np.ndarray, np.ndarray], n_groups: int, freq: str
) -> tuple[np.ndarray, pd.PeriodIndex]:
    """Periods from the first to the last by groups."""
    group, period, n_events = cells
    begin, end = (period.min(), period.max() + 1) if len(period) else (0, 0)
    grid = np.zeros((end - begin, n_groups))
    grid[period - begin, group] = n_events
    return grid, period_index(begin, end, freq)
