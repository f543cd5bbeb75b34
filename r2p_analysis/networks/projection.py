"""One-mode projection: who is tied to whom by what they share.

A body of many members becomes a clique; see `nulls` for what the sizes alone would give.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import networkx as nx
import numpy as np

from r2p_analysis.networks.incidence import incidence
from r2p_analysis.nulls import shared_counts
from r2p_analysis.schema import one_of

_WEIGHT: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "count": lambda matrix, counts: counts,
    "jaccard": lambda matrix, counts: _over(counts, np.add.outer(*_degrees(counts)) - counts),
    "newman": lambda matrix, counts: _newman(matrix),
    "cosine": lambda matrix, counts: _over(counts, np.sqrt(np.multiply.outer(*_degrees(counts)))),
}


def one_mode_projection(
    B: nx.Graph,
    mode: Literal["actor", "body"] = "actor",
    *,
    weight: Literal["count", "jaccard", "newman", "cosine"] = "count",
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
    weight : {"count", "jaccard", "newman", "cosine"}, default "count"
        What ``weight`` of a tie of :math:`u` and :math:`v` with neighbours :math:`N(u), N(v)` means:

        - ``count``: how many they share, :math:`|N(u) \cap N(v)|`;
        - ``jaccard``: the same as a share of all that either has,
          :math:`|N(u) \cap N(v)| / |N(u) \cup N(v)|`, in (0, 1];
        - ``newman``: :math:`\sum_k 1 / (d_k - 1)` over what they share, :math:`d_k` being its degree, so
          that a body of many members says less [2]_;
        - ``cosine``: :math:`|N(u) \cap N(v)| / \sqrt{|N(u)| |N(v)|}`, in (0, 1]; the number shared over the
          geometric mean of what the two have [3]_.

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
    .. [3] Salton and McGill (1983), Introduction to Modern Information Retrieval, McGraw-Hill.

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
    nodes, _, matrix = incidence(B, mode)
    counts = shared_counts(matrix)
    G = nx.Graph(**{**B.graph, "mode": mode, "weight": weight})
    G.add_nodes_from((node, B.nodes[node]) for node in nodes)
    # Row by row above the diagonal of sorted nodes: the ties come out sorted.
    first, second = np.nonzero(np.triu(counts, 1))
    weights = weigh(matrix, counts)[first, second]
    ends = ([nodes[i] for i in at.tolist()] for at in (first, second))
    G.add_weighted_edges_from(zip(*ends, weights.tolist(), strict=True))
    return G


def _degrees(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degrees of the rows, twice, for an outer sum or product."""
    return counts.diagonal(), counts.diagonal()


def _over(counts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return counts / np.maximum(sizes, 1)


def _newman(matrix: np.ndarray) -> np.ndarray:
    """Sum over shared neighbours of 1 / (degree - 1), one degree after the other.

    What two rows share among the neighbours of one degree is a whole number. Adding the degrees in their
    order gives the same floats everywhere, which a product of the weights themselves would not.
    """
    sizes = matrix.sum(axis=0, dtype=np.int64)
    total = np.zeros((len(matrix), len(matrix)))
    for size in np.unique(sizes[sizes > 1]).tolist():
        total += shared_counts(matrix[:, sizes == size]) / (size - 1)
    return total
