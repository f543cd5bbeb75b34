r"""Events that begin in each period, as expectation and exact interval under their uncertain dates.

The modelling choice: an event counts in the one period in which it **begins**, the days of its date are equally
likely, and the days of two events are independent. The number in a period :math:`P` is then a sum of
independent 0/1 variables with chances :math:`|D_i \cap P| / |D_i|`, a Poisson-binomial variable, whose distribution
is computed, not drawn. Two events of which the sources say "in 2012" may lie in one month or in two; the interval says
so, and the sum of the expectations is the number of events at any precision.

What is not observed is not 0. Periods after all vintages are null; a period that is observed in part says in which.
"""

from __future__ import annotations

from datetime import date
from math import fsum

import numpy as np
import pandas as pd

from r2p_analysis.chronology.engines import in_pandas
from r2p_analysis.chronology.periods import PeriodName, Spread, axis, bounded_runs, edges, no_period, spread
from r2p_analysis.chronology.vintages import last_observed
from r2p_analysis.options import number

_COUNTS = ["n_low", "n_high", "n_least", "n_most"]


def rates(
    events: pd.DataFrame,
    period: PeriodName = "year",
    *,
    level: float = 0.95,
    observed: pd.DataFrame | str | date | None = None,
) -> pd.DataFrame:
    r"""Number of events that begin in each period, with what their uncertain dates make of it.

    Parameters
    ----------
    events : pandas.DataFrame
        Table with ``date_edtf``, or else with ``earliest`` and ``latest`` (one unknown day between them).
    period : {"day", "week", "month", "quarter", "year", "decade"}, default "year"
        Length of a period. Weeks begin on Monday.
    level : float, default 0.95
        Probability in (0, 1] that the interval holds at least; of each tail at most half of the rest is left out.
    observed : pandas.DataFrame or str or datetime.date, optional
        The table of `vintages`, or the last day that is observed. None takes every day as observed.

    Returns
    -------
    pandas.DataFrame
        Index ``period``: every period from the first to the last that an event may begin in or that is observed.

        - ``n_expected``: expected number, in events, not rounded;
        - ``n_low``, ``n_high``: the narrowest numbers between which it lies with probability `level`;
        - ``n_least``, ``n_most``: events that certainly, and that possibly, begin in it;
        - ``share_observed``: share of the period's days up to the last observed one, in [0, 1].

        Numbers are null where nothing of the period is observed, and hold for the dated events alone where a part is.
        ``.attrs``: ``n_left_out`` (events without a bounded first day), ``n_beyond`` (expected number of events in
        unobserved periods: announced, or with a vague date), ``level``, ``observed_until`` (ISO, or None).

    Raises
    ------
    ValueError
        If `period`, `level` or `observed` is not allowed, a date cannot be read, or the columns are missing.

    See Also
    --------
    counts_by_period : Expected counts alone, split by a column.
    change_points, bursts : Whether the rate changed.

    Notes
    -----
    The interval is that of the **recorded** events: where they lie, given that their days are not all known. With exact
    dates it has no width. It is no confidence interval of an underlying rate: it holds neither the sampling
    (Poisson) variation of a process that might have given other events, nor events that no source
    records. For the former, :math:`n \pm 1.96 \sqrt{n}` is the usual first look; `change_points` tests against it.
    Two reports of one event are not independent: merge them first. An announced event counts like any other: choose by
    ``status`` before, where only what was held should count. Events with the same chance are one
    class, and a class of n is a binomial, got by squaring, so that the convolutions are few.

    References
    ----------
    .. [1] Wang (1993), On the number of successes in independent trials. Statistica Sinica 3(2), 295-312.

    Examples
    --------
    >>> stated = ["2012-05-07", "2012", "2012", "[2012-12-31..2013-01-01]", "2014-03", "[..2014]"]
    >>> table = rates(pd.DataFrame({"date_edtf": stated}), observed="2014-06-30")
    >>> table[["n_expected", "n_least", "n_most", "share_observed"]].round(3).values.tolist()
    [[3.5, 3, 4, 1.0], [0.5, 0, 1, 1.0], [1.0, 1, 1, 0.496]]
    >>> rates(pd.DataFrame({"date_edtf": ["2012"] * 4}), "quarter")[["n_low", "n_high"]].values.tolist()
    [[0, 3], [0, 3], [0, 3], [0, 3]]
    """
    if not 0 < number(level, "level", "as in 0.95") <= 1:
        raise ValueError(f"level={level!r} is no probability: allowed is a number above 0 and at most 1, such as 0.95")
    events = in_pandas(events)
    days, row = bounded_runs(events)
    until = None if observed is None else last_observed(observed)
    ends = [*days[:, 1], *([] if until is None else [until])]
    periods = axis(min(days[:, 0]), max(ends), period) if len(days) else no_period(period)
    cuts = edges(periods)
    table = pd.DataFrame(numbers(spread(days, row, cuts), len(periods), (1 - level) / 2), index=periods)
    table = table.astype(dict.fromkeys(_COUNTS, "Int64"))
    table["share_observed"] = share_observed(cuts, until)
    unseen = table["share_observed"] == 0
    table.attrs = {**events.attrs, "n_left_out": len(events) - len(set(row)), "level": level}
    table.attrs["n_beyond"] = fsum(table.loc[unseen, "n_expected"])
    table.attrs["observed_until"] = None if until is None else str(np.datetime64(until, "D"))
    table.loc[unseen, ["n_expected", *_COUNTS]] = pd.NA
    return table


