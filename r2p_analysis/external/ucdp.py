"""UCDP Georeferenced Event Dataset (GED): lethal events, their sides and their deaths.

An event of GED has one date that may not be known to the day: ``date_start`` and ``date_end`` are its earliest
and its latest possible day, and ``date_prec`` says how far they are apart: 1 the day, 2 two to six days, 3 a week,
4 up to a month, 5 up to a year. So ``[2021-03-04..2021-03-06]`` is one unknown day of three, and a whole month
or year is written as such (``2021-03``).

A side with a government's number is that state; the civilians of one-sided violence are a collective, whom the
event happens to; every other side is an armed group. Countries have Gleditsch-Ward numbers, which differ from
those of Correlates of War for a few states.

References
----------
Sundberg and Melander (2013), Introducing the UCDP Georeferenced Event Dataset. Journal of Peace Research
50(4), 523-532. https://doi.org/10.1177/0022343313484347
"""

from __future__ import annotations

import os
from calendar import monthrange
from collections.abc import Collection

import numpy as np
import pandas as pd

from r2p_analysis.external import layout
from r2p_analysis.external.tables import (
    Tables,
    broken,
    empty,
    event_tables,
    is_day,
    place,
    refuse,
    stamped,
    state_codes,
    unknown,
)
from r2p_analysis.schema import Fault

REFERENCE = {
    "ref_id": "UCDPGED",
    "title": "UCDP Georeferenced Event Dataset (GED) (Sundberg and Melander 2013)",
    "publisher": "Uppsala Conflict Data Program",
    "url": "https://doi.org/10.1177/0022343313484347",
    "licence": "CC BY 4.0",
    "kind": "data set",
}

# Days from the earliest to the latest, both counted.
_DAYS = {"1": (1, 1), "2": (2, 6), "3": (7, 7), "4": (8, 31), "5": (32, 366)}
_VIOLENCE = {"1": "state-based violence", "2": "non-state violence", "3": "one-sided violence"}
_CIVILIANS = "Civilians"
_DATES = ("date_start", "date_end")
_IDS = ("id", "side_a_new_id", "side_b_new_id")
_MAY_BE_EMPTY = ("where_coordinates", "adm_1", "gwnoa", "gwnob")
_MIDNIGHT = " 00:00:00.000"
_ESTIMATES = {"best": "deaths best estimate", "low": "deaths low estimate", "high": "deaths high estimate"}
_SIDES = {"a": ("side_a_new_id", "side_a", "gwnoa"), "b": ("side_b_new_id", "side_b", "gwnob")}
# Gleditsch and Ward where they differ from Correlates of War: Germany and Yemen keep the number of the part that
# took over the other, Serbia has one of its own, and the Pacific states are numbered anew.
_GLEDITSCH_WARD = {"260": "deu", "678": "yem", "340": "srb", "970": "kir", "971": "nru", "972": "ton", "973": "tuv"}


def load_ged(
    path: str | os.PathLike, *, countries: Collection[str] | str | None = None, n_rows: layout.NRows = None
) -> Tables:
    """Read events of GED.

    Parameters
    ----------
    path : str or path-like
        The publisher's file, of the world or of a country (Mexico 1989 to 2023 has 18,957 rows).
    countries : collection of str or str, optional
        Names of countries, as the file has them, whose events are kept.
    n_rows : int, optional
        Number of rows that the file must have. Each version of the publisher's has another, so that None asks none.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``references``, ``actors``, ``events`` (id ``ged-`` and the number in the file), ``event_dates``,
        ``participations`` and ``counts``: the best, low and high estimate of deaths, a row each, for the file has
        a few events whose low is above the high. ``.attrs`` of each has file, layout, n_rows,
        n_estimates_out_of_order (such events), columns_left_out (not read: sources, coordinates, ...).

    Raises
    ------
    DataError
        If the layout or the number of rows is another.
    FaultReport
        If a code is unknown, dates and their precision do not fit, or an estimate is no number.

    Examples
    --------
    >>> edtf("2021-03-04", "2021-03-06"), edtf("2021-03-01", "2021-03-31")
    ('[2021-03-04..2021-03-06]', '2021-03')
    """
    frame = layout.read(path, "ucdp_ged", keep={"country": countries}, n_rows=n_rows)
    numbers = {**state_codes("cow_code"), **_GLEDITSCH_WARD}
    days = {text: text.removesuffix(_MIDNIGHT) for column in _DATES for text in frame[column].cat.categories}
    refuse(_unknown_codes(frame, numbers, [text for text, day in days.items() if is_day(day)]), path)
    first, last = (frame[column].map(days).astype("str") for column in _DATES)
    refuse(_wrong_spans(frame, first, last), path)

    ids = "ged-" + frame["id"].astype("str")
    events = {
        "event_id": ids,
        "title": frame["dyad_name"],
        "date_edtf": [edtf(a, b) for a, b in zip(first, last, strict=True)],
        "place": place(frame, "where_coordinates", "adm_1"),
        "country_iso3": frame["country_id"].map(numbers).map(state_codes("state_id", "iso3")),
        "note": frame["type_of_violence"].map(_VIOLENCE),
    }
    sides = pd.concat([_side(frame, ids, side, numbers) for side in _SIDES], ignore_index=True)
    deaths = frame[[*_ESTIMATES]].astype("str").astype("int64")
    counts = pd.concat([_count(ids, what, deaths[column]) for column, what in _ESTIMATES.items()])
    in_order = (deaths["low"] <= deaths["best"]) & (deaths["best"] <= deaths["high"])
    tables = event_tables(pd.DataFrame(events), sides, counts, REFERENCE)
    return stamped(tables, {**frame.attrs, "n_estimates_out_of_order": int((~in_order).sum())})


