"""Nestedness and mutual avoidance of a two-mode network, as numbers of the whole network.

A network is nested when the bodies of an actor that has few are among the bodies of those that have many. How
nested one is depends on its degrees to begin with, so a value says little by itself; `against_null` sets it
against random networks.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.networks.incidence import zero_one
from r2p_analysis.nulls import shared_counts
from r2p_analysis.schema import one_of


class Nodf(NamedTuple):
    """Nestedness of the rows, of the columns, and of both together, each from 0 to 100."""

    rows: float
    columns: float
    total: float


def nodf(matrix: nx.Graph | pd.DataFrame | np.ndarray) -> Nodf:
    r"""Nestedness by overlap and decreasing fill (NODF).

    Of each two rows with different numbers of ones, the share of the smaller one's ones that the larger one
    has as well; two of the same number, or one that is empty, count as 0. The mean over all pairs of rows,
    the same for columns, and over both kinds of pairs.

    Parameters
    ----------
    matrix : networkx.Graph, pandas.DataFrame or array-like
        Two-mode network, whose actors are the rows, or a 0/1 matrix. The order of its rows and columns
        does not matter: each pair is compared from the larger to the smaller.

    Returns
    -------
    rows, columns, total : float
        From 0 to 100 (every smaller one within every larger one, and no two of the same size). NaN where
        there is no pair.

    Raises
    ------
    ValueError
        If it is neither a two-mode network nor a 0/1 matrix.

    See Also
    --------
    nestedness : The same against a null model.

    Notes
    -----
    The definition is that of Almeida-Neto and others [1]_, on the matrix ordered by its margins; isolates
    are rows or columns without a one and count in the number of pairs. The ones that a row shares with all
    larger rows together are its product with their sum, so that no pair is ever formed.

    References
    ----------
    .. [1] Almeida-Neto, Guimaraes, Guimaraes, Loyola and Ulrich (2008), Oikos 117(8), 1227-1239.
       https://doi.org/10.1111/j.0030-1299.2008.16644.x

    Examples
    --------
    >>> nodf([[1, 1, 1], [1, 1, 0], [1, 0, 0]])
    Nodf(rows=100.0, columns=100.0, total=100.0)
    >>> [round(value, 5) for value in nodf(nx.davis_southern_women_graph())]
    [48.20573, 49.21245, 48.58119]
    """
    cells = zero_one(matrix)
    sums, pairs = zip(*(_paired(side) for side in (cells, cells.T)), strict=True)
    return Nodf(_percent(sums[0], pairs[0]), _percent(sums[1], pairs[1]), _percent(math.fsum(sums), sum(pairs)))


def c_score(matrix: nx.Graph | pd.DataFrame | np.ndarray, mode: Literal["actor", "body"] = "actor") -> float:
    r"""Mean number of checkerboard units of two nodes of one side (C-score).

    Two nodes that have :math:`r_i` and :math:`r_j` neighbours, :math:`S` of them shared, make
    :math:`(r_i - S)(r_j - S)` units: the ways to pick one neighbour that only the first has and one that only
    the second has. High when nodes of one side avoid each other's neighbours.

    Parameters
    ----------
    matrix : networkx.Graph, pandas.DataFrame or array-like
        Two-mode network, or a 0/1 matrix whose rows are the actors.
    mode : {"actor", "body"}, default "actor"
        Side whose pairs are compared: the rows, or the columns.

    Returns
    -------
    float
        0 or more, in units a pair. NaN for fewer than two nodes. Isolates make no units but count in the pairs.

    Raises
    ------
    ValueError
        If `mode` is unknown, or if it is neither a two-mode network nor a 0/1 matrix.

    See Also
    --------
    segregation : The same against a null model.

    References
    ----------
    .. [1] Stone and Roberts (1990), Oecologia 85(1), 74-79. https://doi.org/10.1007/BF00317345

    Examples
    --------
    >>> c_score([[1, 1, 0], [0, 0, 1], [1, 1, 1]])  # 2 * 1 units of the first two, 0 of the other pairs
    0.6666666666666666
    """
    cells = zero_one(matrix)
    counts = shared_counts(cells.T if one_of(mode, ("actor", "body"), "mode") == "body" else cells)
    alone = counts.diagonal()[:, None].astype(np.int64) - counts
    # A node has nothing alone against itself, so that the diagonal is 0 and each pair stands there twice.
    pairs = math.comb(len(counts), 2)
    return int((alone * alone.T).sum()) // 2 / pairs if pairs else math.nan


def _paired(cells: np.ndarray) -> tuple[float, int]:
    """Sum over pairs of rows of the share that the larger has of the smaller, and the number of pairs."""
    at, column = np.nonzero(cells)
    sizes, of = np.unique(np.bincount(at, minlength=len(cells)), return_inverse=True)
    shape = (len(sizes), cells.shape[1])
    ones = np.bincount(of[at] * shape[1] + column, minlength=shape[0] * shape[1]).reshape(shape)
    above = ones[::-1].cumsum(axis=0)[::-1] - ones  # for each size, how many larger rows have each column
    overlap = np.bincount(of[at], weights=above[of[at], column], minlength=len(sizes))
    return math.fsum(overlap / np.maximum(sizes, 1)), math.comb(len(cells), 2)


def _percent(total: float, pairs: int) -> float:
    return 100 * total / pairs if pairs else math.nan
