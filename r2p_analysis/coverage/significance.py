"""Are gaps more than bad luck of sizes? States in none of some bodies, against nulls that keep both margins.

A state has as many memberships as it has, a body as many members; who is in which is left to chance. The statistic is
the number of states that are in none of a set of bodies: the purpose-built ones, or those that perform a function. (How
many states a single body misses is fixed by its size, and cannot be tested.)

A small p says that the same sizes would rarely leave out as many. Where the scope of a body shuts states out, that much
is definition and no finding: such tests are marked, and can be repeated given the scopes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from r2p_analysis import nulls
from r2p_analysis.coverage.reach import NOT_PROTECTION
from r2p_analysis.nulls.matrix import dense
from r2p_analysis.options import frame, generator, mapped, number, whole
from r2p_analysis.schema import names_of, one_of

NULLS = ("fixed_margins", "bicm")
_TAILS = ("upper", "lower", "two-sided")
_SAID = {
    "fixed_margins": "{samples:,} matrices drawn uniformly among those with the same row and column sums (curveball "
    "trades, Strona et al. 2014, https://doi.org/10.1038/ncomms5114); p = (b + 1) / (n + 1)",
    "bicm": "independent cells whose row and column sums are the same on average (bipartite configuration model, "
    "Saracco et al. 2015, https://doi.org/10.1038/srep10595); p is an exact Poisson-binomial tail",
}


def gap_tests(
    table: pd.DataFrame,
    sets: Mapping[str, Collection[str]],
    *,
    groups: Mapping[str, str] | pd.Series | None = None,
    closed: pd.DataFrame | None = None,
    null: Literal["fixed_margins", "bicm"] = "fixed_margins",
    tail: Literal["upper", "lower", "two-sided"] = "upper",
    correction: Literal["bh", "holm"] | None = "bh",
    level: float = 0.05,
    samples: int = 9999,
    rng: np.random.Generator | None = None,
) -> pd.DataFrame:
    """Test how many states are in none of some bodies.

    Parameters
    ----------
    table : pandas.DataFrame
        0/1 or bool, states × bodies, see `membership_table`. All its columns belong to the null model.
    sets : mapping of str to collection of str
        Bodies to be in none of, by a name: ``{"purpose-built": ["lan", "focal-points"]}``, or what `performers` gives.
    groups : mapping of str to str or pandas.Series, optional
        Group of each state, such as its sub-region; then each set is tested for each group as well.
    closed : pandas.DataFrame of bool, optional
        Cells that no scope admits, see `shut_out`: for the mark, and for a second test given the scopes.
    null : {"fixed_margins", "bicm"}, default "fixed_margins"
        Both margins kept exactly, by sampling, or on average, exactly computed. The second varies more.
    tail : {"upper", "lower", "two-sided"}, default "upper"
        At least as many states left out, at most as many, or twice the smaller of both (at most 1).
    correction : {"bh", "holm"} or None, default "bh"
        How `p_adjusted` takes the number of rows into account.
    level : float, default 0.05
        Level in (0, 1) for ``can_reach``.
    samples, rng : optional
        Only for ``fixed_margins``: number of matrices, random numbers (needed).

    Returns
    -------
    pandas.DataFrame
        A row a set and group, sets in their order, ``all`` before the groups in the order in which they appear:

        - ``set``, ``group``, ``n_states`` (the denominator);
        - ``attainable``, the smallest p that the margins allow (under ``fixed_margins``: that any sample shows), and
          ``can_reach``, whether that is within `level`: read these two first;
        - ``observed``, states in none of the bodies; ``expected``, ``sd``, ``low`` and ``high`` (central 95 %) of that
          under the null; ``p``; ``p_error``, its Monte Carlo standard error (0 where exact); ``p_adjusted``;
        - with `closed` only, since without it nothing is known of scopes: ``n_shut_out``, states that no body of the
          set admits; ``definitional``, whether some body of the set shuts some state of the group out; and
          ``expected_within_scope``, ``p_within_scope`` and ``attainable_within_scope``: where that is 1, scopes and
          sizes leave nothing to chance.

        ``.attrs`` has ``power`` and ``methods``, sentences to print with the table, ``null``, ``tail``, ``level``,
        ``correction``, what `table` was asked for, and ``note``: coverage is not protection.

    Raises
    ------
    ValueError
        If an option or body is unknown, a state has no group or one called ``all``, a cell is not 0 or 1, ``rng`` is
        missing, or a state is in a body that does not admit it.

    Notes
    -----
    A function or group without a body or a choice has p = 1. The group tests share one null; the corrections allow
    for their dependence as `nulls.adjust` says. With `closed`, the second null has structural zeros there.

    References
    ----------
    .. [1] Gotelli (2000), Ecology 81(9), 2606-2621. https://doi.org/10.1890/0012-9658(2000)081[2606:NMAOSC]2.0.CO;2
    .. [2] Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9(1), 39.
       https://doi.org/10.2202/1544-6115.1585

    Examples
    --------
    Two of four states are in both special bodies and two in neither; sizes alone would leave out one or two.

    >>> table = pd.DataFrame({"a": [1, 1, 0, 0], "b": [1, 1, 0, 0], "wide": [0, 0, 1, 1]}, index=list("WXYZ"))
    >>> found = gap_tests(table, {"special": ["a", "b"]}, null="bicm")
    >>> found[["n_states", "observed"]].values.tolist(), found.loc[0, ["expected", "p"]].astype(float).round(3).tolist()
    ([[4, 2]], [1.111, 0.305])
    >>> found.attrs["power"]
    '0 of 1 tests can reach p = 0.05; the smallest attainable p is 0.305.'
    """
    check_test(table, null, tail, correction, level, samples, rng)
    cells, places = dense(table), _places(table, sets, groups)
    shut = closed_cells(table, cells, closed)
    found = _tested(cells, places, None, null, (samples, rng))
    rows = _rows(found, places, tail)
    rows["can_reach"] = rows["attainable"] <= level
    rows["p_adjusted"] = nulls.adjust(rows["p"], correction) if correction and len(rows) else rows["p"]
    if closed is not None:
        any_out, all_out = _scoped(shut, places)
        rows = rows.assign(n_shut_out=all_out, definitional=any_out > 0)
        again = _rows(_tested(cells, places, shut, null, (samples, rng)), places, tail)
        rows[[f"{name}_within_scope" for name in _AGAIN]] = again[_AGAIN]
    result = rows[[name for name in _COLUMNS if name in rows]]
    result.attrs = dict(table.attrs) | {"null": null, "tail": tail, "level": level, "correction": correction}
    result.attrs |= {"methods": _methods(cells.shape, null, samples, correction), "power": _power(result, level)}
    result.attrs["note"] = NOT_PROTECTION
    return result


_COLUMNS = ["set", "group", "n_states", "attainable", "can_reach", "observed", "expected", "sd", "low", "high", "p"]
_AGAIN = ["expected", "p", "attainable"]
_COLUMNS += ["p_error", "p_adjusted", "n_shut_out", "definitional", *(f"{name}_within_scope" for name in _AGAIN)]


class _Places(NamedTuple):
    """Sets as columns of a 0/1 matrix (bodies × sets), groups as rows of one (groups × states), and their names."""

    sets: np.ndarray
    groups: np.ndarray
    names: list[tuple[str, str]]


def _bare(cells: np.ndarray, places: _Places) -> np.ndarray:
    """How many states of each group are in none of each set's bodies, set by set."""
    return (places.groups @ ~(cells @ places.sets)).T.ravel()


