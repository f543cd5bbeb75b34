"""A timeline shows what is known of each date and no more, and all of its words can be read."""

import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from tiny import tiny_study

from r2p_analysis import plotting
from r2p_analysis.chronology import event_order
from r2p_analysis.plotting import lanes, style

EVENTS = [
    ("day", "seminar", "2012-03-05", "reported"),
    ("told-day", "seminar", "2013-03-05", "announced"),
    ("month", "speech", "2012-03", "reported"),
    ("told-year", "publication", "2014", "announced"),
    ("lasted", "conference", "2012-03-05/2012-03-09", "reported"),
    ("one-of-days", "conference", "[2012-03-05..2012-03-09]", "reported"),
    ("years", "process", "2001/2008", "background"),
    ("told-days", "conference", "2014-05-05/2014-08-09", "announced"),
    ("by", "publication", "[..2013-11]", "reported"),
    ("from", "publication", "[2013-11..]", "announced"),
    ("going-on", "process", "2013-02-01/..", "reported"),
    ("ended", "process", "../2011-06-30", "reported"),
    ("old", "legislation", "1969", "background"),
    ("older", "crisis", "[..1969]", "background"),
    ("across", "crisis", "1995/2003", "background"),
    ("never", "other", "", "reported"),
]
DRAWN = {
    "day": "point",
    "told-day": "point",
    "month": "uncertain",
    "told-year": "uncertain",
    "lasted": "extent",
    "one-of-days": "uncertain",
    "years": "extent",
    "told-days": "extent",
    "by": "open",
    "from": "open",
    "going-on": "open extent",
    "ended": "open extent",
    "old": "margin",
    "older": "margin",
    "across": "extent",
    "never": "left out",
}
UNTIL = {"memo": dt.date(2014, 9, 8), "page": dt.date(2015, 5, 29)}
MARKS = ("point", "uncertain", "extent", "open extent", "open")
WIDE = 432.0


def canvas(wide=WIDE, tall=600.0):
    """Make an Axes that is some points wide and tall, in the style of the house."""
    with style.drawing():
        figure = Figure(figsize=(wide / 72 / 0.8, tall / 72 / 0.8))
        FigureCanvasAgg(figure)
        yield figure.add_axes((0.1, 0.1, 0.8, 0.8))


@pytest.fixture
def ax():
    yield from canvas()


def fitted(events, wide=WIDE, **options):
    """Draw a timeline on an Axes as tall as its rows ask for."""
    rows = plotting.timeline_rows(events, wide, **options)
    with style.drawing():
        figure = Figure(figsize=(wide / 72 / 0.8, rows * 7.1 / 72 / 0.8))
        FigureCanvasAgg(figure)
        return plotting.plot_timeline(events, figure.add_axes((0.1, 0.1, 0.8, 0.8)), **options)


def order_of(events):
    names = ("event_id", "kind", "date_edtf", "status")
    rows = [dict(zip(names, event, strict=True), title=f"Title of {event[0]}") for event in events]
    return event_order(tiny_study(events=rows))


def many(n=120):
    """Make events as a study has them: of a few years, with every form of date and long titles, many on one day."""
    rng = np.random.default_rng(7)
    kinds = ["seminar", "conference", "publication", "speech", "process"]
    shapes = ["{y}-{m:02}-{d:02}", "{y}-{m:02}", "{y}", "{y}-{m:02}-05/{y}-{m:02}-09", "[..{y}-{m:02}]", "[{y}..2015]"]
    words = [
        "Regional",
        "Forum",
        "on",
        "the",
        "Responsibility",
        "to",
        "Protect",
        "and",
        "Prevention",
        "of",
        "Atrocities",
    ]
    rows = []
    for i in range(n):
        when = {"y": int(rng.integers(2008, 2015)), "m": int(rng.integers(1, 13)), "d": int(rng.integers(1, 4))}
        title = " ".join([f"{i}.", *rng.permutation(words)[: rng.integers(2, 12)]])
        shape = shapes[i % len(shapes)].format(**when)
        status = ("reported", "announced", "background")[i % 7 % 3]
        rows.append(
            {"event_id": f"e{i:03}", "title": title, "kind": kinds[i % 5], "date_edtf": shape, "status": status}
        )
    return event_order(tiny_study(events=rows))


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def collections(ax, gid):
    return [c for c in ax.collections if c.get_gid() == gid]


