"""Reading tables by their descriptor, and every fault in them at once.

``datapackage.json`` (Data Package v2, Table Schema) is the only place that names columns, types,
codes and keys. Beside the standard's own words a field may carry ``edtf`` (an EDTF date),
``separator`` (a list in one cell), ``refersTo`` (tables, one of which holds the value),
``refersToRows`` (``table:id``; with ``acrossLayers``, of either layer) and ``axis`` (the codes that
tables and figures show).

A fault never stops the reading: all of them come in one `FaultReport`. While a table is checked its
index holds the lines of the file, so a fault names the line that an editor shows.
"""

from __future__ import annotations

import csv
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import pandas as pd

from r2p_analysis import dates

Tables = dict[str, pd.DataFrame]

_INTEGER = re.compile(r"-?\d{1,18}")


class DataError(ValueError):
    """Something is wrong with data that a user brought."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: where it is, what stands there, which rule it breaks, what to do.

    Attributes
    ----------
    file : str
        Path below the study's folder.
    row : int
        Line of the file; the header is line 1, and 0 means the file as a whole.
    column, value : str
        Column and offending value; empty where a whole row or file is meant.
    rule, hint : str
        The rule in words, and what is allowed or was probably meant.
    """

    file: str
    row: int
    column: str
    value: str
    rule: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.row}" if self.row else self.file
        cell = f" [{self.column}] {self.value!r}" if self.column else ""
        return f"{place}{cell}: {self.rule}" + (f" ({self.hint})" if self.hint else "")


class FaultReport(DataError):
    """All faults of a study.

    Attributes
    ----------
    faults : tuple of Fault
        In the order of files and lines.
    """

    def __init__(self, faults: Iterable[Fault], folder: Path | str = "") -> None:
        self.faults = tuple(sorted(faults))
        lines = "\n  ".join(str(fault) for fault in self.faults)
        n = len(self.faults)
        super().__init__(f"{n} fault{'s' * (n != 1)} in the study {folder}:\n  {lines}")

    def table(self) -> pd.DataFrame:
        """The faults as a table: file, row, column, value, rule, hint."""
        return pd.DataFrame([astuple(f) for f in self.faults], columns=[f.name for f in fields(Fault)])


def suggest(value: object, allowed: Iterable[str]) -> str:
    """What is allowed, and which of it was probably meant.

    Examples
    --------
    >>> suggest("operatin", ["operating", "planned"])
    "did you mean 'operating'? allowed: operating, planned"
    """
    allowed = [str(a) for a in allowed]
    near = difflib.get_close_matches(str(value), allowed, n=1, cutoff=0.6)
    meant = f"did you mean {near[0]!r}? " if near else ""
    shown = ", ".join(allowed[:40]) + (f", … ({len(allowed)} in all)" if len(allowed) > 40 else "")
    return f"{meant}allowed: {shown}"


def one_of(value: object, allowed: Iterable[str], what: str) -> str:
    """Return `value` if it is allowed, else raise a ValueError that says what is and what was meant.

    Examples
    --------
    >>> one_of("sure", ["certain", "possible"], "reading")
    Traceback (most recent call last):
        ...
    ValueError: unknown reading 'sure': allowed: certain, possible
    """
    allowed = list(allowed)
    if value not in allowed:
        raise ValueError(f"unknown {what} {value!r}: {suggest(value, allowed)}")
    return str(value)


def read_descriptor(folder: Path) -> dict:
    """Descriptor of the study in a folder.

    Raises
    ------
    DataError
        If the file is not JSON, or is no descriptor of tables.
    """
    path = folder / "datapackage.json"
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        for resource in descriptor["resources"]:
            (resource["name"], resource["path"], resource["schema"]["fields"], resource["schema"]["primaryKey"])
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not JSON in UTF-8: {error}") from error
    except (KeyError, TypeError) as error:
        raise DataError(f"{path} is no descriptor: every resource needs name, path and schema ({error})") from error
    return descriptor


def resources(descriptor: Mapping) -> dict[str, dict]:
    """Resources of a descriptor by the name of their table."""
    return {resource["name"]: resource for resource in descriptor["resources"]}


def key_of(descriptor: Mapping, table: str) -> list[str]:
    """Columns of a table's primary key."""
    return list(resources(descriptor)[table]["schema"]["primaryKey"])