def _places(table: pd.DataFrame, sets: Mapping[str, Collection[str]], groups: Mapping | None) -> _Places:
    sets = mapped(sets, "sets", {"purpose-built": ["lan", "focal-points"]})
    chosen = [names_of(bodies, table.columns, "body") for bodies in sets.values()]
    columns = (
        np.array([table.columns.isin(bodies) for bodies in chosen], dtype=bool).reshape(len(sets), table.shape[1]).T
    )
    labels, rows = ["all"], [np.ones(len(table), dtype=int)]
    if groups is not None:
        group = pd.Series(table.index.map(mapped(groups, "groups", {"ARG": "south_america"})), index=table.index)
        if group.isna().any():
            raise ValueError(f"states without a group: {', '.join(map(str, group.index[group.isna()]))}")
        if group.eq("all").any():
            raise ValueError("groups: a group is called 'all', as the row of all states is; give it another name")
        labels += list(group.unique())
        rows += [(group == label).to_numpy().astype(int) for label in labels[1:]]
    return _Places(columns, np.array(rows), [(name, label) for name in sets for label in labels])


def closed_cells(table: pd.DataFrame, cells: np.ndarray, closed: pd.DataFrame | None) -> np.ndarray:
    """Cells that no scope admits, none without `closed`; a ValueError if a member is among them."""
    if closed is None:
        return np.zeros_like(cells)
    frame(closed, "closed", "see shut_out")
    if not (table.index.equals(closed.index) and table.columns.equals(closed.columns)):
        raise ValueError("closed has other states or bodies than the table, or another order; see shut_out")
    shut = dense(closed)
    wrong = [f"{table.index[i]} in {table.columns[j]}" for i, j in np.argwhere(shut & cells)]
    if wrong:
        raise ValueError(f"members that the scope does not admit: {', '.join(wrong)}; correct scopes or the table")
    return shut


