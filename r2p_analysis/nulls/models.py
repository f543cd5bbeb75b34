"""Null models whose p-values are exact: what a pair of rows would share by its degrees and the columns' alone.

`sdsm` keeps both margins in expectation and is the one to use. `hypergeometric` and `fixed_rows` know the rows'
degrees but hold all columns to be equally likely: where a few columns have most of the ties, nearly every pair
shares those, and the two call that an alliance. They stand here to be compared with.

A two-sided p-value is twice the smaller tail, at most 1: the tails need not be alike in shape, and no choice has to
be made of which values on the other side are "as extreme".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from r2p_analysis.nulls.bicm import Fit, cell_probabilities, decided, fit
from r2p_analysis.nulls.bounded import cell_law, equal_rows
from r2p_analysis.nulls.matrix import TAILS, choose, dense, structural_mask
from r2p_analysis.nulls.tails import Law, independent_cells, p_values, shared_counts
from r2p_analysis.options import numbers

Tail = Literal["upper", "lower", "two-sided"]


def sdsm(
    matrix: Any,
    tail: Tail = "upper",
    *,
    structural: Any = None,
    probabilities: Any = None,
    within: float | None = None,
) -> np.ndarray:
    r"""P-value of every pair of rows under the stochastic degree sequence model, exact unless an error is allowed.

    Cells are independent with the probabilities of `bicm`, so that both margins are kept in expectation; what two
    rows share is then Poisson-binomial, and its tail is computed, not approximated.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        0/1, rows × columns. For pairs of columns give ``matrix.T``.
    tail : {"upper", "lower", "two-sided"}, default "upper"
        Sharing at least as much, at most as much, or twice the smaller of the two (at most 1).
    structural : array_like of bool, optional
        True where a cell is given, see `bicm`.
    probabilities : array_like, optional
        Probability of each cell, in [0, 1], in place of those of `bicm`.
    within : float, optional
        Largest error of a tail that is allowed, above 0 and below 1, such as 1e-6: see Notes. Exact without it.

    Returns
    -------
    numpy.ndarray
        Square, one row and column per row of `matrix`; NaN on the diagonal. Pairs that share nothing are tested, too.

    Raises
    ------
    ValueError
        If `matrix` is not 0/1, `tail` is unknown, or another argument does not fit `matrix`.
    NotConverged
        If the model could not be fitted.

    See Also
    --------
    attainable : The smallest p-value that a pair's degrees allow. Look at it first.

    Notes
    -----
    With :math:`X = \sum_k X_k`, :math:`X_k` being 1 with probability :math:`p_{ik} p_{jk}`, the upper tail is
    :math:`P(X \geq x)` [1]_. It differs from `fdsm`, which keeps the margins exactly, and the two need not keep the
    same pairs.

    Equal rows are computed once, so that the cost is that of the pairs of classes: rows of one degree, or with
    structural cells or probabilities of your own, rows whose cells are all alike. Where nearly every row is a class of
    its own, exact tails take columns × overlap steps for each pair of rows. `within` makes them a series whose error is
    bounded [2]_: no p-value is off by more than it (two-sided: twice that). Far tails then have no correct digits.

    References
    ----------
    .. [1] Neal (2014), Social Networks 39, 84-97. https://doi.org/10.1016/j.socnet.2014.06.001
    .. [2] De Pril (1989), ASTIN Bulletin 19(1), 9-24. https://doi.org/10.2143/AST.19.1.2014913

    Examples
    --------
    >>> sdsm([[0, 0, 1], [0, 1, 0], [1, 0, 1]]).round(3)
    array([[  nan, 1.   , 0.608],
           [1.   ,   nan, 1.   ],
           [0.608, 1.   ,   nan]])
    """
    choose("tail", tail, TAILS)
    classes, law = sdsm_law(matrix, structural, probabilities, within)
    return p_values(shared_counts(matrix), classes, law, tail)


def hypergeometric(matrix: Any, tail: Tail = "upper") -> np.ndarray:
    """P-value of every pair of rows if each row kept its degree and chose among equally likely columns.

    Parameters
    ----------
    matrix, tail
        As for `sdsm`.

    Returns
    -------
    numpy.ndarray
        Square, NaN on the diagonal.

    Raises
    ------
    ValueError
        If `matrix` is not 0/1 or `tail` is unknown.

    Notes
    -----
    The overlap is hypergeometric [1]_; the R package backbone calls this ``fixedrow``. A column that every row has is
    taken for as rare as any other, so that far too many pairs come out as tied.

    References
    ----------
    .. [1] Tumminello, Miccichè, Lillo, Piilo and Mantegna (2011), PLoS ONE 6(3), e17994.
       https://doi.org/10.1371/journal.pone.0017994

    Examples
    --------
    Two rows with two of four columns each share both with probability 1/6.

    >>> hypergeometric([[1, 1, 0, 0], [1, 1, 0, 0]])[0, 1].round(6)
    np.float64(0.166667)
    """
    choose("tail", tail, TAILS)
    classes, law = hypergeometric_law(matrix)
    return p_values(shared_counts(matrix), classes, law, tail)


def fixed_rows(matrix: Any, tail: Tail = "upper") -> np.ndarray:
    """P-value of every pair of rows if only the rows' degrees were kept, and those in expectation.

    Parameters
    ----------
    matrix, tail
        As for `sdsm`.

    Returns
    -------
    numpy.ndarray
        Square, NaN on the diagonal.

    Raises
    ------
    ValueError
        If `matrix` is not 0/1 or `tail` is unknown.

    Notes
    -----
    The partial configuration model [1]_: each cell of a row is 1 with probability degree / columns, and the overlap
    is binomial. It lets the degrees vary, `hypergeometric` does not; both know nothing of the columns.

    References
    ----------
    .. [1] Saracco, Straka, Di Clemente, Gabrielli, Caldarelli and Squartini (2017), New Journal of Physics 19,
       053022. https://doi.org/10.1088/1367-2630/aa6b38

    Examples
    --------
    Each of four columns is shared with probability 1/4; two or more are with 1 - (0.75⁴ + 0.75³).

    >>> fixed_rows([[1, 1, 0, 0], [1, 1, 0, 0]])[0, 1].round(6)
    np.float64(0.261719)
    """
    choose("tail", tail, TAILS)
    classes, law = fixed_rows_law(matrix)
    return p_values(shared_counts(matrix), classes, law, tail)


def attainable(
    matrix: Any,
    null: Literal["sdsm", "hypergeometric", "fixed_rows"] = "sdsm",
    tail: Tail = "upper",
    *,
    structural: Any = None,
) -> np.ndarray:
    """Smallest p-value that the degrees of each pair of rows allow.

    Where it is above the level, no data with these degrees could have made the pair significant, and "not
    significant" says nothing about it. Look at this before any test.

    Parameters
    ----------
    matrix, tail, structural
        As for `sdsm`.
    null : {"sdsm", "hypergeometric", "fixed_rows"}, default "sdsm"
        Null model; `structural` is for the first only. For the fixed-margin one, which has to be sampled, see `pairs`.

    Returns
    -------
    numpy.ndarray
        Square, NaN on the diagonal: the p-value at the largest overlap that both degrees allow (upper tail), at the
        least (lower), or the smaller of the two (two-sided).

    Raises
    ------
    ValueError
        If `matrix` is not 0/1, or `null` or `tail` is unknown.

    Notes
    -----
    Rows with d and e ties in m columns share at most min(d, e) and at least d + e - m. The other margin may not
    allow as much, so that the p-value is a lower bound.

    Examples
    --------
    Three rows of one tie each: even the largest overlap, 1, is no surprise.

    >>> attainable([[1, 0, 0], [0, 1, 0], [0, 0, 1]]).round(3)[0]
    array([  nan, 0.298, 0.298])
    """
    choose("tail", tail, TAILS)
    choose("null", null, tuple(LAWS))
    classes, law = LAWS[null](matrix, structural)
    # A tie that the margins force cannot be left out: without it an overlap of probability 0 would pass for attainable.
    fixed = decided(matrix, structural) if null == "sdsm" else structural
    return extreme_p(matrix, fixed, classes, law, tail)


def extreme_p(matrix: Any, structural: Any, classes: np.ndarray, law: Law, tail: Tail) -> np.ndarray:
    """`attainable`, for a law that is known already."""
    most, least = extremes(matrix, structural)
    if tail == "two-sided":
        return np.fmin(p_values(most, classes, law, tail), p_values(least, classes, law, tail))
    return p_values(most if tail == "upper" else least, classes, law, tail)


def extremes(matrix: Any, structural: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """Largest and smallest overlap that the degrees of each pair of rows allow, structural cells being kept.

    Examples
    --------
    >>> most, least = extremes([[1, 1, 0], [1, 0, 1]])
    >>> int(most[0, 1]), int(least[0, 1])
    (2, 1)
    """
    held = dense(matrix)
    fixed = structural_mask(structural, held.shape)
    fixed = np.zeros_like(held) if fixed is None else fixed
    free, one = (~fixed).astype(np.float64), (fixed & held).astype(np.float64)
    ties = np.rint((held & ~fixed).sum(1)).astype(np.float64)
    both, given, mixed = free @ free.T, one @ one.T, one @ free.T
    # A tie meets the other row's given one for sure; what is left of both meets in columns free for both, or shuns
    # each other there, after the columns in which the other row has a given zero.
    alone = np.minimum(ties, mixed)
    left = ties[:, None] - alone.T
    most = given + alone + alone.T + np.minimum(np.minimum(left, left.T), both)
    shun = free @ (fixed & ~held).T
    pressed = np.maximum(ties[:, None] - shun, 0)
    least = given + np.maximum(pressed + pressed.T - both, 0)
    return most.astype(np.int32), least.astype(np.int32)


def moments(probabilities: Any) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of what each pair of rows shares under independent cells.

    Parameters
    ----------
    probabilities : array_like
        Probability of each cell, rows × columns, as `bicm` gives them.

    Returns
    -------
    tuple of numpy.ndarray
        Both square, NaN on the diagonal.

    Examples
    --------
    >>> expected, sd = moments([[0.5, 1.0], [0.5, 0.5]])
    >>> float(expected[0, 1]), round(float(sd[0, 1]) ** 2, 4)
    (0.75, 0.4375)
    """
    cells = numbers(probabilities, "probabilities", 2)
    expected = cells @ cells.T
    variance = expected - (cells**2) @ (cells**2).T
    np.fill_diagonal(expected, np.nan)
    np.fill_diagonal(variance, np.nan)
    return expected, np.sqrt(np.maximum(variance, 0))


