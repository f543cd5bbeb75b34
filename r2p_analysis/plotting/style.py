"""Every colour, marker, hatch and size of the figures, and the few habits that all of them share.

Colours are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), which are told apart with the common
deficiencies of colour vision. None of them means anything alone: what it says is said again by a marker, a
hatch or a style of line, so that a figure can be read in greyscale.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Transform, offset_copy

INK, MUTED, FAINT, GRID, PALE, PAPER = "#1A1A1A", "#595959", "#B5B5B5", "#DADADA", "#F0F0F0", "#FFFFFF"
BLUE, SKY, GREEN, YELLOW = "#0072B2", "#56B4E9", "#009E73", "#F0E442"
ORANGE, RED, PURPLE, GREY = "#E69F00", "#D55E00", "#CC79A7", "#8C8C8C"

TITLE, LABEL, SMALL, PRINT, TINY = 10.0, 7.5, 6.5, 6.0, 5.6
"""Sizes of type, in points; PRINT is the smallest of a figure that is printed at the size at which it is drawn."""

HAIR, THIN, LINE, THICK = 0.4, 0.7, 1.0, 1.8
"""Widths of lines, in points."""

DOT = 20.0
"""Area of a point, in square points."""

HEADING: Mapping[str, object] = MappingProxyType(
    {"fontsize": LABEL, "fontstyle": "italic", "color": MUTED, "va": "center", "gid": "heading"}
)
"""Type of a sub-region's name."""

DPI = 150

CROWDED = "crowded"
"""The ``gid`` of the line that says how many names have no room."""

POWER = "power"
"""``gid`` of a text that says what a test could have shown."""

MANY_TIES = 2000
"""Lines that are more than these are drawn as pixels in an SVG, too, which stays small."""

HALO = withStroke(linewidth=2.4, foreground=PAPER)
"""Rim around a name that lines may pass behind."""

RC: Mapping[str, object] = MappingProxyType(
    {
        "font.family": "DejaVu Sans",
        "font.size": LABEL,
        "text.color": INK,
        "text.parse_math": False,
        "text.hinting": "none",  # letters as wide in a PNG as in an SVG, and as width_of measures
        "axes.titlesize": TITLE,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "axes.linewidth": THIN,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "legend.frameon": False,
        "legend.fontsize": SMALL,
        "hatch.linewidth": HAIR,
        "svg.hashsalt": "r2p_analysis",
        "savefig.dpi": DPI,
        "figure.dpi": DPI,
    }
)


@dataclass(frozen=True)
class Glyph:
    """How a status looks in a matrix: the tile's colour, and a marker in its own colour."""

    tile: str
    marker: str
    face: str
    edge: str
    size: float = 26.0


STATUS: Mapping[str, Glyph] = MappingProxyType(
    {
        "operating": Glyph(BLUE, "o", PAPER, PAPER),
        "planned": Glyph(SKY, "^", PAPER, INK),
        "potential": Glyph(YELLOW, "o", "none", INK),
        "denied": Glyph(RED, "X", INK, PAPER, 40.0),
        "suspended": Glyph(PURPLE, "s", PAPER, INK),
        "self_suspended": Glyph(PURPLE, "D", PAPER, INK),
        "withdrawn": Glyph(GREY, "<", PAPER, INK),
        "silent": Glyph("none", ".", GREY, GREY, 6.0),
    }
)
"""Statuses in the order of legends; ``silent`` is what no row says."""


@dataclass(frozen=True)
class Group:
    """A few kinds of event that are counted together, their colour and hatch."""

    label: str
    kinds: tuple[str, ...]
    colour: str
    hatch: str


EVENT_GROUPS: tuple[Group, ...] = (
    Group("Publications", ("publication",), BLUE, ""),
    Group("Meetings", ("conference", "seminar", "roundtable", "forum", "dialogue", "recurring"), ORANGE, "////"),
    Group("Speeches and visits", ("speech", "visit"), YELLOW, "...."),
    Group("Launches, foundings, appointments", ("launch", "founding", "appointment"), GREEN, "\\\\\\\\"),
    Group(
        "Declarations, laws, judgments, votes",
        ("declaration", "legislation", "judgment", "referendum", "election"),
        PURPLE,
        "xxxx",
    ),
    Group("Crises, processes, other", ("crisis", "process", "other"), FAINT, "----"),
)
"""Kinds of event in six groups; a kind that none of them names belongs to the last."""


