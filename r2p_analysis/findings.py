"""Every number that prose quotes: computed here, under a name, from the tables.

A notebook's answer is a sentence with names in braces; ``numbers(study, chapter)`` fills them. No number
is typed into a text. The chapters are those of the notebooks.

Another study has the same names, so that a text can be filled with them: a number whose row is not there (an
event, a body, a maximum of nothing) is the text "not in this study".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

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
    tighten,
    time_to,
    vintages,
)
from r2p_analysis.coverage import states_by_bodies, states_by_functions, unreached_claims
from r2p_analysis.evidence import mentions_by_state
from r2p_analysis.networks import (
    body_overlap,
    centralities,
    decomposition,
    decomposition_summary,
    one_mode_projection,
    pair_table,
    two_mode_network,
)
from r2p_analysis.schema import DataError, one_of
from r2p_analysis.spells import bodies, members_at, rows_at
from r2p_analysis.study import Study, of_layers

LAUNCH = "lan-launch"
"""The event that shows how two reports refine each other."""

NETWORK = "lan"
"""The body whose members are counted."""

MECHANISM, BOARD = "nm-arg-founding", "apb-founding"
"""Two more founding steps: one within a year, one of which two accounts exclude each other."""

MISSING = "not in this study"
"""What stands for a number whose row is not there."""

_OF_A_DAY = ("memberships", "ties", "functions")
_LEVEL = 0.05
_WIDE = ("universal", "regional")
Numbers = dict[str, object]


def day_of(study: Study) -> str | None:
    """Day that networks, coverage and their figures are shown for where none is asked for.

    Parameters
    ----------
    study : Study
        A study.

    Returns
    -------
    str or None
        The descriptor's ``at``, an EDTF date. Without it the last day that the evidence of memberships, ties
        and functions speaks of, or, where the study has none of these, that of its other facts: of passages
        their vintage, of references their date of publication. None where no evidence has a date.

    Raises
    ------
    DataError
        If ``at`` is no date, or one that is open to one side.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> day_of(load_study())
    '2014-09-08'
    """
    stated = study.descriptor.get("at")
    if stated is None:
        facts = {name: table for name, table in study.tables.items() if "basis" in table.columns}
        dated = [facts[name] for name in _OF_A_DAY if name in facts]
        return _last_word(study, dated) or _last_word(study, list(facts.values()))
    try:
        bounds = dates.bounds(str(stated))
    except ValueError as error:
        raise DataError(f"at in the descriptor: {error}") from None
    if None in bounds:
        raise DataError(f"at is {stated!r} in the descriptor, open to one side; give a day, as in '2014-09-08'")
    return str(stated)


def numbers(study: Study, chapter: str, at: str | date | None = None) -> Numbers:
    """Numbers that the text of a chapter quotes.

    Parameters
    ----------
    study : Study
        A study.
    chapter : {"sources", "networks", "chronology", "coverage"}
        The notebook.
    at : str or datetime.date, optional
        Day of the networks and of coverage; None takes `day_of` the study. Both readings of it are among the
        numbers.

    Returns
    -------
    dict of str to object
        By name: whole numbers, texts, expected numbers rounded to one decimal, or `MISSING`. The names are
        the same for every study. Without a day, "certain" numbers are `MISSING`.

    Raises
    ------
    ValueError
        If the chapter is unknown, or the day cannot be read.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> numbers(load_study(), "sources")["n_states"]
    35
    >>> numbers(load_study(), "networks", "2011")["n_members"]
    0
    """
    at = day_of(study) if at is None else at.isoformat()[:10] if isinstance(at, date) else str(at)
    return _CHAPTERS[one_of(chapter, _CHAPTERS, "chapter")](study, at)


def all_numbers(study: Study, at: str | date | None = None) -> pd.DataFrame:
    """All numbers of all chapters.

    Parameters
    ----------
    study : Study
        A study.
    at : str or datetime.date, optional
        The day, as in `numbers`.

    Returns
    -------
    pandas.DataFrame
        chapter, name, value (as text).
    """
    found = ((chapter, numbers(study, chapter, at)) for chapter in _CHAPTERS)
    rows = [(chapter, name, str(value)) for chapter, named in found for name, value in named.items()]
    return of_layers(study, pd.DataFrame(rows, columns=["chapter", "name", "value"]))


def _last_word(study: Study, facts: list[pd.DataFrame]) -> str | None:
    """Last day of the evidence of some rows, as text."""
    cited = {key for table in facts for cell in table["evidence"].dropna() for key in cell.split(";")}
    passages, references = study.passages, study.references
    vintages = passages.loc[passages["passage_id"].isin(cited), "vintage_edtf"]
    published = references.loc[references["ref_id"].isin(cited), "published_edtf"]
    ends = (dates.bounds(text)[1] for text in {*vintages.dropna(), *published.dropna()})
    return str(max((end for end in ends if end), default="")) or None


def _sources(study: Study, _: str | None) -> Numbers:
    basis = pd.concat([t["basis"] for t in study.tables.values() if "basis" in t.columns]).value_counts()
    mentions = mentions_by_state(study).sort_values(["n_passages", "iso3"], ascending=[False, True])
    names = study.regions.set_index("iso3")["name_en"]
    n_passages, first = len(study.passages), mentions[mentions["n_passages"] > 0].head(1)
    n_named = int((mentions["n_passages"] > 0).sum())
    return {
        "n_documents": len(study.sources),
        "n_passages": n_passages,
        "median_passage": int((study.passages["end"] - study.passages["start"]).median()) if n_passages else MISSING,
        "n_explicit": int(basis.get("explicit", 0)),
        "n_inferred": int(basis.get("inferred", 0)),
        "n_states": len(study.regions),
        "n_states_named": n_named,
        "n_states_unnamed": len(study.regions) - n_named,
        "most_named": _first(first["iso3"].map(names)),
        "n_most_named": _first(first["n_passages"]),
        "n_conflicts": len(study.conflicts),
        "n_conflicts_of_names": int(study.conflicts["kind"].isin(["name", "identity"]).sum()),
    }


def _networks(study: Study, at: str | None) -> Numbers:
    B = two_mode_network(study, at)
    degree, sizes = centralities(B)["degree"], centralities(B, "body")
    largest = sizes[sizes["degree"] > 0].head(1)
    return {
        "at": at or MISSING,
        "n_states": len(study.regions),
        "n_ties": B.number_of_edges(),
        "n_certain": two_mode_network(study, at, reading="certain").number_of_edges() if at else MISSING,
        "n_members": len(members_at(study, NETWORK, at)) if NETWORK in bodies(study) else MISSING,
        "n_bridges": int((degree >= 2).sum()),
        "n_isolates": int((degree == 0).sum()),
        "n_pairs": one_mode_projection(B).number_of_edges(),
        "n_pairs_largest": _first(largest["degree"] * (largest["degree"] - 1) // 2),
        "largest_body": _first(largest["label"]),
    }


def _overlap(study: Study, at: str | None) -> Numbers:
    B = two_mode_network(study, at)
    B.remove_nodes_from([node for node, side in [*B.nodes(data="bipartite")] if side == 1 and not B.degree[node]])
    states = pair_table(B, "actor", tail="upper", level=_LEVEL)
    pairs = body_overlap(B, within_scope=True, level=_LEVEL)
    kept = pairs[pairs["p_adjusted"] <= _LEVEL]
    kinds = decomposition_summary(decomposition(B)).set_index("kind")
    wide = kinds.loc[kinds.index.isin(_WIDE), "share_shared"].sum()
    return {
        "at": at or MISSING,
        "level": _LEVEL,
        "n_pairs_of_states": len(states),
        "n_states_can_reach": int(states["can_reach"].sum()),
        "n_bodies": pairs[["u", "v"]].stack().nunique(),
        "n_pairs_of_bodies": len(pairs),
        "n_bodies_can_reach": int(pairs["can_reach"].sum()),
        "n_kept": len(kept),
        "kept": "; ".join(f"{u} and {v}" for u, v in zip(kept["label_u"], kept["label_v"], strict=True)) or "none",
        "n_kept_definitional": int(kept["definitional"].sum()),
        "n_kept_within_scope": int((kept["p_within_scope"] <= _LEVEL).sum()),
        "percent_wide": MISSING if pd.isna(wide) else round(100 * float(wide)),
    }


def _chronology(study: Study, _: str | None) -> Numbers:
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
        "launch": _first(launch),
        "launch_reports": " and ".join(sorted(set(reports.get(LAUNCH, [])))) or MISSING,
        "busiest_year": _first(fullest.index.astype("str").to_series()),
        "busiest_expected": _first(fullest.round(1)),
        **_orders(study, events),
        **_changes(study, events),
        **_waiting(study),
    }


def _orders(study: Study, events: pd.DataFrame) -> Numbers:
    """How many orders are certain, by dates alone and with what is said of order; and of three founding steps."""
    dated = set(events.loc[events["n_days"].notna(), "event_id"])
    n_dated = len(dated)
    by_dates, stated = (
        int(orders["event_id"].isin(dated).mul(orders["other_id"].isin(dated)).sum())
        for orders in (certain_orders(study.events, links) for links in (study.event_links[:0], study.event_links))
    )
    found = {
        "n_dated": n_dated,
        "n_pairs": n_dated * (n_dated - 1) // 2,
        "n_certain_by_dates": by_dates,
        "n_certain": stated,
        "n_tightened": int(tighten(study)["changed"].sum()),
        "n_contradictions": len(contradictions(study)),
    }
    date_of = study.events.dropna(subset="date_edtf").set_index("event_id")["date_edtf"]
    if {LAUNCH, MECHANISM} <= set(date_of.index):
        launch, mechanism = date_of[LAUNCH], date_of[MECHANISM]
        before, same = dates.p_before(launch, mechanism), dates.p_same(launch, mechanism)
        shares = {"p_before": before, "p_same": same, "p_after": 1 - before - same}
        found |= {name: f"{float(share):.3f}" for name, share in shares.items()}
    other = sorted(set(study.event_dates.query("event_id == @BOARD")["date_edtf"].dropna()))
    launched = date_of.get(LAUNCH)
    answers = [f"{dates.before(launched, text)} if it was {text}" for text in other] if launched else []
    return (
        {"p_before": MISSING, "p_same": MISSING, "p_after": MISSING}
        | found
        | {"before_board": ", ".join(answers) or MISSING}
    )


def _changes(study: Study, events: pd.DataFrame) -> Numbers:
    """Change of the yearly rate, and the longest burst, among the events since the descriptor's year."""
    since = int(study.descriptor.get("since", 0))
    recent = events[events["earliest"].dt.year >= since]
    known = vintages(study)
    seen = known if known["until_least"].notna().any() else None
    changes = change_points(recent, np.random.default_rng(1), observed=seen)
    sure = changes[changes["share_draws"] == 1]
    runs = bursts(recent, np.random.default_rng(1), observed=seen)
    return {
        "since": since,
        "n_changes": len(sure),
        "change_year": _first(sure.index.astype("str").to_series()),
        "change_p": _first(sure["p"].map(lambda p: "below .001" if p < 0.001 else f"{p:.3f}")),
        "n_bursts": len(runs),
        "burst_from": _first(runs["core_first"].dt.year.astype("str")),
        "burst_to": _first(runs["core_last"].dt.year.astype("str")),
        "observed_until": _first(known["until_least"].dropna().sort_values(ascending=False).dt.date.astype("str")),
    }


