"""Orders of events that hold however the days fall, and how many orders they leave.

The modelling choice: events are compared by their first days. An order is certain if every choice of days that dates
and relations allow gives it. Dates alone give it where one event must have begun by the day on which another can
begin at the earliest; relations carry it further. Together the certain orders are a partial order, and the orders that
are possible are its linear extensions, where events that begin on one day may stand either way round. With one-of sets
that have gaps a linear extension may still ask for days that the sets do not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from math import factorial, prod

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.chronology.chains import Solution, solve, solved
from r2p_analysis.chronology.network import Network, Order, network_of
from r2p_analysis.options import whole
from r2p_analysis.study import Study, of_layers

_ORDERS = ("before", "not after", "same day")


def certain_orders(
    events: pd.DataFrame | Study,
    links: pd.DataFrame | None = None,
    *,
    reduced: bool = False,
    leave_out: Collection[str] = (),
    suppose_same: bool = False,
) -> pd.DataFrame:
    """Pairs of events whose order is certain.

    Parameters
    ----------
    events, links, leave_out, suppose_same
        As in `tighten`.
    reduced : bool, default False
        Leave out pairs that follow from others, as for drawing.

    Returns
    -------
    pandas.DataFrame
        ``event_id``, ``other_id`` and ``order``, a category: ``before`` (begins on an earlier day), ``not after``
        (begins earlier or on the same day), ``same day`` (listed once). Sorted by the events' places in the table.

    Raises
    ------
    ValueError
        As `tighten`.

    See Also
    --------
    order_probabilities : How likely an order is that is not certain.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["a", "b", "c"], "date_edtf": ["2011", "2012", "2013-04"]})
    >>> certain_orders(events, reduced=True).to_numpy().tolist()
    [['a', 'b', 'before'], ['b', 'c', 'before']]
    """
    network = network_of(events, links, leave_out, suppose_same)
    strict, weak = certain(network, solved(network))
    kinds = _reduced(strict, weak) if reduced and len(strict) else _kinds(strict, weak)
    one, other = np.nonzero(kinds)
    ids = pd.Series(network.ids, dtype="str")
    table = pd.DataFrame(
        {
            "event_id": ids.take(one).array,
            "other_id": ids.take(other).array,
            "order": pd.Categorical.from_codes(kinds[one, other] - 1, categories=_ORDERS),
        }
    )
    return of_layers(events, table) if isinstance(events, Study) else table


def n_linear_extensions(
    events: pd.DataFrame | Study,
    links: pd.DataFrame | None = None,
    *,
    most: int = 200_000,
    leave_out: Collection[str] = (),
    suppose_same: bool = False,
) -> int:
    """Number of orders of all events that keep every certain order, exact.

    Parameters
    ----------
    events, links, leave_out, suppose_same
        As in `tighten`.
    most : int, default 200_000
        Largest number of states to keep at once. A state is a set of events that have begun, closed under what
        must come before; about 17 events without any order among them are within the default.

    Returns
    -------
    int
        At least 1. Events that are sure to begin on the same day may stand either way round, and events without any
        date anywhere.

    Raises
    ------
    ValueError
        If there are more states (take `draw_days` then), or as `tighten`.

    Notes
    -----
    Events are added one by one to the sets that have begun, and the ways to each set are added up. Groups without an
    order between them are counted by themselves and interleaved. Counting is #P-complete in general: Brightwell and
    Winkler (1991), Order 8, https://doi.org/10.1007/BF00383444.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["a", "b", "c"], "date_edtf": ["2011", "2012", "2012-04"]})
    >>> n_linear_extensions(events)
    2
    """
    network = network_of(events, links, leave_out, suppose_same)
    whole(most, "most", 0)
    groups = _groups(_precedes(network))
    interleaved = factorial(len(network.ids)) // prod(factorial(len(group)) for group in groups)
    return interleaved * prod(_n_orders(group, most) for group in groups)


def linear_extensions(
    events: pd.DataFrame | Study,
    links: pd.DataFrame | None = None,
    *,
    most: int = 1_000,
    leave_out: Collection[str] = (),
    suppose_same: bool = False,
) -> list[tuple[str, ...]]:
    """All orders of the events that keep every certain order.

    Parameters
    ----------
    events, links, leave_out, suppose_same
        As in `tighten`.
    most : int, default 1_000
        Largest number of orders to list.

    Returns
    -------
    list of tuple of str
        Ids of all events, in the order in which they begin; sorted by the events' places in the table.

    Raises
    ------
    ValueError
        If there are more orders (`n_linear_extensions` counts them, `draw_days` draws), or as `tighten`.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["a", "b", "c"], "date_edtf": ["2011", "2012", "2012-04"]})
    >>> linear_extensions(events)
    [('a', 'b', 'c'), ('a', 'c', 'b')]
    """
    network = network_of(events, links, leave_out, suppose_same)
    whole(most, "most", 0)
    found = []
    for order in _sorted_orders(_precedes(network)):
        if len(found) == most:
            raise ValueError(f"there are more than {most} orders: raise `most`, or take draw_days()")
        found.append(tuple(network.ids[i] for i in order))
    return found


def certain(network: Network, solution: Solution) -> tuple[np.ndarray, np.ndarray]:
    """Whether row certainly begins before column, and whether it certainly begins no later; the diagonal is False."""
    low, high = first_bounds(network, solution)
    strict, weak = high[:, None] < low, high[:, None] <= low
    for i, later in _later(network):
        weak[i, later] = True
    np.fill_diagonal(weak, False)
    for i, j in _pairs_about_gaps(network, weak & ~strict):
        other_way = (*network.orders, Order(2 * j, 2 * i))
        strict[i, j] = bool(solve(replace(network, orders=other_way)).clashes())
    return strict, weak


def first_bounds(network: Network, solution: Solution) -> tuple[np.ndarray, np.ndarray]:
    """Earliest and latest first day of each event; infinite where open."""
    days = range(0, 2 * len(network.ids), 2)
    low = [solution.lows[day].day if day in solution.lows else -np.inf for day in days]
    high = [solution.highs[day].day if day in solution.highs else np.inf for day in days]
    return np.array(low, dtype="float64"), np.array(high, dtype="float64")


def _later(network: Network) -> Iterator[tuple[int, list[int]]]:
    """For each event, those that begin no earlier by chains of orders."""
    graph = nx.DiGraph()
    graph.add_edges_from((order.earlier, order.later) for order in network.orders)
    stated = {order.earlier for order in network.orders if order.rows}
    for i in range(len(network.ids)):
        if not stated.isdisjoint((2 * i, 2 * i + 1)):
            reached = nx.descendants(graph, 2 * i)
            yield i, sorted(day // 2 for day in reached if day % 2 == 0)


def _pairs_about_gaps(network: Network, open_pairs: np.ndarray) -> list[tuple[int, int]]:
    """Pairs that are in order by a one-of set with gaps, so that there may be no day for both."""
    no_later = open_pairs | np.eye(len(open_pairs), dtype="bool")
    found = {(i, j) for k in network.sets for i in np.flatnonzero(no_later[:, k]) for j in np.flatnonzero(no_later[k])}
    return sorted((int(i), int(j)) for i, j in found if open_pairs[i, j])


def _kinds(strict: np.ndarray, weak: np.ndarray) -> np.ndarray:
    """1 before, 2 not after, 3 same day (once a pair), 0 nothing certain."""
    kinds = np.where(strict, 1, np.where(weak, 2, 0)).astype("int8")
    both = weak & weak.T
    kinds[both] = 3
    kinds[np.tril(both)] = 0
    return kinds


def _reduced(strict: np.ndarray, weak: np.ndarray) -> np.ndarray:
    """Kinds without pairs that follow from others; of what begins on one day the first row stands for all."""
    both = weak & weak.T
    np.fill_diagonal(both, True)
    stand_in = both.argmax(axis=1)
    lone = stand_in == np.arange(len(stand_in))
    kinds = _kinds(strict, weak)
    follows = _by_another(weak & ~both, weak & ~both, lone)
    strictly = _by_another(strict, weak & ~both, lone) | _by_another(weak & ~both, strict, lone)
    kinds[((kinds == 1) & strictly) | ((kinds == 2) & follows)] = 0
    kinds[~lone] = 0
    kinds[:, ~lone] = 0
    kinds[stand_in[~lone], np.flatnonzero(~lone)] = 3
    return kinds


def _by_another(one: np.ndarray, other: np.ndarray, lone: np.ndarray) -> np.ndarray:
    # As products of numbers, which are far faster than those of truth values.
    return (one[:, lone].astype("float32") @ other[lone].astype("float32")) > 0


def _precedes(network: Network) -> np.ndarray:
    _, weak = certain(network, solved(network))
    return weak & ~weak.T


def _groups(precedes: np.ndarray) -> list[np.ndarray]:
    """Parts of the partial order that have no order between them."""
    graph = nx.from_numpy_array(precedes | precedes.T)
    return [precedes[np.ix_(part, part)] for part in map(sorted, nx.connected_components(graph))]


def _n_orders(precedes: np.ndarray, most: int) -> int:
    n = len(precedes)
    needed = [sum(1 << int(i) for i in np.flatnonzero(column)) for column in precedes.T]
    ways = {0: 1}
    for _ in range(n):
        longer: Counter[int] = Counter()
        for begun, n_ways in ways.items():
            for i in range(n):
                if not begun >> i & 1 and needed[i] & ~begun == 0:
                    longer[begun | 1 << i] += n_ways
            if len(longer) > most:
                raise ValueError(f"to order {n} events takes more than {most} states: raise `most`, or draw_days()")
        ways = longer
    return ways[(1 << n) - 1]


def _sorted_orders(precedes: np.ndarray) -> Iterator[tuple[int, ...]]:
    n = len(precedes)
    needed = [set(np.flatnonzero(column).tolist()) for column in precedes.T]
    order: list[int] = []
    rest = [iter([i for i in range(n) if not needed[i]])]
    while rest:
        if len(order) == n:
            yield tuple(order)
        if (i := next(rest[-1], None)) is not None:
            order.append(i)
            begun = set(order)
            rest.append(iter([j for j in range(n) if j not in begun and needed[j] <= begun]))
        else:
            rest.pop()
            del order[-1:]
