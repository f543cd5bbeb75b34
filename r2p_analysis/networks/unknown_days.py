"""Boundaries of spells that are not one exact day, and the days that each of them may be.

The modelling choice: a boundary that is stated as one of several days (``2012``, ``2012-03``, ``[2010..2013]``) is
one unknown day, and each of its days is equally likely. A boundary that is not stated, is open to one side
(``[..2012]``) or lasted (``2012/2013``) has *no* distribution: nothing says how its days should be weighed, and
the readings certain and possible are all that can be said of it.

Four things narrow or tie these days; each only uses what the rows state:

- A spell begins before it ends, and a row that vouches for a day (see `holding`: an empty end and a vintage that is
  a known day) has begun by then. Days that contradict this are left out.
- Nested dates of one boundary refine each other, as they do for events: where one layer has ``2012`` and the other
  ``2012-03`` for the same actor, body, role and status, both are the same day of March. Of disjoint dates none refines.
- The same stated days in the same body are one day: the founding members of 2012 joined together, and the end of
  a membership is the start of the suspension. Drawn apart, a body of 18 founders would grow by dribbles that no source
  speaks of. ``together="actor"`` ties only boundaries of the same actor; neither choice follows from
  the sources, so a finding should survive both. The expected value of a sum over ties is the same in both.
- Where one spell both starts and ends in the same stated days, or tied boundaries leave no common day, nothing is tied.
  Nor are spells of one member that follow each other with different vague dates put in order.

A qualifier (``?``, ``~``, ``%``) does not widen a date here either, see `dates`.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.schema import one_of
from r2p_analysis.study import Study, a_study

Runs = tuple[tuple[int, int], ...]

_TOGETHER = {"body": ["body_id"], "actor": ["body_id", "actor_id"]}
_SAME_SPELL = ["actor_id", "body_id", "role", "status", "boundary"]
_EVER = (0, 10_000_000)


def unknown_days(study: Study, *, together: Literal["body", "actor"] = "body") -> pd.DataFrame:
    """Boundaries of memberships that are not one exact day.

    Parameters
    ----------
    study : Study
        The study.
    together : {"body", "actor"}, default "body"
        Boundaries with the same stated days are one and the same day within a body, or only for one actor in it.

    Returns
    -------
    pandas.DataFrame
        One row a boundary, by ``membership_id`` and ``boundary`` (start before end): ``actor_id``, ``body_id``,
        ``edtf`` (as stated; null where nothing is), ``kind`` (``distribution``, ``open`` for what is open or lasted,
        ``not_stated``), ``day_id`` (the same number for the same unknown day), ``n_days`` and ``runs`` (the days left
        to it, as pairs of proleptic day numbers, first and last of each run). The last three are null but for
        ``distribution``. With ``n_days`` 1 another row or rule leaves one day only.

    Raises
    ------
    ValueError
        If `together` is unknown.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> table = unknown_days(load_study())
    >>> founding = table[(table["body_id"] == "lan") & (table["kind"] == "distribution")]
    >>> len(founding), founding["day_id"].nunique(), founding["n_days"].unique().tolist()
    (18, 1, [366])
    """
    keys = _TOGETHER[one_of(together, _TOGETHER, "together")]
    table = _boundaries(study)
    table["kind"] = [_kind(text) for text in table["edtf"]]
    vague = table["kind"].isin(["distribution", "exact"])
    known = table[vague].assign(days=_refined(table[vague]))
    # What is refined to one exact day is listed as well: its row still states several.
    known = known[known["kind"] == "distribution"]
    tied = _tied(known, keys)
    table["day_id"] = pd.array([tied[i][0] if i in tied else None for i in table.index], dtype="Int64")
    table["runs"] = pd.Series([tied[i][1] if i in tied else None for i in table.index], table.index, dtype="object")
    counts = [_size(tied[i][1]) if i in tied else None for i in table.index]
    table["n_days"] = pd.array(counts, dtype="Int64")
    columns = ["membership_id", "boundary", "actor_id", "body_id", "edtf", "kind", "day_id", "n_days", "runs"]
    found = table.loc[table["kind"] != "exact", columns].reset_index(drop=True)
    found.attrs.update(layers=study.layers, together=together)
    return found


def _boundaries(study: Study) -> pd.DataFrame:
    """Two rows a membership, start and end, with the first and last day that the rest of the row leaves to it."""
    rows = a_study(study).memberships.sort_values("membership_id", ignore_index=True)
    vouched = _vouched(study, rows)
    limits = [_limits(s, e, v) for s, e, v in zip(rows["start_edtf"], rows["end_edtf"], vouched, strict=True)]
    sides = []
    for place, side in enumerate(("start", "end")):
        sides.append(rows.assign(boundary=side, edtf=rows[f"{side}_edtf"], limits=[pair[place] for pair in limits]))
    return pd.concat(sides).sort_index(kind="stable").reset_index(drop=True)


def _kind(text: str) -> str:
    if pd.isna(text):
        return "not_stated"
    value = dates.parse(text)
    if value.earliest is None or value.latest is None:
        return "open"
    # What lasted from a day to the same day is that day, as in `holding`.
    if value.earliest == value.latest:
        return "exact"
    return "open" if value.is_extent else "distribution"


def _vouched(study: Study, rows: pd.DataFrame) -> list[list[tuple[int, int]]]:
    """Known first and last days for which each row's passages and references vouch."""
    vintages = study.passages.set_index("passage_id")["vintage_edtf"].to_dict()
    vintages |= study.references.set_index("ref_id")["published_edtf"].to_dict()
    found = []
    for cell in rows["evidence"].fillna(""):
        values = [dates.parse(text) for text in map(vintages.get, cell.split(";")) if isinstance(text, str)]
        spans = [(v.first[1], v.last[0]) for v in values]
        found.append([(a.toordinal(), b.toordinal()) for a, b in spans if a and b and a <= b])
    return found


