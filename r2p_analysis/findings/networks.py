"""Numbers of the notebook on networks: what they count, and what the tests of overlap find."""

from __future__ import annotations

import pandas as pd

from r2p_analysis.findings.words import LEVEL, MISSING, NETWORK, Numbers, first
from r2p_analysis.networks import (
    body_overlap,
    centralities,
    decomposition,
    decomposition_summary,
    one_mode_projection,
    pair_table,
    two_mode_network,
)
from r2p_analysis.spells import bodies, members_at
from r2p_analysis.study import Study

_WIDE = ("universal", "regional")


def of_networks(study: Study, at: str | None) -> Numbers:
    """Size of the network of states and bodies."""
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
        "n_pairs_largest": first(largest["degree"] * (largest["degree"] - 1) // 2),
        "largest_body": first(largest["label"]),
    }


def of_overlap(study: Study, at: str | None) -> Numbers:
    """Tests of the overlap of bodies, and what pairs of states share."""
    B = two_mode_network(study, at)
    B.remove_nodes_from([node for node, side in [*B.nodes(data="bipartite")] if side == 1 and not B.degree[node]])
    states = pair_table(B, "actor", tail="upper", level=LEVEL)
    pairs = body_overlap(B, within_scope=True, level=LEVEL)
    kept = pairs[pairs["p_adjusted"] <= LEVEL]
    kinds = decomposition_summary(decomposition(B)).set_index("kind")
    wide = kinds.loc[kinds.index.isin(_WIDE), "share_shared"].sum()
    return {
        "at": at or MISSING,
        "level": LEVEL,
        "n_pairs_of_states": len(states),
        "n_states_can_reach": int(states["can_reach"].sum()),
        "n_bodies": pairs[["u", "v"]].stack().nunique(),
        "n_pairs_of_bodies": len(pairs),
        "n_bodies_can_reach": int(pairs["can_reach"].sum()),
        "n_kept": len(kept),
        "kept": "; ".join(f"{u} and {v}" for u, v in zip(kept["label_u"], kept["label_v"], strict=True)) or "none",
        "n_kept_definitional": int(kept["definitional"].sum()),
        "n_kept_within_scope": int((kept["p_within_scope"] <= LEVEL).sum()),
        "percent_wide": MISSING if pd.isna(wide) else round(100 * float(wide)),
    }
