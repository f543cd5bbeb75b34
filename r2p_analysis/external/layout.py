"""The layouts that the adapters know, and reading a file that has one.

A file is read as its publisher ships it, by the columns that are needed and in chunks of rows. Cells are
text until a rule has looked at them, empty ones are null, and ``NA`` is two letters (Namibia). Columns
become categories while they are read, so that a long file needs little memory and a rule is asked once of
each distinct value.
"""

from __future__ import annotations

import importlib
import os
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pandas as pd

from r2p_analysis.schema import DataError, suggest

LAYOUTS = {
    "cow_state_year": ("ccode", "year", "state"),
    "cow_igo_year": ("ioname", "orgname", "year", "longorgname", "ionum"),
    "un_votes": ("rcid", "country_code", "vote"),
    "un_roll_calls": ("rcid", "session", "importantvote", "date", "unres", "short"),
    "ucdp_ged": (
        *("id", "type_of_violence", "dyad_name", "side_a_new_id", "side_a", "side_b_new_id", "side_b"),
        *("where_coordinates", "adm_1", "country", "country_id", "date_prec", "date_start", "date_end"),
        *("best", "high", "low", "gwnoa", "gwnob"),
    ),
    "acled": (
        *("event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1", "inter1"),
        *("actor2", "inter2", "iso", "country", "admin1", "location", "fatalities"),
    ),
    "two_mode": ("actor", "group"),
}
"""Columns by which a layout is told; each of them is needed. Upper and lower case are one."""

_CHUNK = 100_000
_BROKEN = (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, EOFError, OSError, zlib.error)
_Result = TypeVar("_Result")


def recognise(columns: Iterable[str]) -> str:
    """Name of the layout that a header has.

    Parameters
    ----------
    columns : iterable of str
        The header.

    Returns
    -------
    str
        A key of `LAYOUTS`; of several that fit, the one with most columns.

    Raises
    ------
    DataError
        If none fits; the message names the nearest layout and the columns that it lacks.

    Examples
    --------
    >>> recognise(["rcid", "country_code", "vote"])
    'un_votes'
    >>> recognise(["actor"])
    Traceback (most recent call last):
        ...
    r2p_analysis.schema.DataError: unknown layout: looks like 'two_mode' without group; the header has: actor
    """
    header = [column.lower() for column in columns]
    nearest = max(LAYOUTS, key=lambda name: _likeness(LAYOUTS[name], header))
    lacking = _lacking(header, nearest)
    if not lacking:
        return nearest
    if len(lacking) == len(LAYOUTS[nearest]):
        raise DataError(f"unknown layout: none of {', '.join(LAYOUTS)}; {_shown(header)}")
    raise DataError(f"unknown layout: looks like {nearest!r} without {', '.join(lacking)}; {_shown(header)}")


