"""Numbers of the notebook on chronology."""

from __future__ import annotations

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology import (
    bursts,
    certain_orders,
    change_points,
    contradictions,
    counts_by_period,
    event_order,
    reconcile,
    tighten,
    time_to,
    vintages,
)
from r2p_analysis.findings.words import MISSING, NETWORK, Numbers, first, last_word
from r2p_analysis.spells import members_at
from r2p_analysis.study import Study

LAUNCH = "lan-launch"
"""The event that shows how two reports refine each other."""

MECHANISM, BOARD = "nm-arg-founding", "apb-founding"
"""Two more founding steps: one within a year, one of which two accounts exclude each other."""


def of_chronology(study: Study, _: str | None) -> Numbers:
    """Events by how exactly they are dated, what is known of their order, their rate, and waiting times."""
    events = event_order(study)
    counted = {**of_dates(study), **of_orders(study, events), **_steps(study)}
    return {**counted, **_changes(study, events), **_waiting(study)}


def of_dates(study: Study) -> Numbers:
    """Events by how exactly they are dated."""
    events = event_order(study)
    reports = study.event_dates.groupby("event_id")["date_edtf"].agg(list)
    several = reports[reports.map(lambda texts: len(set(texts)) > 1)]
    nested = several[several.map(dates.refine).notna()]
    by_year = counts_by_period(events, "year")["n_events"]
    launch = study.events.loc[study.events["event_id"] == LAUNCH, "date_edtf"]
    fullest = by_year.sort_values(ascending=False, kind="stable").head(1)
    return {
        "n_events": len(events),
        "n_exact": int((events["n_days"] == 1).sum()),
        "n_undated": int((events["precision"] == "none").sum()),
        "n_announced": int((events["status"] == "announced").sum()),
        "n_several": len(several),
        "n_refined": len(nested),
        "n_excluded": len(several) - len(nested),
        "launch": first(launch),
        "launch_reports": " and ".join(sorted(set(reports.get(LAUNCH, [])))) or MISSING,
        "busiest_year": first(fullest.index.astype("str").to_series()),
        "busiest_expected": first(fullest.round(1)),
    }


def of_orders(study: Study, events: pd.DataFrame) -> Numbers:
    """How many orders are certain, by dates alone and with what is said of order."""
    dated = set(events.loc[events["n_days"].notna(), "event_id"])
    n_wrong = len(contradictions(study))
    tables = [study.events[["event_id", "date_edtf"]], *([] if n_wrong else [study])]
    orders = [certain_orders(table) for table in tables]
    counted = [int((t["event_id"].isin(dated) & t["other_id"].isin(dated)).sum()) for t in orders]
    return {
        "n_dated": len(dated),
        "n_pairs": len(dated) * (len(dated) - 1) // 2,
        "n_certain_by_dates": counted[0],
        # What contradicts itself puts nothing in an order, and narrows nothing.
        "n_certain": MISSING if n_wrong else counted[1],
        "n_tightened": MISSING if n_wrong else int(tighten(study)["changed"].sum()),
        "n_contradictions": n_wrong,
        "stated_orders": _verdict(n_wrong),
    }


def _steps(study: Study) -> Numbers:
    """Order of three founding steps, of one of which two accounts exclude each other."""
    date_of = study.events.dropna(subset="date_edtf").set_index("event_id")["date_edtf"]
    launch, mechanism = date_of.get(LAUNCH), date_of.get(MECHANISM)
    shares = dict.fromkeys(("p_before", "p_same", "p_after"), MISSING)
    if launch and mechanism and None not in (*dates.parse(launch).first, *dates.parse(mechanism).first):
        before, same = dates.p_before(launch, mechanism), dates.p_same(launch, mechanism)
        exact = (before, same, 1 - before - same)
        shares = {name: f"{float(share):.3f}" for name, share in zip(shares, exact, strict=True)}
    reported = reports_of(study, BOARD)
    answers = [f"{dates.before(launch, text)} if it was {text}" for text in reported] if launch else []
    together = reconcile(study).set_index("event_id")
    outcomes = {"launch_outcome": _outcome(together, LAUNCH), "board_outcome": _outcome(together, BOARD)}
    return {**shares, "before_board": ", ".join(answers) or MISSING, **outcomes}


