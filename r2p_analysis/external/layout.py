"""The layouts that the adapters know, and reading a file that has one.

A file is read as its publisher ships it, by the columns that are needed and in chunks of rows. Cells are
text until a rule has looked at them, empty ones are null, and ``NA`` is two letters (Namibia). Columns
become categories while they are read, so that a long file needs little memory and a rule is asked once of
each distinct value.
"""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import os
import sys
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Literal, TypeVar

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

NRows = int | Literal["any"] | None
"""Number of rows that a file must have; "any" takes a part of a publisher's file, None only the whole of it."""

_CHUNK = 100_000
_PARSING = (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError)
_BROKEN = (*_PARSING, EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_OPENERS = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_NOT_READ = (".tar", ".tgz", ".zst", ".7z", ".rar", ".xls", ".xlsx", ".ods")
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
    if separator := _separator(header):
        raise DataError(f"unknown layout: {separator}; {_shown(header)}")
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
    keep: Mapping[str, Collection[str] | str | None] | None = None,
    n_rows: NRows = None,
    text: bool = True,
) -> pd.DataFrame:
    r"""Read the columns of a file that must have a layout.

    Parameters
    ----------
    path : str or path-like
        CSV in UTF-8, as it is or compressed (``.gz``, ``.bz2``, ``.xz``, ``.zip`` with one file), or Parquet, for
        which duckdb is needed (the extra ``scale``).
    layout : str
        Layout that the file must have.
    columns : collection of str, optional
        Columns to read beside those of the layout, where the file has them.
    keep : mapping of str to collection of str, optional
        Values of a column whose rows are kept, one or several; None as the values keeps all.
    n_rows : int or "any", optional
        Number of rows that the file must have; None and "any" take what is there.
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
    _check_kind(path)
    names = _unbroken(path, _header)
    header = [name.lower() for name in names]
    if separator := _separator(header):
        raise DataError(f"{path}: not the layout {layout!r}: {separator}; {_shown(header)}")
    if lacking := _lacking(header, layout):
        raise DataError(f"{path}: not the layout {layout!r}, without {', '.join(lacking)}; {_instead(header)}")
    if twice := sorted({column for column in header if header.count(column) > 1}):
        raise DataError(f"{path}: more than one column is called {', '.join(twice)}")
    wanted = [name for name in names if not text or name.lower() in {*LAYOUTS[layout], *columns}]
    kept = {column: [v] if isinstance(v, str) else v for column, v in (keep or {}).items() if v is not None}
    counted, parts = _unbroken(path, lambda p: _read(p, wanted, text, kept))
    if n_rows not in (None, "any", counted):
        raise DataError(f"{path}: {counted:,} rows in place of {n_rows:,}; is the file cut, or another version?")
    frame = _joined(parts) if text else pd.concat(parts)
    left_out = [name for name in names if name not in wanted]
    frame.attrs = {"file": path.name, "layout": layout, "n_rows": counted, "columns_left_out": left_out}
    return frame


def check_whole(frame: pd.DataFrame, published: int, n_rows: NRows, path: str | os.PathLike) -> None:
    """Refuse a part of a publisher's file that is taken for the whole.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `read`; what tells that it is the publisher's file is for the adapter to know.
    published : int
        Number of rows of the version that the adapter knows. More rows are a later version.
    n_rows : int, "any" or None
        What the user says of the number; only None leaves it to the adapter.
    path : str or path-like
        The file, for the message.

    Raises
    ------
    DataError
        If rows are missing.

    Examples
    --------
    >>> frame = pd.DataFrame()
    >>> frame.attrs["n_rows"] = 499
    >>> check_whole(frame, 500, "any", "votes.csv")
    >>> check_whole(frame, 500, None, "votes.csv")
    Traceback (most recent call last):
        ...
    r2p_analysis.schema.DataError: votes.csv: 499 rows, the published file has 500; is it cut? ...
    """
    if n_rows is None and frame.attrs["n_rows"] < published:
        message = f"{path}: {frame.attrs['n_rows']:,} rows, the published file has {published:,}; is it cut?"
        raise DataError(f'{message} A part of it is read with n_rows="any", or with its own number of rows')


def open_text(path: Path) -> IO[str]:
    """Open a CSV file, compressed or not, as text.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "list.csv.bz2"
    ...     _ = file.write_bytes(bz2.compress(b"actor,group"))
    ...     with open_text(file) as text:
    ...         header = text.read()
    >>> header
    'actor,group'
    """
    suffix = path.suffix.lower()
    if suffix == ".zip":
        archive = zipfile.ZipFile(path)
        return io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8-sig", newline="")
    return _OPENERS.get(suffix, open)(path, "rt", encoding="utf-8-sig", newline="")


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by its name.

    Examples
    --------
    >>> is_parquet(Path("ged.parquet")), is_parquet(Path("ged.csv.gz"))
    (True, False)
    """
    return path.suffix.lower() in {".parquet", ".pq"}


def _check_kind(path: Path) -> None:
    """Refuse what cannot be read by its name alone, and an archive with more than the file."""
    suffix = path.suffix.lower()
    if suffix in _NOT_READ or Path(path.stem).suffix.lower() in _NOT_READ:
        kinds = ", ".join([*_OPENERS, ".zip", ".parquet"])
        raise DataError(f"{path}: files of this kind are not read; give it as CSV, as it is or as one of {kinds}")
    if suffix == ".zip" and path.is_file():
        held = _unbroken(path, lambda p: zipfile.ZipFile(p).namelist())
        if len(held) != 1:
            raise DataError(f"{path}: holds {len(held)} files in place of one: {', '.join(held[:6])}; unpack it")


def _separator(header: Collection[str]) -> str:
    """What to say of a header that is one cell because other signs than commas part its names."""
    found = [sign for sign in _SEPARATORS if len(header) == 1 and sign in next(iter(header))]
    return f"its columns are separated by {_SEPARATORS[found[0]]}, not by commas: save it with commas" if found else ""


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
    except (*_BROKEN, *_broken_parquet(path)) as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def _broken_parquet(path: Path) -> tuple[type[Exception], ...]:
    # duckdb has a tree of errors of its own; what it raised, it was loaded for.
    duckdb = sys.modules.get("duckdb") if is_parquet(path) else None
    return (duckdb.Error,) if duckdb else ()


def _header(path: Path) -> list[str]:
    if is_parquet(path):
        connection = _duckdb()
        path.stat()  # duckdb has an error of its own for a file that is not there
        return [row[0] for row in connection.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()]
    return list(pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns)


def _read(
    path: Path, wanted: list[str], text: bool, keep: Mapping[str, Collection[str]]
) -> tuple[int, list[pd.DataFrame]]:
    """Number of rows of the file, and what is kept of each chunk."""
    chunks, sizes, met = [], [], {column: set() for column in keep}
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
