"""Pairs tested: which actors, or bodies, share more or less than their sizes alone would give.

Every pair is tested, those that share nothing as well. Beside each p stands the smallest p that the two degrees
allow: a pair that cannot reach the level says nothing by not reaching it. A deviation is no finding where the scopes
of two bodies fix it, as of two bodies that admit different states: such pairs are marked *definitional*.
"""

from __future__ import annotations

from typing import Any, Literal

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis import nulls
from r2p_analysis.networks.build import sides
from r2p_analysis.networks.incidence import membership_matrix
from r2p_analysis.options import number
from r2p_analysis.schema import one_of

_CORRECTION = {
    None: "p is not corrected for the number of pairs.",
    "bh": "p_adjusted after Benjamini and Hochberg (1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x).",
    "holm": "p_adjusted after Holm (1979, Scandinavian Journal of Statistics 6(2), 65-70).",
}
_TAIL = {"upper": "in the upper tail", "lower": "in the lower tail", "two-sided": "in either tail"}
_EXTREME = {
    "upper": "at the most that both degrees allow them to share",
    "lower": "at the least that both degrees allow them to share",
    "two-sided": "at the most or the least that both degrees allow them to share",
}
_PLURAL = {"actor": "actors", "body": "bodies"}
_ASKED = ("at", "reading", "status", "roles", "layers")
_OF_EDGES = ("shared", "expected", "z", "p", "p_adjusted", "definitional")


def pair_table(
    B: nx.Graph,
    mode: Literal["actor", "body"] = "actor",
    *,
    null: str = "sdsm",
    tail: Literal["two-sided", "upper", "lower"] = "two-sided",
    correction: Literal["bh", "holm"] | None = "bh",
    level: float = 0.05,
    samples: int | None = None,
    rng: np.random.Generator | None = None,
    n_jobs: int = 1,
) -> pd.DataFrame:
    """Test what each pair of one side shares against a null model.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    mode : {"actor", "body"}, default "actor"
        Side whose pairs are tested.
    null : str, default "sdsm"
        A null of `nulls.pairs`: ``sdsm`` (both margins kept on average, exact p), ``fdsm`` (both kept exactly, by
        sampling), ``hypergeometric`` or ``fixed_rows`` (degrees of that side only; for comparison).
    tail : {"two-sided", "upper", "lower"}, default "two-sided"
        More or less than expected, or one of these.
    correction : {"bh", "holm"} or None, default "bh"
        How `p_adjusted` takes the number of pairs into account.
    level : float, default 0.05
        Level in (0, 1) at which a pair would be called significant.
    samples, rng, n_jobs : optional
        Only for ``fdsm``: number of matrices, random numbers, workers; see `nulls.fdsm`.

    Returns
    -------
    pandas.DataFrame
        One row a pair, sorted by ``u`` and ``v`` (ids, u before v):

        - ``label_u``, ``label_v``; ``n_u``, ``n_v``, their degrees;
        - ``shared``, ``expected``, ``sd``, ``z`` (NaN where the sd is 0): counts of shared neighbours;
        - ``p``, ``p_adjusted``, and ``p_error``, the Monte Carlo error of p, for ``fdsm`` only;
        - ``attainable``, the smallest p that the degrees allow, and ``can_reach``, whether it is within `level`;
        - ``definitional``: both are bodies whose scope (``admits``) shuts out some actor of `B`.

        ``.attrs`` has ``methods`` and ``power``, sentences to print with the table; ``null``, ``tail``, ``level``,
        ``correction``, ``n_pairs``, ``n_can_reach``, and what `B` was asked for (``at``, ``layers``, ...).

    Raises
    ------
    ValueError
        If an option is unknown, `level` is not in (0, 1), or `B` is not two-mode.

    See Also
    --------
    backbone : The significant pairs as a network.
    body_overlap : Pairs of bodies, also within their scopes.

    Notes
    -----
    Isolates of the other side are kept. They change nothing where its degrees are kept, but a hypergeometric null
    takes them for members that one might have: remove bodies that nobody belongs to first if they are not.
    Where actors have few ties, prefer ``fdsm`` for pairs of bodies: with its cells independent, ``sdsm`` does not know
    that a tie to one body leaves fewer for another, and expects more overlap (on 35 states and 7 bodies 8.5 members
    of both CARICOM and the Latin American Network, ``fdsm`` 6.3).
    The table has n (n - 1) / 2 rows; see `nulls.significant_pairs` for a side of 100,000.

    References
    ----------
    .. [1] Neal, Domagalski and Sagan (2021), Scientific Reports 11, 23929.
       https://doi.org/10.1038/s41598-021-03238-3

    Examples
    --------
    >>> B = nx.davis_southern_women_graph()
    >>> table = pair_table(B, tail="upper")
    >>> float(table["p"].min().round(5)), int((table["p"] <= 0.05).sum())
    (0.08837, 0)
    """
    asked = {"null": null, "tail": tail, "correction": correction, "level": level}
    _check(tail, correction, level)
    nodes, matrix = _incidence(B, mode)
    table = _pairs(B, nodes, matrix, asked, {"samples": samples, "rng": rng, "n_jobs": n_jobs})
    _describe(table, B, mode, asked, matrix.shape)
    return table