@dataclass(frozen=True)
class Node:
    """How a node of a network looks: its marker, and the name beside it."""

    label: str
    shape: str
    face: str
    edge: str
    size: float
    ink: str = INK
    weight: str = "normal"

    @property
    def marker(self) -> dict[str, object]:
        """Settings of ``Axes.scatter``."""
        look = {"facecolors": self.face, "edgecolors": self.edge, "linewidths": LINE}
        return {"marker": self.shape, "s": self.size, **look}

    def key(self) -> Line2D:
        """Entry of a legend."""
        look = {"markerfacecolor": self.face, "markeredgecolor": self.edge, "markeredgewidth": LINE}
        return Line2D([], [], marker=self.shape, markersize=min(self.size, 42) ** 0.5, linestyle="none", **look)


NODES: Mapping[str, Node] = MappingProxyType(
    {
        "bridge": Node("state in two bodies or more", "o", INK, INK, 44, weight="bold"),
        "member": Node("state in one body", "o", FAINT, INK, 34),
        "isolate": Node("state in none", "o", PAPER, RED, 34),
        "body": Node("body", "s", INK, PAPER, 110, weight="bold"),
        "empty body": Node("body without a state", "s", PAPER, MUTED, 42, ink=MUTED),
    }
)
"""Nodes of a two-mode network of states."""

BODY_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY, GREY)
HOLDS: Mapping[str, tuple[str, object]] = MappingProxyType(
    {
        "yes": ("certain", "-"),
        "possible": ("possible", (0, (3.5, 1.8))),
        "undated": ("no date asked for", (0, (1, 1.2))),
    }
)
"""Label and style of line of what holds certainly, possibly, or was asked for without a date."""


@dataclass(frozen=True)
class Fill:
    """How one of several kinds looks: colour and hatch of its bars, marker of its points."""

    colour: str
    hatch: str
    marker: str


FILLS = (
    Fill(BLUE, "", "o"),
    Fill(SKY, "....", "s"),
    Fill(ORANGE, "////", "^"),
    Fill(GREEN, "\\\\\\\\", "D"),
    Fill(PAPER, "", "v"),
    Fill(PURPLE, "xxxx", "P"),
    Fill(YELLOW, "----", "X"),
)
"""Looks of kinds that have none of their own, in the order of legends."""


@dataclass(frozen=True)
class Stroke:
    """How a line looks that one must not take for another: its label, colour, dashes and width, and a marker."""

    label: str
    colour: str
    dashes: object
    width: float = LINE
    marker: str = ""


SIGNS: Mapping[int, Stroke] = MappingProxyType(
    {
        1: Stroke("share more than expected", BLUE, "-", 1.3),
        -1: Stroke("share less than expected", RED, (0, (4, 1.6)), LINE),
    }
)
"""Ties of a signed network."""

CHECKS: Mapping[str, Stroke] = MappingProxyType(
    {
        "dropped_ties": Stroke("ties dropped at random", BLUE, "-", THICK, "o"),
        "inferred_off": Stroke("inferred ties left out", RED, (0, (1, 1)), LINE, "D"),
        "body_left_out": Stroke("each body left out in turn", INK, (0, (4, 1.6)), LINE, "s"),
    }
)
"""Kinds of run of a check of rankings."""


def subregion_of(node: Mapping[str, object]) -> str:
    """Sub-region of a node of a network; empty where none is known.

    >>> subregion_of({"subregion": float("nan")})
    ''
    """
    region = node.get("subregion")
    return region if isinstance(region, str) else ""


def group_of(kind: str) -> Group:
    """Group that a kind of event is drawn in.

    >>> group_of("seminar").label
    'Meetings'
    """
    return next((group for group in EVENT_GROUPS if kind in group.kinds), EVENT_GROUPS[-1])


def paler(colour: str, share: float = 0.65) -> tuple[float, float, float]:
    """Mix a colour with a share of white.

    >>> paler("black", 0.75)
    (0.75, 0.75, 0.75)
    """
    red, green, blue = (value + (1 - value) * share for value in to_rgb(colour))
    return red, green, blue


def against(colour: str) -> str:
    """White on a dark colour, black on a light one.

    >>> against(BLUE) == PAPER, against(YELLOW) == INK
    (True, True)
    """
    red, green, blue = to_rgb(colour)
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.55 else PAPER


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with the settings of this module over matplotlib's own defaults, never over a user's file.

    >>> with drawing():
    ...     mpl.rcParams["font.family"]
    ['DejaVu Sans']
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        yield
        # A notebook's backend turns interactive when the first figure is made; leaving the context undoes that, and
        # the next figure would not be shown.
        interactive = mpl.is_interactive()
    mpl.interactive(interactive)


