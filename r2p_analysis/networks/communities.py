"""Communities of a two-mode network: both sides parted together, on the network itself.

Communities in a projection would be those of the cliques that large bodies make. Here a community has actors
and bodies, and is judged by its ties against the ties that the degrees of the two sides would give. All sums are
of whole numbers, so that a seed gives the same parts on any machine.
"""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.networks.incidence import asked, incidence, node_table
from r2p_analysis.options import generator, mapped, whole


def modularity(B: nx.Graph, communities: dict[str, object]) -> float:
    r"""Barber's modularity of a partition of a two-mode network.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    communities : dict
        Community of each node; nodes that are not in it belong to none.

    Returns
    -------
    float
        :math:`\frac{1}{E} \sum_{ij} (A_{ij} - d_i d_j / E)` over the actors :math:`i` and bodies :math:`j` of one
        community, :math:`E` being the number of ties [1]_: the share of ties inside communities, less the
        share that the degrees would give. Below 1; 0 if all are one community; NaN without a tie.

    Raises
    ------
    ValueError
        If `B` is not two-mode.

    References
    ----------
    .. [1] Barber (2007), Phys. Rev. E 76, 066102. https://doi.org/10.1103/PhysRevE.76.066102

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from("ab", bipartite=0)
    >>> B.add_nodes_from("xy", bipartite=1)
    >>> B.add_edges_from(["ax", "by"])
    >>> modularity(B, {"a": 1, "x": 1, "b": 2, "y": 2})
    0.5
    """
    rows, columns, matrix = incidence(B)
    communities = mapped(communities, "communities", {"arg": 1})
    labels = {label: k for k, label in enumerate(dict.fromkeys(communities.values()))}
    of_rows, of_columns = (
        np.array([labels.get(communities.get(n), -1) for n in side], int) for side in (rows, columns)
    )
    together = (of_rows[:, None] == of_columns) & (of_rows[:, None] >= 0)
    n_ties = int(matrix.sum())
    return int(_excess(matrix)[together].sum()) / n_ties**2 if n_ties else math.nan


def communities(B: nx.Graph, rng: np.random.Generator, *, runs: int = 300) -> pd.DataFrame:
    """Find communities of actors and bodies together that have the most modularity.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    rng : numpy.random.Generator
        Source of the starts.
    runs : int, default 300
        Number of starts, at least 1.

    Returns
    -------
    pandas.DataFrame
        One row a node, actors first, sorted: ``node``, ``side`` (actor or body), ``label``, ``degree`` and
        ``community``, from 1 for the one with the most nodes (then the one whose node comes first); null for
        isolates, which belong to none. ``attrs`` has ``modularity``, ``n_communities``, ``runs``,
        ``share_of_runs`` (runs that came to that modularity) and ``methods``.

    Raises
    ------
    ValueError
        If `runs` is not positive, or if `B` is not two-mode.

    See Also
    --------
    modularity : What is made as large as possible.

    Notes
    -----
    The largest modularity is hard to find for certain; the best of all runs is given, and a small share of runs that
    reach it is a warning. A run begins with random communities of the bodies; each side in turn goes where it
    adds most (Barber's BRIM [1]_), then the two communities whose union adds most become one (as in LPAwb+ [2]_),
    until nothing adds any more. Even a random network has modularity well above 0, and communities smaller than
    about the root of the number of ties may be merged: partitions with nearly the same modularity can differ.

    References
    ----------
    .. [1] Barber (2007), Phys. Rev. E 76, 066102. https://doi.org/10.1103/PhysRevE.76.066102
    .. [2] Beckett (2016), Royal Society Open Science 3, 140536. https://doi.org/10.1098/rsos.140536

    Examples
    --------
    >>> table = communities(nx.davis_southern_women_graph(), np.random.default_rng(1))
    >>> table.attrs["n_communities"], round(table.attrs["modularity"], 5)
    (4, 0.34554)
    """
    whole(runs, "runs", 1)
    generator(rng)
    rows, columns, matrix = incidence(B)
    tied = matrix[np.ix_(matrix.any(axis=1), matrix.any(axis=0))]
    excess, n_ties = _excess(tied), int(matrix.sum())
    found = [_climb(excess, rng) for _ in range(runs)] if n_ties else []
    gains = [_gain(excess, *parts) for parts in found]
    best = max(gains, default=0)
    table = node_table(B, rows, columns)
    table["community"] = pd.array([pd.NA] * len(table), dtype="Int64")
    if found:
        table.loc[table["degree"] > 0, "community"] = _numbered(*found[gains.index(best)])
    table.attrs = asked(B) | {
        "modularity": best / n_ties**2 if n_ties else math.nan,
        "n_communities": int(table["community"].nunique()),
        "runs": runs,
        "share_of_runs": gains.count(best) / runs if n_ties else math.nan,
        "methods": f"Barber's bipartite modularity (2007), the best of {runs} runs of label choice and merging.",
    }
    return table


