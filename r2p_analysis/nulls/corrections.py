"""Corrections for many tests: a hundred pairs at 0.05 give five ties from chance alone."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from r2p_analysis.nulls.matrix import choose
from r2p_analysis.options import numbers


def adjust(p: Any, method: Literal["bh", "holm"] = "bh") -> np.ndarray:
    """Adjust p-values for their number.

    Parameters
    ----------
    p : array_like
        P-values in [0, 1], in one line, or square and symmetric with one test per pair. NaN is no test.
    method : {"bh", "holm"}, default "bh"
        ``bh`` bounds the expected share of false finds among the finds [1]_ (for independent or positively dependent
        tests), ``holm`` the chance of even one, whatever the dependence [2]_.

    Returns
    -------
    numpy.ndarray
        The same shape, NaN kept. A test is kept at a level if its adjusted value is at most that.

    Raises
    ------
    ValueError
        If `method` is unknown, a value is outside [0, 1], or `p` is neither flat nor square and symmetric.

    References
    ----------
    .. [1] Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57(1), 289-300.
       https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
    .. [2] Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70. https://www.jstor.org/stable/4615733

    Examples
    --------
    >>> adjust([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    >>> adjust([0.01, 0.04, 0.03], "holm").round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    choose("method", method, ("bh", "holm"))
    values = numbers(p, "p-values")
    if ((values < 0) | (values > 1)).any():
        raise ValueError("p-values must be between 0 and 1")
    if values.ndim == 1:
        return _flat(values, method)
    if values.ndim != 2 or not np.array_equal(values, values.T, equal_nan=True):
        raise ValueError("p-values must be in one line, or square and symmetric")
    upper = np.triu_indices(len(values), 1)
    found = np.full_like(values, np.nan)
    found[upper] = _flat(values[upper], method)
    return np.fmax(found, found.T)


def _flat(values: np.ndarray, method: str) -> np.ndarray:
    tested = np.flatnonzero(~np.isnan(values))
    order = tested[np.argsort(values[tested], kind="stable")]
    n, rank = len(order), np.arange(1, len(order) + 1)
    if method == "bh":
        adjusted = np.minimum.accumulate((values[order] * n / rank)[::-1])[::-1]
    else:
        adjusted = np.maximum.accumulate(values[order] * (n + 1 - rank))
    found = np.full_like(values, np.nan)
    found[order] = np.minimum(adjusted, 1)
    return found
