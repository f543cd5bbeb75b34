"""Which came first, and how sure are we: ranks of events under uncertain dates and relations.

The modelling choice: the rank of an event is 1 + the number of events that begin before it + half of those that begin
on its day (mid-rank, so that the ranks of n events sum to n(n + 1)/2). Days are equally likely choices that meet dates
and relations, see `draws`. The comparisons of one event with the others share its own day: they are independent only
given that day, so the distribution of a rank is worked out day by day and averaged, and is not Poisson-binomial.
Bounds (``rank_least``, ``rank_most``) need no distribution.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis.chronology.draws import FirstDays, first_days, sample
from r2p_analysis.chronology.network import network_of
from r2p_analysis.chronology.probability import order_probabilities
from r2p_analysis.options import number
from r2p_analysis.study import Study, of_layers

# Steps that the exact distribution of all ranks may take, some seconds of work.
_MOST_STEPS = 2e9
_NO_RANK = ("rank_expected", "rank_low", "rank_high", "rank_least", "rank_most", "rank_error")


def ranks(
    events: pd.DataFrame | Study,
    links: pd.DataFrame | None = None,
    *,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
    n_draws: int = 10_000,
    support: tuple[date, date] | None = None,
    leave_out: Collection[str] = (),
    suppose_same: bool = False,
) -> pd.DataFrame:
    r"""Expected rank of each event by first days, with an interval and with bounds.

    Parameters
    ----------
    events, links, leave_out, suppose_same
        As in `tighten`.
    level : float, default 0.95
        Probability of the interval, in (0, 1).
    rng : numpy.random.Generator, optional
        Source of randomness; needed where ranks have to be drawn, see Notes.
    n_draws : int, default 10_000
        Number of draws, if it comes to that.
    support : tuple of (datetime.date, datetime.date), optional
        First and last day that an open end may mean. What has no bound on either side has no rank.

    Returns
    -------
    pandas.DataFrame
        A row an event, in the order of `events`: ``event_id``; ``rank_expected``; ``rank_low``, ``rank_high``, the
        central interval (at most (1 - level)/2 lies beyond either end, so that at least `level` lies within);
        ``rank_least``, ``rank_most``, the lowest and the highest rank that any choice of days gives it; ``rank_error``,
        the standard error of ``rank_expected`` by drawing, 0 where it is exact. Ranks are among the events whose first
        day has both bounds, from 1; the others have NaN, and ``.attrs["n_left_out"]`` says how many they are.
        ``.attrs["method"]`` is ``exact`` or ``draws``.

    Raises
    ------
    ValueError
        If `level` is not in (0, 1), `rng` is needed and not given, the support leaves no day, or as `tighten`.

    See Also
    --------
    order_probabilities, conditional_order_probabilities : Pairs.
    certain_orders : The pairs that are behind the bounds.

    Notes
    -----
    Without relations that tie uncertain days, :math:`E(R_i) = 1 + \sum_{j \ne i} P(j < i) + \frac{1}{2} P(j = i)`, and
    the distribution of :math:`R_i` given its own day is that of a sum of independent steps of 0, 1/2 and 1. With such
    relations, or where that takes too long (some hundreds of events with wide dates), ranks are drawn by `draw_days`.
    With one-of sets that have gaps, ``rank_least`` and ``rank_most`` may be wider than need be by halves.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["launch", "panel", "book"], "date_edtf": ["2012-03", "2012", "2013-04"]})
    >>> ranks(events).iloc[:, :6].round(2)
      event_id  rank_expected  rank_low  rank_high  rank_least  rank_most
    0   launch           1.21       1.0        2.0         1.0        2.0
    1    panel           1.79       1.0        2.0         1.0        2.0
    2     book           3.00       3.0        3.0         3.0        3.0
    """
    if not 0 < number(level, "level", "as in 0.95") < 1:
        raise ValueError(f"level is {level}; it must lie between 0 and 1")
    network = network_of(events, links, leave_out, suppose_same)
    first = first_days(network, support)
    exact = not first.groups and _n_steps(first) <= _MOST_STEPS
    if not exact and rng is None:
        why = "relations tie their days" if first.groups else "there are too many"
        raise ValueError(f"these ranks have to be drawn, as {why}: give rng=numpy.random.default_rng(seed)")
    found = _exact(first, level) if exact else _drawn(sample(first, rng, n_draws), level)
    if not first.groups:  # exact, whatever the interval is
        found[0], found[3] = _expected(first), 0.0
    table = pd.DataFrame({name: np.full(len(network.ids), np.nan) for name in _NO_RANK})
    columns = ["rank_expected", "rank_low", "rank_high", "rank_error"]
    table.loc[first.events, columns] = found.T
    table.loc[first.events, ["rank_least", "rank_most"]] = _hard_bounds(first).T
    table.insert(0, "event_id", pd.Series(network.ids, dtype="str"))
    if isinstance(events, Study):
        of_layers(events, table)
    table.attrs |= {"n_left_out": len(table) - len(first.ids), "method": "exact" if exact else "draws"}
    return table


def conditional_order_probabilities(
    events: pd.DataFrame | Study,
    links: pd.DataFrame | None = None,
    *,
    rng: np.random.Generator,
    n_draws: int = 10_000,
    support: tuple[date, date] | None = None,
    leave_out: Collection[str] = (),
    suppose_same: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Probability, for every pair of events, that one begins on an earlier day than the other, given all relations.

    Parameters
    ----------
    events, links, leave_out, suppose_same
        As in `tighten`.
    rng : numpy.random.Generator
        Source of randomness.
    n_draws : int, default 10_000
        Number of draws.
    support : tuple of (datetime.date, datetime.date), optional
        First and last day that an open end may mean.

    Returns
    -------
    p : numpy.ndarray of float, shape (n_events, n_events)
        P(row before column), in the order of the table; diagonal 0; NaN where a first day is not bounded.
        P(same day) = 1 - p - p.T off the diagonal.
    error : numpy.ndarray of float, shape (n_events, n_events)
        Standard error by drawing, sqrt(p(1 - p)/n_draws); 0 where `p` is exact: for pairs of which neither day is tied
        by a relation, and for orders that are certain.

    Raises
    ------
    ValueError
        As `draw_days`.

    See Also
    --------
    order_probabilities : The same from the dates alone, exact.

    Notes
    -----
    A drawn `p` of 0 or 1 has an estimated error of 0 and is no proof; `certain_orders` says what is certain.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["a", "b"], "date_edtf": ["2012-06", "2012-06-15"]})
    >>> row = {"link_id": "l", "event_id": "a", "relation": "before", "other_id": "b"}
    >>> p, error = conditional_order_probabilities(events, pd.DataFrame([row]), rng=np.random.default_rng(1))
    >>> round(float(p[0, 1]), 6), float(error.max())  # a is one of fourteen earlier days, or the same one
    (0.933333, 0.0)
    """
    first = first_days(network_of(events, links, leave_out, suppose_same), support)
    days = np.ascontiguousarray(sample(first, rng, n_draws).T, dtype="int32")
    p = _independent(first)
    error = np.zeros_like(p)
    tied = sorted(place for group in first.groups for _, same in group.nodes(data="same") for place in same)
    for i in tied:
        p[i] = np.count_nonzero(days[i] < days, axis=1) / n_draws
        p[:, i] = np.count_nonzero(days < days[i], axis=1) / n_draws
    error[tied] = np.sqrt(p[tied] * (1 - p[tied]) / n_draws)
    error[:, tied] = np.sqrt(p[:, tied] * (1 - p[:, tied]) / n_draws)
    return _in_place(p, first), _in_place(error, first)


