"""Search covers of a least price, exactly.

A branch is given up only on a bound that holds in whole numbers: multipliers of a Lagrangian relaxation, whatever
their quality, give a lower bound on the price of every cover [1]_, and here they are rounded to a grid on which
every sum is exact in a float. So no tolerance decides. Where the own search has looked at `NODES` nodes in vain,
HiGHS is asked; its "no" is believed only if its bound passes the price asked for by half a unit, in problems whose
prices sum to at most `TRUSTED` units, where its tolerances are thousands of times smaller than that.

References
----------
.. [1] Caprara, Toth and Fischetti (2000), Annals of Operations Research 98, 353-371. https://doi.org/10.1023/A:1019225027893
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

NODES = 1500
TRUSTED = 1_000_000
_ROUNDS = 12  # of improving the multipliers of one node
_BITS = 50


class Unproved(ValueError):
    """The time allowed was not enough to prove a plan the cheapest."""

    def __init__(self) -> None:
        super().__init__("not proved in the time allowed: give more seconds, exclude choices or cover fewer rows")


class _OutOfNodes(Exception):
    pass


class Part(NamedTuple):
    """A covering problem of its own: 0/1 rows × choices, prices in units, a fair start for the multipliers."""

    matrix: np.ndarray
    price: np.ndarray
    k: int
    multipliers: np.ndarray
    deadline: float


class _Node(NamedTuple):
    chosen: np.ndarray
    free: np.ndarray
    need: np.ndarray
    multipliers: np.ndarray


def part(matrix: np.ndarray, price: np.ndarray, k: int, deadline: float) -> Part:
    """Make a part; the multipliers are the dual of its linear relaxation."""
    from scipy.optimize import linprog

    matrix = matrix.astype(float)
    found = linprog(price, -matrix, np.full(len(matrix), -float(k)), bounds=(0, 1), method="highs")
    dual = -found.ineqlin.marginals if found.status == 0 else np.zeros(len(matrix))
    return Part(matrix, price, k, np.maximum(dual, 0.0), deadline)


def cheapest(part: Part) -> np.ndarray:
    """Choices of one cheapest cover, as a mask."""
    try:
        return _deepened(part)
    except _OutOfNodes:
        return _trimmed(part, _by_highs(part, _root(part)))


def another(part: Part, at_most: float, without: int) -> np.ndarray | None:
    """A cover of at most this price without one choice, or None if there is none."""
    root = _root(part, without)
    try:
        return next(_covers(part, root, at_most, _give_up(part)), None)
    except _OutOfNodes:
        found = _by_highs(part, root)
        return found if found is not None and part.price @ found <= at_most else None


def covers_within(part: Part, at_most: float) -> Iterator[np.ndarray]:
    """Every cover of at most this price of which no choice can be left out."""

    def hopeless(node: _Node) -> bool:
        if part.price.sum() > TRUSTED:
            return False
        found = _by_highs(part, node)
        return found is None or part.price @ found > at_most

    return _covers(part, _root(part), at_most, hopeless)


def _deepened(part: Part) -> np.ndarray:
    """Ask for covers at the least conceivable price, then at ever higher ones: a tight limit prunes best."""
    root = _root(part)
    grid, bound, _ = _exact_bound(part.matrix, part.price, root.need, root.multipliers)
    at_most, step, found = max(math.ceil(bound / grid), 0), 1, None
    while found is None:
        found = next(_covers(part, root, at_most, _give_up(part)), None)
        at_most, step = at_most + step, 2 * step
    while (better := next(_covers(part, root, part.price @ found - 1, _give_up(part)), None)) is not None:
        found = better
    return found


def _give_up(part: Part) -> Callable[[_Node], bool]:
    def stuck(node: _Node) -> bool:
        if part.price.sum() <= TRUSTED:
            raise _OutOfNodes
        return False

    return stuck


def _root(part: Part, without: int | None = None) -> _Node:
    rows, choices = part.matrix.shape
    free = np.arange(choices) != (-1 if without is None else without)
    return _Node(np.zeros(choices, bool), free, np.full(rows, float(part.k)), part.multipliers)


def _covers(part: Part, root: _Node, at_most: float, stuck: Callable[[_Node], bool]) -> Iterator[np.ndarray]:
    """Depth first; `stuck` is asked whether to drop a node after `NODES` nodes without a cover."""
    stack, barren = [root], 0
    while stack:
        node, barren = stack.pop(), barren + 1
        if time.monotonic() > part.deadline:
            raise Unproved
        if barren > NODES:
            barren = 0
            if stuck(node):
                barren = NODES  # ask again at once: what is above is likely as hopeless
                continue
        node = _settled(part, node, at_most)
        if node is None:
            continue
        if (node.need > 0).any():
            stack += _branches(part, node)
        elif _needs_all(part, node.chosen):
            barren = 0
            yield node.chosen


def _settled(part: Part, node: _Node, at_most: float) -> _Node | None:
    """Take what must be taken and leave what is too dear, until nothing follows; None where no cover is left."""
    while True:
        forced = _forced(part, node)
        if forced is None:
            return None
        slack = at_most - part.price @ node.chosen
        if slack < 0:
            return None
        if forced.any():
            node = _taking(part, node, forced)
            continue
        if not (node.need > 0).any():
            return node
        narrowed = _narrowed(part, node, slack)
        if narrowed is None or narrowed.free.sum() == node.free.sum():
            return narrowed
        node = narrowed


def _forced(part: Part, node: _Node) -> np.ndarray | None:
    """Free choices of rows that need all that they have left; None where a row has too few."""
    spare = part.matrix @ node.free - node.need
    is_open = node.need > 0
    if (spare[is_open] < 0).any():
        return None
    return node.free & (part.matrix[is_open & (spare == 0)].any(axis=0))


def _taking(part: Part, node: _Node, taken: np.ndarray) -> _Node:
    need = node.need - part.matrix[:, taken].sum(axis=1)
    return node._replace(chosen=node.chosen | taken, free=node.free & ~taken, need=need)


def _narrowed(part: Part, node: _Node, slack: float) -> _Node | None:
    """Drop the node, or the choices that no cover within the slack has; take those that all have."""
    is_open, places = node.need > 0, np.flatnonzero(node.free)
    matrix, price, need = part.matrix[np.ix_(is_open, node.free)], part.price[places], node.need[is_open]
    raised = _raised(matrix, price, need, node.multipliers[is_open], slack)
    grid, bound, reduced = _exact_bound(matrix, price, need, raised)
    room = slack * grid - bound
    if room < 0:
        return None
    multipliers = node.multipliers.copy()
    multipliers[is_open] = raised
    out, taken = np.zeros_like(node.free), np.zeros_like(node.free)
    out[places], taken[places] = reduced > room, -reduced > room
    narrower = node._replace(free=node.free & ~out, multipliers=multipliers)
    return _taking(part, narrower, taken) if taken.any() else narrower


def _raised(matrix: np.ndarray, price: np.ndarray, need: np.ndarray, start: np.ndarray, slack: float) -> np.ndarray:
    """Multipliers with a higher bound, by a few steps along the subgradient; the start, if none is better."""
    best, highest, multipliers, pace = start, -math.inf, start, 1.0
    for _ in range(_ROUNDS):
        reduced = price - multipliers @ matrix
        value = multipliers @ need + np.minimum(reduced, 0).sum()
        if value > highest:
            best, highest = multipliers, value
        else:
            pace /= 2
        slope = need - matrix @ (reduced < 0)
        if value > slack or not slope.any():
            break
        multipliers = np.maximum(multipliers + pace * (slack + 0.5 - value) / (slope @ slope) * slope, 0)
    return best


def _exact_bound(
    matrix: np.ndarray, price: np.ndarray, need: np.ndarray, multipliers: np.ndarray
) -> tuple[float, float, np.ndarray]:
    """Grid, lower bound and reduced prices, both times the grid: whole numbers, exact in any order of summing."""
    largest = price.sum() + multipliers @ (need + matrix.sum(axis=1)) + 1
    if largest > 2.0**_BITS:  # no grid is fine enough: the trivial bound is exact, too
        return 1.0, 0.0, price
    grid = 2.0 ** (_BITS - math.ceil(math.log2(largest)))
    whole = np.floor(multipliers * grid)
    reduced = price * grid - whole @ matrix
    return grid, whole @ need + np.minimum(reduced, 0).sum(), reduced


def _branches(part: Part, node: _Node) -> list[_Node]:
    """Without and with the most promising choice of the row that has the fewest; the last is searched first."""
    is_open = node.need > 0
    spare = np.where(is_open, part.matrix @ node.free - node.need, math.inf)
    candidates = np.flatnonzero(node.free & (part.matrix[spare.argmin()] > 0))
    reduced = part.price[candidates] - (node.multipliers * is_open) @ part.matrix[:, candidates]
    one = np.zeros_like(node.free)
    one[candidates[reduced.argmin()]] = True
    without = node._replace(free=node.free & ~one)
    return [without, _taking(part, node, one)]


def _needs_all(part: Part, chosen: np.ndarray) -> bool:
    """Whether each choice is needed by some row: only one that costs nothing can fail to be in a cheapest cover."""
    tight = part.matrix[:, chosen].sum(axis=1) == part.k
    return bool((part.matrix[tight][:, chosen] > 0).any(axis=0).all())


def _trimmed(part: Part, chosen: np.ndarray) -> np.ndarray:
    """Leave out what no row needs."""
    for choice in np.flatnonzero(chosen):
        rest = chosen & (np.arange(len(chosen)) != choice)
        chosen = rest if (part.matrix @ rest >= part.k).all() else chosen
    return chosen


def _by_highs(part: Part, node: _Node) -> np.ndarray | None:
    """Cheapest cover with what the node has chosen, its price checked; None if there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    found = milp(
        part.price,
        constraints=LinearConstraint(csr_array(part.matrix), lb=part.k),
        integrality=np.ones(len(part.price)),
        bounds=Bounds(node.chosen.astype(float), (node.chosen | node.free).astype(float)),
        options={"mip_rel_gap": 0.0, "time_limit": max(part.deadline - time.monotonic(), 0.01)},
    )
    if found.status == 2:
        return None
    chosen = np.zeros(0) if found.x is None else found.x > 0.5
    covered = found.status == 0 and (part.matrix @ chosen >= part.k).all()
    if not covered or part.price @ chosen - found.mip_dual_bound > 0.5:
        raise Unproved
    return chosen
