"""What states are covered by, in five statuses: operating, planned, potential, denied and silent.

A function reaches a state in three ways: a body performs it and the state belongs to that body; a national
body performs it, that is an actor whose root parent is the state; or the state itself does. A claim through
a body is as weak as the weaker of its two links. An organ's functions reach the organ's own members where the
study names any, else those of the body that it is a part of; either way the body is what covers, once. So to
merge an organ without a list of its own into its body, or to split one off, changes no count.

``silent`` means that no row reaches this state. The documents may still speak: a claim on a body whose
members they do not list, or have all left, reaches nobody, and is in no matrix; `unreached_claims` counts these.
Only ``denied`` is evidence of absence, and it is a denial for what the row is about, not for every other body. A
denial is a gap, and covers at no strength. Coverage is not protection.
"""

from r2p_analysis.coverage.absences import surprising_absences
from r2p_analysis.coverage.belonging import membership_table, performers, shut_out
from r2p_analysis.coverage.bounds import gap_bounds
from r2p_analysis.coverage.cube import NATIONAL, coverage_cube, coverage_of, cube_bodies
from r2p_analysis.coverage.matrices import (
    coverage_cells,
    coverage_table,
    states_by_bodies,
    states_by_functions,
    unreached_claims,
)
from r2p_analysis.coverage.reach import NOT_PROTECTION
from r2p_analysis.coverage.score import with_score
from r2p_analysis.coverage.significance import gap_tests
from r2p_analysis.coverage.strengths import STRENGTHS, coverage_by_subregion, coverage_strengths, gaps, subregion_of

__all__ = [
    "NATIONAL",
    "NOT_PROTECTION",
    "STRENGTHS",
    "coverage_by_subregion",
    "coverage_cells",
    "coverage_cube",
    "coverage_of",
    "coverage_strengths",
    "coverage_table",
    "cube_bodies",
    "gap_bounds",
    "gap_tests",
    "gaps",
    "membership_table",
    "performers",
    "shut_out",
    "states_by_bodies",
    "states_by_functions",
    "subregion_of",
    "surprising_absences",
    "unreached_claims",
    "with_score",
]
