"""Null models of 0/1 matrices: what rows would share by the margins alone. Numbers in, numbers out.

Pairs are pairs of rows; for the columns' give the transposed matrix. Start with `attainable`, which says what a
test could find at all, then `pairs`.
"""

from r2p_analysis.nulls.bicm import NotConverged, bicm
from r2p_analysis.nulls.corrections import adjust
from r2p_analysis.nulls.fdsm import fdsm
from r2p_analysis.nulls.models import attainable, fixed_rows, hypergeometric, moments, sdsm
from r2p_analysis.nulls.overlaps import blocks, significant_pairs
from r2p_analysis.nulls.pairs import PairTest, pairs
from r2p_analysis.nulls.sampler import samples
from r2p_analysis.nulls.tails import shared_counts

__all__ = [
    "NotConverged",
    "PairTest",
    "adjust",
    "attainable",
    "bicm",
    "blocks",
    "fdsm",
    "fixed_rows",
    "hypergeometric",
    "moments",
    "pairs",
    "samples",
    "sdsm",
    "shared_counts",
    "significant_pairs",
]
