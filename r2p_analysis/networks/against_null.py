"""A whole network's nestedness and segregation against random networks with its degrees.

The random networks keep the degrees exactly or on average. Which of the two is asked for matters: the looser
one varies more, so that fewer networks stand out from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis import nulls
from r2p_analysis.networks.incidence import asked, zero_one
from r2p_analysis.networks.nestedness import c_score, nodf
from r2p_analysis.options import function, generator, mapped, whole
from r2p_analysis.schema import one_of

Null = Literal["fixed_margins", "bicm"]

_NULLS: dict[str, Callable[[np.ndarray, int, np.random.Generator], Iterator[np.ndarray]]] = {
    "fixed_margins": lambda cells, n, rng: nulls.samples(cells, n, rng),
    "bicm": lambda cells, n, rng: _independent(nulls.bicm(cells), n, rng),
}
_SAID = {
    "fixed_margins": "matrices drawn uniformly among those with the same row and column sums (curveball trades, "
    "Strona et al. 2014, https://doi.org/10.1038/ncomms5114)",
    "bicm": "matrices of independent cells whose row and column sums are the same on average (bipartite configuration "
    "model, Saracco et al. 2015, https://doi.org/10.1038/srep10595)",
}


def nestedness(B: nx.Graph, samples: int, rng: np.random.Generator, *, null: Null = "fixed_margins") -> pd.DataFrame:
    """NODF of a network, and what its degrees alone would give.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, or a 0/1 matrix whose rows are the actors.
    samples : int
        Number of random networks, at least 1.
    rng : numpy.random.Generator
        Source of the random networks.
    null : {"fixed_margins", "bicm"}, default "fixed_margins"
        See `against_null`.

    Returns
    -------
    pandas.DataFrame
        Rows ``rows`` (actors), ``columns`` (bodies) and ``total``; columns as in `against_null`.

    Raises
    ------
    ValueError
        If `null` is unknown, `samples` is not positive, or it is neither a two-mode network nor a 0/1 matrix.

    See Also
    --------
    nodf : The value alone, with its source.

    Examples
    --------
    >>> B = nx.davis_southern_women_graph()
    >>> nestedness(B, 99, np.random.default_rng(1)).loc["total", "observed"].round(5)
    np.float64(48.58119)
    """
    return against_null(B, lambda cells: nodf(cells)._asdict(), samples, rng, null=null)


def segregation(
    B: nx.Graph,
    samples: int,
    rng: np.random.Generator,
    *,
    mode: Literal["actor", "body"] = "actor",
    null: Null = "fixed_margins",
) -> pd.DataFrame:
    """C-score of one side of a network, and what the degrees alone would give.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, or a 0/1 matrix whose rows are the actors.
    samples : int
        Number of random networks, at least 1.
    rng : numpy.random.Generator
        Source of the random networks.
    mode : {"actor", "body"}, default "actor"
        Side whose pairs are compared.
    null : {"fixed_margins", "bicm"}, default "fixed_margins"
        See `against_null`.

    Returns
    -------
    pandas.DataFrame
        One row, ``c_score``; columns as in `against_null`. A small ``p_upper`` says that nodes of this side
        share less than their degrees would make them share, a small ``p_lower`` that they share more.

    Raises
    ------
    ValueError
        As `nestedness`, or if `mode` is unknown.

    See Also
    --------
    c_score : The value alone, with its source.

    Examples
    --------
    >>> B = nx.davis_southern_women_graph()
    >>> segregation(B, 99, np.random.default_rng(1)).loc["c_score", "observed"] == c_score(B)
    np.True_
    """
    one_of(mode, ("actor", "body"), "mode")
    return against_null(B, lambda cells: {"c_score": c_score(cells, mode)}, samples, rng, null=null)


def against_null(
    B: nx.Graph,
    statistic: Callable[[np.ndarray], dict[str, float]],
    samples: int,
    rng: np.random.Generator,
    *,
    null: Null = "fixed_margins",
) -> pd.DataFrame:
    """Numbers of a whole network against random networks with its degrees.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, or a 0/1 matrix whose rows are the actors.
    statistic : callable
        From a 0/1 matrix (actors are the rows) to numbers by name.
    samples : int
        Number of random networks, at least 1.
    rng : numpy.random.Generator
        Source of the random networks.
    null : {"fixed_margins", "bicm"}, default "fixed_margins"
        ``fixed_margins`` keeps every degree; ``bicm`` keeps each on average, so that it varies more.

    Returns
    -------
    pandas.DataFrame
        One row a number: ``observed``; ``expected``, ``sd``, ``low`` and ``high`` of the random networks (mean,
        standard deviation, and the interval that has 95 % of them); ``z``, NaN where all of them are equal;
        ``p_upper`` and ``p_lower``, (b + 1) / (n + 1) where b of n random networks have at least, or at most, the
        observed number [1]_. All but observed are NaN where the number does not exist. ``attrs`` has ``null``,
        ``samples``, ``methods`` (a sentence) and what the network was asked for.

    Raises
    ------
    ValueError
        If `null` is unknown, `samples` is not positive, or it is neither a two-mode network nor a 0/1 matrix.

    Notes
    -----
    The two p are one-sided; for a two-sided one double the smaller. The p of one run differ from those of
    another by about sqrt(p (1 - p) / n).

    References
    ----------
    .. [1] Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9(1), 39.
       https://doi.org/10.2202/1544-6115.1585

    Examples
    --------
    >>> table = against_null(np.eye(3), lambda cells: {"corner": cells[0, 0]}, 99, np.random.default_rng(1))
    >>> table["observed"].tolist(), table.attrs["samples"]
    ([1.0], 99)
    """
    draw = _NULLS[one_of(null, _NULLS, "null")]
    whole(samples, "samples", 1)
    generator(rng)
    cells = zero_one(B)
    observed = function(statistic, "statistic")(cells)
    mapped(observed, "what statistic gives", {"nodf": 41.5})
    drawn = np.array([list(statistic(sample).values()) for sample in draw(cells, samples, rng)], dtype=float)
    rows = (_compared(value, drawn[:, k]) for k, value in enumerate(observed.values()))
    table = pd.DataFrame(rows, index=pd.Index(list(observed), name="measure"))
    table.attrs = asked(B) if isinstance(B, nx.Graph) else {}
    table.attrs |= {"null": null, "samples": samples, "methods": f"Compared with {samples} {_SAID[null]}."}
    return table


def _compared(observed: float, drawn: np.ndarray) -> dict[str, float]:
    if np.isnan([observed, *drawn]).any():
        return {"observed": observed} | dict.fromkeys(
            ("expected", "sd", "low", "high", "z", "p_upper", "p_lower"), math.nan
        )
    n, expected, varied = len(drawn), math.fsum(drawn) / len(drawn), drawn.min() < drawn.max()
    sd = math.sqrt(math.fsum((drawn - expected) ** 2) / (n - 1)) if varied else 0.0
    low, high = np.quantile(drawn, [0.025, 0.975])
    return {
        "observed": float(observed),
        "expected": expected,
        "sd": sd,
        "low": low,
        "high": high,
        "z": (observed - expected) / sd if varied else math.nan,
        "p_upper": (np.count_nonzero(drawn >= observed) + 1) / (n + 1),
        "p_lower": (np.count_nonzero(drawn <= observed) + 1) / (n + 1),
    }


def _independent(cells: np.ndarray, n: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Matrices whose cells are one with the probabilities given, each for itself."""
    return ((rng.random(cells.shape) < cells).astype(np.int8) for _ in range(n))