def _in_place(square: np.ndarray, first: FirstDays) -> np.ndarray:
    whole = np.full(first.strict.shape, np.nan)
    whole[np.ix_(first.events, first.events)] = square
    return whole


def _independent(first: FirstDays) -> np.ndarray:
    """P(row before column) of tightened days that nothing ties."""
    runs = [",".join("..".join(date.fromordinal(day).isoformat() for day in run) for run in one) for one in first.runs]
    return order_probabilities(pd.DataFrame({"date_edtf": pd.Series([f"[{one}]" for one in runs], dtype="str")}))


def _expected(first: FirstDays) -> np.ndarray:
    p = _independent(first)
    same = 1 - p - p.T
    np.fill_diagonal(same, 0)
    return 1 + p.sum(axis=0) + same.sum(axis=0) / 2


def _hard_bounds(first: FirstDays) -> np.ndarray:
    """Lowest and highest ranks: what is certainly before counts 1, what is certainly not after at least 1/2."""
    strict, weak = (square[np.ix_(first.events, first.events)] for square in (first.strict, first.weak))
    surely = (strict.astype("float64") + (strict | weak)) / 2
    return np.array([1 + surely.sum(axis=0), len(surely) - surely.sum(axis=1)])


def _drawn(days: np.ndarray, level: float) -> np.ndarray:
    from scipy.stats import rankdata

    drawn = rankdata(days, axis=1)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(drawn, tails, axis=0, method="inverted_cdf")
    return np.array([drawn.mean(axis=0), low, high, drawn.std(axis=0) / np.sqrt(len(drawn))])


