r"""Times that are known to lie between two bounds: Turnbull's estimator of their distribution.

The modelling choice: a time is known to be in the half-open interval (left, right] - it had not come at `left`, it
had come at `right` - or exactly, where both are equal. ``right`` infinite is a right-censored time, ``left`` minus
infinity a left-censored one. What made the intervals is taken to say nothing on the times themselves.

Only the mass in each of the *innermost* intervals can be estimated: those that begin with some time's left end, finish
with some time's right end and hold no other end. Where in such an interval the mass lies the data do not say, so a
survival function comes as two bounds and not as a line through the middle.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from r2p_analysis.options import generator, number, numbers, whole

_TOLERANCE = 1e-9
_MOST_STEPS = 100_000
_LEAST = 1e-7  # what is below it is a mass on its way to 0


def turnbull(left: ArrayLike, right: ArrayLike, *, entry: ArrayLike | None = None) -> pd.DataFrame:
    r"""Non-parametric maximum likelihood estimate of a distribution of interval-censored times.

    Parameters
    ----------
    left, right : array_like of float
        Ends of the interval that each time lies in, (left, right], in days or any other unit. Equal ends are an
        exact time, `right` infinite is right-censored, `left` minus infinity left-censored. NaN is refused:
        leave out what is not at risk.
    entry : array_like of float, optional
        When each subject came under observation: it is there only since its time is later (left truncation).
        ``left`` may not be before it. Minus infinity, or None for all: from the beginning.

    Returns
    -------
    pandas.DataFrame
        A row an innermost interval with mass, in order: ``left``, ``right`` (as above: half-open, or a point) and
        ``mass``, the probability in (1e-7, 1] that a time lies in it; they sum to 1. ``.attrs``: ``n`` (times),
        ``log_likelihood``, ``n_steps``, and ``kkt``, the largest excess of a derivative over what a maximum
        allows, as a share of it, at most 1e-9.

    Raises
    ------
    ValueError
        If the arrays do not fit each other, are empty or have NaN, an interval runs backwards, or the estimate
        does not converge (which happens with `entry` where a risk set runs empty).

    See Also
    --------
    survival : Bounds of the survival function.
    survival_interval : The same with a bootstrap interval.
    time_to : A table of such times from a study.

    Notes
    -----
    Turnbull's self-consistency equations [1]_ are solved by EM, every cycle extrapolated by SQUAREM [2]_ as long
    as the likelihood does not fall. For masses :math:`s_j` and times with likelihoods :math:`P_i = \sum_j
    \alpha_{ij} s_j` the derivative :math:`\sum_i \alpha_{ij} / P_i` is :math:`n` where there is mass and no more
    where there is none; that is checked, and the problem being concave it proves the maximum. With `entry` each time
    is divided by the probability :math:`Q_i` of being later than it, and the innermost intervals also finish at
    entries [3]_. The masses need not be unique, the :math:`P_i` are. With exact and right-censored times alone this is
    the estimator of Kaplan and Meier.

    References
    ----------
    .. [1] Turnbull (1976), J. R. Stat. Soc. B 38(3), 290-295. https://doi.org/10.1111/j.2517-6161.1976.tb01597.x
    .. [2] Varadhan and Roland (2008), Scand. J. Stat. 35, 335-353.
       https://doi.org/10.1111/j.1467-9469.2007.00585.x
    .. [3] Frydman (1994), J. R. Stat. Soc. B 56(1), 71-74. https://doi.org/10.1111/j.2517-6161.1994.tb01960.x

    Examples
    --------
    Two states acted within a year, one after one to two years, one had not after three.

    >>> turnbull([0, 0, 365, 1095], [365, 365, 730, np.inf]).round(3).values.tolist()
    [[0.0, 365.0, 0.5], [365.0, 730.0, 0.25], [1095.0, inf, 0.25]]
    """
    left, right, entry = _checked(left, right, entry)
    begin, since = _closed(left, right), np.nextafter(entry, np.inf)
    inner = _innermost(begin, np.append(right, entry[entry > -np.inf]))
    first, last = np.searchsorted(inner[:, 0], begin), np.searchsorted(inner[:, 1], right, side="right")
    sets = first, last, np.searchsorted(inner[:, 0], since)
    mass, n_steps = _maximised(*sets, len(inner))
    slope, log_likelihood = _slope(mass, *sets)
    excess = float(slope.max()) - 1
    if not excess <= _TOLERANCE:
        raise ValueError(f"no maximum found in {n_steps} steps: a derivative is {excess:.1e} of it too large")
    point = inner[:, 0] == inner[:, 1]
    with np.errstate(over="ignore"):  # back to minus infinity
        opens = np.where(point, inner[:, 0], np.nextafter(inner[:, 0], -np.inf))
    table = pd.DataFrame({"left": opens, "right": inner[:, 1], "mass": mass})
    table = table[mass > _LEAST].reset_index(drop=True)
    table["mass"] /= table["mass"].sum()
    table.attrs = {"n": len(left), "log_likelihood": log_likelihood, "n_steps": n_steps, "kkt": max(excess, 0.0)}
    return table


def survival(table: pd.DataFrame) -> pd.DataFrame:
    """Bounds of the survival function that an estimate allows.

    Parameters
    ----------
    table : pandas.DataFrame
        From `turnbull`.

    Returns
    -------
    pandas.DataFrame
        ``time``, ascending, in the unit of the table; ``survival_low`` and ``survival_high``: bounds of the
        probability, in [0, 1], of a later time, that hold from this row's time to just before the next
        row's. They are equal where the function is known; a time of minus infinity stands for the beginning.

    See Also
    --------
    survival_interval : The same with a bootstrap interval.

    Examples
    --------
    >>> survival(turnbull([0, 0, 365, 1095], [365, 365, 730, np.inf])).round(3).values.tolist()
    [[0.0, 0.5, 1.0], [365.0, 0.25, 0.5], [730.0, 0.25, 0.25], [1095.0, 0.0, 0.25]]
    """
    ends = table[["left", "right"]].to_numpy(dtype="float64")
    time = np.unique(ends[ends < np.inf])
    return pd.DataFrame(
        dict(zip(("time", "survival_low", "survival_high"), (time, *_bounds(table, time)), strict=True))
    )


def survival_interval(
    left: ArrayLike,
    right: ArrayLike,
    rng: np.random.Generator,
    *,
    entry: ArrayLike | None = None,
    level: float = 0.95,
    samples: int = 500,
) -> pd.DataFrame:
    """Bounds of the survival function with a pointwise bootstrap interval.

    Parameters
    ----------
    left, right, entry : array_like of float
        See `turnbull`.
    rng : numpy.random.Generator
        Source of the bootstrap samples.
    level : float, default 0.95
        Probability in (0, 1) that the interval aims at, at each time by itself.
    samples : int, default 500
        Bootstrap samples, at least 1.

    Returns
    -------
    pandas.DataFrame
        Columns of `survival`; ``low``, a quantile over the samples of ``survival_low``, and ``high``, one of
        ``survival_high``. So the interval covers both what sampling and what the intervals leave open.

    Raises
    ------
    ValueError
        As `turnbull`, or if `level` or `samples` is not allowed.

    Notes
    -----
    Subjects are drawn anew with their intervals, and both ends are quantiles (percentile bootstrap). For times that
    are only known to lie between inspections the bootstrap of this estimator is not consistent at a point [1]_: take
    the interval for orientation. With a handful of states it is wide, and it should be.

    References
    ----------
    .. [1] Sen and Xu (2015), Annals of the Institute of Statistical Mathematics. https://arxiv.org/abs/1310.2284

    Examples
    --------
    >>> left, right = [0, 0, 365, 1095], [365, 365, 730, np.inf]
    >>> table = survival_interval(left, right, np.random.default_rng(1), samples=50)
    >>> table[["time", "low", "high"]].round(2).values.tolist()
    [[0.0, 0.06, 1.0], [365.0, 0.0, 1.0], [730.0, 0.0, 0.75], [1095.0, 0.0, 0.75]]
    """
    whole(samples, "samples", 1)
    generator(rng)
    if not 0 < number(level, "level", "as in 0.95") < 1:
        raise ValueError(f"level={level!r}: a level in (0, 1) is allowed")
    left, right, entry = _checked(left, right, entry)
    table = survival(turnbull(left, right, entry=entry))
    time = table["time"].to_numpy()
    drawn = []
    for _ in range(samples):
        rows = np.sort(rng.integers(0, len(left), len(left)))
        drawn.append(_bounds(turnbull(left[rows], right[rows], entry=entry[rows]), time))
    low, high = np.array(drawn).transpose(1, 0, 2)
    return table.assign(low=np.quantile(low, (1 - level) / 2, axis=0), high=np.quantile(high, (1 + level) / 2, axis=0))


def _checked(left: ArrayLike, right: ArrayLike, entry: ArrayLike | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right = numbers(left, "left"), numbers(right, "right")
    entry = np.full(left.shape, -np.inf) if entry is None else numbers(entry, "entry")
    if left.ndim != 1 or not len(left) or left.shape != right.shape or left.shape != entry.shape:
        raise ValueError(f"one left, right (and entry) for each time is needed, given: {left.shape}, {right.shape}")
    wrong = ~(left <= right) | ~(entry <= left) | ((entry == left) & (left == right)) | (left == np.inf)
    if wrong.any():
        i = np.flatnonzero(wrong)[0]
        rule = "entry <= left <= right without NaN, left finite, and an exact time after its entry are needed"
        raise ValueError(f"time {i} is from {left[i]} to {right[i]} with entry {entry[i]}: {rule}")
    return left, right, entry


def _closed(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """First number of each (left, right], or the exact time itself: with it, every interval is a closed one."""
    return np.where(left == right, left, np.nextafter(left, np.inf))


def _innermost(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Innermost closed intervals, in order: one begins, and the next end is one that finishes."""
    begins, ends = np.unique(begin), np.unique(end)
    places = np.concatenate([begins, ends])
    finishes = np.arange(len(places)) >= len(begins)
    order = np.lexsort((finishes, places))
    at = np.flatnonzero(~finishes[order][:-1] & finishes[order][1:])
    return np.c_[places[order[at]], places[order[at + 1]]]


