"""Joining the coded and the reference layer: what changes when both are loaded, and saying so.

Overlap of spells and refinement of dates are checked within a layer. With both loaded, a date that the two
layers' reports refine together replaces that of one layer, and whatever the layers state twice or against
each other is put into words; no row is dropped.
"""

from __future__ import annotations

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.schema import Tables


def join_layers(tables: Tables) -> tuple[Tables, tuple[str, ...]]:
    """Recompute what both layers together say of the dates of events and of memberships.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Typed tables with the rows of both layers.

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        The same, with ``events.date_edtf`` refined by the reports of both layers where these nest.
    notes : tuple of str
        What was recomputed, and what the layers state twice or against each other.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["e"], "date_edtf": ["2012-03"], "basis": ["explicit"]})
    >>> days = {"event_id": ["e", "e"], "date_edtf": ["2012-03", "2012-03-29"], "basis": ["explicit", "external"]}
    >>> joined, notes = join_layers({"events": events, "event_dates": pd.DataFrame(days)})
    >>> joined["events"]["date_edtf"].tolist(), notes[0]
    (['2012-03-29'], 'refined by both layers together, the dates of: e')
    """
    notes = []
    if {"events", "event_dates"} <= tables.keys():
        tables, said = _joined_dates(tables)
        notes += said
    if "memberships" in tables:
        notes += _stated_twice(tables["memberships"])
    return tables, tuple(notes)


def part_layers(tables: Tables) -> Tables:
    """Undo `join_layers`: give coded events the refinement of the coded reports alone.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Tables of both layers, joined.

    Returns
    -------
    dict of str to pandas.DataFrame
        Tables as they are stored.
    """
    if not {"events", "event_dates"} <= tables.keys():
        return tables
    reports = tables["event_dates"]
    return _with_dates(tables, _refined(reports[reports["basis"] != "external"], _of_both(reports)))


def _joined_dates(tables: Tables) -> tuple[Tables, list[str]]:
    reports = tables["event_dates"]
    refined = _refined(reports, _of_both(reports))
    joined = _with_dates(tables, refined)
    changed = joined["events"].loc[joined["events"]["date_edtf"].ne(tables["events"]["date_edtf"]), "event_id"]
    changed = sorted(set(changed) & {event for event, text in refined.items() if text})
    against = sorted(event for event, text in refined.items() if text is None)
    notes = [f"refined by both layers together, the dates of: {', '.join(changed)}"] if changed else []
    if against:
        notes.append(f"not refined, since the layers' reports exclude each other, the dates of: {', '.join(against)}")
    return joined, notes


def _of_both(reports: pd.DataFrame) -> set[str]:
    external = reports["basis"] == "external"
    return set(reports.loc[external, "event_id"]) & set(reports.loc[~external, "event_id"])


def _refined(reports: pd.DataFrame, events: set[str]) -> dict[str, str | None]:
    stated = reports[reports["event_id"].isin(events)].groupby("event_id")["date_edtf"].agg(list)
    return {event: dates.refine(texts) for event, texts in stated.items()}


def _with_dates(tables: Tables, refined: dict[str, str | None]) -> Tables:
    events = tables["events"]
    texts = [refined.get(e) or text for e, text in zip(events["event_id"], events["date_edtf"], strict=True)]
    return {**tables, "events": events.assign(date_edtf=pd.Series(texts, events.index, dtype="str"))}


def _stated_twice(memberships: pd.DataFrame) -> list[str]:
    who = ["actor_id", "body_id", "role"]
    layer = memberships["basis"].eq("external")
    coded, other = (set(map(tuple, memberships.loc[rows, who].to_numpy())) for rows in (~layer, layer))
    n = len(coded & other)
    return [f"{n} memberships are stated in both layers; a tie of a network counts them once"] if n else []
