"""The incidence matrix behind the measures, from a two-mode network or from a matrix that somebody brought.

Counts are taken from it as integers, which are exact in any order of summation; so the same network gives the
same numbers on any machine.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.networks.build import sides
from r2p_analysis.nulls.matrix import dense

_ASKED = ("at", "reading", "status", "roles", "layers", "actors", "rollup", "n_left_out")


def incidence(B: nx.Graph, mode: str = "actor") -> tuple[list[str], list[str], np.ndarray]:
    """Nodes of the side asked for, those of the other side, and the 0/1 matrix between them.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    mode : {"actor", "body"}, default "actor"
        Side whose nodes are the rows.

    Returns
    -------
    rows, columns : list
        Nodes, sorted; isolates are kept.
    matrix : numpy.ndarray of int8, shape (len(rows), len(columns))
        1 where the two are tied.

    Raises
    ------
    ValueError
        If `mode` is unknown, or if `B` is not two-mode.

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["bol", "can"], bipartite=0)
    >>> B.add_nodes_from(["lan", "unasur"], bipartite=1)
    >>> B.add_edge("bol", "lan")
    >>> rows, columns, matrix = incidence(B)
    >>> rows, columns, matrix.tolist()
    (['bol', 'can'], ['lan', 'unasur'], [[1, 0], [0, 0]])
    """
    rows, columns = sides(B, mode)
    place = {node: j for j, node in enumerate(columns)}
    matrix = np.zeros((len(rows), len(columns)), dtype=np.int8)
    for i, node in enumerate(rows):
        matrix[i, [place[other] for other in B.adj[node]]] = 1
    return rows, columns, matrix


def membership_matrix(B: nx.Graph) -> pd.DataFrame:
    """Incidence matrix of a two-mode network.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.

    Returns
    -------
    pandas.DataFrame
        1 where an actor (row) belongs to a body (column), else 0; both sorted, isolates kept.

    Raises
    ------
    ValueError
        If `B` is not two-mode.

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["bol", "can"], bipartite=0)
    >>> B.add_nodes_from(["lan", "unasur"], bipartite=1)
    >>> B.add_edge("bol", "lan")
    >>> membership_matrix(B).values.tolist()
    [[1, 0], [0, 0]]
    """
    nodes, others, cells = incidence(B)
    matrix = pd.DataFrame(cells, pd.Index(nodes, name="actor"), pd.Index(others, name="body"), dtype="int64")
    matrix.attrs["layers"] = B.graph.get("layers", ())
    return matrix


def zero_one(matrix: nx.Graph | pd.DataFrame | np.ndarray) -> np.ndarray:
    """0/1 matrix of a two-mode network (actors are the rows), of a table or of an array.

    Parameters
    ----------
    matrix : networkx.Graph, pandas.DataFrame or array-like
        What somebody brought; cells are 0, 1 or a bool.

    Returns
    -------
    numpy.ndarray of int8, shape (n_rows, n_columns)
        The same numbers.

    Raises
    ------
    ValueError
        If it has not two dimensions, or a cell is neither 0 nor 1; the first such cell is named.

    Examples
    --------
    >>> zero_one([[True, False], [0, 1.0]]).tolist()
    [[1, 0], [0, 1]]
    >>> zero_one([[0, 1], [2, 1]])
    Traceback (most recent call last):
        ...
    ValueError: cell (1, 0) is 2; the matrix must hold only 0 and 1
    """
    return incidence(matrix)[2] if isinstance(matrix, nx.Graph) else dense(matrix).astype(np.int8)


def asked(B: nx.Graph) -> dict[str, object]:
    """What was asked for when a network was built, for the ``attrs`` of a table; layers are always named."""
    return {"layers": None} | {key: B.graph[key] for key in _ASKED if key in B.graph}


def node_table(B: nx.Graph, rows: list[str], columns: list[str]) -> pd.DataFrame:
    """Table of both sides: ``node``, ``side`` (actor or body), ``label``, ``degree``; first `rows`, then `columns`."""
    nodes = [*rows, *columns]
    return pd.DataFrame(
        {
            "node": nodes,
            "side": ["actor"] * len(rows) + ["body"] * len(columns),
            "label": [B.nodes[n].get("label", n) for n in nodes],
            "degree": [B.degree[n] for n in nodes],
        }
    )
