"""Relative constraints: bounds of the days of events that relations tighten, and rows that contradict each other.

What each relation implies is stated in `r2p_analysis.chronology.network`: no more than its definition says, which for
``same_as`` is nothing. An open bound that nothing limits stays open; no date is invented. A tightened bound is a
consequence of the rows in ``because``: it holds if these are right, and is no new report of a date.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from r2p_analysis.chronology.chains import Solution, contradiction, only, said, solve, solved
from r2p_analysis.chronology.network import Network, Order, Rows, network_of, tables_of
from r2p_analysis.study import Study, of_layers

# Bound: day of the event (0 first, 1 last), and whether it is an upper one.
_BOUNDS = {"earliest": (0, False), "latest": (1, True), "first_latest": (0, True), "last_earliest": (1, False)}


def tighten(
    events: pd.DataFrame | Study,
    links: pd.DataFrame | None = None,
    *,
    leave_out: Collection[str] = (),
    suppose_same: bool = False,
) -> pd.DataFrame:
    """Bounds of the first and last days of events, by their dates and all that orders them.

    Parameters
    ----------
    events : pandas.DataFrame or Study
        Table with ``event_id`` and ``date_edtf`` (null = none given) and, where there are any, ``part_of``, ``series``,
        ``ordinal`` and ``status``; or a study, whose events and links are taken.
    links : pandas.DataFrame, optional
        Table with ``link_id``, ``event_id``, ``relation``, ``other_id``; None = those of the study, or none.
    leave_out : collection of str, default ()
        Rows not to use, as ``events:id`` (its date, place in a series and what it is part of) or ``event_links:id``.
    suppose_same : bool, default False
        Take events with a link ``same_as`` for one: their days are equal. Otherwise such a link says nothing.

    Returns
    -------
    pandas.DataFrame
        A row an event, in the order of `events`: ``event_id``; ``earliest``, ``latest``, ``first_latest``,
        ``last_earliest`` as in `event_order` (NaT = open); ``changed``: whether one of these is tighter than the
        event's own date has it; ``because``: the rows that made the tightened bounds, from the one that sets the limit
        along the chain, joined by ``;`` (null where nothing changed); and the same for each bound in
        ``because_earliest``, ``because_latest``, ...

    Raises
    ------
    ValueError
        If the rows contradict each other; columns are missing, a date cannot be read, a relation is unknown, ids are
        not unique, or an event or row that is named is not there.

    See Also
    --------
    contradictions : The rows that contradict each other.
    event_order : Bounds by the dates alone.

    Notes
    -----
    The bounds are exact: each is reached by some choice of days that meets everything. Members of ``[2012,2014]`` that
    the bounds rule out are dropped; ``latest`` is then the last day of a member that remains.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["note", "panel"], "date_edtf": ["2012-02-21", None]})
    >>> row = {"link_id": "l", "event_id": "panel", "relation": "before", "other_id": "note"}
    >>> tightened = tighten(events, pd.DataFrame([row]))
    >>> tightened["latest"].astype("str").tolist(), tightened["because"].tolist()
    (['2012-02-21', '2012-02-21'], [nan, 'events:note;event_links:l'])
    """
    network = network_of(events, links, leave_out, suppose_same)
    solution = solved(network)
    columns = {name: _bounds(network, solution, *which) for name, which in _BOUNDS.items()}
    reasons = {name: [rows for _, rows in column] for name, column in columns.items()}
    every = [tuple(dict.fromkeys(sum(rows, ()))) for rows in zip(*reasons.values(), strict=True)]
    table = pd.DataFrame(
        {
            "event_id": pd.Series(network.ids, dtype="str"),
            **{name: pd.array([day for day, _ in column], dtype="datetime64[s]") for name, column in columns.items()},
            "changed": [bool(rows) for rows in every],
            "because": _joined(every),
            **{f"because_{name}": _joined(rows) for name, rows in reasons.items()},
        }
    )
    return of_layers(events, table) if isinstance(events, Study) else table


def contradictions(
    events: pd.DataFrame | Study,
    links: pd.DataFrame | None = None,
    *,
    leave_out: Collection[str] = (),
    suppose_same: bool = False,
) -> pd.DataFrame:
    """Sets of rows that cannot all be right, each as small as it can be.

    Parameters
    ----------
    events, links, leave_out, suppose_same
        As in `tighten`.

    Returns
    -------
    pandas.DataFrame
        A row a contradiction: ``rows`` (``events:id`` and ``event_links:id``, joined by ``;``; without any one of them
        the others fit together, see Notes), ``n_rows``, ``n_days`` (by how many days the bounds that they give to a day
        miss each other), ``what`` they say, and ``evidence`` (passages and references of the rows, where the tables
        have them).

    Raises
    ------
    ValueError
        As `tighten`, but for contradictions.

    Notes
    -----
    After each contradiction the relations among its rows are set aside and the rest is asked again, so two of them may
    share dates, never a relation, and what remains fits together. No row of a contradiction can be spared, given what
    was set aside before it. One that shares a relation with another of the list is found once that is settled. Reports
    that disagree on the date of one event are the matter of `reconcile`.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["talk", "book"], "date_edtf": ["2012", "2013-04"]})
    >>> row = {"link_id": "l", "event_id": "talk", "relation": "after", "other_id": "book"}
    >>> contradictions(events, pd.DataFrame([row]))[["rows", "n_days"]].to_numpy().tolist()
    [['events:book;event_links:l;events:talk', 91]]
    """
    network = network_of(events, links, leave_out, suppose_same)
    evidence = _evidence(*tables_of(events, links))
    found = [
        (";".join(rows), len(rows), n_days, "; ".join(said(left, rows)), evidence(rows))
        for left, rows, n_days in _all_contradictions(network)
    ]
    table = pd.DataFrame(found, columns=["rows", "n_rows", "n_days", "what", "evidence"])
    table = table.astype({"rows": "str", "n_rows": "int64", "n_days": "int64", "what": "str", "evidence": "str"})
    return of_layers(events, table) if isinstance(events, Study) else table


def _bounds(network: Network, solution: Solution, side: int, high: bool) -> list[tuple[date | None, Rows]]:
    """Each event's bound, and the rows that made it if it is tighter than its date has it."""
    bounds, stated = (solution.highs, network.highs) if high else (solution.lows, network.lows)
    found: list[tuple[date | None, Rows]] = []
    for day in range(side, 2 * len(network.ids), 2):
        if day not in bounds:
            found.append((None, ()))
        else:
            same = day in stated and stated[day].day == bounds[day].day
            found.append((date.fromordinal(bounds[day].day), () if same else solution.why(day, high=high)))
    return found


