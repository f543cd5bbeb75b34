"""Every number that prose quotes: computed here, under a name, from the tables.

A notebook's answer is a sentence with names in braces; ``numbers(study, chapter)`` fills them. No number
is typed into a text. The chapters are those of the notebooks.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology import counts_by_period, event_order
from r2p_analysis.coverage import states_by_functions
from r2p_analysis.evidence import mentions_by_state
from r2p_analysis.networks import centralities, one_mode_projection, two_mode_network
from r2p_analysis.schema import one_of
from r2p_analysis.spells import members_at
from r2p_analysis.study import Study

AT = "2014-09-08"
"""The day that networks and coverage are shown for: the dialogue of 2014, which both documents reach."""

LAUNCH = "lan-launch"
"""The event that shows how two reports refine each other."""

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
        By name: whole numbers, texts, and expected numbers rounded to one decimal.

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
    return pd.DataFrame(rows, columns=["chapter", "name", "value"])


def _sources(study: Study) -> Numbers:
    basis = pd.concat([t["basis"] for t in study.tables.values() if "basis" in t.columns]).value_counts()
    mentions = mentions_by_state(study).sort_values(["n_passages", "iso3"], ascending=[False, True])
    names = study.regions.set_index("iso3")["name_en"]
    n_named = int((mentions["n_passages"] > 0).sum())
    return {
        "n_documents": len(study.sources),
        "n_passages": len(study.passages),
        "median_passage": int((study.passages["end"] - study.passages["start"]).median()),
        "n_explicit": int(basis.get("explicit", 0)),
        "n_inferred": int(basis.get("inferred", 0)),
        "n_states": len(study.regions),
        "n_states_named": n_named,
        "n_states_unnamed": len(study.regions) - n_named,
        "most_named": names[mentions["iso3"].iloc[0]],
        "n_most_named": int(mentions["n_passages"].iloc[0]),
        "n_conflicts": len(study.conflicts),
    }


def _networks(study: Study) -> Numbers:
    B = two_mode_network(study, AT)
    degree, sizes = centralities(B)["degree"], centralities(B, "body")
    largest = sizes.iloc[0]
    return {
        "at": AT,
        "n_states": len(study.regions),
        "n_ties": B.number_of_edges(),
        "n_certain": two_mode_network(study, AT, reading="certain").number_of_edges(),
        "n_members": len(members_at(study, "lan", AT)),
        "n_bridges": int((degree >= 2).sum()),
        "n_isolates": int((degree == 0).sum()),
        "n_pairs": one_mode_projection(B).number_of_edges(),
        "n_pairs_largest": int(largest["degree"] * (largest["degree"] - 1) // 2),
        "largest_body": largest["label"],
    }


def _chronology(study: Study) -> Numbers:
    events = event_order(study)
    reports = study.event_dates.groupby("event_id")["date_edtf"].agg(list)
    several = reports[reports.map(lambda texts: len(set(texts)) > 1)]
    nested = several[several.map(dates.refine).notna()]
    by_year = counts_by_period(events, "year")["n_events"]
    launch = study.events.set_index("event_id").at[LAUNCH, "date_edtf"]
    return {
        "n_events": len(events),
        "n_exact": int((events["n_days"] == 1).sum()),
        "n_undated": int((events["precision"] == "none").sum()),
        "n_announced": int((events["status"] == "announced").sum()),
        "n_several": len(several),
        "n_refined": len(nested),
        "n_excluded": len(several) - len(nested),
        "launch": launch,
        "launch_reports": " and ".join(sorted(set(reports[LAUNCH]))),
        "busiest_year": str(by_year.idxmax()),
        "busiest_expected": round(float(by_year.max()), 1),
    }


def _coverage(study: Study) -> Numbers:
    functions = states_by_functions(study, AT)
    mechanisms = study.ties[study.ties["relation"] == "mechanism_of"].groupby("status")["target_id"].agg(set)
    operating = mechanisms.get("operating", set())
    warning = functions["early_warning"].value_counts()
    silent = int((functions == "silent").sum().sum())
    return {
        "at": AT,
        "n_states": len(functions),
        "n_functions": functions.shape[1],
        "n_mechanisms": len(operating),
        "n_proposed": len(mechanisms.get("planned", set()) - operating),
        "n_cells": functions.size,
        "n_silent": silent,
        "share_silent": f"{100 * silent / functions.size:.0f} %",
        "n_states_silent": int((functions == "silent").all(axis=1).sum()),
        "n_early_warning": int(warning.get("operating", 0)),
        "n_early_warning_hoped": int(warning.get("planned", 0) + warning.get("potential", 0)),
        "n_denied": int((study.functions["status"] == "denied").sum()),
    }


_CHAPTERS: dict[str, Callable[[Study], Numbers]] = {
    "sources": _sources,
    "networks": _networks,
    "chronology": _chronology,
    "coverage": _coverage,
}
