"""Membership networks: two-mode, projected, measured and tested against what the sizes alone would give."""

from r2p_analysis.networks.against_null import against_null, nestedness, segregation
from r2p_analysis.networks.backbone import backbone, body_overlap, pair_table
from r2p_analysis.networks.brokerage import brokerage
from r2p_analysis.networks.build import sides, two_mode_network
from r2p_analysis.networks.communities import communities, modularity
from r2p_analysis.networks.core import core_periphery
from r2p_analysis.networks.decomposition import decomposition, decomposition_summary, kinds_by_reach
from r2p_analysis.networks.ensemble import ensemble, networks_at
from r2p_analysis.networks.incidence import membership_matrix
from r2p_analysis.networks.measures import betweenness, centralities, eigenvector, redundancy, strength
from r2p_analysis.networks.nestedness import c_score, nodf
from r2p_analysis.networks.projection import one_mode_projection
from r2p_analysis.networks.robustness import pair_orders, rank_checks, rank_intervals, rankings, robustness
from r2p_analysis.networks.through_time import changes, series
from r2p_analysis.networks.unknown_days import unknown_days

__all__ = [
    "against_null",
    "backbone",
    "betweenness",
    "body_overlap",
    "brokerage",
    "c_score",
    "centralities",
    "changes",
    "communities",
    "core_periphery",
    "decomposition",
    "decomposition_summary",
    "eigenvector",
    "ensemble",
    "kinds_by_reach",
    "membership_matrix",
    "modularity",
    "nestedness",
    "networks_at",
    "nodf",
    "one_mode_projection",
    "pair_orders",
    "pair_table",
    "rank_checks",
    "rank_intervals",
    "rankings",
    "redundancy",
    "robustness",
    "segregation",
    "series",
    "sides",
    "strength",
    "two_mode_network",
    "unknown_days",
]
