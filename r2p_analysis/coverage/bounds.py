"""How many gaps there are at least and at most, given that documents are silent on most cells.

A cell is a gap if nothing covers it. What is denied is a gap, and so is what is only planned where only
operating counts: the source says so. A silent cell is unknown: no row reaches it, and it may be either.

Memberships and functions hold on a day for certain or possibly. With ``reading="either"`` a cell is a gap for certain
only if some row says so for certain and none, however uncertain, covers it; it may be one unless a row covers it for
certain. The bounds add up each cell's own, so that the interval is never too narrow; it may be wider than what
can be true at once, where one uncertain membership carries a function and the denial of another.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis.coverage.matrices import coverage_cells
from r2p_analysis.coverage.reach import NOT_PROTECTION, SILENT, every_cell, shown_bodies, states_of
from r2p_analysis.coverage.strengths import STRENGTHS, subregion_of, subregions
from r2p_analysis.schema import names_of, one_of
from r2p_analysis.study import Study, of_layers

_READINGS = {"possible": ("possible",), "certain": ("certain",), "either": ("possible", "certain")}
_MEASURES = ["n_cells", "n_states", "n_denied", "n_silent", "n_gaps_least", "n_gaps_most"]
_MEASURES += ["share_gaps_least", "share_gaps_most", "n_bare_least", "n_bare_most"]


def gap_bounds(
    study: Study,
    at: str | date | None = None,
    *,
    by: str | Sequence[str] = (),
    of: str = "functions",
    strength: str = "operating",
    reading: str = "possible",
    roles: Collection[str] | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Least and greatest number of gaps that the evidence leaves open.

    Parameters
    ----------
    study : Study
        The study.
    at, roles
        As in `coverage_table`.
    by : str or sequence of str, default ()
        What to count for: ``state``, ``subregion``, ``function`` (or ``body``), or several of them; all cells together
        without it.
    of : {"functions", "bodies"}, default "functions"
        Cells of `states_by_functions`, or of `states_by_bodies`, where a gap is not belonging.
    strength : {"operating", "planned", "potential"}, default "operating"
        Statuses that cover: operating; that or planned; potential as well.
    reading : {"possible", "certain", "either"}, default "possible"
        Which rows to believe; ``either`` leaves open what is not certain, and needs a date, as ``certain`` does.
    columns : sequence of str, optional
        Functions or bodies to count, for instance the purpose-built networks; None takes all of the matrix.

    Returns
    -------
    pandas.DataFrame
        One row, ``all``, or one for each combination of `by`, in the order of the axes:

        - ``n_cells``, ``n_states``: what is counted; ``n_denied``: cells whose strongest claim is that it is not there;
          ``n_silent``: cells of which nothing is said (under ``either``: nothing even possible);
        - ``n_gaps_least``, ``n_gaps_most``, and as shares of the cells, in [0, 1];
        - ``n_bare_least``, ``n_bare_most``: states all of whose cells are gaps for certain, and may be.

        ``.attrs["note"]``: coverage is not protection.

    Raises
    ------
    ValueError
        As in `coverage_table`, or if an option is unknown.

    Examples
    --------
    Of what is said nothing operates in early warning, and one state has it by itself.

    >>> from r2p_analysis import load_study
    >>> table = gap_bounds(load_study(), "2014-09-08", by="function")
    >>> table.loc["early_warning", ["n_states", "n_silent", "n_gaps_least", "n_gaps_most"]].astype(int).tolist()
    [35, 14, 20, 34]

    States in no purpose-built network: it is denied of nobody that both miss.

    >>> table = gap_bounds(load_study(), "2014-09-08", of="bodies", columns=["lan", "focal-points"])
    >>> table.loc["all", ["n_bare_least", "n_bare_most"]].astype(int).tolist()
    [0, 16]
    """
    column = {"functions": "function", "bodies": "body"}[one_of(of, ("functions", "bodies"), "matrix")]
    by = names_of(by, ("state", "subregion", column), "by", once=True)
    covering = STRENGTHS[: STRENGTHS.index(one_of(strength, STRENGTHS[:-1], "strength")) + 1]
    readings = _READINGS[one_of(reading, _READINGS, "reading")]
    cells = _judged(study, [coverage_cells(study, of, at, reading=one, roles=roles) for one in readings], covering)
    axis = study.axis("functions", "function") if of == "functions" else shown_bodies(study)
    shown = axis if columns is None else names_of(columns, axis, column)
    axes = {"iso3": states_of(study), "subregion": subregions(study), column: [a for a in axis if a in shown]}
    table = _counted(cells[cells[column].isin(shown)], ["iso3" if name == "state" else name for name in by], axes)
    table.attrs |= {"at": None if at is None else str(at), "reading": reading, "strength": strength}
    table.attrs["note"] = NOT_PROTECTION
    return of_layers(study, table)


def _judged(study: Study, readings: list[pd.DataFrame], covering: Sequence[str]) -> pd.DataFrame:
    """Cells of the loosest reading with ``least`` and ``most``: whether each is a gap for certain, and may be one."""
    cells = readings[0]
    status, firm = cells["status"], readings[-1]["status"]
    return cells.assign(
        subregion=cells["iso3"].map(subregion_of(study)),
        n_denied=status.eq("denied"),
        n_silent=status.eq(SILENT),
        least=~status.isin(covering) & (firm != SILENT),
        most=~firm.isin(covering),
    )


def _counted(cells: pd.DataFrame, by: list[str], axes: dict[str, list[str]]) -> pd.DataFrame:
    keys = [pd.Categorical(cells[name], axes[name]) for name in by] or [np.full(len(cells), "all", dtype=object)]
    grouped = cells.groupby(keys, observed=True)
    bare = cells.groupby([*keys, cells["iso3"].to_numpy()], observed=True)[["least", "most"]].all()
    bare = bare.groupby(level=list(range(len(keys))), observed=True)
    table = pd.DataFrame({"n_cells": grouped.size(), "n_states": bare.size()})
    table[["n_denied", "n_silent"]] = grouped[["n_denied", "n_silent"]].sum()
    table[["n_gaps_least", "n_gaps_most"]] = grouped[["least", "most"]].sum()
    table[["n_bare_least", "n_bare_most"]] = bare.sum()
    if "iso3" not in by:  # a state has one sub-region, every other combination stays though it be empty
        every = every_cell({name: axes[name] for name in by} or {"all": ["all"]})
        table = table.reindex(every.get_level_values(0) if every.nlevels == 1 else every, fill_value=0)
    else:
        table.index = table.index if len(by) > 1 else table.index.astype("str")
    table.index.names = by or [None]
    for end in ("least", "most"):
        table[f"share_gaps_{end}"] = table[f"n_gaps_{end}"] / table["n_cells"].where(table["n_cells"] > 0)
    return table[_MEASURES]