def _joined(rows: list[Rows]) -> pd.Series:
    return pd.Series([";".join(some) or None for some in rows], dtype="str")


def _all_contradictions(network: Network) -> Iterator[tuple[Network, Rows, int]]:
    """Contradictions one after the other, each with the part of the network that it was found in."""
    while clashes := solve(network).clashes():
        aside: set[Order] = set()
        done: set[str] = set()
        for rows, _ in clashes:
            # What stands on a relation that is set aside already is asked again in the next round.
            if not done.isdisjoint(rows):
                continue
            part = only(network, rows)
            if not aside.isdisjoint(part.orders):
                continue
            least, n_days = contradiction(part)
            yield part, least, n_days
            broken = {order for order in part.orders if order.rows and set(least).issuperset(order.rows)}
            # Else the numbers between two that run backwards would each make the same contradiction once more.
            numbered = {row for order in broken if len(order.rows) == 2 for row in order.rows}
            aside |= broken | {o for o in network.orders if len(o.rows) == 2 and not numbered.isdisjoint(o.rows)}
            done |= {row for row in least if row.startswith("event_links:")}
        network = replace(network, orders=tuple(order for order in network.orders if order not in aside))


def _evidence(events: pd.DataFrame, links: pd.DataFrame) -> Callable[[Rows], str | None]:
    cited: Mapping[str, str] = {
        f"{name}:{row}": text
        for name, table, key in [("events", events, "event_id"), ("event_links", links, "link_id")]
        if "evidence" in table
        for row, text in table[[key, "evidence"]].dropna().itertuples(index=False)
    }
    return lambda rows: ";".join(sorted({one for row in rows for one in cited.get(row, "").split(";") if one})) or None
