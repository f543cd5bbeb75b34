"""Drawing: data in, Axes out."""

from r2p_analysis.plotting.bars import plot_counts, plot_mentions
from r2p_analysis.plotting.comembership import co_membership, largest_body, plot_co_membership
from r2p_analysis.plotting.matrix import plot_matrix
from r2p_analysis.plotting.network import plot_two_mode, two_mode_places
from r2p_analysis.plotting.timeline import marks_of, plot_timeline, timeline_rows

__all__ = [
    "co_membership",
    "largest_body",
    "marks_of",
    "plot_co_membership",
    "plot_counts",
    "plot_matrix",
    "plot_mentions",
    "plot_timeline",
    "plot_two_mode",
    "timeline_rows",
    "two_mode_places",
]
