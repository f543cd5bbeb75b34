"""What the adapters share once a file is read: states, faults by line, rows of our tables.

`states.csv` beside this module is the one list of states: ISO 3166-1 codes, and the number and the column
that the Correlates of War data have for each. A state's id is its lower-case alpha-3 code; a state of the
past without a present code keeps ``cow-NNN``. ``XKX`` (Kosovo) is in use, but not in ISO 3166-1.

Sub-regions are those of UN M49, the intermediate ones where it has such (`subregions.csv`, in their order, with
the names that it gives them). Kosovo and Taiwan, of which M49 has no row of their own, are where the Unicode CLDR
has them in its territory containment, which follows M49. M49 knows no states of the past: each is in the
sub-region of the present state in which its capital lies. Antarctica has none.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from r2p_analysis import paths
from r2p_analysis.external.layout import is_parquet, open_text
from r2p_analysis.schema import Fault, FaultReport, key_of, read_descriptor, resources, suggest

Tables = dict[str, pd.DataFrame]

HEADER = -1
"""Number of the header among the records."""

_SHOWN = 20
_WRITTEN = ("name", "short_name", "name_en", "title", "place", "note")  # what people write, not codes


@lru_cache(maxsize=1)
def state_list() -> pd.DataFrame:
    """The list of states: state_id, name, iso3, iso2, m49, subregion, cow_code, cow_column, as text.

    Examples
    --------
    >>> state_list().set_index("state_id").loc["nam", ["iso2", "cow_code"]].tolist()
    ['NA', '565']
    """
    return _read("states.csv")


@lru_cache(maxsize=1)
def subregions() -> pd.DataFrame:
    """Sub-regions of UN M49 in their order: subregion, m49, label_en, label_es, as text.

    Examples
    --------
    >>> subregions().set_index("subregion").loc["middle_africa", ["m49", "label_es"]].tolist()
    ['017', 'África central']
    """
    return _read("subregions.csv")


def state_codes(by: str, give: str = "state_id") -> dict[str, str]:
    """One column of the list of states by another, for the states that have both.

    Examples
    --------
    >>> state_codes("iso2")["NA"], state_codes("m49", "iso3")["332"]
    ('nam', 'HTI')
    """
    coded = state_list().dropna(subset=[by, give])
    return dict(zip(coded[by], coded[give], strict=True))


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, YYYY-MM-DD.

    Examples
    --------
    >>> is_day("2021-02-28"), is_day("2021-02-29"), is_day("20210228")
    (True, False, False)
    """
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def unknown(frame: pd.DataFrame, column: str, allowed: Collection[str], rule: str) -> list[Fault]:
    """Faults of a column of text: one for each distinct value that is not allowed, where it first stands.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `layout.read` gives it.
    column : str
        The column. An empty cell is no fault here, see `empty`.
    allowed : collection of str
        Values that a rule knows.
    rule : str
        What a wrong value breaks.

    Returns
    -------
    list of Fault
        ``row`` is the number of the record; `refuse` makes a line of it.

    Examples
    --------
    >>> frame = pd.DataFrame({"vote": ["yes", "jes"]}, dtype="category")
    >>> unknown(frame, "vote", ["yes", "no"], "is no vote")[0].hint
    "in 1 row; did you mean 'yes'? allowed: yes, no"
    """
    wrong = frame.loc[~frame[column].isin(list(allowed)), column].dropna().astype("str")
    found = wrong.groupby(wrong)
    # Of a number that is wrong, one that looks like it says nothing.
    hints = {v: suggest("" if v.isdecimal() else v, allowed) for v in found.groups}
    return [_fault(frame, r.index[0], column, rule, f"{_rows(r)}; {hints[v]}") for v, r in found]


