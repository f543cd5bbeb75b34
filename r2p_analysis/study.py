"""Loading and saving a study: a frozen bundle of checked tables, with no analysis in it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from r2p_analysis import paths
from r2p_analysis.layers import add_named, join_layers, part_layers
from r2p_analysis.options import in_short
from r2p_analysis.rules import check_rules
from r2p_analysis.schema import (
    FaultReport,
    Tables,
    check_references,
    check_tables,
    key_of,
    names_of,
    one_of,
    read_descriptor,
    read_tables,
    resources,
)

_LAYERS = {"coded": ("explicit", "inferred"), "reference": ("external",)}


class UnknownTable(AttributeError, ValueError):
    """A table that the study does not have."""


@dataclass(frozen=True)
class Study:
    """A study's tables; each is an attribute, as in ``study.events``.

    Attributes
    ----------
    tables : mapping of str to pandas.DataFrame
        By name. Columns in the descriptor's order, rows sorted by key, strings as ``str``,
        integers as ``Int64``. Null means that the source does not say, never "no".
    descriptor : mapping
        The parsed ``datapackage.json``.
    path : pathlib.Path
        Folder that it was read from.
    layers : tuple of str
        Which layers its rows belong to.
    notes : tuple of str
        With both layers: what was recomputed, and what they state twice or against each other.
    """

    tables: Mapping[str, pd.DataFrame]
    descriptor: Mapping
    path: Path
    layers: tuple[str, ...] = ("coded",)
    notes: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Give the table of that name."""
        if name.startswith("_") or "tables" not in self.__dict__:
            raise AttributeError(name)
        try:
            return self.tables[one_of(name, self.tables, "table")]
        except ValueError as error:
            raise UnknownTable(str(error)) from None

    def __dir__(self) -> list[str]:
        """List the tables as well, for completion."""
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        """Name the study, its version, its layers and the sizes of its tables."""
        sizes = ", ".join(f"{name} {len(frame)}" for name, frame in self.tables.items())
        version = self.descriptor.get("version", "without version")
        return f"<Study {self.descriptor.get('name', '')} {version}, {' + '.join(self.layers)} layer: {sizes}>"

    def axis(self, table: str, column: str) -> list[str]:
        """Codes that a table or figure shows for a coded column, in the order of the descriptor.

        Parameters
        ----------
        table, column : str
            A coded column.

        Returns
        -------
        list of str
            The field's ``axis``, else all its codes, whether rows use them or not.
        """
        schema = resources(self.descriptor)[one_of(table, self.tables, "table")]["schema"]
        fields = {field["name"]: field for field in schema["fields"]}
        field = fields[one_of(column, fields, f"column of {table}")]
        coded = [name for name, f in fields.items() if "enum" in f.get("constraints", {})]
        one_of(column, coded, f"coded column of {table}")
        return list(field.get("axis", field["constraints"]["enum"]))

    def label(self, column: str, code: str, language: str = "en") -> str:
        """Label of a code, from ``codes``; the code itself where it has none.

        Parameters
        ----------
        column : str
            ``table.column`` or the name that several tables share.
        code : str
            The code.
        language : {"en", "es"}, default "en"
            Language of the label.

        Returns
        -------
        str
            The label.

        Raises
        ------
        ValueError
            If the study has no such column, or the language is unknown.
        """
        codes = self.codes
        fields = {(n, f["name"]) for n, r in resources(self.descriptor).items() for f in r["schema"]["fields"]}
        known = {*codes["column"], *(f"{table}.{name}" for table, name in fields), *(name for _, name in fields)}
        one_of(column, sorted(known), "column")
        names = [column, column.rpartition(".")[2]]
        found = codes[codes["column"].isin(names) & (codes["code"] == code)]
        return found[f"label_{one_of(language, ('en', 'es'), 'language')}"].iloc[0] if len(found) else code

    def with_tables(self, **frames: pd.DataFrame) -> Study:
        """Copy of the study with some tables replaced; the copy is not checked.

        Parameters
        ----------
        **frames : pandas.DataFrame
            New tables by name.

        Returns
        -------
        Study
            The copy.
        """
        for name in frames:
            one_of(name, self.tables, "table")
        return replace(self, tables=MappingProxyType({**self.tables, **frames}))