def bars(ax, gid):
    """Extents of the bars of a kind, in data units."""
    return [path.get_extents() for c in collections(ax, gid) for path in c.get_paths()]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def overlaps(boxes):
    return [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)]


def boxes(ax, *gids):
    """Extents of the letters of the texts of an Axes, as the canvas measures them."""
    return [(text.get_text(), text.get_window_extent()) for text in ax.texts if text.get_gid() in gids]


def on(day):
    """The day's number on a time axis, by another route than the drawing's."""
    return dt.date.fromisoformat(day).toordinal() - dt.date(1970, 1, 1).toordinal()


# ---- how each form of date is drawn


def test_marks_of_each_form_of_date():
    events = order_of(EVENTS)
    assert dict(zip(events["event_id"], plotting.marks_of(events), strict=True)) == DRAWN
    assert set(plotting.marks_of(events, "2005")[events["event_id"].isin(["across", "old"])]) == {"margin"}


def test_marks_of_what_was_surely_under_way_for_a_day_and_of_what_was_so_before_the_axis_only():
    bounds = [
        ("2012-03-01", "2012-03-05", "2012-03-05", "2012-03-09"),
        ("1990-01-01", "1990-12-31", "1995-01-01", "2005-12-31"),
    ]
    columns = ["earliest", "first_latest", "last_earliest", "latest"]
    events = pd.DataFrame(bounds, columns=columns).astype("datetime64[s]")
    assert plotting.marks_of(events).tolist() == ["extent", "uncertain"]
    assert plotting.marks_of(events, "1980").tolist() == ["extent", "extent"]


def test_a_timeline_has_a_mark_an_event(ax):
    plotting.plot_timeline(order_of(EVENTS), ax)
    n = {gid: len(bars(ax, gid)) for gid in ("uncertain", "extent", "open extent")}
    n |= {gid: sum(len(c.get_offsets()) for c in collections(ax, gid)) for gid in ("point", "open")}
    assert n == {how: list(DRAWN.values()).count(how) for how in MARKS}
    assert len(texts(ax, "title of event")) == 13
    assert sorted(texts(ax, "margin")) == ["1", "1"]
    assert ax.get_xlabel() == "16 events"


def test_extent_and_uncertainty_have_shapes_of_their_own(ax):
    plotting.plot_timeline(order_of([EVENTS[4], EVENTS[5]]), ax, since="2012")
    (solid,), (pale,) = bars(ax, "extent"), bars(ax, "uncertain")
    assert solid.height > 1.5 * pale.height
    assert (solid.x0, solid.x1) == (pale.x0, pale.x1) == (on("2012-03-05"), on("2012-03-10"))
    ends = [line for c in collections(ax, "stop") for line in c.get_segments()]
    assert sorted(line[0][0] for line in ends) == [
        on("2012-03-05"),
        on("2012-03-10"),
    ]  # stops of the uncertain one only
    assert {tuple(line[:, 1]) for line in ends} == {(pale.y0 + pale.height / 2 - 0.3, pale.y0 + pale.height / 2 + 0.3)}
    dark, light = (sum(collections(ax, gid)[0].get_facecolor()[0][:3]) for gid in ("extent", "uncertain"))
    assert dark < light


def test_marks_are_where_their_days_are(ax):
    plotting.plot_timeline(order_of([EVENTS[0], ("span", "process", "2009/2011", "reported")]), ax)
    ((x, _),) = collections(ax, "point")[0].get_offsets()
    assert x == on("2012-03-05")
    (pale,), (solid,) = bars(ax, "fringe"), bars(ax, "extent")
    assert (pale.x0, pale.x1) == (on("2009-01-01"), on("2012-01-01"))
    assert (solid.x0, solid.x1) == (on("2009-12-31"), on("2011-01-02"))


def test_what_began_before_the_axis_is_clipped(ax):
    plotting.plot_timeline(order_of([("across", "crisis", "1995/2003", "reported")]), ax)
    assert {bar.x0 for gid in ("fringe", "extent") for bar in bars(ax, gid)} == {on("2000-01-01")}


def test_short_bars_are_wide_enough_to_be_seen_and_keep_their_middle(ax):
    plotting.plot_timeline(order_of([EVENTS[2], EVENTS[4]]), ax)
    per_day = WIDE / (ax.get_xlim()[1] - ax.get_xlim()[0])
    (month,), (days,) = bars(ax, "uncertain"), bars(ax, "extent")
    assert [round(bar.width * per_day, 2) for bar in (month, days)] == [lanes.SHORTEST] * 2
    assert (days.x0 + days.x1) / 2 == pytest.approx(on("2012-03-07") + 0.5)


