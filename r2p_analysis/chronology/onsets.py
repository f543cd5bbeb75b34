"""When something began for each actor, by a rule in one line, as rows of a study state it.

A rule is ``what:which``. Rows that state one fact (a tie of both layers, say) are one: nested dates of it
refine each other. An office, an organ or a national body acts for the actor that it is a part of. A row
that says that something operates, but not since when, had begun by the vintage of its passage.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from math import inf

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.spread import EPOCH
from r2p_analysis.schema import one_of
from r2p_analysis.spells import bodies, check, lineages, of_members
from r2p_analysis.study import Study

_COLUMNS = ["actor_id", "fact", "onset", "status", "evidence", "one"]
_HELD = {"reported": "operating", "background": "operating", "announced": "planned"}
SAYS = ("operating", "planned", "potential", "denied")
"""What a row may say of an actor, the strongest claim first."""


def onsets(study: Study, rule: str, actors: Collection[str], roles: Collection[str] | None) -> tuple[pd.DataFrame, str]:
    """When something began for each of some actors.

    Parameters
    ----------
    study : Study
        The study.
    rule : str
        As in `time_to`.
    actors : collection of str
        Ids of the actors that are asked for.
    roles : collection of str, optional
        Roles that count, for ``kind:`` and ``body:``.

    Returns
    -------
    tuple of (pandas.DataFrame, str)
        By ``actor_id``, for actors of which a row says something: ``earliest`` and ``latest`` (first and last day on
        which it may have begun, from 1970-01-01; infinite where open; NaN where no row says that it began), ``says``
        (see `SAYS`) and ``evidence``. And the table that the rule reads.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> onsets(load_study(), "tie_to:mechanism_of", ["arg", "bol"], None)[0][["earliest", "says"]].values.tolist()
    [[15340.0, 'operating'], [nan, 'planned']]
    """
    what, _, which = str(rule).partition(":")
    table, read = _RULES[one_of(what, _RULES, "rule")]
    rows = read(study, which, roles)
    if rows["actor_id"].isna().all() and len(rows):  # the same day for everybody
        rows = rows.drop(columns="actor_id").merge(pd.DataFrame({"actor_id": sorted(actors)}), how="cross")
    rows = rows.assign(actor_id=_acting_for(study, rows["actor_id"], set(actors))).dropna(subset="actor_id")
    vintages = study.passages.set_index("passage_id")["vintage_edtf"].to_dict()
    vintages |= study.references.set_index("ref_id")["published_edtf"].to_dict()
    found = [(actor, *_began(own, vintages)) for actor, own in rows.groupby("actor_id", sort=True)]
    return pd.DataFrame(found, columns=["actor_id", "earliest", "latest", "says", "evidence"]).set_index(
        "actor_id"
    ), table


def _began(rows: pd.DataFrame, vintages: dict[str, str]) -> tuple[float, float, str, str]:
    """Bounds of the first of several facts, the strongest claim, and the evidence of the rows that make it."""
    says = min(rows["status"], key=SAYS.index)
    rows = rows[rows["status"] == says]
    evidence = ";".join(sorted({cited for cell in rows["evidence"].dropna() for cited in cell.split(";")}))
    if says != "operating":
        return float("nan"), float("nan"), says, evidence
    bounds = [bound for _, fact in rows.groupby("fact") for bound in _of_fact(fact, vintages)]
    return min(low for low, _ in bounds), min(high for _, high in bounds), says, evidence


def _of_fact(rows: pd.DataFrame, vintages: dict[str, str]) -> list[tuple[float, float]]:
    """First and last day on which a fact may have begun: one pair where its dates nest, else one for each.

    Dates of an event or a tie that do not nest are accounts of one happening: it may be any of them.
    """
    stated = sorted(set(rows["onset"].dropna()))
    known = (vintages.get(cited) for cell in rows["evidence"].dropna() for cited in cell.split(";"))
    spoken = [dates.parse(text).last[1] for text in known if not pd.isna(text)]
    by = min((_number(day) for day in spoken if day), default=inf)
    stated = [a for a in stated if not any(a != b and dates.refine([a, b]) == b for b in stated)]
    found = []
    for text in stated:
        low, high = dates.parse(text).first
        found.append((_number(low) if low else -inf, _number(high) if high else max(by, _number(low))))
    if rows["one"].all() and found:
        return [(min(low for low, _ in found), max(high for _, high in found))]
    return found or [(-inf, by)]


def _number(day: date) -> float:
    return float(day.toordinal() - EPOCH)


def _acting_for(study: Study, ids: pd.Series, actors: set[str]) -> pd.Series:
    """Actor of those asked for that each one is, or is a part of; null for others."""
    lines = lineages(study, ids.unique())
    return ids.map({i: next((a for a in line if a in actors), None) for i, line in lines.items()})


def _rows(frame: pd.DataFrame, **columns: object) -> pd.DataFrame:
    return frame.assign(**{"one": False, **columns})[_COLUMNS].reset_index(drop=True)


def _date(_study: Study, which: str, _roles: object) -> pd.DataFrame:
    dates.parse(which)
    return pd.DataFrame([[None, "date", which, "operating", None, True]], columns=_COLUMNS)


def _event(study: Study, which: str, _roles: object) -> pd.DataFrame:
    one_of(which, study.events["event_id"], "event")
    rows = study.events[study.events["event_id"] == which]
    reports = study.event_dates[study.event_dates["event_id"] == which].dropna(subset="date_edtf")
    status = _HELD[rows["status"].iloc[0]]
    rows = reports if len(reports) else rows
    return _rows(rows, actor_id=None, fact=which, onset=rows["date_edtf"], status=status, one=True)


def _kind(study: Study, which: str, roles: Collection[str] | None) -> pd.DataFrame:
    one_of(which, study.axis("events", "kind"), "kind of event")
    known = study.axis("participations", "role")
    wanted = known if roles is None else [one_of(role, known, "role") for role in roles]
    parts = study.participations[study.participations["role"].isin(wanted)]
    events = study.events.loc[study.events["kind"] == which, ["event_id", "date_edtf", "status"]]
    rows = parts.merge(events, on="event_id")
    return _rows(rows, fact=rows["event_id"], onset=rows["date_edtf"], status=rows["status"].map(_HELD))


def _body(study: Study, which: str, roles: Collection[str] | None) -> pd.DataFrame:
    one_of(which, bodies(study), "body")
    _, wanted = check(study, None, reading="possible", roles=roles)
    rows = of_members(study, study.memberships[study.memberships["body_id"] == which], wanted)
    # A member that was suspended or withdrew had joined; when it was or did is not when.
    ended = ~rows["status"].isin(SAYS)
    status, onset = rows["status"].mask(ended, "operating"), rows["start_edtf"].mask(ended)
    return _rows(rows, fact=rows["role"], onset=onset, status=status)


def _tie(study: Study, which: str, _roles: object, of: str = "actor_id") -> pd.DataFrame:
    one_of(which, study.axis("ties", "relation"), "relation")
    rows = study.ties[study.ties["relation"] == which]
    return _rows(
        rows, fact=rows["actor_id"] + ">" + rows["target_id"], onset=rows["start_edtf"], actor_id=rows[of], one=True
    )


def _tie_to(study: Study, which: str, roles: object) -> pd.DataFrame:
    return _tie(study, which, roles, of="target_id")


def _commitment(study: Study, which: str, _roles: object) -> pd.DataFrame:
    instrument, slash, action = which.partition("/")
    rows = study.commitments
    rows = rows[rows["instrument_id"] == one_of(instrument, rows["instrument_id"].unique(), "instrument")]
    if slash:
        rows = rows[rows["action"] == one_of(action, rows["action"].unique(), f"action on {instrument}")]
    return _rows(rows, fact=rows["instrument_id"] + rows["action"], onset=rows["date_edtf"], status="operating")


_RULES: dict[str, tuple[str, Callable[[Study, str, Collection[str] | None], pd.DataFrame]]] = {
    "date": ("events", _date),
    "event": ("events", _event),
    "kind": ("participations", _kind),
    "body": ("memberships", _body),
    "tie": ("ties", _tie),
    "tie_to": ("ties", _tie_to),
    "commitment": ("commitments", _commitment),
}
