"""Do the headlines hang on a decision? Each recomputed with each decision of the coding turned, one at a time.

A headline is a claim with a value, and a strength that is above 0 while the claim holds. Turned one at a time,
switches say nothing of decisions that were turned together.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.findings import day_of
from r2p_analysis.schema import names_of
from r2p_analysis.sensitivity.cases import Case, base_of, n_changed
from r2p_analysis.sensitivity.headlines import HEADLINES
from r2p_analysis.sensitivity.measured import Headline, Measured, Outcome
from r2p_analysis.sensitivity.switches import Switch, switches
from r2p_analysis.sensitivity.told import report
from r2p_analysis.spells import check
from r2p_analysis.study import Study, a_study, of_layers

__all__ = ["HEADLINES", "LABELS", "Case", "Headline", "Measured", "Switch", "report", "sensitivity", "switches"]

LABELS = {
    "same": "the claim holds, with at least nine tenths of the strength that it has in the base (or more than it has)",
    "weaker": "the claim holds, with less than that, or it no longer passes the test that it is told with",
    "reversed": "the claim does not hold: its value lies on the other side, or on the border",
    "not computable": "it cannot be asked: what it is about is gone, or the switch cannot be turned",
}
"""What each label means."""

_KEPT, _ZERO = 0.9, 1e-9  # a strength that is smaller is rounding
_COLUMNS = ["chapter", "headline", "switch", "value_base", "value", "label", "n"]


def sensitivity(
    study: Study,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    headlines: Collection[str] | None = None,
    only: Collection[str] | None = None,
) -> pd.DataFrame:
    """Recompute every headline under every switch.

    Parameters
    ----------
    study : Study
        A study, best loaded with both layers: each headline is told of those of which its notebook tells it. With one
        layer all are told of it.
    at : str or datetime.date, optional
        Day of networks and coverage; None takes that of the study, see `findings.day_of`.
    reading : {"possible", "certain"}, default "possible"
        Which rows the base believes.
    headlines : collection of str, optional
        Names of headlines, see `HEADLINES`; None takes all.
    only : collection of str, optional
        Names of switches, see `switches`; None takes all.

    Returns
    -------
    pandas.DataFrame
        A row for each headline and switch, in the order of both: ``chapter``, ``headline``, ``switch``,
        ``value_base`` and ``value`` (in the unit that the headline names; null where it is not computable, inf where
        no plan is enough),
        ``label`` (categorical, see `LABELS`) and ``n``, the rows that the switch adds, leaves out, changes, or moves
        between what is certain, possible and neither, in the tables that the chapter is computed from. n = 0 means
        that there was nothing to turn: the label is then "same" and says nothing for the headline, or "not computable"
        where the switch cannot be turned.

        ``.attrs`` has ``claims``, ``values`` (unit) and ``bases`` (layers) by headline, ``switches`` (what each
        changes), ``labels``, ``left_out`` (headlines that the base does not support, and why), ``not_computable``
        (a sentence for each), ``at``, ``reading`` and ``layers``.

    Raises
    ------
    ValueError
        If a day, reading or name is unknown, none is named, or certainty is asked for without a day.

    Notes
    -----
    Strength is the distance from where the claim would turn, in the unit of the value: from an expectation, from one
    half ("most", "few"), from the other side; a number of bodies from the next one. A claim that names states, bodies
    or years turns where half of those that are named or found are not both. Tests are exact or drawn with a seed of
    their own, so that two runs differ in nothing.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study(layers=("coded", "reference"))
    >>> table = sensitivity(study, headlines=["early-warning-hoped"], only=["planned-counted", "potential-counted"])
    >>> table[["switch", "value_base", "value", "label"]].values.tolist()
    [['potential-counted', -33.0, 31.0, 'reversed'], ['planned-counted', -33.0, 35.0, 'reversed']]
    """
    at = day_of(a_study(study)) if at is None else at.isoformat()[:10] if isinstance(at, date) else at
    if at is not None:
        dates.bounds(at)  # a fault in the day is told before anything is worked out
    check(a_study(study), at, reading=reading)
    turned = _chosen(switches(study), only, "switch")
    asked = _chosen({headline.name: headline for headline in HEADLINES}, headlines, "headline")
    bases = {h.layers: base_of(study, h.layers, at, reading) for h in asked.values()}
    measured = {name: h.measure(bases[h.layers], bases[h.layers]) for name, h in asked.items()}
    left_out = {name: why for name, found in measured.items() if (why := _no_headline(found))}
    kept = {name: h for name, h in asked.items() if name not in left_out}
    rows, reasons = _rows(kept, turned, bases, measured)
    table = pd.DataFrame(rows, columns=_COLUMNS).astype({"value_base": float, "value": float, "n": "int64"})
    table["label"] = pd.Categorical(table["label"], categories=list(LABELS))
    table.attrs = {
        "claims": {name: h.claim for name, h in kept.items()},
        "values": {name: h.value for name, h in kept.items()},
        "bases": {name: bases[h.layers].study.layers for name, h in kept.items()},
        "switches": {name: switch.says for name, switch in turned.items()},
        "labels": dict(LABELS),
        "left_out": left_out,
        "not_computable": reasons,
        "at": at,
        "reading": reading,
    }
    return of_layers(study, table)


def _chosen(known: dict, names: Collection[str] | None, what: str) -> dict:
    asked = list(known) if names is None else names_of(names, known, what)
    if not asked:
        raise ValueError(f"{what}: {names!r} names none: give names, as in [{next(iter(known))!r}], or None for all")
    return {name: one for name, one in known.items() if name in asked}


def _no_headline(found: Outcome) -> str:
    """Say why a claim is no headline of a study; an empty text if it is one."""
    if isinstance(found, str):
        return found
    return (
        "" if found.strength > _ZERO else f"the claim does not hold in the study as it is: its value is {found.value:g}"
    )


def _rows(
    headlines: dict[str, Headline], turned: dict[str, Switch], bases: dict, measured: dict
) -> tuple[list[list], list[str]]:
    """Rows of the table, switch by switch for memory's sake and then in the order of headlines; reasons beside them."""
    rows, reasons = {}, {}
    for switch in turned.values():
        cases = {layers: switch.turn(base) for layers, base in bases.items()}
        moved: dict[tuple[tuple[str, ...], str], int] = {}
        for name, headline in headlines.items():
            base, case = bases[headline.layers], cases[headline.layers]
            new = [table for table in headline.reads if (headline.layers, table) not in moved]
            for table in new:
                moved[headline.layers, table] = 0 if case in (None, base) else n_changed(base, case, [table])
            n = sum(moved[headline.layers, table] for table in headline.reads)
            found = _outcome(headline, base, case, n, measured[name])
            label, value = _label(found, measured[name]), np.nan if isinstance(found, str) else found.value
            values = [measured[name].value, value, label, n]
            rows[name, switch.name] = [headline.chapter, name, switch.name, *values]
            if isinstance(found, str):
                reasons[name, switch.name] = f"{name} under {switch.name}: {found}"
    order = [(name, switch) for name in headlines for switch in turned]
    return [rows[key] for key in order], [reasons[key] for key in order if key in reasons]


def _outcome(headline: Headline, base: Case, case: Case | None, n: int, before: Measured) -> Outcome:
    if case is None:
        return "the switch cannot be turned in this study, or without a day"
    moved = n or (case.at, case.reading) != (base.at, base.reading)
    return headline.measure(case, base) if moved else before


def _label(found: Outcome, base: Measured) -> str:
    if isinstance(found, str):
        return "not computable"
    if found.strength <= _ZERO:
        return "reversed"
    weaker = found.strength < _KEPT * base.strength - _ZERO or (base.firm and not found.firm)
    return "weaker" if weaker else "same"