def read(
    path: str | os.PathLike,
    layout: str,
    columns: Collection[str] = (),
    *,
    keep: Mapping[str, Collection[str] | None] | None = None,
    n_rows: int | None = None,
    text: bool = True,
) -> pd.DataFrame:
    r"""Read the columns of a file that must have a layout.

    Parameters
    ----------
    path : str or path-like
        CSV in UTF-8, gzipped or not, or Parquet, for which duckdb is needed (the extra ``scale``).
    layout : str
        Layout that the file must have.
    columns : collection of str, optional
        Columns to read beside those of the layout, where the file has them.
    keep : mapping of str to collection of str, optional
        Values of a column whose rows are kept; None as the values keeps all.
    n_rows : int, optional
        Number of rows that the file must have.
    text : bool, default True
        Whether cells are categories of text. False reads every column, numbers as numbers.

    Returns
    -------
    pandas.DataFrame
        Names of columns in lower case; the index is the number of the record, from 0. ``.attrs`` has ``file``,
        ``layout``, ``n_rows`` of the file, and ``columns_left_out``, those that were not read.

    Raises
    ------
    DataError
        If the layout or the number of rows is another, or the file is damaged.
    ModuleNotFoundError
        If the file is Parquet and duckdb is not installed.
    ValueError
        If no row has a value that is to be kept.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "votes.csv"
    ...     _ = file.write_text("rcid,country_code,vote\n3,NA,yes\n")
    ...     frame = read(file, "un_votes")
    >>> frame["country_code"].tolist(), frame.attrs["n_rows"]
    (['NA'], 1)
    """
    path = Path(path)
    names = _unbroken(path, _header)
    header = [name.lower() for name in names]
    if lacking := _lacking(header, layout):
        raise DataError(f"{path}: not the layout {layout!r}, without {', '.join(lacking)}; {_instead(header)}")
    if twice := sorted({column for column in header if header.count(column) > 1}):
        raise DataError(f"{path}: more than one column is called {', '.join(twice)}")
    wanted = [name for name in names if not text or name.lower() in {*LAYOUTS[layout], *columns}]
    counted, parts = _unbroken(path, lambda p: _read(p, wanted, text, keep or {}))
    if n_rows is not None and counted != n_rows:
        raise DataError(f"{path}: {counted:,} rows in place of {n_rows:,}; is the file cut, or another version?")
    frame = _joined(parts) if text else pd.concat(parts)
    left_out = [name for name in names if name not in wanted]
    frame.attrs = {"file": path.name, "layout": layout, "n_rows": counted, "columns_left_out": left_out}
    return frame


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by its name.

    Examples
    --------
    >>> is_parquet(Path("ged.parquet")), is_parquet(Path("ged.csv.gz"))
    (True, False)
    """
    return path.suffix in {".parquet", ".pq"}


def _likeness(needed: Collection[str], header: Collection[str]) -> tuple[float, int]:
    n = sum(column in header for column in needed)
    return n / len(needed), n


def _lacking(header: Collection[str], layout: str) -> list[str]:
    return [column for column in LAYOUTS[layout] if column not in header]


def _shown(header: list[str]) -> str:
    return f"the header has: {', '.join(header[:12])}" + (f", … ({len(header)} in all)" if len(header) > 12 else "")


def _instead(header: list[str]) -> str:
    try:
        return f"has the layout {recognise(header)!r}"
    except DataError as error:
        return str(error)


def _unbroken(path: Path, action: Callable[[Path], _Result]) -> _Result:
    try:
        return action(path)
    except FileNotFoundError:
        raise
    except _BROKEN as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def _header(path: Path) -> list[str]:
    if is_parquet(path):
        return [row[0] for row in _duckdb().execute("describe select * from read_parquet(?)", [str(path)]).fetchall()]
    return list(pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns)


def _read(
    path: Path, wanted: list[str], text: bool, keep: Mapping[str, Collection[str] | None]
) -> tuple[int, list[pd.DataFrame]]:
    """Number of rows of the file, and what is kept of each chunk."""
    chunks, sizes, met = [], [], {column: set() for column, values in keep.items() if values is not None}
    for cells in _parquet(path, wanted, text) if is_parquet(path) else _csv(path, wanted, text):
        chunk = cells.rename(columns=str.lower)
        sizes.append(len(chunk))
        for column in met:
            met[column] |= set(chunk[column].cat.categories)
            chunk = chunk[chunk[column].isin(keep[column])]
        chunks.append(chunk)
    for column, values in met.items():
        for value in sorted(set(keep[column]) - values):
            raise ValueError(f"{path}: no row has the {column} {value!r}: {suggest(value, sorted(values))}")
    return sum(sizes), chunks


def _csv(path: Path, columns: list[str], text: bool) -> Iterator[pd.DataFrame]:
    # Read as text first: a column read as categories would be read as numbers where it can, 007 as 7.
    cells = {"dtype": "str" if text else None, "keep_default_na": False, "na_values": [""]}
    # Only without a choice of columns does pandas refuse a row with more cells than the header.
    choice = None if columns == _header(path) else columns
    with pd.read_csv(path, usecols=choice, chunksize=_CHUNK, encoding="utf-8-sig", **cells) as chunks:
        for chunk in chunks:
            if not isinstance(chunk.index, pd.RangeIndex):  # pandas takes what is left of the header for an index
                raise pd.errors.ParserError("the rows have more cells than the header")
            yield chunk.astype("category") if text else chunk


def _parquet(path: Path, columns: list[str], text: bool) -> Iterator[pd.DataFrame]:
    cells = ", ".join(f'cast("{c}" as varchar) as "{c}"' if text else f'"{c}"' for c in columns)
    found = _duckdb().execute(f"select {cells} from read_parquet(?)", [str(path)])
    first = 0
    while len(chunk := found.fetch_df_chunk(_CHUNK // 2048)):
        rows = chunk.set_axis(range(first, first + len(chunk)))
        yield rows.astype("category") if text else rows
        first += len(chunk)


def _duckdb():
    try:
        return importlib.import_module("duckdb").connect()
    except ModuleNotFoundError as error:
        message = "reading Parquet needs duckdb: pip install 'r2p-analysis[scale]', or give the file as CSV"
        raise ModuleNotFoundError(message) from error


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Chunks of categories as one frame; each column with the categories of all."""
    index = parts[0].index.append([part.index for part in parts[1:]])
    joined = {c: pd.api.types.union_categoricals([part[c] for part in parts]) for c in parts[0].columns}
    return pd.DataFrame(joined, index).apply(lambda column: column.cat.remove_unused_categories())