def _scoped(shut: np.ndarray, places: _Places) -> tuple[np.ndarray, np.ndarray]:
    """States of each set and group that some body of the set shuts out, and that every body does."""
    some = shut @ places.sets
    size = places.sets.sum(axis=0)
    every = (shut.astype(int) @ places.sets.astype(int) == size) & (size > 0)
    return (places.groups @ some).T.ravel(), (places.groups @ every).T.ravel()


def _tested(cells: np.ndarray, places: _Places, shut: np.ndarray | None, null: str, how: tuple) -> dict:
    """Observed counts, and their law as chances of each count: tests × counts from 0."""
    n, observed = len(cells), _bare(cells, places)
    if null == "bicm":
        apart = 1 - nulls.bicm(cells, structural=shut)
        alone = np.array([apart[:, chosen].prod(axis=1) for chosen in places.sets.T]).reshape(places.sets.shape[1], n)
        laws = [_sum_of(chances[group > 0], n) for chances in alone for group in places.groups]
        law = np.array(laws).reshape(-1, n + 1)
        return {"observed": observed, "law": law, "samples": None, "ends": _ends(cells, places, alone)}
    samples, rng = how
    law = np.zeros((len(observed), n + 1))
    for drawn in nulls.samples(cells, samples, rng, structural=shut):
        law[np.arange(len(law)), _bare(drawn, places)] += 1
    met = np.maximum(law, np.arange(n + 1) == observed[:, None]) > 0
    ends = met.argmax(axis=1), n - met[:, ::-1].argmax(axis=1)
    return {"observed": observed, "law": law, "samples": samples, "ends": ends}


