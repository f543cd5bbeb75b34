"""The incidence matrix behind the measures, from a two-mode network or from a matrix that somebody brought.

Counts are taken from it as integers, which are exact in any order of summation; so the same network gives the
same numbers on any machine.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.networks.build import sides

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
    ValueError: not a 0/1 matrix: row 1, column 0 has 2; allowed: 0, 1
    """
    if isinstance(matrix, nx.Graph):
        return incidence(matrix)[2]
    cells = matrix.toarray() if hasattr(matrix, "tocsr") else np.asarray(matrix)
    if cells.dtype == object and hasattr(matrix, "to_numpy"):  # pandas' own missing value has no truth
        cells = matrix.to_numpy(dtype=object, na_value=float("nan"))
    if cells.ndim != 2:
        raise ValueError(f"not a 0/1 matrix: it has {cells.ndim} dimensions; allowed: 2")
    bad = ~((cells == 0) | (cells == 1))
    if bad.any():
        i, j = (int(k[0]) for k in np.nonzero(bad))
        raise ValueError(f"not a 0/1 matrix: row {i}, column {j} has {cells[i, j]}; allowed: 0, 1")
    return cells.astype(np.int8)


def shared(matrix: np.ndarray) -> np.ndarray:
    """Square integer matrix of how many ones each two rows have in common; a row's own on the diagonal."""
    # Single precision holds every whole number up to 2**24, so that the fast product is exact.
    cells = matrix.astype(np.float32 if matrix.shape[1] < 2**24 else np.float64)
    return (cells @ cells.T).astype(np.int64)


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