def chances_interval(chances: np.ndarray, tail: float) -> tuple[int, int]:
    """Narrowest interval of a sum of independent 0/1 variables that leaves at most `tail` on either side.

    Examples
    --------
    >>> chances_interval(np.array([0.5, 0.5]), 0.025), chances_interval(np.array([0.5, 0.5]), 0.25)
    ((0, 2), (1, 1))
    """
    law = _law(*np.unique(chances, return_counts=True))
    allowed = tail * (1 + 1e-9)  # a tail that is met exactly must not fail by rounding
    below, above = np.cumsum(law), np.cumsum(law[::-1])
    return int((below <= allowed).sum()), len(chances) - int((above <= allowed).sum())


def numbers(found: Spread, n_places: int, tail: float) -> dict[str, np.ndarray]:
    """Columns of numbers, a value for each place that events are spread over.

    Examples
    --------
    >>> half = Spread(np.array([0, 0]), np.array([0, 1]), np.array([1, 1]), np.array([2, 2]))
    >>> {name: column.tolist() for name, column in numbers(half, 2, 0.025).items() if name != "n_expected"}
    {'n_low': [0, 0], 'n_high': [1, 1], 'n_least': [0, 0], 'n_most': [1, 1]}
    """
    certain = found.n_days == found.of_days
    least = np.bincount(found.place[certain], minlength=n_places)
    most = np.bincount(found.place, minlength=n_places)
    place, chances = found.place[~certain], (found.n_days / found.of_days)[~certain]
    order = np.lexsort((chances, place))
    of_place = np.split(chances[order], np.searchsorted(place[order], np.arange(1, n_places)))[:n_places]
    low, high = np.array([chances_interval(some, tail) for some in of_place], dtype="int64").reshape(-1, 2).T
    # fsum rounds once, so that the order of the events leaves no trace in the last digit.
    expected = np.array([fsum([n, *some]) for n, some in zip(least.tolist(), of_place, strict=True)], dtype="float64")
    return {"n_expected": expected, "n_low": least + low, "n_high": least + high, "n_least": least, "n_most": most}


def _law(chances: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Distribution of a sum of independent 0/1 variables, given by classes of equal chance."""
    law = np.ones(1)
    for chance, n in zip(chances.tolist(), times.tolist(), strict=True):
        law = np.convolve(law, _power(np.array([1 - chance, chance]), n))
    return law


def _power(law: np.ndarray, n: int) -> np.ndarray:
    half = _power(law, n // 2) if n > 1 else np.ones(1)
    squared = np.convolve(half, half)
    return np.convolve(squared, law) if n % 2 else squared


def share_observed(cuts: np.ndarray, until: int | None) -> np.ndarray:
    """Share of each period's days up to the last observed one; 1 where nothing says.

    Examples
    --------
    >>> share_observed(np.array([0, 10, 20, 30]), 14).tolist()
    [1.0, 0.5, 0.0]
    """
    lengths = np.diff(cuts)
    return np.ones(len(lengths)) if until is None else np.clip((until + 1 - cuts[:-1]) / lengths, 0, 1)