def _ends(cells: np.ndarray, places: _Places, alone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fewest and most states that the margins let be in none of each set: bodies apart, or each within the largest."""
    sizes = [cells[:, chosen].sum(axis=0) for chosen in places.sets.T]
    total, largest = (
        np.array([f(s) for s in sizes], dtype=int)[:, None] for f in (np.sum, lambda s: max(s, default=0))
    )
    must, may = (alone == 1).astype(int) @ places.groups.T, (alone > 0).astype(int) @ places.groups.T
    fewest = np.maximum(must, places.groups.sum(axis=1) - total)
    return fewest.ravel(), np.minimum(may, len(cells) - largest).ravel()


def _sum_of(chances: np.ndarray, most: int) -> np.ndarray:
    """Chances of 0, 1, ... `most` of independent events."""
    law = np.zeros(most + 1)
    law[0] = 1.0
    for chance in chances:
        law[1:], law[0] = law[1:] * (1 - chance) + law[:-1] * chance, law[0] * (1 - chance)
    return law


def _rows(found: dict, places: _Places, tail: str) -> pd.DataFrame:
    law, observed, samples = found["law"], found["observed"], found["samples"]
    counts, total = np.arange(law.shape[1]), law.sum(axis=1, keepdims=True)
    share = np.divide(law, total, out=np.zeros_like(law), where=total > 0)
    expected = share @ counts
    below = share.cumsum(axis=1)
    ends = [_p(law, at, samples, tail)[0] for at in found["ends"]]
    p, error = _p(law, observed, samples, tail)
    return pd.DataFrame(
        {
            "set": pd.Series([name for name, _ in places.names], dtype="str"),
            "group": pd.Series([group for _, group in places.names], dtype="str"),
            "n_states": np.tile(places.groups.sum(axis=1), places.sets.shape[1]),
            "attainable": np.minimum(*ends),
            "observed": observed,
            "expected": expected,
            "sd": np.sqrt(np.maximum(share @ counts**2 - expected**2, 0)),
            "low": (below >= 0.025 - 1e-12).argmax(axis=1),
            "high": (below >= 0.975 - 1e-12).argmax(axis=1),
            "p": p,
            "p_error": error,
        }
    )


def _p(law: np.ndarray, at: np.ndarray, samples: int | None, tail: str) -> tuple[np.ndarray, np.ndarray]:
    """P-values at some counts, and their Monte Carlo errors: of a law that was drawn, (b + 1) / (n + 1)."""
    counts = np.arange(law.shape[1])
    sides = {"upper": counts >= at[:, None], "lower": counts <= at[:, None]}
    tails = [np.where(sides[side], law, 0).sum(axis=1) for side in sides if tail in (side, "two-sided")]
    if samples:
        tails = [(b + 1) / (samples + 1) for b in tails]
    p = np.minimum(np.min(tails, axis=0), 1.0)
    error = np.sqrt(p * (1 - p) / (samples + 1)) if samples else np.zeros_like(p)
    return (np.minimum(2 * p, 1.0), 2 * error) if tail == "two-sided" else (p, error)


def check_test(
    table: pd.DataFrame,
    null: str,
    tail: str,
    correction: str | None,
    level: float,
    samples: int,
    rng: np.random.Generator | None,
) -> None:
    """Raise ValueError for an unknown option, or where random numbers are needed and there are none."""
    frame(table, "table", "see membership_table", once=True)
    one_of(null, NULLS, "null")
    one_of(tail, _TAILS, "tail")
    if correction is not None:
        one_of(correction, ("bh", "holm"), "correction")
    if not 0 < number(level, "level", "as in 0.05") < 1:
        raise ValueError(f"level is {level!r}; allowed: more than 0 and less than 1, for example 0.05")
    whole(samples, "samples", 1)
    if null == "fixed_margins":
        generator(rng)


def _methods(shape: tuple[int, int], null: str, samples: int, correction: str | None) -> str:
    said = _SAID[null].format(samples=samples)
    after = f"p_adjusted by {correction}" if correction else "p is not adjusted for the number of tests"
    return f"{shape[0]} states and {shape[1]} bodies against {said}. Silent cells count as no; {after}."


def _power(rows: pd.DataFrame, level: float) -> str:
    reach = int(rows["can_reach"].sum())
    least = f"; the smallest attainable p is {rows['attainable'].min():.3g}" if len(rows) else ""
    return f"{reach} of {len(rows)} tests can reach p = {level:g}{least}."
