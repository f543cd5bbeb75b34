"""How many rows can be covered at what price, where covering all costs too much.

Each point is two integer programs, solved by HiGHS: the least price for one more row than before, then the most rows
for that price. Prices and rows are whole numbers of units there, what a plan costs and covers is counted anew, and
the bound of the solver has to pass the next whole number by half.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from r2p_analysis.closure.problem import Problem, Unproved, deadline, read
from r2p_analysis.closure.search import TRUSTED, TimeOver
from r2p_analysis.options import in_short


class Point(NamedTuple):
    """What a plan costs, how many rows it covers k times, the plan, and the rows that it leaves."""

    cost: int | float
    n_covered: int
    plan: frozenset
    not_covered: tuple


class _Model(NamedTuple):
    """A problem whose conditions are grouped by row name; rows that no plan covers are in it."""

    problem: Problem
    names: pd.Index
    of_row: np.ndarray
    deadline: float


def trade_off(
    covers: pd.DataFrame,
    prices: Mapping | pd.Series | None = None,
    must_cover: Collection | None = None,
    exclude: Collection = (),
    k: int = 1,
    *,
    seconds: float = 60,
) -> pd.DataFrame:
    """The most rows that can be covered for each budget: every budget at which it becomes more.

    Parameters
    ----------
    covers, prices, exclude, k
        As in `plans`. A row counts when k choices of the plan cover it, under all its conditions.
    must_cover : collection, optional
        The rows that count; all without it. Here a row that cannot be covered is no error.
    seconds : float, default 60
        Time after which the search gives up.

    Returns
    -------
    pandas.DataFrame
        One line a budget, from nothing up, columns ``cost``; ``n_covered``; ``share_covered`` of the rows that
        count, in [0, 1], empty where none do; ``plan``, one of those that cover so many for this cost,
        as a frozenset; ``not_covered``, the rows that it leaves, in the order of the rows. A budget
        between two lines buys what the lower one does.

    Raises
    ------
    Unproved
        If the time is over, with the budgets that were settled, as ``curve``.
    ValueError
        As in `plans`, or if the prices come to more than a million of their largest common unit.

    See Also
    --------
    with_budget : One point of the curve.

    Examples
    --------
    >>> covers = pd.DataFrame(
    ...     {"OAS": [True, True, False], "CELAC": [False, True, True]}, index=["CAN", "MEX", "CUB"]
    ... )
    >>> trade_off(covers, {"OAS": 3})[["cost", "n_covered", "not_covered"]].values.tolist()
    [[0, 0, ('CAN', 'MEX', 'CUB')], [1, 2, ('CAN',)], [4, 3, ()]]
    """
    model = _model(covers, prices, must_cover, exclude, k, seconds=seconds)
    at_most, most = 0.0, -1
    points: list[Point] = []
    try:
        while at_most is not None:
            chosen = _most_rows(model, at_most)
            points.append(_point(model, chosen))
            most = points[-1].n_covered
            at_most = _least_price(model, most + 1) if most < len(model.names) else None
    except TimeOver:
        done = f"{len(points)} budgets were settled (.curve)"
        raise Unproved(done, curve=_curve(points, len(model.names))) from None
    return _curve(points, len(model.names))


def _curve(points: list[Point], n_rows: int) -> pd.DataFrame:
    table = pd.DataFrame(points, columns=list(Point._fields))
    table.insert(2, "share_covered", table["n_covered"] / n_rows if n_rows else np.nan)
    return table


def with_budget(
    covers: pd.DataFrame,
    budget: object,
    prices: Mapping | pd.Series | None = None,
    must_cover: Collection | None = None,
    exclude: Collection = (),
    *,
    k: int = 1,
    seconds: float = 60,
) -> Point:
    """The most rows that can be covered within a budget, at the least price for so many.

    Parameters
    ----------
    covers, prices, must_cover, exclude, k, seconds
        As in `trade_off`.
    budget : number
        The most that the plan may cost, 0 or more; read exactly, as prices are.

    Returns
    -------
    Point
        ``cost`` of the plan, ``n_covered``, ``plan`` and ``not_covered``, as in `trade_off`.

    Raises
    ------
    Unproved, ValueError
        As in `trade_off`.

    Examples
    --------
    >>> covers = pd.DataFrame(
    ...     {"OAS": [True, True, False], "CELAC": [False, True, True]}, index=["CAN", "MEX", "CUB"]
    ... )
    >>> with_budget(covers, 3.5, {"OAS": 3})
    Point(cost=1, n_covered=2, plan=frozenset({'CELAC'}), not_covered=('CAN',))
    """
    try:
        allowed = Fraction(str(budget))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"budget={in_short(budget)}: a finite number is needed") from error
    if allowed < 0:
        raise ValueError(f"budget={budget!r}: a budget is 0 or more")
    model = _model(covers, prices, must_cover, exclude, k, seconds=seconds)
    try:
        units = min(allowed // model.problem.unit, int(model.problem.prices.sum()))
        most = _point(model, _most_rows(model, float(units))).n_covered
        return _point(model, _most_rows(model, _least_price(model, most)))
    except TimeOver:
        raise Unproved(f"the most rows for {in_short(budget)} are open") from None


def _model(covers: pd.DataFrame, *asked: object, seconds: float) -> _Model:
    problem, _ = read(covers, *asked)
    if problem.prices.sum() > TRUSTED:
        units = int(problem.prices.sum())
        raise ValueError(f"prices come to {units} of their largest common unit, the most here is {TRUSTED}: round them")
    of_row, names = pd.factorize(pd.Index(problem.rows, tupleize_cols=False))
    return _Model(problem, names, of_row, deadline(seconds))


def _covered(model: _Model, chosen: np.ndarray) -> np.ndarray:
    """Which row names are covered under all their conditions."""
    met = model.problem.matrix[:, chosen].sum(axis=1) >= model.problem.k
    return np.bincount(model.of_row[~met], minlength=len(model.names)) == 0


def _point(model: _Model, chosen: np.ndarray) -> Point:
    problem = model.problem
    covered = _covered(model, chosen)
    left = tuple(name for name, is_covered in zip(model.names, covered, strict=True) if not is_covered)
    plan = frozenset(problem.names[place] for place in np.flatnonzero(chosen))
    return Point(problem.cost(problem.prices[chosen].sum()), int(covered.sum()), plan, left)


def _most_rows(model: _Model, at_most: float) -> np.ndarray:
    """Choices that cover the most rows for at most this price, without those that no row needs."""
    chosen = _solved(model, rows=-1.0, at_most=at_most)
    covered = _covered(model, chosen)
    for place in np.flatnonzero(chosen):
        rest = chosen & (np.arange(len(chosen)) != place)
        chosen = rest if (_covered(model, rest) >= covered).all() else chosen
    return chosen


def _least_price(model: _Model, n_rows: int) -> float | None:
    """Least price for which so many rows can be covered; None if they never can."""
    chosen = _solved(model, price=1.0, at_least=n_rows)
    return None if chosen is None else float(model.problem.prices[chosen].sum())


def _solved(
    model: _Model, *, price: float = 0.0, rows: float = 0.0, at_most: float = np.inf, at_least: int = 0
) -> np.ndarray | None:
    """Choices that minimise the weighted price and number of rows; None if there are none."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, eye_array, hstack

    problem, n_choices, n_rows = model.problem, len(model.problem.names), len(model.names)
    if not n_choices or not n_rows:
        return np.zeros(n_choices, bool) if at_least == 0 else None
    # A row counts (1) only if each of its conditions is met k times.
    counts = -problem.k * eye_array(n_rows, format="csr")[model.of_row]
    bought = np.concatenate([problem.prices, np.zeros(n_rows)])
    counted = np.concatenate([np.zeros(n_choices), np.ones(n_rows)])
    found = milp(
        price * bought + rows * counted,
        constraints=[
            LinearConstraint(hstack([csr_array(problem.matrix.astype(float)), counts], format="csr"), lb=0),
            LinearConstraint(np.vstack([bought, counted]), lb=[-np.inf, at_least], ub=[at_most + 0.5, np.inf]),
        ],
        integrality=1,
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "time_limit": max(model.deadline - time.monotonic(), 0.01)},
    )
    if found.status == 2:
        return None
    chosen = np.zeros(n_choices, bool) if found.x is None else found.x[:n_choices] > 0.5
    cost, n_covered = problem.prices[chosen].sum(), _covered(model, chosen).sum()
    kept = found.status == 0 and cost <= at_most and n_covered >= at_least
    if not kept or price * cost + rows * n_covered - found.mip_dual_bound > 0.5:
        raise TimeOver
    return chosen