def sdsm_law(
    matrix: Any, structural: Any = None, given: Any = None, within: float | None = None
) -> tuple[np.ndarray, Law]:
    """Classes of rows and law of the overlap under `sdsm`."""
    if given is not None:
        if structural is not None:
            raise ValueError("give structural or probabilities: probabilities have the structural cells already")
        cells = numbers(given, "probabilities", 2)
        if cells.shape != np.shape(matrix):
            raise ValueError(f"probabilities have shape {cells.shape}, the matrix {np.shape(matrix)}")
        if not ((cells >= 0) & (cells <= 1)).all():
            raise ValueError("probabilities must be between 0 and 1")
        return equal_rows(cells, within)
    return fitted_law(fit(matrix, structural=structural), matrix, structural, within)


def fitted_law(found: Fit, matrix: Any, structural: Any = None, within: float | None = None) -> tuple[np.ndarray, Law]:
    """Classes of rows and law of the overlap under a fit of `bicm`."""
    if structural is None:
        return found.row_class, cell_law(found.cells, np.bincount(found.column_class), within)
    return equal_rows(cell_probabilities(found, matrix, structural), within)


def hypergeometric_law(matrix: Any) -> tuple[np.ndarray, Law]:
    """Classes of rows and law of the overlap under `hypergeometric`."""
    held = dense(matrix)
    columns = held.shape[1]
    degree, classes = np.unique(held.sum(1), return_inverse=True)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, columns + 1)))])

    def law(first: np.ndarray, second: np.ndarray, most: int, upper: bool) -> np.ndarray:
        d, e = degree[first], degree[second]
        k = np.arange(int(np.minimum(d, e).max(initial=0)) + 1)[:, None]
        parts = [k, d - k, e - k, columns - d - e + k]
        possible = (k <= np.minimum(d, e)) & (k >= d + e - columns)
        below = sum(log_factorial[np.clip(part, 0, columns)] for part in parts)
        above = sum(log_factorial[part] for part in (d, columns - d, e, columns - e)) - log_factorial[columns]
        chance = np.where(possible, np.exp(np.minimum(above - below, 0)), 0.0)
        tails = chance[::-1].cumsum(0)[::-1] if upper else chance.cumsum(0)
        return np.minimum(tails, 1)[: most + 1]

    return classes.reshape(-1), law


def fixed_rows_law(matrix: Any) -> tuple[np.ndarray, Law]:
    """Classes of rows and law of the overlap under `fixed_rows`."""
    held = dense(matrix)
    degree, classes = np.unique(held.sum(1), return_inverse=True)
    cells = degree[:, None] / max(held.shape[1], 1)
    return classes.reshape(-1), independent_cells(cells, np.array([held.shape[1]]))


LAWS: dict[str, Callable[[Any, Any], tuple[np.ndarray, Law]]] = {
    "sdsm": sdsm_law,
    "hypergeometric": lambda matrix, structural: hypergeometric_law(matrix),
    "fixed_rows": lambda matrix, structural: fixed_rows_law(matrix),
}