def empty(frame: pd.DataFrame, *columns: str) -> list[Fault]:
    """A fault for each column with empty cells, at the first.

    Examples
    --------
    >>> [str(fault) for fault in empty(pd.DataFrame({"vote": ["yes", None, None]}), "vote")]
    [":1 [vote] '': is empty (in 2 rows)"]
    """
    blank = {column: frame.index[frame[column].isna()] for column in columns}
    return [_fault(frame, rows[0], column, "is empty", _rows(rows)) for column, rows in blank.items() if len(rows)]


def broken(frame: pd.DataFrame, records: Sequence[int], column: str, rule: str, hint: str = "") -> list[Fault]:
    """Faults of single cells, of the first 20 records; their ``row`` is the number of the record.

    Examples
    --------
    >>> len(broken(pd.DataFrame({"id": ["x"] * 50}), range(50), "id", "stands twice"))
    20
    """
    more = f"in {len(records)} rows" if len(records) > _SHOWN else ""
    hint = "; ".join(filter(None, [hint, more]))
    return [_fault(frame, record, column, rule, hint) for record in records[:_SHOWN]]


def refuse(faults: Iterable[Fault], path: Path | str) -> None:
    """Raise a FaultReport if there are faults, with the lines that the records have in the file.

    Examples
    --------
    >>> refuse([], "votes.csv")
    """
    faults = list(faults)
    if faults:
        lines = _lines(Path(path), {fault.row for fault in faults})
        raise FaultReport([replace(fault, row=lines[fault.row]) for fault in faults], path)


def slugs(frame: pd.DataFrame, columns: Collection[str], prefix: str = "") -> tuple[dict[str, str], list[Fault]]:
    """Ids for the names in some columns, and a fault for each name that gives none of its own.

    Examples
    --------
    >>> slugs(pd.DataFrame({"actor": ["Unión A.", "B"]}), ["actor"], "x-")[0]
    {'B': 'x-b', 'Unión A.': 'x-union-a'}
    """
    ids, faults, taken = {}, [], {}
    where = {name: (i, c) for c in columns for i, name in reversed([*frame[c].drop_duplicates().dropna().items()])}
    for name, (record, column) in sorted(where.items()):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        slug = "-".join(re.findall("[a-z0-9]+", plain))
        if not slug:
            faults.append(_fault(frame, record, column, "gives no id", "write it with letters a to z or digits"))
        elif slug in taken:
            faults.append(_fault(frame, record, column, f"gives the id {slug!r}", f"as does {taken[slug]!r}"))
        taken[slug], ids[name] = name, prefix + slug
    return ids, faults


def table(name: str, rows: pd.DataFrame | Mapping, ref_id: str, **same: object) -> pd.DataFrame:
    """Rows as one of our tables: its columns in order and typed, sorted by key; texts without spare white space.

    Parameters
    ----------
    name : str
        Name of the table.
    rows : pandas.DataFrame or mapping
        Columns that are known; others are empty.
    ref_id : str
        Reference that is the evidence.
    **same : object
        Columns with one value in all rows. ``basis`` is external.

    Returns
    -------
    pandas.DataFrame
        The table.

    Examples
    --------
    >>> table("actors", {"actor_id": ["hti"], "name": ["Haiti"]}, "X", kind="state").loc[0, "evidence"]
    'X'
    """
    fields = resources(_descriptor())[name]["schema"]["fields"]
    rows = pd.DataFrame(rows).assign(**{"basis": "external", "evidence": ref_id, **same})
    rows = rows.reindex(columns=[field["name"] for field in fields])
    typed = rows.astype({field["name"]: "Int64" if field["type"] == "integer" else "str" for field in fields})
    # Publishers leave a space at the end of a title, or a line break in it; the loader of a study refuses both.
    written = [column for column in _WRITTEN if column in typed]
    typed[written] = typed[written].apply(lambda column: column.str.replace(r"\s+", " ", regex=True).str.strip())
    return typed.sort_values(key_of(_descriptor(), name), ignore_index=True)


def codes(name: str, column: str) -> list[str]:
    """Codes that a column of one of our tables allows.

    Examples
    --------
    >>> codes("memberships", "role")[:2]
    ['member', 'associate']
    """
    fields = {field["name"]: field for field in resources(_descriptor())[name]["schema"]["fields"]}
    return fields[column]["constraints"]["enum"]


