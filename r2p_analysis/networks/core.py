"""Core and periphery of a two-mode network: the actors and bodies whose ties with each other fill a block.

The ideal has a tie between an actor of the core and a body of the core, and no other tie. Some leave the two mixed
blocks out. Where everybody belongs to the universal bodies and one actor to nothing else, that one actor and the
other bodies would be a perfect periphery, which says nothing; so here the mixed blocks count as empty.
"""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.networks.incidence import asked, incidence, node_table

_MOST_CELLS = 2**20
"""Cells of the largest table of subsets by nodes that is gone through: beyond it the search is a greedy one."""


def core_periphery(B: nx.Graph) -> pd.DataFrame:
    """Part both sides into core and periphery so that the network is most like an ideal one.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.

    Returns
    -------
    pandas.DataFrame
        One row a node, actors first, sorted: ``node``, ``side`` (actor or body), ``label``, ``degree``, ``core``
        (bool) and ``n_core_ties`` (ties to the core of the other side). ``attrs`` has ``correlation`` (of the
        0/1 matrix with the ideal one, in (0, 1]; NaN where no cell or every cell is a tie: then nobody is core);
        ``density``, the share of ties in each of four blocks by (core actors?, core bodies?), NaN for an empty block;
        ``exact`` and ``methods``.

    Raises
    ------
    ValueError
        If `B` is not two-mode.

    Notes
    -----
    The fit is the discrete model of Borgatti and Everett [2]_, for two modes as in [1]_. Given the core of one
    side, the best core of the other is its nodes with the most ties to it, in some number; nodes with equally
    many are never parted by the best number. The search goes through every subset of the smaller side where
    these are few (``exact``): up to 14 bodies against 64 actors, for instance. Else it is greedy: from each
    number of nodes of highest degree, one side and then the other is chosen anew until nothing improves, so
    that a better partition may exist. Of partitions that fit equally well the first is given, by fewest nodes
    on the smaller side and then by id. Isolates are always periphery.

    References
    ----------
    .. [1] Borgatti and Everett (1997), Social Networks 19(3), 243-269.
       https://doi.org/10.1016/S0378-8733(96)00301-2
    .. [2] Borgatti and Everett (2000), Social Networks 21(4), 375-395.
       https://doi.org/10.1016/S0378-8733(99)00019-2

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["bol", "cub", "per"], bipartite=0)
    >>> B.add_nodes_from(["can", "lan", "parlacen"], bipartite=1)
    >>> B.add_edges_from([("bol", "can"), ("bol", "lan"), ("per", "can"), ("per", "lan"), ("cub", "parlacen")])
    >>> table = core_periphery(B)
    >>> table.loc[table["core"], "node"].tolist(), round(table.attrs["correlation"], 3), table.attrs["exact"]
    (['bol', 'per', 'can', 'lan'], 0.8, True)
    """
    rows, columns, matrix = incidence(B)
    small, turned = (matrix, False) if len(rows) <= len(columns) else (matrix.T, True)
    exact = len(small) < 40 and 2 ** len(small) * small.shape[1] <= _MOST_CELLS
    if small.any() and not small.all():
        core, other = _best_of(small, _subsets(len(small))) if exact else _greedy(small)
    else:
        core, other = (np.zeros(size, dtype=bool) for size in small.shape)
    of_rows, of_columns = (other, core) if turned else (core, other)
    table = node_table(B, rows, columns)
    table["core"] = np.concatenate([of_rows, of_columns])
    table["n_core_ties"] = np.concatenate([matrix @ of_columns.astype(int), matrix.T @ of_rows.astype(int)])
    table.attrs = asked(B) | {"correlation": _fit(small, core, other), "density": _density(matrix, of_rows, of_columns)}
    table.attrs |= {"exact": exact, "methods": _METHODS[exact]}
    return table


_METHODS = {
    True: "Two-mode core and periphery (Borgatti and Everett 1997, 2000), the best of all partitions.",
    False: "Two-mode core and periphery (Borgatti and Everett 1997, 2000), by greedy search from the highest degrees.",
}


def _subsets(n: int) -> np.ndarray:
    """Every subset but the empty one as a row of bool, the small ones first and then by the first nodes."""
    codes = np.arange(1, 2**n)
    members = (codes[:, None] >> np.arange(n)[::-1] & 1).astype(bool)
    return members[np.lexsort((-codes, members.sum(axis=1)))]


def _best_of(matrix: np.ndarray, cores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the cores of the rows the one that fits best, and the core of the columns that goes with it."""
    ties = cores.astype(np.float64) @ matrix
    order = np.argsort(-ties, axis=1, kind="stable")
    inside = np.take_along_axis(ties, order, axis=1).cumsum(axis=1)
    fits = _correlation(inside, cores.sum(axis=1)[:, None] * np.arange(1, matrix.shape[1] + 1), matrix)
    best, most = np.unravel_index(fits.argmax(), fits.shape)
    other = np.zeros(matrix.shape[1], dtype=bool)
    other[order[best, : most + 1]] = True
    return cores[best], other


def _greedy(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rank = np.argsort(np.argsort(-matrix.sum(axis=1, dtype=np.int64), kind="stable"), kind="stable")
    found = [_improved(matrix, rank < size) for size in range(1, len(matrix) + 1)]
    return max(found, key=lambda cores: _fit(matrix, *cores))


def _improved(matrix: np.ndarray, core: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    fit = -math.inf
    while True:
        core, other = _best_of(matrix, core[None])
        if _fit(matrix, core, other) <= fit:
            return core, other
        fit = _fit(matrix, core, other)
        core = _best_of(matrix.T, other[None])[1]


def _fit(matrix: np.ndarray, core: np.ndarray, other: np.ndarray) -> float:
    inside = matrix[np.ix_(core, other)].sum(dtype=np.int64)
    fit = float(_correlation(np.array(inside), np.array(core.sum() * other.sum()), matrix))
    return fit if math.isfinite(fit) else math.nan


def _correlation(inside: np.ndarray, block: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Correlation of the matrix with an ideal one that has `block` ones, `inside` of which are ties."""
    n, ones = matrix.size, int(matrix.sum())
    varied = (block > 0) & (block < n) & (0 < ones < n)
    spread = np.sqrt(np.where(varied, block * (n - block), 1.0)) * math.sqrt(max(ones * (n - ones), 1))
    return np.where(varied, (n * inside - block * ones) / spread, -math.inf)


def _density(matrix: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> dict[tuple[bool, bool], float]:
    blocks = {(a, b): matrix[np.ix_(rows == a, columns == b)] for a in (True, False) for b in (True, False)}
    return {at: float(block.mean()) if block.size else math.nan for at, block in blocks.items()}
