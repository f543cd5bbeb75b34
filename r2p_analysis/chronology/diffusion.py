r"""Diffusion: how long each state took from one kind of event to another.

The modelling choice: where both are dated to the day, the time is exact. An uncertain date on either side makes it an
interval, and the time of a state of which no row says that it got there is right-censored on the last day that is
observed: the earlier one of the day asked for and the last day that the evidence of the rule's table speaks of.

Silence is not "no". A state of which nothing is recorded by then may have got there unrecorded; right-censoring takes
it for not yet there, and that is an assumption on the sources and no finding. The column `says` keeps apart what is
silent, planned and denied.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from math import inf, nan

import numpy as np
import pandas as pd

from r2p_analysis.chronology.onsets import onsets
from r2p_analysis.chronology.vintages import last_observed, vintages
from r2p_analysis.schema import names_of
from r2p_analysis.study import Study, a_study, of_layers

_CENSORED = ("exact", "interval", "left", "right", "before", "unknown", "not_started")
_DAYS = ["start_earliest", "start_latest", "end_earliest", "end_latest"]


def time_to(
    study: Study,
    start: str,
    end: str,
    at: str | date,
    *,
    actors: Collection[str] | None = None,
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """Days from one event to another, for each state, with what is not known of them.

    Parameters
    ----------
    study : Study
        The study.
    start, end : str
        Rules, ``what:which``, for when something first began:

        - ``event:ID``: an event, the same for every state; ``date:EDTF``: a day (for `start`);
        - ``kind:KIND``: the state's first part in an event of this kind that was held;
        - ``body:ID``: its first membership in a body;
        - ``tie:RELATION``: the first tie of this relation that it has; ``tie_to:RELATION``: that points to it, as
          ``tie_to:mechanism_of`` does from a national mechanism to its state;
        - ``commitment:INSTRUMENT`` or ``commitment:INSTRUMENT/ACTION``: its first commitment (reference layer).

        What an office, an organ or a national body of a state does counts for the state.
    at : str or datetime.date
        The day as of which it is asked, such as ``2015-05-29``.
    actors : collection of str, optional
        Ids of the actors that are at risk, such as `members_at` gives. None takes the states of ``regions``.
    roles : collection of str, optional
        Roles that count for ``kind:`` and ``body:``. None takes every part in an event, and every role in which one
        belongs to a body.

    Returns
    -------
    pandas.DataFrame
        A row an actor, by ``actor_id``:

        - ``start_earliest`` to ``end_latest``: first and last day on which each may have begun, NaT where open;
        - ``left_days``, ``right_days``: the time is in (left, right], or it is both where they are equal, as
          `turnbull` takes it; in days, infinite where open, NaN where the actor is not at risk;
        - ``censored``: ``exact``; ``interval``; ``left`` (it may have been there before the start); ``right`` (not
          there on the last observed day, or dated later); or not at risk: ``before`` (surely there before the start),
          ``unknown`` (nothing says when the start or the end was, or the start lies after the last observed day),
          ``not_started``;
        - ``says``: strongest claim of a row on the end: operating, planned, potential, denied, or ``silent``;
        - ``evidence``: passages and references of both, joined by ``;``.

        ``.attrs``: layers, ``start``, ``end``, ``at``, ``observed_until`` (the day of right-censoring), ``n_silent``.

    Raises
    ------
    ValueError
        If a rule or what it names is unknown, `at` is not one day, or an actor is unknown.

    See Also
    --------
    turnbull, survival : The distribution of these times: ``turnbull(t["left_days"], t["right_days"])`` without NaN.
    r2p_analysis.spells.members_at : Who is at risk.

    Notes
    -----
    A day-precise time of d days lies in (d - 1, d]; from bounds of the start, [s1, s2], and of the end, [e1, e2], it
    lies in (e1 - s2 - 1, e2 - s1]. One start that is not known to the day is shared by all states: their
    times then move together, which `turnbull` does not know. The day of right-censoring counts from the latest start.
    Accounts of one event or one tie that exclude each other leave open all days from the first to the last that they
    name. Of several facts the first counts, and one without a date may have been the first: where only dated rows
    should count, leave the others out of the table before.

    Examples
    --------
    From the launch of the network to a national mechanism, among its members, as the two documents have it:

    >>> from r2p_analysis import load_study, members_at
    >>> study = load_study()
    >>> members = members_at(study, "lan", "2014-09-08")
    >>> table = time_to(study, "event:lan-launch", "tie_to:mechanism_of", "2015-05-29", actors=members)
    >>> table.groupby(["says", "censored"], observed=True).size().to_dict()
    {('operating', 'interval'): 1, ('operating', 'left'): 1, ('planned', 'right'): 7, ('silent', 'right'): 9}
    >>> table.set_index("actor_id").loc[["arg", "pry", "ury"], ["left_days", "right_days"]].values.tolist()
    [[-inf, 305.0], [365.0, 425.0], [1154.0, inf]]
    """
    asked = _actors(study, actors)
    began, _ = onsets(study, start, asked, roles)
    ended, table = onsets(study, end, asked, roles)
    day = last_observed(at, "at")
    until = min(day, _until(study, table, day))
    pairs = pd.concat([began.reindex(asked), ended.reindex(asked).add_suffix("_end")], axis=1)
    rows = [_time(*days, day, until) for days in pairs[["earliest", "latest", "earliest_end", "latest_end"]].to_numpy()]
    found = pd.DataFrame(rows, columns=["left_days", "right_days", "censored"])
    found["censored"] = pd.Categorical(found["censored"], categories=_CENSORED)
    dated = pairs[["earliest", "latest", "earliest_end", "latest_end"]].set_axis(_DAYS, axis=1)
    days = dated.replace([inf, -inf], nan).apply(lambda column: pd.to_datetime(column, unit="D", origin="unix"))
    days = days.astype("datetime64[s]").reset_index()
    evidence = [_joined(*cells) for cells in pairs[["evidence", "evidence_end"]].fillna("").to_numpy()]
    says = pairs["says_end"].fillna("silent").to_numpy()
    result = pd.concat([days, found], axis=1).assign(says=says, evidence=pd.Series(evidence, dtype="str"))
    result.attrs = {"start": start, "end": end, "at": str(at), "observed_until": str(np.datetime64(until, "D"))}
    result.attrs["n_silent"] = int((says == "silent").sum())
    return of_layers(study, result)


def _time(s1: float, s2: float, e1: float, e2: float, at: int, until: int) -> tuple[float, float, str]:
    """Bounds of the time and how it is censored, from the bounds of start and end and the last days asked and seen."""
    if np.isnan(s1) or s1 > at:
        return nan, nan, "not_started"
    if not np.isfinite([s1, s2]).all():
        return nan, nan, "unknown"
    if s1 > until:
        return nan, nan, "unknown"
    if np.isnan(e1) or e1 > at:
        return max(until - s2, 0), inf, "right"
    least, most = e1 - s2, e2 - s1
    if most < 0:
        return nan, nan, "before"
    if least < 0:
        return (nan, nan, "unknown") if most == inf else (-inf, most, "left")
    if least == most:
        return most, most, "exact"
    return least - 1, most, "right" if most == inf else "interval"


def _actors(study: Study, actors: Collection[str] | None) -> pd.Index:
    states = sorted(a_study(study).regions["iso3"].str.lower())
    if actors is None:
        return pd.Index(states, name="actor_id")
    known = {*states, *study.actors["actor_id"]}
    return pd.Index(sorted(set(names_of(actors, sorted(known), "actor"))), name="actor_id")


def _until(study: Study, table: str, at: int) -> int:
    """Last day that the evidence of a table speaks of; where nothing says, the day asked for."""
    known = vintages(study, table)
    return last_observed(known) if known["until_least"].notna().any() else at


def _joined(*cells: str) -> str:
    return ";".join(sorted({cited for cell in cells for cited in cell.split(";") if cited}))
