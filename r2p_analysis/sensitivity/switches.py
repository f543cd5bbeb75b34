"""The switches: each turns one decision of the coding, or of the question, and nothing else.

A switch is a function from a case to another. It does not say which way is right. Where the rows that it turns are
not in the study it gives the case as it is; where it cannot be turned at all (certain, without a day) it gives None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from r2p_analysis import dates
from r2p_analysis.sensitivity import members, sources
from r2p_analysis.sensitivity.cases import BOTH, Case, coded_of
from r2p_analysis.sensitivity.turning import recode, without_events
from r2p_analysis.study import Study, a_study

_CLAIMS = ("memberships", "functions", "ties")


@dataclass(frozen=True)
class Switch:
    """A decision that can be turned.

    Attributes
    ----------
    name : str
        Its name in tables and figures.
    says : str
        What it changes, in a sentence.
    turn : callable
        Gives the turned case, or None where it cannot be turned.
    """

    name: str
    says: str
    turn: Callable[[Case], Case | None]


def switches(study: Study | None = None) -> dict[str, Switch]:
    """All switches by name, in the order of tables and figures.

    Parameters
    ----------
    study : Study, optional
        A study, for a switch of each list of the Network's members (table ``rosters``) and each document (table
        ``sources``). None gives the others.

    Returns
    -------
    dict of str to Switch
        By name.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study(layers=("coded", "reference"))
    >>> len(switches()), [name for name in switches(study) if name not in switches()]
    (23, ['network-list-2012-03', 'network-list-2013-08-09', 'network-list-2015', 'without-aipr', 'without-icrtop'])
    >>> switches()["planned-counted"].says
    'What is planned (memberships, functions, ties) counts as operating.'
    """
    made = [Switch(name, says, turn) for name, says, turn in _ANY_STUDY]
    if study is not None:
        a_study(study)
        made += [_of_list(study, day) for day in members.days_of_lists(study)]
        made += [_of_document(source) for source in sorted(study.sources["source_id"])]
    return {switch.name: switch for switch in made}


def _of_list(study: Study, day: str) -> Switch:
    n = len(members.on_the_list(study, day))
    says = f"The Latin American Network has the {n} members of the list of {day}."
    return Switch(f"network-list-{day}", says, partial(members.by_list, day=day))


def _of_document(source: str) -> Switch:
    says = f"Rows that rest on the document {source} alone are left out."
    return Switch(f"without-{source}", says, partial(sources.document_off, source=source))


def _layers(case: Case, layers: tuple[str, ...]) -> Case | None:
    if set(case.every.layers) != set(BOTH):
        return None
    if set(case.study.layers) == set(layers):
        return case
    return case.but(study=case.every if layers == BOTH else coded_of(case.every))


def _without(column: str, code: str | None) -> Callable[[Case], Case]:
    """Leave out events with a code in a column, or without one."""

    def turn(case: Case) -> Case:
        events = case.study.events
        out = events[column].eq(code) if code else events[column].isna()
        return without_events(case, set(events.loc[out, "event_id"]))

    return turn


def _read(case: Case, reading: str) -> Case | None:
    if reading == "certain" and case.at is None:
        return None
    return case if reading == case.reading else case.but(reading=reading)


def _years_on(case: Case, years: int) -> Case | None:
    ends = [_moved(day, years) for day in dates.bounds(case.at)] if case.at else [None]
    return None if None in ends else case.but(at=str(ends[0]) if ends[0] == ends[1] else f"{ends[0]}/{ends[1]}")


def _moved(day: date, years: int) -> date | None:
    if not date.min.year <= day.year + years <= date.max.year:
        return None
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)


def _counted(*statuses: str) -> Callable[[Case], Case]:
    return lambda case: recode(case, _CLAIMS, "status", statuses, "operating")


_ANY_STUDY: tuple[tuple[str, str, Callable[[Case], Case | None]], ...] = (
    ("inferred-members-off", "Memberships that a rule implies are left out.", members.inferred_members_off),
    ("inferred-off", "Every row that a rule implies is left out.", sources.inferred_off),
    ("reference-on", "Rows of the reference layer count as well.", partial(_layers, layers=BOTH)),
    ("reference-off", "Rows of the coded layer alone count.", partial(_layers, layers=("coded",))),
    (
        "published-by-then",
        "Memberships, ties and functions are left out that only references published after the day tell of, unless "
        "they are dated by then.",
        sources.by_then,
    ),
    ("haiti-in", "Haiti is one more member of the Latin American Network, which admits it.", members.haiti_in),
    ("haiti-out", "Haiti is no state of the region.", members.haiti_out),
    ("oas-with-cuba", "Cuba's disputed membership in the OAS is taken as beyond doubt.", members.cuba_sure),
    ("oas-without-cuba", "Cuba is not counted as a member of the OAS.", members.cuba_out),
    ("un-out", "The United Nations and its organs have no members.", members.un_out),
    (
        "party-claims-off",
        "Rows that rest on documents of a party alone are left out, and functions, ties and counts that a claimant "
        "says of itself, or of what it is an organ, the secretariat or a member of.",
        sources.party_off,
    ),
    (
        "potential-counted",
        "What is potential (memberships, functions, ties) counts as operating.",
        _counted("potential"),
    ),
    ("planned-counted", "What is planned (memberships, functions, ties) counts as operating.", _counted("planned")),
    (
        "suspended-counted",
        "Members that are suspended, or suspended themselves, count as operating.",
        lambda case: recode(case, ["memberships"], "status", ["suspended", "self_suspended"], "operating"),
    ),
    (
        "associates-in",
        "Associates and observers count as members.",
        lambda case: recode(case, ["memberships"], "role", ["associate", "observer"], "member"),
    ),
    ("certain", "Only what is certain on the day is believed.", partial(_read, reading="certain")),
    ("possible", "Whatever is possible on the day is believed.", partial(_read, reading="possible")),
    (
        "errors-corrected",
        "Where a reference shows a source to be wrong, in what it says or whom it credits, the correction stands in "
        "its place; accounts that differ, later news and spellings are no errors.",
        sources.corrected,
    ),
    ("undated-off", "Events without a date are left out.", _without("date_edtf", None)),
    ("announced-off", "Events that were announced and not reported are left out.", _without("status", "announced")),
    (
        "background-off",
        "Events told as background are left out.",
        _without("status", "background"),
    ),
    ("year-before", "The day asked for is one year earlier.", partial(_years_on, years=-1)),
    ("year-after", "The day asked for is one year later.", partial(_years_on, years=1)),
)
