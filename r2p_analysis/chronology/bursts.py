"""Bursts of events: stretches of days in which they come faster, with a test.

The modelling choice is that of `changes`: under the null hypothesis the days of the events are uniform over the
observed days, given how many there are; uncertain days are drawn anew, and the end of the evidence is no lull.
What comes in clusters for whatever reason is a burst; why it does the test does not say.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from math import log

import numpy as np
import pandas as pd

from r2p_analysis.chronology.drawn import Drawn, draw
from r2p_analysis.options import number

_ROUNDING = 1e-9
_BURST = ["first", "last", "core_first", "core_last", "share_draws", "n_events", "weight", "p"]


def bursts(
    events: pd.DataFrame,
    rng: np.random.Generator,
    *,
    s: float = 2.0,
    gamma: float = 1.0,
    observed: pd.DataFrame | str | date | None = None,
    level: float = 0.05,
    draws: int = 100,
    samples: int = 999,
) -> pd.DataFrame:
    r"""Stretches of days in which events come faster: Kleinberg's automaton with two states, and a test.

    Parameters
    ----------
    events, rng, observed, draws, samples
        See `change_points`. The observed days begin with the first possible day of any event, and end with the last one
        that is observed, or else the last possible day of any event.
    s : float, default 2.0
        How much faster events come in a burst than over all, above 1.
    gamma : float, default 1.0
        Cost of entering a burst, in units of log(number of events), at least 0; leaving it costs nothing.
    level : float, default 0.05
        Largest p of a burst, in (0, 1]; 1 keeps every burst that the automaton finds.

    Returns
    -------
    pandas.DataFrame
        A row a stretch of days that lie in a burst in some draw, by time: ``first``, ``last`` (its first and last day),
        ``core_first``, ``core_last`` (first and last of the days that do so in most draws), ``share_draws`` (share of
        the draws with a burst in it, in (0, 1]); ``n_events`` (events from the burst's first to its last), ``weight``
        (log-likelihood that the faster state gains) and ``p``, medians over the bursts in it. ``.attrs`` as for
        `change_points`, without p.

    Raises
    ------
    ValueError
        If an option is not allowed or a date cannot be read.

    See Also
    --------
    change_points : Changes that last.

    Notes
    -----
    For n events in T observed days the gaps between them are exponential with rate n / T, in a burst with
    s n / T; the cheapest sequence of states, with a cost of gamma log n for each way up, is found by the algorithm of
    Viterbi [1]_. The last gap is right-censored: from the last event to the end of what is observed nothing came.
    p is the share of simulated series (n events on days that are uniform over the T days) with a burst of at
    least that weight anywhere, so that it allows for all places in which one was looked for. Vague dates spread over
    their days in every draw: they hide bursts, and do not make them.

    References
    ----------
    .. [1] Kleinberg (2003), Data Mining and Knowledge Discovery 7, 373-397.
       https://doi.org/10.1023/A:1024940629314

    Examples
    --------
    >>> stated = [f"{year}-06-01" for year in range(2000, 2012)] + [f"2005-06-{day:02d}" for day in range(2, 20)]
    >>> found = bursts(pd.DataFrame({"date_edtf": stated}), np.random.default_rng(1))
    >>> found[["first", "last"]].astype("str").values.tolist(), found["n_events"].tolist()
    ([['2005-06-01', '2005-06-19']], [19.0])
    """
    if not number(s, "s", "as in 2") > 1 or not number(gamma, "gamma", "as in 1") >= 0:
        raise ValueError(
            f"s={s!r} and gamma={gamma!r}: a burst is faster (s above 1), and entering one costs no less than 0"
        )
    drawn = draw(events, rng, observed, draws=draws, level=level, samples=samples)
    numbers = (drawn.days <= drawn.last).sum(axis=1)
    found = []
    for n in np.unique(numbers[numbers > 0]).tolist():
        rows = np.flatnonzero(numbers == n)
        bursts_of = partial(_automaton, first=drawn.first, until=drawn.last + 1, s=s, gamma=gamma)
        null = bursts_of(np.sort(rng.integers(drawn.first, drawn.last + 1, (samples, n)), axis=1))
        most = null.groupby("row")["weight"].max().reindex(range(samples), fill_value=0).sort_values().to_numpy()
        own = bursts_of(drawn.days[rows, :n])
        as_much = samples - np.searchsorted(most, own["weight"] - _ROUNDING)
        found.append(own.assign(row=rows[own["row"]], p=(1 + as_much) / (samples + 1)))
    every = pd.concat(found) if found else pd.DataFrame(columns=["row", "begin", "end", "n_events", "weight", "p"])
    table = _stretches(every[every["p"] <= level], drawn)
    table.attrs = drawn.attrs
    return table


def _automaton(days: np.ndarray, *, first: int, until: int, s: float, gamma: float) -> pd.DataFrame:
    """Bursts of several series of as many events each: row, first and last day, events and weight."""
    gaps = np.diff(days, axis=1, prepend=first, append=until).T.astype("float64")
    n = days.shape[1]
    slow = n / (until - first)
    # What a gap costs less in a burst; the last one is censored, so that no event ended it.
    gain = log(s) - (s - 1) * slow * gaps
    gain[-1] -= log(s)
    state = _cheapest(gain, gamma * log(n))
    edge = np.diff(state.astype("int8"), axis=0, prepend=0, append=0)
    (row, begin), (_, end) = (np.nonzero(turns) for turns in (edge.T == 1, edge.T == -1))
    sums = np.vstack([np.zeros(gain.shape[1]), np.cumsum(np.where(state, gain, 0), axis=0)])
    bounds = np.hstack([np.full((len(days), 1), first), days, np.full((len(days), 1), until - 1)])
    # The gap i lies between the ends i and i + 1; ends that are events are counted.
    n_events = end - begin + 1 - (begin == 0) - (end == n + 1)
    columns = {"row": row, "begin": bounds[row, begin], "end": bounds[row, end], "n_events": n_events}
    return pd.DataFrame({**columns, "weight": sums[end, row] - sums[begin, row]})


def _cheapest(gain: np.ndarray, cost: float) -> np.ndarray:
    """Whether each gap is in a burst, in the cheapest sequence of states; gaps x series."""
    slow, fast = np.zeros(gain.shape[1]), np.full(gain.shape[1], -np.inf)
    fell, stayed = np.empty(gain.shape, dtype=bool), np.empty(gain.shape, dtype=bool)
    for i, gained in enumerate(gain):  # by what is gained over the slow state all along
        fell[i], stayed[i] = fast > slow, fast >= slow - cost
        slow, fast = np.where(fell[i], fast, slow), np.where(stayed[i], fast, slow - cost) + gained
    state, states = fast > slow, np.empty(gain.shape, dtype=bool)
    for i in range(len(gain) - 1, -1, -1):
        states[i] = state
        state = np.where(state, stayed[i], fell[i])
    return states


def _stretches(found: pd.DataFrame, drawn: Drawn) -> pd.DataFrame:
    """Merge the bursts of all draws into stretches of days that lie in one of them."""
    size = drawn.last + 2 - drawn.first
    begin, end = (found[name].to_numpy(dtype="int64") - drawn.first for name in ("begin", "end"))
    covered = np.cumsum(np.bincount(begin, minlength=size) - np.bincount(end + 1, minlength=size))
    edge = np.flatnonzero(np.diff(covered > 0, prepend=False))
    rows = []
    for first, after in zip(edge[::2].tolist(), edge[1::2].tolist(), strict=True):
        own, depth = found[(begin >= first) & (begin < after)], covered[first:after]
        core = first + np.flatnonzero(depth == depth.max())
        days = np.array([first, after - 1, core[0], core[-1]]) + drawn.first
        medians = own[["n_events", "weight", "p"]].median()
        rows.append(
            (*days.astype("datetime64[D]").astype("datetime64[s]"), own["row"].nunique() / len(drawn.days), *medians)
        )
    table = pd.DataFrame(rows, columns=_BURST)
    return table.astype({**dict.fromkeys(_BURST[:4], "datetime64[s]"), **dict.fromkeys(_BURST[4:], "float64")})
