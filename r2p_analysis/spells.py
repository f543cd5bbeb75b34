"""Who belongs where, and when: certain or possible.

A row of memberships is one spell of one actor in one body. What its cells and its passages state makes
some days *certain*; every other day that they do not exclude is *possible*, for an empty start or end
means "not stated", never "no":

- A stated start excludes the days before it, a stated end those after it. A day-precise end is the first
  day outside; an imprecise one is when the spell ended: possible through its latest day.
- With both stated, the days from the latest start to the day before the earliest end are certain.
- With an empty end the row vouches up to its vintage, the day of which its passages speak. A vintage like
  ``[2012..2015]`` is one unknown day: a start of 2010 is then certain from its latest to the vintage's
  earliest day. An empty start likewise: from the vintage's latest day. With both empty, or a start as vague
  as the vintage, a vintage that is a known day is certain on that day.
- A day-precise start is certain on that day, a day-precise end on the day before it, whatever the vintage.
- Several passages: their certain days together. The vintage of a reference is its date of publication.

A qualifier (``?``, ``~``, ``%``) does not widen a date here either, see `dates`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.schema import one_of
from r2p_analysis.study import Study, of_layers

BODIES = ("un", "oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points")
"""Bodies with a fixed id, in the order of tables and figures; they stay when nobody belongs to them."""

_READINGS = {"certain": ("yes",), "possible": ("yes", "possible", "undated")}
_NO_MEMBERS = ("observer", "participant")
_NOT_STATED = (np.nan,) * 4


def memberships_at(
    study: Study,
    at: str | date | None,
    *,
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
    return rows_at(study, rows[rows["status"].isin(status)], at, reading=reading)


def members_at(
    study: Study,
    body: str,
    at: str | date | None,
    *,
    reading: str = "possible",
    status: Collection[str] = ("operating",),
    roles: Collection[str] | None = None,
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
        Roles that count. None takes every role in which one belongs: all but observer and
        participant, since attendance is not membership.

    Returns
    -------
    list of str
        Ids of the members, each once, sorted. A collective is not among them: it is not one member more,
        but stands for some that may be named besides; `memberships_at` has its row.

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
    _, roles = check(study, at, reading=reading, status=status, roles=roles)
    rows = study.memberships
    rows = of_members(study, rows[rows["body_id"] == _body(study, body)], roles)
    held = memberships_at(study.with_tables(memberships=rows), at, reading=reading, status=status)
    return sorted(held["actor_id"].unique())


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
    (('operating',), ('member', 'associate', 'focal_point', 'facilitator'))
    """
    one_of(reading, _READINGS, "reading")
    if at is None and reading == "certain":
        raise ValueError("reading 'certain' needs a date: give at=, for example at='2014-09-08'")
    known = study.axis("memberships", "role")
    roles = [role for role in known if role not in _NO_MEMBERS] if roles is None else _listed(roles)
    statuses = study.axis("memberships", "status")
    return tuple(one_of(s, statuses, "status") for s in _listed(status)), tuple(one_of(r, known, "role") for r in roles)


def of_members(study: Study, rows: pd.DataFrame, roles: Collection[str]) -> pd.DataFrame:
    """Rows of memberships in which one actor belongs: in one of the roles, and not as a collective."""
    groups = study.actors.loc[study.actors["kind"] == "collective", "actor_id"]
    return rows[rows["role"].isin(roles) & ~rows["actor_id"].isin(groups)]


def rows_at(study: Study, rows: pd.DataFrame, at: str | date | None, *, reading: str) -> pd.DataFrame:
    """Rows of any dated table that hold on a day; the rule is this module's.

    Parameters
    ----------
    study : Study
        The study, for the vintages of passages and references.
    rows : pandas.DataFrame
        Rows with evidence and either ``start_edtf`` and ``end_edtf``, or ``date_edtf``: when it was so,
        which then takes the place of the vintage.
    at : str or datetime.date or None
        The day, see `memberships_at`.
    reading : {"certain", "possible"}
        Which rows to believe.

    Returns
    -------
    pandas.DataFrame
        The rows that hold, with ``holds`` and ``as_of`` as in `memberships_at`.

    Raises
    ------
    ValueError
        If `at` is no date, or open to one side.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study()
    >>> rows_at(study, study.ties, "2014-09-08", reading="certain")["holds"].unique().tolist()
    ['yes']
    """
    cells = rows.reset_index(drop=True).reindex(columns=["start_edtf", "end_edtf", "date_edtf", "evidence"])
    vintages = _vintages(study, cells)
    held = _holds(cells, vintages, at)
    there = rows.assign(holds=held, as_of=_last_words(vintages))
    return of_layers(study, there[np.isin(held, _READINGS[reading])].reset_index(drop=True))


def bodies(study: Study) -> list[str]:
    """Ids of all bodies: the fixed ones that the study knows, then each other that a membership names, sorted.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> bodies(load_study())[:3]
    ['un', 'oas', 'caricom']
    """
    joined, known = set(study.memberships["body_id"]), set(study.actors["actor_id"])
    return [body for body in BODIES if body in known | joined] + sorted(joined - set(BODIES))


