"""What holds the events: pandas, another engine through narwhals, or a file through DuckDB.

The modelling choice: an engine only counts which rows are alike; what a date means is worked out once for each
distinct date, by the same code whatever holds the rows. So results are the same on each engine to the last bit, and
what is brought into memory grows with the different dates and groups, not with the rows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from r2p_analysis.chronology import in_file
from r2p_analysis.options import each_once, in_short, listed
from r2p_analysis.schema import one_of

if TYPE_CHECKING:
    import narwhals as nw

Held: TypeAlias = "pd.DataFrame | nw.LazyFrame"
N_ROWS = "_n_rows"
_MANY = 10


class NoTable(TypeError, ValueError):
    """What was given as a table is none."""

    def __init__(self, given: object) -> None:
        allowed = "a pandas or Polars frame, a DuckDB relation, a Spark DataFrame, or the path of a Parquet or CSV file"
        super().__init__(f"events must be {allowed}, not {type(given).__name__}: {in_short(given)}")


def held(events: Any) -> Held:
    """Take any table of events: pandas as it is, all others as a lazy frame of narwhals.

    Raises
    ------
    ValueError
        If a column stands twice.
    NoTable
        If it is no table, which is a TypeError and a ValueError.
    ImportError
        If narwhals, or DuckDB for a file, is not installed.
    """
    if isinstance(events, pd.DataFrame):
        each_once(events.columns, "column")
        return events
    if isinstance(events, (str, os.PathLike)):
        events = in_file.relation(events)
    elif not hasattr(type(events), "columns"):  # on the class: a lazy frame would work its out
        raise NoTable(events)
    try:
        import narwhals as nw
    except ImportError as error:
        library = type(events).__module__.split(".")[0].lstrip("_")
        extra = "spark" if library == "pyspark" else "scale"
        raise ImportError(f"a table of {library} needs narwhals: pip install 'r2p-analysis[{extra}]'") from error
    try:
        return nw.from_native(events).lazy()
    except TypeError as error:
        raise NoTable(events) from error


def in_pandas(events: Any) -> pd.DataFrame:
    """Bring all rows of a table into pandas: of any engine, or from a file; a frame of pandas as it is.

    Raises
    ------
    NoTable, ImportError
        As `held`.
    """
    table = held(events)
    return table if isinstance(table, pd.DataFrame) else collected(table)


def column_names(table: Held) -> list[Hashable]:
    """Names of the columns."""
    return list(table.columns) if isinstance(table, pd.DataFrame) else table.collect_schema().names()


def known(columns: Iterable[Hashable], table: Held) -> list[str]:
    """Return the columns if the table has them all, else raise a ValueError that says what was meant."""
    names = column_names(table)
    return [one_of(name, names, "column of events") for name in listed(columns, "columns", "date_edtf")]


def distinct(table: Held, columns: Sequence[str]) -> pd.DataFrame:
    """Different rows of the columns, empty cells included, with the number of rows that are so in ``_n_rows``."""
    if isinstance(table, pd.DataFrame):
        alike = table.groupby(list(columns), dropna=False, observed=True, sort=False)
        return alike.size().rename(N_ROWS).reset_index()
    import narwhals as nw

    return collected(table.group_by(*columns).agg(nw.len().alias(N_ROWS)))


def collected(query: nw.LazyFrame) -> pd.DataFrame:
    """Rows of a query as a frame of pandas, columns with an order of their own (Enum) as ordered categories.

    Rows come as Python's own values from every engine, so that none puts a type of its own into the result.
    """
    schema = query.collect_schema()
    rows = _ROWS.get(engine_of(query), lambda query: query.collect().rows())(query)
    frame = pd.DataFrame.from_records(rows, columns=schema.names())
    fixed = {name: dtype.categories for name, dtype in schema.items() if hasattr(dtype, "categories")}
    return frame.assign(**{name: pd.Categorical(frame[name], categories=axis) for name, axis in fixed.items()})


def engine_of(table: nw.LazyFrame) -> str:
    """Name of the engine, the two ways to Spark being one."""
    return table.implementation.name.lower().removesuffix("_connect")


def _rows_of_duckdb(query: nw.LazyFrame) -> list[tuple]:
    with in_file.faults_of("the table"):
        return query.to_native().fetchall()


# DuckDB and Spark would bring in pyarrow, or warn of pandas 3, on any other way.
_ROWS: dict[str, Callable[[Any], list[tuple]]] = {
    "duckdb": _rows_of_duckdb,
    "pyspark": lambda query: [tuple(row) for row in query.to_native().collect()],
    "polars": lambda query: query.to_native().collect(engine="streaming").rows(),
}


def read_each(column: pd.Series, n_rows: pd.Series, read: Callable[[Any], Any]) -> list[Any]:
    """Read each distinct value once; None for empty cells.

    Raises
    ------
    ValueError
        With what cannot be read and the number of its rows, ten values at most.
    """
    codes, values = pd.factorize(column)
    found, faults = [], {}
    for value in values:
        try:
            found.append(read(value))
        except ValueError as error:
            faults[value] = error
            found.append(None)
    if faults:
        raise ValueError(_message(column, n_rows, faults)) from next(iter(faults.values()))
    return [None if code < 0 else found[code] for code in codes]


def _message(column: pd.Series, n_rows: pd.Series, faults: dict[Any, ValueError]) -> str:
    # The same whatever order the engine gave the rows in.
    in_order = sorted(faults, key=repr)
    n = n_rows.groupby(column, observed=True).sum()
    first, *others = [f"{value!r} ({n[value]} row{'s' if n[value] > 1 else ''})" for value in in_order[:_MANY]]
    more = [f"{len(faults) - _MANY} more"] if len(faults) > _MANY else []
    also = f"; nor can {', '.join([*others, *more])}" if others else ""
    return f"column {column.name!r}: {first} cannot be read{also}. {faults[in_order[0]]}"
