"""Figures of coverage: maps, intersections of bodies, bounds on gaps, plans. See `registry` for the texts' braces."""

from __future__ import annotations

from r2p_analysis import plotting
from r2p_analysis.figures import content, covered
from r2p_analysis.figures.figure import ROOM, Figure, inches
from r2p_analysis.figures.view import View

_NO_PROTECTION = "Coverage is not protection: it says that a mechanism is said to be there, not that it works. "
_NO_NO = "Silent is not no: only denied is evidence of absence. "
_BOTH_DAYS = "memberships and functions {day}"


def _in_inches(size: tuple[float, float]) -> tuple[float, float]:
    """Size of a figure whose Axes have a size in points."""
    width, height = (points / 72 / part for points, part in zip(size, ROOM[2:], strict=True))
    return width, height


def _size_of_tiles(view: View) -> tuple[float, float]:
    width, height = covered.size_of_tiles(view)
    return _in_inches((width * plotting.TILE, height * plotting.TILE))


ENTRIES = (
    Figure(
        name="tile-map",
        title="Functions that reach the states, each state a tile, {on}",
        draw=covered.draw_tiles,
        data=covered.tiles,
        caption="A small map for each function of the axis, in which every state has a tile of one size, placed "
        "roughly as the states lie: the strongest claim of a body that it belongs to, of a national body, or of the "
        "state itself.",
        reading="Operating, planned, potential and denied are {said}; a dot: {no_claim}. The mark says the same as the "
        "colour. Codes are ISO 3166-1; the table of the figure has the names. How firmly a claim stands is in the "
        "figure states-by-functions.",
        limits=_NO_PROTECTION + _NO_NO + "Tiles are neither to scale nor in their exact places.",
        when=_BOTH_DAYS,
        size=(6.0, 4.0),
        least=_size_of_tiles,
        left_out=content.unreached,
    ),
    Figure(
        name="state-map",
        title="States that any function reaches, {on}",
        draw=covered.draw_states,
        data=covered.mapped_states,
        caption="For each state the strongest claim over all functions of the axis. Areas are true to each other "
        "(Lambert's azimuthal equal-area projection, outlines from Natural Earth 1:50m); small states are shown "
        "larger in the inset.",
        reading="Mark and colour of a state say the same: operating, planned, potential and denied are {said}; a dot: "
        "{no_claim}. In brackets stands how many functions operate. Denied is shown only where nothing else is "
        "claimed. Grey land is of no state of the study.",
        limits=_NO_PROTECTION + _NO_NO + "One function is enough for a state to be marked, and the coloured "
        "area says how large states are, not how many. Borders are those of the source, as held and not as claimed; "
        "islands far off may lie outside of the frame.",
        when=_BOTH_DAYS,
        size=(2.0, 1.0),
        least=lambda view: _in_inches(covered.size_of_states(view)),
        left_out=content.unreached,
    ),
    Figure(
        name="intersections",
        title="States that are in exactly the same bodies, {on}",
        draw=covered.draw_intersections,
        data=covered.listed_intersections,
        caption="Each state stands in one column: that of the bodies it belongs to, and of no others. Those in none of "
        "the bodies are the first column. Beside it stands how many there would be if each state had as many bodies "
        "and each body as many states as here, and all else were chance (1,000 random networks).",
        reading="Filled circles are the bodies of a column, numbers in brackets their states. The line beside a pile "
        "spans 95 % of the random networks, and the tick is their mean; a diamond is a number that was the same in "
        "all of them, so that it is no finding. Columns of nobody are drawn where one state or more is expected.",
        limits="Coverage is not protection: who is in a body is not thereby protected. Belonging to none of these "
        "bodies means that {untied}. The columns are many and none is tested: an odd one out is a "
        "question, not an answer.",
        when="memberships {day}",
        size=(5.0, 3.0),
        least=lambda view: _in_inches(covered.size_of_intersections(view)),
        left_out=covered.sets_left_out,
    ),
    Figure(
        name="gap-bounds",
        title="Gaps in coverage, at least and at most, {on}",
        draw=covered.draw_bounds,
        data=covered.bounds,
        caption="For each function, over all states, and for each sub-region, over all its states and functions: how "
        "many cells have no operating function, as far as is said.",
        reading="A cell is one state and one function. What is denied, planned or potential does not operate: a gap. "
        "Of silent cells nobody knows: the black line runs from the number of gaps if all of them were covered to "
        "that if none were.",
        limits=_NO_PROTECTION + "Bounds are wide where {tellers} say little; their middle is no estimate.",
        when=_BOTH_DAYS,
        size=(5.6, 2.6),
        least=lambda view: (0.0, inches(covered.rows_of_bounds(view), plotting.GAP_ROW)),
        left_out=content.unreached,
    ),
    Figure(
        name="plan-trade-off",
        title="Gaps that bodies could close by adding functions, {on}",
        draw=covered.draw_plans,
        data=covered.plans,
        caption="The most gaps (a state that a function does not reach) that can be closed for a price, where a body "
        "may add a function for all its states, at a price of 1 each, and no state joins a body. Found exactly, by "
        "integer programming.",
        reading="Under each point stands one plan of that price. The last column says in how many of the cheapest "
        "plans that close all that can be closed a commitment stands. States in no body of the figure stay without.",
        limits="Coverage is not protection: a plan is what would be enough on paper. Equal prices are a stated "
        "convention, not a judgement: what is feasible is for the user's prices to say. A gap is what no operating "
        "claim closes, silence included.",
        when=_BOTH_DAYS,
        size=(4.6, 4.0),
        least=lambda view: _in_inches(covered.size_of_plans(view)),
        left_out=covered.plans_left_out,
    ),
)
"""Entries of the registry."""
