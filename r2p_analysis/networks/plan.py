"""Unknown days together: which memberships hang on them, and draws of all of them at once.

The modelling choice is that of `unknown_days`. Two unknown days hang together if spells of one history, or an order of
start and end, tie them; all others are independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.networks.unknown_days import unknown_days
from r2p_analysis.options import generator, whole
from r2p_analysis.study import Study

SIDES = ("start", "end")
"""Boundaries of a spell, in the order of `History.of_spell`."""

_HISTORY = ["actor_id", "body_id", "role"]
_ROUNDS = 10_000


@dataclass(frozen=True)
class History:
    """Spells of one member in one body and role, which settle among themselves what holds (see `spells`).

    Attributes
    ----------
    spells : pandas.DataFrame
        Memberships of every status.
    of_spell : numpy.ndarray
        Number of the unknown day of each spell's start and end; -1 where there is none.
    rows : tuple of int
        Positions in the rows of the plan of those spells that it asks for.
    own : tuple of int
        Positions of the same in `spells`.
    """

    spells: pd.DataFrame
    of_spell: np.ndarray
    rows: tuple[int, ...]
    own: tuple[int, ...]

    @property
    def unknown(self) -> list[int]:
        """Unknown days of its spells."""
        return sorted({*self.of_spell.ravel().tolist()} - {-1})


@dataclass(frozen=True)
class Plan:
    """Rows of memberships and the unknown days that they hang on.

    Attributes
    ----------
    study : Study
        The study of the rows.
    rows : pandas.DataFrame
        Memberships; positions are positions in it.
    days : tuple of numpy.ndarray
        Possible days of each unknown day, ascending.
    orders : tuple of (int, int)
        Of which two unknown days the first must come before the second, where their days overlap.
    parts : tuple of (tuple of int, tuple of History)
        Unknown days and histories that hang together; parts are independent of each other.
    """

    study: Study
    rows: pd.DataFrame
    days: tuple[np.ndarray, ...]
    orders: tuple[tuple[int, int], ...]
    parts: tuple[tuple[tuple[int, ...], tuple[History, ...]], ...]


def plan(study: Study, rows: pd.DataFrame, *, together: str = "body") -> Plan:
    """Find the unknown days on which some rows of memberships hang.

    Parameters
    ----------
    study : Study
        The study; all its memberships are asked, since another row may narrow or tie a day.
    rows : pandas.DataFrame
        Rows of its memberships.
    together : {"body", "actor"}, default "body"
        See `unknown_days`.

    Returns
    -------
    Plan
        What `draw` and `worlds` need.

    Raises
    ------
    ValueError
        If `together` is unknown.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study()
    >>> found = plan(study, study.memberships[study.memberships["body_id"] == "lan"])
    >>> [len(days) for days in found.days], len(found.parts)
    ([366], 1)
    """
    table = unknown_days(study, together=together).dropna(subset="day_id")
    rows = rows.reset_index(drop=True)
    asked = pd.MultiIndex.from_frame(rows[_HISTORY])
    spells = study.memberships
    spells = spells[pd.MultiIndex.from_frame(spells[_HISTORY]).isin(asked)]
    orders = _orders(table)
    linked = nx.Graph(orders)
    mine = table[table["membership_id"].isin(spells["membership_id"])]
    wanted = set(mine["day_id"])
    # Days of other rows matter only where an order ties them to ours.
    wanted |= {j for i in wanted if i in linked for j in nx.node_connected_component(linked, i)}
    number = {day: i for i, day in enumerate(sorted(wanted))}
    runs = table.drop_duplicates("day_id").set_index("day_id")["runs"]
    days = tuple(np.concatenate([np.arange(low, high + 1) for low, high in runs[day]]) for day in number)
    orders = tuple((number[i], number[j]) for i, j in orders if i in number)
    sides = zip(mine["membership_id"], mine["boundary"], mine["day_id"].map(number), strict=True)
    histories = _histories(spells, rows, {(row, side): day for row, side, day in sides})
    return Plan(study, rows, days, orders, _parts(len(days), histories, orders))


def draw(plan: Plan, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw worlds: a day for every unknown day, each as likely as the others that the orders allow.

    Parameters
    ----------
    plan : Plan
        See `plan`.
    n : int
        How many worlds, at least 1.
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    numpy.ndarray
        Worlds x unknown days: proleptic day numbers.

    Raises
    ------
    ValueError
        If `n` is below 1, or if next to no choice of days keeps the orders.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study()
    >>> draw(plan(study, study.memberships), 5, np.random.default_rng(1)).shape[0]
    5
    """
    whole(n, "draws", 1)
    generator(rng)
    drawn = np.empty((n, len(plan.days)), dtype=int)
    for block in blocks(range(len(plan.days)), plan.orders):
        orders = [pair for pair in plan.orders if pair[0] in block]
        waiting = np.arange(n)
        for _ in range(_ROUNDS):
            for i in block:
                drawn[waiting, i] = rng.choice(plan.days[i], size=len(waiting))
            waiting = (
                waiting[~np.all([drawn[waiting, i] < drawn[waiting, j] for i, j in orders], axis=0)] if orders else []
            )
            if not len(waiting):
                break
        else:
            raise ValueError("the stated days leave next to no choice in which every spell begins before it ends")
    return drawn


def _orders(table: pd.DataFrame) -> list[tuple[int, int]]:
    """Start and end of one row where both are unknown and their days overlap."""
    sides = [table[table["boundary"] == side] for side in SIDES]
    both = sides[0].merge(sides[1], on="membership_id", suffixes=("_start", "_end"))
    pairs = zip(both["day_id_start"], both["day_id_end"], both["runs_start"], both["runs_end"], strict=True)
    return sorted({(int(i), int(j)) for i, j, begun, ended in pairs if begun[-1][1] >= ended[0][0]})


def _histories(spells: pd.DataFrame, rows: pd.DataFrame, day_of: dict[tuple[str, str], int]) -> list[History]:
    """Histories with an unknown day, sorted."""
    place = {row: i for i, row in enumerate(rows["membership_id"])}
    found = []
    for _, group in spells.sort_values("membership_id").groupby(_HISTORY):
        ids = group["membership_id"].tolist()
        of_spell = np.array([[day_of.get((row, side), -1) for side in SIDES] for row in ids])
        own = tuple(i for i, row in enumerate(ids) if row in place)
        history = History(group.reset_index(drop=True), of_spell, tuple(place[ids[i]] for i in own), own)
        found += [history] if history.unknown else []
    return found


def _parts(n: int, histories: Sequence[History], orders: Sequence[tuple[int, int]]) -> tuple:
    G = nx.Graph(orders)
    G.add_nodes_from(range(n))
    for history in histories:
        nx.add_path(G, history.unknown)
    parts = {part: [] for part in sorted(tuple(sorted(part)) for part in nx.connected_components(G))}
    part_of = {day: part for part in parts for day in part}
    for history in histories:
        parts[part_of[history.unknown[0]]].append(history)
    return tuple((part, tuple(hang_on_it)) for part, hang_on_it in parts.items())


def blocks(unknown: Sequence[int], orders: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Unknown days that are ordered against each other, each block sorted.

    Examples
    --------
    >>> blocks([0, 1, 2], [(0, 2)])
    [(0, 2), (1,)]
    """
    G = nx.Graph([pair for pair in orders if pair[0] in unknown])
    G.add_nodes_from(unknown)
    return sorted(tuple(sorted(block)) for block in nx.connected_components(G))
