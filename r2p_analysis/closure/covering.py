"""All cheapest plans, and what stands in every one of them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from r2p_analysis.closure.problem import Infeasible, Problem, read
from r2p_analysis.closure.search import Part, another, cheapest, covers_within, part

# Rows up to which it pays to look for rows that another one implies: their pairs are compared.
_COMPARED = 4000


class Optimum(NamedTuple):
    """One cheapest plan, the choices that stand in every cheapest plan, and what each of these costs."""

    plan: frozenset
    in_every: frozenset
    cost: int | float


class TooManyPlans(ValueError):
    """There are more cheapest plans than the limit.

    Attributes
    ----------
    plan : frozenset
        One of them.
    in_every : frozenset
        The choices that stand in all of them, also in those that were not listed.
    cost : int or float
        The price of each.
    """

    def __init__(self, optimum: Optimum, limit: int) -> None:
        self.plan, self.in_every, self.cost = optimum
        stand = f"{len(self.in_every)} choices stand in all of them (.in_every)"
        super().__init__(f"more than {limit} plans cost {self.cost}, one is in .plan; {stand}; prices tell them apart")


def plans(
    covers: pd.DataFrame,
    prices: Mapping | pd.Series | None = None,
    must_cover: Collection | None = None,
    exclude: Collection = (),
    k: int = 1,
    *,
    limit: int = 10_000,
    seconds: float = 60,
) -> list[frozenset]:
    """All cheapest sets of choices that cover what must be covered.

    Parameters
    ----------
    covers : pandas.DataFrame
        True where the choice (column) covers the row. Rows of one name are conditions of one thing to
        be covered: all have to hold, see `choices_to_close`.
    prices : mapping or pandas.Series, optional
        Price of choices by name, 0 or more; 1 for each that is not named, so that without prices the
        plans are those of fewest choices. Read exactly: floats as the decimals that they print as.
    must_cover : collection, optional
        Row names; all rows without it.
    exclude : collection, default ()
        Choices that may not be taken.
    k : int, default 1
        Number of choices that must cover each row.
    limit : int, default 10_000
        Most plans to list.
    seconds : float, default 60
        Time after which the search gives up. It decides whether there is an answer, never which.

    Returns
    -------
    list of frozenset
        Each a set of column names, sorted by their names in order. Nothing can be left out of a plan:
        a choice that costs nothing is in it only if some row needs it. Nothing to cover: one empty plan.

    Raises
    ------
    Infeasible
        If there is no plan, with the rows that cannot be covered, and why.
    TooManyPlans
        If there are more than `limit`, with one of them and what stands in all.
    Unproved
        If the time is over. The problem is NP-hard: 200 rows by 500 choices set at random are out of reach.
    ValueError
        If a name is unknown, or a price, `k` or a cell is not what is said above.

    See Also
    --------
    optimum : One plan and what stands in all, without listing them.
    trade_off : What can be covered for less.

    Examples
    --------
    >>> covers = pd.DataFrame(
    ...     {"OAS": [True, True, False], "CELAC": [False, True, True], "ACS": [False, True, True]},
    ...     index=["CAN", "MEX", "CUB"],
    ... )
    >>> [sorted(plan) for plan in plans(covers)]
    [['ACS', 'OAS'], ['CELAC', 'OAS']]
    >>> [sorted(plan) for plan in plans(covers, prices={"ACS": 1.5})]
    [['CELAC', 'OAS']]
    >>> plans(covers, exclude=["OAS"])
    Traceback (most recent call last):
        ...
    r2p_analysis.closure.problem.Infeasible: no plan: 1 of 3 cannot be covered: CAN: no allowed choice covers it; \
