"""Switches on whom to believe: documents, parties, what is inferred, and sources that a reference corrects."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from r2p_analysis.findings.gaps import known_by
from r2p_analysis.sensitivity.cases import Case
from r2p_analysis.sensitivity.members import belonging
from r2p_analysis.sensitivity.turning import (
    leave_out,
    stated_in,
    with_tables,
    without_events,
    without_evidence,
    without_rows,
)
from r2p_analysis.spells import lineages
from r2p_analysis.study import Study

_SUBJECTS = {"functions": "body_id", "ties": "actor_id", "counts": "subject_id"}
_SPEAKING = ("secretariat_of", "organ_of", "part_of")
# Conflicts in which a reference shows the source to be wrong. Of a date or a count it has another account, or later
# news; a name is corrected in the coded row itself.
_WRONG = ("source_error", "attribution")
_KIND = {"events": "kind", "ties": "relation", "participations": "event_id", "functions": "function"}


def inferred_off(case: Case) -> Case:
    """Leave out every row that a rule implies."""
    return without_rows(case, {name: rows["basis"].eq("inferred") for name, rows in stated_in(case.study).items()})


def _passages_of(study: Study, documents: Collection[str]) -> set[str]:
    return set(study.passages.loc[study.passages["source_id"].isin(documents), "passage_id"])


def party_off(case: Case) -> Case:
    """Leave out what only a party tells, and what a claimant says of itself or of what it speaks for."""
    study = case.study
    parties = study.sources.loc[study.sources["role"] == "party", "source_id"]
    own = {name: _of_itself(study, study.tables[name], who) for name, who in _SUBJECTS.items()}
    return without_evidence(case, _passages_of(study, set(parties)), own)


def _of_itself(study: Study, rows: pd.DataFrame, who: str) -> pd.Series:
    """Rows whose claimant speaks for their subject, or for what it is a part of."""
    pairs = set(rows.loc[rows["claimant_id"].notna(), ["claimant_id", who]].itertuples(index=False, name=None))
    spoken = {claimant: _speaks_for(study, claimant) for claimant, _ in pairs}
    own = {(claimant, subject) for claimant, subject in pairs if spoken[claimant] & {*_line(study, [subject])}}
    return pd.Series([pair in own for pair in zip(rows["claimant_id"], rows[who], strict=True)], rows.index, dtype=bool)


def _speaks_for(study: Study, claimant: str) -> set[str]:
    """The claimant, what it is a part of, and whose secretariat, organ or member these are."""
    itself, ties = _line(study, [claimant]), study.ties
    ties = ties[ties["relation"].isin(_SPEAKING) & ties["status"].eq("operating")]
    bodies = belonging(study)
    joined = [rows.loc[rows["actor_id"].isin(itself), of] for rows, of in ((ties, "target_id"), (bodies, "body_id"))]
    return itself | _line(study, pd.concat(joined))


def _line(study: Study, actors: Iterable[str]) -> set[str]:
    return {one for line in lineages(study, actors).values() for one in line}


def document_off(case: Case, source: str) -> Case:
    """Leave out what only one document tells."""
    return without_evidence(case, _passages_of(case.study, {source}), {})


def by_then(case: Case) -> Case | None:
    """Leave out what only references published after the day tell, and do not date by it; None without a day."""
    if case.at is None:
        return None
    known = known_by(case.study, case.at)
    return with_tables(
        case, **{name: rows for name, rows in known.tables.items() if rows is not case.study.tables[name]}
    )


def corrected(case: Case) -> Case:
    """Put a correction in the place of the coded rows of its table and kind, as a coded row."""
    errors = case.every.conflicts
    errors = errors[errors["kind"].isin(_WRONG) & errors["corrected_rows"].notna()]
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
    case = without_events(case, gone) if name == "events" else leave_out(case, name, wrong)
    rows = case.study.tables[name]
    right = right[~right[key].isin(rows[key])].assign(basis="explicit")
    return with_tables(case, **{name: pd.concat([rows, right]).sort_values(key, ignore_index=True)})
