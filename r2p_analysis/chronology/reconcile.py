"""Dated reports of one event: which refine each other, which exclude each other, and whether the tables say so.

The modelling choice: a report that lies within all others refines them (`dates.refine`); nothing is averaged and no
report is dropped. Reports that share no possible day exclude each other and make a conflict. Reports that share days
without lying within one another are no conflict, and refine nothing either: that both are right is possible, and which
of the days they share is not said by any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.schema import key_of
from r2p_analysis.study import Study, a_study, of_layers


def reconcile(study: Study) -> pd.DataFrame:
    """Each event's dated reports brought together, and checked against ``events`` and ``conflicts``.

    Parameters
    ----------
    study : Study
        With one layer or with both.

    Returns
    -------
    pandas.DataFrame
        A row an event that has a date or a dated report, by ``event_id``:

        - ``outcome``: ``single`` (one report), ``agree`` (several, of one date), ``refined`` (they lie within each
          other), ``overlap`` (they share days, but none lies within all others), ``conflict`` (two of them share no
          day), ``no report`` (a date that none carries);
        - ``date_edtf``: what the reports refine to; null with overlap, conflict and no report;
        - ``accounts``: the narrowest dates, joined by ``;``: one, or those that stand against each other;
        - ``coded``, ``reference``: what the reports of each layer by themselves refine to; null where they do not;
        - ``n_reports``, and ``rows`` that hold them, as ``event_dates:`` and the values of the key joined by ``+``;
          ``evidence``: their passages and references; all joined by ``;``;
        - ``in_events``: the date that ``events`` has; ``conflicts``: ids of conflicts of kind date that name the event;
        - ``check``: ``ok``, or what is amiss: ``not the refinement``, ``not one of the reports``,
          ``no conflict names it``, ``no date kept``, ``no report``.

    See Also
    --------
    ordinal_conflicts : Events that claim one place in a series.
    tighten : What relations to other events add.

    Examples
    --------
    >>> from r2p_analysis.study import load_study
    >>> table = reconcile(load_study()).set_index("event_id")
    >>> table.loc[["lan-launch", "apb-founding"], ["outcome", "accounts"]].to_numpy().tolist()
    [['refined', '2012-03'], ['conflict', '2011-08;2012-04']]
    """
    events = a_study(study).events.set_index("event_id")
    dated = study.event_dates.dropna(subset=["date_edtf"])
    reports = dict(list(dated.groupby("event_id", sort=False)))
    named = _conflicts_by_row(study, ["date"])
    key = key_of(study.descriptor, "event_dates")
    found = []
    for event in sorted(set(reports) | set(events.index[events["date_edtf"].notna()])):
        of_event = reports.get(event, dated.iloc[:0])
        row = _brought_together(of_event, key)
        row |= {"event_id": event, "in_events": events["date_edtf"].get(event)}
        row["conflicts"] = ";".join(sorted(named.get(f"events:{event}", ()))) or None
        found.append(row | {"check": _check(row, set(of_event["date_edtf"]))})
    order = "event_id outcome date_edtf accounts coded reference n_reports rows evidence in_events conflicts check"
    table = pd.DataFrame(found, columns=order.split())
    types = {name: "int64" if name == "n_reports" else "str" for name in table}
    return of_layers(study, table.astype(types))


def ordinal_conflicts(study: Study) -> pd.DataFrame:
    """Events that claim the same place in a series.

    Parameters
    ----------
    study : Study
        With both layers, what one states against the other is found, too.

    Returns
    -------
    pandas.DataFrame
        A row a place that more than one event claims: ``series``, ``ordinal``; ``event_ids`` and ``dates``, joined
        by ``;`` (an empty date: none given); ``outcome``: ``conflict`` (two of the dates share no day: these are two
        happenings, and one ordinal does not hold) or ``open`` (they may be one); ``rows`` (``events:id``), their
        ``evidence``, and ``conflicts``: ids of conflicts that name two or more of the rows.

    See Also
    --------
    merge_proposals : Events that may be two accounts of one happening.

    Examples
    --------
    >>> from r2p_analysis.study import load_study
    >>> both = load_study(layers=["coded", "reference"])
    >>> ordinal_conflicts(both)[["series", "ordinal", "dates", "outcome"]].to_numpy().tolist()
    [['lemkin-la', 2, '2013-11;2014-06', 'conflict']]
    """
    numbered = a_study(study).events.dropna(subset=["series", "ordinal"]).sort_values("event_id")
    named = _conflicts_by_row(study, None)
    found = []
    for (series, ordinal), claims in numbered.groupby(["series", "ordinal"], sort=True):
        if len(claims) > 1:
            rows = [f"events:{event}" for event in claims["event_id"]]
            several = sorted({c for a, b in combinations(rows, 2) for c in named.get(a, set()) & named.get(b, set())})
            texts = claims["date_edtf"].fillna("").tolist()
            found.append(
                {
                    "series": series,
                    "ordinal": ordinal,
                    "event_ids": ";".join(claims["event_id"]),
                    "dates": ";".join(texts),
                    "outcome": "open" if _share_days(filter(None, texts)) else "conflict",
                    "rows": ";".join(rows),
                    "evidence": _each_once(claims["evidence"]),
                    "conflicts": ";".join(several) or None,
                }
            )
    columns = ["series", "ordinal", "event_ids", "dates", "outcome", "rows", "evidence", "conflicts"]
    table = pd.DataFrame(found, columns=columns)
    return of_layers(study, table.astype({name: "int64" if name == "ordinal" else "str" for name in columns}))


def _brought_together(reports: pd.DataFrame, key: Sequence[str]) -> dict[str, object]:
    texts = reports["date_edtf"].tolist()
    external = reports["basis"] == "external"
    refined = dates.refine(texts)
    return {
        "outcome": _outcome(texts, refined),
        "date_edtf": refined,
        "accounts": ";".join(_narrowest(texts)) or None,
        "coded": dates.refine(reports.loc[~external, "date_edtf"].tolist()),
        "reference": dates.refine(reports.loc[external, "date_edtf"].tolist()),
        "n_reports": len(texts),
        "rows": ";".join("event_dates:" + "+".join(cells) for cells in reports[list(key)].to_numpy()) or None,
        "evidence": _each_once(reports["evidence"]) if len(reports) else None,
    }


def _outcome(texts: list[str], refined: str | None) -> str:
    if len(texts) < 2:
        return "single" if texts else "no report"
    if refined is None:
        return "overlap" if _share_days(texts) else "conflict"
    return "agree" if len(set(texts)) == 1 else "refined"


def _check(row: dict, reported: set[str]) -> str:
    kept = None if pd.isna(row["in_events"]) else row["in_events"]
    if row["outcome"] == "no report":
        return "no report"
    if kept is None:
        return "no date kept"
    if row["date_edtf"] is not None:
        return "ok" if kept == row["date_edtf"] else "not the refinement"
    if kept not in reported:
        return "not one of the reports"
    return "ok" if row["conflicts"] else "no conflict names it"


def _narrowest(texts: Iterable[str]) -> list[str]:
    """Dates within which no other one lies."""
    texts = sorted(set(texts))
    return [text for text in texts if all(dates.refine([text, other]) in (text, None) for other in texts)]


def _share_days(texts: Iterable[str]) -> bool:
    """Whether every two of the dates have a possible day in common."""
    return all(any(map(_meet, product(a, b))) for a, b in combinations(map(_possible, texts), 2))


def _possible(text: str) -> tuple[dates.Bounds, ...]:
    value = dates.parse(text)
    return ((value.earliest, value.latest),) if value.is_extent else value.runs


def _meet(pair: tuple[dates.Bounds, dates.Bounds]) -> bool:
    (low, high), (other_low, other_high) = pair
    return not ((high and other_low and high < other_low) or (other_high and low and other_high < low))


def _conflicts_by_row(study: Study, kinds: list[str] | None) -> dict[str, set[str]]:
    named: dict[str, set[str]] = {}
    for conflict, row in _named_rows(study.conflicts, kinds):
        named.setdefault(row, set()).add(conflict)
    return named


def _named_rows(conflicts: pd.DataFrame, kinds: list[str] | None) -> Iterator[tuple[str, str]]:
    columns = ["conflict_id", "kind", "rows", "corrected_rows"]
    for conflict, kind, *cells in conflicts[columns].itertuples(index=False):
        if kinds is None or kind in kinds:
            for cell in cells:
                yield from ((conflict, row) for row in ("" if pd.isna(cell) else cell).split(";"))


def _each_once(evidence: pd.Series) -> str:
    return ";".join(sorted(set(evidence.dropna().str.split(";").explode())))