def backbone(B: nx.Graph, mode: Literal["actor", "body"] = "actor", **options: Any) -> nx.Graph:
    """Keep the ties between those who share significantly more, or less, than their sizes would give.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    mode : {"actor", "body"}, default "actor"
        Side to keep.
    **options
        Those of `pair_table`: ``null``, ``tail``, ``correction``, ``level``, ``samples``, ``rng``, ``n_jobs``.

    Returns
    -------
    networkx.Graph
        Every node of that side with its attributes, isolates included, and an edge where ``p_adjusted`` is at most
        ``level``. Edges have ``sign`` (1 more, -1 less than expected), ``shared``, ``expected``, ``z``, ``p``,
        ``p_adjusted`` and ``definitional``. ``G.graph`` is that of `B` with ``mode`` and the ``.attrs`` of the table.

    Raises
    ------
    ValueError
        As in `pair_table`.

    Notes
    -----
    The signed backbone is that of Neal [1]_. It has no edge that a test without power could not give: read
    ``G.graph["power"]`` before its gaps.

    References
    ----------
    .. [1] Neal (2014), Social Networks 39, 84-97. https://doi.org/10.1016/j.socnet.2014.06.001

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(range(10), bipartite=0)
    >>> B.add_nodes_from("xyz", bipartite=1)
    >>> B.add_edges_from([(i, "x") for i in range(5)] + [(i, "y") for i in range(5, 10)] + [(i, "z") for i in range(5)])
    >>> G = backbone(B, "body", null="hypergeometric")
    >>> list(G.edges(data="sign"))
    [('x', 'y', -1), ('x', 'z', 1), ('y', 'z', -1)]
    """
    table = pair_table(B, mode, **options)
    G = nx.Graph(**{**B.graph, "mode": mode, **table.attrs})
    G.add_nodes_from((node, B.nodes[node]) for node in sides(B, mode)[0])
    for row in table[table["p_adjusted"] <= table.attrs["level"]].to_dict("records"):
        sign = 1 if row["shared"] > row["expected"] else -1
        G.add_edge(row["u"], row["v"], sign=sign, **{name: row[name] for name in _OF_EDGES})
    return G


def body_overlap(B: nx.Graph, *, within_scope: bool = False, **options: Any) -> pd.DataFrame:
    """Test how many members each pair of bodies shares, if wanted also given whom their scopes admit.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network. The attribute ``admits`` of a body lists the actors that its scope admits; where there is
        none, or it is None, every actor may belong.
    within_scope : bool, default False
        Whether to test a second time with structural zeros: an actor that a scope does not admit cannot be a member.
    **options
        Those of `pair_table`. Only ``sdsm`` and ``fdsm`` know structural zeros.

    Returns
    -------
    pandas.DataFrame
        `pair_table` of mode ``body``. With `within_scope` also ``expected_within_scope``, ``z_within_scope`` and
        ``p_within_scope``: where these are unremarkable, what the scopes fix is all that the deviation was.

    Raises
    ------
    ValueError
        As in `pair_table`, or if a body has a member that its scope does not admit; all are named.

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(range(12), bipartite=0)
    >>> B.add_node("north", bipartite=1, admits=[0, 1, 2, 3, 4, 5])
    >>> B.add_node("south", bipartite=1, admits=[6, 7, 8, 9, 10, 11])
    >>> B.add_edges_from([(i, "north") for i in range(5)] + [(i, "south") for i in range(6, 11)])
    >>> table = body_overlap(B, within_scope=True)
    >>> table[["shared", "definitional", "expected_within_scope", "p_within_scope"]].to_numpy().tolist()
    [[0, True, 0.0, 1.0]]
    """
    closed = _shut_out(B)
    table = pair_table(B, "body", **options)
    if not within_scope:
        return table
    asked = {name: table.attrs[name] for name in ("null", "tail", "correction", "level")}
    sampling = {name: options.get(name) for name in ("samples", "rng")} | {"n_jobs": options.get("n_jobs", 1)}
    nodes, matrix = _incidence(B, "body")
    given = _pairs(B, nodes, matrix, asked, {**sampling, "structural": closed})
    again = given[["expected", "z", "p"]].add_suffix("_within_scope")
    table.attrs["methods"] += f" Within scopes, {int(closed.sum())} cells that no scope admits are structural zeros."
    return table.assign(**again)


def _check(tail: str, correction: str | None, level: float) -> None:
    one_of(tail, _TAIL, "tail")
    if correction is not None:
        one_of(correction, [name for name in _CORRECTION if name], "correction")
    if not 0 < number(level, "level", "as in 0.05") < 1:
        raise ValueError(f"level is {level!r}; allowed: more than 0 and less than 1, for example 0.05")