def test_what_is_announced_is_white_inside_and_says_so(ax):
    plotting.plot_timeline(order_of(EVENTS), ax)
    for gid in ("point", "uncertain", "extent", "open"):
        faces = [tuple(face) for c in collections(ax, gid) for face in c.get_facecolor()]
        assert faces.count(to_rgba(style.PAPER)) == 1, gid
    assert sorted(t for t in texts(ax, "title of event") if "announced" in t) == [
        f"Title of {name} (announced)" for name in ("from", "told-day", "told-days", "told-year")
    ]


def test_announced_and_reported_differ_in_grey_print():
    """What is filled keeps away from white even as the palest kind of event, in grey."""
    for group in style.EVENT_GROUPS:
        red, green, blue = style.paler(to_rgb(group.colour), 0.45)
        assert 0.299 * red + 0.587 * green + 0.114 * blue < 0.96


def test_open_dates_point_to_their_open_side(ax):
    plotting.plot_timeline(order_of([EVENTS[8], EVENTS[9]]), ax)
    heads = [c.get_offsets()[0][0] for c in collections(ax, "open")]
    stops = [c.get_segments()[0][0][0] for c in collections(ax, "stop")]
    assert heads[0] < stops[0] == on("2013-11-30")
    assert heads[1] > stops[1] == on("2013-11-01")


def test_what_lasted_fades_towards_the_end_that_is_not_known(ax):
    plotting.plot_timeline(order_of([EVENTS[10]]), ax)
    steps = [(c.get_paths()[0].get_extents().x0, sum(c.get_facecolor()[0][:3])) for c in collections(ax, "fading")]
    assert steps[0][0] == on("2013-02-01") and steps == sorted(steps) and len(set(steps)) == 6
    ax.clear()
    plotting.plot_timeline(order_of([EVENTS[11]]), ax)
    steps = [(c.get_paths()[0].get_extents().x1, sum(c.get_facecolor()[0][:3])) for c in collections(ax, "fading")]
    assert steps[0][0] == pytest.approx(on("2011-07-01"))
    assert [x for x, _ in steps] == sorted((x for x, _ in steps), reverse=True)
    assert [shade for _, shade in steps] == sorted(shade for _, shade in steps)


def test_a_date_that_is_doubted_stands_as_stated_beside_its_title(ax):
    events = [("doubted", "forum", "2012?", "reported"), ("about", "forum", "2011~", "announced")]
    plotting.plot_timeline(order_of(events), ax)
    assert sorted(texts(ax, "title of event")) == ["Title of about (2011~) (announced)", "Title of doubted (2012?)"]
    assert "(2012?), (2012~): doubted, approximate" in legend(ax)


def test_background_is_written_in_grey_and_explained(ax):
    plotting.plot_timeline(order_of(EVENTS), ax)
    inks = {text.get_text(): text.get_color() for text in ax.texts if text.get_gid() == "title of event"}
    assert inks["Title of years"] == inks["Title of across"] == style.MUTED != inks["Title of day"]
    greyed = [text.get_text() for text in ax.get_legend().get_texts() if text.get_color() == style.MUTED]
    assert greyed == ["title in grey: told as background"]


def test_the_legend_explains_what_is_there_and_nothing_else(ax):
    plotting.plot_timeline(order_of([EVENTS[0]]), ax)
    assert legend(ax) == ["on this day"]


# ---- what has no place, and where documents end


def test_what_has_no_place_is_listed_and_not_drawn(ax):
    plotting.plot_timeline(order_of(EVENTS), ax)
    assert texts(ax, "undated") == ["1 without a date, not drawn: Title of never."]
    assert texts(ax, "over before") == ["2 over before 2000, only counted at the left: Title of old; Title of older."]
    ax.clear()
    events = order_of([(f"e{i:03}", "other", "", "reported") for i in range(45)])
    plotting.plot_timeline(events, ax)
    (listed,) = texts(ax, "undated")
    said = " ".join(listed.split())
    assert said.startswith("45 without a date") and "e039" in said and "e040" not in said and "and 5 more" in said


