"""Membership networks: two-mode, projected, measured and tested against what the sizes alone would give."""

from r2p_analysis.networks.against_null import against_null, nestedness, segregation
from r2p_analysis.networks.backbone import backbone, body_overlap, pair_table
from r2p_analysis.networks.brokerage import brokerage
from r2p_analysis.networks.build import membership_matrix, sides, two_mode_network
from r2p_analysis.networks.communities import communities, modularity
from r2p_analysis.networks.core import core_periphery
from r2p_analysis.networks.decomposition import decomposition, decomposition_summary, kinds_by_reach
from r2p_analysis.networks.measures import centralities, redundancy, strength
from r2p_analysis.networks.nestedness import c_score, nodf
from r2p_analysis.networks.projection import one_mode_projection

__all__ = [
    "against_null",
    "backbone",
    "body_overlap",
    "brokerage",
    "c_score",
    "centralities",
    "communities",
    "core_periphery",
    "decomposition",
    "decomposition_summary",
    "kinds_by_reach",
    "membership_matrix",
    "modularity",
    "nestedness",
    "nodf",
    "one_mode_projection",
    "pair_table",
    "redundancy",
    "segregation",
    "sides",
    "strength",
    "two_mode_network",
]
