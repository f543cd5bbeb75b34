"""Figures of events in time. See `registry` for the texts' braces."""

from __future__ import annotations

from r2p_analysis import plotting
from r2p_analysis.figures import chronicle
from r2p_analysis.figures.figure import Figure, inches
from r2p_analysis.figures.view import View

_TITLE = 7.1  # points for a row of the timeline


def _size_of_timeline(view: View) -> tuple[float, float]:
    return 0.0, inches(chronicle.rows_of_timeline(view), _TITLE)


def _size_of_order(view: View) -> tuple[float, float]:
    side = inches(chronicle.size_of_order(view), plotting.PRECEDENCE_ROW)
    return side, side


_OF_TIMELINE = (
    "A point is a day. A low pale bar between two stops is one day that is not known, all days between them alike; a "
    "high solid bar lasted, and is solid over the days on which it was surely under way. Arrows, whose length means "
    "nothing, are on or before a day, or on or after it. What is white inside is announced and not reported. Bars too"
    " short to be seen are drawn wider. Red frames, linked by a line, are two events that a conflict of the sources "
    "is about; a red crossed bar is another day that is reported of the same event. Where the ground is darker, "
    "{tellers} tell of nothing more. Rows within a lane only keep titles apart. "
)

ENTRIES = (
    Figure(
        name="timeline",
        title="Dated events by kind",
        draw=chronicle.draw_timeline,
        data=chronicle.timeline,
        caption="Every event with a date, in a lane for its kind. Lanes are those of the codebook, with or without an "
        "event. Events without a date are listed below.",
        reading=_OF_TIMELINE + "A letter in brackets is the same for two events in different lanes.",
        limits="What {tellers} do not tell is not here: an empty year says more about them than about the region. "
        "An early place in a lane is no claim that one event came before another.",
        when="{dates}",
        size=(chronicle.WIDTH, 1.0),
        least=_size_of_timeline,
    ),
    Figure(
        name="timeline-by-actor",
        title="Dated events of the actors with most of them",
        draw=chronicle.draw_actors,
        data=chronicle.actors,
        caption="Events with a date in which an actor had a part, whatever part that was, in a lane for the actor. An "
        "event in which several had one stands in the lane of each.",
        reading=_OF_TIMELINE + "Colours are those of the kinds of event.",
        limits="A part is what {tellers} tell: who is not named may have been there. Lanes must not be added up, "
        "since an event may be in several, and many events mean much is told, not that much was done.",
        when="{dates}",
        size=(chronicle.WIDTH, 1.0),
        least=lambda view: (0.0, inches(chronicle.rows_of_actors(view), _TITLE)),
        left_out=chronicle.not_of_actors,
    ),
    Figure(
        name="precedence",
        title="Which event came first, and how sure that is",
        draw=chronicle.draw_order,
        data=chronicle.pairs,
        caption="For every pair of events the probability that the one of the row began on an earlier day than the one "
        "of the column; numbers of columns are those of rows, dates are as stated.",
        reading="A black tile is certain, an empty cell is excluded, the area of a disc is a probability, and what is "
        "missing from 1 in the two cells of a pair is a common day. Rows stand in the order of the places that are "
        "expected.",
        limits="Every day that a date allows is taken as equally likely, and dates as independent of each other: two "
        "accounts of one event are neither. What {tellers} say of order beside dates is not used. To come first is not "
        "to be the cause.",
        when="{dates}",
        size=(1.6, 1.6),
        least=_size_of_order,
        left_out=chronicle.not_in_order,
    ),
    Figure(
        name="events-by-year",
        title="Expected number of events by year",
        draw=chronicle.draw_counts,
        data=chronicle.years,
        caption="How many events of each group of kinds begin in a year. An event whose first day is not known "
        "exactly is split over its possible days, so that numbers need not be whole.",
        reading="Below the black line stand the events whose year is certain, above it what the others add on "
        "average. Announced events and events told as background are counted as well.",
        limits="Counts are of what {tellers} tell, not of what happened: they look at some years more closely than "
        "at others, and the last years are cut off where they end. Splitting takes all days as equally likely.",
        when="{dates}",
        size=(8.6, 5.2),
    ),
    Figure(
        name="rates-by-year",
        title="Events by year, and what their dates leave open",
        draw=chronicle.draw_rates,
        data=chronicle.rates_by_year,
        caption="How many events begin in a year. The band holds the number in 95 % of the ways in which the days of "
        "uncertain dates can fall, all of them alike; hatched is what is possible at all.",
        reading="A line is the expected number. Crossed ground is after the last day that the evidence tells of: "
        "there is nothing to count there, not even none. A hollow point stands where a part of a year is observed. "
        "Upright lines are changes of the rate, bars above are bursts, if any pass their test.",
        limits="The band is about dates only: another account, or another year like it, would differ by more. Counts "
        "are of what {tellers} tell, and they look at some years more closely than at others.",
        when="{dates}",
        size=(7.6, 4.6),
        left_out=chronicle.not_in_rates,
    ),
    Figure(
        name="network-to-mechanism",
        title="From the launch of the network to a national mechanism",
        draw=chronicle.draw_waiting,
        data=chronicle.waiting,
        caption="Share of the members of the Latin American Network that have no operating national mechanism, by time "
        "since its launch (Turnbull's estimate for interval-censored times).",
        reading="Where the share is determined there is a line; in a hatched box it is somewhere between the bounds. "
        "Crossed ground is after the last day that the evidence tells of.",
        limits="A state of which nothing is recorded counts as not yet there: an assumption on {tellers} and no "
        "finding. Planned mechanisms are not there. A mechanism on paper protects nobody by itself.",
        when="{dates}",
        size=(7.2, 4.6),
        left_out=chronicle.not_in_waiting,
    ),
)
