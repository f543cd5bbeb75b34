"""Events in a file that may be larger than memory: Parquet and CSV, read by DuckDB piece by piece.

The modelling choice: every cell of a CSV file is text, as it stands there. No type is guessed from the first rows, so
that the code ``01`` keeps its zero, the state ``NA`` is Namibia, and the year ``2012`` is a date.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def _read_csv(duckdb: Any, path: str) -> Any:
    # Nothing is left to be guessed: quotes may begin far down.
    return duckdb.read_csv(path, header=True, all_varchar=True, sep=",", quotechar='"', escapechar='"')


_READ: dict[str, Callable[[Any, str], Any]] = {
    ".parquet": lambda duckdb, path: duckdb.read_parquet(path),
    ".csv": _read_csv,
    ".csv.gz": _read_csv,
}
# DuckDB would take them for a pattern, too, and read `e1.csv` where `e[1].csv` is asked for.
_SPECIAL = re.compile(r"[\[?]")


def relation(path: str | os.PathLike) -> Any:
    """Open a file as a relation of DuckDB, which reads it when it is asked.

    Parameters
    ----------
    path : str or path-like
        Parquet, or CSV with commas (``.parquet``, ``.csv``, ``.csv.gz``); ``*`` stands for any name, as in
        ``events/*.parquet``, and the files are then read as one table.

    Raises
    ------
    ValueError
        If the name ends otherwise, or the file is not what its name says.
    FileNotFoundError
        If there is no such file.
    ImportError
        If DuckDB is not installed.
    """
    path = os.fspath(path)
    ending = next((ending for ending in _READ if path.lower().endswith(ending)), None)
    if ending is None:
        raise ValueError(f"{path!r} is no file of events: its name must end in {', '.join(_READ)}")
    if "*" not in path and not Path(path).is_file():
        raise FileNotFoundError(f"there is no file {path!r}")
    try:
        import duckdb
    except ImportError as error:
        raise ImportError("a file of events is read by DuckDB: pip install 'r2p-analysis[scale]'") from error
    with faults_of(repr(path)):
        # A connection of its own: nothing that the user has open is touched.
        return _READ[ending](duckdb.connect(), _SPECIAL.sub(r"[\g<0>]", path))


@contextmanager
def faults_of(what: str) -> Iterator[None]:
    """Turn what DuckDB says of a file, perhaps only when its rows are read, into an error of Python."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and "No files found" in str(error):
            raise FileNotFoundError(f"there is no file {what}") from error
        raise ValueError(f"{what} cannot be read: {_in_short(error)}") from error


def _in_short(error: Exception) -> str:
    """What is wrong, where, and in which file, without the settings that DuckDB lists."""
    lines = [line.strip() for line in str(error).splitlines()]
    return "; ".join(line for i, line in enumerate(lines) if line and (i < 3 or line.startswith("file = ")))
