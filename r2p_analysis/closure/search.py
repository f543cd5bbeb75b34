"""Search covers of a least price, exactly: depth first, and by HiGHS where that leads nowhere.

A branch is given up only on a bound in whole numbers, see `nodes`. Where the own search has looked at `NODES` nodes in
vain, HiGHS is asked, in problems whose prices sum to at most `TRUSTED` units. Its "no" is believed only if its bound
passes the price asked for by half a unit, and what its plan covers and costs is counted anew.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator

import numpy as np

from r2p_analysis.closure.nodes import Node, Part, compiled_visit, least, part, root, taking, visit
from r2p_analysis.closure.reduction import components, reduced

NODES = 100_000
TRUSTED = 1_000_000
# Machine code takes seconds to make where it was never used, half a second to load: after so many nodes it pays.
_FEW = 1000
_visited = itertools.count(1)


class TimeOver(Exception):
    """The time allowed is over: the best cover found, if any, as a mask, and the least price that is not ruled out."""

    def __init__(self, cover: np.ndarray | None = None, bound: float = 0) -> None:
        super().__init__()
        self.cover, self.bound = cover, bound


class _OutOfNodes(Exception):
    pass


def cheapest(
    matrix: np.ndarray,
    price: np.ndarray,
    need: np.ndarray,
    deadline: float,
    *,
    free: np.ndarray | None = None,
    at_most: float = math.inf,
) -> np.ndarray | None:
    """Choices of one cheapest cover, as a mask, of those that are free; None if there is none at this price.

    Raises
    ------
    TimeOver
        With the best cover that was found and the least price that is not ruled out.
    """
    found = reduced(matrix, price, need, np.ones(len(price), bool) if free is None else free)
    if found is None:
        return None
    cover, left = found.taken, matrix[np.ix_(found.rows, found.choices)]
    parts, bound = [], price @ cover
    for rows, columns in components(left):
        places = found.choices[columns]
        parts.append((part(left[np.ix_(rows, columns)], price[places], found.need[rows], deadline), places))
    lowest_of = [least(own) for own, _ in parts]
    bound, is_late = bound + sum(lowest_of), False
    if bound > at_most:
        return None
    for (own, places), lowest in zip(parts, lowest_of, strict=True):
        try:
            mask = _deepened(own, lowest, lowest + at_most - bound)
            bound += 0 if mask is None else own.price @ mask - lowest
        except TimeOver as over:
            mask, is_late = over.cover, True
            bound += over.bound - lowest
        if mask is None:
            return None
        cover[places[mask]] = True
    if is_late:
        raise TimeOver(cover, bound)
    return cover


def covers_within(part: Part, at_most: float) -> Iterator[np.ndarray]:
    """Every cover of at most this price of which no choice can be left out."""

    def hopeless(node: Node) -> bool:
        return part.price.sum() <= TRUSTED and _by_highs(part, node, at_most) is None

    return _covers(part, at_most, hopeless)


def _deepened(part: Part, lowest: float, at_most: float) -> np.ndarray | None:
    """Ask for covers at the least conceivable price, then at ever higher ones: a tight limit prunes best."""
    limit, step, found = lowest, 1, None

    def stuck(_: Node) -> bool:
        if part.price.sum() <= TRUSTED:
            raise _OutOfNodes
        return False

    try:
        try:
            while lowest <= at_most:
                limit = min(limit, at_most)
                better = next(_covers(part, limit, stuck), None)
                if better is None:
                    lowest, limit, step = limit + 1, limit + step, 2 * step
                else:
                    found, at_most = better, part.price @ better - 1
                    limit = at_most
        except _OutOfNodes:
            better = _by_highs(part, root(part), at_most)
            found = found if better is None else better
    except TimeOver as over:
        covers = [cover for cover in (found, over.cover, _greedy(part)) if cover is not None]
        best = min(covers, key=part.price.dot)
        raise TimeOver(best, min(max(lowest, over.bound), part.price @ best)) from None
    return found


def _covers(part: Part, at_most: float, stuck: Callable[[Node], bool]) -> Iterator[np.ndarray]:
    """Depth first; `stuck` is asked whether to drop a node after `NODES` nodes without a cover."""
    stack, barren, visited, is_asked = [root(part)], 0, visit, False
    while stack:
        node, barren = stack.pop(), barren + 1
        if not is_asked and next(_visited) > _FEW:
            visited, is_asked = compiled_visit(part), True  # once: to look for numba in vain takes longer than a node
        if time.monotonic() > part.deadline:
            raise TimeOver
        if barren > NODES:
            barren = 0
            if stuck(node):
                barren = NODES  # ask again at once: what is above is likely as hopeless
                continue
        found = visited(part, node, at_most)
        if found is None:
            continue
        node, choice = found
        if choice >= 0:
            one = np.arange(len(node.free)) == choice
            stack += [node._replace(free=node.free & ~one), taking(part, node, one)]
        elif _needs_all(part, node.chosen):
            barren = 0
            yield node.chosen


def _needs_all(part: Part, chosen: np.ndarray) -> bool:
    """Whether each choice is needed by some row: only one that costs nothing can fail to be in a cheapest cover."""
    tight = part.matrix[:, chosen].sum(axis=1) == part.need
    return bool((part.matrix[tight][:, chosen] > 0).any(axis=0).all())


def _greedy(part: Part) -> np.ndarray:
    """A cover at no great price: ever again what covers most for its price."""
    chosen = np.zeros(len(part.price), bool)
    while (is_open := part.matrix @ chosen < part.need).any():
        gain = np.where(chosen, 0, is_open @ part.matrix)
        chosen[np.divide(part.price, gain, out=np.full(len(gain), math.inf), where=gain > 0).argmin()] = True
    return _trimmed(part, chosen)


def _trimmed(part: Part, chosen: np.ndarray) -> np.ndarray:
    """Leave out what no row needs, the dearest first."""
    for choice in np.argsort(-part.price, kind="stable"):
        if chosen[choice]:
            rest = chosen & (np.arange(len(chosen)) != choice)
            chosen = rest if (part.matrix @ rest >= part.need).all() else chosen
    return chosen


def _by_highs(part: Part, node: Node, at_most: float) -> np.ndarray | None:
    """Cheapest cover with what the node has chosen, its price checked; None if there is none at this price."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    constraints = [LinearConstraint(csr_array(part.matrix), lb=part.need)]
    if at_most < math.inf:
        constraints.append(LinearConstraint(part.price, ub=at_most + 0.5))
    found = milp(
        part.price,
        constraints=constraints,
        integrality=np.ones(len(part.price)),
        bounds=Bounds(node.chosen.astype(float), (node.chosen | node.free).astype(float)),
        options={"mip_rel_gap": 0.0, "time_limit": max(part.deadline - time.monotonic(), 0.01)},
    )
    if found.status == 2:
        return None
    bound = (found.mip_dual_bound or 0.0) - 0.5
    chosen = np.zeros(len(part.price), bool) if found.x is None else found.x > 0.5
    covered = bool((part.matrix @ chosen >= part.need).all())
    if found.status != 0 or not covered or part.price @ chosen - 1 > bound:
        raise TimeOver(_trimmed(part, chosen) if covered else None, math.ceil(bound) if math.isfinite(bound) else 0)
    return _trimmed(part, chosen)
