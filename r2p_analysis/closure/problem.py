"""Read what is to be covered and at what price, exactly, and say what cannot be covered.

Prices become whole numbers of their largest common unit before anything is decided. A float is taken as the decimal
that it prints as: 0.1 is a tenth.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Hashable, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from r2p_analysis.options import frame, in_short, is_among, listed, mapped, number, whole
from r2p_analysis.schema import one_of

# Sums of this many units, times what a bound needs to be sharp, are still exact in a float.
_MOST_UNITS = 1 << 36
_SHOWN = 10


class Infeasible(ValueError):
    """No plan exists: some rows are covered by too few allowed choices, whatever is chosen.

    Attributes
    ----------
    uncoverable : tuple
        Every row name that no allowed choice covers k times, in the order of the rows.
    why : dict
        For each of them, the reason in words.
    """

    def __init__(self, why: dict[Hashable, str], n_rows: int) -> None:
        self.uncoverable = tuple(why)
        self.why = why
        lines = [f"{_text(name)}: {reason}" for name, reason in list(why.items())[:_SHOWN]]
        more = f"; and {len(why) - _SHOWN} more (see .why)" if len(why) > _SHOWN else ""
        super().__init__(f"no plan: {len(why)} of {n_rows} cannot be covered: {'; '.join(lines)}{more}")


class Unproved(ValueError):
    """The time allowed was not enough for a proof. How far the search came hangs on the machine.

    Attributes
    ----------
    plan : frozenset or None
        The cheapest plan found, which covers all that must be covered; None where the rows for a budget were asked.
    cost, bound : int or float, or None
        Its price, and the least price that is not ruled out. Where they are the same the plan is one of the cheapest,
        and only what else was asked (all plans, what stands in every one of them) is open.
    in_every : frozenset
        Choices that stand in every cheapest plan, as far as that is settled.
    curve : pandas.DataFrame or None
        The budgets that were settled, where `trade_off` was asked.
    """

    def __init__(
        self,
        done: str,
        plan: frozenset | None = None,
        cost: int | float | None = None,
        bound: int | float | None = None,
        in_every: frozenset = frozenset(),
        curve: pd.DataFrame | None = None,
    ) -> None:
        self.plan, self.cost, self.bound, self.in_every, self.curve = plan, cost, bound, in_every, curve
        hint = "give more seconds, exclude choices or cover fewer rows"
        super().__init__(f"not proved in the time allowed: {done}; {hint}")


class Problem(NamedTuple):
    """Conditions × allowed choices, both named; prices in units."""

    rows: list
    names: list
    matrix: np.ndarray
    prices: np.ndarray
    unit: Fraction
    k: int

    def cost(self, units: float) -> int | float:
        """Units as a price again: whole where it is whole, else the nearest float."""
        exact = int(units) * self.unit
        return exact.numerator if exact.denominator == 1 else float(exact)


def read(
    covers: pd.DataFrame,
    prices: Mapping | pd.Series | None = None,
    must_cover: Collection | None = None,
    exclude: Collection = (),
    k: int = 1,
) -> tuple[Problem, dict[Hashable, str]]:
    """Check what is asked; return it and why which rows cannot be covered."""
    _check(covers, k)
    wanted = _known(covers.index.unique() if must_cover is None else must_cover, covers.index, "row in must_cover")
    table = covers[covers.index.isin(wanted)]
    excluded = _known(exclude, covers.columns, "choice in exclude")
    units, unit = _units(covers.columns, prices)
    # The order of the columns must not decide which of many plans is found first.
    names = sorted((name for name in covers.columns if name not in excluded), key=str)
    columns = [covers.columns.get_loc(name) for name in names]
    matrix = table.to_numpy(dtype=bool)[:, columns]
    problem = Problem(list(table.index), names, matrix, units[columns], unit, int(k))
    return problem, _reasons(table, problem)


def deadline(seconds: float) -> float:
    """When the search has to be over, by the clock of `time.monotonic`.

    Examples
    --------
    >>> deadline(None)
    Traceback (most recent call last):
        ...
    ValueError: seconds=None: a number is needed, from 0, as in 60
    """
    if number(seconds, "seconds", "from 0, as in 60") < 0:
        raise ValueError(f"seconds={seconds!r}: a number is needed, from 0, as in 60")
    return time.monotonic() + seconds


def _check(covers: pd.DataFrame, k: int) -> None:
    frame(covers, "covers", "it is boolean, rows × choices")
    for column in np.flatnonzero([dtype != "bool" for dtype in covers.dtypes]):
        odd = [in_short(value) for value in covers.iloc[:, column] if not is_among(value, (0, 1))]
        if odd:
            raise ValueError(f"covers has the value {odd[0]}: each cell is True or False; unknown is yours to decide")
    if not covers.columns.is_unique:
        twice = covers.columns[covers.columns.duplicated()][0]
        raise ValueError(f"two columns of covers are named {twice!r}: a choice is named once")
    whole(k, "k", 1)
    if k > 1 and not covers.index.is_unique:
        row = _text(covers.index[covers.index.duplicated()][0])
        raise ValueError(f"k={k}, but row {row} has several conditions: give k to choices_to_close, and 1 here")


def _known(names: Collection, allowed: pd.Index, what: str) -> set:
    if isinstance(names, str):
        raise ValueError(f"{what}: {names!r} is one name: give a list, [{names!r}]")
    known, named = set(allowed), listed(names, what, allowed[0] if len(allowed) else "name")
    for name in named:
        if not is_among(name, known):
            one_of(name, allowed.unique(), what)
    return set(named)


def _units(columns: pd.Index, prices: Mapping | pd.Series | None) -> tuple[np.ndarray, Fraction]:
    """Prices as whole numbers of a common unit, and the unit."""
    given = {} if prices is None else mapped(prices, "prices", {"oas": 2})
    _known(list(given), columns, "choice in prices")
    exact = [_price(name, given.get(name, 1)) for name in columns]
    scale = math.lcm(*(price.denominator for price in exact))
    whole = [int(price * scale) for price in exact]
    step = math.gcd(*whole) or 1
    units = [price // step for price in whole]
    if sum(units) > _MOST_UNITS:
        raise ValueError(f"prices come to more than {_MOST_UNITS} of their largest common unit: round them")
    return np.array(units, dtype=float), Fraction(step, scale)


def _price(name: Hashable, value: object) -> Fraction:
    try:
        price = Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        hint = "a finite number is needed; a choice that cannot be had goes into exclude"
        raise ValueError(f"price of {name!r} is {in_short(value)}: {hint}") from error
    if price < 0:
        raise ValueError(f"price of {name!r} is {value!r}: a price is 0 or more")
    return price


def _reasons(table: pd.DataFrame, problem: Problem) -> dict[Hashable, str]:
    """Why each row that cannot be covered cannot; of several conditions the first that fails."""
    short = problem.matrix.sum(axis=1) < problem.k
    allowed = set(problem.names)
    why: dict[Hashable, str] = {}
    for place in np.flatnonzero(short):
        covering = table.columns[table.iloc[place].to_numpy(dtype=bool)]
        out = [str(name) for name in covering if name not in allowed]
        left = [str(name) for name in covering if name in allowed]
        why.setdefault(problem.rows[place], _reason(left, out, problem.k))
    return why


def _reason(left: list[str], out: list[str], k: int) -> str:
    excluded = f"; excluded: {_listed(out)}" if out else ""
    if k == 1:
        return f"no allowed choice covers it{excluded}" if out else "no choice covers it"
    return f"{len(left)} of the {k} choices needed ({_listed(left) or 'none'}){excluded}"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f", … ({len(names)} in all)" if len(names) > _SHOWN else "")


def _text(name: Hashable) -> str:
    return ", ".join(map(str, name)) if isinstance(name, tuple) else str(name)
