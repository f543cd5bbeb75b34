"""A timeline to point at and to zoom into, in a notebook and in the pages that are made of it.

It is one piece of HTML without anything from elsewhere: an image, and a script that brings it to life. Where scripts
are not run, as in a notebook that is not trusted, the image stays. Marks and their places are those of the printed
timeline; what is said of an event is our words on it, its date as stated and the places in the documents that say so.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

import pandas as pd

from r2p_analysis.chronology import event_order
from r2p_analysis.plotting import conflicts as disputes
from r2p_analysis.plotting import lanes as layout
from r2p_analysis.plotting import style, svgmarks
from r2p_analysis.plotting.told import source_ends
from r2p_analysis.study import Study

_WIDE, _GUTTER, _TOP, _ROW = 560.0, 78.0, 10.0, 8.6  # points: axis, names of lanes, years, a row
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_READING = (
    "A point is a day; a pale bar between stops is one unknown day; a high dark bar lasted, and fades to an end that "
    "is not known; an arrow is on or before, or on or after, its stop. White inside: announced only. Framed in red, "
    "linked or with one letter: in conflict. Darker ground: after the end of a document, where nothing can be seen."
)
_LIMITS = (
    "What the sources do not tell is not here: an empty year says more about them than about the world. "
    "Rows within a lane mean nothing, and an early place is no claim that one event came before another."
)


@dataclass(frozen=True)
class Interactive:
    """A timeline as a notebook shows it.

    Attributes
    ----------
    html : str
        All of it: image, script, and what has no place on it.
    svg : str
        The image by itself.
    """

    html: str
    svg: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Say what it is where only text is shown."""
        return f"Interactive timeline: {self.svg.count('data-event=')} events with a mark"


def interactive_timeline(study: Study, *, since: str | None = None) -> Interactive:
    """Draw the events of a study by kind, to zoom into and with what is said of each, and where.

    Parameters
    ----------
    study : Study
        The study.
    since : str, optional
        First year of the axis; None takes ``since`` of the descriptor, else the year of the first event.

    Returns
    -------
    Interactive
        An object that a notebook shows; ``.html`` can be written into any page, several of them beside each other. The
        same study gives the same bytes.

    See Also
    --------
    plot_timeline : The same on paper.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> interactive_timeline(load_study())
    Interactive timeline: 91 events with a mark
    """
    events = event_order(study)
    events = events.assign(title=events["title"].astype("str").map(_clean))
    since = since or _first_year(study, events)
    until, conflicts = source_ends(study), disputes.timeline_conflicts(study)
    drawn, span = layout.marks_of(events, since), layout.span_of(events, since, until, _WIDE)
    lanes = _lanes(events, span, drawn, conflicts)
    labels = {kind: study.label("events.kind", kind) for kind in lanes}
    svg = _image(lanes, labels, span, until, conflicts, dict(_said(study, labels)))
    return Interactive(_page(svg, events, drawn, since), svg)


