"""Intergovernmental organizations in 2014, from the publisher's file where it is."""

import os
from pathlib import Path

import pytest

from r2p_analysis.external import cow, study_of
from r2p_analysis.networks.build import two_mode_network
from r2p_analysis.study import load_study

LOAD = {"igo_year": cow.load_igo_year, "state_year": cow.load_state_year}


def tables(form):
    """Tables of one form of the file, or skip."""
    named = os.environ.get("R2P_EXTERNAL")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "external"
    path = folder / f"cow_igo_v3_{form}.csv.gz"
    if not path.is_file():
        pytest.skip(f"no {path.name} in {folder} (R2P_EXTERNAL names another folder)")
    return LOAD[form](path, 2014)


def americas(given):
    """Full members among the 35 states; bodies without one are removed."""
    B = two_mode_network(study_of(given, regions=load_study().regions), "2014", roles=("member",))
    B.remove_nodes_from([body for body, side in B.nodes(data="bipartite") if side == 1 and not B.degree[body]])
    return B


def world(given):
    """Full members among all states."""
    return two_mode_network(study_of(given), "2014", roles=("member",), actors="all")
