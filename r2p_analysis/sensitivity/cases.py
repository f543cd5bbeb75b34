"""What a headline is computed of: a study, a day and a reading; and how far a switch moves it.

A headline has a base: both layers, or the coded one, as its notebook tells it. A study with one layer is the base of
all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from types import MappingProxyType

import pandas as pd

from r2p_analysis.holding import READINGS, rows_at
from r2p_analysis.layers import part_layers
from r2p_analysis.schema import key_of, resources
from r2p_analysis.spells import memberships_at
from r2p_analysis.study import Study

BOTH = ("coded", "reference")
"""Layers of headlines that need lists of members."""

CODED = ("coded",)
"""Layer of headlines on what the documents say."""

_DATED = ("memberships", "ties", "functions")


@dataclass(frozen=True, eq=False)
class Case:
    """What is asked: tables, a day, a reading.

    Attributes
    ----------
    study : Study
        The rows that count.
    every : Study
        The same study with all layers that were loaded, from which a switch may take rows.
    at : str or None
        The day, an EDTF date; None takes rows whatever their dates.
    reading : {"possible", "certain"}
        Which rows to believe.
    found : dict
        What `once` has worked out for this case.
    """

    study: Study
    every: Study
    at: str | None
    reading: str = "possible"
    found: dict = field(default_factory=dict, repr=False)

    def but(self, **changes: object) -> Case:
        """Give another case, of which nothing has been worked out yet."""
        return replace(self, **changes, found={})


def once(make: Callable) -> Callable:
    """Work out once for a case what several headlines need; nobody may change it.

    Examples
    --------
    >>> asked = []
    >>> twice = once(lambda case: asked.append(case.at) or len(asked))
    >>> case = Case(None, None, "2014")
    >>> twice(case), twice(case), twice(case.but(at="2015"))
    (1, 1, 2)
    """

    @wraps(make)
    def of(case: Case) -> object:
        if make not in case.found:
            case.found[make] = make(case)
        return case.found[make]

    return of


def base_of(every: Study, layers: Sequence[str], at: str | None, reading: str) -> Case:
    """Case that the headlines of some layers are told of; a study without these layers is taken as it is."""
    both = set(every.layers) == set(BOTH)
    return Case(coded_of(every) if both and tuple(layers) == CODED else every, every, at, reading)


def coded_of(every: Study) -> Study:
    """Coded layer of a study that was loaded with both, as `load_study` gives it.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> coded, loaded = coded_of(load_study(layers=BOTH)), load_study()
    >>> all(coded.tables[name].equals(loaded.tables[name]) for name in loaded.tables)
    True
    """
    tables = part_layers(dict(every.tables))
    layer = {name: resource.get("layer", "coded") for name, resource in resources(every.descriptor).items()}
    for name, rows in tables.items():
        coded = rows["basis"] != "external" if "basis" in rows else pd.Series(layer[name] == "coded", rows.index)
        tables[name] = rows[coded].reset_index(drop=True)
    return replace(every, tables=MappingProxyType(tables), layers=CODED, notes=())


def n_changed(base: Case, case: Case, tables: Sequence[str]) -> int:
    """How many rows of some tables tell two cases apart.

    Rows that are added, left out or changed count, each once; so do rows that are in both and hold in one only, or
    certainly in one and possibly in the other, since day or reading differ.
    """
    moved = [_told_apart(base, case, name) for name in tables if name in base.study.tables]
    return sum(map(len, moved))


def _told_apart(base: Case, case: Case, name: str) -> set[tuple]:
    before, after, key = (*(c.study.tables[name] for c in (base, case)), key_of(base.study.descriptor, name))
    found: set[tuple] = set()
    if before is not after:
        both = pd.concat([before, after])
        found |= _ids(both[~both.duplicated(keep=False)], key)
    if name in _DATED and (base.at, base.reading) != (case.at, case.reading):
        common = _ids(before, key) & _ids(after, key)
        moved = _ids(_holding(base, name), [*key, "holds"]) ^ _ids(_holding(case, name), [*key, "holds"])
        found |= common & {row[:-1] for row in moved}
    return found


def _holding(case: Case, name: str) -> pd.DataFrame:
    study, at, reading = case.study, case.at, case.reading
    if name == "memberships":  # one history a member: spells give way to each other
        return memberships_at(study, at, reading=reading, status=study.axis(name, "status"))
    held = rows_at(study, study.tables[name], at, reading="possible")
    return held[held["holds"].isin(READINGS[reading])]


def _ids(rows: pd.DataFrame, key: list[str]) -> set[tuple]:
    return set(rows[key].itertuples(index=False, name=None))
