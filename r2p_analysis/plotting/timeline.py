"""Events in time, in lanes: what is known of each date, and of the documents that tell of it.

The drawing shows what is known of a date, never a best guess: extent and uncertainty have shapes of their own (see
`marks`). Where the documents end the ground grows darker, since nothing that came later can be seen. What has no date
is listed and has no place. Within a lane rows mean nothing: they only keep titles apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import ceil

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from r2p_analysis.plotting import conflicts as disputes
from r2p_analysis.plotting import lanes as layout
from r2p_analysis.plotting import marks as glyphs
from r2p_analysis.plotting import style

_PITCH, _MOST_ROWS = 6.6, 320  # points that a row with a title needs; rows beyond which titles are given up
_YEAR, _STRIP = 20.0, 22.0  # points that the number of a year takes, and from what was before to the first one
_MOST_SOURCES, _MOST_LISTED = 6, 40
_DARKER = 0.07  # what each document that ends adds of black
_KEY, _APART = 178, 4  # points that a column of the legend takes; between the end of a source and its name


def plot_timeline(
    events: pd.DataFrame,
    ax: Axes,
    *,
    labels: Mapping[str, str] | None = None,
    since: str = "2000",
    until: Mapping[str, date] | None = None,
    lane: str = "kind",
    conflicts: pd.DataFrame | None = None,
) -> Axes:
    """Draw events in lanes, each with its title.

    Parameters
    ----------
    events : pandas.DataFrame
        Events with their bounds, see `chronology.event_order`.
    ax : matplotlib.axes.Axes
        Axes to draw on; titles are placed for its size, so do not resize it afterwards.
    labels : mapping of str to str, optional
        Name of each lane.
    since : str, default "2000"
        First year of the axis; what was over before it is counted at the left margin and listed.
    until : mapping of str to datetime.date, optional
        Last day that each source tells of, by the source's name.
    lane : str, default "kind"
        Column whose values are lanes; every category of it is one. See `actor_lanes` for actors.
    conflicts : pandas.DataFrame, optional
        What is in conflict, see `timeline_conflicts`.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Marks are collections with the gids ``point``, ``uncertain``, ``extent``, ``open extent`` and
        ``open`` (see `marks_of`), one element an event; what is announced is white inside. Where the rows would be
        lower than letters, no title is written, and a line with the gid ``crowded`` says so.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from r2p_analysis import event_order, load_study
    >>> ax = plot_timeline(event_order(load_study()), Figure(figsize=(7, 12)).subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "lane"][:2]
    ['publication', 'conference']
    """
    until, labels = _sources(until), labels or {}
    width, height = style.points_of(ax)
    drawn, span = layout.marks_of(events, since), layout.span_of(events, since, until, width)
    conflicts = disputes.NONE if conflicts is None else conflicts
    placed = _placed(events, drawn, span, lane, conflicts)
    n_titles = 0
    if (layout.n_rows(placed) + len(until)) * _PITCH > height:
        n_titles = sum(map(len, placed.values()))
        placed = _placed(events, drawn, span, lane, conflicts, titles=False)
    ax.set_xlim(span.left, span.right)
    ax.set_ylim(max(layout.n_rows(placed), 1), -len(until))
    stacked = []
    for name, marks, top, below in layout.stacked(placed):
        before = int((drawn.eq("margin") & events[lane].eq(name)).sum())
        _draw_lane(ax, labels.get(name, name), _stripe(name, lane), (top, below), before)
        stacked.append(marks.assign(lane=name))
    shown = (
        pd.concat(stacked) if stacked else layout.places(events, span, drawn).iloc[:0].assign(y=0.0, lane="", label="")
    )
    _draw_frame(ax, span, since, ax.get_ylim()[0])
    _draw_ends(ax, span, until)
    glyphs.draw_marks(shown, ax)
    signs = disputes.draw(shown, span, conflicts, ax)
    _write_titles(shown, ax)
    _write_below(events, drawn, since, ax)
    style.say_crowded(ax, n_titles, f"{n_titles} titles")
    _add_keys(ax, shown, until, signs)
    return ax


def timeline_rows(
    events: pd.DataFrame,
    width: float,
    *,
    since: str = "2000",
    until: Mapping[str, date] | None = None,
    lane: str = "kind",
    conflicts: pd.DataFrame | None = None,
) -> int:
    """Count the rows that a timeline needs.

    Parameters
    ----------
    events, since, until, lane, conflicts
        As in `plot_timeline`.
    width : float
        Width of the Axes in points.

    Returns
    -------
    int
        Rows with every title written, or, if these are more than 320, with none.

    Examples
    --------
    >>> from r2p_analysis import event_order, load_study
    >>> events = event_order(load_study())
    >>> timeline_rows(events, 600) > timeline_rows(events, 1200) >= events["kind"].cat.categories.size
    True
    """
    until = _sources(until)
    drawn, span = layout.marks_of(events, since), layout.span_of(events, since, until, width)
    conflicts = disputes.NONE if conflicts is None else conflicts
    n = layout.n_rows(_placed(events, drawn, span, lane, conflicts))
    n = n if n <= _MOST_ROWS else layout.n_rows(_placed(events, drawn, span, lane, conflicts, titles=False))
    return n + len(until)


def timeline_pages(events: pd.DataFrame, width: float, rows: int, **options: object) -> list[list[str]]:
    """Put the lanes of a timeline on pages, as many on each as have room.

    Parameters
    ----------
    events, width
        As in `timeline_rows`.
    rows : int
        Rows that a page has room for: its Axes' height in points over 7. A lane with more has a page for itself.
    **options
        ``since``, ``until``, ``lane`` and ``conflicts``, as in `plot_timeline`.

    Returns
    -------
    list of list of str
        Lanes of each page, in their order. Draw a page from the events of its lanes.

    Examples
    --------
    >>> from r2p_analysis import event_order, load_study
    >>> [page[0] for page in timeline_pages(event_order(load_study()), 430, 60)]
    ['publication', 'founding']
    """
    lane = str(options.get("lane", "kind"))
    pages: list[list[str]] = [[]]
    for name in events[lane].astype("category").cat.categories:
        page = events[events[lane].isin([*pages[-1], name])]
        page = page.assign(**{lane: page[lane].astype("category").cat.set_categories([*pages[-1], name])})
        if pages[-1] and timeline_rows(page, width, **options) > rows:
            pages.append([])
        pages[-1].append(name)
    return pages


def _sources(until: Mapping[str, date] | None) -> dict[str, date]:
    """Sources from the last one to end to the first; of many the last ones, and the others together."""
    ends = sorted((until or {}).items(), key=lambda end: (pd.Timestamp(end[1]), end[0]), reverse=True)
    if len(ends) <= _MOST_SOURCES:
        return dict(ends)
    kept, others = ends[: _MOST_SOURCES - 1], ends[_MOST_SOURCES - 1 :]
    return {**dict(kept), f"the last of {len(others)} other documents": others[0][1]}


def _placed(
    events: pd.DataFrame, drawn: pd.Series, span: layout.Span, lane: str, conflicts: pd.DataFrame, titles: bool = True
) -> dict[str, pd.DataFrame]:
    """Marks of each lane with their rows."""
    shown = layout.places(events, span, drawn, others=disputes.other_days(conflicts, span))
    shown = shown.assign(
        label=layout.titles_of(shown, span, disputes.tags_of(shown, lane, conflicts)) if titles else ""
    )
    return layout.in_lanes(shown, list(events[lane].astype("category").cat.categories), lane, span)


def _stripe(name: str, lane: str) -> str:
    return style.group_of(name).colour if lane == "kind" else style.FAINT


def _draw_lane(ax: Axes, label: str, colour: str, rows: tuple[float, float], n_before: int) -> None:
    across = ax.get_yaxis_transform()
    inches = style.points_of(ax)[0]
    stripe = {"transform": across, "facecolor": colour, "edgecolor": style.MUTED, "linewidth": style.HAIR}
    ax.add_patch(Rectangle((-7 / inches, rows[0]), 5 / inches, rows[1] - rows[0], clip_on=False, **stripe))
    ax.axhline(rows[0], color=style.GRID, linewidth=style.THIN, zorder=0.6)
    words = {"xycoords": across, "textcoords": "offset points", "va": "center", "fontsize": style.SMALL}
    ax.annotate(label, (0, sum(rows) / 2), (-11, 0), ha="right", gid="lane", **words)
    if n_before:
        ax.annotate(str(n_before), (0, sum(rows) / 2), (12, 0), ha="center", gid="margin", **words)


def _draw_frame(ax: Axes, span: layout.Span, since: str, bottom: float) -> None:
    years = pd.date_range(since, pd.Timestamp(0) + pd.Timedelta(days=span.end), freq="YS")
    ax.set_yticks([])
    days = [layout.day_of(year) for year in years]
    ax.vlines(days, 0, bottom, colors=style.GRID, linewidths=style.HAIR, zorder=0.5)
    ax.axhline(bottom, color=style.MUTED, linewidth=style.THIN)
    named = years[:-1][:: ceil(_YEAR / (365.25 / span.per_point))]
    middles, names = [layout.day_of(year) + 183 for year in named], [str(year.year) for year in named]
    if span.left < span.start:
        strip = (span.left + span.start) / 2
        n_close = sum(middle - strip < _STRIP * span.per_point for middle in middles)
        middles, names = [strip, *middles[n_close:]], [f"before\n{since}", *names[n_close:]]
    ax.set_xticks(middles, names)
    ax.tick_params(length=0, labelsize=style.SMALL, top=True, labeltop=True)
    ax.spines[["left", "bottom"]].set_visible(False)


def _draw_ends(ax: Axes, span: layout.Span, until: Mapping[str, date]) -> None:
    """Shade what comes after the last day of each source, in all lanes and in a row of its own with its name."""
    bottom = ax.get_ylim()[0]
    for i, (name, day) in enumerate(until.items()):
        at, top = min(max(layout.day_of(day) + 1, span.start), span.end), i - len(until) + 0.18
        shade = {"facecolor": style.INK, "alpha": _DARKER, "linewidth": 0, "zorder": 0.1, "gid": "after"}
        ax.add_patch(Rectangle((at, top), span.right - at, bottom - top, **shade))
        ax.vlines(at, top, bottom, colors=style.GREY, linestyles="--", linewidths=style.THIN, zorder=1, gid="until")
        hatched = {"facecolor": "none", "edgecolor": style.GREY, "hatch": "//////", "linewidth": style.THIN}
        ax.add_patch(Rectangle((at, top), span.right - at, 0.64, **hatched))
        _write_source(ax, f"{name}: tells of nothing after {day:%Y-%m-%d}", at, top + 0.32, span)


def _write_source(ax: Axes, text: str, at: float, y: float, span: layout.Span) -> None:
    """Write what is said of a source on the wider side of its end."""
    room = {"right": (at - span.left) / span.per_point, "left": (span.right - at) / span.per_point}
    side = max(room, key=room.get)
    text = layout.cut(text, room[side] - 2 * _APART)
    look = {"path_effects": [style.HALO]} if side == "left" else {}
    place = {"xytext": (-_APART if side == "right" else _APART, 0), "textcoords": "offset points", "va": "center"}
    ax.annotate(text, (at, y), ha=side, fontsize=style.PRINT, gid="source", **place, **look)


def _write_titles(shown: pd.DataFrame, ax: Axes) -> None:
    for mark in shown[shown["label"] != ""].itertuples():
        away, ha = {"right": (5, "left"), "left": (-5, "right"), "below": (0, "left")}[mark.side]
        place = {"xytext": (away, 0), "textcoords": "offset points", "ha": ha, "va": "center"}
        look = {"fontsize": style.PRINT, "color": style.MUTED if mark.status == "background" else style.INK}
        ax.annotate(mark.label, (mark.title_day, mark.title_y), gid="title of event", **place, **look)


def _write_below(events: pd.DataFrame, drawn: pd.Series, since: str, ax: Axes) -> None:
    """List what has no place: events without a date, and what was over before the axis."""
    listed = {"left out": "without a date, not drawn", "margin": f"over before {since}, only counted at the left"}
    gids = {"left out": "undated", "margin": "over before"}
    n = len(events["event_id"].unique())
    ax.set_xlabel(f"{n} events", fontsize=style.SMALL, loc="left")
    for how, says in listed.items():
        titles = events.loc[drawn.eq(how)].drop_duplicates("event_id")["title"].astype("str").tolist()
        if titles:
            more = f"; and {len(titles) - _MOST_LISTED} more, see the table of the figure" * (
                len(titles) > _MOST_LISTED
            )
            text = f"{len(titles)} {says}: {'; '.join(titles[:_MOST_LISTED])}{more}."
            style.add_note(ax, text, style.PRINT, color=style.INK, gid=gids[how])


def _add_keys(ax: Axes, shown: pd.DataFrame, until: Mapping[str, date], signs: set[str]) -> None:
    there = signs | set(shown["drawn"]) | set(shown["status"].astype("str")) if len(shown) else signs
    fringe = there & {"extent"} and ((shown["low"] < shown["core_low"]) | (shown["core_high"] < shown["high"])).any()
    doubted = "date_edtf" in shown and shown["date_edtf"].astype("str").str.contains("[?~%]").any()
    keys = glyphs.keys_of(
        there | {sign for sign, is_there in (("uncertain", fringe), ("doubted", doubted)) if is_there}
    )
    if until:
        look = {"facecolor": style.paler(style.INK, 1 - 2 * _DARKER), "edgecolor": style.GREY, "linestyle": "--"}
        keys["after the end of a document: not known"] = Patch(**look)
    if not keys:
        return
    columns = max(int(ax.get_tightbbox().width * 72 / ax.figure.dpi / _KEY), 1)
    for text in style.add_keys(ax, keys, columns, handler_map=glyphs.HANDLERS).get_texts():
        if text.get_text() == glyphs.BACKGROUND:
            text.set_color(style.MUTED)
