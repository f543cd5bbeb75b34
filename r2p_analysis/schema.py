"""Reading tables by their descriptor, and every fault in them at once.

``datapackage.json`` (Data Package v2, Table Schema) is the only place that names columns, types,
codes and keys. Beside the standard's own words a field may carry ``edtf`` (an EDTF date),
``separator`` (a list in one cell), ``refersTo`` (tables, one of which holds the value),
``refersToRows`` (``table:id``; with ``acrossLayers``, of either layer) and ``axis`` (the codes that tables and
figures show). A resource whose rows have no basis may carry the ``layer`` that all of them belong to.

A fault never stops the reading: all of them come in one `FaultReport`. A table that could not be read
is unknown: it is not among the tables, and nothing is asked of it or of what points to it. While a table
is checked its index holds the lines of the file, so a fault names the line that an editor shows.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import pandas as pd

from r2p_analysis import csvtable, dates
from r2p_analysis.descriptor import flaws, normalised, shown
from r2p_analysis.options import each_once, in_short, is_among, listed

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
        Those of whole files and headers first, then in the order of files and lines. Of a row with too
        few or too many cells no other fault is named.
    """

    def __init__(self, faults: Iterable[Fault], folder: Path | str = "", what: str = "the study") -> None:
        faults = list(faults)
        whole = {(fault.file, fault.row) for fault in faults if fault.row > 1 and not fault.column}
        kept = [fault for fault in faults if not fault.column or (fault.file, fault.row) not in whole]
        self.faults = tuple(sorted(kept, key=lambda fault: (fault.row > 1, fault)))
        lines = "\n  ".join(str(fault) for fault in self.faults)
        n = len(self.faults)
        place = folder if Path(folder).is_file() else f"{what} {folder}".strip()
        super().__init__(f"{n} fault{'s' * (n != 1)} in {place}:\n  {lines}")

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
    listed = ", ".join(allowed[:40]) + (f", … ({len(allowed)} in all)" if len(allowed) > 40 else "")
    return f"{_meant(value, allowed)} allowed: {listed}".strip()


def _meant(value: object, allowed: Iterable[object]) -> str:
    by_lower = {str(a).lower(): str(a) for a in allowed}
    near = difflib.get_close_matches(str(value).lower(), by_lower, n=1, cutoff=0.6)
    return f"did you mean {by_lower[near[0]]!r}?" if near else ""


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
    if not is_among(value, allowed):
        raise ValueError(f"unknown {what} {in_short(value)}: {suggest(value, allowed)}")
    return str(value)


def names_of(given: Iterable[str], allowed: Iterable[str], what: str, *, once: bool = False) -> list[str]:
    """Give names that are allowed as a list, see `one_of`; one may stand by itself, and none twice if it is asked.

    Examples
    --------
    >>> names_of("oas", ["oas", "lan"], "body")
    ['oas']
    >>> names_of(["oas", "oas"], ["oas", "lan"], "body", once=True)
    Traceback (most recent call last):
        ...
    ValueError: body 'oas' stands twice: name each once
    """
    allowed = list(allowed)
    names = [one_of(name, allowed, what) for name in listed(given, what, next(iter(allowed), "name"))]
    return each_once(names, what) if once else names


