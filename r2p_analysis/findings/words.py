"""What all chapters share: the text that stands for a number that is not there, and the level of tests."""

from __future__ import annotations

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.study import Study

MISSING = "not in this study"
"""What stands for a number whose row is not there."""

NETWORK = "lan"
"""The body whose members are counted."""

LEVEL = 0.05
"""Level of every test whose result prose quotes."""

Numbers = dict[str, object]


def first(values: pd.Series) -> object:
    """First value in plain Python, or `MISSING` if there is none.

    Examples
    --------
    >>> first(pd.Series([None, 2.5])), first(pd.Series([], dtype=float))
    (2.5, 'not in this study')
    """
    known = values.dropna().tolist()
    return known[0] if known else MISSING


def last_word(study: Study, facts: list[pd.DataFrame]) -> str | None:
    """Last day of the evidence of some rows, as text."""
    cited = {key for table in facts for cell in table["evidence"].dropna() for key in cell.split(";")}
    passages, references = study.passages, study.references
    vintages = passages.loc[passages["passage_id"].isin(cited), "vintage_edtf"]
    published = references.loc[references["ref_id"].isin(cited), "published_edtf"]
    ends = (dates.bounds(text)[1] for text in {*vintages.dropna(), *published.dropna()})
    return str(max((end for end in ends if end), default="")) or None
