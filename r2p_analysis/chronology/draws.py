"""First days of events drawn under constraints: every choice of days that meets them is as likely as another.

The modelling choice: each first day is uniform on its possible days and independent of the others, *given* that dates
and relations hold together. Days without a relation that still matters are independent. Groups of events that relations
tie are drawn together, from that distribution itself and not from a chain that nears it:

- Where the ties of a group form no circle, by counting for each day how many choices of the days beyond it are left,
  and drawing outwards by these counts.
- Else by monotone coupling from the past: the days are redrawn in turn, each between those that it has to follow and
  to precede, in two copies that start from the lowest and from the highest days and share their randomness. Where the
  copies meet after a start far enough in the past, they show a day of the distribution.

Source: Propp and Wilson (1996), Exact sampling with coupled Markov chains, Random Structures & Algorithms 9,
https://doi.org/10.1002/(SICI)1098-2418(199608/09)9:1/2<223::AID-RSA14>3.0.CO;2-O.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.chronology.chains import solve, solved
from r2p_analysis.chronology.firstdays import two_days
from r2p_analysis.chronology.network import Limit, Network, network_of
from r2p_analysis.chronology.partial import certain, first_bounds
from r2p_analysis.chronology.spread import EPOCH
from r2p_analysis.options import generator, whole
from r2p_analysis.study import Study


@dataclass(frozen=True)
class FirstDays:
    """Events whose first day has both bounds, their possible days as runs, and the groups that are drawn together.

    A group is a directed acyclic graph of places in `events`, from the one that begins no later to the other; the node
    attribute ``same`` holds the places that begin on the same day as the node.
    """

    ids: tuple[str, ...]
    events: np.ndarray
    runs: tuple[np.ndarray, ...]
    groups: tuple[nx.DiGraph, ...]
    strict: np.ndarray
    weak: np.ndarray


def draw_days(
    events: pd.DataFrame | Study,
    links: pd.DataFrame | None = None,
    *,
    rng: np.random.Generator,
    n_draws: int = 1_000,
    support: tuple[date, date] | None = None,
    leave_out: Collection[str] = (),
    suppose_same: bool = False,
) -> pd.DataFrame:
    """First days of all events at once, drawn so that dates and relations hold.

    Parameters
    ----------
    events, links, leave_out, suppose_same
        As in `tighten`.
    rng : numpy.random.Generator
        Source of randomness.
    n_draws : int, default 1_000
        Number of draws, independent of each other.
    support : tuple of (datetime.date, datetime.date), optional
        First and last day that an open end may mean, where relations leave one open. What has no bound on either side
        stays out.

    Returns
    -------
    pandas.DataFrame
        A row a draw, a column an event (its id) whose first day has both bounds, in the order of the table; days.
        Events without are left out, and ``.attrs["n_left_out"]`` says how many. To rank a draw is to draw an order.

    Raises
    ------
    ValueError
        If `n_draws` is not positive, the support leaves no day, or as `tighten`.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["a", "b"], "date_edtf": ["2012-06", "2012-06"]})
    >>> row = {"link_id": "l", "event_id": "a", "relation": "before", "other_id": "b"}
    >>> days = draw_days(events, pd.DataFrame([row]), rng=np.random.default_rng(1), n_draws=500)
    >>> bool((days["a"] <= days["b"]).all()), len(days)
    (True, 500)
    """
    first = first_days(network_of(events, links, leave_out, suppose_same), support)
    days = sample(first, rng, n_draws)
    table = pd.DataFrame((days - EPOCH).astype("datetime64[D]").astype("datetime64[s]"), columns=list(first.ids))
    table.attrs = {"n_left_out": len(first.strict) - len(first.ids)}
    return table


def first_days(network: Network, support: tuple[date, date] | None = None) -> FirstDays:
    """Tighten a network, close open ends by the support, and group the events that must be drawn together."""
    solution = solved(network)
    if support is not None:
        support = two_days(support)
        network = _closed(network, support)
        solution = solve(network)
        if solution.clashes():
            raise ValueError(f"open ends have no days within the support from {support[0]} to {support[1]}")
    strict, weak = certain(network, solution)
    low, high = first_bounds(network, solution)
    kept = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    runs = [_runs(network.sets.get(i, ((low[i], high[i]),)), low[i], high[i]) for i in kept]
    # An order that the bounds give already ties nothing.
    ties = (weak & (high[:, None] > low))[np.ix_(kept, kept)]
    groups, merged = _groups(ties)
    for places in merged:
        common = _common([runs[place] for place in places])
        for place in places:
            runs[place] = common
    return FirstDays(tuple(network.ids[i] for i in kept), kept, tuple(runs), groups, strict, weak)


def sample(first: FirstDays, rng: np.random.Generator, n_draws: int) -> np.ndarray:
    """Draw day numbers, shape (n_draws, n_events)."""
    whole(n_draws, "n_draws", 1)
    generator(rng)
    days = np.empty((len(first.ids), n_draws), dtype="int64")
    for place, runs in enumerate(first.runs):
        days[place] = _between(runs, runs[0, 0], runs[-1, 1], rng.random(n_draws))
    for group in first.groups:
        draw = _outwards if nx.is_forest(group) else _from_the_past
        for place, drawn in draw(group, first.runs, rng, n_draws).items():
            days[group.nodes[place]["same"]] = drawn
    return days.T


def _closed(network: Network, support: tuple[date, date]) -> Network:
    solution = solve(network)
    lows, highs = dict(network.lows), dict(network.highs)
    for day in range(0, 2 * len(network.ids), 2):
        if day in solution.highs and day not in solution.lows:
            lows[day] = Limit(support[0].toordinal(), ())
        if day in solution.lows and day not in solution.highs:
            highs[day] = Limit(support[1].toordinal(), ())
    return replace(network, lows=lows, highs=highs)


def _runs(runs: Collection[tuple[float, float]], low: float, high: float) -> np.ndarray:
    kept = [(max(first, low), min(last, high)) for first, last in runs if first <= high and last >= low]
    return np.array(kept, dtype="int64")


def _common(runs: list[np.ndarray]) -> np.ndarray:
    common = runs[0]
    for other in runs[1:]:
        common = np.concatenate([_runs(common, *run).reshape(-1, 2) for run in other])
    return common


def _groups(ties: np.ndarray) -> tuple[tuple[nx.DiGraph, ...], list[list[int]]]:
    """Groups of events that are tied, what begins on one day being one node, and the places of such nodes."""
    graph = nx.DiGraph(np.argwhere(ties).tolist())
    whole = nx.condensation(graph) if len(graph) else nx.DiGraph()
    groups, merged = [], []
    for part in sorted(nx.weakly_connected_components(whole), key=min):
        members = {node: sorted(whole.nodes[node]["members"]) for node in sorted(part)}
        group = nx.transitive_reduction(whole.subgraph(part))
        group = nx.relabel_nodes(group, {node: places[0] for node, places in members.items()})
        nx.set_node_attributes(group, {places[0]: places for places in members.values()}, "same")
        groups.append(group)
        merged += [places for places in members.values() if len(places) > 1]
    return tuple(sorted(groups, key=min)), sorted(merged)


def _between(runs: np.ndarray, low: np.ndarray | int, high: np.ndarray | int, u: np.ndarray) -> np.ndarray:
    """Draw from the days of the runs between two bounds, by numbers u in [0, 1); higher bounds give no lower day."""
    begins = np.concatenate([[0], np.cumsum(runs[:, 1] - runs[:, 0] + 1)])
    below, upto = _n_before(runs, begins, np.asarray(low)), _n_before(runs, begins, np.asarray(high) + 1)
    number = below + (u * (upto - below)).astype("int64")
    run = np.searchsorted(begins, number, side="right") - 1
    return runs[run, 0] + number - begins[run]


def _n_before(runs: np.ndarray, begins: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Number of days of the runs that are before a day."""
    run = np.searchsorted(runs[:, 0], day, side="right") - 1
    return np.where(run < 0, 0, begins[run] + np.minimum(day - runs[run, 0], begins[run + 1] - begins[run]))