def load_study(path: str | os.PathLike | None = None, layers: Sequence[str] = ("coded",)) -> Study:
    """Load a study and check all of it.

    Parameters
    ----------
    path : str or path-like, optional
        Folder with a ``datapackage.json``; None takes the shipped study, which travels in the
        package.
    layers : sequence of {"coded", "reference"}, default ("coded",)
        Rows to keep: coded = basis explicit or inferred, reference = basis external, with the actors and
        events that it shares with the coded layer (``notes`` says how many). A table that
        the descriptor gives to one ``layer`` (rosters, votes, ...) is empty without it; the others
        without a basis (sources, passages, references, regions, codes) are always whole.

    Returns
    -------
    Study
        Typed and checked tables.

    Raises
    ------
    FileNotFoundError
        If there is no study; the message lists where it was looked for.
    FaultReport
        With every fault of every table at once.
    ValueError
        If a layer is unknown or stands twice, or none is asked for.

    Examples
    --------
    >>> study = load_study()
    >>> study.layers, len(study.regions)
    (('coded',), 35)
    """
    asked = names_of(layers, _LAYERS, "layer", once=True)
    layers = tuple(layer for layer in _LAYERS if layer in asked)
    if not layers:
        raise ValueError(f"no layer asked for; choose from {', '.join(_LAYERS)}")
    folder = paths.study_folder(path)
    descriptor = read_descriptor(folder)
    tables, faults = read_tables(folder, descriptor)
    faults += check_tables(tables, descriptor)
    faults += check_rules(tables, descriptor)
    if not faults:
        coded = _of_layers(tables, descriptor, ("coded",))
        faults = check_references(coded, descriptor, "is not in the coded layer's", one_layer=True)
    if faults:
        raise FaultReport(faults, folder)
    every, tables = tables, _of_layers(tables, descriptor, layers)
    notes: tuple[str, ...] = ()
    if set(layers) == set(_LAYERS):
        tables, notes = join_layers(tables)
    elif layers == ("reference",):
        tables, notes = add_named(tables, every, descriptor)
    tables = {name: _sorted(frame, key_of(descriptor, name)) for name, frame in tables.items()}
    return Study(MappingProxyType(tables), descriptor, folder, layers, notes)


def a_study(study: Study) -> Study:
    """Give the study back; a ValueError if it is none.

    Examples
    --------
    >>> a_study("data")
    Traceback (most recent call last):
        ...
    ValueError: 'data' is no study: give what load_study() returns
    """
    if not isinstance(study, Study):
        raise ValueError(f"{in_short(study)} is no study: give what load_study() returns")
    return study


def of_layers(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Name, in a table's ``.attrs["layers"]``, the layers that it was made of; the table itself is returned.

    Examples
    --------
    >>> of_layers(load_study(), pd.DataFrame({"n": [1]})).attrs
    {'layers': ('coded',)}
    """
    table.attrs["layers"] = study.layers
    return table


def save_study(study: Study, folder: str | os.PathLike) -> Path:
    r"""Write a study's descriptor and tables: UTF-8, RFC 4180, ``\n``, sorted by key.

    Either all files are written or none: they are made beside the folder and moved into it.

    Parameters
    ----------
    study : Study
        What to write; all its tables, with the rows that it holds.
    folder : str or path-like
        Where to; files of the same name are replaced, others stay.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # What both layers say together is computed on loading; each is stored as it stands.
    tables = part_layers(dict(study.tables)) if set(study.layers) == set(_LAYERS) else study.tables
    with tempfile.TemporaryDirectory(dir=folder) as made:
        written = [Path("datapackage.json")]
        text = json.dumps(study.descriptor, indent=2, ensure_ascii=False) + "\n"
        (Path(made) / written[0]).write_text(text, encoding="utf-8", newline="\n")
        for name, resource in resources(study.descriptor).items():
            target = Path(made) / resource["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            frame = _sorted(tables[name], key_of(study.descriptor, name))
            frame.to_csv(target, index=False, lineterminator="\n", encoding="utf-8")
            written.append(Path(resource["path"]))
        for file in written:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(made) / file, folder / file)
    return folder


def _of_layers(tables: Tables, descriptor: Mapping, layers: Sequence[str]) -> Tables:
    """Rows of some layers: told by their basis, or by the layer that their whole table belongs to."""
    bases = [basis for layer in layers for basis in _LAYERS[layer]]
    kept = {}
    for name, resource in resources(descriptor).items():
        frame = tables[name]
        if "basis" in frame.columns:
            kept[name] = frame[frame["basis"].isin(bases)]
        else:
            layer = one_of(resource.get("layer", layers[0]), _LAYERS, "layer of a table")
            kept[name] = frame if layer in layers else frame.iloc[:0]
    return kept


def _sorted(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return frame.sort_values(key, ignore_index=True)
