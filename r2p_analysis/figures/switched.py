"""What the figure of switches draws: every headline under each, of all layers that the study has."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from r2p_analysis import plotting
from r2p_analysis.figures.view import View, once
from r2p_analysis.sensitivity import sensitivity
from r2p_analysis.sensitivity.cases import BOTH, CODED, coded_of
from r2p_analysis.study import Study, load_study


@once
def turned(view: View) -> pd.DataFrame:
    """Every headline under every switch; the reference layer is loaded where the view has the coded one alone."""
    return sensitivity(_every(view.study), view.at, reading=view.reading)


def _every(study: Study) -> Study:
    """Give both layers, where the folder of a study still holds the coded rows that are drawn; else the study."""
    if tuple(study.layers) != CODED:
        return study
    try:
        every = load_study(study.path, BOTH)
    except (OSError, ValueError):  # made in memory, or its folder is no longer what it was
        return study
    coded = coded_of(every).tables
    same = coded.keys() == study.tables.keys() and all(coded[name].equals(study.tables[name]) for name in coded)
    return every if same else study


def draw(view: View, ax: Axes) -> Axes:
    """Draw headlines by switches."""
    return plotting.plot_sensitivity(turned(view), ax, labels=turned(view).attrs["claims"])


def table(view: View) -> pd.DataFrame:
    """Rows that are drawn, with the claim of each headline and what each switch changes."""
    rows = turned(view).round({"value_base": 6, "value": 6})
    said = {"claim": rows["headline"].map(rows.attrs["claims"]), "changes": rows["switch"].map(rows.attrs["switches"])}
    return rows.assign(**said)


def size(view: View) -> tuple[float, float]:
    """Columns and rows that are drawn."""
    return turned(view)["switch"].nunique() + 0.2, plotting.rows_of_sensitivity(turned(view))


def left_out(view: View) -> str:
    """Say of which layers the headlines are told, and which the study as it is does not support."""
    found = turned(view)
    lines = found.drop_duplicates("headline")
    bases = {name: f"{' and '.join(base)} layer{'s' * (len(base) > 1)}" for name, base in found.attrs["bases"].items()}
    told = [
        f"{len(rows)} headlines ({', '.join(rows['chapter'].drop_duplicates())}) are told of the {layers}"
        for layers, rows in lines.groupby(lines["headline"].map(bases))
    ]
    names = ", ".join(found.attrs["left_out"])
    unsupported = f"Left out, since the study as it is does not support them: {names}." if names else ""
    return " ".join(filter(None, [f"Layers: {'; '.join(told)}." * bool(told), unsupported]))
