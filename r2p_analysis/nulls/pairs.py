"""One front for all null models: every pair of rows with what it shares, what was to be expected, and how surely."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from r2p_analysis.nulls.bicm import cell_probabilities, fit
from r2p_analysis.nulls.fdsm import Tally, monte_carlo_p, tally
from r2p_analysis.nulls.matrix import TAILS, choose, dense
from r2p_analysis.nulls.models import (
    Tail,
    extreme_p,
    fitted_law,
    fixed_rows_law,
    hypergeometric_law,
    moments,
)
from r2p_analysis.nulls.tails import p_values, shared_counts

NULLS = ("sdsm", "fdsm", "hypergeometric", "fixed_rows")

_ASKED = {
    "upper": "for sharing at least as many columns as it does (upper tail)",
    "lower": "for sharing at most as many columns as it does (lower tail)",
    "two-sided": "for sharing more or fewer columns than its degrees give (twice the smaller tail, at most 1)",
}
_EXACTLY = "exact Poisson-binomial tails"
_NEARLY = "Poisson-binomial tails that are off by {:.0e} at most (De Pril 1989, doi:10.2143/AST.19.1.2014913)"
_MODEL = {
    "sdsm": "the stochastic degree sequence model (Neal 2014, doi:10.1016/j.socnet.2014.06.001), whose independent "
    "cells have the probabilities of the bipartite configuration model (Saracco et al. 2015, doi:10.1038/srep10595; "
    "margins met to {residual:.0e}); p-values are {tails}",
    "fdsm": "the fixed degree sequence model: {samples:,} matrices with these very margins, drawn by curveball trades "
    "(Strona et al. 2014, doi:10.1038/ncomms5114; Carstens 2015, doi:10.1103/PhysRevE.91.042812) from {chains} "
    "chains, {thinning} rounds of trades apart after {burn_in} rounds; p = (b + 1) / (n + 1)",
    "hypergeometric": "the hypergeometric model (Tumminello et al. 2011, doi:10.1371/journal.pone.0017994), which "
    "keeps the rows' degrees and takes all columns for equally likely; p-values are exact",
    "fixed_rows": "the partial configuration model of the rows (Saracco et al. 2017, doi:10.1088/1367-2630/aa6b38), "
    "which keeps the rows' degrees in expectation and takes all columns for equally likely; p-values are exact",
}


@dataclass(frozen=True)
class PairTest:
    """Every pair of rows tested against one null model.

    Attributes
    ----------
    observed : numpy.ndarray of int
        Columns that each pair shares; the diagonal has the degrees. All arrays are square.
    expected, sd : numpy.ndarray
        Mean and standard deviation of that under the null model; NaN on the diagonal.
    z : numpy.ndarray
        (observed - expected) / sd; NaN where sd is 0.
    p : numpy.ndarray
        P-value, not adjusted for the number of pairs.
    attainable : numpy.ndarray
        Smallest p-value that the pair's degrees allow.
    p_error : numpy.ndarray or None
        Monte Carlo standard error of `p`; None where `p` is exact.
    null, tail : str
        Null model and tail.
    details : dict
        Numbers of this run: residual and steps of a fit, how tails were taken; samples, chains, burn_in and thinning
        of a sampler.
    methods : str
        What was done, with its sources, to be put into a text.
    """

    observed: np.ndarray
    expected: np.ndarray
    sd: np.ndarray
    z: np.ndarray
    p: np.ndarray
    attainable: np.ndarray
    p_error: np.ndarray | None
    null: str
    tail: str
    details: dict[str, Any] = field(default_factory=dict)
    methods: str = ""


def pairs(
    matrix: Any,
    null: Literal["sdsm", "fdsm", "hypergeometric", "fixed_rows"] = "sdsm",
    *,
    tail: Tail = "upper",
    samples: int = 1000,
    rng: np.random.Generator | None = None,
    n_jobs: int = 1,
    structural: Any = None,
    within: float | None = None,
) -> PairTest:
    """Test every pair of rows against a null model.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        0/1, rows × columns. For pairs of columns give ``matrix.T``.
    null : {"sdsm", "fdsm", "hypergeometric", "fixed_rows"}, default "sdsm"
        See the functions of these names.
    tail : {"upper", "lower", "two-sided"}, default "upper"
        Sharing at least as much, at most as much, or twice the smaller of the two (at most 1).
    samples, rng, n_jobs
        Number of sampled matrices, generator and workers; for ``fdsm`` only, which needs `rng`.
    structural : array_like of bool, optional
        True where a cell is given, see `bicm`; for ``sdsm`` and ``fdsm``.
    within : float, optional
        Largest error of a tail that is allowed, see `sdsm`, to which it is confined. Exact without it.

    Returns
    -------
    PairTest
        Square arrays, one row and column per row of `matrix`, and the methods sentence.

    Raises
    ------
    ValueError
        If `matrix` is not 0/1, or an argument is unknown, missing or of no use to that null model.
    NotConverged
        If the model could not be fitted.

    Notes
    -----
    Under ``fdsm`` expectation and deviation are those of the samples, and so is `attainable`: the share of samples
    in which the pair shared the most, or the least, that it does in any of them or in the data, counted as for `p`,
    thus never under 1 / (samples + 1). An overlap that its degrees allow but no sample shows is not counted on.

    Examples
    --------
    >>> found = pairs([[0, 0, 1], [0, 1, 0], [1, 0, 1]])
    >>> int(found.observed[0, 2]), found.expected[0, 2].round(3), found.p[0, 2].round(3)
    (1, np.float64(0.736), np.float64(0.608))
    """
    choose("null", null, NULLS)
    choose("tail", tail, TAILS)
    if structural is not None and null not in ("sdsm", "fdsm"):
        raise ValueError(f"null model {null!r} knows no structural cells; sdsm and fdsm do")
    if within is not None and null != "sdsm":
        raise ValueError(f"within bounds the error of exact tails of sdsm; null model {null!r} has no use for it")
    if null == "fdsm":
        found = _sampled(matrix, tail, tally(matrix, samples, rng, n_jobs, structural=structural))
    else:
        found = _exact(matrix, null, tail, structural, within)
    observed = shared_counts(matrix)
    sd = found["sd"]
    z = np.divide(observed - found["expected"], sd, out=np.full(sd.shape, np.nan), where=sd > 0)
    sentence = _methods(np.shape(matrix), null, tail, found)
    return PairTest(observed=observed, z=z, null=null, tail=tail, methods=sentence, **found)


def _exact(matrix: Any, null: str, tail: str, structural: Any, within: float | None) -> dict[str, Any]:
    classes, law, (expected, sd), details, settled = _EXACT[null](matrix, structural, within)
    return {
        "expected": expected,
        "sd": sd,
        "p": p_values(shared_counts(matrix), classes, law, tail),
        "attainable": extreme_p(matrix, settled, classes, law, tail),
        "p_error": None,
        "details": details,
    }


def _sdsm(matrix: Any, structural: Any, within: float | None) -> tuple:
    found = fit(matrix, structural=structural)
    cells = cell_probabilities(found, matrix, structural)
    law = fitted_law(found, matrix, structural, within)
    tails = _EXACTLY if within is None else _NEARLY.format(within)
    details = {"residual": found.residual, "steps": found.steps, "tails": tails}
    return *law, moments(cells), details, (cells == 0) | (cells == 1)


def _hypergeometric(matrix: Any, structural: Any, within: float | None) -> tuple:
    held = dense(matrix)
    degree, m = held.sum(1), held.shape[1]
    expected = np.multiply.outer(degree, degree) / m
    variance = expected * np.multiply.outer(m - degree, m - degree) / (m * max(m - 1, 1))
    for array in (expected, variance):
        np.fill_diagonal(array, np.nan)
    return *hypergeometric_law(matrix), (expected, np.sqrt(variance)), {}, None


def _fixed_rows(matrix: Any, structural: Any, within: float | None) -> tuple:
    held = dense(matrix)
    cells = np.broadcast_to(held.mean(1, keepdims=True), held.shape)
    return *fixed_rows_law(matrix), moments(cells), {}, None


_EXTREME = {"fdsm": "any sample shows"}
_EXACT = {"sdsm": _sdsm, "hypergeometric": _hypergeometric, "fixed_rows": _fixed_rows}


def _sampled(matrix: Any, tail: str, found: Tally) -> dict[str, Any]:
    n = found.samples
    p, error = monte_carlo_p(found.at_least, found.at_most, n, tail)
    attainable = monte_carlo_p(found.at_largest, found.at_smallest, n, tail)[0]
    mean = found.total / n
    variance = np.maximum(found.squares / n - mean**2, 0) * n / max(n - 1, 1)
    for array in (mean, variance):
        np.fill_diagonal(array, np.nan)
    return {
        "expected": mean,
        "sd": np.sqrt(variance),
        "p": p,
        "attainable": attainable,
        "p_error": error,
        "details": {"samples": n, "chains": found.chains, "burn_in": found.burn_in, "thinning": found.thinning},
    }


def _methods(shape: tuple[int, int], null: str, tail: str, found: dict[str, Any]) -> str:
    tests = shape[0] * (shape[0] - 1) // 2
    able = int((found["attainable"] <= 0.05).sum()) // 2
    extreme = _EXTREME.get(null, "their degrees allow")
    return (
        f"Each of the {tests:,} pairs of {shape[0]:,} rows was tested {_ASKED[tail]}, of {shape[1]:,} columns, under "
        f"{_MODEL[null].format(**found['details'])}. At the most extreme overlap that {extreme}, {able:,} "
        f"of the pairs could reach p = 0.05. The p-values are not adjusted for the number of pairs."
    )