def read_descriptor(folder: Path) -> dict:
    """Descriptor of the study in a folder, its short forms written out.

    Raises
    ------
    DataError
        If the file is not JSON.
    FaultReport
        With every flaw of the descriptor.
    """
    path = folder / "datapackage.json"
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not JSON in UTF-8: {error}") from error
    found = [
        Fault(path.name, 0, place, shown(value), rule, hint if isinstance(hint, str) else suggest(shown(value), hint))
        for place, value, rule, hint in flaws(descriptor)
    ]
    if found:
        raise FaultReport(found, folder)
    return normalised(descriptor)


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
        Only columns that are declared and there. A table of which no row can be told, for the file or
        a column of its key cannot be read, is left out.
    faults : list of Fault
        What could not be read.
    """
    tables, faults = {}, []
    for name, resource in resources(descriptor).items():
        table, found = _read_table(folder / resource["path"], resource)
        faults += found
        if table is not None:
            tables[name] = table
    known = {resource["path"] for resource in descriptor["resources"]}
    extra = sorted(p.relative_to(folder).as_posix() for p in (folder / "tables").glob("*.csv"))
    faults += [Fault(p, 0, "", "", "is not declared in datapackage.json") for p in extra if p not in known]
    return tables, faults


def _read_table(path: Path, resource: Mapping) -> tuple[pd.DataFrame | None, list[Fault]]:
    file, names = resource["path"], [field["name"] for field in resource["schema"]["fields"]]
    try:
        header, rows, lines, reasons = csvtable.read_rows(path)
    except csvtable.Unreadable as error:
        line, rule, hint = error.args
        return None, [Fault(file, line, "", "", rule, hint)]
    if not set(header) & set(names):
        hint = csvtable.why_no_header(header, names)
        return None, [Fault(file, 1, "", "", "the header has none of the columns", hint)]
    faults = [*_check_header(header, names, file), *(Fault(file, n, "", "", rule, hint) for n, rule, hint in reasons)]
    if not set(resource["schema"]["primaryKey"]) <= set(header):
        return None, faults
    cells = list(zip(*rows, strict=True)) or [()] * len(header)
    columns = dict(reversed([*zip(header, cells, strict=True)]))  # the first of two
    table, found = _typed(columns, lines, resource)
    return table, faults + found


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
        if name not in columns:
            continue
        cells = [cell or None for cell in columns[name]]
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
    for name, frame in tables.items():
        resource = resources(descriptor)[name]
        for field in resource["schema"]["fields"]:
            if field["name"] in frame:
                faults += _check_cells(frame[field["name"]], field, resource["path"])
        faults += _check_key(frame, resource["schema"]["primaryKey"], resource["path"])
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
    # None: the table is declared, but its ids are not known.
    ids = {n: set(tables[n][key_of(descriptor, n)[0]].dropna()) if n in tables else None for n in resources(descriptor)}
    faults = []
    for name, frame in tables.items():
        resource = resources(descriptor)[name]
        for column, targets, separator in _references(resource["schema"], one_layer):
            targets = None if targets is None else [target for target in targets if target in ids]
            if column not in frame or any(ids[target] is None for target in targets or ()):
                continue
            cells = frame[column].dropna()
            allowed = None if targets is None else set().union(*(ids[target] for target in targets))
            parts = {cell: cell.split(separator) if separator else [cell] for cell in set(cells)}
            broken = {c: [v for v in vs if not _is_there(v, allowed, ids)] for c, vs in parts.items()}
            broken = {cell: values for cell, values in broken.items() if values}
            where = f"{rule} {' or '.join(targets) if targets else 'any table'}"
            for row, cell in cells[cells.isin(broken)].items() if broken else ():
                for value in broken[cell]:
                    hint = "write table:id" if allowed is None else _meant(value, sorted(allowed))
                    faults.append(Fault(resource["path"], row, column, str(value), where, hint))
    return faults


def _is_there(value: object, allowed: set | None, ids: Mapping[str, set | None]) -> bool:
    if allowed is not None:
        return value in allowed
    table, _, key = str(value).partition(":")
    known = ids.get(table, set())
    return known is None or key in known


def _references(schema: Mapping, one_layer: bool) -> Iterator[tuple[str, list[str] | None, str | None]]:
    for key in schema.get("foreignKeys", []):
        yield key["fields"], [key["reference"]["resource"]], None
    for field in schema["fields"]:
        if "refersTo" in field:
            yield field["name"], field["refersTo"], field.get("separator")
        if field.get("refersToRows") and not (one_layer and field.get("acrossLayers")):
            yield field["name"], None, field.get("separator")
