"""Events merged on request: every row that names one of them names the other.

The modelling choice: nothing that is reported is lost. Dated reports of both stand side by side, so that `reconcile`
shows whether they refine or exclude each other; so do participants, who may then stand twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.options import in_short, listed
from r2p_analysis.schema import one_of, resources
from r2p_analysis.study import Study, a_study


def merged(study: Study, pairs: pd.DataFrame | Iterable[tuple[str, str]]) -> Study:
    """Copy of a study in which pairs of events are one.

    Parameters
    ----------
    study : Study
        The study; it stays as it is.
    pairs : iterable of (str, str), or pandas.DataFrame
        Event to keep, and event that becomes it; or a table with ``event_id`` and ``other_id``, as some rows of
        `merge_proposals`.

    Returns
    -------
    Study
        Every row that names the second event names the first, its dated reports, participants and links among them;
        only the second row of ``events`` is gone, and links between the two. The kept row takes over cells that it
        lacks, and the evidence; its date is what all reports refine to, else its own. ``notes`` says what was merged.
        The copy is not checked.

    Raises
    ------
    ValueError
        If an event is not there, is merged into two others, or into itself.

    Examples
    --------
    >>> from r2p_analysis.study import load_study
    >>> one = merged(load_study(), [("igarape-book", "igarape-new-directions")])
    >>> one.notes, one.event_dates["event_id"].eq("igarape-book").sum().item()
    (('merged by request: igarape-new-directions into igarape-book',), 2)
    """
    if isinstance(pairs, pd.DataFrame):
        for name in ("event_id", "other_id"):
            one_of(name, pairs.columns, "column of pairs")
        pairs = pairs[["event_id", "other_id"]].itertuples(index=False, name=None)
    into = _into(a_study(study), pairs)
    tables = {name: _renamed(study, name, into) for name in study.tables}
    links = tables["event_links"]
    loops = (links["event_id"] == links["other_id"]) & (study.event_links["event_id"] != study.event_links["other_id"])
    tables["event_links"] = links[~loops].reset_index(drop=True)
    tables["event_dates"] = _joined(tables["event_dates"], ["event_id", "date_edtf", "basis"])
    kept_first = tables["events"].iloc[study.events["event_id"].isin(into).argsort(kind="stable")]
    tables["events"] = _with_dates(_joined(kept_first, ["event_id"]), tables["event_dates"], set(into.values()))
    notes = tuple(f"merged by request: {gone} into {kept}" for gone, kept in sorted(into.items()))
    return replace(study.with_tables(**tables), notes=(*study.notes, *notes))


def _into(study: Study, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Event that each one that goes becomes, along chains of pairs."""
    known = study.events["event_id"].tolist()
    into: dict[str, str] = {}
    for pair in listed(pairs, "pairs", ("kept", "gone")):
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise ValueError(f"pairs has {in_short(pair)}: each is a tuple of two events, the one kept first")
        kept, gone = (one_of(event, known, "event") for event in pair)
        if into.setdefault(gone, kept) != kept:
            raise ValueError(f"{gone!r} is merged into {into[gone]!r} and into {kept!r}: choose one of them")
    return {gone: _end(gone, into) for gone in into}


def _end(gone: str, into: Mapping[str, str]) -> str:
    seen = [gone]
    while seen[-1] in into:
        if into[seen[-1]] in seen:
            raise ValueError(f"{gone!r} would be merged into itself: {' into '.join([*seen, into[seen[-1]]])}")
        seen.append(into[seen[-1]])
    return seen[-1]


def _renamed(study: Study, name: str, into: Mapping[str, str]) -> pd.DataFrame:
    """Table with the ids of events replaced, in its key and wherever it refers to events or to rows."""
    schema = resources(study.descriptor)[name]["schema"]
    keys = schema.get("foreignKeys", [])
    columns = {key["fields"] for key in keys if (key["reference"]["resource"] or name) == "events"}
    columns |= {field["name"] for field in schema["fields"] if "events" in field.get("refersTo", ())}
    columns |= {"event_id"} if name == "events" else set()
    cited = {field["name"] for field in schema["fields"] if field.get("refersToRows")}
    rows = {f"events:{gone}": f"events:{kept}" for gone, kept in into.items()}
    frame = study.tables[name]
    return frame.assign(
        **{column: frame[column].replace(into) for column in sorted(columns)},
        **{
            column: frame[column].map(lambda cell: _swapped(cell, rows), na_action="ignore") for column in sorted(cited)
        },
    )


def _swapped(cell: str, rows: Mapping[str, str]) -> str:
    return ";".join(dict.fromkeys(rows.get(row, row) for row in cell.split(";")))


def _joined(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row a key: the first, with what only others have, and the evidence of all."""
    cells = frame.groupby(key, sort=True)
    evidence = cells["evidence"].agg(lambda cited: ";".join(sorted(set(";".join(cited).split(";")))))
    return cells.first().assign(evidence=evidence).reset_index()[list(frame.columns)].astype(frame.dtypes)


def _with_dates(events: pd.DataFrame, reports: pd.DataFrame, kept: set[str]) -> pd.DataFrame:
    """Events with the refinement of all reports where they were merged, and no event a part of itself."""
    texts = reports[reports["event_id"].isin(kept)].groupby("event_id")["date_edtf"].agg(list)
    refined = events["event_id"].map({event: dates.refine(some) for event, some in texts.items()}).astype("str")
    whole = events["part_of"].mask(events["part_of"] == events["event_id"])
    return events.assign(date_edtf=refined.fillna(events["date_edtf"]), part_of=whole)
