"""Measures of the nodes, taken on the two-mode network, where a large body is one node and not a clique."""

from __future__ import annotations

from typing import Literal

import networkx as nx
import pandas as pd

from r2p_analysis.networks.build import sides


def centralities(B: nx.Graph, mode: Literal["actor", "body"] = "actor") -> pd.DataFrame:
    r"""Measure the nodes of one side, on the two-mode network itself.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    mode : {"actor", "body"}, default "actor"
        Side to measure.

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
    between = nx.betweenness_centrality(B, normalized=False)
    close = nx.bipartite.closeness_centrality(B, nodes)
    table = pd.DataFrame(
        {
            "node": nodes,
            "label": [B.nodes[n].get("label", n) for n in nodes],
            "degree": [B.degree[n] for n in nodes],
            "degree_centrality": [B.degree[n] / max(len(others), 1) for n in nodes],
            "betweenness": [between[n] / most if most else 0.0 for n in nodes],
            "closeness": [float(close[n]) for n in nodes],
        }
    )
    table.attrs["layers"] = B.graph.get("layers", ())
    return table.sort_values(["degree", "node"], ascending=[False, True], ignore_index=True)


def _most_between(n: int, m: int) -> float:
    """Betweenness that one of `n` nodes can reach at most when the other side has `m`."""
    if not n or not m:
        return 0
    s, t = divmod(n - 1, m)
    return (m**2 * (s + 1) ** 2 + m * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2
