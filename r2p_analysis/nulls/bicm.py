"""The bipartite configuration model: independent cells whose margins are, in expectation, the observed ones.

Of all models with these expected margins it has the largest entropy: a cell is 1 with probability
x y / (1 + x y), x being the fitness of its row and y that of its column. Rows of one degree have one fitness, so
that the equations are solved by classes of equal degree. Margins that leave a cell no choice (a full row, an empty
column, a nested block) put its fitness at infinity; such cells are found first and set to 0 or 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from r2p_analysis.nulls.matrix import dense, sparse, structural_mask

TOLERANCE = 1e-10
_MOST_STEPS = 100
# Multiplications up to which a system is solved directly. Above it products with vectors are faster, and einsum does
# them in this thread: the threads of a linear algebra library wait long for each other where cores are busy.
_DIRECT = 1 << 18
_PRECISION = 1e-9


class NotConverged(RuntimeError):
    """The equations of a model were not solved; the message has the residual."""


@dataclass(frozen=True)
class Fit:
    """A fitted model by classes of rows and columns.

    Attributes
    ----------
    row_class, column_class : numpy.ndarray of int
        Class of each row and column.
    cells : numpy.ndarray
        Probability of a free cell, row classes × column classes.
    residual : float
        Largest difference between an expected and an observed margin.
    steps : int
        Newton steps taken.
    """

    row_class: np.ndarray
    column_class: np.ndarray
    cells: np.ndarray
    residual: float
    steps: int


def bicm(matrix: Any, *, structural: Any = None) -> np.ndarray:
    r"""Fit the bipartite configuration model to a two-mode matrix.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        0/1, rows × columns.
    structural : array_like of bool, optional
        True where a cell is given and not subject to chance: it keeps the value that `matrix` has there.

    Returns
    -------
    numpy.ndarray
        Probability of each cell, in [0, 1], the same shape. Its margins are those of `matrix` to 1e-10.

    Raises
    ------
    ValueError
        If `matrix` is not 0/1 (the first bad cell is named), or `structural` is not such a mask.
    NotConverged
        If the margins are not met.

    Notes
    -----
    Maximises the likelihood of :math:`p_{ij} = x_i y_j / (1 + x_i y_j)` [1]_ [2]_ by Newton steps in
    :math:`\log x, \log y`. Cells that have the same value in every matrix with these margins are 0 or 1.

    References
    ----------
    .. [1] Saracco, Di Clemente, Gabrielli and Squartini (2015), Scientific Reports 5, 10595.
       https://doi.org/10.1038/srep10595
    .. [2] Neal, Domagalski and Sagan (2021), Scientific Reports 11, 23929.
       https://doi.org/10.1038/s41598-021-03238-3

    Examples
    --------
    >>> bicm([[0, 0, 1], [0, 1, 0], [1, 0, 1]]).round(3)
    array([[0.216, 0.216, 0.568],
           [0.216, 0.216, 0.568],
           [0.568, 0.568, 0.863]])
    """
    return cell_probabilities(fit(matrix, structural=structural), matrix, structural)


def fit(matrix: Any, *, structural: Any = None) -> Fit:
    """Fit the model by classes, for matrices whose cells are too many to write down.

    Parameters and errors are those of `bicm`; a sparse matrix without structural cells stays sparse.

    Returns
    -------
    Fit
        Classes, their cell probabilities, residual and steps.

    Examples
    --------
    >>> found = fit([[0, 0, 1], [0, 1, 0], [1, 0, 1]])
    >>> found.row_class, found.cells.round(3).tolist(), found.residual < 1e-10
    (array([0, 0, 1]), [[0.216, 0.568], [0.568, 0.863]], True)
    """
    fixed = structural_mask(structural, np.shape(matrix))
    if fixed is None:
        rows, columns, shape = _ties(matrix)
        row_class = _classes(np.bincount(rows, minlength=shape[0])[:, None])
        column_class = _classes(np.bincount(columns, minlength=shape[1])[:, None])
        free = np.ones((_count(row_class), _count(column_class)), dtype=bool)
    else:
        held = dense(matrix) & ~fixed
        rows, columns = np.nonzero(held)
        row_class = _classes(np.column_stack([held.sum(1), fixed]))
        column_class = _classes(np.column_stack([held.sum(0), fixed.T]))
        free = ~fixed[np.ix_(_first(row_class), _first(column_class))]
    sizes = np.bincount(row_class), np.bincount(column_class)
    ties = np.bincount(row_class[rows] * len(sizes[1]) + column_class[columns], minlength=free.size)
    cells, residual, steps = _solve(ties.reshape(free.shape).astype(float), *sizes, free)
    if not residual <= TOLERANCE:
        raise NotConverged(f"margins are off by up to {residual:.2g} after {steps} steps; {TOLERANCE} is allowed")
    return Fit(row_class, column_class, cells, residual, steps)


def cell_probabilities(found: Fit, matrix: Any, structural: Any = None) -> np.ndarray:
    """Write a fit down as one probability a cell; structural cells have the matrix's value."""
    cells = found.cells[found.row_class[:, None], found.column_class]
    fixed = structural_mask(structural, cells.shape)
    return cells if fixed is None else np.where(fixed, dense(matrix), cells)


