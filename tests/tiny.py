"""A study of a few rows, made in the test that needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from r2p_analysis.schema import key_of, one_of, resources
from r2p_analysis.study import Study

_DESCRIPTOR = Path(__file__).parents[1] / "data" / "datapackage.json"

Rows = Sequence[Mapping[str, object]]


def tiny_study(**tables: Rows) -> Study:
    """Build a study from lists of rows, typed and sorted as `load_study` would, but not checked.

    Tables that are not given are empty. A cell that is not given is empty, with two exceptions: a required
    code is the first one allowed (status operating, basis explicit, role member, ...), and the id of a table
    with a key of one column is the table's name with a number (``memberships-1``).

    Parameters
    ----------
    **tables : list of dict
        Rows by name of the table. A name that the descriptor does not declare is a ValueError.

    Returns
    -------
    Study
        With every declared table.

    Examples
    --------
    >>> tiny_study(memberships=[{"actor_id": "arg", "body_id": "lan"}]).memberships.loc[0, "status"]
    'operating'
    """
    descriptor = json.loads(_DESCRIPTOR.read_text(encoding="utf-8"))
    for name in tables:
        one_of(name, resources(descriptor), "table")
    frames = {name: _frame(name, tables.get(name, ()), descriptor) for name in resources(descriptor)}
    return Study(MappingProxyType(frames), descriptor, Path("tiny"))


def _frame(name: str, rows: Rows, descriptor: Mapping) -> pd.DataFrame:
    key = key_of(descriptor, name)
    fields = {field["name"]: field for field in resources(descriptor)[name]["schema"]["fields"]}
    for column in {column: None for row in rows for column in row}:
        one_of(column, fields, f"column of {name}")
    columns = {column: [None if row.get(column) == "" else row.get(column) for row in rows] for column in fields}
    for column, field in fields.items():
        limits = field.get("constraints", {})
        if limits.get("required") and "enum" in limits:
            columns[column] = [limits["enum"][0] if cell is None else cell for cell in columns[column]]
        if key == [column]:
            columns[column] = [f"{name}-{i}" if cell is None else cell for i, cell in enumerate(columns[column], 1)]
    frame = pd.DataFrame(columns, columns=list(fields), dtype="object")
    frame = frame.astype({c: "Int64" if f["type"] == "integer" else "str" for c, f in fields.items()})
    return frame.sort_values(key, ignore_index=True)
