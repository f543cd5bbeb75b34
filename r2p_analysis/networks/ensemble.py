"""The networks of a day: as the rows state it, and in every world that uncertain dates allow.

The modelling choice is that of `unknown_days` and `worlds`. A network of a world is the one that `two_mode_network`
would build from the study if its unknown days were known, down to the attributes of its ties. What does not depend on
the day (nodes, and which tie a row makes) is looked up once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis import dates as edtf
from r2p_analysis.networks import worlds as worlds_of
from r2p_analysis.networks.build import two_mode_network
from r2p_analysis.networks.plan import draw
from r2p_analysis.networks.plan import plan as plan_of
from r2p_analysis.options import listed
from r2p_analysis.schema import one_of
from r2p_analysis.study import Study

Day = str | date

LEAST = {"certain": 2, "possible": 1}
"""Code of `worlds` from which on a row holds, by reading."""

_HOLDS = {1: "possible", 2: "yes"}
_ARGUMENTS = ("status", "roles", "actors", "rollup")


def networks_at(
    study: Study, dates: Sequence[Day], *, reading: Literal["certain", "possible"] = "possible", **network: object
) -> dict[str, nx.Graph]:
    """Two-mode networks of several days, each as `two_mode_network` builds it, in less time.

    Parameters
    ----------
    study : Study
        The study.
    dates : sequence of str or datetime.date
        The days; no year, since a network is of one day.
    reading : {"certain", "possible"}, default "possible"
        Which spells to believe.
    **network : object
        Further arguments of `two_mode_network`: status, roles, actors, rollup.

    Returns
    -------
    dict of str to networkx.Graph
        By day (``2014-09-08``), in the order given.

    Raises
    ------
    ValueError
        If a date is not one day, or as in `two_mode_network`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> found = networks_at(load_study(), ["2011-12-31", "2012-12-31"])
    >>> {day: B.degree["lan"] for day, B in found.items()}
    {'2011-12-31': 0, '2012-12-31': 18}
    """
    one_of(reading, LEAST, "reading")
    frame, days = frame_of(study, network), days_of(dates)
    found = {}
    for day in days:
        codes = worlds_of.held(study, frame.rows, [day])[0]
        found[day.isoformat()] = network_of(frame, codes, reading, day)
    return found


def ensemble(
    study: Study,
    at: Day,
    *,
    reading: Literal["certain", "possible"] = "possible",
    together: Literal["body", "actor"] = "body",
    limit: int = 1024,
    draws: int = 500,
    rng: np.random.Generator | None = None,
    **network: object,
) -> list[tuple[Fraction, nx.Graph]]:
    """All distinct networks that the uncertain dates allow on a day, each with its probability.

    Parameters
    ----------
    study : Study
        The study.
    at : str or datetime.date
        The day.
    reading : {"certain", "possible"}, default "possible"
        Which rows of a world to believe where nothing is stated.
    together : {"body", "actor"}, default "body"
        Which boundaries with the same stated days are one day, see `unknown_days`.
    limit : int, default 1024
        Most networks that are enumerated.
    draws : int, default 500
        Worlds drawn where there are more.
    rng : numpy.random.Generator, optional
        Source of these draws; needed only then.
    **network : object
        Further arguments of `two_mode_network`: status, roles, actors, rollup.

    Returns
    -------
    list of (fractions.Fraction, networkx.Graph)
        Probability, or share of the draws, and network. They sum to 1. ``B.graph["n_draws"]`` is 0 where all networks
        were enumerated and the probabilities are exact.

    Raises
    ------
    ValueError
        If there are more than `limit` networks and no `rng`, or as in `networks_at`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> found = ensemble(load_study(), "2012-03-31")  # 91 days of 366
    >>> sum(chance for chance, B in found if B.degree["lan"] == 18)
    Fraction(91, 366)
    """
    one_of(reading, LEAST, "reading")
    frame, (day,) = frame_of(study, network), days_of([at])
    plan = plan_of(study, frame.rows, together=together)
    drawn = None if rng is None else draw(plan, draws, rng)
    found = worlds_of.worlds(plan, [day], reading=reading, limit=limit, drawn=drawn)
    made = [network_of(frame, codes, reading, day) for codes in found.holds[:, 0]]
    for B in made:
        B.graph["n_draws"] = found.n_draws
    return list(zip(found.weights, made, strict=True))


@dataclass(frozen=True)
class Frame:
    """What is the same on every day.

    Attributes
    ----------
    nodes : networkx.Graph
        The network without ties.
    rows : pandas.DataFrame
        Rows of memberships with one of the statuses and roles asked for.
    ties : tuple of (tuple of (str, str) or None)
        Actor and body of the tie that each row makes; None where its actor is no node.
    ranks : tuple of (tuple of (int, int, int, str))
        Place of each row by status, role, basis and id: which row claims most.
    claims : tuple of dict
        Role, status and basis of each row.
    """

    nodes: nx.Graph
    rows: pd.DataFrame
    ties: tuple[tuple[str, str] | None, ...]
    ranks: tuple[tuple[int, int, int, str], ...]
    claims: tuple[dict[str, str], ...]

    @property
    def asked(self) -> dict:
        """What was asked for, without what differs from day to day."""
        return {k: v for k, v in self.nodes.graph.items() if k not in ("at", "reading", "n_left_out")}


def frame_of(study: Study, network: Mapping[str, object]) -> Frame:
    """Look up what is the same on every day; `network` are arguments of `two_mode_network`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> frame = frame_of(load_study(), {"roles": ["focal_point"]})
    >>> frame.asked["roles"], len(frame.rows)
    (('focal_point',), 0)
    """
    for name in network:
        one_of(name, _ARGUMENTS, "argument of two_mode_network")
    B = two_mode_network(study, None, **network)
    rows = study.memberships
    rows = rows[rows["status"].isin(B.graph["status"]) & rows["role"].isin(B.graph["roles"])].reset_index(drop=True)
    actors = {node for node, side in B.nodes(data="bipartite") if side == 0}
    edges = [(u, v, ids) if u in actors else (v, u, ids) for u, v, ids in B.edges(data="membership_ids")]
    ties = {row: (actor, body) for actor, body, ids in edges for row in ids}
    order = [(rows[code], study.axis("memberships", code).index) for code in ("status", "role", "basis")]
    ranks = zip(*(column.map(place) for column, place in order), rows["membership_id"], strict=True)
    B.remove_edges_from(list(B.edges))
    claims = rows[["role", "status", "basis"]].to_dict("records")
    return Frame(B, rows, tuple(map(ties.get, rows["membership_id"])), tuple(ranks), tuple(claims))


def days_of(dates: Sequence[Day]) -> list[date]:
    """Days as dates; a ValueError for what is longer than a day.

    Examples
    --------
    >>> days_of(["2014-09-08"])
    [datetime.date(2014, 9, 8)]
    """
    if isinstance(dates, str | date):
        raise ValueError(f"several days are asked for: give a list, as in [{str(dates)!r}]")
    return [_day(at) for at in listed(dates, "dates", "2014-12-31")]


def network_of(frame: Frame, codes: np.ndarray, reading: str, day: date) -> nx.Graph:
    """Network of the rows that hold, by their codes (see `worlds.Worlds`), as `two_mode_network` would build it.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> frame = frame_of(load_study(), {})
    >>> network_of(frame, np.zeros(len(frame.rows)), "possible", date(2012, 6, 30)).size()
    0
    """
    kept = np.flatnonzero(codes >= LEAST[reading]).tolist()
    # By status first, then by what holds for certain: the row that claims most lends the tie its attributes.
    kept.sort(key=lambda i: (frame.ranks[i][0], -codes[i], frame.ranks[i][1:]))
    behind: dict[tuple[str, str], list[int]] = {}
    for i in kept:
        if frame.ties[i] is not None:
            behind.setdefault(frame.ties[i], []).append(i)
    n_left_out = sum(frame.ties[i] is None for i in kept)
    B = nx.Graph(**{**frame.nodes.graph, "at": day.isoformat(), "reading": reading, "n_left_out": n_left_out})
    B.add_nodes_from(frame.nodes.nodes(data=True))
    B.add_edges_from((*tie, _claim(frame, codes, behind[tie])) for tie in sorted(behind))
    return B


def _claim(frame: Frame, codes: np.ndarray, rows: list[int]) -> dict:
    ids = sorted(frame.ranks[i][-1] for i in rows)
    return {**frame.claims[rows[0]], "holds": _HOLDS[int(codes[rows[0]])], "membership_ids": ids}


def _day(at: Day) -> date:
    first, last = edtf.bounds(at.isoformat()[:10] if isinstance(at, date) else str(at))
    if first is None or first != last:
        raise ValueError(f"{at!r} is not one day, and a network with probabilities is of one day: as in '2014-12-31'")
    return first
