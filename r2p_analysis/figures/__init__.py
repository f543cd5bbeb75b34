"""The figures of the study: a registry that draws them, and writes each with its data and its card.

A figure is four files: ``NAME.svg`` and ``NAME.png``, ``NAME.csv`` with the rows that are drawn, and ``NAME.md``,
the card that says what it shows, how to read it and what it does not show. One study gives the same bytes on
every run with the same versions of the libraries.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from matplotlib import figure as mpl_figure
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from r2p_analysis.figures.figure import ROOM, Figure
from r2p_analysis.figures.registry import FIGURES
from r2p_analysis.figures.view import View, view_of
from r2p_analysis.options import in_short, path
from r2p_analysis.plotting import style
from r2p_analysis.schema import names_of, one_of
from r2p_analysis.study import Study

__all__ = ["FIGURES", "Figure", "build_figures", "check_figures", "draw_figure", "view_of"]

# Without these a file would tell the time, or the version of matplotlib.
_METADATA = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


def draw_figure(
    name: str, study: Study, ax: Axes | None = None, *, at: str | date | None = None, reading: str = "possible"
) -> Axes:
    """Draw a figure with its title, and under it what it does not show.

    Parameters
    ----------
    name : str
        Name in the registry.
    study : Study
        The study.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on. None makes a figure with pyplot, which a notebook shows: of the registered size, or
        larger where the names of a study need the room.
    at : str or datetime.date, optional
        Day of the networks and matrices; None takes that of the study, see `findings.day_of`. The other figures
        show all dates.
    reading : {"possible", "certain"}, default "possible"
        Which spells and claims networks and matrices believe.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes.

    Raises
    ------
    ValueError
        If there is no such figure (the message lists them), or the day or the reading cannot be read.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> ax = draw_figure("mentions-by-state", load_study(), mpl_figure.Figure().subplots())
    >>> ax.get_xlabel()
    'passages'
    """
    figure = FIGURES[one_of(name, FIGURES, "figure")]
    if ax is not None and not isinstance(ax, Axes):
        raise ValueError(f"ax: {in_short(ax)} is no matplotlib Axes; give one, or nothing")
    view = view_of(study, at, reading)
    if ax is None:
        import matplotlib.pyplot as plt
    with style.drawing():
        ax = plt.figure(figsize=figure.size_for(view)).add_axes(ROOM) if ax is None else ax
        _draw(figure, view, ax)
    return ax


def build_figures(
    study: Study,
    folder: str | os.PathLike,
    names: Iterable[str] | None = None,
    *,
    at: str | date | None = None,
    reading: str = "possible",
) -> list[Path]:
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
    at, reading
        As in `draw_figure`.

    Returns
    -------
    list of pathlib.Path
        The files, in the order of the registry.

    Raises
    ------
    ValueError
        If there is no such figure, or the day or the reading cannot be read; then nothing is written.

    See Also
    --------
    check_figures : Which files are out of date.
    """
    folder, figures, view = path(folder, "folder"), _asked_for(names), view_of(study, at, reading)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for figure in figures:
        with tempfile.TemporaryDirectory(dir=folder) as made:
            written += _moved(_files(figure, view, Path(made)), folder)
    return written


def check_figures(
    study: Study,
    folder: str | os.PathLike,
    names: Iterable[str] | None = None,
    *,
    at: str | date | None = None,
    reading: str = "possible",
) -> list[Path]:
    """List the files of figures that are missing, or not what the study gives now.

    Parameters
    ----------
    study : Study
        The study.
    folder : str or path-like
        Where the figures are.
    names : iterable of str, optional
        Which figures; None or nothing means all.
    at, reading
        As in `draw_figure`.

    Returns
    -------
    list of pathlib.Path
        Stale files, in the order of the registry; nothing is written. Other versions of matplotlib or of its
        libraries draw other bytes.

    Raises
    ------
    ValueError
        If there is no such figure, or the day or the reading cannot be read.
    """
    folder, stale, figures, view = path(folder, "folder"), [], _asked_for(names), view_of(study, at, reading)
    for figure in figures:
        with tempfile.TemporaryDirectory() as made:
            for file in _files(figure, view, Path(made)):
                there = folder / file.name
                if not there.is_file() or there.read_bytes() != file.read_bytes():
                    stale.append(there)
    return stale


def _asked_for(names: Iterable[str] | None) -> list[Figure]:
    asked = set(names_of(FIGURES if names is None else names, FIGURES, "figure")) or set(FIGURES)
    return [figure for name, figure in FIGURES.items() if name in asked]


def _draw(figure: Figure, view: View, ax: Axes) -> list[str]:
    """Draw a figure with title and small print; what it does not show is returned, a text each."""
    words = view.words
    figure.draw(view, ax)
    crowded = [text.get_text() for text in ax.texts if text.get_gid() in (style.CROWDED, style.POWER)]
    limits = [*filter(None, [figure.limits.format(**words), figure.left_out(view)]), *crowded]
    style.add_title(ax, figure.title.format(**words))
    style.add_note(ax, "\n".join([*(text for text in limits if text not in crowded), _source(figure, view)]))
    return limits


def _files(figure: Figure, view: View, folder: Path) -> list[Path]:
    """Write the files of one figure into an empty folder."""
    data = figure.data(view)
    data.to_csv(folder / f"{figure.name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    with style.drawing():
        canvas = mpl_figure.Figure(figsize=figure.size_for(view))
        FigureCanvasAgg(canvas)
        limits = _draw(figure, view, canvas.add_axes(ROOM))
        title = figure.title.format(**view.words)
        for suffix, metadata in _METADATA.items():
            path = folder / f"{figure.name}.{suffix}"
            canvas.savefig(path, bbox_inches="tight", pad_inches=0.12, metadata={**metadata, "Title": title})
    card = _card(figure, view, limits, len(data))
    (folder / f"{figure.name}.md").write_text(card, encoding="utf-8", newline="\n")
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


def _card(figure: Figure, view: View, limits: list[str], n_rows: int) -> str:
    paragraphs = "\n\n".join(limits)
    words, study = view.words, view.study
    version = study.descriptor.get("version", "not stated")
    return f"""# {figure.title.format(**words)}

## What it shows

{figure.caption.format(**words)}

## How to read it

{figure.reading.format(**words)}

## What it does not show

{paragraphs}

## Data

- Rows drawn: {n_rows}, in `{figure.name}.csv`
- {_source(figure, view)}
- Study: {_name(study) or "without a name"}, version {version}
"""


def _source(figure: Figure, view: View) -> str:
    layers, name = view.study.layers, _name(view.study)
    of_study = f" of {name}" * bool(name)
    when, later = figure.when.format(**view.words), view.words["later"] * ("{day}" in figure.when)
    return f"From the {' and '.join(layers)} layer{'s' * (len(layers) > 1)}{of_study}; {when}.{later}"


def _name(study: Study) -> str:
    """Name of a study, else its title, else nothing: the titles of figures claim no region."""
    return study.descriptor.get("name") or study.descriptor.get("title") or ""
