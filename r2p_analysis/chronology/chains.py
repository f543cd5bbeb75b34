"""Bounds that chains of orders give to days: a simple temporal problem without distances.

Between two days there is no distance but "not later" (see `network`), so that a shortest path is a chain: the lower
bound of a day is the highest limit from which a chain of orders leads up to it. The bounds are exact: each of them is
the day in some choice of days that meets everything. That holds for one-of sets with gaps, too, since such constraints
are closed under minimum and maximum: the lowest days of all events together meet every one.

Source: Dechter, Meiri and Pearl (1991), Temporal constraint networks, Artificial Intelligence 49,
https://doi.org/10.1016/0004-3702(91)90006-6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from r2p_analysis.chronology.network import Limit, Network, Order, Rows


class Reached(NamedTuple):
    """Bound of a day, the day before it on its chain, the order between the two, and the length of the chain."""

    day: int
    previous: int | None = None
    order: Order | None = None
    n_steps: int = 0


@dataclass(frozen=True)
class Solution:
    """Lower and upper bounds of days, and the limits that they start from, with those that gaps of sets add."""

    lows: Mapping[int, Reached]
    highs: Mapping[int, Reached]
    low_limits: Mapping[int, Limit]
    high_limits: Mapping[int, Limit]

    def why(self, day: int, *, high: bool) -> Rows:
        """Rows that make a bound, from the one that sets the limit along the chain."""
        bounds, limits = (self.highs, self.high_limits) if high else (self.lows, self.low_limits)
        rows: list[str] = []
        while bounds[day].order:
            rows += bounds[day].order.rows[::-1]
            day = bounds[day].previous
        return tuple(dict.fromkeys([*limits[day].rows, *reversed(rows)]))

    def clashes(self) -> list[tuple[Rows, int]]:
        """Rows of a contradiction for each day left without a choice, and the days it fails by; short ones first."""
        bad = [day for day, low in self.lows.items() if day in self.highs and low.day > self.highs[day].day]
        bad.sort(key=lambda day: (self.lows[day].n_steps + self.highs[day].n_steps, day))
        rows = [self.why(day, high=False) + self.why(day, high=True)[::-1] for day in bad]
        return [
            (tuple(dict.fromkeys(both)), self.lows[day].day - self.highs[day].day)
            for day, both in zip(bad, rows, strict=True)
        ]


def solve(network: Network) -> Solution:
    """Bounds of all days; a bound below its counterpart shows a contradiction."""
    forward, backward = defaultdict(list), defaultdict(list)
    for order in network.orders:
        forward[order.earlier].append((order.later, order))
        backward[order.later].append((order.earlier, order))
    low_limits, high_limits = dict(network.lows), dict(network.highs)
    while True:
        lows, highs = _spread(low_limits, forward, 1), _spread(high_limits, backward, -1)
        solution = Solution(lows, highs, low_limits, high_limits)
        more_lows, more_highs = _past_gaps(network, solution, high=False), _past_gaps(network, solution, high=True)
        if not more_lows and not more_highs:
            return solution
        low_limits, high_limits = low_limits | more_lows, high_limits | more_highs


def solved(network: Network) -> Solution:
    """Bounds of all days; a ValueError that names the rows where some contradict each other."""
    solution = solve(network)
    if solution.clashes():
        rows, _ = contradiction(network)
        raise ValueError(
            f"rows contradict each other: {', '.join(rows)} ({'; '.join(said(network, rows))}). contradictions() lists "
            "all; leave_out= takes rows that are not to be used"
        )
    return solution


def said(network: Network, rows: Rows) -> list[str]:
    """What the rows of a contradiction say of days, in words: what each of them needs of the others."""
    part = only(network, rows)
    dates = [
        network.dated[row] for row in rows if row in network.dated and not solve(_without(part, row=row)).clashes()
    ]
    relations = dict.fromkeys(order.says for order in part.orders if order.says)
    return dates + [says for says in relations if not solve(_without(part, says=says)).clashes()]


def _without(network: Network, row: str = "", says: str = "") -> Network:
    """Network without the limits of one row, or without what one of its relations says."""
    lows, highs = (
        {day: limit for day, limit in limits.items() if row not in limit.rows}
        for limits in (network.lows, network.highs)
    )
    sets = {i: runs for i, runs in network.sets.items() if row != f"events:{network.ids[i]}"}
    orders = tuple(order for order in network.orders if not says or order.says != says)
    return replace(network, lows=lows, highs=highs, orders=orders, sets=sets)


def contradiction(network: Network) -> tuple[Rows, int]:
    """Rows of a contradiction of which none can be spared, and by how many days it fails; no rows if there is none."""
    clashes = solve(network).clashes()
    if not clashes:
        return (), 0
    rows, _ = clashes[0]
    network = only(network, rows)
    for row in rows:
        rest = only(network, [kept for kept in rows if kept != row])
        if solve(rest).clashes():
            return contradiction(rest)
    return rows, solve(network).clashes()[0][1]


def only(network: Network, rows: Collection[str]) -> Network:
    """Part of a network that stands on some rows alone."""
    rows = set(rows)
    stated = [order for order in network.orders if order.rows and rows.issuperset(order.rows)]
    lows, highs = (
        {day: limit for day, limit in limits.items() if rows.issuperset(limit.rows)}
        for limits in (network.lows, network.highs)
    )
    days = {*lows, *highs, *(day for order in stated for day in order[:2])}
    within = [Order(2 * i, 2 * i + 1) for i in sorted({day // 2 for day in days})]
    sets = {i: runs for i, runs in network.sets.items() if f"events:{network.ids[i]}" in rows}
    return replace(network, lows=lows, highs=highs, orders=(*within, *stated), sets=sets)


def _spread(limits: Mapping[int, Limit], following: Mapping[int, list], sign: int) -> dict[int, Reached]:
    """Take each limit along all chains, the strictest ones first, so that what is reached once needs no other."""
    reached: dict[int, Reached] = {}
    by_day = defaultdict(list)
    for day, limit in sorted(limits.items()):
        by_day[limit.day].append(day)
    for bound in sorted(by_day, reverse=sign > 0):
        front = [day for day in by_day[bound] if day not in reached]
        reached |= {day: Reached(bound) for day in front}
        for day in front:  # grows while it is read: the shortest chains come first
            for later, order in following.get(day, ()):
                if later not in reached:
                    reached[later] = Reached(bound, day, order, reached[day].n_steps + 1)
                    front.append(later)
    return reached


def _past_gaps(network: Network, solution: Solution, *, high: bool) -> dict[int, Limit]:
    """Limits of one-of sets, where a bound fell between their members and so moves to the next one."""
    found = {}
    for i, runs in network.sets.items():
        bounds = solution.highs if high else solution.lows
        bound = bounds[2 * i].day if 2 * i in bounds else None
        if bound is None or any(low <= bound <= up for low, up in runs):
            continue
        beyond = [up for _, up in runs if up < bound][-1:] if high else [low for low, _ in runs if low > bound][:1]
        for day in beyond:
            why = solution.why(2 * i, high=high)
            found[2 * i] = Limit(day, tuple(dict.fromkeys([*why, f"events:{network.ids[i]}"])))
    return found