def decided(matrix: Any, structural: Any = None) -> np.ndarray:
    """Cells that have the same value in every matrix with these margins, structural ones included.

    Examples
    --------
    A column that every row has, and one of which a single row has the tie.

    >>> decided([[1, 1], [1, 0]]).tolist(), decided([[1, 0, 1], [1, 1, 0]])[0].tolist()
    ([[True, True], [True, True]], [True, False, False])
    """
    cells = bicm(matrix, structural=structural)
    return (cells == 0) | (cells == 1)


def _ties(matrix: Any) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    if not hasattr(matrix, "tocsr"):
        found = dense(matrix)
        flat = np.flatnonzero(found)  # faster than nonzero of two dimensions
        return *np.divmod(flat, max(found.shape[1], 1)), found.shape
    found = sparse(matrix)
    return np.repeat(np.arange(found.shape[0]), np.diff(found.indptr)), found.indices, found.shape


def _classes(rows: np.ndarray) -> np.ndarray:
    """Number equal rows alike, in the order of their values."""
    if rows.shape[1] == 1:
        return np.unique(rows[:, 0], return_inverse=True)[1]
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)


def _count(classes: np.ndarray) -> int:
    return int(classes.max(initial=-1)) + 1


def _first(classes: np.ndarray) -> np.ndarray:
    return np.unique(classes, return_index=True)[1]


def _solve(ties: np.ndarray, n: np.ndarray, m: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, float, int]:
    """Probabilities of the class cells, with the largest error of a margin and the number of steps."""
    places = np.multiply.outer(n, m)
    mean = np.divide(ties, places, out=np.zeros_like(ties), where=places > 0)
    open_cells, component = _undecided(mean, free)
    weights = np.where(open_cells, places, 0.0)
    if not open_cells.any():
        return mean, 0.0, 0
    held = np.where(open_cells, ties, 0.0)
    if len(n) < len(m):  # the larger side is eliminated
        cells, steps = _newton(held.T, weights.T, component[: len(n)])
        cells = cells.T
    else:
        cells, steps = _newton(held, weights, component[len(n) :])
    cells = np.where(open_cells, cells, mean)
    excess = np.where(free, cells * places - ties, 0.0)
    residual = max(np.abs(excess.sum(1) / n).max(), np.abs(excess.sum(0) / m).max())
    return cells, float(residual), steps


