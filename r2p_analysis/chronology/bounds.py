"""What the dates of a table allow, beside each of its rows, and how precise they are, on any engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.engines import N_ROWS, column_names, distinct, engine_of, held, known, read_each
from r2p_analysis.chronology.groups import every_pair, grouped, key_columns
from r2p_analysis.chronology.order import BOUNDS, PRECISIONS, bound_columns, bounds_of

if TYPE_CHECKING:
    import narwhals as nw

_SQL = {**dict.fromkeys(BOUNDS[:4], "DATE"), "precision": "VARCHAR", "n_days": "BIGINT"}
_SPARK = {**dict.fromkeys(BOUNDS[:4], "date"), "precision": "string", "n_days": "long"}


def add_bounds(events: Any, *, date: str = "date_edtf") -> Any:
    """Add to each event the days that its date allows.

    Parameters
    ----------
    events : pandas.DataFrame, table of another engine, str or path-like
        As for `counts_by_period`.
    date : str, default "date_edtf"
        Column with EDTF dates.

    Returns
    -------
    table of the same kind
        A lazy one stays lazy, and a file becomes a relation of DuckDB. All columns, then ``earliest``, ``latest``,
        ``first_latest``, ``last_earliest``, ``precision`` and ``n_days`` as in `event_order`; what is open is null.
        Rows keep their order in pandas and Polars; DuckDB and Spark have none until they are sorted.

    Raises
    ------
    ValueError
        If a date cannot be read (with its value and the number of its rows), there is no such column, or the
        table has one of the new columns already.
    TypeError, ImportError, FileNotFoundError
        As for `counts_by_period`.

    See Also
    --------
    event_order : The events of a study, with their bounds and in order.

    Notes
    -----
    Different dates are brought into memory and read once each, and joined back in the engine.

    Examples
    --------
    >>> table = add_bounds(pd.DataFrame({"date_edtf": ["2012-02", "2012-03-05/2012-03-09"]}))
    >>> table[["earliest", "latest", "precision", "n_days"]]
        earliest     latest precision  n_days
    0 2012-02-01 2012-02-29     month      29
    1 2012-03-05 2012-03-09      days       1
    """
    table = held(events)
    (column,) = known([date], table)
    taken = [name for name in BOUNDS if name in column_names(table)]
    if taken:
        raise ValueError(f"events have a column {taken[0]!r} already: rename or drop it")
    texts = distinct(table, [column])
    values = read_each(texts[column], texts[N_ROWS], dates.parse)
    if isinstance(table, pd.DataFrame):
        read = dict(zip(texts[column], values, strict=True))
        return table.assign(**bound_columns([None if pd.isna(text) else read[text] for text in table[column]]))
    return _joined(table, column, {value.text: bounds_of(value) for value in values if value}, events)


def precision_shares(events: Any, by: str | Sequence[str] | None = None, *, date: str = "date_edtf") -> pd.DataFrame:
    """Count the events by the precision of their dates.

    Parameters
    ----------
    events : pandas.DataFrame, table of another engine, str or path-like
        As for `counts_by_period`.
    by : str or sequence of str, optional
        Columns to split the counts by.
    date : str, default "date_edtf"
        Column with EDTF dates.

    Returns
    -------
    pandas.DataFrame
        Index: the columns of `by`, if any, then ``precision``: every one of `event_order`, from day to none. Columns:
        ``n_events`` and ``share_events``, of the events of the group, in [0, 1]; NaN where it has none.

    Raises
    ------
    ValueError, TypeError, ImportError, FileNotFoundError
        As for `add_bounds`.

    Examples
    --------
    >>> shares = precision_shares(pd.DataFrame({"date_edtf": ["2012", "2012-03-29", "2012-03-30", None]}))
    >>> shares[shares["n_events"] > 0].T
    precision     day  year  none
    n_events      2.0  1.00  1.00
    share_events  0.5  0.25  0.25
    """
    table = held(events)
    keys, (column,) = key_columns(table, by), known([date], table)
    groups = distinct(table, [*dict.fromkeys([*keys, column])])
    values = read_each(groups[column], groups[N_ROWS], dates.parse)
    group, axis = grouped(groups, keys)
    n_events = np.zeros((len(axis), len(PRECISIONS)), dtype="int64")
    np.add.at(n_events, (group, [PRECISIONS.index(bounds_of(value)[4]) for value in values]), groups[N_ROWS])
    precisions = pd.Index(PRECISIONS, name="precision")
    totals = n_events.sum(axis=1, keepdims=True)
    shares = np.divide(n_events, totals, out=np.full(n_events.shape, np.nan), where=totals > 0)
    index = every_pair(axis, precisions) if keys else precisions
    return pd.DataFrame({"n_events": n_events.ravel(), "share_events": shares.ravel()}, index=index)


# ---- bounds joined in an engine


def _joined(table: nw.LazyFrame, column: str, bounds: dict[str, tuple], events: Any) -> Any:
    import narwhals as nw

    make = _TABLES.get(engine_of(table))
    if make is None:
        joined = table.with_columns(**_looked_up(column, bounds))
    else:
        joined = table.join(nw.from_native(make(table.to_native(), column, bounds)), on=column, how="left")
    filled = joined.with_columns(nw.col("precision").fill_null("none"))
    is_eager = isinstance(nw.from_native(events, pass_through=True), nw.DataFrame)
    return (filled.collect() if is_eager else filled).to_native()


def _looked_up(column: str, bounds: dict[str, tuple]) -> dict[str, nw.Expr]:
    import narwhals as nw

    kinds = dict(zip(BOUNDS, [nw.Date] * 4 + [nw.String, nw.Int64], strict=True))
    columns = zip(kinds.items(), zip(*bounds.values(), strict=True) if bounds else [()] * len(BOUNDS), strict=True)
    return {
        name: nw.col(column).replace_strict(list(bounds), list(cells), default=None, return_dtype=kind)
        for (name, kind), cells in columns
    }


def _duckdb_table(relation: Any, column: str, bounds: dict[str, tuple]) -> Any:
    """Table of the dates on the connection of the relation, which can only be had from it, without a view left there.

    A text that was read as EDTF has no quote in it.
    """
    kinds = {column.replace('"', '""'): "VARCHAR", **_SQL}
    row = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
    rows = ", ".join(f"({', '.join(map(_literal, (text, *cells)))})" for text, cells in bounds.items())
    one_row = relation.limit(0).aggregate("count(*) AS n")
    return one_row.project(f"unnest(CAST([{rows}] AS STRUCT({row})[]), recursive := true)")


def _literal(cell: Any) -> str:
    return "NULL" if cell is None else str(cell) if isinstance(cell, int) else f"'{cell}'"


def _spark_table(frame: Any, column: str, bounds: dict[str, tuple]) -> Any:
    kinds = {column.replace("`", "``"): "string", **_SPARK}
    schema = ", ".join(f"`{name}` {kind}" for name, kind in kinds.items())
    return frame.sparkSession.createDataFrame([(text, *cells) for text, cells in bounds.items()], schema)


_TABLES: dict[str, Callable[[Any, str, dict[str, tuple]], Any]] = {"duckdb": _duckdb_table, "pyspark": _spark_table}
