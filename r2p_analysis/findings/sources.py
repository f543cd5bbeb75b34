"""Numbers of the notebook on the sources."""

from __future__ import annotations

import pandas as pd

from r2p_analysis.evidence import mentions_by_state
from r2p_analysis.findings.words import MISSING, Numbers, first
from r2p_analysis.study import Study


def of_sources(study: Study, _: str | None) -> Numbers:
    """What the documents are, whom they name, and how rows stand on them."""
    basis = pd.concat([t["basis"] for t in study.tables.values() if "basis" in t.columns]).value_counts()
    mentions = mentions_by_state(study).sort_values(["n_passages", "iso3"], ascending=[False, True])
    names = study.regions.set_index("iso3")["name_en"]
    n_passages, most = len(study.passages), mentions[mentions["n_passages"] > 0].head(1)
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
        "most_named": first(most["iso3"].map(names)),
        "n_most_named": first(most["n_passages"]),
        "n_conflicts": len(study.conflicts),
        "n_conflicts_of_names": int(study.conflicts["kind"].isin(["name", "identity"]).sum()),
    }
