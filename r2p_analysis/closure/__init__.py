"""Closure plans: the fewest or cheapest commitments that close the gaps, all of them, exactly.

What is to be covered are rows, what may be chosen are columns, and a plan is a set of choices with the lowest total
price that covers every row k times. Two plans of one price are equally good: which of them is feasible
is a matter of politics, which enters by prices and exclusions that the user states. By default every choice costs 1.
A plan says what commitments would be enough on paper. Coverage is not protection.
"""

from r2p_analysis.closure.budget import Point, trade_off, with_budget
from r2p_analysis.closure.choices import choices_to_close
from r2p_analysis.closure.covering import Optimum, TooManyPlans, optimum, plans
from r2p_analysis.closure.problem import Infeasible, Unproved

__all__ = [
    "Infeasible",
    "Optimum",
    "Point",
    "TooManyPlans",
    "Unproved",
    "choices_to_close",
    "optimum",
    "plans",
    "trade_off",
    "with_budget",
]