def _waiting(study: Study) -> Numbers:
    """How members of the network stand on a national mechanism at the end of what is observed."""
    names = ("n_waiting", "n_arrived", "n_waiting_planned", "n_waiting_silent")
    if LAUNCH not in set(study.events["event_id"]) or NETWORK not in set(study.memberships["body_id"]):
        return dict.fromkeys(names, MISSING)
    day = _last_word(study, [study.ties]) or day_of(study)
    times = time_to(study, f"event:{LAUNCH}", "tie_to:mechanism_of", day, actors=members_at(study, NETWORK, day))
    says = times["says"].value_counts()
    counted = (len(times), *(int(says.get(word, 0)) for word in ("operating", "planned", "silent")))
    return dict(zip(names, counted, strict=True))


def _coverage(study: Study, at: str | None) -> Numbers:
    functions = states_by_functions(study, at)
    warning = functions.get("early_warning", pd.Series(dtype="str")).value_counts()
    silent = functions.size - _n_said(functions)
    return {
        "at": at or MISSING,
        "n_states": len(functions),
        "n_functions": functions.shape[1],
        "n_cells": functions.size,
        "n_silent": silent,
        "share_silent": f"{100 * silent / functions.size:.0f} %" if functions.size else MISSING,
        "n_said": functions.size - silent,
        "n_said_certain": _n_said(states_by_functions(study, at, reading="certain")) if at else MISSING,
        "n_bodies_said": _n_said(states_by_bodies(study, at)),
        "n_bodies_said_certain": _n_said(states_by_bodies(study, at, reading="certain")) if at else MISSING,
        "n_states_silent": int((functions == "silent").all(axis=1).sum()),
        "n_early_warning": int(warning.get("operating", 0)),
        "n_early_warning_hoped": int(warning.get("planned", 0) + warning.get("potential", 0)),
        **_mechanisms(study, at),
        **_unreached(study, at, functions),
        **_denials(study),
    }


