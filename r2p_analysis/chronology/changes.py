r"""Changes of the rate of events, with a test, and with what uncertain dates make of them.

The modelling choice: under the null hypothesis events come independently of each other at one constant rate for as
long as they are observed. Given how many there are, their days are then uniform over the observed days, whatever the
rate was; every test here is conditional on that number and simulated, with no penalty to be chosen. Months of 28 and of
31 days, and a last year of which five months are observed, weigh by their observed days, so that the
end of the evidence is never read as a fall.

Uncertain dates are carried through: the days are drawn anew, each day of a date as likely as another, and a result is
reported with the share of the draws in which it holds. With exact dates there is one draw.

What a test cannot say: events that come in clusters for whatever reason (a series of sessions, a page that lists one
year in full) are no constant rate, and neither is a source that looks harder at one time than at another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import pairwise
from math import exp

import numpy as np
import pandas as pd

from r2p_analysis.chronology.drawn import draw
from r2p_analysis.chronology.periods import PeriodName, axis, edges, no_period, places

_YEAR = 365.2425
_ROUNDING = 1e-9


def change_points(
    events: pd.DataFrame,
    rng: np.random.Generator,
    period: PeriodName = "year",
    *,
    observed: pd.DataFrame | str | date | None = None,
    level: float = 0.05,
    draws: int = 100,
    samples: int = 999,
) -> pd.DataFrame:
    r"""Periods in which the rate of events changes.

    Parameters
    ----------
    events : pandas.DataFrame
        As in `rates`. Events without a bounded first day are left out.
    rng : numpy.random.Generator
        Source of days and of simulated counts.
    period : {"day", "week", "month", "quarter", "year", "decade"}, default "year"
        Changes are looked for between periods of this length.
    observed : pandas.DataFrame or str or datetime.date, optional
        The table of `vintages`, or the last day that is observed; a last period in part counts by its observed days,
        and later events are left out. None takes the last period as observed in full.
    level : float, default 0.05
        Largest p of a change, in (0, 1].
    draws : int, default 100
        How often uncertain days are drawn, at least 1.
    samples : int, default 999
        Simulated series a test, at least 1.

    Returns
    -------
    pandas.DataFrame
        Index ``period``: the first one with the new rate, for each change that is found in some draw. ``share_draws``
        (share of the draws in which it is found, in (0, 1]), ``p`` (median over these draws), ``rate_before`` and
        ``rate_after`` (events a year up to the neighbouring changes, mean over these draws), ``ratio`` (after to
        before; infinite where nothing was before). ``.attrs``: ``p_constant``, the median p of one constant rate over
        all draws, and ``p_constant_most``, the largest; ``n_draws``, ``n_left_out``, ``observed_until``.

    Raises
    ------
    ValueError
        If an option is not allowed or a date cannot be read.

    See Also
    --------
    bursts : Stretches of days with more events, at no period's grain.
    rates : The series itself.

    Notes
    -----
    Binary segmentation [1]_. In a stretch with n events, split into shares q and 1 - q of its observed days that hold
    a and n - a events, the statistic is the largest log-likelihood ratio :math:`a \log(a / nq) + (n - a) \log((n -
    a) / n(1 - q))` of all splits between periods. Its p comes from multinomial series with as many events; where
    Chernoff's bound :math:`2 (m - 1) e^{-LR}` for m periods is already below what `samples` could show, p is that
    bound (0 where no float is as small). A split with p up to `level` stands, and both sides are tested likewise. So if
    the rate never changed, any change at all is found with a chance of at most `level` in a draw; of further tests
    each has that chance again. The series begins with the first period of any event: what was before is not asked.

    References
    ----------
    .. [1] Scott and Knott (1974), Biometrics 30(3), 507-512. https://doi.org/10.2307/2529204

    Examples
    --------
    >>> few = [f"{year}-06-01" for year in range(1990, 2000)]
    >>> many = [f"{year}-{month}" for year in range(2000, 2005) for month in ("02", "05", "09", "11")]
    >>> table = change_points(pd.DataFrame({"date_edtf": few + many}), np.random.default_rng(1))
    >>> table.index.astype("str").tolist(), table["ratio"].round().tolist()
    (['2000'], [4.0])
    """
    drawn = draw(events, rng, observed, draws=draws, level=level, samples=samples)
    periods = axis(drawn.first, drawn.last, period) if drawn.days.size else no_period(period)
    cuts = edges(periods)
    seen = (cuts[1:] if observed is None else np.minimum(cuts[1:], drawn.last + 1)) - cuts[:-1]
    nulls: dict[tuple[int, int, int], np.ndarray] = {}
    rows, constant = [], []
    for days in drawn.days:
        inside = places(days[days < cuts[0] + seen.sum()], cuts)
        counts = np.bincount(inside, minlength=len(seen))
        test = partial(_tested, counts, seen, nulls, rng, samples)
        constant.append(test(0, len(seen))[1])
        rows += _changes(counts, seen, test, level)
    table = (
        pd.DataFrame(rows, columns=["place", "p", "rate_before", "rate_after"])
        .groupby("place")
        .agg(
            share_draws=("p", lambda p: len(p) / len(drawn.days)),
            p=("p", "median"),
            rate_before=("rate_before", "mean"),
            rate_after=("rate_after", "mean"),
        )
    )
    with np.errstate(divide="ignore"):
        table["ratio"] = table["rate_after"].to_numpy() / table["rate_before"].to_numpy()
    table = table.set_axis(periods[table.index.to_numpy(dtype="int64")].rename("period"))
    overall = (float(np.median(constant)), max(constant)) if constant else (np.nan, np.nan)
    table.attrs = {**drawn.attrs, "p_constant": overall[0], "p_constant_most": overall[1]}
    return table


def _changes(
    counts: np.ndarray, seen: np.ndarray, test: Callable[[int, int], tuple[int, float]], level: float
) -> Iterator[tuple[int, float, float, float]]:
    """Place, p and rates before and after of each change, by testing every stretch and then both sides of a change."""
    found, untested = {}, [(0, len(counts))]
    while untested:
        begin, end = untested.pop()
        place, p = test(begin, end)
        if p <= level:
            found[place] = p
            untested += [(begin, place), (place, end)]
    ends = [0, *sorted(found), len(counts)]
    rate = [_YEAR * counts[a:b].sum() / seen[a:b].sum() for a, b in pairwise(ends)] if len(counts) else []
    for i, place in enumerate(ends[1:-1]):
        yield place, found[place], rate[i], rate[i + 1]


def _tested(
    counts: np.ndarray,
    seen: np.ndarray,
    nulls: dict[tuple[int, int, int], np.ndarray],
    rng: np.random.Generator,
    samples: int,
    begin: int,
    end: int,
) -> tuple[int, float]:
    """Place of the likeliest change in a stretch of periods, and its p; NaN where there is nothing to be split."""
    part, days = counts[begin:end], seen[begin:end]
    n = int(part.sum())
    if len(part) < 2 or not n:
        return begin, np.nan
    ratios = _log_ratios(part[None], days)[0]
    place = int(ratios.argmax())
    most = float(ratios[place])
    bound = 2 * len(ratios) * exp(-most)
    if bound * (samples + 1) > 1:
        key = (begin, end, n)
        if key not in nulls:
            series = rng.multinomial(n, days / days.sum(), size=samples)
            nulls[key] = np.sort(_log_ratios(series, days).max(axis=1))
        as_much = samples - np.searchsorted(nulls[key], most - _ROUNDING)
        bound = (1 + int(as_much)) / (samples + 1)
    return begin + place + 1, bound


def _log_ratios(series: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Log-likelihood ratio of a change after each period but the last; series x splits."""
    before, total = np.cumsum(series, axis=1)[:, :-1], series.sum(axis=1, keepdims=True)
    expected = total * (np.cumsum(days)[:-1] / days.sum())
    return _relative(before, expected) + _relative(total - before, total - expected)


def _relative(n: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return n * np.log(np.where(n > 0, n, 1) / np.where(n > 0, expected, 1))
