"""Membership networks: two-mode, projected, measured and tested against what the sizes alone would give."""

from r2p_analysis.networks.build import membership_matrix, sides, two_mode_network
from r2p_analysis.networks.measures import centralities
from r2p_analysis.networks.projection import one_mode_projection

__all__ = ["centralities", "membership_matrix", "one_mode_projection", "sides", "two_mode_network"]
