"""Who belongs where, and when: certain or possible.

When a single row holds is `holding`'s rule. A member's history in a body is then one: its spells (operating,
suspended, self-suspended, withdrawn) exclude each other, so that on a day

- a spell that is only possible gives way to one of another status that is certain;
- a spell without any date (the coded layer has such) gives way to dated ones of the same member, body and role,
  where none of these has its status that day.

Nothing else is settled: two possible spells stay two possibilities, and a disputed one is never certain.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal

import pandas as pd

from r2p_analysis.holding import READINGS, asked, rows_at
from r2p_analysis.options import is_among, listed
from r2p_analysis.schema import names_of, one_of
from r2p_analysis.study import Study, a_study, of_layers

BODIES = ("un", "oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points")
"""Bodies with a fixed id, in the order of tables and figures; they stay when nobody belongs to them."""

SELF_SUSPENDED = {"own": "self_suspended", "suspended": "suspended", "member": "operating"}
"""What a state that suspended itself counts as."""

_NO_MEMBERS = ("associate", "observer", "participant")
_EXCLUSIVE = ("operating", "suspended", "self_suspended", "withdrawn")
_HISTORY = ["actor_id", "body_id", "role"]


def memberships_at(
    study: Study,
    at: str | date | None,
    *,
    body: str | None = None,
    reading: str = "possible",
    status: Collection[str] = ("operating",),
) -> pd.DataFrame:
    """Rows of memberships that hold on a day, in whatever role.

    Parameters
    ----------
    study : Study
        The study.
    at : str or datetime.date or None
        An EDTF value or a date. A longer one (``2014``, ``2012/2014``): *yes* asks for all its days,
        *possible* for one of them. None takes the rows whatever their dates.
    body : str, optional
        Id of one body; None takes all. Ask for every status to see who is suspended or has withdrawn.
    reading : {"certain", "possible"}, default "possible"
        ``certain`` keeps what holds for certain only; it needs a date.
    status : collection of str, default ("operating",)
        Statuses that count. Planned is not operating, and a denied row says that there is no membership.

    Returns
    -------
    pandas.DataFrame
        Columns of memberships; ``holds``: ``yes``, ``possible``, or ``undated`` where `at` is None; ``as_of``: the
        last day that the evidence of the row can speak of (NaT where not known). For a later day the row answers
        "possible, as of" that day, and a row that is not there answers nothing.

    Raises
    ------
    ValueError
        If a code or date cannot be read, or if certainty is asked for without a date.

    See Also
    --------
    members_at : Who belongs to one body.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> rows = memberships_at(load_study(), "2014-09-08", status=("operating", "planned"))
    >>> sorted(set(rows["holds"]) - {"yes", "possible"})
    []
    """
    status, _ = check(study, at, reading=reading, status=status)
    rows = study.memberships
    rows = rows if body is None else rows[rows["body_id"] == _body(study, body)]
    held = rows_at(study, rows, at, reading="possible")
    held = held if at is None else _settled(held, rows)
    held = held[held["status"].isin(status) & held["holds"].isin(READINGS[reading])]
    return of_layers(study, held.reset_index(drop=True))


def _settled(held: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Spells that hold on a day, without those that give way to another of the same member, body and role."""
    disputed = held["confidence"].eq("disputed")
    held = held.assign(holds=held["holds"].mask(disputed, "possible"))
    spell = held["status"].isin(_EXCLUSIVE)
    member = pd.MultiIndex.from_frame(held[_HISTORY])
    with_status = pd.MultiIndex.from_frame(held[[*_HISTORY, "status"]])
    certain, dated = spell & held["holds"].eq("yes"), spell & _is_dated(held)
    outdone = member.isin(member[certain]) & ~with_status.isin(with_status[certain])
    histories = pd.MultiIndex.from_frame(rows.loc[rows["status"].isin(_EXCLUSIVE) & _is_dated(rows), _HISTORY])
    placed = ~_is_dated(held) & member.isin(histories) & ~with_status.isin(with_status[dated])
    return held[~(spell & held["holds"].eq("possible") & (outdone | placed))]


def _is_dated(rows: pd.DataFrame) -> pd.Series:
    return rows["start_edtf"].notna() | rows["end_edtf"].notna()


def members_at(
    study: Study,
    body: str,
    at: str | date | None,
    *,
    reading: str = "possible",
    status: Collection[str] = ("operating",),
    roles: Collection[str] | None = None,
    self_suspension: Literal["own", "suspended", "member"] = "own",
) -> list[str]:
    """Who belongs to a body on a day.

    Parameters
    ----------
    study : Study
        The study.
    body : str
        Id of the body. An organ is asked for by its own id; it is not rolled up here.
    at : str or datetime.date or None
        The day, see `memberships_at`.
    reading : {"certain", "possible"}, default "possible"
        Which rows to believe.
    status : collection of str, default ("operating",)
        Statuses that count.
    roles : collection of str, optional
        Roles that count. None takes every role in which one belongs: all but associate, observer and
        participant, since attendance is not membership.
    self_suspension : {"own", "suspended", "member"}, default "own"
        What a member that suspended itself counts as: its own status, suspended, or operating.

    Returns
    -------
    list of str
        Ids of the members, each once, sorted. A collective is not among them: it is not one member more,
        but stands for some that may be named besides; `memberships_at` has its row.

    Warns
    -----
    UserWarning
        If certain members are asked for on a day after which the evidence on some of the body's members ends: they
        are possible as of the day that the warning names, and their absence from the list is no "no".

    Raises
    ------
    ValueError
        If the body is unknown or nobody's; the message lists the bodies.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> len(members_at(load_study(), "lan", "2014-09-08"))
    18
    """
    status, roles = check(study, at, reading=reading, status=status, roles=roles)
    if SELF_SUSPENDED[one_of(self_suspension, SELF_SUSPENDED, "self_suspension")] in status:
        status = (*status, "self_suspended")
    held = of_members(study, memberships_at(study, at, body=body, status=status), roles)
    if reading == "certain":
        _warn_of_censoring(body, at, held)
    return sorted(held.loc[held["holds"].isin(READINGS[reading]), "actor_id"].unique())


