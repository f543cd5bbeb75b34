"""The figures of the study: a registry that draws them, and writes each with its data and its card.

A figure is four files: ``NAME.svg`` and ``NAME.png``, ``NAME.csv`` with the rows that are drawn, and ``NAME.md``,
the card that says what it shows, how to read it and what it does not show. One study gives the same bytes on
every run with the same versions of the libraries.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from matplotlib import figure as mpl_figure
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from r2p_analysis.figures.registry import FIGURES, Figure, last_day
from r2p_analysis.plotting import style
from r2p_analysis.schema import one_of
from r2p_analysis.study import Study

__all__ = ["FIGURES", "Figure", "build_figures", "check_figures", "draw_figure"]

_ROOM = (0.1, 0.1, 0.8, 0.8)  # of the Axes in a figure; what sticks out is saved as well
# Without these a file would tell the time, or the version of matplotlib.
_METADATA = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


def draw_figure(name: str, study: Study, ax: Axes | None = None) -> Axes:
    """Draw a figure with its title, and under it what it does not show.

    Parameters
    ----------
    name : str
        Name in the registry.
    study : Study
        The study.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on. None makes a figure of the registered size with pyplot, which a notebook shows.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes.

    Raises
    ------
    ValueError
        If there is no such figure; the message lists them.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> ax = draw_figure("mentions-by-state", load_study(), mpl_figure.Figure().subplots())
    >>> ax.get_xlabel()
    'passages'
    """
    figure = FIGURES[one_of(name, FIGURES, "figure")]
    if ax is None:
        import matplotlib.pyplot as plt
    with style.drawing():
        ax = plt.figure(figsize=figure.size).add_axes(_ROOM) if ax is None else ax
        figure.draw(study, ax)
        style.add_title(ax, figure.title)
        style.add_note(ax, "\n".join(filter(None, [figure.limits, figure.left_out(study), _source(figure, study)])))
    return ax


def build_figures(study: Study, folder: str | os.PathLike, names: Iterable[str] | None = None) -> list[Path]:
    """Write figures: of each ``NAME.svg``, ``NAME.png``, ``NAME.csv`` and ``NAME.md``.

    Either all files of a figure are written or none.

    Parameters
    ----------
    study : Study
        The study.
    folder : str or path-like
        Where to; it is made if it is not there.
    names : iterable of str, optional
        Which figures; None or nothing means all.

    Returns
    -------
    list of pathlib.Path
        The files, in the order of the registry.

    Raises
    ------
    ValueError
        If there is no such figure; then nothing is written.

    See Also
    --------
    check_figures : Which files are out of date.
    """
    folder, figures = Path(folder), _asked_for(names)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for figure in figures:
        with tempfile.TemporaryDirectory(dir=folder) as made:
            written += _moved(_files(figure, study, Path(made)), folder)
    return written


def check_figures(study: Study, folder: str | os.PathLike, names: Iterable[str] | None = None) -> list[Path]:
    """List the files of figures that are missing, or not what the study gives now.

    Parameters
    ----------
    study : Study
        The study.
    folder : str or path-like
        Where the figures are.
    names : iterable of str, optional
        Which figures; None or nothing means all.

    Returns
    -------
    list of pathlib.Path
        Stale files, in the order of the registry; nothing is written. Other versions of matplotlib or of its
        libraries draw other bytes.

    Raises
    ------
    ValueError
        If there is no such figure.
    """
    stale = []
    for figure in _asked_for(names):
        with tempfile.TemporaryDirectory() as made:
            for file in _files(figure, study, Path(made)):
                there = Path(folder) / file.name
                if not there.is_file() or there.read_bytes() != file.read_bytes():
                    stale.append(there)
    return stale


def _asked_for(names: Iterable[str] | None) -> list[Figure]:
    names = [names] if isinstance(names, str) else list(names or FIGURES)
    asked = {one_of(name, FIGURES, "figure") for name in names}
    return [figure for name, figure in FIGURES.items() if name in asked]


def _files(figure: Figure, study: Study, folder: Path) -> list[Path]:
    """Write the files of one figure into an empty folder."""
    data = figure.data(study)
    data.to_csv(folder / f"{figure.name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    (folder / f"{figure.name}.md").write_text(_card(figure, study, len(data)), encoding="utf-8", newline="\n")
    with style.drawing():
        canvas = mpl_figure.Figure(figsize=figure.size)
        FigureCanvasAgg(canvas)
        draw_figure(figure.name, study, canvas.add_axes(_ROOM))
        for suffix, metadata in _METADATA.items():
            path = folder / f"{figure.name}.{suffix}"
            canvas.savefig(path, bbox_inches="tight", pad_inches=0.12, metadata={**metadata, "Title": figure.title})
    return sorted(folder.iterdir())


def _moved(files: list[Path], folder: Path) -> list[Path]:
    """Move files into a folder; if one cannot be moved, put back what was there."""
    targets = [folder / file.name for file in files]
    before = {target: target.read_bytes() for target in targets if target.is_file()}
    done = []
    try:
        for file, target in zip(files, targets, strict=True):
            os.replace(file, target)
            done.append(target)
    except OSError:
        for target in done:
            target.write_bytes(before[target]) if target in before else target.unlink()
        raise
    return targets


def _card(figure: Figure, study: Study, n_rows: int) -> str:
    limits = "\n\n".join(filter(None, [figure.limits, figure.left_out(study)]))
    version = study.descriptor.get("version", "not stated")
    return f"""# {figure.title}

## What it shows

{figure.caption}

## How to read it

{figure.reading}

## What it does not show

{limits}

## Data

- Rows drawn: {n_rows}, in `{figure.name}.csv`
- {_source(figure, study)}
- Study: {_name(study) or "without a name"}, version {version}
"""


def _source(figure: Figure, study: Study) -> str:
    layers = f"{' and '.join(study.layers)} layer{'s' * (len(study.layers) > 1)}"
    of_study = f" of {_name(study)}" * bool(_name(study))
    return f"From the {layers}{of_study}; {figure.when.format(until=last_day(study) or 'their end')}."


def _name(study: Study) -> str:
    """Name of a study, else its title, else nothing: the titles of figures claim no region."""
    return study.descriptor.get("name") or study.descriptor.get("title") or ""