def test_the_end_of_each_source_is_shaded_to_the_edge_and_named(ax):
    plotting.plot_timeline(order_of(EVENTS), ax, until=UNTIL)
    shades = sorted((p.get_x(), p.get_x() + p.get_width()) for p in ax.patches if p.get_gid() == "after")
    edge = ax.get_xlim()[1]
    assert shades == [(on("2014-09-09"), edge), (on("2015-05-30"), edge)]
    assert sorted(texts(ax, "source")) == [
        "memo: tells of nothing after 2014-09-08",
        "page: tells of nothing after 2015-05-29",
    ]
    assert overlaps(boxes(ax, "source", "title of event", "lane")) == []
    assert "after the end of a document: not known" in legend(ax)
    assert not [p for p in plot_of_no_source() if p.get_gid() == "after"]


def plot_of_no_source():
    return fitted(order_of(EVENTS)).patches


def test_many_sources_are_put_together_and_early_ones_are_named_inside_the_axis():
    until = {f"document-{i:02}": dt.date(2001 + i, 1, 1) for i in range(14)}
    ax = fitted(order_of(EVENTS), until=until)
    named = texts(ax, "source")
    assert len(named) == 6
    assert named[0] == "document-13: tells of nothing after 2014-01-01"
    assert named[-1] == "the last of 9 other documents: tells of nothing after 2009-01-01"
    ax = fitted(order_of(EVENTS), until={"early": dt.date(2001, 1, 1)})
    (box,) = [box for _, box in boxes(ax, "source")]
    room = ax.get_window_extent()
    assert room.x0 <= box.x0 and box.x1 <= room.x1


# ---- conflicts


def conflict_study():
    events = [
        {"event_id": "board", "title": "Board", "kind": "founding", "date_edtf": "2012-04"},
        {"event_id": "second", "title": "Second", "kind": "seminar", "date_edtf": "2013-11"},
        {"event_id": "next", "title": "Next", "kind": "seminar", "date_edtf": "2014-06"},
        {"event_id": "undated", "title": "Undated", "kind": "seminar"},
    ]
    reports = [
        ("board", "2012"),
        ("board", "2012-04"),
        ("board", "2011-08"),
        ("board", "2011-08"),
        ("second", "2013-11"),
    ]
    named = [("count", "events:second;counts:c;events:next"), ("date", "events:board;events:second")]
    named += [("date", "events:undated;events:next"), ("name", "events:board;events:next")]
    return tiny_study(
        events=events,
        event_dates=[{"event_id": event, "date_edtf": when, "evidence": "p"} for event, when in reports],
        conflicts=[{"conflict_id": f"c{i}", "kind": kind, "rows": rows} for i, (kind, rows) in enumerate(named)],
    )


def test_conflicts_are_disjoint_reports_and_dated_events_that_a_conflict_names():
    found = plotting.timeline_conflicts(conflict_study()).fillna("").to_numpy().tolist()
    assert found == [
        ["board", "", "2011-08", ""],
        ["board", "second", "", "c1"],
        ["second", "next", "", "c0"],
    ]


def test_conflicts_are_two_linked_marks():
    study = conflict_study()
    ax = fitted(event_order(study), conflicts=plotting.timeline_conflicts(study))
    (other,) = bars(ax, "other date")
    (own, _, _) = sorted(bars(ax, "uncertain"), key=lambda bar: bar.x0)
    assert (other.x0 + other.x1) / 2 == pytest.approx(on("2011-08-16") + 0.5)
    assert (other.y0, other.y1) == pytest.approx((own.y0, own.y1))
    (link,) = [line for line in ax.lines if line.get_gid() == "link of a date"]
    assert link.get_xdata() == pytest.approx([other.x1, own.x0])
    assert len(bars(ax, "in conflict")) == 3
    (line,) = [line for line in ax.lines if line.get_gid() == "link"]  # of the two in one lane
    ends = sorted((bar.x0 + bar.x1) / 2 for bar in bars(ax, "uncertain"))[1:]
    assert line.get_xdata() == pytest.approx(ends)
    assert sorted(texts(ax, "title of event")) == ["Board [a]", "Next", "Second [a]"]
    assert {"another day reported of it, not taken", "framed, linked or same letter: in conflict"} <= set(legend(ax))
    assert overlaps([*boxes(ax, "title of event"), ("other", ax.transData.transform_bbox(other))]) == []