excluded: OAS
    """
    if isinstance(limit, bool) or not isinstance(limit, (int, np.integer)) or limit < 1:
        raise ValueError(f"limit={limit!r}: how many plans to list is a whole number from 1")
    problem, parts = _split(covers, prices, must_cover, exclude, k, seconds=seconds)
    one = [cheapest(own) for own, _ in parts]
    listed: list[list[list[int]]] = []
    count = 1
    for (own, places), mask in zip(parts, one, strict=True):
        masks = covers_within(own, own.price @ mask)
        # One more than fits beside the parts before is enough to know that there are too many.
        listed.append([places[mask].tolist() for mask in itertools.islice(masks, limit // count + 1)])
        count *= len(listed[-1])
        if count > limit:
            raise TooManyPlans(_optimum(problem, parts, one), limit)
    combined = [sorted(itertools.chain(*lists)) for lists in itertools.product(*listed)]
    return [_named(problem, plan) for plan in sorted(combined)]


def optimum(
    covers: pd.DataFrame,
    prices: Mapping | pd.Series | None = None,
    must_cover: Collection | None = None,
    exclude: Collection = (),
    k: int = 1,
    *,
    seconds: float = 60,
) -> Optimum:
    """One cheapest plan and the choices that stand in every one, without listing them.

    Parameters
    ----------
    covers, prices, must_cover, exclude, k, seconds
        As in `plans`.

    Returns
    -------
    Optimum
        ``plan``, one of `plans`, not always the first; ``in_every``, the choices that all plans share;
        ``cost``, the price of each, whole where it is whole.

    Raises
    ------
    Infeasible, Unproved, ValueError
        As in `plans`.

    Examples
    --------
    >>> covers = pd.DataFrame(
    ...     {"OAS": [True, True, False], "CELAC": [False, True, True], "ACS": [False, True, True]},
    ...     index=["CAN", "MEX", "CUB"],
    ... )
    >>> optimum(covers).in_every, optimum(covers).cost
    (frozenset({'OAS'}), 2)
    """
    problem, parts = _split(covers, prices, must_cover, exclude, k, seconds=seconds)
    return _optimum(problem, parts, [cheapest(own) for own, _ in parts])


def _optimum(problem: Problem, parts: list[tuple[Part, np.ndarray]], one: list[np.ndarray]) -> Optimum:
    plan = [place for (_, places), mask in zip(parts, one, strict=True) for place in places[mask]]
    stand = [p for (own, places), mask in zip(parts, one, strict=True) for p in places[_standing(own, mask)]]
    cost = problem.cost(problem.prices[plan].sum())
    return Optimum(_named(problem, plan), _named(problem, stand), cost)


def _standing(own: Part, mask: np.ndarray) -> np.ndarray:
    """Of one cheapest cover the choices that stand in all: without them no cover is as cheap."""
    standing = mask.copy()
    for choice in np.flatnonzero(mask):
        if standing[choice] and (other := another(own, own.price @ mask, choice)) is not None:
            standing &= other
    return standing


def _named(problem: Problem, places: Iterable[int]) -> frozenset:
    return frozenset(problem.names[place] for place in places)


def _split(covers: pd.DataFrame, *asked: object, seconds: float) -> tuple[Problem, list[tuple[Part, np.ndarray]]]:
    """The problem, and its parts that share no choice, each with the places of its choices."""
    problem, why = read(covers, *asked)
    if why:
        raise Infeasible(why, len(set(problem.rows)))
    matrix, deadline = _without_implied(problem.matrix), time.monotonic() + seconds
    parts = []
    for rows, places in _components(matrix):
        parts.append((part(matrix[np.ix_(rows, places)], problem.prices[places], problem.k, deadline), places))
    return problem, parts


def _without_implied(matrix: np.ndarray) -> np.ndarray:
    """Rows without those that are covered whenever another one is."""
    matrix = matrix[np.sort(np.unique(np.packbits(matrix, axis=1), axis=0, return_index=True)[1])]
    if len(matrix) > _COMPARED:
        return matrix
    cells = matrix.astype(np.float32)
    holds_other = cells @ cells.T == cells.sum(axis=1)
    np.fill_diagonal(holds_other, False)
    return matrix[~holds_other.any(axis=1)]


def _components(matrix: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows and choices of each connected part; choices that cover nothing are in none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    row, choice = np.nonzero(matrix)
    size = sum(matrix.shape)
    ties = coo_array((np.ones(len(row)), (row, len(matrix) + choice)), shape=(size, size))
    of_row = connected_components(ties, directed=False)[1][: len(matrix)]
    for label in np.unique(of_row):
        rows = np.flatnonzero(of_row == label)
        yield rows, np.flatnonzero(matrix[rows].any(axis=0))
