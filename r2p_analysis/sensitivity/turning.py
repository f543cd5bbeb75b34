"""How a switch changes a case: rows left out, with what hangs on them; codes; dates that are left.

Nothing is mutated: each gives another case, or the same one where there is nothing to change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.sensitivity.cases import Case
from r2p_analysis.study import Study

_OF_EVENTS = {"events": ["event_id"], "event_dates": ["event_id"], "participations": ["event_id"]}
_OF_EVENTS |= {"event_links": ["event_id", "other_id"]}
_NOT_STATED = ("actors", "aliases", "conflicts")  # names and notes: they stay, whoever told of them


def with_tables(case: Case, **tables: pd.DataFrame) -> Case:
    """Give the case with some tables replaced; those that are as before stay the same objects."""
    changed = {name: rows for name, rows in tables.items() if not rows.equals(case.study.tables[name])}
    return case.but(study=case.study.with_tables(**changed)) if changed else case


def leave_out(case: Case, name: str, out: pd.Series) -> Case:
    """Leave some rows of a table out."""
    return with_tables(case, **{name: case.study.tables[name][~out].reset_index(drop=True)}) if out.any() else case


def recode(case: Case, names: Collection[str], column: str, codes: Collection[str], to: str) -> Case:
    """Give rows of some tables another code."""
    tables = {name: case.study.tables[name] for name in names}
    changed = {
        name: rows.assign(**{column: rows[column].mask(rows[column].isin(codes), to)}) for name, rows in tables.items()
    }
    return with_tables(case, **changed)


def stated_in(study: Study) -> dict[str, pd.DataFrame]:
    """Tables whose rows somebody states, by name."""
    return {name: rows for name, rows in study.tables.items() if "basis" in rows and name not in _NOT_STATED}


def without_rows(case: Case, out: Mapping[str, pd.Series]) -> Case:
    """Leave rows out, with them what hangs on events that are gone, and the dates that nobody reports any more."""
    before = case.study
    for name, mask in out.items():
        case = leave_out(case, name, mask)
    case = without_events(case, set(before.events["event_id"]) - set(case.study.events["event_id"]))
    gone = before.event_dates["event_id"].value_counts() - case.study.event_dates["event_id"].value_counts()
    return _dated_again(case, set(before.event_dates["event_id"]) - set(gone[gone == 0].index))


def without_events(case: Case, gone: Collection[str]) -> Case:
    """Leave events out, with their dates, links and participants; what was a part of them stays."""
    for name, columns in _OF_EVENTS.items():
        case = leave_out(case, name, case.study.tables[name][columns].isin(gone).any(axis=1))
    events = case.study.events
    if "part_of" not in events:
        return case
    return with_tables(case, events=events.assign(part_of=events["part_of"].mask(events["part_of"].isin(gone))))


def _dated_again(case: Case, changed: Collection[str]) -> Case:
    """Date events by the reports that are left: refined; else as coded if one of them says so; else not at all."""
    events = case.study.events
    left = case.study.event_dates.groupby("event_id")["date_edtf"].agg(list)
    texts = [
        _settled(left.get(event, []), text) if event in changed else text
        for event, text in zip(events["event_id"], events["date_edtf"], strict=True)
    ]
    return with_tables(case, events=events.assign(date_edtf=pd.Series(texts, events.index, dtype="str")))


def _settled(reports: list[str], coded: object) -> object:
    refined = dates.refine(reports) if reports else None
    return refined or (coded if coded in reports else None)


def without_evidence(case: Case, gone: Collection[str], out: Mapping[str, pd.Series]) -> Case:
    """Leave out rows that rest on some passages alone; those that have other evidence keep that."""
    tables, out = {}, dict(out)
    for name, rows in stated_in(case.study).items():
        keys = [[key for key in cell.split(";") if key not in gone] for cell in rows["evidence"].fillna("")]
        alone = pd.Series([not left for left in keys], rows.index) & rows["evidence"].notna()
        out[name] = alone | out.get(name, False)
        trimmed = pd.Series([";".join(left) for left in keys], rows.index, dtype="str")
        tables[name] = rows.assign(evidence=rows["evidence"].where(alone | rows["evidence"].isna(), trimmed))
    return without_rows(with_tables(case, **tables), out)
