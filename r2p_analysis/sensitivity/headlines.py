"""The headlines: what the notebooks claim, chapter by chapter.

Each is told of the layers of which its notebook tells it: networks, gaps and plans of both, since the documents print
no list of the members of most bodies; chronology, and what the documents leave open, of the coded one.
"""

from __future__ import annotations

from r2p_analysis.sensitivity import chronology, coverage, gaps, networks
from r2p_analysis.sensitivity.measured import Headline

HEADLINES: tuple[Headline, ...] = (
    *networks.HEADLINES,
    *chronology.HEADLINES,
    *coverage.HEADLINES,
    *gaps.HEADLINES,
)
"""All headlines, in the order of tables and figures."""
