"""The switches: each turns one decision of the coding, or of the question, and nothing else.

A switch is a function from a case to another. It does not say which way is right. Where the rows that it turns are
not in the study it gives the case as it is; where it cannot be turned at all (certain, without a day) it gives None.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.findings import NETWORK
from r2p_analysis.sensitivity.cases import BOTH, Case, coded_of
from r2p_analysis.spells import root_bodies
from r2p_analysis.study import Study

_CLAIMS = ("memberships", "functions", "ties")
_SUBJECTS = {"functions": "body_id", "ties": "actor_id", "counts": "subject_id"}
_OF_EVENTS = {"events": ["event_id"], "event_dates": ["event_id"], "participations": ["event_id"]}
_OF_EVENTS |= {"event_links": ["event_id", "other_id"]}
_KIND = {"events": "kind", "ties": "relation", "participations": "event_id", "functions": "function"}
_NOT_STATED = ("actors", "aliases", "conflicts")  # names and notes: they stay, whoever told of them


@dataclass(frozen=True)
class Switch:
    """A decision that can be turned.

    Attributes
    ----------
    name : str
        Its name in tables and figures.
    says : str
        What it changes, in a sentence.
    turn : callable
        Gives the turned case, or None where it cannot be turned.
    """

    name: str
    says: str
    turn: Callable[[Case], Case | None]


def switches(study: Study | None = None) -> dict[str, Switch]:
    """All switches by name, in the order of tables and figures.

    Parameters
    ----------
    study : Study, optional
        A study, for a switch of each list of the Network's members (table ``rosters``) and each document (table
        ``sources``). None gives the others.

    Returns
    -------
    dict of str to Switch
        By name.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study(layers=("coded", "reference"))
    >>> len(switches()), [name for name in switches(study) if name not in switches()]
    (22, ['network-list-2012-03', 'network-list-2013-08-09', 'network-list-2015', 'without-aipr', 'without-icrtop'])
    >>> switches()["planned-counted"].says
    'What is planned (memberships, functions, ties) counts as operating.'
    """
    made = [Switch(name, says, turn) for name, says, turn in _ANY_STUDY]
    if study is not None:
        made += [_of_list(study, day) for day in _days_of_lists(study)]
        made += [_of_document(source) for source in sorted(study.sources["source_id"])]
    return {switch.name: switch for switch in made}


def _with(case: Case, **tables: pd.DataFrame) -> Case:
    """Give the case with some tables replaced; those that are as before stay the same objects."""
    changed = {name: rows for name, rows in tables.items() if not rows.equals(case.study.tables[name])}
    return case.but(study=case.study.with_tables(**changed)) if changed else case


def _leave_out(case: Case, name: str, out: pd.Series) -> Case:
    return _with(case, **{name: case.study.tables[name][~out].reset_index(drop=True)}) if out.any() else case


def _recode(case: Case, names: Collection[str], column: str, codes: Collection[str], to: str) -> Case:
    """Give rows of some tables another code."""
    tables = {name: case.study.tables[name] for name in names}
    changed = {
        name: rows.assign(**{column: rows[column].mask(rows[column].isin(codes), to)}) for name, rows in tables.items()
    }
    return _with(case, **changed)


def _inferred_members_off(case: Case) -> Case:
    return _leave_out(case, "memberships", case.study.memberships["basis"].eq("inferred"))


def _inferred_off(case: Case) -> Case:
    return _without_rows(case, {name: rows["basis"].eq("inferred") for name, rows in _stated(case.study).items()})


def _stated(study: Study) -> dict[str, pd.DataFrame]:
    return {name: rows for name, rows in study.tables.items() if "basis" in rows and name not in _NOT_STATED}


def _without_rows(case: Case, out: Mapping[str, pd.Series]) -> Case:
    """Leave rows out, with them what hangs on events that are gone, and the dates that nobody reports any more."""
    before = case.study
    for name, mask in out.items():
        case = _leave_out(case, name, mask)
    case = _without_events(case, set(before.events["event_id"]) - set(case.study.events["event_id"]))
    gone = before.event_dates["event_id"].value_counts() - case.study.event_dates["event_id"].value_counts()
    return _dated_again(case, set(before.event_dates["event_id"]) - set(gone[gone == 0].index))


def _without_events(case: Case, gone: Collection[str]) -> Case:
    for name, columns in _OF_EVENTS.items():
        case = _leave_out(case, name, case.study.tables[name][columns].isin(gone).any(axis=1))
    events = case.study.events
    if "part_of" not in events:
        return case
    return _with(case, events=events.assign(part_of=events["part_of"].mask(events["part_of"].isin(gone))))


def _dated_again(case: Case, changed: Collection[str]) -> Case:
    """Date events by the reports that are left: refined; else as coded if one of them says so; else not at all."""
    events = case.study.events
    left = case.study.event_dates.groupby("event_id")["date_edtf"].agg(list)
    texts = [
        _settled(left.get(event, []), text) if event in changed else text
        for event, text in zip(events["event_id"], events["date_edtf"], strict=True)
    ]
    return _with(case, events=events.assign(date_edtf=pd.Series(texts, events.index, dtype="str")))


def _settled(reports: list[str], coded: object) -> object:
    refined = dates.refine(reports) if reports else None
    return refined or (coded if coded in reports else None)


def _without_evidence(case: Case, gone: Collection[str], out: Mapping[str, pd.Series]) -> Case:
    """Leave out rows that rest on some passages alone; those that have other evidence keep that."""
    tables, out = {}, dict(out)
    for name, rows in _stated(case.study).items():
        keys = [[key for key in cell.split(";") if key not in gone] for cell in rows["evidence"].fillna("")]
        alone = pd.Series([not left for left in keys], rows.index) & rows["evidence"].notna()
        out[name] = alone | out.get(name, False)
        trimmed = pd.Series([";".join(left) for left in keys], rows.index, dtype="str")
        tables[name] = rows.assign(evidence=rows["evidence"].where(alone | rows["evidence"].isna(), trimmed))
    return _without_rows(_with(case, **tables), out)


def _passages_of(study: Study, documents: Collection[str]) -> set[str]:
    return set(study.passages.loc[study.passages["source_id"].isin(documents), "passage_id"])


def _party_off(case: Case) -> Case:
    study = case.study
    parties = study.sources.loc[study.sources["role"] == "party", "source_id"]
    own = {name: study.tables[name]["claimant_id"].eq(study.tables[name][who]) for name, who in _SUBJECTS.items()}
    return _without_evidence(case, _passages_of(study, set(parties)), own)


def _of_document(source: str) -> Switch:
    says = f"Rows that rest on the document {source} alone are left out."
    return Switch(f"without-{source}", says, partial(_document_off, source=source))


def _document_off(case: Case, source: str) -> Case:
    return _without_evidence(case, _passages_of(case.study, {source}), {})


def _layers(case: Case, layers: tuple[str, ...]) -> Case | None:
    if set(case.every.layers) != set(BOTH):
        return None
    if set(case.study.layers) == set(layers):
        return case
    return case.but(study=case.every if layers == BOTH else coded_of(case.every))


def _belonging(study: Study, body: str) -> pd.Series:
    """Rows of memberships that count somebody as a member of a body."""
    rows = study.memberships
    counts = rows["status"].eq("operating") & ~rows["role"].isin(["associate", "observer", "participant"])
    return rows["body_id"].eq(body) & counts


def _add_members(case: Case, body: str, states: Collection[str]) -> Case:
    """Give states the membership that most members have, where they have none; scopes admit them."""
    rows, members = case.study.memberships, case.study.memberships[_belonging(case.study, body)]
    new = sorted(set(states) - set(members["actor_id"]))
    if members.empty or not new:
        return case
    start, like = members["start_edtf"].mode(), members.iloc[0]
    cells = {"start_edtf": start[0] if len(start) else None, "role": "member", "basis": "inferred", "note": None}
    added = [{**like, **cells, "actor_id": state, "membership_id": f"switched-{body}-{state}"} for state in new]
    grown = pd.concat([rows, pd.DataFrame(added)[rows.columns].astype(rows.dtypes)], ignore_index=True)
    scopes = case.study.scopes
    admits = scopes["body_id"].eq(body) & scopes["admits"].notna()
    more = ";".join(f"iso3={state.upper()}" for state in new)
    wider = scopes["admits"].mask(admits, scopes["admits"] + ";" + more)
    return _with(case, memberships=grown, scopes=scopes.assign(admits=wider))


def _haiti_in(case: Case) -> Case:
    return _add_members(case, NETWORK, ["hti"] if "HTI" in set(case.study.regions["iso3"]) else [])


def _haiti_out(case: Case) -> Case:
    case = _leave_out(case, "regions", case.study.regions["iso3"].eq("HTI"))
    return _leave_out(case, "memberships", case.study.memberships["actor_id"].eq("hti"))


def _cuba_in_oas(study: Study) -> pd.Series:
    return _belonging(study, "oas") & study.memberships["actor_id"].eq("cub")


def _cuba_sure(case: Case) -> Case:
    rows = case.study.memberships
    disputed = _cuba_in_oas(case.study) & rows["confidence"].eq("disputed")
    return _with(case, memberships=rows.assign(confidence=rows["confidence"].mask(disputed, "high")))


def _cuba_out(case: Case) -> Case:
    return _leave_out(case, "memberships", _cuba_in_oas(case.study))


def _un_out(case: Case) -> Case:
    joined = case.study.memberships["body_id"]
    return _leave_out(case, "memberships", joined.map(root_bodies(case.study, set(joined))).eq("un"))


def _days_of_lists(study: Study) -> list[str]:
    rows = study.rosters
    return sorted(rows.loc[rows["body_id"].eq(NETWORK) & rows["role"].eq("member"), "as_of_edtf"].dropna().unique())


def _on_the_list(every: Study, day: str) -> list[str]:
    rows = every.rosters
    listed = rows["body_id"].eq(NETWORK) & rows["role"].eq("member") & rows["as_of_edtf"].eq(day)
    return sorted(set(rows.loc[listed, "actor_id"]))


def _of_list(study: Study, day: str) -> Switch:
    n = len(_on_the_list(study, day))
    says = f"The Latin American Network has the {n} members of the list of {day}."
    return Switch(f"network-list-{day}", says, partial(_by_list, day=day))


def _by_list(case: Case, day: str) -> Case:
    listed = _on_the_list(case.every, day)
    not_listed = _belonging(case.study, NETWORK) & ~case.study.memberships["actor_id"].isin(listed)
    return _add_members(_leave_out(case, "memberships", not_listed), NETWORK, listed)


def _corrected(case: Case) -> Case:
    """Put the correction of a source error in the place of coded rows of its table and kind, as a coded row."""
    errors = case.every.conflicts
    errors = errors[errors["kind"].eq("source_error") & errors["corrected_rows"].notna()]
    for stated, corrected in zip(errors["rows"], errors["corrected_rows"], strict=True):
        for name, kind in _KIND.items():
            case = _put_right(case, name, kind, _named(stated, name), _named(corrected, name))
    return case


def _named(cell: str, table: str) -> list[str]:
    return [row.partition(":")[2] for row in cell.split(";") if row.partition(":")[0] == table]


def _put_right(case: Case, name: str, kind: str, stated: list[str], corrected: list[str]) -> Case:
    every, rows = case.every.tables[name], case.study.tables[name]
    key = every.columns[0]
    right = every[every[key].isin(corrected)]
    wrong = rows[key].isin(stated) & rows[kind].isin(right[kind])
    if right.empty or not wrong.any():
        return case
    gone = set(rows.loc[wrong, key])
    case = _without_events(case, gone) if name == "events" else _leave_out(case, name, wrong)
    rows = case.study.tables[name]
    right = right[~right[key].isin(rows[key])].assign(basis="explicit")
    return _with(case, **{name: pd.concat([rows, right]).sort_values(key, ignore_index=True)})


def _undated_off(case: Case) -> Case:
    events = case.study.events
    return _without_events(case, set(events.loc[events["date_edtf"].isna(), "event_id"]))


def _announced_off(case: Case) -> Case:
    events = case.study.events
    return _without_events(case, set(events.loc[events["status"] == "announced", "event_id"]))


def _read(case: Case, reading: str) -> Case | None:
    if reading == "certain" and case.at is None:
        return None
    return case if reading == case.reading else case.but(reading=reading)


def _years_on(case: Case, years: int) -> Case | None:
    ends = [_moved(day, years) for day in dates.bounds(case.at)] if case.at else [None]
    return None if None in ends else case.but(at=str(ends[0]) if ends[0] == ends[1] else f"{ends[0]}/{ends[1]}")


def _moved(day: date, years: int) -> date | None:
    if not date.min.year <= day.year + years <= date.max.year:
        return None
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)


def _counted(*statuses: str) -> Callable[[Case], Case]:
    return lambda case: _recode(case, _CLAIMS, "status", statuses, "operating")


_ANY_STUDY: tuple[tuple[str, str, Callable[[Case], Case | None]], ...] = (
    ("inferred-members-off", "Memberships that a rule implies are left out.", _inferred_members_off),
    ("inferred-off", "Every row that a rule implies is left out.", _inferred_off),
    ("reference-on", "Rows of the reference layer count as well.", partial(_layers, layers=BOTH)),
    ("reference-off", "Rows of the coded layer alone count.", partial(_layers, layers=("coded",))),
    ("haiti-in", "Haiti is one more member of the Latin American Network, which admits it.", _haiti_in),
    ("haiti-out", "Haiti is no state of the region.", _haiti_out),
    ("oas-with-cuba", "Cuba's disputed membership in the OAS is taken as beyond doubt.", _cuba_sure),
    ("oas-without-cuba", "Cuba is not counted as a member of the OAS.", _cuba_out),
    ("un-out", "The United Nations and its organs have no members.", _un_out),
    (
        "party-claims-off",
        "Rows that rest on documents of a party alone, or on what a claimant says of itself, are left out.",
        _party_off,
    ),
    (
        "potential-counted",
        "What is potential (memberships, functions, ties) counts as operating.",
        _counted("potential"),
    ),
    ("planned-counted", "What is planned (memberships, functions, ties) counts as operating.", _counted("planned")),
    (
        "suspended-counted",
        "Members that are suspended, or suspended themselves, count as operating.",
        lambda case: _recode(case, ["memberships"], "status", ["suspended", "self_suspended"], "operating"),
    ),
    (
        "associates-in",
        "Associates and observers count as members.",
        lambda case: _recode(case, ["memberships"], "role", ["associate", "observer"], "member"),
    ),
    ("certain", "Only what is certain on the day is believed.", partial(_read, reading="certain")),
    ("possible", "Whatever is possible on the day is believed.", partial(_read, reading="possible")),
    ("errors-corrected", "Where a reference corrects a source error, the correction stands in its place.", _corrected),
    ("undated-off", "Events without a date are left out.", _undated_off),
    ("announced-off", "Events that were announced and not reported are left out.", _announced_off),
    (
        "background-off",
        "Events told as background are left out.",
        lambda case: _without_events(
            case, set(case.study.events.loc[case.study.events["status"] == "background", "event_id"])
        ),
    ),
    ("year-before", "The day asked for is one year earlier.", partial(_years_on, years=-1)),
    ("year-after", "The day asked for is one year later.", partial(_years_on, years=1)),
)
