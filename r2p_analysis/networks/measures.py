"""Measures of the nodes, taken on the two-mode network, where a large body is one node and not a clique."""

from __future__ import annotations

import math
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.networks.build import sides
from r2p_analysis.networks.incidence import asked, incidence
from r2p_analysis.networks.projection import one_mode_projection
from r2p_analysis.nulls import shared_counts
from r2p_analysis.options import in_short
from r2p_analysis.schema import one_of


def centralities(
    B: nx.Graph, mode: Literal["actor", "body"] = "actor", *, engine: Literal["networkx", "igraph"] = "networkx"
) -> pd.DataFrame:
    r"""Measure the nodes of one side, on the two-mode network itself.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    mode : {"actor", "body"}, default "actor"
        Side to measure.
    engine : {"networkx", "igraph"}, default "networkx"
        What counts the shortest paths, see `betweenness`.

    Returns
    -------
    pandas.DataFrame
        One row a node, by degree (descending) and id: ``node``, ``label``, ``degree`` (neighbours),
        ``degree_centrality`` (share of the other side), ``betweenness`` (share of the most that the sizes
        of the two sides allow) and ``closeness`` (the least possible distance to all others by the actual
        one, times the share of the others that can be reached). All are 0 for isolates.

    Raises
    ------
    ValueError
        If `mode` is unknown, or if `B` is not two-mode.

    Notes
    -----
    Normalised for two modes after Borgatti and Everett [1]_. Isolates count in the sizes of the sides.

    References
    ----------
    .. [1] Borgatti and Everett (1997), Social Networks 19(3), 243-269.
       https://doi.org/10.1016/S0378-8733(96)00301-2

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["bol", "can", "per"], bipartite=0)
    >>> B.add_nodes_from(["lan", "unasur"], bipartite=1)
    >>> B.add_edges_from([("bol", "lan"), ("per", "lan"), ("per", "unasur")])
    >>> centralities(B)[["node", "degree", "degree_centrality"]].values.tolist()
    [['per', 2, 1.0], ['bol', 1, 0.5], ['can', 0, 0.0]]
    """
    nodes, others = sides(B, mode)
    most = _most_between(len(nodes), len(others))
    between = betweenness(B, engine=engine)
    close = nx.bipartite.closeness_centrality(B, nodes)
    return _ranked(
        B,
        nodes,
        degree_centrality=[B.degree[n] / max(len(others), 1) for n in nodes],
        betweenness=[between[n] / most if most else 0.0 for n in nodes],
        closeness=[float(close[n]) for n in nodes],
    )


def _check_graph(G: nx.Graph) -> None:
    if not isinstance(G, nx.Graph):
        raise ValueError(f"{in_short(G)} is no networkx.Graph; take one_mode_projection")


def betweenness(G: nx.Graph, *, engine: Literal["networkx", "igraph"] = "networkx") -> dict[str, float]:
    r"""Count the shortest paths that run through each node.

    Parameters
    ----------
    G : networkx.Graph
        Any undirected graph: two-mode, or a projection, whose weights are not distances and play no part.
    engine : {"networkx", "igraph"}, default "networkx"
        igraph, if it is installed, is many times faster on thousands of nodes. The two agree but for rounding,
        so a stored table should stay with one of them.

    Returns
    -------
    dict of str to float
        Sum over pairs of other nodes of the share of their shortest paths that pass the node [1]_, not normalised.

    Raises
    ------
    ValueError
        If the engine is unknown.
    ModuleNotFoundError
        If igraph is asked for and not installed.

    References
    ----------
    .. [1] Freeman (1977), Sociometry 40(1), 35-41. https://doi.org/10.2307/3033543

    Examples
    --------
    >>> betweenness(nx.path_graph(["arg", "unasur", "bol", "lan"]))
    {'arg': 0.0, 'unasur': 2.0, 'bol': 2.0, 'lan': 0.0}
    """
    _check_graph(G)
    one_of(engine, ("networkx", "igraph"), "engine")
    if engine == "networkx":
        return nx.betweenness_centrality(G, normalized=False)
    import igraph

    place = {node: i for i, node in enumerate(G)}
    twin = igraph.Graph(n=len(place), edges=[(place[u], place[v]) for u, v in G.edges])
    return dict(zip(place, twin.betweenness(), strict=True))


def eigenvector(G: nx.Graph, *, weight: str | None = None) -> dict[str, float]:
    r"""Centrality of a node by that of its neighbours.

    Parameters
    ----------
    G : networkx.Graph
        Undirected, such as a projection. Of a graph in parts only the part with the largest eigenvalue has
        values above 0, so look at its parts first.
    weight : str, optional
        Edge attribute to weigh ties by; None counts each tie once.

    Returns
    -------
    dict of str to float
        The leading eigenvector of the adjacency matrix [1]_, of length 1, without negative values; 0 everywhere
        where there is no tie.

    References
    ----------
    .. [1] Bonacich (1972), Journal of Mathematical Sociology 2(1), 113-120.
       https://doi.org/10.1080/0022250X.1972.9989806

    Examples
    --------
    >>> {node: round(value, 3) for node, value in eigenvector(nx.star_graph(2)).items()}
    {0: 0.707, 1: 0.5, 2: 0.5}
    """
    from scipy.sparse.linalg import eigsh

    _check_graph(G)
    if weight is not None:
        one_of(weight, sorted({name for *_, data in G.edges(data=True) for name in data}), "edge attribute")
    if not G.number_of_edges():
        return dict.fromkeys(G, 0.0)
    ties = nx.to_scipy_sparse_array(G, weight=weight, dtype="float64")
    if len(G) < 3:  # too small for an iteration
        leading = np.linalg.eigh(ties.toarray())[1][:, -1]
    else:
        leading = eigsh(ties, k=1, which="LA", v0=np.ones(len(G)))[1][:, 0]
    return dict(zip(G, np.abs(leading).tolist(), strict=True))