def _warn_of_censoring(body: str, at: str | date, held: pd.DataFrame) -> None:
    """Say that some members are missing since their evidence does not reach the day."""
    certain = held.loc[held["holds"] == "yes", "actor_id"]
    silent = held[~held["actor_id"].isin(certain) & (held["as_of"] < pd.Timestamp(date.fromordinal(asked(at)[0])))]
    if len(silent):
        ends, n = silent["as_of"].max().date(), silent["actor_id"].nunique()
        warnings.warn(f"{n} more of {body!r} are possible on {at}: as of {ends} at the latest", stacklevel=3)


def check(
    study: Study,
    at: str | date | None,
    *,
    reading: str,
    status: Collection[str] = (),
    roles: Collection[str] | None = None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give statuses and roles as tuples; a ValueError for what is unknown or cannot be answered.

    One code may stand by itself. Roles None is every role in which one belongs. Certainty needs a date.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> check(load_study(), None, reading="possible", status="operating")
    (('operating',), ('member', 'focal_point', 'facilitator'))
    """
    a_study(study)
    one_of(reading, READINGS, "reading")
    if at is None and reading == "certain":
        raise ValueError("reading 'certain' needs a date: give at=, for example at='2014-09-08'")
    known, statuses = study.axis("memberships", "role"), study.axis("memberships", "status")
    roles = [role for role in known if role not in _NO_MEMBERS] if roles is None else roles
    return tuple(names_of(status, statuses, "status")), tuple(names_of(roles, known, "role"))


def of_members(study: Study, rows: pd.DataFrame, roles: Collection[str]) -> pd.DataFrame:
    """Rows of memberships in which one actor belongs: in one of the roles, and not as a collective."""
    groups = study.actors.loc[study.actors["kind"] == "collective", "actor_id"]
    return rows[rows["role"].isin(roles) & ~rows["actor_id"].isin(groups)]


def bodies(study: Study) -> list[str]:
    """Ids of all bodies: the fixed ones that the study knows, then each other that a membership names, sorted.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> bodies(load_study())[:3]
    ['un', 'oas', 'caricom']
    """
    joined, known = set(a_study(study).memberships["body_id"]), set(study.actors["actor_id"])
    return [body for body in BODIES if body in known | joined] + sorted(joined - set(BODIES))


def _body(study: Study, body: str) -> str:
    known = bodies(study)
    if not is_among(body, known) and is_among(body, set(study.actors["actor_id"])):
        raise ValueError(f"no row of memberships names {body!r} as a body; the bodies are: {', '.join(known)}")
    return one_of(body, known, "body")


def lineages(study: Study, actors: Iterable[str]) -> dict[str, list[str]]:
    """What each actor is a part of: itself, its parent, and so on to the root.

    A fixed body is a root, even where a source lists it under another one. An actor that is a part of
    itself is a ValueError.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> lineages(load_study(), ["iachr", "nm-arg", "lan"])
    {'iachr': ['iachr', 'oas'], 'nm-arg': ['nm-arg', 'arg'], 'lan': ['lan']}
    """
    placed = a_study(study).actors.dropna(subset="parent_id")
    parents = {a: p for a, p in zip(placed["actor_id"], placed["parent_id"], strict=True) if a not in BODIES}
    return {actor: _line(actor, parents) for actor in listed(actors, "actors")}


def root_bodies(study: Study, actors: Iterable[str]) -> dict[str, str]:
    """Body that stands for each actor: the root of its line, or the last below a state, which is no body.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> root_bodies(load_study(), ["iachr", "nm-arg"])
    {'iachr': 'oas', 'nm-arg': 'nm-arg'}
    """
    lines = lineages(study, actors)
    # A state elsewhere is told by its id, which is its code.
    elsewhere = study.actors.loc[study.actors["actor_id"] == study.actors["iso3"].str.lower(), "actor_id"]
    states = {*study.regions["iso3"].str.lower(), *elsewhere}
    return {a: next((b for b in reversed(line) if b not in states), a) for a, line in lines.items()}


def _line(actor: str, parents: dict[str, str]) -> list[str]:
    line = [actor]
    while line[-1] in parents:
        line.append(parents[line[-1]])
        if line[-1] in line[:-1]:
            raise ValueError(f"{actor!r} is a part of itself: {' -> '.join(line)}; correct parent_id in actors")
    return line
