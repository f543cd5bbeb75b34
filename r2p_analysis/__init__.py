"""Study the Responsibility to Protect in the Americas: networks, chronology and coverage gaps.

Begin with ``study = r2p.load_study()``. The names below are loaded when they are first used.
"""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

_BY_CHAPTER = {
    "paths": ("external_file",),
    "study": ("Study", "load_study", "save_study"),
    "template": ("new_study",),
    "schema": ("DataError", "Fault", "FaultReport"),
    "evidence": ("evidence_of", "locate_passage", "mentions_by_state", "rows_on", "verify_passages"),
    "agreement": ("compare_readings",),
    "workshop": ("check_answers",),
    "spells": ("members_at", "memberships_at"),
    "years": ("membership_years", "spells_between", "turnover"),
    "networks": (
        *("two_mode_network", "membership_matrix", "one_mode_projection", "centralities", "strength"),
        *("redundancy", "betweenness", "eigenvector"),
        *("nodf", "c_score", "nestedness", "segregation", "against_null"),
        *("communities", "modularity", "core_periphery", "brokerage"),
        *("pair_table", "backbone", "body_overlap", "decomposition", "decomposition_summary", "kinds_by_reach"),
        *("networks_at", "ensemble", "series", "changes", "unknown_days"),
        *("robustness", "rankings", "rank_checks", "rank_intervals", "pair_orders"),
    ),
    "chronology": (
        *("event_order", "add_bounds", "precision_shares", "counts_by_period", "under_way"),
        *("order_probabilities", "conditional_order_probabilities", "certain_orders", "ranks"),
        *("linear_extensions", "n_linear_extensions", "tighten", "contradictions", "draw_days"),
        *("reconcile", "ordinal_conflicts", "merge_proposals", "merged"),
        *("rates", "vintages", "change_points", "bursts"),
        *("time_to", "turnbull", "survival", "survival_interval"),
        *("participation_network", "co_participation", "co_participation_series"),
    ),
    "coverage": (
        *("coverage_table", "states_by_bodies", "states_by_functions", "coverage_cube", "coverage_of"),
        *("coverage_strengths", "coverage_by_subregion", "gaps", "gap_bounds"),
        *("membership_table", "performers", "shut_out", "gap_tests", "surprising_absences", "with_score"),
    ),
    "intersecting": ("intersections",),
    "findings": ("all_numbers", "numbers"),
    "figures": ("build_figures", "draw_figure"),
}
_HOME = {name: module for module, names in _BY_CHAPTER.items() for name in names}
_MODULES = (
    "dates",
    "exchange",
    "external",
    "years",
    "evidence",
    "spells",
    "nulls",
    "networks",
    "chronology",
    "coverage",
    "closure",
    "sensitivity",
    "figures",
    "plotting",
)

__all__ = [*sorted(_HOME), *_MODULES, "__version__"]


def __getattr__(name: str) -> object:
    """Load a public name, or a module, when it is first used."""
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return list(__all__)