def strength(
    B: nx.Graph,
    mode: Literal["actor", "body"] = "actor",
    *,
    weight: Literal["count", "jaccard", "newman", "cosine"] = "count",
) -> pd.DataFrame:
    """Sum of the weights of each node's ties in the projection.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    mode : {"actor", "body"}, default "actor"
        Side to measure.
    weight : {"count", "jaccard", "newman", "cosine"}, default "count"
        Weight of a tie, see `one_mode_projection`.

    Returns
    -------
    pandas.DataFrame
        One row a node, by degree (descending) and id: ``node``, ``label``, ``degree`` (neighbours), ``n_tied`` (nodes
        of its own side that it shares any with) and ``strength``, in the unit of the weight. ``attrs`` has
        ``mode``, ``weight`` and what the network was asked for.

    Raises
    ------
    ValueError
        If `mode` or `weight` is unknown, or if `B` is not two-mode.

    Notes
    -----
    With ``count`` a node's strength is the sum over its bodies of their other members, so that membership in one
    universal body adds all the others at once. With ``newman`` each body adds 1 (0 if it has no other
    member), and strength is degree again [1]_: what is over and above degree comes from the sizes of the bodies.

    References
    ----------
    .. [1] Newman (2001), Phys. Rev. E 64, 016132. https://doi.org/10.1103/PhysRevE.64.016132

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["bol", "can", "per"], bipartite=0)
    >>> B.add_nodes_from(["lan", "unasur"], bipartite=1)
    >>> B.add_edges_from([("bol", "lan"), ("per", "lan"), ("can", "lan"), ("per", "unasur"), ("bol", "unasur")])
    >>> strength(B)[["node", "n_tied", "strength"]].values.tolist()
    [['bol', 2, 3], ['per', 2, 3], ['can', 2, 2]]
    """
    G = one_mode_projection(B, mode, weight=weight)
    weights = {node: [tie["weight"] for tie in G.adj[node].values()] for node in G}
    add = sum if weight == "count" else math.fsum
    table = _ranked(B, list(G), n_tied=[len(w) for w in weights.values()], strength=[add(w) for w in weights.values()])
    table.attrs |= {"mode": mode, "weight": weight}
    return table


def redundancy(B: nx.Graph, mode: Literal["actor", "body"] = "actor") -> pd.DataFrame:
    """Share of the pairs of each node's neighbours that are tied through some other node, too.

    Of a body: how many of the pairs of its members would share a body without it. 1 says that the projection
    would be the same if it did not exist, 0 that it alone ties all of its members. For an actor, the same of
    the bodies that it belongs to.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    mode : {"actor", "body"}, default "actor"
        Side to measure.

    Returns
    -------
    pandas.DataFrame
        One row a node, by degree (descending) and id: ``node``, ``label``, ``degree``, ``n_pairs`` (of its neighbours)
        and ``redundancy`` in [0, 1]; NaN where the degree is below 2, since there is no pair. ``attrs`` has
        ``mode`` and what the network was asked for.

    Raises
    ------
    ValueError
        If `mode` is unknown, or if `B` is not two-mode.

    References
    ----------
    .. [1] Latapy, Magnien and Del Vecchio (2008), Social Networks 30(1), 31-48.
       https://doi.org/10.1016/j.socnet.2007.04.006

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["bol", "can", "per"], bipartite=0)
    >>> B.add_nodes_from(["lan", "unasur"], bipartite=1)
    >>> B.add_edges_from([("bol", "lan"), ("per", "lan"), ("can", "lan"), ("per", "unasur"), ("bol", "unasur")])
    >>> redundancy(B, "body")[["node", "n_pairs", "redundancy"]].round(2).values.tolist()
    [['lan', 3, 0.33], ['unasur', 1, 1.0]]
    """
    nodes, _, matrix = incidence(B, mode)
    twice = (shared_counts(matrix.T) >= 2).astype(np.int64)
    np.fill_diagonal(twice, 0)
    tied = ((matrix @ twice) * matrix).sum(axis=1) // 2
    n_pairs = [math.comb(B.degree[n], 2) for n in nodes]
    shares = [int(t) / n if n else math.nan for t, n in zip(tied, n_pairs, strict=True)]
    table = _ranked(B, nodes, n_pairs=n_pairs, redundancy=shares)
    table.attrs |= {"mode": mode}
    return table


def _ranked(B: nx.Graph, nodes: list[str], **columns: list) -> pd.DataFrame:
    """Table of the nodes with their labels and degrees, by degree and id."""
    labels, degrees = [B.nodes[n].get("label", n) for n in nodes], [B.degree[n] for n in nodes]
    table = pd.DataFrame({"node": nodes, "label": labels, "degree": degrees, **columns})
    table = table.sort_values(["degree", "node"], ascending=[False, True], ignore_index=True)
    table.attrs = asked(B)
    return table


def _most_between(n: int, m: int) -> float:
    """Betweenness that one of `n` nodes can reach at most when the other side has `m`."""
    if not n or not m:
        return 0
    s, t = divmod(n - 1, m)
    return (m**2 * (s + 1) ** 2 + m * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2