def _n_said(table: pd.DataFrame) -> int:
    return int((table != "silent").to_numpy().sum())


def _mechanisms(study: Study, at: str | None) -> Numbers:
    """States with a national mechanism on the day; proposals are those of states without one that operates."""
    ties = study.ties[study.ties["relation"] == "mechanism_of"]
    possible, certain = (
        rows_at(study, ties, at, reading=reading).groupby("status")["target_id"].agg(set)
        for reading in ("possible", "certain")
    )
    operating = possible.get("operating", set())
    return {
        "n_mechanisms": len(operating),
        "n_mechanisms_certain": len(certain.get("operating", set())) if at else MISSING,
        "n_proposed": len(possible.get("planned", set()) - operating),
    }


def _unreached(study: Study, at: str | None, functions: pd.DataFrame) -> Numbers:
    """Claims that reach no state; and functions that are silent everywhere although one of these operates."""
    rows = unreached_claims(study, at)
    silent = functions.columns[(functions == "silent").all()]
    operating = rows[rows["status"] == "operating"]
    names = [study.label("functions.function", f) for f in silent if f in set(operating["function"])]
    return {
        "n_claims": int(study.functions["function"].isin(study.axis("functions", "function")).sum()),
        "n_unreached": int(rows["n_claims"].sum()),
        "n_unreached_operating": int(operating["n_claims"].sum()),
        "functions_unreached": " and ".join(names).lower() or MISSING,
    }


def _denials(study: Study) -> Numbers:
    denied = study.functions[study.functions["status"] == "denied"]
    claimants = denied["claimant_id"].value_counts().sort_index().sort_values(ascending=False, kind="stable").head(1)
    names = study.actors.set_index("actor_id")["name"]
    return {
        "n_denied": len(denied),
        "n_denied_explicit": int((denied["basis"] == "explicit").sum()),
        "n_denied_inferred": int((denied["basis"] == "inferred").sum()),
        "n_denied_of_one": _first(claimants),
        "denied_by": _first(claimants.index.to_series().map(names)),
    }


def _first(values: pd.Series) -> object:
    """First value in plain Python, or `MISSING` if there is none."""
    known = values.dropna().tolist()
    return known[0] if known else MISSING


_CHAPTERS: dict[str, Callable[[Study, str | None], Numbers]] = {
    "sources": _sources,
    "networks": _networks,
    "overlap": _overlap,
    "chronology": _chronology,
    "coverage": _coverage,
}
