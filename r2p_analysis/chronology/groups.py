"""Groups that events are counted in, and the axes that they make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from r2p_analysis.chronology.engines import Held, known

_NOT_GIVEN = "none given"


def key_columns(table: Held, by: str | Sequence[str] | None) -> list[str]:
    """Columns that are asked for, as a list."""
    return [] if by is None else known([by] if isinstance(by, str) else by, table)


def grouped(rows: pd.DataFrame, keys: list[str]) -> tuple[np.ndarray, pd.Index]:
    """Number of the group that each row is counted in, and the groups in order."""
    if not keys:
        return np.zeros(len(rows), dtype="int64"), pd.Index(["n_events"])
    labels = pd.DataFrame({key: _labels(rows[key]) for key in keys})
    if len(keys) == 1:
        (column,) = keys
        return labels[column].cat.codes.to_numpy(dtype="int64"), pd.Index(labels[column].cat.categories, name=column)
    number = labels.groupby(keys, observed=True).ngroup().to_numpy()
    return number, pd.MultiIndex.from_frame(labels.iloc[np.unique(number, return_index=True)[1]])


def _labels(column: pd.Series) -> pd.Series:
    """Values as categories in the order of the columns."""
    labels = column.astype("category")
    return labels.cat.add_categories(_NOT_GIVEN).fillna(_NOT_GIVEN) if labels.isna().any() else labels


def every_pair(axis: pd.Index, inner: pd.Index) -> pd.MultiIndex:
    """Every group with every value of an inner axis, as the index of a long table."""
    outer = [axis.get_level_values(i).repeat(len(inner)) for i in range(axis.nlevels)]
    return pd.MultiIndex.from_arrays(
        [*outer, inner.take(np.tile(np.arange(len(inner)), len(axis)))], names=[*axis.names, inner.name]
    )