def _undecided(mean: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Class cells that differ between matrices with these margins, and the component of each class.

    An arc leads from a row to a column where a tie could be added and back where one could go: only cells within
    a strongly connected component lie on a cycle of such arcs, along which ties can change places.
    """
    add, drop = free & (mean < 1), free & (mean > 0)
    if _all_reached(add, drop) and _all_reached(drop, add):
        return free, np.zeros(sum(mean.shape), dtype=int)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    there, back = np.nonzero(add), np.nonzero(drop)
    start = np.concatenate([there[0], back[1] + len(mean)])
    end = np.concatenate([there[1] + len(mean), back[0]])
    arcs = coo_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=(sum(mean.shape),) * 2)
    component = connected_components(arcs.tocsr(), connection="strong")[1]
    return free & (component[: len(mean), None] == component[len(mean) :]), component


def _all_reached(there: np.ndarray, back: np.ndarray) -> bool:
    """Tell whether arcs from rows to columns and back lead from the first row to everything."""
    rows, columns = np.arange(len(there)) < 1, np.zeros(there.shape[1], dtype=bool)
    while True:
        before = rows.sum() + columns.sum()
        columns = columns | there[rows].any(0)
        rows = rows | back[:, columns].any(1)
        if rows.sum() + columns.sum() == before:
            return bool(rows.all() and columns.all())


def _newton(ties: np.ndarray, weights: np.ndarray, component: np.ndarray) -> tuple[np.ndarray, int]:
    """Damped Newton in log-fitness; the columns are the smaller side, `component` is theirs."""
    rows, columns = ties.sum(1), ties.sum(0)
    a, b = _start(rows, weights.sum(1)), _start(columns, weights.sum(0))
    b -= _start(rows.sum(), weights.sum())
    loss, cells = _loss(a, b, ties, weights)
    steps = 0
    while steps < _MOST_STEPS:
        steps += 1
        change = weights * cells
        miss_a, miss_b = rows - change.sum(1), columns - change.sum(0)
        da, db = _direction(change * (1 - cells), miss_a, miss_b, component)
        size = 1.0
        while size > 1e-9:
            new_loss, new_cells = _loss(a + size * da, b + size * db, ties, weights)
            # Close to the solution the loss is flat to rounding; the full step is taken there.
            if new_loss <= loss + 1e-11 * abs(loss):
                break
            size /= 2
        a, b, loss, cells = a + size * da, b + size * db, new_loss, new_cells
        # The step's gain, whatever constant it moves from one side to the other; what is left is of its order.
        if miss_a @ da + miss_b @ db < 1e-14:
            break
    return cells, steps


def _start(ties: Any, places: Any) -> Any:
    share = (ties + 0.5) / (places + 1.0)
    return np.log(share / (1 - share))


def _loss(a: np.ndarray, b: np.ndarray, ties: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
    logit = a[:, None] + b
    small = np.exp(-np.abs(logit))
    cells = np.where(logit >= 0, 1.0, small) / (1 + small)
    loss = (weights * (np.maximum(logit, 0) + np.log1p(small)) - ties * logit).sum()
    return float(loss), cells


def _direction(
    variance: np.ndarray, miss_a: np.ndarray, miss_b: np.ndarray, component: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Solve for the Newton step: rows eliminated, the columns' system solved, rows from it."""
    row, column = variance.sum(1), variance.sum(0)
    row = np.where(row > 0, row, 1.0)
    share = variance / row[:, None]
    target = miss_b - np.einsum("ij,i->j", share, miss_a)
    if share.size * len(target) <= _DIRECT:
        # Rows and columns of one component can trade a constant; this term chooses one and changes no cell.
        pin = (component[:, None] == component) * (column.sum() / len(column))
        db = np.linalg.solve(np.diag(column) - variance.T @ share + pin, target)
    else:
        db = _conjugate_gradient((variance, share, np.where(column > 0, column, 1.0)), target, component)
    return miss_a / row - np.einsum("ij,j->i", share, db), db


def _conjugate_gradient(system: tuple, target: np.ndarray, component: np.ndarray) -> np.ndarray:
    """Solve the columns' system from products with vectors.

    Constants on a component are its null space; rounding that leads into it is taken out at every step.
    """
    variance, share, column = system
    total = np.bincount(component, column)[component]

    def within(rest: np.ndarray) -> np.ndarray:
        return rest - column * (np.bincount(component, rest)[component] / total)

    found, rest = np.zeros_like(target), within(target)
    way = rest / column
    size = first = rest @ way
    for _ in range(4 * len(target)):
        if size <= _PRECISION**2 * first:
            break
        image = column * way - np.einsum("ij,i->j", variance, np.einsum("ij,j->i", share, way))
        step = size / (way @ image)
        found, rest = found + step * way, within(rest - step * image)
        before, size = size, rest @ (rest / column)
        way = rest / column + size / before * way
    return found
