"""Every number that prose quotes: computed here, under a name, from the tables.

A notebook's answer is a sentence with names in braces; ``numbers(study, chapter)`` fills them. No number
is typed into a text. The chapters are those of the notebooks.

Another study has the same names, so that a text can be filled with them: a number whose row is not there (an
event, a body, a maximum of nothing) is the text "not in this study".
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology import counts_by_period, event_order
from r2p_analysis.coverage import states_by_bodies, states_by_functions, unreached_claims
from r2p_analysis.evidence import mentions_by_state
from r2p_analysis.networks import centralities, one_mode_projection, two_mode_network
from r2p_analysis.schema import one_of
from r2p_analysis.spells import bodies, members_at, rows_at
from r2p_analysis.study import Study, of_layers

AT = "2014-09-08"
"""The day that networks and coverage are shown for: the dialogue of 2014, which both documents reach."""

LAUNCH = "lan-launch"
"""The event that shows how two reports refine each other."""

NETWORK = "lan"
"""The body whose members are counted."""

MISSING = "not in this study"
"""What stands for a number whose row is not there."""

Numbers = dict[str, object]


def numbers(study: Study, chapter: str) -> Numbers:
    """Numbers that the text of a chapter quotes.

    Parameters
    ----------
    study : Study
        A study.
    chapter : {"sources", "networks", "chronology", "coverage"}
        The notebook.

    Returns
    -------
    dict of str to object
        By name: whole numbers, texts, expected numbers rounded to one decimal, or `MISSING`. The names are
        the same for every study; so is the day, `AT`.

    Raises
    ------
    ValueError
        If the chapter is unknown.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> numbers(load_study(), "sources")["n_states"]
    35
    """
    return _CHAPTERS[one_of(chapter, _CHAPTERS, "chapter")](study)


def all_numbers(study: Study) -> pd.DataFrame:
    """All numbers of all chapters.

    Parameters
    ----------
    study : Study
        A study.

    Returns
    -------
    pandas.DataFrame
        chapter, name, value (as text).
    """
    rows = [(chapter, name, str(value)) for chapter in _CHAPTERS for name, value in numbers(study, chapter).items()]
    return of_layers(study, pd.DataFrame(rows, columns=["chapter", "name", "value"]))


def _sources(study: Study) -> Numbers:
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


def _networks(study: Study) -> Numbers:
    B = two_mode_network(study, AT)
    degree, sizes = centralities(B)["degree"], centralities(B, "body")
    largest = sizes[sizes["degree"] > 0].head(1)
    return {
        "at": AT,
        "n_states": len(study.regions),
        "n_ties": B.number_of_edges(),
        "n_certain": two_mode_network(study, AT, reading="certain").number_of_edges(),
        "n_members": len(members_at(study, NETWORK, AT)) if NETWORK in bodies(study) else MISSING,
        "n_bridges": int((degree >= 2).sum()),
        "n_isolates": int((degree == 0).sum()),
        "n_pairs": one_mode_projection(B).number_of_edges(),
        "n_pairs_largest": _first(largest["degree"] * (largest["degree"] - 1) // 2),
        "largest_body": _first(largest["label"]),
    }


def _chronology(study: Study) -> Numbers:
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
    }


def _coverage(study: Study) -> Numbers:
    functions = states_by_functions(study, AT)
    warning = functions["early_warning"].value_counts()
    silent = functions.size - _n_said(functions)
    return {
        "at": AT,
        "n_states": len(functions),
        "n_functions": functions.shape[1],
        "n_cells": functions.size,
        "n_silent": silent,
        "share_silent": f"{100 * silent / functions.size:.0f} %" if functions.size else MISSING,
        "n_said": functions.size - silent,
        "n_said_certain": _n_said(states_by_functions(study, AT, reading="certain")),
        "n_bodies_said": _n_said(states_by_bodies(study, AT)),
        "n_bodies_said_certain": _n_said(states_by_bodies(study, AT, reading="certain")),
        "n_states_silent": int((functions == "silent").all(axis=1).sum()),
        "n_early_warning": int(warning.get("operating", 0)),
        "n_early_warning_hoped": int(warning.get("planned", 0) + warning.get("potential", 0)),
        **_mechanisms(study),
        **_unreached(study, functions),
        **_denials(study),
    }


def _n_said(table: pd.DataFrame) -> int:
    return int((table != "silent").to_numpy().sum())


def _mechanisms(study: Study) -> Numbers:
    """States with a national mechanism on the day; proposals are those of states without one that operates."""
    ties = study.ties[study.ties["relation"] == "mechanism_of"]
    possible, certain = (
        rows_at(study, ties, AT, reading=reading).groupby("status")["target_id"].agg(set)
        for reading in ("possible", "certain")
    )
    operating = possible.get("operating", set())
    return {
        "n_mechanisms": len(operating),
        "n_mechanisms_certain": len(certain.get("operating", set())),
        "n_proposed": len(possible.get("planned", set()) - operating),
    }


def _unreached(study: Study, functions: pd.DataFrame) -> Numbers:
    """Claims that reach no state; and functions that are silent everywhere although one of these operates."""
    rows = unreached_claims(study, AT)
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


_CHAPTERS: dict[str, Callable[[Study], Numbers]] = {
    "sources": _sources,
    "networks": _networks,
    "chronology": _chronology,
    "coverage": _coverage,
}