def _incidence(B: nx.Graph, mode: str) -> tuple[list, np.ndarray]:
    nodes, _ = sides(B, mode)
    matrix = membership_matrix(B).to_numpy()
    return nodes, matrix if mode == "actor" else matrix.T


def _pairs(B: nx.Graph, nodes: list, matrix: np.ndarray, asked: dict, sampling: dict) -> pd.DataFrame:
    given = {name: value for name, value in sampling.items() if value is not None}
    test = nulls.pairs(matrix, asked["null"], tail=asked["tail"], **given)
    i, j = np.triu_indices(len(nodes), 1)
    p, attainable = test.p[i, j], test.attainable[i, j]
    restricted = _restricted(B, nodes)
    labels, degrees = np.array([B.nodes[n].get("label", n) for n in nodes], dtype=object), matrix.sum(axis=1)
    named = np.array([*nodes, None], dtype=object)  # None keeps numpy from unpacking nodes that are tuples
    columns = {"u": named[i], "v": named[j], "label_u": labels[i], "label_v": labels[j]}
    columns |= {"n_u": degrees[i], "n_v": degrees[j], "shared": test.observed[i, j].astype("int64")}
    columns |= {"expected": test.expected[i, j], "sd": test.sd[i, j], "z": test.z[i, j], "p": p}
    columns |= {"p_adjusted": _adjusted(p, asked["correction"])}
    columns |= {} if test.p_error is None else {"p_error": test.p_error[i, j]}
    columns |= {"attainable": attainable, "can_reach": attainable <= asked["level"]}
    table = pd.DataFrame({**columns, "definitional": restricted[i] & restricted[j]}).infer_objects()
    table.attrs["methods"] = test.methods
    return table


def _adjusted(p: np.ndarray, correction: str | None) -> np.ndarray:
    return p.copy() if correction is None or not p.size else nulls.adjust(p, correction)


def _restricted(B: nx.Graph, nodes: list) -> np.ndarray:
    """Which nodes are bodies whose scope shuts out some actor of the network."""
    everyone, admitted = set(sides(B, "actor")[0]), (B.nodes[node].get("admits") for node in nodes)
    return np.array([a is not None and not everyone <= set(a) for a in admitted], dtype=bool)


def _shut_out(B: nx.Graph) -> np.ndarray:
    """Bodies × actors, True where the scope of the body does not admit the actor; no member may be among them."""
    bodies, actors = sides(B, "body")
    admitted = [B.nodes[body].get("admits") for body in bodies]
    admitted = [set(actors if a is None else a) for a in admitted]
    closed = np.array([[actor not in a for actor in actors] for a in admitted], dtype=bool)
    closed = closed.reshape(len(bodies), len(actors))
    wrong = [f"{actors[j]} in {bodies[i]}" for i, j in np.argwhere(closed) if B.has_edge(bodies[i], actors[j])]
    if wrong:
        raise ValueError(f"members that the scope does not admit: {', '.join(wrong)}; correct admits or the ties")
    return closed


def _describe(table: pd.DataFrame, B: nx.Graph, mode: str, asked: dict, shape: tuple[int, int]) -> None:
    """Write into ``.attrs`` what was asked and the two sentences that belong to the table."""
    (n, m), other = shape, _PLURAL["body" if mode == "actor" else "actor"]
    who = f"Pairs of {n} {_PLURAL[mode]} (rows) by what they share of {m} {other} (columns)."
    table.attrs |= {name: B.graph[name] for name in _ASKED if name in B.graph}
    table.attrs |= {"mode": mode, **asked, "n_pairs": len(table), "n_can_reach": int(table["can_reach"].sum())}
    table.attrs["methods"] = f"{who} {table.attrs['methods']} {_CORRECTION[asked['correction']]}"
    table.attrs["power"] = _power(table, mode, asked)


def _power(table: pd.DataFrame, mode: str, asked: dict) -> str:
    """What the test could have shown, before what it shows."""
    n, reach = len(table), int(table["can_reach"].sum())
    if not n:
        return f"There is no pair of {_PLURAL[mode]} to test."
    where = f"p = {asked['level']:g} {_TAIL[asked['tail']]}"
    least = f"the smallest attainable p is {table['attainable'].min():.3g}"
    if not reach:
        verdict = "nothing can be significant here, and nothing may be marked as such."
        return f"No pair of {_PLURAL[mode]} can reach {where}, {_EXTREME[asked['tail']]}: {least}; {verdict}"
    # Corrections are monotone in every p: with all at their smallest, no more pairs can pass than these.
    left = int((_adjusted(table["attainable"].to_numpy(), asked["correction"]) <= asked["level"]).sum())
    after = "" if asked["correction"] is None else f" After correction at most {left} could."
    return f"{reach} of {n} pairs of {_PLURAL[mode]} can reach {where}, {_EXTREME[asked['tail']]}; {least}.{after}"
