"""Whom the declared scope of a body admits: what its name or charter settles before anything is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from r2p_analysis.options import listed
from r2p_analysis.study import Study, a_study


class Scope(NamedTuple):
    """Declared kind of a body ("" where none is declared), and the states that it lets in (None: every one)."""

    scope: str = ""
    admits: list[str] | None = None


def scopes_of(study: Study, bodies: Iterable[str]) -> dict[str, Scope]:
    """Declared scope of each body; a study need not declare any.

    Parameters
    ----------
    study : Study
        The study.
    bodies : iterable of str
        Ids of bodies.

    Returns
    -------
    dict of str to Scope
        A scope a body, in the order given; ``admits`` has ids of states, sorted.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> found = scopes_of(load_study(), ["lan", "oas", "icrtop"])
    >>> found["lan"].scope, len(found["lan"].admits), found["oas"], found["icrtop"].scope
    ('purpose_built', 19, Scope(scope='regional', admits=None), '')
    """
    none = pd.DataFrame(columns=["body_id", "scope", "admits"])
    declared = a_study(study).tables.get("scopes", none).set_index("body_id")
    found = {body: Scope() for body in listed(bodies, "bodies")}
    for body, scope, admits in declared.loc[declared.index.isin(list(found)), ["scope", "admits"]].itertuples():
        found[body] = Scope(scope, None if pd.isna(admits) else _admitted(study.regions, admits))
    return found


def _admitted(regions: pd.DataFrame, admits: str) -> list[str]:
    let_in = pd.Series(False, regions.index)
    for alternative in admits.split(";"):
        column, sign, value = re.fullmatch(r"(\w+)(!?=)(.+)", alternative).groups()
        # An empty cell has no value: it is none of those that are named.
        has = regions[column].astype("str").fillna("").str.split(";").map(lambda cell, value=value: value in cell)
        let_in |= has == (sign == "=")
    return sorted(regions.loc[let_in, "iso3"].str.lower())