def _lanes(
    events: pd.DataFrame, span: layout.Span, drawn: pd.Series, conflicts: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Rows as on paper, where short bars are wide enough to be seen; and the true days, which show when one zooms."""
    others = disputes.other_days(conflicts, span)
    shown, true = (layout.places(events, span, drawn, others=others, widened=how) for how in (True, False))
    titles = layout.titles_of(shown, span, disputes.tags_of(shown, "kind", conflicts))
    lanes = layout.in_lanes(shown.assign(label=titles), list(events["kind"].cat.categories), "kind", span)
    days = ["low", "high", "core_low", "core_high", "from_day", "to_day"]
    return {name: marks.assign(**true.loc[marks.index, days]) for name, marks in lanes.items()}


def _first_year(study: Study, events: pd.DataFrame) -> str:
    stated, first = study.descriptor.get("since"), events["earliest"].min()
    return str(stated) if stated is not None else "2000" if pd.isna(first) else f"{first.year:04}"


def _said(study: Study, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is said of each event: title, kind, status and date as stated; each report and where it stands."""
    passages, references = study.passages.set_index("passage_id"), study.references.set_index("ref_id")
    reports = dict(list(study.event_dates.groupby("event_id")))
    for event in study.events.itertuples():
        when = "no date" if pd.isna(event.date_edtf) else f"dated {event.date_edtf}"
        lines = [str(event.title), f"{labels.get(event.kind, event.kind)}; {event.status}; {when}"]
        for report in reports[event.event_id].itertuples() if event.event_id in reports else ():
            lines += [f"{report.date_edtf}: {where}" for where in _places(report.evidence, passages, references)]
        dated = {where.split(": ", 1)[-1] for where in lines}
        lines += [where for where in _places(event.evidence, passages, references) if where not in dated]
        yield event.event_id, "\n".join(lines)


def _places(evidence: str, passages: pd.DataFrame, references: pd.DataFrame) -> list[str]:
    """Where a row's evidence stands: passages by their position, references by their title."""
    found = []
    for name in str(evidence).split(";"):
        if name in passages.index:
            row = passages.loc[name]
            found.append(f"passage {name}, {row['source_id']}, characters {row['start']}\u2013{row['end']}")
        elif name in references.index:
            found.append(f"reference {name}, {references.loc[name, 'title']}")
    return found


def _image(
    lanes: Mapping[str, pd.DataFrame], labels: Mapping[str, str], span: layout.Span, until: Mapping, *rest: object
) -> str:
    """Draw the image: names of lanes and sources in the gutter, marks in a window of their own that clips them."""
    conflicts, said = rest
    stacked = [(name, marks.assign(lane=name), top, below) for name, marks, top, below in layout.stacked(lanes)]
    shown = pd.concat([marks for _, marks, _, _ in stacked]) if stacked else pd.DataFrame()
    place = svgmarks.Place(span, _TOP + len(until) * _ROW, _ROW)
    bottom = place.y(layout.n_rows(lanes))
    beside = [
        _lane(labels.get(name, name), style.group_of(name).colour, place.y(a), place.y(b)) for name, _, a, b in stacked
    ]
    inside = [
        *svgmarks.ends(place, until, _TOP, bottom),
        *(f'<path d="M0 {place.y(a):g}H{_WIDE:g}" stroke="{style.GRID}" stroke-width=".7"/>' for _, _, a, _ in stacked),
        svgmarks.years(place, _TOP, bottom),
        *svgmarks.conflicts(place, shown, conflicts),
        *(svgmarks.event(place, row, said.get(row.event_id, row.title)) for row in shown.itertuples()),
    ]
    wide, tall = _GUTTER + _WIDE, bottom + 4
    window = (
        f'<svg data-plot="" data-from="{span.left:g}" data-to="{span.right:g}" x="{_GUTTER:g}" y="0" width="{_WIDE:g}"'
    )
    return _clean(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {tall:g}" width="100%" '
        f'font-family="DejaVu Sans, Verdana, sans-serif" font-size="{style.PRINT:g}" fill="{style.INK}" role="group" '
        f'aria-label="Timeline of {len(shown)} events by kind">'
        f'<rect width="{wide:g}" height="{tall:g}" fill="{style.PAPER}"/>{"".join(beside)}'
        f'{window} height="{tall:g}" overflow="hidden">{"".join(inside)}</svg></svg>'
    )


def _lane(label: str, colour: str, top: float, below: float) -> str:
    box = f'<rect x="{_GUTTER - 8:g}" y="{top:g}" width="5" height="{below - top:g}" fill="{colour}" '
    text = svgmarks.text(layout.cut(label, _GUTTER - 14), _GUTTER - 11, (top + below) / 2 + 2.1, anchor="end")
    return f'{box}stroke="{style.MUTED}" stroke-width=".4"/>{text}'


def _page(svg: str, events: pd.DataFrame, drawn: pd.Series, since: str) -> str:
    """Put the image, the script, and what has no place on the image, together."""
    image = b64encode(svg.encode("utf-8")).decode("ascii")
    says = f"Timeline of {int((~drawn.isin(['margin', 'left out'])).sum())} events by kind"
    below = ""
    for how, what in (("left out", "without a date, not drawn"), ("margin", f"over before {since}, not drawn")):
        titles = events.loc[drawn.eq(how), "title"].astype("str").tolist()
        if titles:
            listed = "".join(f"<li>{escape(title)}</li>" for title in titles)
            below += f"<details><summary>{len(titles)} {what}</summary><ul>{listed}</ul></details>"
    # An attribute that JupyterLab asks before it takes a key for one of its own.
    return _clean(
        f'<div class="r2p-timeline" data-lm-suppress-shortcuts="true">'
        f'<img alt="{says}" style="width:100%" src="data:image/svg+xml;base64,{image}">'
        f"<p><small>{_READING} {_LIMITS}</small></p>{below}<script>{_script()}</script></div>"
    )


@cache
def _script() -> str:
    return files("r2p_analysis.plotting").joinpath("interactive.js").read_text("utf-8")


def _clean(text: str) -> str:
    """Drop control characters, with which an SVG would not be read."""
    return _NOT_XML.sub("", text)
