"""First days of events: parsed, as runs of possible days, and how many there are."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.alike import ordinal
from r2p_analysis.chronology.spread import EPOCH
from r2p_analysis.options import in_short


def parsed(events: pd.DataFrame) -> list[dates.Edtf | None]:
    """Dates of a table of events, None where none is given."""
    if "date_edtf" not in events:
        raise ValueError(f"events need a column 'date_edtf'; the table has: {', '.join(map(str, events.columns))}")
    return [None if pd.isna(text) else dates.parse(text) for text in events["date_edtf"]]


def two_days(support: tuple[date, date]) -> tuple[date, date]:
    """First and last day of a support; a ValueError if it is not two days in order.

    Examples
    --------
    >>> two_days(2012)
    Traceback (most recent call last):
        ...
    ValueError: support=2012: two days are needed, the earlier one first, as in (date(2012, 1, 1), date(2012, 12, 31))
    """
    is_pair = isinstance(support, (tuple, list)) and len(support) == 2 and all(isinstance(d, date) for d in support)
    if not is_pair or not support[0] <= support[1]:
        rule = "two days are needed, the earlier one first, as in (date(2012, 1, 1), date(2012, 12, 31))"
        raise ValueError(f"support={in_short(support)}: {rule}")
    return support[0], support[1]


def n_first_days(value: dates.Edtf | None) -> int | None:
    """Count possible first days; None where there is no bound."""
    if value is None or None in value.first:
        return None
    return sum((last - first).days + 1 for first, last in value.runs)


def runs_of_edtf(events: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of each run of possible first days (NaN = open), and the row that it is of."""
    runs = [value.runs if value else () for value in parsed(events)]
    days = [[day and day.toordinal() for day in run] for one in runs for run in one]
    return np.array(days, dtype="float64").reshape(-1, 2), np.repeat(np.arange(len(runs)), [len(one) for one in runs])


def runs_of_bounds(events: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Do the same for a table with `earliest` and `latest`."""
    if not {"earliest", "latest"} <= set(events):
        message = "events need a column 'date_edtf', or 'earliest' and 'latest'"
        raise ValueError(f"{message}; the table has: {', '.join(map(str, events.columns))}")
    columns = [_days(events[name]) for name in ("earliest", "latest")]
    unknown = np.isnat(columns)
    days = np.where(unknown, np.nan, np.array(columns).astype("int64") + EPOCH).T
    dated = ~unknown.all(axis=0)
    return days[dated], np.flatnonzero(dated)


def _days(column: pd.Series) -> np.ndarray:
    """Days of a column of dates, or of text such as 2014-09-08; pandas would guess at years and at 03/04/2012."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "M":
        return column.to_numpy().astype("datetime64[D]")
    return np.array([_day(column.name, value) for value in column], dtype="datetime64[D]")


def _day(name: Hashable, value: Any) -> np.datetime64:
    if pd.isna(value):
        return np.datetime64("NaT")
    try:
        return np.datetime64(ordinal(value) - EPOCH, "D")
    except ValueError as error:
        raise ValueError(f"column {name!r}: {value!r} cannot be read. {error}") from error