def _near(first: FirstDays) -> np.ndarray:
    """Whether the days of row and column overlap."""
    low = np.array([runs[0, 0] for runs in first.runs])
    high = np.array([runs[-1, 1] for runs in first.runs])
    near = (low[:, None] <= high) & (low <= high[:, None])
    np.fill_diagonal(near, False)
    return near


def _n_days(runs: np.ndarray) -> int:
    return int((runs[:, 1] - runs[:, 0] + 1).sum())


def _n_steps(first: FirstDays) -> float:
    if not first.ids:
        return 0
    return float(sum(_n_days(runs) * 2.0 * n**2 for runs, n in zip(first.runs, _near(first).sum(axis=1), strict=True)))


def _exact(first: FirstDays, level: float) -> np.ndarray:
    found = np.zeros((4, len(first.ids)))
    if not first.ids:
        return found
    near = _near(first)
    low, high = (np.array([runs[at] for runs in first.runs]) for at in [(0, 0), (-1, 1)])
    for i in range(len(first.ids)):
        chances = _steps(first.runs[i], [first.runs[j] for j in np.flatnonzero(near[i])])
        # A sum of rounded chances may miss a tail that it reaches exactly.
        at = np.searchsorted(np.cumsum(chances), np.array([(1 - level) / 2, (1 + level) / 2]) - 1e-12)
        found[1:3, i] = 1 + (high < low[i]).sum() + np.minimum(at, len(chances) - 1) / 2
    return found


def _steps(own: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """Chances that the others add 0, 1, 2, ... halves to the rank, averaged over the own days."""
    days = np.concatenate([np.arange(low, high + 1) for low, high in own])
    chances = np.zeros((2 * len(others) + 1, len(days)))
    chances[0] = 1
    for n, other in enumerate(others):
        less, upto = (_share_before(other, day) for day in (days, days + 1))
        same = upto - less
        held = chances[: 2 * n + 1].copy()
        chances[: 2 * n + 1] = held * (1 - less - same)
        chances[1 : 2 * n + 2] += held * same
        chances[2 : 2 * n + 3] += held * less
    return chances.mean(axis=1)


def _share_before(runs: np.ndarray, day: np.ndarray) -> np.ndarray:
    low, high = runs.T
    return np.clip(day[:, None] - low, 0, high - low + 1).sum(axis=1) / _n_days(runs)
