"""How far two independent readings of the same documents agree.

A row of one reading is paired with a row of the other without looking at the codes that are to be
compared: actors by their names, events and functions by the places in the document they stand on.
Shares are of the union: found by both, divided by found by either. Codes are compared on paired rows
by Krippendorff's alpha for nominal data (Hayes and Krippendorff 2007, doi:10.1080/19312450709336664).
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

from r2p_analysis import dates, paths
from r2p_analysis.options import path
from r2p_analysis.schema import DataError, FaultReport, Tables, read_descriptor, read_tables

_TABLES = (
    "passages",
    "actors",
    "aliases",
    "memberships",
    "ties",
    "events",
    "event_dates",
    "participations",
    "functions",
)


_RELATIONS = {
    "memberships": ["actor_id", "role", "body_id"],
    "ties": ["actor_id", "relation", "target_id"],
}


def compare_readings(folder_a: str | os.PathLike, folder_b: str | os.PathLike) -> pd.DataFrame:
    """Compare two readings.

    Parameters
    ----------
    folder_a, folder_b : str or path-like
        Folders with the tables of a reading, ``NAME.csv`` each, in the columns of the shipped
        study's descriptor. Rows of basis external are no reading of a document and are passed over.

    Returns
    -------
    pandas.DataFrame
        measure, kind (``share`` in [0, 1] or ``alpha``, at most 1), value, n_a, n_b (rows of each
        reading), n_both (rows paired). A value is null where nothing can be compared.

    Raises
    ------
    DataError
        If a folder or table is missing, cannot be read, or a row cites a passage that is not there.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> tables = load_study().path / "tables"
    >>> set(compare_readings(tables, tables)["value"])
    {1.0}
    """
    a, b = _read(path(folder_a, "folder_a")), _read(path(folder_b, "folder_b"))
    same = _pair_actors(a, b)
    events, functions = _pair_by_place(a, b, "events", same), _pair_by_place(a, b, "functions", same)
    rows = [_share("actors", len(a["actors"]), len(b["actors"]), len(same)), _share_of("events", a, b, len(events))]
    for name, (one, relation, other) in _RELATIONS.items():
        for label, columns in ((f"{name}, same two actors", [one, other]), (name, [one, relation, other])):
            keys = [set(map(tuple, frame[columns].to_numpy())) for frame in (_renamed(a[name], same), b[name])]
            rows.append(_share(label, len(keys[0]), len(keys[1]), len(keys[0] & keys[1])))
    rows.append(_share_of("functions", a, b, len(functions)))
    for name, pairs in (("events", events), ("functions", functions)):
        for column in ("kind", "status") if name == "events" else ("function", "status"):
            codes = [a[name].loc[[i for i, _ in pairs], column], b[name].loc[[j for _, j in pairs], column]]
            rows.append((f"{name}.{column}", "alpha", _alpha(*codes), len(a[name]), len(b[name]), len(pairs)))
    return pd.DataFrame(rows, columns=["measure", "kind", "value", "n_a", "n_b", "n_both"])


def _read(folder: Path) -> Tables:
    if not folder.is_dir():
        raise DataError(f"no reading at {folder}: a reading is a folder of tables such as events.csv")
    shipped = read_descriptor(paths.study_folder())
    declared = [{**r, "path": f"{r['name']}.csv"} for r in shipped["resources"] if r["name"] in _TABLES]
    tables, faults = read_tables(folder, {"resources": declared})
    if faults:
        raise FaultReport(faults, folder)
    tables = {n: f[f["basis"] != "external"] if "basis" in f.columns else f for n, f in tables.items()}
    known = set(tables["passages"]["passage_id"])
    cited = {p for n in ("events", "functions") for row in tables[n]["evidence"].dropna() for p in row.split(";")}
    if cited - known:
        raise DataError(f"{folder}: evidence that is not in passages.csv: {', '.join(sorted(cited - known)[:9])}")
    return tables


def _share(measure: str, n_a: int, n_b: int, n_both: int) -> tuple:
    either = n_a + n_b - n_both
    return measure, "share", n_both / either if either else np.nan, n_a, n_b, n_both


def _share_of(table: str, a: Tables, b: Tables, n_both: int) -> tuple:
    return _share(table, len(a[table]), len(b[table]), n_both)


def _pair_actors(a: Tables, b: Tables) -> dict[str, str]:
    """Map ids of a to ids of b: same id first, then a name in common; one to one."""
    shared = sorted(set(a["actors"]["actor_id"]) & set(b["actors"]["actor_id"]))
    pairs, taken = {i: i for i in shared}, set(shared)
    named = {}
    for actor, names in _names(b).items():
        for name in sorted(names):
            named.setdefault(name, actor)
    for actor, names in _names(a).items():
        others = sorted({named[n] for n in names if n in named} - taken)
        if actor not in pairs and others:
            pairs[actor] = others[0]
            taken.add(others[0])
    return pairs


def _names(reading: Tables) -> dict[str, set[str]]:
    actors, aliases = reading["actors"], reading["aliases"]
    known = [*zip(actors["actor_id"], actors["name"], strict=True)]
    known += [*zip(actors["actor_id"], actors["short_name"].fillna(""), strict=True)]
    known += [*zip(aliases["actor_id"], aliases["alias"], strict=True)]
    names: dict[str, set[str]] = {}
    for actor, name in sorted(known):
        names.setdefault(actor, set()).update({_plain(name)} - {""})
    return names


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", ascii_only))


def _pair_by_place(a: Tables, b: Tables, table: str, same: dict[str, str]) -> list[tuple[int, int]]:
    """Pair rows whose passages overlap: most overlap in all, then likest words; one to one."""
    from scipy.optimize import linear_sum_assignment

    left, right = a[table], b[table]
    places = [_places(a, table), _places(b, table)]
    words = [
        [set(_plain(text).split()) for text in frame["title" if table == "events" else "gist"]]
        for frame in (left, right)
    ]
    score = np.zeros((len(left), len(right)))
    for i, (row, here) in enumerate(zip(left.itertuples(index=False), places[0], strict=True)):
        for j, (other, there) in enumerate(zip(right.itertuples(index=False), places[1], strict=True)):
            if here & there and _may_be_same(table, row, other, same):
                score[i, j] = len(here & there) / len(here | there) + _jaccard(words[0][i], words[1][j])
    chosen = zip(*linear_sum_assignment(score, maximize=True), strict=True)
    return [(left.index[i], right.index[j]) for i, j in chosen if score[i, j] > 0]


def _places(reading: Tables, table: str) -> list[set[tuple[str, int]]]:
    spans = reading["passages"].set_index("passage_id")[["source_id", "start", "end"]]
    cited = reading[table]["evidence"].str.split(";")
    return [{(s, k) for p in row for s, lo, hi in [spans.loc[p]] for k in range(lo, hi)} for row in cited]


def _may_be_same(table: str, row: tuple, other: tuple, same: dict[str, str]) -> bool:
    if table == "functions":
        return same.get(row.body_id) == other.body_id
    if pd.isna(row.date_edtf) or pd.isna(other.date_edtf):
        return True
    (low, high), (low_b, high_b) = dates.bounds(row.date_edtf), dates.bounds(other.date_edtf)
    return not ((high and low_b and high < low_b) or (high_b and low and high_b < low))


def _jaccard(one: set, other: set) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _renamed(frame: pd.DataFrame, same: dict[str, str]) -> pd.DataFrame:
    columns = [c for c in ("actor_id", "target_id", "body_id") if c in frame.columns]
    return frame.assign(**{c: frame[c].map(lambda i: same.get(i, f"{i} (only a)")) for c in columns})


def _alpha(one: pd.Series, other: pd.Series) -> float:
    try:
        import krippendorff
    except ModuleNotFoundError as error:
        raise DataError("comparing codes needs krippendorff: pip install 'r2p-analysis[stats]'") from error
    codes = sorted(set(one) | set(other))
    if len(codes) < 2:
        return np.nan  # without variation agreement cannot be told from chance
    data = [[codes.index(code) for code in reader] for reader in (one, other)]
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))
