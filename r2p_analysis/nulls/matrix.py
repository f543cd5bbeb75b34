"""The 0/1 matrices that every null model here takes: dense, sparse or labelled, checked cell by cell.

A missing value is not an absence: it is refused, as is a weight, so that nothing is tested that was not counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from r2p_analysis.options import in_short, is_among

TAILS = ("upper", "lower", "two-sided")


def dense(matrix: Any) -> np.ndarray:
    """Check a 0/1 matrix and give it as a boolean array.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        Two-mode matrix of 0 and 1 (or booleans), rows × columns.

    Returns
    -------
    numpy.ndarray
        Of dtype bool, the same shape.

    Raises
    ------
    ValueError
        If it has not two dimensions, or a cell is neither 0 nor 1; the first such cell is named.

    Examples
    --------
    >>> dense([[0, 1], [1, 2]])
    Traceback (most recent call last):
        ...
    ValueError: cell (1, 1) is 2; the matrix must hold only 0 and 1
    """
    values = matrix.toarray() if hasattr(matrix, "tocsr") else np.asarray(matrix)
    if values.ndim != 2:
        hint = "; of a graph take networks.membership_matrix" if hasattr(matrix, "edges") else ""
        rule = f"rows and columns are needed; it has {values.ndim} dimensions"
        raise ValueError(f"{in_short(matrix)} is no matrix: {rule}{hint}")
    if values.dtype == bool:
        return values
    if values.dtype == object and hasattr(matrix, "to_numpy"):  # pandas' own missing value has no truth
        values = matrix.to_numpy(dtype=object, na_value=float("nan"))
    ones = values == 1
    bad = ~(ones | (values == 0))
    if bad.any():
        row, column = (int(k) for k in np.argwhere(bad)[0])
        raise ValueError(_complaint(matrix, row, column, values[row, column]))
    return ones


def sparse(matrix: Any) -> Any:
    """Check a 0/1 matrix and give it as a canonical scipy CSR array of bytes.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        As in `dense`; a sparse one is never made dense.

    Returns
    -------
    scipy.sparse.csr_array
        Of dtype uint8, sorted, without stored zeros.

    Raises
    ------
    ValueError
        As in `dense`.
    """
    from scipy.sparse import csr_array

    if not hasattr(matrix, "tocsr"):
        return csr_array(dense(matrix).astype(np.uint8))
    given = csr_array(matrix)
    if not given.has_canonical_format:  # a cell that is stored twice counts twice
        given = given.copy() if given.data is matrix.data else given
        given.sum_duplicates()
    bad = np.flatnonzero((given.data != 1) & (given.data != 0))
    if bad.size:
        row = int(np.searchsorted(given.indptr, bad[0], side="right")) - 1
        raise ValueError(_complaint(matrix, row, int(given.indices[bad[0]]), given.data[bad[0]]))
    found = csr_array((given.data.astype(np.uint8), given.indices, given.indptr), shape=given.shape)
    if not found.data.all():
        found = found.copy()
        found.eliminate_zeros()
    return found


def structural_mask(structural: Any, shape: tuple[int, int]) -> np.ndarray | None:
    """Check a mask of structural cells, whose value is given and not subject to chance.

    Parameters
    ----------
    structural : array_like of bool or None
        True where the cell keeps the value that the matrix has there (a structural zero or one).
    shape : tuple of int
        Shape of the matrix.

    Returns
    -------
    numpy.ndarray or None
        Of dtype bool; None if no cell is structural.

    Raises
    ------
    ValueError
        If it is not boolean or has another shape.
    """
    if structural is None:
        return None
    fixed = np.asarray(structural)
    if fixed.dtype != bool:
        raise ValueError(f"structural is a mask of dtype bool, True where the cell is given; this is {fixed.dtype}")
    if fixed.shape != tuple(shape):
        raise ValueError(f"structural has shape {fixed.shape}, the matrix {tuple(shape)}")
    return fixed if fixed.any() else None


def choose(what: str, value: str, allowed: tuple[str, ...]) -> str:
    """Give the value back if it is allowed; say what is, otherwise."""
    if not is_among(value, allowed):
        raise ValueError(f"{what} {in_short(value)} is unknown; one of {', '.join(allowed)}")
    return value


def _complaint(matrix: Any, row: int, column: int, value: Any) -> str:
    where = f"({row}, {column})"
    if hasattr(matrix, "iloc"):
        where = f"({matrix.index[row]!r}, {matrix.columns[column]!r})"
    shown = getattr(value, "item", lambda: value)()
    return f"cell {where} is {shown}; the matrix must hold only 0 and 1"
