"""Events whose dates are alike, counted where they lie: by columns, and by the periods that a date reaches over.

Dates as text are grouped by the engine and read in Python, each different one once. Days in columns of a date type
are turned into periods by the engine itself, in whole numbers, so that only different periods come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.engines import N_ROWS, Held, collected, column_names, distinct, known, read_each
from r2p_analysis.chronology.spread import Spans, periods_of

if TYPE_CHECKING:
    import narwhals as nw

_DATES = (("date_edtf",), ("earliest", "latest"), ("day",))
_FIRST, _LAST, _N_DAYS, _LOW, _HIGH = "_first", "_last", "_n_days", "_low", "_high"
_FIELDS = (_FIRST, _LAST, _N_DAYS, N_ROWS, _LOW, _HIGH)  # as `Spans` has them
_MIDNIGHT = ("00:00", "00:00:00")


def date_columns(table: Held, given: str | Sequence[str] | None) -> list[str]:
    """Columns that say when: those that are given, or the first of the usual ones that is there."""
    if given is not None:
        columns = known([given] if isinstance(given, str) else given, table)
        if len(columns) not in (1, 2):
            raise ValueError(f"date must be one column, or two for the earliest and latest day, not {len(columns)}")
        return columns
    names = column_names(table)
    found = next((columns for columns in _DATES if set(columns) <= set(names)), None)
    if found is None:
        allowed = ", or ".join(" and ".join(map(repr, columns)) for columns in _DATES)
        message = f"events need a column {allowed}, or name yours in date="
        raise ValueError(f"{message}; the table has: {', '.join(map(str, names))}")
    return list(found)


def events_alike(
    table: Held, keys: Sequence[str], when: Sequence[str], months: int
) -> tuple[pd.DataFrame, np.ndarray, Spans]:
    """Count events that are alike.

    Returns
    -------
    groups : pandas.DataFrame
        The key columns and ``_n_rows`` of different rows.
    row : numpy.ndarray of int
        Row of `groups` that each span is of; rows without one have no bounded first day.
    found : Spans
        Their spans.
    """
    if not isinstance(table, pd.DataFrame) and are_days(table, when):
        return _alike_in_engine(table, keys, when, months)
    groups = distinct(table, [*dict.fromkeys([*keys, *when])])
    read = _runs_of_bounds if len(when) == 2 else _runs_of_dates
    runs = read(groups, when)
    row = np.repeat(np.arange(len(groups)), [len(one) for one in runs])
    low, high = np.array([run for one in runs for run in one], dtype="int64").reshape(-1, 2).T
    return groups, row, _spans(row, low, high, groups[N_ROWS].to_numpy()[row], months)


def _spans(row: np.ndarray, low: np.ndarray, high: np.ndarray, n: np.ndarray, months: int) -> Spans:
    first, last = periods_of(low, months), periods_of(high, months)
    n_days = np.bincount(row, high - low + 1).astype("int64")[row]
    is_one_run = np.bincount(row)[row] == 1
    return Spans(first, last, np.where((first == last) & is_one_run, 1, n_days), n, n * low, n * high)


def _runs_of_dates(groups: pd.DataFrame, when: Sequence[str]) -> list[tuple]:
    values = read_each(groups[when[0]], groups[N_ROWS], _runs)
    return [value or () for value in values]


def _runs(value: Any) -> tuple:
    if isinstance(value, date):
        return ((ordinal(value),) * 2,)
    first, runs = (parsed := dates.parse(value)).first, parsed.runs
    return () if None in first else tuple((low.toordinal(), high.toordinal()) for low, high in runs)


def _runs_of_bounds(groups: pd.DataFrame, when: Sequence[str]) -> list[tuple]:
    low, high = (read_each(groups[name], groups[N_ROWS], ordinal) for name in when)
    runs = [() if None in run else (run,) for run in zip(low, high, strict=True)]
    wrong = [bool(run) and run[0][0] > run[0][1] for run in runs]
    refuse_reversed(groups.loc[wrong, N_ROWS], when)
    return runs


def ordinal(value: Any) -> int:
    """Ordinal of a day, which may be text, with midnight behind it as databases write it."""
    if isinstance(value, date):
        if getattr(value, "tzinfo", None):
            raise ValueError(f"A time in a zone ({value.tzinfo}) does not say which day is meant.")
        return value.toordinal()
    day, _, time = str(value).replace("T", " ").partition(" ")
    if time.partition(".")[0] not in ("", *_MIDNIGHT) or len(day) != 10:
        raise ValueError("A day is written as in 2014-09-08.")
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError as error:
        raise ValueError(f"A day is written as in 2014-09-08 ({error}).") from error


def refuse_reversed(n_rows: pd.Series, when: Sequence[str]) -> None:
    """Raise ValueError if there are rows whose first day is after their last."""
    if len(n_rows):
        have = "1 row has" if n_rows.sum() == 1 else f"{n_rows.sum()} rows have"
        raise ValueError(f"{have} {when[0]!r} after {when[1]!r}")


# ---- columns of a date type, in an engine


def are_days(table: nw.LazyFrame, when: Sequence[str]) -> bool:
    """Tell whether the engine itself holds the columns as days, so that it can reckon with them."""
    import narwhals as nw

    kinds = {name: kind for name, kind in table.collect_schema().items() if name in when}
    for name, kind in kinds.items():
        if isinstance(kind, nw.Datetime) and kind.time_zone:
            raise ValueError(f"column {name!r}: a time in a zone ({kind.time_zone}) does not say which day is meant.")
    return all(isinstance(kind, (nw.Date, nw.Datetime)) for kind in kinds.values())


def _alike_in_engine(table: nw.LazyFrame, keys: Sequence[str], when: Sequence[str], months: int) -> tuple:
    query = _by_day if len(when) == 1 else _by_bounds
    groups = collected(query(table, keys, when, months))
    if len(when) == 2:
        refuse_reversed(groups.loc[groups[_N_DAYS] == 0, N_ROWS], when)
    bounded = groups.dropna(subset=[name for name in (_FIRST, _LAST) if name in groups])
    # A single column of days has no bounds: each lies in one period, and has one day.
    alone = {_LAST: bounded[_FIRST], _N_DAYS: 1, _LOW: 0, _HIGH: 0}
    filled = bounded.assign(**{name: value for name, value in alone.items() if name not in bounded})
    first, last, *others = (filled[name].to_numpy().astype("int64") for name in _FIELDS)
    since_1970 = 1970 * 12 // months
    return groups, bounded.index.to_numpy(), Spans(first - since_1970, last - since_1970, *others)


def _by_day(table: nw.LazyFrame, keys: Sequence[str], when: Sequence[str], months: int) -> nw.LazyFrame:
    import narwhals as nw

    periods = table.select(*keys, period_in_engine(when[0], months).alias(_FIRST))
    return periods.group_by(*keys, _FIRST).agg(nw.len().alias(N_ROWS))


def _by_bounds(table: nw.LazyFrame, keys: Sequence[str], when: Sequence[str], months: int) -> nw.LazyFrame:
    import narwhals as nw

    ends = {_FIRST: period_in_engine(when[0], months), _LAST: period_in_engine(when[1], months)}
    days = {_LOW: _day_in_engine(when[0]), _HIGH: _day_in_engine(when[1])}
    low, high = nw.col(_LOW), nw.col(_HIGH)
    # 0 for what runs backwards, 1 for what lies in one period, however long it is.
    within = nw.when(nw.col(_FIRST) == nw.col(_LAST)).then(nw.lit(1)).otherwise(high - low + 1)
    n_days = nw.when(high < low).then(nw.lit(0)).otherwise(within)
    prepared = table.select(*keys, **ends, **days).with_columns(n_days.alias(_N_DAYS))
    return prepared.group_by(*keys, _FIRST, _LAST, _N_DAYS).agg(low.sum(), high.sum(), nw.len().alias(N_ROWS))


def period_in_engine(column: str, months: int) -> nw.Expr:
    """Number of a day's period from that of January of the year 0: never negative, so that every engine divides alike.

    By year and month and not by an engine's truncation of dates, which takes DuckDB three times as long.
    """
    import narwhals as nw

    day = nw.col(column).dt
    number = day.year().cast(nw.Int64) * 12 + day.month().cast(nw.Int64) - 1
    return number if months == 1 else number // months


def _day_in_engine(column: str) -> nw.Expr:
    """Ordinal of a day, as Python counts it: 1 is 1 January of the year 1."""
    import narwhals as nw

    before = nw.col(column).dt.year().cast(nw.Int64) - 1
    leap_days = before // 4 - before // 100 + before // 400
    return before * 365 + leap_days + nw.col(column).dt.ordinal_day().cast(nw.Int64)