def test_the_shipped_study_has_its_known_conflicts(study):
    found = plotting.timeline_conflicts(study)
    pairs = set(found.dropna(subset="other_id")[["event_id", "other_id"]].itertuples(index=False, name=None))
    assert ("lemkin-la-2", "lemkin-la-next") in pairs
    assert found.dropna(subset="date_edtf")[["event_id", "date_edtf"]].to_numpy().tolist() == [
        ["apb-founding", "2011-08"]
    ]


# ---- lanes


def test_every_kind_is_a_lane(ax, study):
    plotting.plot_timeline(order_of(EVENTS[:1]), ax, labels={"seminar": "Seminar"})
    kinds = [{"seminar": "Seminar"}.get(kind, kind) for kind in study.axis("events", "kind")]
    assert texts(ax, "lane") == kinds
    assert ax.get_ylim() == (len(kinds), 0)


def test_lanes_of_actors_hold_the_events_in_which_they_had_a_part():
    events = [{"event_id": i, "title": i, "kind": "forum", "date_edtf": "2012-03-05"} for i in "abcd"]
    parts = [("arg", "a"), ("arg", "a"), ("arg", "b"), ("lan", "a"), ("bra", "c")]
    study = tiny_study(events=events, participations=[{"actor_id": a, "event_id": e} for a, e in parts])
    lanes_of = plotting.actor_lanes(study, n=2)
    assert sorted(lanes_of[["actor_id", "event_id"]].itertuples(index=False, name=None)) == [
        ("arg", "a"),
        ("arg", "b"),
        ("bra", "c"),
    ]
    assert list(lanes_of["actor_id"].cat.categories) == ["arg", "bra"]
    assert lanes_of.attrs["n_left_out"] == 1
    assert plotting.actor_lanes(study, n=3).attrs["n_left_out"] == 1  # four rows of three events
    ax = fitted(plotting.actor_lanes(study, ["lan", "arg"]), lane="actor_id")
    assert texts(ax, "lane") == ["lan", "arg"]
    assert sorted(texts(ax, "title of event")) == ["a", "a", "b"]
    assert ax.get_xlabel() == "2 events"


def test_kinds_of_another_study_have_lanes_and_a_colour():
    events = order_of(EVENTS[:2]).assign(kind=["attack", "battle"])
    ax = fitted(events)
    assert texts(ax, "lane") == ["attack", "battle"]
    assert to_rgba(style.FAINT) in map(tuple, collections(ax, "point")[0].get_facecolor())


# ---- words that can be read


@pytest.mark.parametrize("wide", [WIDE, 190.0], ids=["page", "column"])
@pytest.mark.parametrize("n", [0, 1, 3, 120])
def test_titles_neither_overlap_nor_leave_the_axes_nor_run_over_marks(wide, n):
    ax = fitted(many(n), wide, since="2006", until=UNTIL)
    room = ax.get_window_extent()
    written = boxes(ax, "title of event", "source")
    assert len(written) == n + 2
    assert overlaps([*written, *boxes(ax, "lane", "margin")]) == []
    outside = [text for text, box in written if box.x0 < room.x0 - 0.5 or box.x1 > room.x1 + 0.5]
    assert outside == []
    assert [text for text, box in written if box.y0 < room.y0 - 1 or box.y1 > room.y1 + 1] == []
    marks = [ax.transData.transform_bbox(bar) for gid in ("uncertain", "extent", "fringe") for bar in bars(ax, gid)]
    points = [p for c in collections(ax, "point") for p in ax.transData.transform(c.get_offsets())]
    for text, box in boxes(ax, "title of event"):
        assert not any(box.overlaps(mark) for mark in marks), text
        assert not any(box.contains(*point) for point in points), text


def test_120_events_are_read_at_the_size_at_which_they_are_printed():
    ax = fitted(many(120), since="2006", until=UNTIL)
    assert min(text.get_fontsize() for text in ax.texts) == style.PRINT == 6
    around = ax.figure.get_tightbbox()
    assert around.width <= 7.3  # inches, a page of a journal
    assert not texts(ax, style.CROWDED)


