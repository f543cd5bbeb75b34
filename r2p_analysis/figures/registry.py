"""What each figure is: the rows that it draws, how they are drawn, and what its card says.

The texts have names in braces, which `View.words` fills: what they say is true of the layers that are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import tau
from types import MappingProxyType

from r2p_analysis import plotting
from r2p_analysis.coverage import NOT_PROTECTION
from r2p_analysis.figures import content, of_coverage, of_events, switched, tested
from r2p_analysis.figures.figure import Figure, inches
from r2p_analysis.figures.view import View

_COLUMN, _WIDE_ROW = 15.0, 11.8  # points for a column, and for a row where there is room
_PAGE = 8.8  # inches of a page that a figure may fill


def _size_of_network(view: View) -> tuple[float, float]:
    heights = [y for _, y in plotting.two_mode_places(content.network(view)).values()] or [0]
    return 0.0, inches(max(heights) - min(heights) + 2.4)


def _size_of_ring(view: View) -> tuple[float, float]:
    """The circle has a radius of 1 in Axes 3.5 wide, and a free place and a heading before each sub-region."""
    n = len(view.study.regions) + 2 * view.study.regions["subregion"].nunique(dropna=False)
    side = inches(n / tau * 3.5)
    return side, side * 8.6 / 7.6


def _height_of_matrix(view: View) -> float:
    """Rows are wide apart where that fits on a page, and few of them are not spread over it."""
    rows = content.rows_of_states(view)
    return max(inches(rows), min(inches(rows, _WIDE_ROW), _PAGE))


def _size_of_functions(view: View) -> tuple[float, float]:
    return 0.0, _height_of_matrix(view)


def _size_of_bodies(view: View) -> tuple[float, float]:
    return inches(content.columns_of_bodies(view), _COLUMN), _height_of_matrix(view)


def _size_of_switches(view: View) -> tuple[float, float]:
    columns, rows = switched.size(view)
    return inches(columns, plotting.SWITCH_COLUMN), inches(rows, plotting.HEADLINE_ROW)


_ON_THE_DAY = "memberships {day}"
_REGISTRY = (
    Figure(
        name="two-mode-network",
        title="States and the bodies they belong to, {on}",
        draw=content.draw_network,
        data=content.ties,
        caption="Each operating membership of a state in a body, organs counted with the body that they are part of. "
        "Members that are no states are left out.",
        reading="Circles are states, squares are bodies, and ties take a colour from their body. {ties}"
        "Black circles bridge two bodies or more. States and bodies without a tie stand below.",
        limits="A tie is {tie}: no tie means that {untied}. Membership says nothing of "
        "activity, and nothing of protection.",
        when=_ON_THE_DAY,
        size=(8.4, 8.6),
        least=_size_of_network,
    ),
    Figure(
        name="co-membership",
        title="States that share a body, {on}",
        draw=content.draw_co_membership,
        data=lambda view: plotting.co_membership(content.network(view)),
        caption="The two-mode network projected onto its states: two are tied when they belong to one body at least "
        "in common.",
        reading="Faint ties are those that the largest body makes by itself; dark ones would stay without it, and are "
        "the wider the more bodies a pair shares. Hollow circles share no body with anybody.",
        limits="Contact, cooperation and influence are not shown: a tie is co-membership only. Density and clusters "
        "are made by the sizes of the bodies, so compare with a null model before reading anything into them.",
        when=_ON_THE_DAY,
        size=(7.6, 8.6),
        least=_size_of_ring,
    ),
    Figure(
        name="states-by-functions",
        title="Functions that reach the states, {on}",
        draw=content.draw_functions,
        data=content.functions,
        caption="For each state and each function of the axis the strongest claim: of a body that it belongs to, of a "
        "national body, or of the state itself.",
        reading="Operating, planned, potential and denied are {said}; a dot: {no_claim}. {firm}"
        "A claim through a body is as weak as the weaker of membership and function. In grey rows nothing operates.",
        limits="Coverage is not protection: it says that a mechanism is said to be there, not that it works. Silent "
        "is not no: only denied is evidence of absence. Functions off the axis are left out.",
        when="memberships and functions {day}",
        size=(5.7, 1.0),
        least=_size_of_functions,
        left_out=content.unreached,
    ),
    Figure(
        name="states-by-bodies",
        title="States by body, {on}",
        draw=content.draw_bodies,
        data=content.bodies,
        caption="For each state and each body the strongest claim on a membership; organs are counted with their body.",
        reading="Tiles are {said}; a dot is {dot}. "
        "{firm}Grey rows are states without an operating membership in a body of the figure.",
        limits="Coverage is not protection. Silent is not no: that a state belongs to a body which {not_listed} "
        "is not shown, and only denied is evidence of absence. Associates, observers and participants are no members.",
        when=_ON_THE_DAY,
        size=(5.3, 1.0),
        least=_size_of_bodies,
        left_out=content.bodies_left_out,
    ),
    Figure(
        name="mentions-by-state",
        title="Passages that name each state",
        draw=content.draw_mentions,
        data=content.mentions,
        caption="How many passages of the documents stand behind explicit rows on a state, and, in the outline, on "
        "the state or one of its actors: an office, a person, an organisation.",
        reading="The number is for the state itself, in brackets with its actors.{zero}",
        limits="Attention, not importance: any ranking of states that is drawn from {ranked} inherits it. {uncounted}",
        when="{passages}",
        size=(7.0, 8.0),
        least=lambda view: (0.0, inches(content.rows_of_states(view))),
    ),
    Figure(
        name="body-overlap",
        title="Bodies that share more or fewer states than their sizes give, {on}",
        draw=tested.draw_overlap,
        data=tested.overlap,
        caption="For each pair of bodies with members: how many states belong to both, beside what the sizes of bodies "
        "and states alone give (stochastic degree sequence model, two-sided, corrected after Benjamini and "
        "Hochberg). The model keeps sizes on average and is exact; with sizes held in every draw expectations "
        "differ, see `body_overlap`.",
        reading="The upright line is what is expected and the bar two standard deviations around it; the point is what "
        "is there. Black points differ significantly after correction, grey ones could have before it, hollow ones "
        "on hatched bars could not whatever they shared. A square is a pair whose scopes both shut out some state: "
        "part of its result is written in the names. The cross, and the last column, are what is left once scopes "
        "are given.",
        limits="A pair that cannot reach the level says nothing by not reaching it, and a square that does may say "
        "what its charters say. Sharing members is not working together. Pairs are not independent of each other.",
        when=_ON_THE_DAY,
        size=(6.4, 1.8),
        least=lambda view: (0.0, inches(tested.rows_of_overlap(view), plotting.PAIR_ROW)),
    ),
    Figure(
        name="body-backbone",
        title="Signed backbone of the bodies, {on}",
        draw=lambda view, ax: tested.draw_backbone(view, ax, "body"),
        data=lambda view: tested.backbone_ties(view, "body"),
        caption="Bodies, by declared scope, tied where the number of states that they share differs from what sizes "
        "alone give, at 0.05 after correction.",
        reading="Solid ties share more, broken ones fewer states than expected. A small square on a tie: both scopes "
        "shut out some state, so that names fix part of it. Hollow bodies have no such tie, or no members.",
        limits="No tie is no finding where no test could have given one, as the line above says. A tie is shared "
        "membership, not contact or agreement.",
        when=_ON_THE_DAY,
        size=(7.0, 7.0),
        least=lambda view: (inches(tested.size_of_backbone(view, "body")),) * 2,
    ),
    Figure(
        name="state-backbone",
        title="Signed backbone of the states, {on}",
        draw=lambda view, ax: tested.draw_backbone(view, ax, "actor"),
        data=lambda view: tested.backbone_ties(view, "actor"),
        caption="States, by sub-region, tied where the number of bodies that they share differs from what sizes alone "
        "give, at 0.05 after correction.",
        reading="Solid ties share more, broken ones fewer bodies than expected. Hollow states have no such tie.",
        limits="With few bodies hardly any pair of states can be told from chance: read the line above before the "
        "gaps. A tie is shared membership, not alliance.",
        when=_ON_THE_DAY,
        size=(7.0, 7.0),
        least=lambda view: (inches(tested.size_of_backbone(view, "actor")),) * 2,
    ),
    Figure(
        name="co-membership-by-kind",
        title="What pairs of states share, by kind of body, {on}",
        draw=tested.draw_kinds,
        data=tested.kinds,
        caption="Mean number of bodies that a pair of states shares, by declared scope of the bodies, over all pairs "
        "and by the sub-regions of the two.",
        reading="A bar is a mean over pairs; percentages are shares of it. The upright line is the total that the "
        "sizes of states and bodies alone give. To the right the grey bar is the total less that, and the points are "
        "its parts by kind: a body to which all belong has none, whatever it adds to the total.",
        limits="Means say nothing of single pairs, and nothing here is tested. Scopes are declared by the study, with "
        "its evidence. A pair shares a body when both belong to it, whatever it does.",
        when=_ON_THE_DAY,
        size=(5.6, 2.4),
        least=lambda view: (0.0, inches(tested.rows_of_kinds(view), plotting.KIND_ROW)),
    ),
    Figure(
        name="memberships-through-time",
        title="Memberships of states through time",
        draw=tested.draw_memberships,
        data=tested.memberships,
        caption="How many operating memberships the states have in the bodies of the study, by half-year, with what "
        "uncertain dates make of it.",
        reading="The solid band is an interval over days that are not known exactly, all days equally likely, and the "
        "line its mean. The hatched band lies between what is certain and what is possible as stated, and has no "
        "probability. Each point stands for the time until half way to the next.",
        limits="It counts what {tellers} tell, not what there was: a membership of which nobody says when it began is "
        "possible from the first day on. A rise may be one of evidence. What happens within half a year is not seen.",
        when="{dates}",
        size=(7.6, 3.8),
    ),
    Figure(
        name="rank-robustness",
        title="Rank of the states by number of bodies, when ties are left out, {on}",
        draw=tested.draw_ranks,
        data=tested.ranks,
        caption="Ranks that each state takes by its number of bodies when a tenth of the ties is dropped at random, "
        "when inferred ties are left out, and when each body is left out in turn.",
        reading="The grey tick is the rank in the whole network; lines run from the best to the worst rank, without a "
        "fortieth of the runs at either end. The columns are shares of runs in which the state is on top, alone "
        "or with others; empty means never.",
        limits="An interval is of runs and no confidence interval: it says how far a rank hangs on the ties, not how "
        "sure it is. Ties are not missing by chance. Equal states share the best of their places, so that one tie can "
        "move many. Belonging to many bodies is not influence.",
        when=_ON_THE_DAY,
        size=(5.6, 3.0),
        least=lambda view: (0.0, inches(tested.rows_of_ranks(view), plotting.RANK_ROW)),
    ),
    Figure(
        name="sensitivity",
        title="Which headlines hang on a decision, {on}",
        draw=switched.draw,
        data=switched.table,
        caption="Every headline of the notebooks on networks, chronology and coverage, computed again with one "
        "decision turned at a time: a way of coding, a rule, a layer, a reading, a day.",
        reading="A cross: the claim does not hold any more. A triangle: it holds with less than nine tenths of its "
        "strength, which is the distance from where it would turn, or no longer passes its test. A dot: it holds as it "
        "did, or more firmly. A bar: what it is about is gone, or the switch cannot be turned. A faint point: there "
        "was nothing to turn.",
        limits=f"{NOT_PROTECTION} One decision at a time: what two do together is not here. No label says which way is "
        "right, and a claim that no switch turns may still be wrong. Numbers below and beside count cells, not "
        "importance.",
        when="memberships and functions {day}, the headlines of the layers named above",
        size=(2.0, 1.0),
        least=_size_of_switches,
        left_out=switched.left_out,
    ),
)
FIGURES: Mapping[str, Figure] = MappingProxyType(
    {figure.name: figure for figure in (*_REGISTRY, *of_events.ENTRIES, *of_coverage.ENTRIES)}
)
"""Figures by name, in the order in which they are built."""
