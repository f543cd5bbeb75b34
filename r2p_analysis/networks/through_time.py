"""Membership networks through time, with what uncertain dates make of every measure.

The modelling choice, in full in `unknown_days` and `worlds`: a boundary stated as one of several days is an unknown
day, all days equally likely; a boundary that is not stated has no distribution. So a measure of a day comes back twice,
and the two are never mixed:

- as a **distribution** over worlds, in the reading that is asked for: its mean (``value``) and the interval from
  ``low`` to ``high``. With exact dates there is one world, and the interval is zero wide.
- in the **two extreme readings** of the rows as they stand: ``in_certain`` (only what must hold) and ``in_possible``
  (all that may hold). They bound a measure that can only grow, or only fall, as ties are added: degree, number of
  ties, density. Other measures (betweenness, modularity, nestedness, a rank) can leave that stretch in a
  network between the two, and then these are two readings and no bounds.

The ties of all rows are looked up once; a date costs two readings of the rows, and each distinct network one call of
the measure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.networks import worlds as worlds_of
from r2p_analysis.networks.ensemble import LEAST, Day, Frame, days_of, frame_of, network_of
from r2p_analysis.networks.plan import draw
from r2p_analysis.networks.plan import plan as plan_of
from r2p_analysis.options import function, number
from r2p_analysis.schema import one_of
from r2p_analysis.study import Study

Measure = Callable[[nx.Graph], "float | pd.Series"]
_COLUMNS = ["at", "low", "value", "high", "in_certain", "in_possible", "exact", "n_worlds", "error"]
_MODEL = (
    "each boundary of a spell that is stated as one of several days is one unknown day, all days equally likely "
    "(the same stated days in one {together} are one day); value, low and high are over these days, in the reading "
    "'{reading}'; in_certain and in_possible are the two extreme readings of what is stated, which bound a measure "
    "only if it never falls, or never rises, as ties are added"
)


def series(
    study: Study,
    measure: Measure,
    dates: Sequence[Day],
    *,
    reading: Literal["certain", "possible"] = "possible",
    level: float = 0.95,
    together: Literal["body", "actor"] = "body",
    limit: int = 1024,
    draws: int = 500,
    rng: np.random.Generator | None = None,
    **network: object,
) -> pd.DataFrame:
    """Any measure of the network at each of several dates, with what uncertain dates make of it.

    Parameters
    ----------
    study : Study
        The study.
    measure : callable
        Takes a two-mode network and gives a number, or a Series of numbers by node. For an interval of
        ranks give a measure that ranks.
    dates : sequence of str or datetime.date
        The days; no year, since a network is of one day.
    reading : {"certain", "possible"}, default "possible"
        Which rows of a world to believe where nothing is stated.
    level : float, default 0.95
        Probability that the interval holds at least; 1 is from the least to the greatest value.
    together, limit, draws, rng
        See `ensemble`.
    **network : object
        Further arguments of `two_mode_network`: status, roles, actors, rollup.

    Returns
    -------
    pandas.DataFrame
        One row a date, or a date and ``node``: ``at``; ``low``, ``value``, ``high`` (lower end, mean and upper end over
        worlds; each tail outside has at most half of 1 - `level`); ``in_certain`` and ``in_possible`` (the
        measure in the two extreme readings; bounds only where the measure is monotone in the ties); ``exact``
        (whether all networks were enumerated), ``n_worlds`` (distinct networks) and ``error`` (standard error of
        ``value`` from drawing, 0 where exact). Null where the measure is null in one of the worlds. ``attrs`` has
        the layers, what was asked, and ``model``, a sentence that says what the columns mean.

    Raises
    ------
    ValueError
        If `level` is outside (0, 1], if the measure gives no number or Series, or as in `ensemble`.

    See Also
    --------
    changes : Ties that come and go between the dates.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> table = series(load_study(), lambda B: B.degree["lan"], ["2011-12-31", "2012-03-31", "2012-12-31"])
    >>> table[["low", "value", "high", "in_certain", "in_possible"]].round(3).values.tolist()
    [[0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 4.475, 18.0, 0.0, 18.0], [18.0, 18.0, 18.0, 10.0, 18.0]]
    """
    one_of(reading, LEAST, "reading")
    function(measure, "measure")
    if not 0 < number(level, "level", "as in 0.95") <= 1:
        raise ValueError(f"level={level!r} is no probability: allowed is a number above 0 and at most 1, such as 0.95")
    frame, days = frame_of(study, network), days_of(dates)
    plan = plan_of(study, frame.rows, together=together)
    drawn = None if rng is None else draw(plan, draws, rng)
    parts = []
    for day in days:
        found = worlds_of.worlds(plan, [day], reading=reading, limit=limit, drawn=drawn)
        parts.append(_measured(frame, found, measure, day, reading, level))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)
    table.attrs.update({**frame.asked, "reading": reading, "level": level, "together": together})
    table.attrs["model"] = _MODEL.format(together=together, reading=reading)
    return table


def changes(
    study: Study,
    dates: Sequence[Day],
    *,
    reading: Literal["certain", "possible"] = "possible",
    together: Literal["body", "actor"] = "body",
    limit: int = 1024,
    draws: int = 500,
    rng: np.random.Generator | None = None,
    **network: object,
) -> pd.DataFrame:
    """Ties that enter and leave the network from each date to the next.

    Parameters
    ----------
    study : Study
        The study.
    dates : sequence of str or datetime.date
        Two or more days, ascending. What enters and leaves again between two of them is not seen.
    reading : {"certain", "possible"}, default "possible"
        Which rows of a world to believe where nothing is stated. With ``certain`` a tie leaves when
        the evidence no longer vouches for it, which is not to say that the membership ended.
    together, limit, draws, rng
        See `ensemble`; the networks of both days are taken together.
    **network : object
        Further arguments of `two_mode_network`: status, roles, actors, rollup.

    Returns
    -------
    pandas.DataFrame
        One row a tie that changes with a probability above 0, by dates, change, actor and body: ``since``, ``until``
        (the two dates), ``change`` (``entered`` or ``left``), ``actor``, ``body`` (nodes), ``probability`` and
        ``exact``.

    Raises
    ------
    ValueError
        If there are fewer than two dates or they do not ascend, or as in `ensemble`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> table = changes(load_study(), ["2011-12-31", "2012-03-31", "2012-12-31"])
    >>> table[table["body"] == "lan"].groupby("until")["probability"].agg(["size", "max"]).round(3).values.tolist()
    [[18.0, 0.249], [18.0, 0.751]]
    """
    one_of(reading, LEAST, "reading")
    frame, days = frame_of(study, network), days_of(dates)
    if len(days) < 2 or days != sorted(set(days)):
        raise ValueError(f"dates must be two or more days, ascending; given: {', '.join(map(str, days)) or 'none'}")
    plan = plan_of(study, frame.rows, together=together)
    drawn = None if rng is None else draw(plan, draws, rng)
    rows = []
    for pair in pairwise(days):
        found = worlds_of.worlds(plan, pair, reading=reading, limit=limit, drawn=drawn)
        rows += [(*map(date.isoformat, pair), *row, not found.n_draws) for row in _changed(frame, found, reading)]
    table = pd.DataFrame(rows, columns=["since", "until", "change", "actor", "body", "probability", "exact"])
    table.attrs.update({**frame.asked, "reading": reading, "together": together})
    return table


def _measured(
    frame: Frame, found: worlds_of.Worlds, measure: Measure, day: date, reading: str, level: float
) -> pd.DataFrame:
    """Rows of `series` for one day."""
    done: dict[tuple[str, bytes], pd.Series] = {}

    def measured(codes: np.ndarray, read: str) -> pd.Series:
        key = (read, np.where(codes >= LEAST[read], codes, 0).tobytes())
        if key not in done:
            done[key] = _by_node(measure(network_of(frame, codes, read, day)))
        return done[key]

    columns = [measured(codes, reading) for codes in found.holds[:, 0]]
    columns += [measured(found.stated[0], read) for read in LEAST]
    # Nodes in the order of the measure; a node that one network lacks is null there.
    values = pd.concat(columns, axis=1, sort=False)
    table = pd.DataFrame(
        _summary(values.iloc[:, : -len(LEAST)].to_numpy(dtype=float), found, level), index=values.index
    )
    table = table.assign(**{f"in_{read}": values.iloc[:, i - len(LEAST)] for i, read in enumerate(LEAST)})
    table = table.assign(exact=not found.n_draws, n_worlds=len(found.weights), at=day.isoformat()).rename_axis("node")
    by_node = table.index.tolist() != [None]
    return table.reset_index()[[*_COLUMNS[:1], *(["node"] if by_node else []), *_COLUMNS[1:]]]


def _by_node(value: float | pd.Series) -> pd.Series:
    if isinstance(value, pd.Series):
        if value.index.has_duplicates:
            raise ValueError(f"the measure gives a node twice: {value.index[value.index.duplicated()][0]!r}")
        return value.astype(float)
    if isinstance(value, int | float | np.number):
        return pd.Series([float(value)], index=[None])
    rule = (
        "a measure gives a number, or a Series of numbers by node, such as centralities(B).set_index('node')['degree']"
    )
    raise ValueError(f"the measure gave a {type(value).__name__}: {rule}")


def _summary(values: np.ndarray, found: worlds_of.Worlds, level: float) -> dict[str, np.ndarray]:
    """Mean, interval and standard error of each row of nodes x worlds."""
    weights = np.array([float(weight) for weight in found.weights])
    least, most = values.min(axis=1), values.max(axis=1)
    # The mean of equal values is that value: rounding must not open an interval of no width.
    mean = np.clip([math.fsum(row) for row in values * weights], least, most)
    spread = np.sqrt(((values - mean[:, None]) ** 2 * weights).sum(axis=1))
    low, high = _interval(values, weights, (1 - level) / 2)
    error = spread / math.sqrt(found.n_draws) if found.n_draws else np.where(np.isnan(mean), np.nan, 0.0)
    return {"low": low, "value": mean, "high": high, "error": error}


def _interval(values: np.ndarray, weights: np.ndarray, tail: float) -> tuple[np.ndarray, np.ndarray]:
    """Narrowest interval between values that leaves at most `tail` on either side; NaN where a value is."""
    order = np.argsort(values, axis=1, kind="stable")
    ranked, weighed = np.take_along_axis(values, order, axis=1), weights[order]
    allowed = tail * (1 + 1e-9)  # a tail that is met exactly must not fail by rounding
    below = np.cumsum(weighed, axis=1) - weighed
    above = np.cumsum(weighed[:, ::-1], axis=1)[:, ::-1] - weighed
    low = np.take_along_axis(ranked, (below <= allowed).sum(axis=1, keepdims=True) - 1, axis=1)[:, 0]
    high = np.take_along_axis(ranked, (above > allowed).sum(axis=1, keepdims=True), axis=1)[:, 0]
    empty = np.isnan(values).any(axis=1)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)


def _changed(frame: Frame, found: worlds_of.Worlds, reading: str) -> Iterator[tuple[str, str, str, float]]:
    """Change, actor, body and probability of each tie that may change between the two days."""
    chances: dict[tuple[str, str, str], Fraction] = {}
    for weight, (before, after) in zip(found.weights, found.holds, strict=True):
        old, new = (_tied(frame, codes >= LEAST[reading]) for codes in (before, after))
        for change, ties in (("entered", new - old), ("left", old - new)):
            for tie in ties:
                chances[change, *tie] = chances.get((change, *tie), Fraction(0)) + weight
    for key in sorted(chances):
        yield *key, float(chances[key])


def _tied(frame: Frame, holds: np.ndarray) -> set[tuple[str, str]]:
    return {frame.ties[i] for i in np.flatnonzero(holds).tolist()} - {None}
