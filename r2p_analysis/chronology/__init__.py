"""Events in time: order, rates and their changes, times from one event to another, and who took part with whom.

The modelling choice: an event counts where it **begins**, once, however long it lasted, and the days of its date
are equally likely. Orders are probabilities of first days, with the days of two events independent. What lies
after the vintages of all evidence is unknown, and never absent.
"""

from r2p_analysis.chronology.bounds import add_bounds, precision_shares
from r2p_analysis.chronology.bursts import bursts
from r2p_analysis.chronology.changes import change_points
from r2p_analysis.chronology.constraints import contradictions, tighten
from r2p_analysis.chronology.counts import counts_by_period
from r2p_analysis.chronology.diffusion import time_to
from r2p_analysis.chronology.draws import draw_days
from r2p_analysis.chronology.merging import merged
from r2p_analysis.chronology.order import event_order
from r2p_analysis.chronology.partial import certain_orders, linear_extensions, n_linear_extensions
from r2p_analysis.chronology.probability import order_probabilities
from r2p_analysis.chronology.projected import co_participation, co_participation_series
from r2p_analysis.chronology.proposals import merge_proposals
from r2p_analysis.chronology.ranks import conditional_order_probabilities, ranks
from r2p_analysis.chronology.rates import rates
from r2p_analysis.chronology.reconcile import ordinal_conflicts, reconcile
from r2p_analysis.chronology.survival import survival, survival_interval, turnbull
from r2p_analysis.chronology.together import participation_network
from r2p_analysis.chronology.under_way import under_way
from r2p_analysis.chronology.vintages import vintages

__all__ = [
    "add_bounds",
    "bursts",
    "certain_orders",
    "change_points",
    "co_participation",
    "co_participation_series",
    "conditional_order_probabilities",
    "contradictions",
    "counts_by_period",
    "draw_days",
    "event_order",
    "linear_extensions",
    "merge_proposals",
    "merged",
    "n_linear_extensions",
    "order_probabilities",
    "ordinal_conflicts",
    "participation_network",
    "precision_shares",
    "ranks",
    "rates",
    "reconcile",
    "survival",
    "survival_interval",
    "tighten",
    "time_to",
    "turnbull",
    "under_way",
    "vintages",
]
