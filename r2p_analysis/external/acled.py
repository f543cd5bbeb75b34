"""ACLED's column layout: political violence and protest by day, actors, place and reported deaths.

ACLED's terms forbid passing the data on, so none are shipped; the file is the one that a user exported. One
day stands in ``event_date`` whatever is known: with ``time_precision`` 1 it is the day, with 2 the middle of a
week or similar time, written here as the seven days around it, and with 3 it stands for its month.

State forces are offices, rebels and militias armed groups; rioters, protesters, civilians and external forces
are collectives. An actor with several codes in the file has the first of them in ACLED's order. Actors
that are only associated with another (``assoc_actor_1``, ``assoc_actor_2``) are not read.

References
----------
Raleigh, Linke, Hegre and Karlsen (2010), Introducing ACLED: An Armed Conflict Location and Event Dataset. Journal
of Peace Research 47(5), 651-660. https://doi.org/10.1177/0022343310378914
"""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import datetime, timedelta

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
    slugs,
    stamped,
    state_codes,
    unknown,
)
from r2p_analysis.schema import Fault

REFERENCE = {
    "ref_id": "ACLED",
    "title": "Armed Conflict Location and Event Data (Raleigh, Linke, Hegre and Karlsen 2010)",
    "publisher": "ACLED",
    "url": "https://doi.org/10.1177/0022343310378914",
    "licence": "ACLED's terms of use: not to be passed on",
    "kind": "data set",
}

_PRECISIONS = ("1", "2", "3")
# Numbers, or in newer exports words, in ACLED's order.
_ACTORS = {
    "1": "office",
    "2": "armed_group",
    "3": "armed_group",
    "4": "armed_group",
    "5": "collective",
    "6": "collective",
    "7": "collective",
    "8": "collective",
}
_WORDS = (
    *("State forces", "Rebel group", "Political militia", "Identity militia"),
    *("Rioters", "Protesters", "Civilians", "External/Other forces"),
)
_INTER = {**{code: code for code in _ACTORS}, **{word: str(i) for i, word in enumerate(_WORDS, 1)}}
_MAY_BE_EMPTY = ("actor2", "inter1", "inter2", "admin1", "location")  # inter: where there is no actor
_WRITTEN = "%d %B %Y"
_SIDES = {"a": ("actor1", "inter1"), "b": ("actor2", "inter2")}


def load_events(
    path: str | os.PathLike, *, countries: Collection[str] | str | None = None, n_rows: layout.NRows = None
) -> Tables:
    """Read an export of ACLED.

    Parameters
    ----------
    path : str or path-like
        The file, with ACLED's columns.
    countries : collection of str or str, optional
        Names of countries, as the file has them, whose events are kept.
    n_rows : int, optional
        Number of rows that the file must have. Each export has another, so that None asks none.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``references``, ``actors``, ``events`` (id ``acled-`` and event_id_cnty), ``event_dates``, ``participations``
        and ``counts`` (``fatalities``). ``.attrs`` of each has file, layout, n_rows and columns_left_out.

    Raises
    ------
    DataError
        If the layout or the number of rows is another.
    FaultReport
        If a code or date is unknown.

    Examples
    --------
    >>> edtf("07 March 2021", "2"), edtf("2021-03-15", "3")
    ('[2021-03-04..2021-03-10]', '2021-03')
    """
    frame = layout.read(path, "acled", keep={"country": countries}, n_rows=n_rows)
    iso3 = {number.lstrip("0"): code for number, code in state_codes("m49", "iso3").items()}
    actors, clashes = slugs(frame, [name for name, _ in _SIDES.values()], "acled-")
    ids, same = slugs(frame, ["event_id_cnty"], "acled-")
    refuse([*_unknown_codes(frame, iso3), *clashes, *same], path)

    event_ids = frame["event_id_cnty"].map(ids).astype("str")
    events = {
        "event_id": event_ids,
        "title": frame["sub_event_type"],
        "date_edtf": [edtf(*cells) for cells in zip(frame["event_date"], frame["time_precision"], strict=True)],
        "place": place(frame, "location", "admin1"),
        "country_iso3": frame["iso"].map(iso3),
        "note": frame["event_type"],
    }
    deaths = frame["fatalities"].astype("str").astype("int64")
    counts = pd.DataFrame({"event_id": event_ids, "what": "fatalities", "n_min": deaths, "n_max": deaths})
    sides = pd.concat([_side(frame, event_ids, side, actors) for side in _SIDES]).sort_values("inter")
    sides = sides.assign(kind=sides.groupby("actor_id")["inter"].transform("first").map(_ACTORS))
    tables = event_tables(pd.DataFrame(events), sides, counts, REFERENCE)
    return stamped(tables, frame.attrs)


def edtf(day: str, precision: str) -> str:
    """EDTF of a date of ACLED by its precision.

    Examples
    --------
    >>> edtf("07 March 2021", "1")
    '2021-03-07'
    """
    stated = datetime.strptime(day, "%Y-%m-%d" if is_day(day) else _WRITTEN).date()
    if precision == "2":
        return f"[{stated - timedelta(days=3)}..{stated + timedelta(days=3)}]"
    return stated.isoformat() if precision == "1" else f"{stated:%Y-%m}"


def _is_date(text: str) -> bool:
    try:
        return is_day(text) or bool(datetime.strptime(text, _WRITTEN))
    except ValueError:
        return False


def _unknown_codes(frame: pd.DataFrame, iso3: Collection[str]) -> list[Fault]:
    days = [text for text in frame["event_date"].cat.categories if _is_date(text)]
    whole = [cell for cell in frame["fatalities"].cat.categories if cell.isdecimal()]
    faults = unknown(frame, "event_date", days, "is no date (07 March 2021 or 2021-03-07)")
    faults += unknown(frame, "fatalities", whole, "is no number of deaths")
    faults += unknown(frame, "time_precision", _PRECISIONS, "is no precision of dates")
    faults += unknown(frame, "iso", iso3, "is no ISO 3166-1 number")
    for name, kind in _SIDES.values():
        acting = frame[frame[name].notna()]
        faults += unknown(acting, kind, _INTER, "is no kind of actor") + empty(acting, kind)
    faults += broken(frame, frame.index[frame["event_id_cnty"].duplicated()], "event_id_cnty", "stands twice")
    return faults + empty(frame, *[c for c in layout.LAYOUTS["acled"] if c not in _MAY_BE_EMPTY])


def _side(frame: pd.DataFrame, event_ids: pd.Series, side: str, actors: dict[str, str]) -> pd.DataFrame:
    name, kind = _SIDES[side]
    cells = {"event_id": event_ids, "side": side, "name": frame[name].astype("str"), "role": "participant"}
    sides = pd.DataFrame({**cells, "inter": frame[kind].map(_INTER).astype("str"), "iso3": None})
    return sides.assign(actor_id=sides["name"].map(actors)).dropna(subset="actor_id")
