"""Reading one CSV file (RFC 4180, UTF-8) into cells and the lines they stand on, or saying why not."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

Reason = tuple[int, str, str]
"""Line of the file (0 means the whole of it), the rule and a hint."""


class Unreadable(ValueError):
    """A file that cannot be read as a table; its arguments are a `Reason`."""


def read_rows(path: Path) -> tuple[list[str], list[list[str]], list[int], list[Reason]]:
    """Read the header, the rows cut or filled to its length, the lines where they begin, and which were not so long.

    Raises
    ------
    Unreadable
        If the file is missing, empty, not UTF-8 without a byte order mark, or no CSV.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    rows, lines, reasons, begins = [], [], [], 1
    try:
        header = next(reader)
        begins = reader.line_num + 1
        for row in reader:
            if len(row) != len(header):
                rule = f"the row has {len(row)} cells, the header {len(header)}"
                reasons.append((begins, rule, "a comma or quote too many or too few?" if row else "a blank line"))
            rows.append((row + [""] * len(header))[: len(header)])
            lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(begins, "cannot be read as CSV (RFC 4180)", str(error)) from error
    return header, rows, lines, reasons


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        raise Unreadable(0, "the file is missing", "datapackage.json declares it") from None
    except OSError as error:
        raise Unreadable(0, "the file cannot be read", error.strerror or "") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Unreadable(0, "is not UTF-8", f"the first wrong byte is in line {line}; save as UTF-8") from error
    if text.startswith("\ufeff"):
        raise Unreadable(1, "begins with a byte order mark", "save as UTF-8 without one")
    if not text.strip():
        raise Unreadable(0, "the file is empty", "it needs a header at least")
    return text


def why_no_header(header: Sequence[str], names: Sequence[str]) -> str:
    r"""Say why the first line of a file has none of the columns that it should have.

    Examples
    --------
    >>> why_no_header(["alias;actor_id"], ["alias", "actor_id"])
    'the columns are separated by semicolons; save with commas'
    """
    if not header:
        return "the first line is blank"
    for sign, separator in (("semicolons", ";"), ("tabs", "\t")):
        if set("".join(header).split(separator)) & set(names):
            return f"the columns are separated by {sign}; save with commas"
    return f"the first line has to be: {','.join(names)}"
