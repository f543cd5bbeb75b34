"""Tails of an overlap within a stated error, for pairs that are too many to compute exactly.

The logarithm of the generating function of a sum of 0/1 variables is a sum over the variables, and its series in
their odds x = q / (1 - q) needs power sums of the odds only. Cut after some power it gives every probability by a
short recursion, and what was cut bounds the error of all of them together. Columns likely for both rows, whose series
converge slowly or not at all, are added exactly. Exact tails cost a pass over the columns for every value of the
overlap; these cost one for every power.
"""

from __future__ import annotations

import numpy as np

from r2p_analysis.nulls.tails import Law, convolve, independent_cells
from r2p_analysis.options import number

# Chance from which a column is added exactly; powers after which a pair is left to the exact way altogether; numbers
# (columns × pairs) that are worked on at once.
_LIKELY = 0.25
_POWERS = 24
_BLOCK = 1 << 16
_LEAST = 1e-290  # P(0) that a double still holds with all its digits


def equal_rows(probabilities: np.ndarray, within: float | None = None) -> tuple[np.ndarray, Law]:
    """Classes of equal rows of any matrix of cell probabilities, and their law."""
    rows, row_class = np.unique(probabilities, axis=0, return_inverse=True)
    columns, times = np.unique(rows, axis=1, return_counts=True)
    return row_class.reshape(-1), cell_law(columns, times, within)


def cell_law(cells: np.ndarray, times: np.ndarray, within: float | None = None) -> Law:
    """Law of independent cells: exact, or within an error."""
    if within is None:
        return independent_cells(cells, times)
    if not 0 < number(within, "within", "the largest error of a p-value, as 1e-9") < 1:
        raise ValueError(f"within is the largest error of a p-value, above 0 and below 1; it is {within}")
    return nearly_independent_cells(cells, times, within)


def nearly_independent_cells(cells: np.ndarray, times: np.ndarray, within: float) -> Law:
    r"""Law as `tails.independent_cells` gives it, each tail off by `within` at most.

    Parameters
    ----------
    cells, times : numpy.ndarray
        As for `tails.independent_cells`.
    within : float
        Largest error of a tail, above 0.

    Returns
    -------
    callable
        ``law(first, second, most, upper)`` gives the tails at 0 to `most`, values × pairs of classes.

    Notes
    -----
    With :math:`T_r = \sum (q / (1 - q))^r`, the probabilities obey :math:`k f_k = \sum_{r=1}^{k} (-1)^{r+1} T_r
    f_{k-r}` and :math:`f_0 = \prod (1 - q)` [1]_. Without the terms above :math:`R` the probabilities are wrong by
    :math:`e^\epsilon - 1` in sum, with :math:`\epsilon = \sum_{r > R} T_r / r \leq T_{R+1} / ((R + 1)(1 -
    T_{R+1}^{1 / (R+1)}))`. The least :math:`R` that keeps to `within` is taken; where none up to 24 does, or
    :math:`f_0` is too small for a double, the pair is computed exactly. Columns with :math:`q > 1/4` take no part in
    this; adding them exactly makes no error larger.

    References
    ----------
    .. [1] De Pril (1989), ASTIN Bulletin 19(1), 9-24. https://doi.org/10.2143/AST.19.1.2014913

    Examples
    --------
    >>> law = nearly_independent_cells(np.full((1, 1), 0.3), np.array([40]), 1e-6)
    >>> exact = independent_cells(np.full((1, 1), 0.3), np.array([40]))
    >>> one = np.array([0])
    >>> bool(0 < np.abs(law(one, one, 40, True) - exact(one, one, 40, True)).max() < 1e-6)
    True
    """
    columns, exact = np.ascontiguousarray(cells.T), independent_cells(cells, times)

    def law(first: np.ndarray, second: np.ndarray, most: int, upper: bool) -> np.ndarray:
        table = np.empty((most + 1, len(first)))
        step = max(_BLOCK // max(len(columns), 1), 1)
        for at in range(0, len(first), step):
            one, two = first[at : at + step], second[at : at + step]
            q = columns[:, one] * columns[:, two]
            likely = q > _LIKELY
            sums, zero, sure = _power_sums(np.where(likely, 0.0, q), times, within)
            part = _tails(sums, zero, most, upper)
            rows = likely.any(1)
            convolve(part, np.where(likely[rows], q[rows], 0.0), times[rows])
            if not sure.all():
                part[not upper :, ~sure] = exact(one[~sure], two[~sure], most, upper)
            table[:, at : at + step] = part[not upper :]
        return table

    return law


def _power_sums(q: np.ndarray, times: np.ndarray, within: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Power sums of the odds up to the power that is enough, P(0), and the pairs for which both are good."""
    odds = q / (1 - q)
    power, weights = odds.copy(), times.astype(float)
    sums = [weights @ power]
    for r in range(2, _POWERS + 2):
        power *= odds
        rest = weights @ power
        root = np.minimum(rest ** (1 / r), 1.0)
        # exp(x) - 1 <= within if x <= log(1 + within)
        sure = rest <= r * (1 - root) * np.log1p(within)
        if sure.all():
            break
        sums.append(rest)
    zero = np.exp(weights @ np.log1p(-q))
    return np.array(sums), zero, sure & (zero > _LEAST)


def _tails(sums: np.ndarray, zero: np.ndarray, most: int, upper: bool) -> np.ndarray:
    """Tails from power sums and P(0): at 0 to `most` (upper), at -1 to `most` (lower)."""
    signed = sums * np.where(np.arange(len(sums)) % 2, -1.0, 1.0)[:, None]
    chance = np.empty((most + 1, len(zero)))
    chance[0] = zero
    for k in range(1, most + 1):
        n = min(k, len(sums))
        chance[k] = (signed[:n] * chance[k - n : k][::-1]).sum(0) / k
    tails = np.zeros((most + 2, len(zero)))
    np.cumsum(chance, axis=0, out=tails[1:])
    if upper:
        tails = 1 - tails[:-1]
    return np.clip(tails, 0.0, 1.0, out=tails)