def _limits(start: str, end: str, vouched: list[tuple[int, int]]) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last day that the rest of a row leaves to its start, and to its end."""
    earliest = None if pd.isna(start) else dates.parse(start).earliest
    latest = None if pd.isna(end) else dates.parse(end).latest
    last_start, first_end = _EVER[1], _EVER[0]
    if earliest:
        first_end = earliest.toordinal() + 1
    if latest:
        # A day is the first one outside; of what is open or lasted the last day is still inside.
        last_start = latest.toordinal() - (_kind(end) != "open")
    elif pd.isna(end) and earliest:
        # Evidence older than the earliest start vouches for nothing, see `holding`; of what lasted, the rest does.
        first = earliest.toordinal()
        last_start = min((max(since, first) for since, until in vouched if until >= first), default=last_start)
    return (_EVER[0], last_start), (first_end, _EVER[1])


def _refined(table: pd.DataFrame) -> list[Runs]:
    """Days of each boundary: its own or those of the narrowest of the nested ones stated for it."""
    stated = table.groupby(_SAME_SPELL, dropna=False)["edtf"].agg(lambda texts: sorted(set(texts))).to_dict()
    days = []
    for key, text, limits in zip(
        table[_SAME_SPELL].itertuples(index=False), table["edtf"], table["limits"], strict=True
    ):
        inside = [other for other in stated[tuple(key)] if dates.refine([text, other]) == other]
        narrowest = dates.refine([text, *inside]) or text
        days.append(_runs(narrowest) if _clip(_runs(narrowest), limits) else _runs(text))
    return days


def _tied(known: pd.DataFrame, keys: list[str]) -> dict[int, tuple[int, Runs]]:
    """Number and days of the unknown day of each boundary; of boundaries that are one day they are the same."""
    groups: dict[tuple, list[int]] = {}
    for i, key, days in zip(known.index, known[keys].itertuples(index=False), known["days"], strict=True):
        groups.setdefault((*key, days), []).append(i)
    limits, spell = known["limits"].to_dict(), known["membership_id"].to_dict()
    found: dict[int, Runs] = {}
    together: list[list[int]] = []
    for (*_, days), members in groups.items():
        common = _clip(days, (max(limits[i][0] for i in members), min(limits[i][1] for i in members)))
        is_one = common and len({spell[i] for i in members}) == len(members)
        together += [members] if is_one else [[i] for i in members]
        # Days that the rest of the row excludes altogether stay as they are stated: the boundary wins, as in `holding`.
        found |= {i: common if is_one else _clip(days, limits[i]) or days for i in members}
    numbered = enumerate(sorted(together))
    return {i: (number, found[i]) for number, members in numbered for i in members}


def _runs(text: str) -> Runs:
    return tuple((low.toordinal(), high.toordinal()) for low, high in dates.parse(text).runs)


def _clip(runs: Runs, limits: tuple[int, int]) -> Runs:
    clipped = ((max(low, limits[0]), min(high, limits[1])) for low, high in runs)
    return tuple((low, high) for low, high in clipped if low <= high)


def _size(runs: Runs) -> int:
    return sum(high - low + 1 for low, high in runs)
