"""All cheapest plans, and what stands in every one of them."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from r2p_analysis.closure.nodes import part, relaxed
from r2p_analysis.closure.problem import Infeasible, Problem, Unproved, deadline, read
from r2p_analysis.closure.reduction import components, without_implied
from r2p_analysis.closure.search import TimeOver, cheapest, covers_within
from r2p_analysis.options import whole


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
        If the time is over, with the best plan found and a bound. The problem is NP-hard: of 200 rows by 500
        choices set at random most are out of reach.
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
    limit = min(whole(limit, "limit", 1), sys.maxsize - 1)
    problem, until = _read(covers, prices, must_cover, exclude, k), deadline(seconds)
    one = _cheapest(problem, until)
    listed: list[list[list[int]]] = []
    count = 1
    try:
        for matrix, price, need, places in _parts(problem):
            masks = covers_within(part(matrix, price, need, until), price @ one[places])
            # One more than fits beside the parts before is enough to know that there are too many.
            listed.append([places[mask].tolist() for mask in itertools.islice(masks, limit // count + 1)])
            count *= len(listed[-1])
            if count > limit:
                raise TooManyPlans(_optimum(problem, one, until), limit)
    except TimeOver:
        raise _unproved(problem, one, problem.prices @ one) from None
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
    problem, until = _read(covers, prices, must_cover, exclude, k), deadline(seconds)
    return _optimum(problem, _cheapest(problem, until), until)


def _read(covers: pd.DataFrame, *asked: object) -> Problem:
    problem, why = read(covers, *asked)
    if why:
        raise Infeasible(why, len(set(problem.rows)))
    return problem


def _cheapest(problem: Problem, until: float) -> np.ndarray:
    need = np.full(len(problem.matrix), problem.k)
    try:
        return cheapest(problem.matrix, problem.prices, need, until)
    except TimeOver as over:
        raise _unproved(problem, over.cover, over.bound) from None


def _optimum(problem: Problem, one: np.ndarray, until: float) -> Optimum:
    standing, is_late = np.zeros_like(one), False
    for matrix, price, need, places in _parts(problem):
        try:
            standing[places] = _standing(matrix, price, need, one[places], until)
        except TimeOver as over:
            standing[places], is_late = over.cover, True
    if is_late:
        raise _unproved(problem, one, problem.prices @ one, np.flatnonzero(standing))
    cost = problem.cost(problem.prices @ one)
    return Optimum(_named(problem, np.flatnonzero(one)), _named(problem, np.flatnonzero(standing)), cost)


def _standing(matrix: np.ndarray, price: np.ndarray, need: np.ndarray, one: np.ndarray, until: float) -> np.ndarray:
    """Of one cheapest cover the choices that stand in all: without them no cover is as cheap.

    `TimeOver` has those that are known by then.
    """
    standing, sure, places = one.copy(), np.zeros_like(one), np.arange(len(one))
    # Those without which covers are dearest are soon settled, and taken: that makes it easier to tell of the others.
    dearer = {choice: relaxed(matrix, price, need, places != choice) for choice in np.flatnonzero(one)}
    for choice in sorted(dearer, key=dearer.get, reverse=True):
        if not standing[choice]:
            continue
        order = np.argsort(standing, kind="stable")  # covers of other choices tell most, the first are preferred
        free = (~sure & (places != choice))[order]
        left, at_most = need - matrix[:, sure].sum(axis=1), price @ one - price @ sure
        try:
            other = cheapest(matrix[:, order], price[order], left, until, free=free, at_most=at_most)
        except TimeOver:
            raise TimeOver(sure) from None
        if other is None:
            sure[choice] = True
        else:
            standing[order] &= other | sure[order]
    return sure


def _parts(problem: Problem) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Parts that share no choice: matrix, prices, what each row needs, places of the choices. No plan is lost."""
    matrix = without_implied(problem.matrix)
    for rows, places in components(matrix):
        yield matrix[np.ix_(rows, places)], problem.prices[places], np.full(len(rows), problem.k), places


def _unproved(problem: Problem, cover: np.ndarray, bound: float, standing: Iterable[int] = ()) -> Unproved:
    cost, least, in_every = problem.cost(problem.prices @ cover), problem.cost(bound), _named(problem, standing)
    known = (
        "no plan is cheaper, but not all that was asked of them is known" if cost == least else f"none is below {least}"
    )
    done = f"a plan (.plan) costs {cost}, {known}"
    return Unproved(done, _named(problem, np.flatnonzero(cover)), cost, least, in_every)


def _named(problem: Problem, places: Iterable[int]) -> frozenset:
    return frozenset(problem.names[place] for place in places)
