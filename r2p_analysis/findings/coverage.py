"""Numbers of the notebook on coverage: what is said to cover whom, and what is said not to be there."""

from __future__ import annotations

import pandas as pd

from r2p_analysis.coverage import states_by_bodies, states_by_functions, unreached_claims
from r2p_analysis.findings.gaps import counted, tested, tested_table, to_close
from r2p_analysis.findings.words import MISSING, Numbers, first
from r2p_analysis.spells import rows_at
from r2p_analysis.study import Study


def of_coverage(study: Study, at: str | None) -> Numbers:
    """Cells by what is said of them; claims that reach nobody; denials; gaps, tests and plans."""
    functions = states_by_functions(study, at)
    warning = functions.get("early_warning", pd.Series(dtype="str")).value_counts()
    silent = functions.size - _n_said(functions)
    table = tested_table(study, at)
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
        **counted(study, at),
        **tested(study, table),
        **to_close(study, at, table),
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
        "n_denied_of_one": first(claimants),
        "denied_by": first(claimants.index.to_series().map(names)),
    }
