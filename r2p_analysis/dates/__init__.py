"""Dates as sources state them: EDTF values, what order they allow, how probable it is, and how prose says them.

`value` reads an EDTF value into bounds, `relations` says what is possible and what is certain, `probability`
how likely an order is, and `prose` turns the wording of a document into EDTF. Their docstrings state what
each of them takes a date to mean.
"""

from r2p_analysis.dates.probability import messydates_share, p_after, p_before, p_same
from r2p_analysis.dates.prose import parse_prose
from r2p_analysis.dates.relations import before, duration, gap, refine, relations
from r2p_analysis.dates.value import Bounds, Edtf, bounds, parse

__all__ = [
    "Bounds",
    "Edtf",
    "before",
    "bounds",
    "duration",
    "gap",
    "messydates_share",
    "p_after",
    "p_before",
    "p_same",
    "parse",
    "parse_prose",
    "refine",
    "relations",
]