@pytest.mark.parametrize("layers", [("coded",), ("coded", "reference")])
@pytest.mark.parametrize("wide", [415.0, 190.0])
def test_the_shipped_events_can_all_be_read(layers, wide):
    from r2p_analysis.study import load_study

    study = load_study(layers=layers)
    options = {"until": plotting.source_ends(study), "conflicts": plotting.timeline_conflicts(study)}
    ax = fitted(event_order(study), wide, **options)
    n = plotting.marks_of(event_order(study)).isin(["margin", "left out"]).eq(False).sum()
    assert len(texts(ax, "title of event")) == n
    room, written = ax.get_window_extent(), boxes(ax, "title of event", "source")
    assert overlaps([*written, *boxes(ax, "lane", "margin", "undated", "over before")]) == []
    assert [text for text, box in written if box.x0 < room.x0 - 0.5 or box.x1 > room.x1 + 0.5] == []
    ticks = [(t.get_text(), t.get_window_extent()) for t in ax.get_xticklabels()]
    assert overlaps(ticks) == []


def test_titles_keep_off_the_lines_where_they_can():
    events = [(f"e{i}", "forum", f"2014-0{1 + i}-0{1 + i}", "reported") for i in range(8)]
    ax = fitted(order_of(events), until=UNTIL)
    line = ax.transData.transform((on("2014-09-09"), 0))[0]
    assert all(box.x1 <= line for _, box in boxes(ax, "title of event"))


def test_a_title_stands_below_a_bar_that_takes_the_whole_axis():
    events = [("whole", "forum", "[2012..2014]", "announced"), ("day", "forum", "2013-03-01", "reported")]
    ax = fitted(order_of(events), 190.0, since="2012")
    assert sorted(texts(ax, "title of event")) == ["Title of day", "Title of whole (announced)"]
    (bar,), title = bars(ax, "uncertain"), dict(boxes(ax, "title of event"))["Title of whole (announced)"]
    assert title.y1 <= ax.transData.transform_bbox(bar).y0
    assert overlaps([*boxes(ax, "title of event"), ("bar", ax.transData.transform_bbox(bar))]) == []


def test_one_row_is_given_to_what_has_room_side_by_side(ax):
    events = [("a", "forum", "2003-01-01", "reported"), ("b", "forum", "2012-01-01", "reported")]
    plotting.plot_timeline(order_of(events), ax)
    assert len({y for _, y in collections(ax, "point")[0].get_offsets()}) == 1


def test_a_long_title_is_shortened_and_a_long_word_too():
    events = order_of(EVENTS[:2]).assign(title=["Many words " * 30, "Incomprehensibilities" * 9])
    ax = fitted(events, 190.0)
    assert all("…" in title for title in texts(ax, "title of event"))
    room = ax.get_window_extent()
    assert all(room.x0 <= box.x0 and box.x1 <= room.x1 for _, box in boxes(ax, "title of event"))


def test_titles_are_given_up_where_rows_are_lower_than_letters():
    with style.drawing():
        figure = Figure(figsize=(6, 1))
        FigureCanvasAgg(figure)
        ax = plotting.plot_timeline(many(60), figure.subplots(), since="2006")
    assert texts(ax, "title of event") == []
    assert "60 of 60 titles" in texts(ax, style.CROWDED)[0].replace("\n", " ")


def test_pages_hold_whole_lanes_in_their_order_as_many_as_have_room():
    events = many(120)
    pages = plotting.timeline_pages(events, WIDE, 50, since="2006", until=UNTIL)
    kinds = list(events["kind"].cat.categories)
    assert [kind for page in pages for kind in page] == kinds
    assert len(pages) > 1
    for i, page in enumerate(pages):
        own = events[events["kind"].isin(page)].assign(
            kind=lambda rows, page=page: rows["kind"].cat.set_categories(page)
        )
        assert plotting.timeline_rows(own, WIDE, since="2006", until=UNTIL) <= 50 or len(page) == 1
        if i:
            more = [*pages[i - 1], page[0]]
            both = events[events["kind"].isin(more)].assign(
                kind=lambda r, more=more: r["kind"].cat.set_categories(more)
            )
            assert plotting.timeline_rows(both, WIDE, since="2006", until=UNTIL) > 50


def test_places_do_not_depend_on_the_order_of_the_table_given():
    events = many(60)
    one, other = (fitted(table, since="2006") for table in (events, event_order_again(events)))
    assert [t.get_text() for t in one.texts] == [t.get_text() for t in other.texts]
    assert [t.xy for t in one.texts if hasattr(t, "xy")] == [t.xy for t in other.texts if hasattr(t, "xy")]


def event_order_again(events):
    """Order the same events anew, from a shuffled table."""
    own = ["event_id", "title", "kind", "date_edtf", "status"]
    rows = events[own].sample(frac=1, random_state=3).astype("str").to_dict("records")
    return event_order(tiny_study(events=rows))