def read_tables(folder: Path, descriptor: Mapping) -> tuple[Tables, list[Fault]]:
    """Read every table that the descriptor declares.

    Parameters
    ----------
    folder : pathlib.Path
        The study's folder.
    descriptor : mapping
        Its descriptor.

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        Strings as ``str``, integers as ``Int64``, empty cells null, the index holding file lines.
        Only columns that are declared; those that lack are null.
    faults : list of Fault
        What could not be read.
    """
    tables, faults = {}, []
    for name, resource in resources(descriptor).items():
        header, rows, lines, found = _read_csv(folder / resource["path"], resource["path"])
        faults += found
        if header is not None:
            faults += _check_header(header, [f["name"] for f in resource["schema"]["fields"]], resource["path"])
        columns = dict(reversed([*zip(header or [], zip(*rows, strict=True), strict=False)]))  # the first of two
        tables[name], found = _typed(columns, lines, resource)
        faults += found
    known = {resource["path"] for resource in descriptor["resources"]}
    extra = sorted(p.relative_to(folder).as_posix() for p in (folder / "tables").glob("*.csv"))
    faults += [Fault(p, 0, "", "", "is not declared in datapackage.json") for p in extra if p not in known]
    return tables, faults


def _read_csv(path: Path, name: str) -> tuple[list[str] | None, list[list[str]], list[int], list[Fault]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None, [], [], [Fault(name, 0, "", "", "the file is missing", "datapackage.json declares it")]
    except UnicodeDecodeError as error:
        return None, [], [], [Fault(name, 0, "", "", "is not UTF-8", str(error))]
    if text.startswith("\ufeff"):
        return None, [], [], [Fault(name, 1, "", "", "begins with a byte order mark", "save as UTF-8 without one")]
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows, lines, faults, line = [], [], [], 1
    try:
        header = next(reader, [])
        for row in reader:
            line, here = reader.line_num + 1, line + 1
            if len(row) != len(header):
                rule = f"the row has {len(row)} cells, the header {len(header)}"
                faults.append(Fault(name, here, "", "", rule, "a comma or quote too many or too few?"))
                row = (row + [""] * len(header))[: len(header)]
            rows.append(row)
            lines.append(here)
            line = reader.line_num
    except csv.Error as error:
        faults.append(Fault(name, reader.line_num, "", "", "cannot be read as CSV (RFC 4180)", str(error)))
    return header, rows, lines, faults


def _check_header(header: list[str], names: list[str], file: str) -> Iterator[Fault]:
    for name in names:
        if name not in header:
            yield Fault(file, 1, name, "", "the column is missing", f"the file has: {', '.join(header)}")
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            yield Fault(file, 1, name, "", "the column stands twice")
        if name not in names:
            yield Fault(file, 1, name, "", "the column is not declared", suggest(name, names))


def _typed(
    columns: Mapping[str, Sequence[str]], lines: list[int], resource: Mapping
) -> tuple[pd.DataFrame, list[Fault]]:
    typed, faults, index = {}, [], pd.Index(lines, dtype="int64")
    for field in resource["schema"]["fields"]:
        name, is_integer = field["name"], field["type"] == "integer"
        cells = [cell or None for cell in columns.get(name, [""] * len(lines))]
        if is_integer:
            wrong = [bool(cell and not _INTEGER.fullmatch(cell)) for cell in cells]
            faults += [
                Fault(resource["path"], line, name, cell, "is not a whole number")
                for line, cell, bad in zip(lines, cells, wrong, strict=True)
                if bad
            ]
            cells = [int(cell) if cell and not bad else None for cell, bad in zip(cells, wrong, strict=True)]
        typed[name] = pd.Series(cells, index, dtype="Int64" if is_integer else "str")
    return pd.DataFrame(typed, index), faults


def check_tables(tables: Tables, descriptor: Mapping) -> list[Fault]:
    """Check typed tables against their descriptor: cells, keys and references.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        As `read_tables` gives them.
    descriptor : mapping
        The study's descriptor.

    Returns
    -------
    list of Fault
        Empty when the tables keep every rule that the descriptor states.
    """
    faults: list[Fault] = []
    for name, resource in resources(descriptor).items():
        frame, file = tables[name], resource["path"]
        for field in resource["schema"]["fields"]:
            faults += _check_cells(frame[field["name"]], field, file)
        faults += _check_key(frame, resource["schema"]["primaryKey"], file)
    return faults + check_references(tables, descriptor)


def _check_key(frame: pd.DataFrame, key: list[str], file: str) -> Iterator[Fault]:
    twice = frame[frame.duplicated(key, keep=False) & frame[key].notna().all(axis=1)]
    for row, *values in twice[key].itertuples():
        yield Fault(file, row, "+".join(key), " + ".join(map(str, values)), "the key stands more than once")


def _check_cells(column: pd.Series, field: Mapping, file: str) -> Iterator[Fault]:
    """Ask each rule once of each distinct value, and name every cell that holds one which breaks it."""
    filled = column.dropna()
    if len(filled) < len(column) and field.get("constraints", {}).get("required"):
        yield from (Fault(file, row, column.name, "", "is empty") for row in column.index[column.isna()])
    broken = {value: [r for rule in _VALUE_RULES if (r := rule(value, field))] for value in set(filled.tolist())}
    broken = {value: rules for value, rules in broken.items() if rules}
    for row, value in filled[filled.isin(broken)].items() if broken else ():
        yield from (Fault(file, row, column.name, str(value), *rule) for rule in broken[value])


def _no_white_space(value: object, field: Mapping) -> tuple[str, ...] | None:
    if field["type"] == "string" and (value != value.strip() or any(c in value for c in "\r\n\t")):
        return ("has white space at an end, or a line break or tab inside",)
    return None


def _a_code(value: object, field: Mapping) -> tuple[str, ...] | None:
    allowed = field.get("constraints", {}).get("enum")
    return ("is no code", suggest(value, allowed)) if allowed and value not in allowed else None


def _as_the_pattern(value: object, field: Mapping) -> tuple[str, ...] | None:
    pattern = field.get("constraints", {}).get("pattern")
    return (f"does not match {pattern}",) if pattern and not re.fullmatch(pattern, value) else None


def _within_limits(value: object, field: Mapping) -> tuple[str, ...] | None:
    limits = field.get("constraints", {})
    if "minimum" in limits and value < limits["minimum"]:
        return (f"is less than {limits['minimum']}",)
    if "maximum" in limits and value > limits["maximum"]:
        return (f"is more than {limits['maximum']}",)
    if "maxLength" in limits and len(value) > limits["maxLength"]:
        return (f"is longer than {limits['maxLength']} characters",)
    return None


def _a_date(value: object, field: Mapping) -> tuple[str, ...] | None:
    if field.get("edtf"):
        try:
            dates.parse(value)
        except ValueError as error:
            return "is not a date in EDTF", str(error).removeprefix(f"{value!r} ")
    return None


_VALUE_RULES = (_no_white_space, _a_code, _as_the_pattern, _within_limits, _a_date)


def check_references(
    tables: Tables, descriptor: Mapping, rule: str = "is not in", *, one_layer: bool = False
) -> list[Fault]:
    """Check every value that points to a row of another table.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Typed tables.
    descriptor : mapping
        The study's descriptor.
    rule : str, default "is not in"
        Words before the names of the tables in the fault.
    one_layer : bool, default False
        The tables hold one layer only: pass over fields that may point to the other.

    Returns
    -------
    list of Fault
        One for each dangling value.
    """
    ids = {name: set(frame[key_of(descriptor, name)[0]].dropna()) for name, frame in tables.items()}
    faults = []
    for name, resource in resources(descriptor).items():
        for column, targets, separator in _references(resource["schema"], one_layer):
            cells = tables[name][column].dropna()
            allowed = None if targets is None else set().union(*(ids[target] for target in targets))
            parts = {cell: cell.split(separator) if separator else [cell] for cell in set(cells)}
            broken = {c: [v for v in vs if not _is_there(v, allowed, ids)] for c, vs in parts.items()}
            broken = {cell: values for cell, values in broken.items() if values}
            for row, cell in cells[cells.isin(broken)].items() if broken else ():
                where = f"{rule} {' or '.join(targets) if targets else 'any table'}"
                faults += [Fault(resource["path"], row, column, v, where, _meant(v, allowed)) for v in broken[cell]]
    return faults


def _is_there(value: str, allowed: set[str] | None, ids: Mapping[str, set]) -> bool:
    if allowed is not None:
        return value in allowed
    table, _, key = value.partition(":")
    return key in ids.get(table, ())


def _meant(value: str, allowed: set[str] | None) -> str:
    if allowed is None:
        return "write table:id"
    near = difflib.get_close_matches(value, sorted(allowed), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


def _references(schema: Mapping, one_layer: bool) -> Iterator[tuple[str, list[str] | None, str | None]]:
    for key in schema.get("foreignKeys", []):
        yield key["fields"], [key["reference"]["resource"]], None
    for field in schema["fields"]:
        if "refersTo" in field:
            yield field["name"], field["refersTo"], field.get("separator")
        if field.get("refersToRows") and not (one_layer and field.get("acrossLayers")):
            yield field["name"], None, field["separator"]
