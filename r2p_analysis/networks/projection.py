"""One-mode projection: who is tied to whom by what they share.

A body of many members becomes a clique; see `nulls` for what the sizes alone would give.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import Literal

import networkx as nx

from r2p_analysis.networks.build import sides
from r2p_analysis.schema import one_of

_WEIGHT: dict[str, Callable[[nx.Graph, str, str, list[str]], float]] = {
    "count": lambda B, u, v, shared: len(shared),
    "jaccard": lambda B, u, v, shared: len(shared) / (len(B[u]) + len(B[v]) - len(shared)),
    # A shared neighbour has degree 2 or more. fsum does not depend on the order of the terms.
    "newman": lambda B, u, v, shared: math.fsum(1 / (len(B[k]) - 1) for k in shared),
}


def one_mode_projection(
    B: nx.Graph,
    mode: Literal["actor", "body"] = "actor",
    *,
    weight: Literal["count", "jaccard", "newman"] = "count",
) -> nx.Graph:
    r"""Project a two-mode network onto its actors or its bodies.

    Two actors are tied when they belong to at least one body in common; in mode ``body`` two bodies are
    tied by a common member. Such a tie is co-membership; whether the two ever met is another question.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`; ``bipartite`` is 0 (actor) or 1 (body) on every node.
    mode : {"actor", "body"}, default "actor"
        Side to keep.
    weight : {"count", "jaccard", "newman"}, default "count"
        What ``weight`` of a tie of :math:`u` and :math:`v` with neighbours :math:`N(u), N(v)` means:

        - ``count``: how many they share, :math:`|N(u) \cap N(v)|`;
        - ``jaccard``: the same as a share of all that either has,
          :math:`|N(u) \cap N(v)| / |N(u) \cup N(v)|`, in (0, 1];
        - ``newman``: :math:`\sum_k 1 / (d_k - 1)` over what they share, :math:`d_k` being its degree, so
          that a body of many members says less [2]_.

    Returns
    -------
    networkx.Graph
        Undirected, with every node of that side (isolates, too), its attributes, and sorted ties.
        ``G.graph`` is that of `B` with ``mode`` and ``weight``.

    Raises
    ------
    ValueError
        If `mode` or `weight` is unknown, or if `B` is not two-mode.

    See Also
    --------
    two_mode_network : Build `B`.

    Notes
    -----
    The duality is Breiger's [1]_. A body of :math:`n` members makes :math:`n(n-1)/2` ties, so that density
    and clustering are high by construction and a universal body ties every pair.

    References
    ----------
    .. [1] Breiger (1974), Social Forces 53(2), 181-190. https://doi.org/10.2307/2576011
    .. [2] Newman (2001), Phys. Rev. E 64, 016132. https://doi.org/10.1103/PhysRevE.64.016132

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["bol", "can", "per", "ury"], bipartite=0)
    >>> B.add_nodes_from(["lan", "unasur"], bipartite=1)
    >>> B.add_edges_from([("bol", "lan"), ("per", "lan"), ("per", "unasur"), ("ury", "unasur"), ("ury", "lan")])
    >>> list(one_mode_projection(B, weight="newman").edges(data="weight"))
    [('bol', 'per', 0.5), ('bol', 'ury', 0.5), ('per', 'ury', 1.5)]
    >>> one_mode_projection(B).degree["can"]
    0
    """
    weigh = _WEIGHT[one_of(weight, _WEIGHT, "weight")]
    nodes, others = sides(B, mode)
    shared: dict[tuple[str, str], list[str]] = {}
    for other in others:
        for pair in combinations(sorted(B[other]), 2):
            shared.setdefault(pair, []).append(other)
    G = nx.Graph(**{**B.graph, "mode": mode, "weight": weight})
    G.add_nodes_from((node, B.nodes[node]) for node in nodes)
    G.add_weighted_edges_from((u, v, weigh(B, u, v, shared[u, v])) for u, v in sorted(shared))
    return G
