"""Joining the coded and the reference layer: what changes when both are loaded, and saying so.

Overlap of spells and refinement of dates are checked within a layer. With both loaded, a date that the two
layers' reports refine together replaces that of one layer, and whatever the layers state twice or against
each other is put into words; no row is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.schema import Tables, key_of, resources

_NO_LONGER = ("suspended", "self_suspended", "withdrawn")


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


def add_named(tables: Tables, every: Tables, descriptor: Mapping) -> tuple[Tables, tuple[str, ...]]:
    """Add, to the reference layer by itself, the coded actors and events that its rows name.

    An actor serves both layers. A coded event comes with the dates that the reference layer's own reports give it,
    and no other.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Typed tables with the rows of the reference layer.
    every : dict of str to pandas.DataFrame
        The same with the rows of both.
    descriptor : mapping
        The study's descriptor, for the foreign keys.

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        With the rows that were named, and those that these name.
    notes : tuple of str
        How many there are.
    """
    tables, notes = dict(tables), []
    for name in ("events", "actors"):  # events first: an event may name an actor, not the reverse
        key = key_of(descriptor, name)[0]
        own, rows = set(tables[name][key]), every[name]
        named = _named(tables, descriptor, name)
        while more := _named({name: rows[rows[key].isin(named)]}, descriptor, name) - named:
            named |= more
        tables[name] = rows[rows[key].isin(own | named)]
        if added := len(tables[name]) - len(own):
            notes.append(f"{added} {name} of the coded layer are here since rows of the reference layer name them")
    if {"events", "event_dates"} <= tables.keys():
        reports = tables["event_dates"].groupby("event_id")["date_edtf"].agg(list)
        coded = tables["events"]["basis"] != "external"
        days = tables["events"]["event_id"].map({event: dates.refine(texts) for event, texts in reports.items()})
        dated = tables["events"]["date_edtf"].mask(coded, days.astype("str"))
        tables["events"] = tables["events"].assign(date_edtf=dated)
    return tables, tuple(notes)


def _named(tables: Tables, descriptor: Mapping, name: str) -> set[str]:
    """Ids of a table that the rows of any other name by a foreign key."""
    found: set[str] = set()
    for table, resource in resources(descriptor).items():
        for key in resource["schema"].get("foreignKeys", []):
            if table in tables and name == (key["reference"]["resource"] or table):
                found |= set(tables[table][key["fields"]].dropna())
    return found


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
    both = sorted(coded & other)
    notes = [f"{len(both)} memberships are stated in both layers; a tie of a network counts them once"] if both else []
    ended = memberships[layer & memberships["status"].isin(_NO_LONGER)]
    unlike = sorted({f"{actor} in {body}" for actor, body, _ in set(map(tuple, ended[who].to_numpy())) & set(both)})
    if unlike:
        notes.append(
            "where the reference layer has dates, an undated coded membership holds only with one of them; it also"
            f" has a suspension or withdrawal of: {', '.join(unlike)}"
        )
    return notes