def _maximised(first: np.ndarray, last: np.ndarray, entry: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """Masses at the maximum, by EM cycles with extrapolation, and the number of EM steps."""
    mass = np.full(size, 1 / size)
    for step in range(0, _MOST_STEPS, 2):
        slope, here = _slope(mass, first, last, entry)
        if slope.max() - 1 <= _TOLERANCE / 2:
            return mass, step
        once = mass * slope
        twice = once * _slope(once, first, last, entry)[0]
        far = _extrapolated(mass, once, twice)
        mass = far if _slope(far, first, last, entry)[1] >= here else twice / twice.sum()
    return mass, _MOST_STEPS


def _slope(mass: np.ndarray, first: np.ndarray, last: np.ndarray, entry: np.ndarray) -> tuple[np.ndarray, float]:
    """Factor by which a step of EM changes each mass, at most 1 at the maximum; and the log-likelihood.

    The innermost intervals of a time follow each other, so that sums over them are differences of running sums.
    """
    below, bins = np.append(0.0, np.cumsum(mass)), len(mass) + 1
    p, q = below[last] - below[first], below[-1] - below[entry]
    if not (p > 0).all():
        return np.full(len(mass), np.inf), -np.inf
    n = (1 / q).sum()
    change = np.bincount(first, 1 / p, bins) - np.bincount(last, 1 / p, bins) - np.bincount(entry, 1 / q, bins)
    return (n + np.cumsum(change)[:-1]) / n, float(np.log(p).sum() - np.log(q).sum())


def _extrapolated(mass: np.ndarray, once: np.ndarray, twice: np.ndarray) -> np.ndarray:
    """Masses after many steps like the last two: SQUAREM, scheme S3, kept positive."""
    change = once - mass
    bend = twice - once - change
    length = np.sqrt((change @ change) / (bend @ bend)) if bend.any() else 1.0
    far = np.maximum(mass + 2 * length * change + length**2 * bend, twice / 1000)
    return far / far.sum()


def _bounds(table: pd.DataFrame, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest survival from each time to just before the next one."""
    following = np.append(time[1:], np.inf)
    rest = np.append(np.cumsum(table["mass"].to_numpy()[::-1])[::-1], 0.0).clip(max=1)
    low = rest[np.searchsorted(table["left"], following)]
    return low, rest[np.searchsorted(table["right"], time, side="right")]
