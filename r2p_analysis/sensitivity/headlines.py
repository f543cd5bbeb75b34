"""The headlines: what the notebooks claim, declared in one place.

Networks are told of both layers, chronology and coverage of the coded one. How far more states are in no purpose-built
network than sizes give needs the other bodies, whose lists the reference layer has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from r2p_analysis.sensitivity import measures
from r2p_analysis.sensitivity.cases import BOTH, CODED, Case
from r2p_analysis.sensitivity.measures import Outcome


@dataclass(frozen=True)
class Headline:
    """A claim of a notebook.

    Attributes
    ----------
    name : str
        Its name in tables and figures.
    chapter : {"networks", "chronology", "coverage"}
        The notebook.
    claim : str
        The claim, in a sentence.
    value : str
        What its value is.
    measure : callable
        Gives, for a case and the base that it is compared with, what was measured, or in a text why nothing could be.
    layers : tuple of str
        Layers that it is told of.
    """

    name: str
    chapter: str
    claim: str
    value: str
    measure: Callable[[Case, Case], Outcome]
    layers: tuple[str, ...]


HEADLINES: tuple[Headline, ...] = (
    Headline(
        "pair-shares-fewer",
        "networks",
        "CARICOM and the Latin American Network share fewer states than their sizes give.",
        "states shared less those expected",
        measures.pair_shares_fewer,
        BOTH,
    ),
    Headline(
        "pair-is-definition",
        "networks",
        "Once one knows whom their scopes admit, nothing of that is left.",
        "p within scopes",
        measures.pair_is_defined,
        BOTH,
    ),
    Headline(
        "no-pair-of-states",
        "networks",
        "No pair of states could share more bodies than chance, whatever it shares.",
        "pairs that could",
        measures.no_pair_of_states,
        BOTH,
    ),
    Headline(
        "few-pairs-of-bodies",
        "networks",
        "Fewer than half of the pairs of bodies could differ from their sizes.",
        "share of pairs",
        measures.few_pairs_of_bodies,
        BOTH,
    ),
    Headline(
        "wide-bodies",
        "networks",
        "Most of what pairs of states share are universal and regional bodies.",
        "share of what is shared",
        measures.wide_bodies,
        BOTH,
    ),
    Headline(
        "most-ties-certain",
        "networks",
        "Most memberships of states are certain on the day.",
        "share of memberships",
        measures.most_ties_certain,
        BOTH,
    ),
    Headline(
        "few-exact",
        "chronology",
        "Fewer than half of the events are dated to the day.",
        "share of events",
        measures.few_exact,
        CODED,
    ),
    Headline(
        "few-announced",
        "chronology",
        "Fewer than half of the events were announced and never reported.",
        "share of events",
        measures.few_announced,
        CODED,
    ),
    Headline(
        "reports-refine",
        "chronology",
        "Where reports of a date differ, most of them refine each other.",
        "share of events with different reports",
        measures.reports_refine,
        CODED,
    ),
    Headline(
        "launch-refined",
        "chronology",
        "Reports of the launch of the Latin American Network refine each other.",
        "share of days ruled out",
        measures.launch_refined,
        CODED,
    ),
    Headline(
        "fullest-year",
        "chronology",
        "The fullest year stays the one with most events.",
        "events more than any other year",
        measures.fullest_year,
        CODED,
    ),
    Headline(
        "launch-before-board",
        "chronology",
        "The Latin American Network was launched before the Atrocities Prevention Board was created.",
        "p before less p after",
        measures.launch_before(measures.BOARD),
        CODED,
    ),
    Headline(
        "launch-before-mechanism",
        "chronology",
        "The Latin American Network was launched before its first national mechanism.",
        "p before less p after",
        measures.launch_before(measures.MECHANISM),
        CODED,
    ),
    Headline(
        "few-mechanisms",
        "coverage",
        "Fewer than half of the states have an operating national mechanism.",
        "share of states",
        measures.few_mechanisms,
        CODED,
    ),
    Headline(
        "most-silent",
        "coverage",
        "Of most states and functions nothing is said.",
        "share of cells",
        measures.most_silent,
        CODED,
    ),
    Headline(
        "some-silent-throughout",
        "coverage",
        "There are states that no claim on a function reaches.",
        "states",
        measures.some_silent_throughout,
        CODED,
    ),
    Headline(
        "few-certain",
        "coverage",
        "Of what is said of states and functions, less than half is certain on the day.",
        "share of cells that are not silent",
        measures.few_certain,
        CODED,
    ),
    Headline(
        "early-warning-hoped",
        "coverage",
        "Early warning is hoped for or planned for more states than it operates for.",
        "states where it operates less those where it is hoped for",
        measures.early_warning_hoped,
        CODED,
    ),
    Headline(
        "most-unreached",
        "coverage",
        "Most claims on functions reach no state.",
        "share of claims",
        measures.most_unreached,
        CODED,
    ),
    Headline(
        "one-denier", "coverage", "Most denials rest on one claimant.", "share of denials", measures.one_denier, CODED
    ),
    Headline(
        "in-neither",
        "coverage",
        "More states are in none of the purpose-built networks than sizes give.",
        "states in none less those expected",
        measures.in_neither,
        BOTH,
    ),
)
"""All headlines, in the order of tables and figures."""