def _excess(matrix: np.ndarray) -> np.ndarray:
    """Number of ties times (tie minus expected tie) of each cell, which is a whole number."""
    ties = matrix.astype(np.int64)
    return ties.sum() * ties - np.outer(ties.sum(axis=1), ties.sum(axis=0))


def _gain(excess: np.ndarray, of_rows: np.ndarray, of_columns: np.ndarray) -> int:
    return int(excess[of_rows[:, None] == of_columns].sum())


def _climb(excess: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Community of each row and column where no move of one side and no union of two communities adds anything."""
    n, m = excess.shape
    of_rows, of_columns = np.zeros(n, dtype=np.int64), rng.integers(rng.integers(1, m + 1), size=m)
    while True:
        of_rows, of_columns, size = _settle(excess, of_rows, of_columns)
        between = _one_hot(of_rows, size).T @ excess @ _one_hot(of_columns, size)
        union = np.triu(between + between.T, 1)
        one, other = np.unravel_index(union.argmax(), union.shape)
        if union[one, other] <= 0:
            return of_rows, of_columns
        of_rows, of_columns = (np.where(of == other, one, of) for of in (of_rows, of_columns))


def _settle(excess: np.ndarray, of_rows: np.ndarray, of_columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Let each side in turn go where it adds most until nobody moves; labels come back as 0, 1, ..., and how many."""
    while True:
        before = of_rows, of_columns
        of_rows = _choose(excess, of_columns, of_rows)
        of_columns = _choose(excess.T, of_rows, of_columns)
        if (of_rows == before[0]).all() and (of_columns == before[1]).all():
            names, labels = np.unique(np.concatenate(before), return_inverse=True)
            return labels[: len(of_rows)], labels[len(of_rows) :], len(names)


def _choose(excess: np.ndarray, of_others: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Label that adds most to each node: its own if no other adds more, and a new one if all would take away."""
    new = int(max(of_others.max(), own.max())) + 1
    gains = excess @ _one_hot(of_others, new + 1)
    stays = gains[np.arange(len(own)), own] == gains.max(axis=1)
    return np.where(stays, own, gains.argmax(axis=1))


def _one_hot(labels: np.ndarray, size: int) -> np.ndarray:
    return (labels[:, None] == np.arange(size)).astype(np.int64)


def _numbered(of_rows: np.ndarray, of_columns: np.ndarray) -> list[int]:
    """Numbers from 1 by size, then by the first node; a node without any of the other side is by itself."""
    alone = [~np.isin(of_rows, of_columns), ~np.isin(of_columns, of_rows)]
    labels = np.concatenate([of_rows, of_columns])
    labels = np.where(np.concatenate(alone), len(labels) + np.arange(len(labels)), labels).tolist()
    order = sorted(dict.fromkeys(labels), key=lambda label: (-labels.count(label), labels.index(label)))
    return [order.index(label) + 1 for label in labels]
