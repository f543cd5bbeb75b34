"""Events in time: their order, the precision of their dates, and counts by period.

The modelling choice: an event counts where it **begins**, once, however long it lasted, and the days of its date
are equally likely. Orders are probabilities of first days, with the days of two events independent.
"""

from r2p_analysis.chronology.counts import counts_by_period
from r2p_analysis.chronology.order import event_order
from r2p_analysis.chronology.probability import order_probabilities

__all__ = ["counts_by_period", "event_order", "order_probabilities"]
