"""Headlines on chronology: how exactly events are dated, what came first, and whether their rate changed."""

from __future__ import annotations

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology import event_order, order_probabilities
from r2p_analysis.findings import LAUNCH
from r2p_analysis.findings.chronology import (
    BOARD,
    MECHANISM,
    changes_and_bursts,
    heaviest,
    of_dates,
    of_orders,
    recent_of,
    reports_of,
    waiting_times,
)
from r2p_analysis.findings.words import LEVEL
from r2p_analysis.sensitivity.cases import CODED, Case, once
from r2p_analysis.sensitivity.measured import Headline, Measured, Outcome, few, most, none, these

_CHANGED, _DENSEST = "2008", range(2011, 2014)  # what the claims name
_DATES = ("events", "event_dates")
_ORDERS = ("events", "event_dates", "event_links")
_RATES = ("events", "event_dates", "sources")
_WAITING = ("events", "event_dates", "ties", "memberships", "actors", "regions")


@once
def _events(case: Case) -> pd.DataFrame:
    return event_order(case.study)


@once
def _dated(case: Case) -> dict[str, object]:
    return of_dates(case.study)


@once
def _orders(case: Case) -> dict[str, object]:
    return of_orders(case.study, _events(case))


@once
def _rates(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    return changes_and_bursts(case.study, recent_of(case.study, _events(case)))


def few_exact(case: Case, _: Case) -> Outcome:
    """Measure the share of events that are dated to the day."""
    return few(_dated(case)["n_exact"], _dated(case)["n_events"], "events")


def few_undated(case: Case, _: Case) -> Outcome:
    """Measure the share of events without a date."""
    return few(_dated(case)["n_undated"], _dated(case)["n_events"], "events")


def reports_refine(case: Case, _: Case) -> Outcome:
    """Measure the share of events with nested reports among those with different ones."""
    n = _dated(case)
    return most(n["n_refined"], n["n_several"], "events with different reports of their date")


def launch_refined(case: Case, _: Case) -> Outcome:
    """Measure the share of the vaguest report's days that others rule out; 0 if reports exclude each other."""
    texts = reports_of(case.study, LAUNCH)
    if len(texts) < 2:
        return f"fewer than two different reports of the date of {LAUNCH}"
    days = [_n_days(text) for text in texts]
    if None in days:
        return f"a report of the date of {LAUNCH} has no bounds"
    refined = dates.refine(texts)
    ruled_out = 1 - _n_days(refined) / max(days) if refined else 0.0
    return Measured(ruled_out, ruled_out)


def _n_days(text: str) -> int | None:
    first, last = dates.bounds(text)
    return (last - first).days + 1 if first and last else None


def most_orders_certain(case: Case, _: Case) -> Outcome:
    """Measure the share of pairs of dated events whose order is certain by dates alone."""
    return most(_orders(case)["n_certain_by_dates"], _orders(case)["n_pairs"], "pairs of dated events")


def words_add_orders(case: Case, _: Case) -> Outcome:
    """Count the pairs whose order is certain by what is said of it, and not by dates alone."""
    n = _orders(case)
    if n["n_contradictions"]:
        return "what is said contradicts itself, and puts nothing in an order"
    return Measured(more := float(n["n_certain"] - n["n_certain_by_dates"]), more)


def no_contradiction(case: Case, _: Case) -> Outcome:
    """Count the places where what is said of order contradicts dates, or itself."""
    said = len(case.study.event_links) + ("part_of" in case.study.events and case.study.events["part_of"].notna().sum())
    return none(_orders(case)["n_contradictions"]) if said else "nothing is said of order"


def launch_before_mechanism(case: Case, _: Case) -> Outcome:
    """Measure how much likelier it is that the launch came before the mechanism than after it."""
    pair = _events(case).set_index("event_id").reindex([LAUNCH, MECHANISM])
    if pair["n_days"].isna().any():
        missing = ", ".join(event for event in pair.index if pd.isna(pair.loc[event, "n_days"]))
        return f"not there, or without a bounded date: {missing}"
    p = order_probabilities(pair.reset_index())
    return Measured(more := float(p[0, 1] - p[1, 0]), more)


def board_open(case: Case, _: Case) -> Outcome:
    """Measure how far the reports of the board's date part the probabilities that the launch came before it."""
    launch = _events(case).set_index("event_id").reindex([LAUNCH])["n_days"].isna()
    reports = reports_of(case.study, BOARD)
    if launch.any() or not reports:
        return f"no bounded date of {LAUNCH}, or no report of the date of {BOARD}"
    coded = case.study.events.set_index("event_id").loc[LAUNCH, "date_edtf"]
    if any(None in dates.bounds(text) for text in reports):
        return f"a report of the date of {BOARD} has no bounds"
    p = [float(dates.p_before(coded, text)) for text in reports]
    return Measured(max(p) - min(p), max(p) - min(p))


def rate_changed(case: Case, _: Case) -> Outcome:
    """Measure the share of draws in which the rate changes with the year that is named; firm if the test says so."""
    changes = _rates(case)[0]
    share = float(changes["share_draws"].get(_CHANGED, 0.0))
    return Measured(share, share, share > 0 and bool(changes.loc[_CHANGED, "p"] <= LEVEL))


def densest(case: Case, _: Case) -> Outcome:
    """Measure which years the heaviest burst has, against those that are named."""
    found = _years(heaviest(_rates(case)[1]))
    return these(found, _DENSEST, len(found & set(_DENSEST)) / len(found | set(_DENSEST)))


def _years(burst: pd.DataFrame) -> set[int]:
    return {y for _, row in burst.iterrows() for y in range(row["core_first"].year, row["core_last"].year + 1)}


def few_members_arrived(case: Case, _: Case) -> Outcome:
    """Measure the share of members of the network that are said to have a mechanism."""
    times = waiting_times(case.study)
    if times is None:
        return "no launch, no network, or no dated evidence of ties"
    return few(int((times["says"] == "operating").sum()), len(times), "members of the network")


HEADLINES: tuple[Headline, ...] = (
    Headline(
        "few-exact",
        "chronology",
        "Fewer than half of the events are dated to the day.",
        "share of events",
        few_exact,
        CODED,
        _DATES,
    ),
    Headline(
        "few-undated",
        "chronology",
        "Fewer than half of the events have no date at all.",
        "share of events",
        few_undated,
        CODED,
        _DATES,
    ),
    Headline(
        "most-orders-certain",
        "chronology",
        "Dates alone put most pairs of dated events in a certain order.",
        "share of pairs",
        most_orders_certain,
        CODED,
        _ORDERS,
    ),
    Headline(
        "words-add-orders",
        "chronology",
        "What is said of order makes more of them certain.",
        "pairs that it adds",
        words_add_orders,
        CODED,
        _ORDERS,
    ),
    Headline(
        "no-contradiction",
        "chronology",
        "Nothing that is said of order contradicts the dates.",
        "contradictions",
        no_contradiction,
        CODED,
        _ORDERS,
    ),
    Headline(
        "reports-refine",
        "chronology",
        "Where reports of a date differ, most of them refine each other.",
        "share of events with different reports",
        reports_refine,
        CODED,
        _DATES,
    ),
    Headline(
        "launch-refined",
        "chronology",
        "Reports of the launch of the Latin American Network refine each other.",
        "share of days ruled out",
        launch_refined,
        CODED,
        _DATES,
    ),
    Headline(
        "launch-before-mechanism",
        "chronology",
        "The Latin American Network was launched before the mechanism of Argentina.",
        "p before less p after",
        launch_before_mechanism,
        CODED,
        _DATES,
    ),
    Headline(
        "board-open",
        "chronology",
        "Whether the launch came before the Atrocities Prevention Board hangs on the report that is believed.",
        "largest less smallest p before",
        board_open,
        CODED,
        _DATES,
    ),
    Headline(
        "rate-changed",
        "chronology",
        "In every draw of uncertain days the yearly number of events changes with 2008.",
        "share of draws",
        rate_changed,
        CODED,
        _RATES,
    ),
    Headline(
        "densest",
        "chronology",
        "Events are densest from 2011 to 2013.",
        "share of these and the densest years that are both",
        densest,
        CODED,
        _RATES,
    ),
    Headline(
        "few-members-arrived",
        "chronology",
        "Fewer than half of the members of the Network are said to have a mechanism.",
        "share of members",
        few_members_arrived,
        CODED,
        _WAITING,
    ),
)
"""Headlines of the chapter, in the order of tables and figures."""
