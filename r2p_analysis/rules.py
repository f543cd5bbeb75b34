"""Rules of the data model that reach over cells and tables.

Each rule is a function of the typed tables that yields its faults; `check_rules` runs them all. A
*layer* is the coded rows (basis explicit or inferred) or the reference rows (basis external);
overlap of spells and refinement of dates are asked within a layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.schema import Fault, Tables, resources

# A spell under one of these statuses excludes another of them at the same time.
_EXCLUSIVE = {"operating", "suspended", "self_suspended", "withdrawn"}
_INTEGERS = {"start", "end", "n_chars", "n_min", "n_max"}


def check_rules(tables: Tables, descriptor: Mapping) -> list[Fault]:
    """Check the rules of the data model.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Typed tables whose dates can be read.
    descriptor : mapping
        The study's descriptor. A rule is asked only when the tables and columns that it needs are there.

    Returns
    -------
    list of Fault
        Empty when every rule is kept.
    """
    faults = []
    for rule, needed in _RULES.items():
        if all(_has(tables, table, columns.split()) for table, columns in needed.items()):
            faults += rule(tables, descriptor)
    return faults


def _has(tables: Tables, table: str, columns: list[str]) -> bool:
    frame = tables.get(table)
    types = {column: "Int64" if column in _INTEGERS else "str" for column in columns}
    return frame is not None and all(c in frame and frame[c].dtype == kind for c, kind in types.items())


def _passages_lie_in_their_source(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    passages = tables["passages"]
    length = passages["source_id"].map(tables["sources"].groupby("source_id")["n_chars"].first())
    for row, start, end, n in zip(passages.index, passages["start"], passages["end"], length, strict=True):
        if not pd.isna(start) and not pd.isna(end) and end <= start:
            yield _fault(descriptor, "passages", row, "end", end, "the passage ends before it begins", f"start {start}")
        elif not pd.isna(end) and not pd.isna(n) and end > n:
            yield _fault(
                descriptor, "passages", row, "end", end, "lies past the end of the document", f"{n} characters"
            )


def _explicit_rows_have_a_passage(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    passages = set(tables["passages"]["passage_id"])
    yield from _without(tables, descriptor, "explicit", passages, "an explicit row needs a passage")


def _external_rows_have_a_reference(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    references = set(tables["references"]["ref_id"])
    yield from _without(tables, descriptor, "external", references, "an external row needs a reference")


def _without(tables: Tables, descriptor: Mapping, basis: str, ids: set[str], rule: str) -> Iterator[Fault]:
    for name, frame in tables.items():
        if {"basis", "evidence"} <= set(frame.columns):
            for row, cited in frame.loc[frame["basis"] == basis, "evidence"].dropna().items():
                if not ids & set(cited.split(";")):
                    yield _fault(descriptor, name, row, "evidence", cited, rule)


def _inferred_rows_name_their_rule(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    for name, frame in tables.items():
        if {"basis", "note"} <= set(frame.columns):
            for row in frame.index[(frame["basis"] == "inferred") & frame["note"].isna()]:
                yield _fault(descriptor, name, row, "note", "", "an inferred row names its rule in note")


def _memberships_run_forward(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    yield from _run_forward("memberships", tables, descriptor)


def _ties_run_forward(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    yield from _run_forward("ties", tables, descriptor)


def _run_forward(name: str, tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    frame = tables[name]
    for row, start, end in zip(frame.index, frame["start_edtf"], frame["end_edtf"], strict=True):
        first, last = _bounds(start)[0], _bounds(end)[1]
        if first and last and last < first:
            yield _fault(descriptor, name, row, "end_edtf", end, "the spell ends before it begins", f"start {start}")


def _spells_do_not_overlap(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    seen: dict[tuple, list[tuple[int, date, date]]] = {}
    frame = tables["memberships"]
    columns = ["actor_id", "body_id", "role", "status", "basis", "confidence", "start_edtf", "end_edtf"]
    for row, actor, body, role, status, basis, confidence, start, end in frame[columns].itertuples():
        # Accounts that contradict each other may both stand, as disputed ones.
        family = "in force" if status in _EXCLUSIVE and confidence != "disputed" else status
        begins, ends = _certain(start, end)
        others = seen.setdefault((actor, body, role, family, basis == "external"), [])
        for other, other_begins, other_ends in others:
            if begins < other_ends and other_begins < ends:
                rule = "the spell overlaps another of the same actor, body and role"
                yield _fault(
                    descriptor, "memberships", row, "start_edtf", f"{actor} in {body}", rule, f"see line {other}"
                )
        others.append((row, begins, ends))


def _events_have_the_refined_date(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    events, reports = tables["events"], tables["event_dates"]
    external = set(events.loc[events["basis"] == "external", "event_id"])
    # A reference may report on a coded event; it refines nothing in the coded layer.
    reports = reports[(reports["basis"] != "external") | reports["event_id"].isin(external)]
    by_event = reports.groupby("event_id")["date_edtf"].agg(list)
    disputed = set(tables["conflicts"]["rows"].dropna().str.split(";").explode())
    for row, event, coded in zip(events.index, events["event_id"], events["date_edtf"], strict=True):
        stated = [text for text in by_event.get(event, []) if not pd.isna(text) and _bounds(text) != (None, None)]
        refined = dates.refine(stated) if stated else None
        if pd.isna(coded):
            if stated:
                yield _fault(descriptor, "events", row, "date_edtf", "", "is empty", f"event_dates has {stated}")
        elif not stated:
            yield _fault(descriptor, "events", row, "date_edtf", coded, "no row of event_dates reports it")
        elif refined is None and f"events:{event}" not in disputed:
            rule = "the reported dates exclude each other and no row of conflicts names the event"
            yield _fault(descriptor, "events", row, "date_edtf", coded, rule, ", ".join(stated))
        elif refined is not None and coded != refined:
            yield _fault(descriptor, "events", row, "date_edtf", coded, "is not the refinement of event_dates", refined)


def _numbers_run_upward(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    frame = tables["counts"]
    for row, low, high in zip(frame.index, frame["n_min"], frame["n_max"], strict=True):
        if not pd.isna(low) and not pd.isna(high) and high < low:
            yield _fault(descriptor, "counts", row, "n_max", high, "is less than n_min", str(low))


def _ids_are_told_apart(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    actors, events = tables["actors"], tables["events"]
    for row, event in events.loc[events["event_id"].isin(actors["actor_id"]), "event_id"].items():
        yield _fault(descriptor, "events", row, "event_id", event, "is the id of an actor, too")
    states = actors[(actors["kind"] == "state") & actors["iso3"].notna()]
    for row, actor in states.loc[states["actor_id"] != states["iso3"].str.lower(), "actor_id"].items():
        rule = "a state's id is its lower-case ISO 3166-1 alpha-3 code"
        yield _fault(descriptor, "actors", row, "actor_id", actor, rule, states.at[row, "iso3"].lower())


def _parents_form_no_circle(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    actors = tables["actors"]
    parent = dict(zip(actors["actor_id"], actors["parent_id"], strict=True))
    for row, actor in actors["actor_id"].items():
        above, seen = parent.get(actor), {actor}
        while isinstance(above, str) and above not in seen:
            seen.add(above)
            above = parent.get(above)
        if isinstance(above, str) and above == actor:
            yield _fault(descriptor, "actors", row, "parent_id", parent[actor], "the parents form a circle")


def _confidence_is_for_external_rows(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    frame = tables["memberships"]
    external = frame["basis"] == "external"
    for row in frame.index[external & frame["confidence"].isna()]:
        yield _fault(descriptor, "memberships", row, "confidence", "", "an external row says how sure it is")
    for row, value in frame.loc[~external & frame["confidence"].notna(), "confidence"].items():
        yield _fault(descriptor, "memberships", row, "confidence", value, "only an external row has a confidence")


def _scopes_name_columns_of_regions(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    columns = [column for column in tables["regions"] if column != "evidence"]
    for row, admits in tables["scopes"]["admits"].dropna().items():
        for alternative in admits.split(";"):
            column, sign, value = alternative.partition("=")
            if not (sign and value and column.removesuffix("!") in columns):
                hint = f"column=value or column!=value; columns: {', '.join(columns)}"
                yield _fault(descriptor, "scopes", row, "admits", alternative, "is no condition on a state", hint)


def _codes_have_labels(tables: Tables, descriptor: Mapping) -> Iterator[Fault]:
    codes = tables["codes"]
    labelled = set(zip(codes["column"], codes["code"], strict=True))
    used = set()
    for name, resource in resources(descriptor).items():
        for field in resource["schema"]["fields"]:
            for code in field.get("constraints", {}).get("enum", []):
                places = {(f"{name}.{field['name']}", code), (field["name"], code)} & labelled
                used |= places
                if not places:
                    rule = "the code has no row in codes"
                    yield Fault("datapackage.json", 0, f"{name}.{field['name']}", code, rule)
    for row, column, code in codes[["column", "code"]].itertuples():
        if (column, code) not in used and code != "silent":  # computed, never stored
            yield _fault(descriptor, "codes", row, "code", code, "no column allows it", f"column {column}")


_SPELL = "start_edtf end_edtf"
# Each rule with the columns that it needs, by table.
_RULES = {
    _passages_lie_in_their_source: {"passages": "source_id start end", "sources": "source_id n_chars"},
    _explicit_rows_have_a_passage: {"passages": "passage_id"},
    _external_rows_have_a_reference: {"references": "ref_id"},
    _inferred_rows_name_their_rule: {},
    _memberships_run_forward: {"memberships": _SPELL},
    _ties_run_forward: {"ties": _SPELL},
    _spells_do_not_overlap: {"memberships": f"actor_id body_id role status basis confidence {_SPELL}"},
    _events_have_the_refined_date: {
        "events": "event_id date_edtf basis",
        "event_dates": "event_id date_edtf basis",
        "conflicts": "rows",
    },
    _numbers_run_upward: {"counts": "n_min n_max"},
    _ids_are_told_apart: {"actors": "actor_id kind iso3", "events": "event_id"},
    _parents_form_no_circle: {"actors": "actor_id parent_id"},
    _confidence_is_for_external_rows: {"memberships": "basis confidence"},
    _scopes_name_columns_of_regions: {"scopes": "admits", "regions": "iso3"},
    _codes_have_labels: {"codes": "column code"},
}


def _fault(descriptor: Mapping, table: str, row: int, column: str, value: object, rule: str, hint: str = "") -> Fault:
    return Fault(resources(descriptor)[table]["path"], int(row), column, str(value), rule, hint)


def _bounds(text: str) -> tuple[date | None, date | None]:
    # A date that cannot be read has a fault of its own already.
    try:
        return dates.bounds(text)
    except ValueError:
        return None, None


def _certain(start: str, end: str) -> tuple[date, date]:
    """Half-open days on which a spell holds for certain, as far as its own cells say."""
    begins, ends = _bounds(start)[1], _bounds(end)[0]
    if begins is None and ends is None:  # nothing stated: a second such row is the same spell again
        return date.min, date.max
    first = begins or date.min if ends else begins
    return first, ends if ends else date.fromordinal(first.toordinal() + 1)
