"""What a headline is, and what is measured of it: a value, and a strength that is above 0 while the claim holds.

A claim is measured the same way in every case. Its strength is the distance from the point at which it would turn: from
the expectation, from one half, from the number on the other side. The halves are those of "most" and "few"; a claim
that names things turns where half of those that are named or found are not both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import NamedTuple

from r2p_analysis.sensitivity.cases import Case

_HALF = 0.5


class Measured(NamedTuple):
    """A headline's value; its strength, above 0 while the claim holds; and whether it passes the test it is told with.

    A headline that is told without a test is firm.
    """

    value: float
    strength: float
    firm: bool = True


Outcome = Measured | str


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
    reads : tuple of str
        Tables that it is computed from, beside passages, references and codes: where a switch changes none of them,
        nothing changes.
    """

    name: str
    chapter: str
    claim: str
    value: str
    measure: Callable[[Case, Case], Outcome]
    layers: tuple[str, ...]
    reads: tuple[str, ...]


def most(part: float, whole: float, of: str) -> Outcome:
    """Measure a claim on more than half of something.

    Examples
    --------
    >>> most(3, 4, "states"), most(0, 0, "states")
    (Measured(value=0.75, strength=0.25, firm=True), 'no states')
    """
    return Measured(part / whole, part / whole - _HALF) if whole else f"no {of}"


def few(part: float, whole: float, of: str) -> Outcome:
    """Measure a claim on less than half of something.

    Examples
    --------
    >>> few(3, 4, "states").strength
    -0.25
    """
    return Measured(part / whole, _HALF - part / whole) if whole else f"no {of}"


def none(n: int) -> Outcome:
    """Measure a claim that there is none; one is enough to turn it.

    Examples
    --------
    >>> none(0), none(2)
    (Measured(value=0.0, strength=1.0, firm=True), Measured(value=2.0, strength=0.0, firm=True))
    """
    return Measured(float(n), float(n == 0))


def these(found: Collection, named: Collection, value: float) -> Outcome:
    """Measure a claim that names things: those that are found and named, of those that are either, less one half.

    Examples
    --------
    >>> these({"CAN", "CUB", "HTI"}, {"CAN", "CUB"}, 3).strength.__round__(3), these(set(), {"CAN", "CUB"}, 0).strength
    (0.167, -0.5)
    """
    return Measured(float(value), len(set(found) & set(named)) / len(set(found) | set(named)) - _HALF)