def edtf(first: str, last: str) -> str:
    """EDTF of one unknown day from the first to the last: a day, a whole month or year, else a range.

    Examples
    --------
    >>> edtf("2020-01-01", "2020-12-31"), edtf("2020-02-01", "2020-02-28")
    ('2020', '[2020-02-01..2020-02-28]')
    """
    year, month = int(first[:4]), int(first[5:7])
    whole = {
        (first, first): first,
        (f"{first[:7]}-01", f"{first[:7]}-{monthrange(year, month)[1]}"): first[:7],
        (f"{first[:4]}-01-01", f"{first[:4]}-12-31"): first[:4],
    }
    return whole.get((first, last), f"[{first}..{last}]")


def _unknown_codes(frame: pd.DataFrame, numbers: Collection[str], days: Collection[str]) -> list[Fault]:
    faults = unknown(frame, "country_id", numbers, "is no state of Gleditsch and Ward")
    for _, _, number in _SIDES.values():
        known = [cell for cell in frame[number].cat.categories if set(cell.split(", ")) <= set(numbers)]
        faults += unknown(frame, number, known, "is no state of Gleditsch and Ward")
    for column in _DATES:
        faults += unknown(frame, column, days, "is no day (YYYY-MM-DD)")
    for column in (*_ESTIMATES, *_IDS):
        whole = [cell for cell in frame[column].cat.categories if cell.isdecimal()]
        faults += unknown(frame, column, whole, "is no whole number")
    faults += unknown(frame, "date_prec", _DAYS, "is no precision of dates")
    faults += unknown(frame, "type_of_violence", _VIOLENCE, "is no type of violence")
    faults += broken(frame, frame.index[frame["id"].duplicated()], "id", "stands twice")
    return faults + empty(frame, *[c for c in layout.LAYOUTS["ucdp_ged"] if c not in _MAY_BE_EMPTY])


def _wrong_spans(frame: pd.DataFrame, first: pd.Series, last: pd.Series) -> list[Fault]:
    n_days = (pd.to_datetime(last) - pd.to_datetime(first)).dt.days + 1
    fewest, most = (frame["date_prec"].map({c: span[i] for c, span in _DAYS.items()}).astype("int64") for i in (0, 1))
    wrong = frame.index[(n_days < fewest) | (n_days > most)]
    hint = "1: one day, 2: two to six, 3: seven, 4: 8 to 31, 5: 32 to 366"
    return broken(frame, wrong, "date_prec", "does not fit the days from date_start to date_end", hint)


def _side(frame: pd.DataFrame, ids: pd.Series, side: str, numbers: dict[str, str]) -> pd.DataFrame:
    """Actors on one side of each event: the states, where there are numbers, else the group."""
    key, name, number = _SIDES[side]
    parts = pd.DataFrame({"event_id": ids, "side": side, "name": frame[name].astype("str")})
    parts["state"] = frame[number].astype("str").str.split(", ")
    parts["group"] = "ucdp-" + frame[key].astype("str")
    parts = parts.explode("state").reset_index(drop=True)
    parts = parts.assign(state=parts["state"].map(numbers))
    is_state, is_civilian = parts["state"].notna(), parts["name"] == _CIVILIANS
    return parts.assign(
        actor_id=parts["state"].fillna(parts["group"]),
        name=parts["state"].map(state_codes("state_id", "name")).fillna(parts["name"]),
        iso3=parts["state"].map(state_codes("state_id", "iso3")),
        kind=np.select([is_state, is_civilian], ["state", "collective"], "armed_group"),
        role=np.where(is_civilian, "subject", "participant"),
    )


def _count(ids: pd.Series, what: str, deaths: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"event_id": ids, "what": what, "n_min": deaths, "n_max": deaths})
