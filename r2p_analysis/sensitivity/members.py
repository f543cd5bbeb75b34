"""Switches on who belongs to what: inferred members, Haiti, Cuba, the lists of the Network, the United Nations."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from r2p_analysis.findings import NETWORK
from r2p_analysis.sensitivity.cases import Case
from r2p_analysis.sensitivity.turning import leave_out, with_tables
from r2p_analysis.spells import root_bodies
from r2p_analysis.study import Study


def inferred_members_off(case: Case) -> Case:
    """Leave out memberships that a rule implies."""
    return leave_out(case, "memberships", case.study.memberships["basis"].eq("inferred"))


def belonging(study: Study) -> pd.DataFrame:
    """Rows of memberships that count somebody as a member."""
    rows = study.memberships
    return rows[rows["status"].eq("operating") & ~rows["role"].isin(["associate", "observer", "participant"])]


def _of_body(study: Study, body: str) -> pd.Series:
    """Which rows of memberships count somebody as a member of a body."""
    rows = study.memberships
    return rows["body_id"].eq(body) & rows.index.isin(belonging(study).index)


def _add_members(case: Case, body: str, states: Collection[str]) -> Case:
    """Give states the membership that most members have, where they have none; scopes admit them."""
    rows, members = case.study.memberships, case.study.memberships[_of_body(case.study, body)]
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
    return with_tables(case, memberships=grown, scopes=scopes.assign(admits=wider))


def haiti_in(case: Case) -> Case:
    """Make Haiti a member of the Network."""
    return _add_members(case, NETWORK, ["hti"] if "HTI" in set(case.study.regions["iso3"]) else [])


def haiti_out(case: Case) -> Case:
    """Leave Haiti out of the region."""
    case = leave_out(case, "regions", case.study.regions["iso3"].eq("HTI"))
    return leave_out(case, "memberships", case.study.memberships["actor_id"].eq("hti"))


def _cuba_in_oas(study: Study) -> pd.Series:
    return _of_body(study, "oas") & study.memberships["actor_id"].eq("cub")


def cuba_sure(case: Case) -> Case:
    """Take Cuba's disputed membership in the OAS as beyond doubt."""
    rows = case.study.memberships
    disputed = _cuba_in_oas(case.study) & rows["confidence"].eq("disputed")
    return with_tables(case, memberships=rows.assign(confidence=rows["confidence"].mask(disputed, "high")))


def cuba_out(case: Case) -> Case:
    """Leave out that Cuba is a member of the OAS."""
    return leave_out(case, "memberships", _cuba_in_oas(case.study))


def un_out(case: Case) -> Case:
    """Leave out who belongs to the United Nations or an organ of it."""
    joined = case.study.memberships["body_id"]
    return leave_out(case, "memberships", joined.map(root_bodies(case.study, set(joined))).eq("un"))


def days_of_lists(study: Study) -> list[str]:
    """Days of the lists of the Network's members."""
    rows = study.rosters
    return sorted(rows.loc[rows["body_id"].eq(NETWORK) & rows["role"].eq("member"), "as_of_edtf"].dropna().unique())


def on_the_list(every: Study, day: str) -> list[str]:
    """Members of the Network on the list of a day."""
    rows = every.rosters
    listed = rows["body_id"].eq(NETWORK) & rows["role"].eq("member") & rows["as_of_edtf"].eq(day)
    return sorted(set(rows.loc[listed, "actor_id"]))


def by_list(case: Case, day: str) -> Case:
    """Give the Network the members of a list."""
    listed = on_the_list(case.every, day)
    not_listed = _of_body(case.study, NETWORK) & ~case.study.memberships["actor_id"].isin(listed)
    return _add_members(leave_out(case, "memberships", not_listed), NETWORK, listed)
