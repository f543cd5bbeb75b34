"""Drawing: data in, Axes out."""

from r2p_analysis.plotting.backbone import plot_backbone
from r2p_analysis.plotting.bars import plot_counts, plot_mentions
from r2p_analysis.plotting.comembership import co_membership, largest_body, plot_co_membership
from r2p_analysis.plotting.conflicts import timeline_conflicts
from r2p_analysis.plotting.decomposition import ROW as KIND_ROW
from r2p_analysis.plotting.decomposition import decomposition_by_groups, plot_decomposition
from r2p_analysis.plotting.gaps import ROW as GAP_ROW
from r2p_analysis.plotting.gaps import plot_gap_bounds
from r2p_analysis.plotting.interactive import Interactive, interactive_timeline
from r2p_analysis.plotting.lanes import marks_of
from r2p_analysis.plotting.maps import plot_state_map, read_outlines, state_map_size
from r2p_analysis.plotting.matrix import plot_matrix
from r2p_analysis.plotting.network import plot_two_mode, two_mode_places
from r2p_analysis.plotting.pairs import ROW as PAIR_ROW
from r2p_analysis.plotting.pairs import pairs_to_draw, plot_pairs
from r2p_analysis.plotting.plans import COLUMN as PLAN_COLUMN
from r2p_analysis.plotting.plans import CURVE as PLAN_CURVE
from r2p_analysis.plotting.plans import ROW as PLAN_ROW
from r2p_analysis.plotting.plans import choices_in_order, plot_trade_off
from r2p_analysis.plotting.precedence import ROW as PRECEDENCE_ROW
from r2p_analysis.plotting.precedence import plot_precedence, precedence_choice, precedence_order
from r2p_analysis.plotting.rates import plot_rates
from r2p_analysis.plotting.robustness import ROW as RANK_ROW
from r2p_analysis.plotting.robustness import plot_rank_intervals
from r2p_analysis.plotting.sensitivity import COLUMN as SWITCH_COLUMN
from r2p_analysis.plotting.sensitivity import ROW as HEADLINE_ROW
from r2p_analysis.plotting.sensitivity import plot_sensitivity
from r2p_analysis.plotting.sensitivity import rows_of as rows_of_sensitivity
from r2p_analysis.plotting.series import plot_series
from r2p_analysis.plotting.sets import COLUMN as PILE_COLUMN
from r2p_analysis.plotting.sets import ROW as PILE_ROW
from r2p_analysis.plotting.sets import UNIT as PILE_UNIT
from r2p_analysis.plotting.sets import plot_intersections
from r2p_analysis.plotting.survival import numbers_at, plot_survival
from r2p_analysis.plotting.tiles import TILE, plot_tile_map, tile_places, tile_size
from r2p_analysis.plotting.timeline import plot_timeline, timeline_pages, timeline_rows
from r2p_analysis.plotting.told import actor_lanes, source_ends

__all__ = [
    "GAP_ROW",
    "HEADLINE_ROW",
    "KIND_ROW",
    "PAIR_ROW",
    "PILE_COLUMN",
    "PILE_ROW",
    "PILE_UNIT",
    "PLAN_COLUMN",
    "PLAN_CURVE",
    "PLAN_ROW",
    "PRECEDENCE_ROW",
    "RANK_ROW",
    "SWITCH_COLUMN",
    "TILE",
    "Interactive",
    "actor_lanes",
    "choices_in_order",
    "co_membership",
    "decomposition_by_groups",
    "interactive_timeline",
    "largest_body",
    "marks_of",
    "numbers_at",
    "pairs_to_draw",
    "plot_backbone",
    "plot_co_membership",
    "plot_counts",
    "plot_decomposition",
    "plot_gap_bounds",
    "plot_intersections",
    "plot_matrix",
    "plot_mentions",
    "plot_pairs",
    "plot_precedence",
    "plot_rank_intervals",
    "plot_rates",
    "plot_sensitivity",
    "plot_series",
    "plot_state_map",
    "plot_survival",
    "plot_tile_map",
    "plot_timeline",
    "plot_trade_off",
    "plot_two_mode",
    "precedence_choice",
    "precedence_order",
    "read_outlines",
    "rows_of_sensitivity",
    "source_ends",
    "state_map_size",
    "tile_places",
    "tile_size",
    "timeline_conflicts",
    "timeline_pages",
    "timeline_rows",
    "two_mode_places",
]