def _body(study: Study, body: str) -> str:
    known = bodies(study)
    if body not in known and body in set(study.actors["actor_id"]):
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
    placed = study.actors.dropna(subset="parent_id")
    parents = {a: p for a, p in zip(placed["actor_id"], placed["parent_id"], strict=True) if a not in BODIES}
    return {actor: _line(actor, parents) for actor in actors}


def root_bodies(study: Study, actors: Iterable[str]) -> dict[str, str]:
    """Body that stands for each actor: the root of its line, or the last below a state, which is no body.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> root_bodies(load_study(), ["iachr", "nm-arg"])
    {'iachr': 'oas', 'nm-arg': 'nm-arg'}
    """
    # A state elsewhere is told by its id, which is its code.
    elsewhere = study.actors.loc[study.actors["actor_id"] == study.actors["iso3"].str.lower(), "actor_id"]
    states = {*study.regions["iso3"].str.lower(), *elsewhere}
    lines = lineages(study, actors)
    return {a: next((b for b in reversed(line) if b not in states), a) for a, line in lines.items()}


def _line(actor: str, parents: dict[str, str]) -> list[str]:
    line = [actor]
    while line[-1] in parents:
        line.append(parents[line[-1]])
        if line[-1] in line[:-1]:
            raise ValueError(f"{actor!r} is a part of itself: {' -> '.join(line)}; correct parent_id in actors")
    return line


def _listed(codes: Collection[str]) -> Collection[str]:
    return (codes,) if isinstance(codes, str) else codes


def _holds(cells: pd.DataFrame, vintages: pd.Series, at: str | date | None) -> np.ndarray:
    if at is None:
        return np.full(len(cells), "undated")
    first, last = _asked(at)
    start, end = _days(cells["start_edtf"]), _days(cells["end_edtf"])
    # A day-precise end is the first day outside, any other is a time in which the spell still lasted.
    exact = end[:, 0] == end[:, 3]
    possible = ~(start[:, 0] > last) & ~(end[:, 3] - exact < first)

    spans = _certain_spans(start[vintages.index], end[vintages.index], _days(vintages))
    covered = np.any([(since <= first) & (last <= until) for since, until in spans], axis=0)
    certain = pd.Series(covered, index=vintages.index).groupby(level=0).any().to_numpy(dtype=bool)
    return np.select([possible & certain, possible], ["yes", "possible"], "no")


def _certain_spans(start: np.ndarray, end: np.ndarray, vintage: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """First and last days between which rows are certain, one pair for each reason; an empty day covers nothing."""
    begun, ended = start[:, 3], end[:, 0] - 1
    vouched_from = np.where(np.isnan(start).all(axis=1), vintage[:, 1], np.nan)
    vouched_until = np.where(np.isnan(end).all(axis=1), vintage[:, 2], np.nan)
    first_day = np.where(start[:, 0] == begun, begun, np.nan)
    last_day = np.where(end[:, 0] == end[:, 3], ended, np.nan)
    return [
        (begun, ended),
        (begun, vouched_until),
        (vouched_from, ended),
        (vintage[:, 1], vouched_until),
        (first_day, first_day),
        (last_day, last_day),
    ]


def _asked(at: str | date) -> tuple[int, int]:
    days = dates.bounds(at.isoformat()[:10] if isinstance(at, date) else str(at))
    if None in days:
        raise ValueError(f"at={at!r} is open to one side: both ends are needed, as in '2014-09-08' or '2012/2014'")
    return days[0].toordinal(), days[1].toordinal()


def _vintages(study: Study, cells: pd.DataFrame) -> pd.Series:
    """Vintage of each passage or reference of each row, indexed by row; a row without one has an empty one."""
    passages = study.passages.set_index("passage_id")["vintage_edtf"].to_dict()
    references = study.references.set_index("ref_id")["published_edtf"].to_dict()
    cited = cells["evidence"].str.split(";").explode()
    stated = cells["date_edtf"].reindex(cited.index)
    return stated.where(stated.notna(), cited.map(passages | references))


def _last_words(vintages: pd.Series) -> pd.api.extensions.ExtensionArray:
    """Last day that each row's evidence can speak of; NaT where that is not known."""
    latest = pd.Series(_days(vintages)[:, 3], vintages.index).groupby(level=0).max()
    return pd.array([date.fromordinal(int(day)) if day == day else None for day in latest], dtype="datetime64[s]")


def _days(texts: pd.Series) -> np.ndarray:
    """Four day numbers a value: first day at the earliest and latest, last day at the earliest and latest."""
    codes, different = pd.factorize(texts)
    # An empty value has the code -1: the last.
    return np.array([*map(_numbers, different), _NOT_STATED], dtype=float)[codes]


def _numbers(text: str) -> list[float]:
    value = dates.parse(text)
    return [day.toordinal() if day else np.nan for day in (*value.first, *value.last)]