@cache
def width_of(text: str, size: float, weight: str = "normal") -> float:
    """Width of a line of text in points, measured on the font.

    >>> 4 * width_of("n", 6) < width_of("nnnnn", 6) < 5 * 6
    True
    """
    font = FontProperties(family=RC["font.family"], size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def fitted(text: str, size: float, width: float) -> str:
    """Shorten a line of text to the words (at least one) that fit into a width in points.

    >>> fitted("Regional Forum on the Responsibility to Protect", 6, 90)
    'Regional Forum on the…'
    """
    if width_of(text, size) <= width:
        return text
    words = text.split()
    fits = [n for n in range(1, len(words)) if width_of(" ".join(words[:n]) + "…", size) <= width]
    return " ".join(words[: max(fits, default=1)]).rstrip(",;:-") + "…"


def wrapped(text: str, size: float, width: float, weight: str = "normal") -> str:
    """Break a text into lines that fit a width in points; its own line breaks stay.

    >>> print(wrapped("Coverage is not protection.", 8, 80))
    Coverage is not
    protection.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.append("")
        for word in filter(None, paragraph.split(" ")):  # not at a no-break space
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and width_of(longer, size, weight) > width:
                lines.append(word)
            else:
                lines[-1] = longer
    return "\n".join(lines)


def with_room(places: Mapping[str, float], need: float) -> list[str]:
    """Names that can be written without touching each other, the first of them before the others.

    >>> with_room({"most important": 10, "beside it": 14, "apart": 30}, need=9)
    ['most important', 'apart']
    """
    taken: list[float] = []
    kept = []
    for name, place in places.items():
        i = bisect(taken, place)
        if all(abs(place - other) > need - 1e-6 for other in taken[max(i - 1, 0) : i + 1]):
            insort(taken, place)
            kept.append(name)
    return kept


def points_of(ax: Axes) -> tuple[float, float]:
    """Width and height of an Axes in points."""
    room, points = ax.get_window_extent(), 72 / ax.figure.dpi
    return room.width * points, room.height * points


def say_crowded(ax: Axes, n: int, what: str) -> None:
    """Write below an Axes how many names were left out; nothing if none was."""
    if n:
        text = f"Names or numbers without room are left out: {n} of {what}. The table of the figure has them all."
        _write(ax, text, SMALL, 0, color=MUTED, gid=CROWDED)


def add_title(ax: Axes, text: str) -> Text:
    """Write a title above whatever an Axes shows, flush with its left edge; its ``gid`` is ``title``."""
    return _write(ax, text, TITLE, 1, color=INK, fontweight="bold", gid="title")


def add_note(ax: Axes, text: str, size: float = SMALL, *, color: str = MUTED, gid: str = "note") -> Text:
    """Write small print below whatever an Axes shows, and as wide."""
    return _write(ax, text, size, 0, color=color, linespacing=1.35, gid=gid)


def add_keys(ax: Axes, keys: Mapping[str, object], n_columns: int, **more: object) -> Legend:
    """Write a legend, artists by their labels, below whatever an Axes shows."""
    place = {"bbox_transform": _place(ax, 0, 0.6 * SMALL), "bbox_to_anchor": (0, 0), "loc": "upper left"}
    look = {"borderpad": 0, "borderaxespad": 0, "handlelength": 2.6, "handleheight": 1.0, "columnspacing": 1.6}
    return ax.legend(
        list(keys.values()), list(keys), ncols=max(n_columns, 1), **{"numpoints": 1, **more}, **place, **look
    )


def _place(ax: Axes, side: int, gap: float) -> Transform:
    """Origin of points above (side 1) or below (side 0) the Axes and all that sticks out of it."""
    points = 72 / ax.figure.dpi
    room, around = ax.get_window_extent(), ax.get_tightbbox()
    away = (around.y1 - room.y1) * points + gap if side else (around.y0 - room.y0) * points - gap
    corner = Affine2D().translate(0, side) + ax.transAxes
    return offset_copy(corner, ax.figure, (around.x0 - room.x0) * points, away, units="points")


def _write(ax: Axes, text: str, size: float, side: int, **look: object) -> Text:
    width = ax.get_tightbbox().width * 72 / ax.figure.dpi
    lines = wrapped(text, size, width, str(look.get("fontweight", "normal")))
    anchor = {"va": "bottom" if side else "top", "ha": "left", "transform": _place(ax, side, 0.9 * size)}
    return ax.text(0, 0, lines, fontsize=size, **anchor, **look)