def reports_of(study: Study, event: str) -> list[str]:
    """Different reports of an event's date, in order."""
    rows = study.event_dates
    return sorted(set(rows.loc[rows["event_id"] == event, "date_edtf"].dropna()))


def _verdict(n: int) -> str:
    if not n:
        return "nothing that is said contradicts the dates"
    return f"what is said contradicts the dates, or itself, in {n} place{'s' * (n > 1)}"


def _outcome(together: pd.DataFrame, event: str) -> str:
    """What the reports of an event are to each other, in words."""
    if event not in together.index:
        return MISSING
    outcome, refined, accounts = together.loc[event, ["outcome", "date_edtf", "accounts"]]
    if outcome == "conflict":
        return f"in conflict, {' against '.join(accounts.split(';'))}"
    return f"together {refined}" if pd.notna(refined) else str(outcome)


def observed(study: Study) -> pd.DataFrame | None:
    """Until when the events of a study are observed, as `chronology.rates` takes it; None where nothing says."""
    known = vintages(study)
    return known if known["until_least"].notna().any() else None


def changes_and_bursts(study: Study, events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Changes of the yearly rate of some events, and their bursts, with a seed that text and figure share."""
    seen = observed(study)
    changes, runs = (test(events, np.random.default_rng(1), observed=seen) for test in (change_points, bursts))
    return changes, runs


def recent_of(study: Study, events: pd.DataFrame) -> pd.DataFrame:
    """Events since the descriptor's year."""
    return events[events["earliest"].dt.year >= _since(study)]


def heaviest(runs: pd.DataFrame) -> pd.DataFrame:
    """The burst of the most weight, the first of equals: one row, or none."""
    return runs.sort_values("weight", ascending=False, kind="stable").head(1)


def _since(study: Study) -> int:
    return int(study.descriptor.get("since", 0))


def waiting_times(study: Study) -> pd.DataFrame | None:
    """Times of the network's members from its launch to a national mechanism, at the end of what ties tell of.

    None where the study has no launch, no such network or no tie that is dated by its evidence.
    """
    day = last_word(study, [study.ties])
    if not day or LAUNCH not in set(study.events["event_id"]) or NETWORK not in set(study.memberships["body_id"]):
        return None
    return time_to(study, f"event:{LAUNCH}", "tie_to:mechanism_of", day, actors=members_at(study, NETWORK, day))


def _changes(study: Study, events: pd.DataFrame) -> Numbers:
    """Change of the yearly rate, and the burst of the most weight, among the events since the descriptor's year."""
    recent = recent_of(study, events)
    changes, runs = changes_and_bursts(study, recent)
    sure = changes[changes["share_draws"] == 1]
    burst = heaviest(runs)
    return {
        "since": _since(study),
        "n_recent": len(recent),
        "n_changes": len(sure),
        "change_year": first(sure.index.astype("str").to_series()),
        "change_p": first(sure["p"].map(lambda p: "below .001" if p < 0.001 else f"{p:.3f}")),
        "n_bursts": len(runs),
        "burst_from": first(burst["core_first"].dt.year.astype("str")),
        "burst_to": first(burst["core_last"].dt.year.astype("str")),
        "observed_until": first(
            vintages(study)["until_least"].dropna().sort_values(ascending=False).dt.date.astype("str")
        ),
    }


def _waiting(study: Study) -> Numbers:
    """How members of the network stand on a national mechanism at the end of what is observed."""
    names = ("n_waiting", "n_arrived", "n_waiting_planned", "n_waiting_silent", "waiting_until")
    times = waiting_times(study)
    if times is None:
        return dict.fromkeys(names, MISSING)
    says = times["says"].value_counts()
    counted = (
        len(times),
        *(int(says.get(word, 0)) for word in ("operating", "planned", "silent")),
        times.attrs["observed_until"],
    )
    return dict(zip(names, counted, strict=True))