def _outwards(group: nx.DiGraph, runs: tuple, rng: np.random.Generator, n_draws: int) -> dict[int, np.ndarray]:
    """Draw a group whose ties form a tree: count inwards to the root, then draw outwards from it."""
    start = min(int(runs[place][0, 0]) for place in group)
    n_days = max(int(runs[place][-1, 1]) for place in group) - start + 1
    root = min(group)
    tree = nx.bfs_tree(group.to_undirected(), root, sort_neighbors=sorted)
    ways: dict[int, np.ndarray] = {}
    for place in nx.dfs_postorder_nodes(tree, root):
        own = np.zeros(n_days)
        for low, high in runs[place] - start:
            own[low : high + 1] = 1
        for beyond in tree[place]:
            own *= np.cumsum(ways[beyond]) if group.has_edge(beyond, place) else np.cumsum(ways[beyond][::-1])[::-1]
        ways[place] = own / own.max()
    days = {root: _up_to(ways[root], np.full(n_draws, n_days - 1), rng)}
    for place, beyond in nx.bfs_edges(tree, root):
        if group.has_edge(beyond, place):
            days[beyond] = _up_to(ways[beyond], days[place], rng)
        else:  # the same from the last day back
            days[beyond] = n_days - 1 - _up_to(ways[beyond][::-1], n_days - 1 - days[place], rng)
    return {place: drawn + start for place, drawn in days.items()}


def _up_to(ways: np.ndarray, last: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw days up to `last`, each as likely as it has ways."""
    total = np.cumsum(ways)
    # Rounding must not reach the total itself, which would be a day too late.
    aim = np.minimum(rng.random(len(last)) * total[last], np.nextafter(total[last], 0))
    return np.searchsorted(total, aim, side="right")


def _from_the_past(group: nx.DiGraph, runs: tuple, rng: np.random.Generator, n_draws: int) -> dict[int, np.ndarray]:
    """Draw a group by two coupled copies; the further past has randomness of its own, the nearer keeps its own."""
    places = list(nx.lexicographical_topological_sort(group))
    seeds: list[int] = []
    while True:
        seeds.append(int(rng.integers(2**63)))
        lowest, highest = ({place: np.full(n_draws, runs[place].flat[end]) for place in places} for end in (0, -1))
        for i in range(len(seeds) - 1, -1, -1):
            noise = np.random.default_rng(seeds[i])
            for _ in range(2 ** max(0, i - 1)):
                for place in places:
                    u = noise.random(n_draws)
                    for days in (lowest, highest):
                        days[place] = _redrawn(group, runs, days, place, u)
        if all((lowest[place] == highest[place]).all() for place in places):
            return lowest


def _redrawn(group: nx.DiGraph, runs: tuple, days: dict[int, np.ndarray], place: int, u: np.ndarray) -> np.ndarray:
    low, high = runs[place][0, 0], runs[place][-1, 1]
    for before in group.pred[place]:
        low = np.maximum(low, days[before])
    for after in group.succ[place]:
        high = np.minimum(high, days[after])
    return _between(runs[place], low, high, u)
