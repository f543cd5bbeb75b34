"""Membership as a two-mode network: actors on one side, bodies on the other.

An edge is a membership that a row of the study states, with everything needed to trace it. Nodes come from
the study's fixed axes, not from the rows that hold on the day: isolates stay, since absence is a finding.
Organs are rolled up to the body that they are a part of, so that one organisation counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Literal

import networkx as nx
import pandas as pd

from r2p_analysis.options import in_short
from r2p_analysis.schema import one_of
from r2p_analysis.scopes import scopes_of
from r2p_analysis.spells import bodies, check, memberships_at, of_members, root_bodies
from r2p_analysis.study import Study

_NOT_TWO_MODE = "not a two-mode network"
_MODE = {"actor": 0, "body": 1}


def two_mode_network(
    study: Study,
    at: str | date | None = None,
    *,
    reading: Literal["certain", "possible"] = "possible",
    status: Collection[str] = ("operating",),
    roles: Collection[str] | None = None,
    actors: Literal["states", "all"] = "states",
    rollup: bool = True,
) -> nx.Graph:
    """Build the two-mode network of actors and the bodies that they belong to.

    Parameters
    ----------
    study : Study
        The study.
    at : str or datetime.date, optional
        Day on which memberships hold, see `spells.memberships_at`. None takes them whatever their dates.
    reading : {"certain", "possible"}, default "possible"
        Which spells to believe; ``certain`` needs a date.
    status : collection of str, default ("operating",)
        Statuses that make an edge.
    roles : collection of str, optional
        Roles that make an edge. None takes all but associate, observer and participant, who are no members.
    actors : {"states", "all"}, default "states"
        ``states`` has the states of `regions` and nobody else; ``all`` adds every other member that
        the study knows in one of the roles, whether it belongs on that day or not. A collective is
        never a node: it stands for members that may be named besides.
    rollup : bool, default True
        Whether an organ's members count for the body that it is a part of. A national body stays
        itself, since its state is no body.

    Returns
    -------
    networkx.Graph
        Nodes have ``bipartite`` (0 actor, 1 body), ``label``, ``kind`` and ``subregion`` (empty but for states
        of `regions`); bodies have ``scope``, the declared kind (empty where none is declared), and ``admits``,
        the actors that the scope lets in (None: every one); nodes and edges are sorted. Edges have
        ``membership_ids``, all rows behind them, and ``status``, ``holds``, ``role`` and ``basis`` of the row
        that claims most: first by status, then holds, role and basis, each in the order of its codes.
        ``G.graph`` records what was asked for, and ``n_left_out``, the rows that hold in one of the roles but
        whose actor is no node.

    Raises
    ------
    ValueError
        If a code or date cannot be read.

    See Also
    --------
    one_mode_projection : Co-membership.
    centralities : Measures of the nodes.

    Notes
    -----
    A member that is itself a body, as in a network of networks, is two nodes: ``icrtop`` the body and
    ``icrtop:member`` the actor.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> B = two_mode_network(load_study(), "2014-09-08")
    >>> sum(side == 0 for _, side in B.nodes(data="bipartite"))
    35
    >>> B.edges["arg", "lan"]["status"]
    'operating'
    """
    one_of(actors, ("states", "all"), "actors")
    status, roles = check(study, at, reading=reading, status=status, roles=roles)
    every_body = bodies(study)
    roots = root_bodies(study, every_body) if rollup else dict(zip(every_body, every_body, strict=True))
    members = _members(study, actors, roles, set(roots.values()))
    rows = memberships_at(study, at, reading=reading, status=status)
    rows = rows[rows["role"].isin(roles)]
    ties = rows.assign(actor=rows["actor_id"].map(members), body=rows["body_id"].map(roots)).dropna(subset="actor")

    B = nx.Graph(at=None if at is None else str(at), reading=reading, status=status, roles=roles, layers=study.layers)
    B.graph.update(actors=actors, rollup=rollup, n_left_out=len(rows) - len(ties))
    described = _described(study)
    for side, nodes in ((0, members), (1, {body: body for body in roots.values()})):
        B.add_nodes_from((nodes[i], {"bipartite": side, **described(i)}) for i in sorted(nodes))
    nx.set_node_attributes(B, {body: scope._asdict() for body, scope in scopes_of(study, roots.values()).items()})
    B.add_edges_from(_edges(study, ties))
    return B


def sides(B: nx.Graph, mode: str) -> tuple[list[str], list[str]]:
    """Nodes of the side asked for and of the other one, sorted; a ValueError if `B` is not two-mode."""
    side = _MODE[one_of(mode, _MODE, "mode")]
    if not isinstance(B, nx.Graph):
        raise ValueError(f"{_NOT_TWO_MODE}: {in_short(B)} is no networkx.Graph; take two_mode_network")
    if B.is_directed() or B.is_multigraph():
        raise ValueError(f"{_NOT_TWO_MODE}: {type(B).__name__} has directions or parallel edges; allowed: Graph")
    sides = dict(B.nodes(data="bipartite"))
    for node, given in sides.items():
        if given not in (0, 1):
            raise ValueError(f"{_NOT_TWO_MODE}: bipartite is {given!r} at {node!r}; allowed: 0 (actor), 1 (body)")
    for u, v in B.edges:
        if sides[u] == sides[v]:
            raise ValueError(f"{_NOT_TWO_MODE}: the edge {u!r} - {v!r} ties two nodes of bipartite {sides[u]}")
    return sorted(n for n in sides if sides[n] == side), sorted(n for n in sides if sides[n] != side)


def _members(study: Study, actors: str, roles: Collection[str], taken: set[str]) -> dict[str, str]:
    """Node of each actor of the network, by its id."""
    ids = set(study.regions["iso3"].str.lower())
    if actors == "all":
        ids |= set(of_members(study, study.memberships, roles)["actor_id"])
    return {actor: f"{actor}:member" if actor in taken else actor for actor in ids}


def _described(study: Study) -> Callable[[str], dict[str, str]]:
    known, regions = study.actors, study.regions
    names = known["short_name"].fillna(known["name"])
    labels = dict(zip(known["actor_id"], names, strict=True))
    kinds = dict(zip(known["actor_id"], known["kind"], strict=True))
    states = regions["iso3"].str.lower()
    labels |= dict(zip(states, regions["name_en"], strict=True))
    kinds |= dict.fromkeys(states, "state")
    subregions = dict(zip(states, regions["subregion"].fillna(""), strict=True))
    return lambda i: {"label": labels.get(i, i), "kind": kinds.get(i, ""), "subregion": subregions.get(i, "")}


def _edges(study: Study, ties: pd.DataFrame) -> list[tuple[str, str, dict]]:
    order = {code: study.axis("memberships", code) for code in ("status", "role", "basis")}
    order["holds"] = ["yes", "possible", "undated"]
    ranked = ties.sort_values(
        ["status", "holds", "role", "basis", "membership_id"],
        key=lambda column: column.map(order[column.name].index) if column.name in order else column,
    )
    edges: dict[tuple[str, str], dict] = {}
    for row in ranked.itertuples():
        claim = {"role": row.role, "status": row.status, "basis": row.basis, "holds": row.holds, "membership_ids": []}
        edges.setdefault((row.actor, row.body), claim)["membership_ids"].append(row.membership_id)
    return [(a, b, {**edges[a, b], "membership_ids": sorted(edges[a, b]["membership_ids"])}) for a, b in sorted(edges)]
