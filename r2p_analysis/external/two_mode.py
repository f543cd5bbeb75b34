"""Any two-mode list: who belongs to what, from when to when.

One row is one spell. ``actor`` and ``group`` are names, from which ids are made; ``start`` and ``end`` are optional,
years or any EDTF values, and empty where not known. As everywhere, a day-precise end is the first day outside.
Two rows of one actor and group are two spells: they may not overlap for certain, nor be told apart by nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.external import layout
from r2p_analysis.external.tables import Tables, broken, codes, empty, reference, refuse, slugs, stamped, table, unknown
from r2p_analysis.rules import check_rules
from r2p_analysis.schema import Fault, one_of

_MEMBERSHIPS = {"name": "memberships", "path": "", "schema": {"fields": [], "primaryKey": ["membership_id"]}}


def load(
    path: str | os.PathLike,
    *,
    actor_kind: str = "person",
    group_kind: str = "network",
    cite: Mapping[str, str] | None = None,
    n_rows: layout.NRows = None,
) -> Tables:
    """Read a two-mode list.

    Parameters
    ----------
    path : str or path-like
        File of columns actor, group and, where there are any, start and end.
    actor_kind, group_kind : str
        Kind of all actors and of all groups, a code of ``actors.kind``; the file does not say it.
    cite : mapping of str to str, optional
        Row of ``references`` for the file: ref_id, title, publisher, licence, kind and more. None says no more
        than the name of the file, licence unknown.
    n_rows : int, optional
        Number of rows that the file must have.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``references``, ``actors`` and ``memberships`` (member, operating, confidence medium). A name in both
        columns is one actor, a group. ``.attrs`` of each has file, layout, n_rows and columns_left_out.

    Raises
    ------
    DataError
        If the layout or the number of rows is another.
    ValueError
        If a kind is no code.
    FaultReport
        If a cell is empty, two names give one id, a date is no EDTF, a row stands twice, a spell ends before it
        begins, or it overlaps another of the same actor and group.

    See Also
    --------
    r2p_analysis.external.study_of : The tables as a study; its networks need ``actors="all"``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "club.csv"
    ...     _ = file.write_text(chr(10).join(["actor,group,start", "Ana,Chess,2001", "Ben,Chess,"]))
    ...     tables = load(file)
    >>> tables["memberships"][["actor_id", "body_id", "start_edtf"]]
      actor_id body_id start_edtf
    0      ana   chess       2001
    1      ben   chess        NaN
    """
    asked = ((actor_kind, "actor_kind"), (group_kind, "group_kind"))
    actor_kind, group_kind = (one_of(kind, codes("actors", "kind"), what) for kind, what in asked)
    frame = layout.read(path, "two_mode", ("start", "end"), n_rows=n_rows)
    frame = frame.reindex(columns=["actor", "group", "start", "end"]).astype("category")
    ids, clashes = slugs(frame, ["actor", "group"])
    refuse([*_faults(frame), *clashes], path)
    memberships = _spells(frame, ids)
    refuse(_wrong_spells(frame, memberships), path)

    groups = set(frame["group"])
    actors = {
        "actor_id": ids.values(),
        "name": ids.keys(),
        "kind": [group_kind if name in groups else actor_kind for name in ids],
    }
    cited = dict(cite or _unstated(Path(path)))
    tables = {
        "references": reference(cited),
        "actors": table("actors", actors, cited["ref_id"]),
        "memberships": table("memberships", memberships, cited["ref_id"]),
    }
    return stamped(tables, frame.attrs)


def _faults(frame: pd.DataFrame) -> list[Fault]:
    faults = empty(frame, "actor", "group")
    for column in ("start", "end"):
        stated = [text for text in frame[column].cat.categories if _is_edtf(text)]
        faults += unknown(frame, column, stated, "is no year and no EDTF date")
    return faults + broken(frame, frame.index[frame.duplicated()], "actor", "the row stands twice")


def _spells(frame: pd.DataFrame, ids: Mapping[str, str]) -> pd.DataFrame:
    """Rows of memberships, by the number of the record."""
    cells = frame.astype("str")
    found = pd.DataFrame({"actor_id": cells["actor"].map(ids), "body_id": cells["group"].map(ids)})
    pairs = found["actor_id"] + "-" + found["body_id"]
    return found.assign(
        membership_id=pairs + "-" + (pairs.groupby(pairs).cumcount() + 1).astype("str"),
        start_edtf=cells["start"],
        end_edtf=cells["end"],
        **{"role": "member", "status": "operating", "basis": "external", "confidence": "medium"},
    )


def _wrong_spells(frame: pd.DataFrame, memberships: pd.DataFrame) -> list[Fault]:
    """What the loader of a study would refuse: it is asked itself, so that there is one rule."""
    found = check_rules({"memberships": memberships.astype("str")}, {"resources": [_MEMBERSHIPS]})
    said = [(f.row, f.column.removesuffix("_edtf"), f.rule, _hint(frame, f.hint)) for f in found]
    return [fault for row, column, rule, hint in said for fault in broken(frame, [row], column, rule, hint)]


def _hint(frame: pd.DataFrame, hint: str) -> str:
    # The rule names the other spell by its number among the records, which is no line of the file.
    number = hint.removeprefix("see line ")
    start, end = frame.loc[int(number), ["start", "end"]].fillna("?") if number != hint else ("", "")
    return hint if number == hint else f"the other is from {start} to {end}"


def _is_edtf(text: str) -> bool:
    try:
        return bool(dates.parse(text))
    except ValueError:
        return False


def _unstated(path: Path) -> dict[str, str]:
    name = re.sub("[^A-Z0-9]", "", path.name.split(".")[0].upper())
    unknown_terms = {"publisher": "not stated", "licence": "unknown: facts only", "kind": "data set"}
    return {"ref_id": name or "FILE", "title": path.name, **unknown_terms}
