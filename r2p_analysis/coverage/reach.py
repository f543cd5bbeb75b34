"""Which functions reach which states, and through what: the claims that all of coverage is made of.

A claim is a pair of rows, a function and the membership that passes it on, or a function alone that is performed at
home. Codes are numbers here, in the order of the study's axes (the smaller, the stronger), so that a million cells
can be filled at once; `matrices` and `cube` give them their names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from r2p_analysis.spells import BODIES, bodies, lineages, memberships_at, root_bodies, rows_at
from r2p_analysis.study import Study, a_study

REACHING = ("operating", "planned", "potential")
"""Memberships through which a function reaches: who was suspended, has left or never joined is not reached."""

HOLDS = ["yes", "possible", "undated"]
"""How firmly a row holds, in the order of preference."""

SILENT = "silent"
"""Status of a cell that no row reaches; computed, never stored."""

NOT_PROTECTION = "Coverage is not protection."
"""What belongs under every table and figure of coverage."""

_WEAKER = ("status", "holds", "basis")


class Claims(NamedTuple):
    """Claims as numbers, and the rows that they are made of.

    Attributes
    ----------
    codes : pandas.DataFrame
        One claim a row: ``state``, ``function`` (places on the axes), ``via`` (text), ``status``, ``holds``, ``basis``
        (the weaker of both links), ``f`` and ``m``, places of the two rows; m is -1 where none is needed.
    functions, members : pandas.DataFrame
        The rows of functions and of memberships.
    """

    codes: pd.DataFrame
    functions: pd.DataFrame
    members: pd.DataFrame


def claims(
    study: Study,
    at: str | date | None,
    reading: str,
    roles: Collection[str],
    links: Collection[str] = REACHING,
) -> Claims:
    """Every claim that a function of the axis reaches a state.

    Parameters
    ----------
    study : Study
        The study.
    at, reading
        As in `coverage_table`.
    roles : collection of str
        Roles that pass a function on.
    links : collection of str
        Statuses of memberships that do.

    Returns
    -------
    Claims
        In no particular order. A status of memberships that functions do not have counts as the last of theirs.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> found = claims(load_study(), "2014-09-08", "possible", ["member"])
    >>> found.codes.columns.tolist()
    ['state', 'function', 'via', 'status', 'holds', 'basis', 'f', 'm']
    """
    members = of_states(study, memberships_at(study, at, reading=reading, status=links), roles)
    functions = on_the_axis(study, at, reading, roles)
    states = {iso3: place for place, iso3 in enumerate(states_of(study))}
    order = {
        "status": study.axis("functions", "status"),
        "holds": HOLDS,
        "basis": study.axis("functions", "basis"),
        "function": study.axis("functions", "function"),
    }
    f = _numbered(functions, order).assign(via=functions["via"], reach=functions["reach"], f=np.arange(len(functions)))
    m = _numbered(members, {name: order[name] for name in _WEAKER})
    m = m.assign(state=members["iso3"].map(states), reach=members["body_id"], m=np.arange(len(members)))
    passed = f.merge(m, on="reach", suffixes=("", "_of_member"))
    passed = passed.assign(**{name: np.maximum(passed[name], passed[f"{name}_of_member"]) for name in _WEAKER})
    at_home = f.assign(state=functions["home"].map(states), m=-1)[functions["home"].notna()]
    columns = ["state", "function", "via", *_WEAKER, "f", "m"]
    codes = pd.concat([passed[columns], at_home[columns]], ignore_index=True)
    return Claims(codes.astype({"state": "int64"}), functions, members)


def unreached(found: Claims) -> pd.DataFrame:
    """Rows of functions that reach no state, with what `on_the_axis` says of them.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> rows = unreached(claims(load_study(), "2014-09-08", "possible", ["member"]))
    >>> len(rows), int(rows["is_listed"].sum())
    (57, 0)
    """
    return found.functions.drop(found.functions.index[found.codes["f"]])


def counts_of_unreached(found: Claims) -> dict[str, int]:
    """Claims that are in no cell: all of them, and those of bodies whose list has nobody left."""
    rows = unreached(found)
    return {"n_unreached": len(rows), "n_members_gone": int(rows["is_listed"].sum())}


def states_of(study: Study) -> list[str]:
    """Codes of the states by sub-region; those without one come last.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> states_of(load_study())[:3]
    ['CAN', 'USA', 'BLZ']
    """
    rank = {subregion: i for i, subregion in enumerate(a_study(study).axis("regions", "subregion"))}
    pairs = zip(study.regions["subregion"], study.regions["iso3"], strict=True)
    return [iso3 for _, iso3 in sorted((rank.get(subregion, len(rank)), iso3) for subregion, iso3 in pairs)]


def shown_bodies(study: Study) -> list[str]:
    """Bodies of a matrix: the fixed ones that the study knows, else the roots of its own.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> shown_bodies(load_study())
    ['un', 'oas', 'caricom', 'sica', 'unasur', 'celac', 'lan', 'focal-points']
    """
    known = bodies(study)
    return [body for body in BODIES if body in known] or sorted(set(root_bodies(study, known).values()))


def every_cell(axes: Mapping[str, Sequence[str]]) -> pd.MultiIndex:
    """Every combination of some axes; the levels keep the order of the axes, also when they are unstacked.

    Examples
    --------
    >>> index = every_cell({"iso3": ["USA", "ARG"], "function": ["training", "reaction"]})
    >>> pd.Series(range(4), index).unstack().values.tolist()
    [[0, 1], [2, 3]]
    """
    shape = tuple(len(axis) for axis in axes.values())
    codes = np.unravel_index(np.arange(int(np.prod(shape))), shape) if all(shape) else [[]] * len(shape)
    levels = [pd.Index(axis, dtype="str") for axis in axes.values()]
    return pd.MultiIndex(levels=levels, codes=list(codes), names=list(axes))


def of_states(study: Study, memberships: pd.DataFrame, roles: Collection[str]) -> pd.DataFrame:
    """Rows of memberships of states of `regions` in some roles, with ``iso3``."""
    rows = memberships.assign(iso3=memberships["actor_id"].str.upper())
    return rows[rows["iso3"].isin(study.regions["iso3"]) & rows["role"].isin(roles)]


def on_the_axis(study: Study, at: str | date | None, reading: str, roles: Collection[str]) -> pd.DataFrame:
    """Claims on functions of the axis that hold: ``via``, what covers; ``home``, its state; ``reach``, whose members.

    ``is_listed``: whether the study names any of these at whatever time, so that one that reaches nobody has lost all.
    An organ reaches its own members where the study names any at whatever time, else those of the body above it.
    """
    functions = study.functions[study.functions["function"].isin(study.axis("functions", "function"))]
    functions = rows_at(study, functions, at, reading=reading)
    performing = sorted(functions["body_id"].unique())
    lines, roots = lineages(study, performing), root_bodies(study, performing)
    links = study.memberships[study.memberships["status"].isin(REACHING)]
    joined, states = set(of_states(study, links, roles)["body_id"]), set(study.regions["iso3"])
    home = {body: line[-1].upper() for body, line in lines.items() if line[-1].upper() in states}
    reach = {body: next((b for b in line if b in joined), line[-1]) for body, line in lines.items()}
    found = {name: functions["body_id"].map(by) for name, by in (("via", roots), ("home", home), ("reach", reach))}
    return functions.assign(**found, is_listed=found["reach"].isin(joined))


def _numbered(rows: pd.DataFrame, order: dict[str, list[str]]) -> pd.DataFrame:
    """Places of codes in their orders; what an order lacks comes after its last."""
    places = {
        name: np.where((place := pd.Index(codes).get_indexer(rows[name])) < 0, len(codes) - 1, place)
        for name, codes in order.items()
    }
    return pd.DataFrame(places, index=rows.index)
