"""One node of the search for covers: what follows from what is chosen, the bound on the price, where to branch.

Multipliers of a Lagrangian relaxation, whatever their quality, give a lower bound on the price of every cover [1]_.
Here they and the prices are whole numbers of a grid so coarse that every sum is exact in a float: no tolerance decides,
and `compiled` gives the same numbers as the lines here, on any machine.

References
----------
.. [1] Caprara, Toth and Fischetti (2000), Annals of Operations Research 98, 353-371. https://doi.org/10.1023/A:1019225027893
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

ROUNDS, AGAIN = 12, 3
"""Steps of improving the multipliers of a node, and when some choices have been left out since."""

# A multiplier is at most this many times the highest price: dual prices of rows are hardly ever more.
_HIGHEST = 4
_BITS = 50
# Cells up to which a linear program takes longer than the search.
_SMALL = 400


class Part(NamedTuple):
    """A covering problem of its own: 0/1 rows × choices, prices in units, what each row needs, where to start.

    `multipliers`, and `highest`, the most that one may be, are in units times `grid`.
    """

    matrix: np.ndarray
    price: np.ndarray
    need: np.ndarray
    multipliers: np.ndarray
    highest: float
    grid: float
    deadline: float


class Node(NamedTuple):
    """Which choices are taken, which are open, what each row still needs, and multipliers."""

    chosen: np.ndarray
    free: np.ndarray
    need: np.ndarray
    multipliers: np.ndarray


def part(matrix: np.ndarray, price: np.ndarray, need: np.ndarray, deadline: float) -> Part:
    """Make a part; the multipliers are the dual of its linear relaxation, or in a small part what is near enough."""
    matrix = matrix.astype(float)
    dual = _shares(matrix, price) if matrix.size < _SMALL else _dual(matrix, price, need)
    entries, highest = float(need.sum() + matrix.sum()), _HIGHEST * float(price.max(initial=0))
    grid = 2.0 ** max(_BITS - math.ceil(math.log2(highest * entries + price.sum() + 1)), 0)
    highest = min(highest * grid, (2.0**_BITS - price.sum() * grid) // (entries + 1))
    multipliers = np.clip(np.floor(dual * grid), 0, highest)
    return Part(matrix, price, need.astype(float), multipliers, highest, grid, deadline)


def _shares(matrix: np.ndarray, price: np.ndarray) -> np.ndarray:
    """Price of the cheapest choice of each row, shared out among all rows that the choice covers."""
    shares = price / np.maximum(matrix.sum(axis=0), 1)
    return np.where(matrix > 0, shares, math.inf).min(axis=1, initial=price.max(initial=0))


def relaxed(matrix: np.ndarray, price: np.ndarray, need: np.ndarray, free: np.ndarray) -> float:
    """Least price of choices that are free and may be taken in part; infinite where they do not cover all."""
    found = _relaxation(matrix, price, need, free)
    return found.fun if found.status == 0 else math.inf


def _dual(matrix: np.ndarray, price: np.ndarray, need: np.ndarray) -> np.ndarray:
    found = _relaxation(matrix, price, need, np.ones(len(price)))
    return -found.ineqlin.marginals if found.status == 0 else np.zeros(len(matrix))


def _relaxation(matrix: np.ndarray, price: np.ndarray, need: np.ndarray, most: np.ndarray) -> OptimizeResult:
    from scipy.optimize import linprog

    bounds = np.column_stack([np.zeros(len(most)), most])
    return linprog(price, -matrix.astype(float), -need, bounds=bounds, method="highs")


def root(part: Part) -> Node:
    """Node in which nothing is decided."""
    n_choices = len(part.price)
    return Node(np.zeros(n_choices, bool), np.ones(n_choices, bool), part.need, part.multipliers)


def least(part: Part) -> float:
    """Least price, in units, that the multipliers of a part do not rule out."""
    value, _ = bound(part.matrix, part.price * part.grid, part.need, part.multipliers)
    return max(math.ceil(value / part.grid), 0)


def bound(matrix: np.ndarray, price: np.ndarray, need: np.ndarray, multipliers: np.ndarray) -> tuple[float, np.ndarray]:
    """Lower bound on the price of covers, and reduced prices: whole numbers if prices and multipliers are."""
    reduced = price - multipliers @ matrix
    return float(multipliers @ need + np.minimum(reduced, 0).sum()), reduced


def visit(part: Part, node: Node, at_most: float) -> tuple[Node, int] | None:
    """Take what must be taken and leave what is too dear, until nothing follows.

    Returns
    -------
    tuple or None
        The node and the choice to branch on, -1 where nothing is left to cover; None where no cover is left.
    """
    price, rounds = part.price * part.grid, ROUNDS
    while True:
        spare, is_open = part.matrix @ node.free - node.need, node.need > 0
        slack = at_most * part.grid - price @ node.chosen
        if slack < 0 or (spare[is_open] < 0).any():
            return None
        if not is_open.any():
            return node, -1
        forced = node.free & part.matrix[is_open & (spare == 0)].any(axis=0)
        if forced.any():
            node = taking(part, node, forced)
            continue
        narrowed = _narrowed(part, price, node, slack, rounds)
        if narrowed is None:
            return None
        if narrowed.free.sum() == node.free.sum():
            return narrowed, _promising(part, price, narrowed)
        node, rounds = narrowed, AGAIN


def compiled_visit(part: Part) -> Callable[[Part, Node, float], tuple[Node, int] | None]:
    """`visit`, in machine code where numba is installed: the same numbers."""
    try:
        from r2p_analysis.closure import compiled
    except ImportError:
        return visit
    places = *_places(part.matrix.T), *_places(part.matrix)
    price, half = part.price * part.grid, 0.5 * part.grid

    def visited(part: Part, node: Node, at_most: float) -> tuple[Node, int] | None:
        node = Node(*(array.copy() for array in node))
        found = compiled.visit(*places, price, *node, at_most * part.grid, part.highest, half, ROUNDS, AGAIN)
        return None if found == compiled.DEAD else (node, found)

    return visited


def taking(part: Part, node: Node, taken: np.ndarray) -> Node:
    """Node with some more choices taken."""
    need = node.need - part.matrix[:, taken].sum(axis=1)
    return node._replace(chosen=node.chosen | taken, free=node.free & ~taken, need=need)


def _narrowed(part: Part, price: np.ndarray, node: Node, slack: float, rounds: int) -> Node | None:
    """Drop the node, or the choices that no cover within the slack has; take those that all have."""
    is_open, places = node.need > 0, np.flatnonzero(node.free)
    matrix, price, need = part.matrix[np.ix_(is_open, node.free)], price[places], node.need[is_open]
    multipliers = node.multipliers.copy()
    multipliers[is_open] = _raised(part, matrix, price, need, node.multipliers[is_open], slack, rounds)
    value, reduced = bound(matrix, price, need, multipliers[is_open])
    if value > slack:
        return None
    out, taken = np.zeros_like(node.free), np.zeros_like(node.free)
    out[places], taken[places] = reduced > slack - value, -reduced > slack - value
    narrower = node._replace(free=node.free & ~out, multipliers=multipliers)
    return taking(part, narrower, taken) if taken.any() else narrower


def _raised(
    part: Part,
    matrix: np.ndarray,
    price: np.ndarray,
    need: np.ndarray,
    start: np.ndarray,
    slack: float,
    rounds: int,
) -> np.ndarray:
    """Multipliers with a higher bound, by a few steps along the subgradient; the start, if none is better."""
    best, highest, multipliers, pace = start, -math.inf, start, 1.0
    for _ in range(rounds):
        value, reduced = bound(matrix, price, need, multipliers)
        if value > highest:
            best, highest = multipliers, value
        else:
            pace /= 2
        slope = need - matrix @ (reduced < 0)
        length = float(slope @ slope)
        if value > slack or length == 0:
            break
        step = pace * (slack + 0.5 * part.grid - value) / length
        multipliers = np.clip(np.floor(multipliers + step * slope), 0, part.highest)
    return best


def _promising(part: Part, price: np.ndarray, node: Node) -> int:
    """Of the row that has the fewest choices to spare, the choice with the least reduced price."""
    is_open = node.need > 0
    spare = np.where(is_open, part.matrix @ node.free - node.need, math.inf)
    candidates = np.flatnonzero(node.free & (part.matrix[spare.argmin()] > 0))
    reduced = price[candidates] - (node.multipliers * is_open) @ part.matrix[:, candidates]
    return int(candidates[reduced.argmin()])


def _places(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places that are not 0, line by line, and where each line begins."""
    line, place = np.nonzero(matrix)
    return place.astype(np.int32), np.searchsorted(line, np.arange(len(matrix) + 1))
