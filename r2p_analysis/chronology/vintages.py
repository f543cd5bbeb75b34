"""Until when the evidence of a study can speak: what comes after it is unknown, not absent.

The modelling choice: a document speaks up to the day that its ``content_until_edtf`` states and, where that is
empty, up to the latest vintage of its passages. A reference speaks up to the day of its publication. A series is
observed as long as any of them speaks. That is the most that can be claimed: a page that grew in layers
need not have been brought up to date throughout, and a page on one meeting does not look out for others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.spread import EPOCH
from r2p_analysis.schema import one_of
from r2p_analysis.study import Study, a_study, of_layers

_COLUMNS = ["kind", "source_id", "n_rows", "stated_edtf", "until_least", "until_most"]


def vintages(study: Study, table: str = "events") -> pd.DataFrame:
    """Until when the documents and references behind a table say what was so.

    Parameters
    ----------
    study : Study
        The study.
    table : str, default "events"
        The table whose evidence is asked for.

    Returns
    -------
    pandas.DataFrame
        A row for each document and reference that the table cites, documents first: ``kind`` (document,
        reference), ``source_id``, ``n_rows`` (rows that cite it), ``stated_edtf`` (as stated; null where it is taken
        from the vintages of the passages that the table cites), ``until_least`` and ``until_most``: the last day
        that it speaks of, at the least and at the most; NaT where nothing says.

    Raises
    ------
    ValueError
        If there is no such table, or it has no evidence.

    See Also
    --------
    rates : Counts by period, of which the unobserved ones are null.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> vintages(load_study())[["source_id", "until_least"]].astype("str").values.tolist()
    [['aipr', '2014-09-08'], ['icrtop', '2015-05-29']]
    """
    cited = [name for name, frame in a_study(study).tables.items() if "evidence" in frame]
    evidence = study.tables[one_of(table, cited, "table with evidence")]["evidence"].str.split(";").explode().dropna()
    passages = study.passages.set_index("passage_id")
    cites = evidence[evidence.isin(passages.index)]
    stated = study.sources.set_index("source_id")["content_until_edtf"]
    rows = []
    for source, own in cites.groupby(cites.map(passages["source_id"])):
        rows.append(_row("document", source, own, stated.get(source), passages["vintage_edtf"].reindex(own.unique())))
    published = study.references.set_index("ref_id")["published_edtf"]
    references = evidence[evidence.isin(published.index)]
    rows += [_row("reference", ref, own, published[ref], ()) for ref, own in references.groupby(references)]
    found = pd.DataFrame(rows, columns=_COLUMNS)
    found = found.astype({"stated_edtf": "str", "until_least": "datetime64[s]", "until_most": "datetime64[s]"})
    return of_layers(study, found)


def last_observed(observed: pd.DataFrame | str | date, name: str = "observed") -> int:
    """Day up to which something is observed, counted from 1970-01-01: the day given, or the latest `until_least`.

    Examples
    --------
    >>> last_observed("1970-01-02")
    1
    """
    if isinstance(observed, pd.DataFrame):
        until = observed["until_least"].max() if "until_least" in observed else pd.NaT
        if pd.isna(until):
            raise ValueError("observed has no day in a column 'until_least': give the table of `vintages`, or a day")
        return until.date().toordinal() - EPOCH
    earliest, latest = dates.bounds(observed.isoformat()[:10] if isinstance(observed, date) else str(observed))
    if earliest is None or earliest != latest:
        raise ValueError(f"{name}={observed!r} is not one day: give the last day that is observed, as '2015-05-29'")
    return latest.toordinal() - EPOCH


def _row(kind: str, source: str, cites: pd.Series, stated: str | None, vintages: Iterable[str]) -> tuple:
    known = None if pd.isna(stated) else stated
    ends = [dates.parse(text).last for text in ([known] if known else vintages) if not pd.isna(text)]
    least, most = (max((end[i] for end in ends if end[i]), default=None) for i in (0, 1))
    return kind, source, cites.index.nunique(), known, least, most
