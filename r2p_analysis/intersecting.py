"""Which states are in exactly the same bodies, and how many would be by the sizes of states and bodies alone.

Every state is in one intersection, those in no body as well. What is expected comes from matrices drawn uniformly
among those with the same margins: each state belongs to as many bodies and each body has as many states as here.
A model that keeps margins on average only would let states with a body fall into none, and so expect more of those
than there can be. With margins held, how many states are in none of *all* bodies is given; of some bodies it is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd

from r2p_analysis import nulls
from r2p_analysis.nulls.matrix import dense
from r2p_analysis.options import frame, listed, number, whole
from r2p_analysis.schema import names_of, one_of

_MOST = 60  # bodies, each a bit of one number
_ORDERS = ("size", "bodies")


def intersections(
    matrix: pd.DataFrame,
    samples: int,
    rng: np.random.Generator,
    *,
    sets: Sequence[str] | None = None,
    order: str | Sequence[Collection[str]] = "size",
    least: float = 1.0,
) -> pd.DataFrame:
    """Sizes of the exclusive intersections of bodies, observed and expected.

    Parameters
    ----------
    matrix : pandas.DataFrame
        0/1 or bool, states × bodies: who belongs, as in ``states_by_bodies(study) == "operating"``.
    samples : int
        Number of random matrices, 1 or more.
    rng : numpy.random.Generator
        Source of the random matrices.
    sets : sequence of str, optional
        Bodies to intersect, in the order wanted; the random matrices have all. None takes the bodies that have states,
        the largest first and equal ones in the order of the columns.
    order : {"size", "bodies"} or sequence of collections of str, default "size"
        Order of the rows: most states first, or fewest bodies first and then most states, "in none" before all
        others; or the intersections themselves, of which no other is listed then.
    least : float, default 1.0
        An intersection in which nobody is has a row if at least as many states are expected there.

    Returns
    -------
    pandas.DataFrame
        One row an intersection: ``bodies``, the tuple of ids in the order of `sets`, empty for those in none;
        ``n_bodies``; ``observed``, how many states are in these and no others of `sets`; ``expected``, ``low`` and
        ``high``, mean and central 95 % over the random matrices; ``given``, True where all of these have the same
        number, so that margins fix it; ``members``, the tuple of the states' ids. ``attrs``: ``sets``, the size of
        each body in order; ``samples``; ``methods``, a sentence.

    Raises
    ------
    ValueError
        If `matrix` is not 0/1, a body is unknown or twice in `sets`, there are more than 60, or `order` is unknown.

    Notes
    -----
    The random matrices are those of `nulls.samples`. The mean of one run differs from that of another by about the
    standard deviation of the size over the root of `samples`.

    See Also
    --------
    r2p_analysis.plotting.plot_intersections : Draws it.

    References
    ----------
    .. [1] Lex, Gehlenborg, Strobelt, Vuillemot and Pfister (2014), IEEE Transactions on Visualization and Computer
       Graphics 20(12), 1983-1992. https://doi.org/10.1109/TVCG.2014.2346248

    Examples
    --------
    Two states and two bodies: each state in one, or both in the other's; nobody can be in both bodies, or in none.

    >>> matrix = pd.DataFrame({"lan": [1, 0], "oas": [0, 1]}, index=["ARG", "CAN"])
    >>> table = intersections(matrix, 20, np.random.default_rng(1))
    >>> table[["bodies", "observed", "expected", "given", "members"]].to_numpy().tolist()
    [[(), 0, 0.0, True, ()], [('lan',), 1, 1.0, True, ('ARG',)], [('oas',), 1, 1.0, True, ('CAN',)]]
    """
    if isinstance(order, str):
        one_of(order, _ORDERS, "order")
    else:
        order = [_listed(one) for one in order] if isinstance(order, Iterable) else one_of(order, _ORDERS, "order")
    frame(matrix, "matrix", "see coverage.membership_table", once=True)
    whole(samples, "samples", 1)
    number(least, "least", "as in 1")
    cells = dense(matrix) if matrix.size else np.zeros(matrix.shape, dtype=np.int8)
    sets = _sets(matrix, sets)
    places = [matrix.columns.get_loc(body) for body in sets]
    bits = 1 << np.arange(len(sets), dtype=np.int64)
    observed = matrix.iloc[:, places].to_numpy(dtype=np.int64) @ bits
    drawn = np.array([np.asarray(m)[:, places] @ bits for m in nulls.samples(cells, samples, rng)])
    codes = _codes(observed, drawn, least) if isinstance(order, str) else [_code(one, sets) for one in order]
    rows = [_row(code, sets, matrix.index, observed, drawn) for code in codes]
    columns = ["bodies", "n_bodies", "observed", "expected", "low", "high", "given", "members"]
    table = pd.DataFrame(rows, columns=columns)
    if isinstance(order, str):
        table = _ordered(table, sets, order)
    table.attrs = {"sets": {body: int(matrix[body].sum()) for body in sets}, "samples": samples}
    table.attrs["methods"] = (
        f"Expected sizes are means over {samples} matrices drawn uniformly among those in which every state has as "
        "many bodies and every body as many states as here (curveball trades, Strona et al. 2014, "
        "https://doi.org/10.1038/ncomms5114)."
    )
    return table


def _sets(matrix: pd.DataFrame, sets: Sequence[str] | None) -> list[str]:
    if sets is None:
        sizes = matrix.sum()
        sets = list(sizes[sizes > 0].sort_values(ascending=False, kind="stable").index)
    sets = names_of(sets, matrix.columns, "body in sets", once=True)
    if len(sets) > _MOST:
        raise ValueError(f"{len(sets)} bodies to intersect: name at most {_MOST} in sets")
    return sets


def _listed(one: Collection[str]) -> list[str]:
    if isinstance(one, str):
        raise ValueError(f"order has {one!r} for an intersection: give a collection, [{one!r}]")
    return listed(one, "intersection in order")


def _code(one: list[str], sets: list[str]) -> int:
    """Number of an intersection: a bit a body."""
    return sum(1 << sets.index(body) for body in set(names_of(one, sets, "body in order")))


def _codes(observed: np.ndarray, drawn: np.ndarray, least: float) -> list[int]:
    found, counts = np.unique(drawn, return_counts=True)
    expected = found[counts >= least * max(len(drawn), 1)]
    return sorted({0, *observed.tolist(), *expected.tolist()})


def _row(code: int, sets: list[str], states: pd.Index, observed: np.ndarray, drawn: np.ndarray) -> tuple:
    bodies = tuple(body for i, body in enumerate(sets) if code >> i & 1)
    members = tuple(states[observed == code])
    counts = (drawn == code).sum(axis=1)
    low, high = np.quantile(counts, [0.025, 0.975], method="inverted_cdf")
    given = bool((counts == counts[0]).all())
    return bodies, len(bodies), len(members), float(counts.mean()), int(low), int(high), given, members


def _ordered(table: pd.DataFrame, sets: list[str], order: str) -> pd.DataFrame:
    def key(place: int) -> tuple:
        row = table.loc[place]
        degree = row["n_bodies"] if order == "bodies" else 0
        return row["n_bodies"] > 0, degree, -row["observed"], row["n_bodies"], [sets.index(b) for b in row["bodies"]]

    return table.loc[sorted(table.index, key=key)].reset_index(drop=True)