def reference(row: Mapping[str, str]) -> pd.DataFrame:
    """The table of references with one row.

    Examples
    --------
    >>> reference({"ref_id": "X", "title": "A list"}).loc[0, "title"]
    'A list'
    """
    return table("references", {column: [cell] for column, cell in row.items()}, row["ref_id"])


def stamped(tables: Tables, attrs: Mapping[str, object]) -> Tables:
    """The tables, each with what is known of the file in ``.attrs``.

    Examples
    --------
    >>> stamped({"votes": pd.DataFrame()}, {"n_rows": 3})["votes"].attrs
    {'n_rows': 3}
    """
    for frame in tables.values():
        frame.attrs = dict(attrs)
    return tables


def place(frame: pd.DataFrame, where: str, province: str) -> pd.Series:
    """A place with its province, unless that is empty or the same.

    Examples
    --------
    >>> place(pd.DataFrame({"where": ["Iguala", "Colima"], "in": ["Guerrero", "Colima"]}), "where", "in").tolist()
    ['Iguala, Guerrero', 'Colima']
    """
    narrow, wide = frame[where].astype("str"), frame[province].astype("str")
    return narrow.where(wide.isna() | (narrow == wide), narrow + ", " + wide).fillna(wide)


def event_tables(events: pd.DataFrame, sides: pd.DataFrame, counts: pd.DataFrame, cite: Mapping[str, str]) -> Tables:
    """Tables of events with their dates, actors, participations, counts and the reference.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns of ``events``; every event has a date.
    sides : pandas.DataFrame
        An actor's part in an event: event_id, side, role, and actor_id, name, kind, iso3 of the actor.
    counts : pandas.DataFrame
        event_id, what, n_min, n_max.
    cite : mapping of str to str
        Row of the reference that is the evidence.

    Returns
    -------
    dict of str to pandas.DataFrame
        references, actors, events, event_dates, participations, counts.
    """
    ref_id = cite["ref_id"]
    actors = sides.sort_values(["actor_id", "kind", "name"]).drop_duplicates("actor_id")
    ids = sides["event_id"] + "-" + sides["side"] + "-" + sides["actor_id"]
    subjects = counts["event_id"] + "-" + counts["what"].str.replace(" ", "-")
    numbers = counts.assign(count_id=subjects, subject_id=counts["event_id"])
    return {
        "references": reference(cite),
        "actors": table("actors", actors, ref_id),
        "events": table("events", events, ref_id, kind="other", status="reported"),
        "event_dates": table("event_dates", events, ref_id),
        "participations": table("participations", sides.assign(participation_id=ids), ref_id),
        "counts": table("counts", numbers, ref_id, qualifier="about"),
    }


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(__file__).with_name(name), dtype="str", keep_default_na=False, na_values=[""])


@lru_cache(maxsize=1)
def _descriptor() -> dict:
    return read_descriptor(paths.study_folder(None))


def _fault(frame: pd.DataFrame, record: int, column: str, rule: str, hint: str) -> Fault:
    value = frame.at[record, column]
    return Fault(frame.attrs.get("file", ""), int(record), column, "" if pd.isna(value) else str(value), rule, hint)


def _rows(rows: Sequence) -> str:
    return f"in {len(rows)} row{'s' * (len(rows) > 1)}"


def _lines(path: Path, records: Collection[int]) -> dict[int, int]:
    """Line on which each record begins; a cell may hold line breaks. Parquet has none: the header is line 1."""
    if is_parquet(path):
        return {record: record + 2 for record in records}
    lines, record = {}, HEADER
    with open_text(path) as file:
        reader = csv.reader(file)
        begins = 1
        for cells in reader:
            if cells:  # pandas passes over empty lines
                lines[record] = begins
                record += 1
            begins = reader.line_num + 1
    return {record: lines[record] for record in records}
