"""Accessions and added functions as choices, and each gap as conditions that every closing has to meet.

A state is covered by a function through a body if it belongs to the body and the body performs the function.
Where both are missing, both have to be chosen, so a gap is no plain row of choices of which one is enough.
It is written as several rows instead: the gap closes if one of its bodies gets both parts, that is, if for
each way of picking one part of every body at least one of the picked is chosen. This is exact, and it
is again a covering problem. It doubles the rows of a gap with each body that lacks both parts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from r2p_analysis.options import frame, whole
from r2p_analysis.schema import one_of

_MOST_ROWS = 50_000


def choices_to_close(
    covered: pd.DataFrame,
    members: pd.DataFrame,
    performs: pd.DataFrame,
    *,
    accessions: pd.DataFrame | None = None,
    additions: pd.DataFrame | None = None,
    k: int = 1,
) -> pd.DataFrame:
    """What `plans` needs to close gaps by accessions of states to bodies and by functions added to bodies.

    Parameters
    ----------
    covered : pandas.DataFrame of bool
        States × functions: True where the function reaches the state today in any way, at home too, as in
        ``states_by_functions(study) == "operating"``. What is False is a gap, also where a body of the state performs
        the function, as through an organ that has other members: that body does not close it. Names
        all states and functions of which gaps are wanted.
    members : pandas.DataFrame of bool
        States × bodies: who belongs. States that it leaves out belong to none.
    performs : pandas.DataFrame of bool
        Bodies × functions: which body performs what.
    accessions : pandas.DataFrame of bool, optional
        States × bodies: True where a state may join. None: no accession is on offer; ``~members``: all are.
    additions : pandas.DataFrame of bool, optional
        Bodies × functions: True where a body may add the function. None: none is on offer.
    k : int, default 1
        Through how many bodies each state is to be covered. Where no body covers a state that is covered today,
        that counts as one.

    Returns
    -------
    pandas.DataFrame of bool
        For `plans`, `optimum` and `trade_off`, there with their own ``k`` of 1. Rows: the gaps,
        pairs (state, function), one of several conditions each; a gap that nothing on offer closes has a
        row without True. Columns: the choices, ``"ARG joins lan"`` and ``"oas adds early_warning"``, in the
        order of states, bodies and functions; only those that can help to close a gap.

    Raises
    ------
    ValueError
        If a table has a name that the others do not know, a cell that is no bool, or if there would be more
        than 50,000 rows: offer fewer accessions or additions then.

    See Also
    --------
    plans : Cheapest choices.

    Examples
    --------
    Two states, one body that one of them belongs to and that does nothing yet.

    >>> covered = pd.DataFrame(False, index=["ARG", "BRA"], columns=["training"])
    >>> members = pd.DataFrame({"lan": [True, False]}, index=["ARG", "BRA"])
    >>> performs = pd.DataFrame({"training": [False]}, index=["lan"])
    >>> covers = choices_to_close(covered, members, performs, accessions=~members, additions=~performs)
    >>> covers.columns.tolist()
    ['BRA joins lan', 'lan adds training']
    >>> covers.astype(int).reset_index(names=["state", "function"]).values.tolist()
    [['ARG', 'training', 0, 1], ['BRA', 'training', 1, 0], ['BRA', 'training', 0, 1]]
    """
    whole(k, "k", 1)
    for table, what in ((covered, "covered"), (members, "members"), (performs, "performs")):
        frame(table, what)
    states, functions, bodies = covered.index, covered.columns, members.columns
    tables = {
        "covered": (covered, states, functions),
        "members": (members, states, bodies),
        "performs": (performs, bodies, functions),
        "accessions": (accessions, states, bodies),
        "additions": (additions, bodies, functions),
    }
    cells = {what: _cells(what, *table) for what, table in tables.items()}
    rows, conditions = [], []
    for state, function in itertools.product(range(len(states)), range(len(functions))):
        for condition in _conditions(cells, state, function, k):
            rows.append((states[state], functions[function]))
            conditions.append(condition)
            if len(rows) > _MOST_ROWS:
                raise ValueError(f"more than {_MOST_ROWS} conditions: offer fewer accessions or additions")
    return _frame(rows, conditions, (states, bodies, functions))


def _cells(what: str, table: pd.DataFrame | None, index: pd.Index, columns: pd.Index) -> np.ndarray:
    """Values in the order of the axes; nothing is true of what a table leaves out."""
    if table is None:
        return np.zeros((len(index), len(columns)), bool)
    frame(table, what, once=True)
    for names, known in ((table.index, index), (table.columns, columns)):
        for name in names:
            one_of(name, known, f"name in {what}")
    if not all(isinstance(value, (bool, np.bool_)) for value in table.to_numpy(dtype=object).ravel()):
        raise ValueError(f"{what} has cells that are not True or False")
    return table.reindex(index=index, columns=columns, fill_value=False).to_numpy(dtype=bool)


def _conditions(cells: dict[str, np.ndarray], state: int, function: int, k: int) -> Iterator[tuple]:
    """Choices of which one must be chosen, for each condition; none if the gap is closed, () if it cannot be."""
    member, performs = cells["members"][state], cells["performs"][:, function]
    may_join, may_add = cells["accessions"][state], cells["additions"][:, function]
    # Who belongs to a body is not reached by what an organ of it does for others: `covered` has the word.
    have = max((member & performs).sum(), 1) if cells["covered"][state, function] else 0
    if have >= k:
        return
    possible = (member | may_join) & (performs | may_add) & ~(member & performs)
    ways = []
    for body in np.flatnonzero(possible):
        join, add = ("joins", state, body), ("adds", body, function)
        ways.append([choice for choice, there in ((join, member[body]), (add, performs[body])) if not there])
    # k of n ways are open if and only if of every n - k + 1 of them one is: never all those left are shut.
    size = max(len(ways) - (k - have) + 1, 0)
    for some in itertools.combinations(ways, size):
        yield from itertools.product(*some)


def _frame(rows: list[tuple], conditions: list[tuple], axes: tuple[pd.Index, pd.Index, pd.Index]) -> pd.DataFrame:
    states, bodies, functions = axes
    subjects = {"joins": (states, bodies), "adds": (bodies, functions)}
    # Accessions first: "joins" sorts after "adds".
    choices = sorted(set(itertools.chain(*conditions)), key=lambda choice: (choice[0] == "adds", *choice[1:]))
    names = [f"{subjects[verb][0][a]} {verb} {subjects[verb][1][b]}" for verb, a, b in choices]
    place = {choice: number for number, choice in enumerate(choices)}
    table = np.zeros((len(rows), len(names)), bool)
    for line, condition in enumerate(conditions):
        table[line, [place[choice] for choice in condition]] = True
    index = pd.MultiIndex.from_frame(pd.DataFrame(rows, columns=["state", "function"]))
    return pd.DataFrame(table, index=index, columns=pd.Index(names, dtype="str"))
