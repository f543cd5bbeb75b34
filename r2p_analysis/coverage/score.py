"""A score from elsewhere beside coverage: a list of risk, of need, of whatever the user brings.

Nothing is computed from both, for a score and coverage are not on one scale. A state without a score is kept apart and
never ranked: not in the list is not a low risk.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from r2p_analysis import csvtable
from r2p_analysis.coverage.reach import NOT_PROTECTION
from r2p_analysis.options import frame, path
from r2p_analysis.schema import Fault, FaultReport, one_of, suggest

_FRAME = "the frame"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def with_score(
    table: pd.DataFrame,
    scores: str | os.PathLike | pd.DataFrame,
    *,
    key: str = "iso3",
    column: str = "score",
    elsewhere: Literal["refuse", "leave out"] = "refuse",
) -> pd.DataFrame:
    """Put an external score beside a table of coverage.

    Parameters
    ----------
    table : pandas.DataFrame
        With states as ``iso3``: its index, a level of it, or a column; for instance `gap_bounds` by state, or `gaps`.
    scores : str, path-like or pandas.DataFrame
        CSV in UTF-8 (RFC 4180), or a table, with a row a state. An empty cell is "no score".
    key, column : str
        Columns of `scores` with the state's ISO code (three capital letters) and with the score, a number with a
        decimal point. Other columns are passed over.
    elsewhere : {"refuse", "leave out"}, default "refuse"
        What to do with codes of `scores` that are not in `table`: a fault, since it may be a slip, or, for a list of
        the whole world, nothing.

    Returns
    -------
    pandas.DataFrame
        Columns of `table` with ``score``, ``has_score``, and ``rank`` (1 the highest, equal scores sharing the best
        rank; null without a score), one rank a state however many rows it has. Sorted by rank, within one in the order
        of `table`; states without a score come last, under no rank. ``.attrs`` has, beside those of `table`,
        ``n_scored``, ``n_no_score``, ``n_left_out`` (rows of `scores`), ``score_from``, the file's name, and
        ``note``: coverage is not protection.

    Raises
    ------
    FaultReport
        With every fault of `scores`, by file, row (the header is row 1), column, value, rule and hint.
    ValueError
        If `table` has no ``iso3``, has one of the new columns already, or an option is unknown.

    Examples
    --------
    >>> table = pd.DataFrame({"n_gaps": [3, 5, 4]}, index=pd.Index(["ARG", "BOL", "CAN"], name="iso3"))
    >>> found = with_score(table, pd.DataFrame({"iso3": ["BOL", "CAN"], "score": [0.4, None]}))
    >>> found.reset_index().fillna({"rank": 0}).values.tolist()
    [['BOL', 5, 0.4, True, 1], ['ARG', 3, nan, False, 0], ['CAN', 4, nan, False, 0]]
    >>> with_score(table.loc[["BOL"]], pd.DataFrame({"iso3": ["BLO"], "score": ["high"]}))
    Traceback (most recent call last):
        ...
    r2p_analysis.schema.FaultReport: 2 faults in the frame:
      the frame:2 [iso3] 'BLO': is no state of the table (did you mean 'BOL'? allowed: BOL; or elsewhere="leave out")
      the frame:2 [score] 'high': is no number (an empty cell is "no score")
    """
    one_of(elsewhere, ("refuse", "leave out"), "elsewhere")
    key, column = str(key), str(column)
    states = _states(frame(table, "table", "give what gap_bounds or gaps returns"))
    given, n_left_out, source = _read(scores, key, column, list(dict.fromkeys(states)), elsewhere)
    score = pd.Series(states).map(given).astype(float).to_numpy()
    rank = pd.Series(given, dtype=float).rank(ascending=False, method="min")
    ranks = pd.array(pd.Series(states).map(rank).astype("Int64"))
    joined = table.assign(score=score, has_score=~pd.isna(score), rank=ranks)
    order = pd.Series(range(len(joined))).to_frame("place").assign(rank=ranks)
    joined = joined.iloc[order.sort_values(["rank", "place"], na_position="last")["place"].to_numpy()]
    n_states = len(set(states))
    joined.attrs = dict(table.attrs) | {"n_scored": len(given), "n_no_score": n_states - len(given)}
    joined.attrs |= {"n_left_out": n_left_out, "score_from": source, "note": NOT_PROTECTION}
    return joined


def _states(table: pd.DataFrame) -> list[str]:
    if taken := {"score", "has_score", "rank"} & set(table.columns):
        raise ValueError(f"the table has already: {', '.join(sorted(taken))}; rename or drop them")
    if "iso3" in table.columns:
        return list(table["iso3"])
    if "iso3" in table.index.names:
        return list(table.index.get_level_values("iso3"))
    raise ValueError(f"the table has no iso3; its index is {table.index.names}, its columns: {list(table.columns)}")


def _read(
    scores: str | os.PathLike | pd.DataFrame, key: str, column: str, states: list[str], elsewhere: str
) -> tuple[dict[str, float], int, str]:
    """Score of each state that has one, rows left out, and where the scores are from; a FaultReport."""
    source, header, rows, faults = _cells(scores)
    where = source if isinstance(scores, pd.DataFrame) else scores
    rules = ("the column is missing", "the column stands twice")
    faults += [
        Fault(source, 1, name, "", rules[name in header], f"the file has: {', '.join(header)}")
        for name in (key, column)
        if header.count(name) != 1
    ]
    if any(fault.row == 1 for fault in faults):
        raise FaultReport(faults, where, what="")
    at, value = header.index(key), header.index(column)
    given, first, n_left_out = {}, {}, 0
    for line, cells in rows:
        iso3, text = cells[at], cells[value]
        if iso3 not in states and elsewhere == "leave out" and iso3:
            n_left_out += 1
            continue
        found = [*_wrong_state(iso3, states, first), *_wrong_score(text)]
        faults += [Fault(source, line, (key, column)[of], (iso3, text)[of], *why) for of, *why in found]
        first.setdefault(iso3, line)
        if text and not found:
            given[iso3] = float(text)
    if faults:
        raise FaultReport(faults, where, what="")
    return given, n_left_out, source


def _cells(scores: str | os.PathLike | pd.DataFrame) -> tuple[str, list[str], list[tuple[int, Sequence[str]]], list]:
    """Where from, header, lines with their cells as text, and faults of whole rows."""
    if isinstance(scores, pd.DataFrame):
        text = scores.astype(object).where(scores.notna(), "").astype(str)
        rows = [(line, list(cells)) for line, cells in enumerate(text.itertuples(index=False, name=None), 2)]
        return _FRAME, [str(name) for name in scores.columns], rows, []
    file = path(scores, "scores (of no DataFrame)")
    try:
        header, rows, lines, reasons = csvtable.read_rows(file)
    except csvtable.Unreadable as error:
        line, rule, hint = error.args
        hint = hint if file.exists() else "give the path of a CSV file with a column of states and one of scores"
        raise FaultReport([Fault(file.name, line, "", "", rule, hint)], file, what="") from None
    return (
        file.name,
        header,
        list(zip(lines, rows, strict=True)),
        [Fault(file.name, n, "", "", *why) for n, *why in reasons],
    )


def _wrong_state(iso3: str, states: list[str], first: dict[str, int]) -> list[tuple]:
    if iso3 in first:
        return [(0, "the state stands twice", f"first in row {first[iso3]}")]
    if iso3 not in states:
        passed_over = '; or elsewhere="leave out"' if iso3 else ""
        return [(0, "is no state of the table", suggest(iso3, states) + passed_over)]
    return []


def _wrong_score(text: str) -> list[tuple]:
    number = not text or (_NUMBER.fullmatch(text) and math.isfinite(float(text)))
    return [] if number else [(1, "is no number", 'an empty cell is "no score"')]
