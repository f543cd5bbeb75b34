"""Drawing: data in, Axes out."""

from r2p_analysis.plotting.backbone import plot_backbone
from r2p_analysis.plotting.bars import plot_counts, plot_mentions
from r2p_analysis.plotting.comembership import co_membership, largest_body, plot_co_membership
from r2p_analysis.plotting.decomposition import ROW as KIND_ROW
from r2p_analysis.plotting.decomposition import decomposition_by_groups, plot_decomposition
from r2p_analysis.plotting.matrix import plot_matrix
from r2p_analysis.plotting.network import plot_two_mode, two_mode_places
from r2p_analysis.plotting.pairs import ROW as PAIR_ROW
from r2p_analysis.plotting.pairs import pairs_to_draw, plot_pairs
from r2p_analysis.plotting.robustness import ROW as RANK_ROW
from r2p_analysis.plotting.robustness import plot_rank_intervals
from r2p_analysis.plotting.series import plot_series
from r2p_analysis.plotting.timeline import marks_of, plot_timeline, timeline_rows

__all__ = [
    "KIND_ROW",
    "PAIR_ROW",
    "RANK_ROW",
    "co_membership",
    "decomposition_by_groups",
    "largest_body",
    "marks_of",
    "pairs_to_draw",
    "plot_backbone",
    "plot_co_membership",
    "plot_counts",
    "plot_decomposition",
    "plot_matrix",
    "plot_mentions",
    "plot_pairs",
    "plot_rank_intervals",
    "plot_series",
    "plot_timeline",
    "plot_two_mode",
    "timeline_rows",
    "two_mode_places",
]
