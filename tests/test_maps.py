"""Maps: areas and places are those of the Earth, every state has a mark, and no text lies on another."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from r2p_analysis.figures import FIGURES, draw_figure, view_of
from r2p_analysis.figures.figure import ROOM
from r2p_analysis.plotting import glyphs, maps, panels, style
from r2p_analysis.plotting.names import Box, beside
from r2p_analysis.plotting.projection import RADIUS, equal_area
from r2p_analysis.plotting.tiles import plot_tile_map, tile_places, tile_size
from r2p_analysis.study import load_study
from r2p_analysis.template import new_study

FIVE = ("operating", "planned", "potential", "denied", "silent")

# Longitude and latitude of the capitals, in degrees.
CAPITALS = {
    "ARG": (-58.38, -34.60),
    "ATG": (-61.85, 17.12),
    "BHS": (-77.35, 25.06),
    "BLZ": (-88.77, 17.25),
    "BOL": (-65.26, -19.05),
    "BRA": (-47.88, -15.79),
    "BRB": (-59.62, 13.10),
    "CAN": (-75.70, 45.42),
    "CHL": (-70.65, -33.45),
    "COL": (-74.07, 4.71),
    "CRI": (-84.08, 9.93),
    "CUB": (-82.37, 23.11),
    "DMA": (-61.39, 15.30),
    "DOM": (-69.93, 18.49),
    "ECU": (-78.52, -0.22),
    "GRD": (-61.75, 12.05),
    "GTM": (-90.51, 14.63),
    "GUY": (-58.16, 6.80),
    "HND": (-87.21, 14.07),
    "HTI": (-72.34, 18.54),
    "JAM": (-76.79, 17.97),
    "KNA": (-62.72, 17.30),
    "LCA": (-60.99, 14.01),
    "MEX": (-99.13, 19.43),
    "NIC": (-86.25, 12.14),
    "PAN": (-79.52, 8.98),
    "PER": (-77.04, -12.05),
    "PRY": (-57.58, -25.26),
    "SLV": (-89.19, 13.69),
    "SUR": (-55.17, 5.85),
    "TTO": (-61.52, 10.65),
    "URY": (-56.19, -34.90),
    "USA": (-77.04, 38.91),
    "VCT": (-61.22, 13.16),
    "VEN": (-66.90, 10.48),
}
# Area in thousands of square kilometres as commonly published, and how far an outline at 1:50m may be off.
AREAS = {
    "BRA": (8515, 0.02),
    "ARG": (2780, 0.02),
    "CAN": (9985, 0.03),
    "USA": (9526, 0.03),
    "MEX": (1964, 0.02),
    "CUB": (110, 0.05),
    "URY": (176, 0.03),
    "HTI": (27.8, 0.05),
    "JAM": (11.0, 0.08),
    "TTO": (5.1, 0.12),
    "LCA": (0.62, 0.3),
}


@pytest.fixture
def ax():
    """Make an Axes of the size of the registered map."""
    with style.drawing():
        figure = Figure(figsize=(9.6, 9.6))
        FigureCanvasAgg(figure)
        yield figure.add_axes((0.1, 0.1, 0.8, 0.8))


@pytest.fixture(scope="module")
def outlines():
    return maps.read_outlines()


def rings(outlines, code):
    return [
        np.array(text.split(), dtype=float).reshape(-1, 2) / 100
        for text in outlines.loc[outlines["iso3"] == code, "points"]
    ]


def inside(point, ring):
    """Count how often a ray to the east crosses the outline."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossings += 1
    return crossings % 2 == 1


def away(point, ring):
    """Distance of a point from an outline, in degrees."""
    least = math.inf
    for a, b in itertools.pairwise(ring):
        length = ((b - a) ** 2).sum()
        share = min(max((np.subtract(point, a) @ (b - a)) / length, 0), 1) if length else 0
        least = min(least, math.dist(point, a + share * (b - a)))
    return least


def shoelace(x, y):
    return abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2)


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def overlaps(ax, *gids):
    boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts if text.get_gid() in gids]
    return [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)]


def mixed(codes):
    return pd.Series({code: FIVE[i % 5] for i, code in enumerate(codes)})


# ---- outlines and projection


def test_every_state_has_an_outline_around_its_capital(study, outlines):
    assert sorted(CAPITALS) == study.regions["iso3"].tolist()
    off = {}
    for code, capital in CAPITALS.items():
        own = rings(outlines, code)
        if not any(inside(capital, ring) for ring in own):
            off[code] = min(away(capital, ring) for ring in own)
    # A capital at the sea may lie a little off the generalised coast; no other does.
    assert {code for code, distance in off.items() if distance > 0.08} == set()
    assert len(off) <= 8


def test_no_capital_lies_in_another_state(outlines):
    for code, capital in CAPITALS.items():
        assert [
            other for other in CAPITALS if other != code and any(inside(capital, r) for r in rings(outlines, other))
        ] == []


@pytest.mark.parametrize("code", AREAS)
def test_projected_areas_are_those_of_the_states(code, outlines):
    total = sum(shoelace(*equal_area(*ring.T, centre=(-80, 10))) for ring in rings(outlines, code))
    area, tolerance = AREAS[code]
    assert total / 1000 == pytest.approx(area, rel=tolerance)


@pytest.mark.parametrize("centre", [(-80, 10), (0, 90), (20, -35)])
def test_the_projection_keeps_the_area_of_a_field_of_degrees(centre):
    # Between two meridians and two parallels lie R² Δλ (sin φ2 - sin φ1), whatever the map shows.
    west, east, south, north = -70, -64, -30, -22
    steps = np.linspace(0, 1, 200)
    lon = np.concatenate([west + steps * 6, np.full(200, east), east - steps * 6, np.full(200, west)])
    lat = np.concatenate([np.full(200, south), south + steps * 8, np.full(200, north), north - steps * 8])
    x, y = equal_area(np.append(lon, lon[0]), np.append(lat, lat[0]), centre)
    true = RADIUS**2 * math.radians(6) * (math.sin(math.radians(north)) - math.sin(math.radians(south)))
    assert shoelace(x, y) == pytest.approx(true, rel=1e-4)


def test_the_middle_is_the_origin_and_its_opposite_has_no_place():
    assert [float(value) for value in equal_area(-80, 10, (-80, 10))] == [0, 0]
    assert np.isnan(equal_area(100, -10, (-80, 10))).all()
    x, y = equal_area([-79, -80], [10, 11], (-80, 10))
    assert x[0] > 100 > 1 > abs(x[1])
    assert y[1] > 100 > 1 > abs(y[0])


# ---- the true map


def test_every_state_has_one_mark_with_its_status_on_the_map_or_in_the_inset(ax, study):
    statuses = mixed(study.regions["iso3"])
    names = dict(zip(study.regions["iso3"], study.regions["name_en"], strict=True))
    maps.plot_state_map(statuses, ax, names=names)
    panels = [ax, *ax.child_axes]
    assert len(panels) == 2
    for status in FIVE:
        marks = [c for panel in panels for c in panel.collections if c.get_gid() == status]
        assert sum(len(mark.get_offsets()) for mark in marks) == (statuses == status).sum()
    written = [text for panel in panels for text in texts(panel, "label")]
    assert sorted(written) == sorted(names.values())
    assert texts(ax, style.CROWDED) == []


def test_names_touch_nothing_and_stay_in_their_panel(ax, study):
    names = dict(zip(study.regions["iso3"], study.regions["name_en"], strict=True))
    maps.plot_state_map(mixed(study.regions["iso3"]), ax, names=names)
    (inset,) = ax.child_axes
    for panel in (ax, inset):
        assert overlaps(panel, "label") == []
        room = panel.get_window_extent()
        for text in (text for text in panel.texts if text.get_gid() == "label"):
            box = text.get_window_extent()
            assert room.x0 <= box.x0
            assert box.x1 <= room.x1
            assert room.y0 - 1 <= box.y0
            assert box.y1 <= room.y1
    hidden = inset.get_window_extent()
    assert not any(text.get_window_extent().overlaps(hidden) for text in ax.texts if text.get_gid() == "label")


def test_marks_do_not_touch_and_the_inset_hides_no_state_and_is_larger(ax, study):
    maps.plot_state_map(mixed(study.regions["iso3"]), ax)
    (inset,) = ax.child_axes
    for panel in (ax, inset):
        places = np.vstack([c.get_offsets() for c in panel.collections if c.get_gid() in FIVE])
        pixels = panel.transData.transform(places)
        nearest = min(math.dist(a, b) for a, b in itertools.combinations(pixels, 2))
        assert nearest * 72 / 150 >= 9
    scales = [panel.get_window_extent().width / np.ptp(panel.get_xlim()) for panel in (ax, inset)]
    assert scales[1] > 1.5 * scales[0]
    heights = [panel.get_window_extent().height / np.ptp(panel.get_ylim()) for panel in (ax, inset)]
    assert heights == pytest.approx(scales, rel=1e-6)  # as many kilometres to the side as upwards
    corner = inset.get_window_extent()
    marks = np.vstack([c.get_offsets() for c in ax.collections if c.get_gid() in FIVE])
    assert not any(corner.contains(*place) for place in ax.transData.transform(marks))


def test_a_mark_lies_in_its_state(ax, outlines):
    for code in ("CHL", "USA", "BRA", "CUB"):
        states, _ = panels.projected(outlines, [code])
        assert inside(states[code].mark, states[code].pieces[0])


def test_land_that_a_panel_does_not_show_is_not_drawn_in_it(ax, study):
    maps.plot_state_map(mixed(study.regions["iso3"]), ax)
    (inset,) = ax.child_axes
    for panel in (ax, inset):
        (left, right), (bottom, top) = panel.get_xlim(), panel.get_ylim()
        pieces = [path.vertices for c in panel.collections if c.get_gid() is None for path in c.get_paths()]
        boxes = [(*piece.min(axis=0), *piece.max(axis=0)) for piece in pieces if len(piece) > 30]
        assert len(boxes) > 10
        assert all(x0 < right and x1 > left and y0 < top and y1 > bottom for x0, y0, x1, y1 in boxes)
    n = [sum(len(c.get_paths()) for c in panel.collections if c.get_gid() is None) for panel in (ax, inset)]
    assert n[1] < n[0] / 2


def test_a_study_of_few_states_has_no_inset(ax):
    maps.plot_state_map(pd.Series({"BRA": "operating", "ARG": "silent"}), ax)
    assert ax.child_axes == []
    assert sorted(texts(ax, "label")) == ["ARG", "BRA"]


def test_states_without_an_outline_are_named_and_never_drawn_as_something_else(ax):
    maps.plot_state_map(pd.Series({"GHA": "planned", "BRA": "operating"}), ax, names={"GHA": "Ghana"})
    assert texts(ax, maps.MISSING) == ["Without an outline, and not drawn: Ghana."]
    assert texts(ax, "label") == ["BRA"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["operating (1)", "planned (1)"]


def test_a_study_without_any_outline_says_so(ax):
    codes = [f"Q{a}{b}" for a, b in itertools.product("ABCD", repeat=2)]
    maps.plot_state_map(pd.Series("silent", index=codes), ax)
    assert "No state has an outline" in texts(ax, "empty")[0]
    assert " ".join(texts(ax, maps.MISSING)[0].split()).endswith("QCD and 4 more.")


def test_a_status_without_a_glyph_is_refused(ax):
    with pytest.raises(ValueError, match="no glyph for 'asleep'; there are operating"):
        maps.plot_state_map(pd.Series({"BRA": "asleep"}), ax)


def test_a_study_brings_outlines_of_its_own(tmp_path, outlines):
    from r2p_analysis import paths

    own = tmp_path / "shapes" / "outlines.csv"
    own.parent.mkdir()
    pd.DataFrame({"iso3": ["GHA"], "piece": [1], "points": ["0 0 100 0 100 100 0 0"]}).to_csv(own, index=False)
    assert paths.outlines_file(tmp_path) == own
    assert maps.read_outlines(paths.outlines_file(tmp_path))["iso3"].tolist() == ["GHA"]
    assert maps.read_outlines(paths.outlines_file(tmp_path / "elsewhere")).equals(outlines)


def test_outlines_that_are_nowhere_are_asked_for_by_name(tmp_path, monkeypatch):
    from r2p_analysis import paths

    monkeypatch.setattr(paths, "_ROOT", tmp_path / "checkout")
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "package")
    with pytest.raises(FileNotFoundError, match=r"checkout.data.shapes.outlines\.csv, .*package._data.shapes"):
        paths.outlines_file()


# ---- names beside marks


def test_names_take_the_first_free_side_and_the_last_has_none():
    room, mark = Box(0, 0, 100, 40), Box(10, 15, 18, 23)
    right = beside({"a": "Peru"}, {"a": mark}, room, size=6)["a"]
    assert right[0] == pytest.approx(20)
    blocked = Box(18.5, 0, 100, 40)
    assert beside({"a": "Peru"}, {"a": mark}, room, size=6, taken=(blocked,)) == {}
    left = beside({"a": "Peru"}, {"a": Box(60, 15, 68, 23)}, room, size=6, taken=(Box(69, 0, 100, 40),))["a"]
    assert left[0] + style.width_of("Peru", 6) == pytest.approx(58)


def test_boxes_touch_when_they_share_an_area():
    one = Box(0, 0, 2, 2)
    assert one.touches(Box(1, 1, 3, 3))
    assert not one.touches(Box(2, 0, 3, 2))
    assert not one.touches(Box(0, 2, 2, 3))
    assert Box(0.5, 0.5, 1, 1).within(one)
    assert not Box(0.5, 0.5, 1, 2.5).within(one)


# ---- the map of tiles


@pytest.fixture
def tiles(study):
    codes = study.regions["iso3"]
    table = pd.DataFrame({"one": mixed(codes), "two": "silent"})
    places = tile_places(study.regions)
    width, height = tile_size(places, 2)
    with style.drawing():
        figure = Figure(figsize=(width * 19 / 72, height * 19 / 72))
        FigureCanvasAgg(figure)
        yield table, places, plot_tile_map(table, figure.add_axes((0, 0, 1, 1)), places)


def test_every_state_has_a_tile_of_its_own_and_all_are_of_one_size(tiles):
    table, places, ax = tiles
    assert not places.duplicated().any()
    assert len(places) == 35
    squares = [path.get_extents() for c in ax.collections if len(c.get_paths()) > 1 for path in c.get_paths()]
    assert len(squares) >= 35
    assert {(round(box.width, 6), round(box.height, 6)) for box in squares} == {(0.94, 0.7332)}
    assert sorted(texts(ax, "code")) == sorted([*table.index, *table.index])


def test_marks_of_tiles_are_cells_and_an_empty_column_is_drawn_all_silent(tiles):
    table, _, ax = tiles
    for status in FIVE:
        (marks,) = [c for c in ax.collections if c.get_gid() == status]
        assert len(marks.get_offsets()) == (table == status).sum(axis=None)
    assert texts(ax, "heading") == ["one", "two"]
    assert texts(ax, "counts")[1] == "35 silent"


def test_texts_and_marks_of_tiles_do_not_touch(tiles):
    _, _, ax = tiles
    assert overlaps(ax, "code", "heading", "counts") == []
    marks = np.vstack([ax.transData.transform(c.get_offsets()) for c in ax.collections if c.get_gid() in FIVE])
    codes = np.array([ax.transData.transform(t.get_position()) for t in ax.texts if t.get_gid() == "code"])
    assert min(math.dist(a, b) for a, b in itertools.product(codes, marks)) * 72 / 150 > 6


def test_places_lie_roughly_as_the_capitals_do(study):
    places = tile_places(study.regions)
    latitude = pd.Series({code: capital[1] for code, capital in CAPITALS.items()})
    longitude = pd.Series({code: capital[0] for code, capital in CAPITALS.items()})
    assert places["row"].corr(-latitude[places.index], method="spearman") > 0.85
    assert places["col"].corr(longitude[places.index], method="spearman") > 0.8


def test_states_without_a_place_stand_in_a_block_of_their_own():
    codes = list("ABCDEFG")
    places = tile_places(pd.DataFrame({"iso3": codes}))
    assert places.to_numpy().tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2], [2, 0]]
    some = pd.DataFrame({"iso3": codes, "tile_row": [3, 4, *[None] * 5], "tile_col": [2, 3, *[None] * 5]})
    placed = tile_places(some)
    assert placed.loc[["A", "B"]].to_numpy().tolist() == [[0, 0], [1, 1]]
    assert placed.loc[["C", "D", "E"]].to_numpy().tolist() == [[3, 0], [3, 1], [4, 0]]
    assert not placed.duplicated().any()
    assert tile_places(some.iloc[:0]).empty


def test_two_states_on_one_place_are_refused():
    with pytest.raises(ValueError, match="states with one place on the tile map: A, C"):
        tile_places(pd.DataFrame({"iso3": list("ABC"), "tile_row": [1, 2, 1], "tile_col": [0, 0, 0]}))


def test_a_state_without_a_place_or_a_glyph_is_refused(ax):
    places = tile_places(pd.DataFrame({"iso3": ["A"]}))
    with pytest.raises(ValueError, match="states without a place on the tile map: B"):
        plot_tile_map(pd.DataFrame({"f": ["silent", "silent"]}, index=["A", "B"]), ax, places)
    with pytest.raises(ValueError, match="no glyph for 'asleep'"):
        plot_tile_map(pd.DataFrame({"f": ["asleep"]}, index=["A"]), ax, places)


def test_small_tiles_leave_codes_out_and_say_so(study):
    with style.drawing():
        figure = Figure(figsize=(1.6, 3))
        FigureCanvasAgg(figure)
        table = pd.DataFrame({"one": mixed(study.regions["iso3"])})
        ax = plot_tile_map(table, figure.add_axes((0, 0, 1, 1)), tile_places(study.regions))
    assert texts(ax, "code") == []
    assert "35 of 35 codes of states" in " ".join(texts(ax, style.CROWDED)[0].split())


def test_the_five_statuses_are_told_apart_by_their_marks_alone():
    looks = {(glyphs.mark(status)["marker"], style.STATUS[status].face == "none") for status in FIVE}
    assert len(looks) == 5


def test_a_hollow_mark_hides_what_its_ground_is_hatched_with():
    assert glyphs.mark("potential")["facecolors"] == style.STATUS["potential"].tile
    assert glyphs.mark("denied")["facecolors"] == style.INK


def test_a_mark_stands_as_far_from_the_border_as_it_can():
    bent = "0 0 400 0 400 100 100 100 100 400 0 400 0 0"  # two arms; their corner is widest
    table = pd.DataFrame({"iso3": ["BRA"], "piece": [1], "points": [bent]})
    states, _ = panels.projected(table, ["BRA"])
    corner = states["BRA"].pieces[0][0]
    away_from_corner = np.subtract(states["BRA"].mark, corner)
    assert away_from_corner == pytest.approx([64, 64], rel=0.35)  # in km, of arms that are 111 wide


def test_a_map_is_as_large_as_its_land_needs():
    outlines, longest = maps.read_outlines(), 526

    def land(*boxes):
        points = [f"{w} {s} {e} {s} {e} {n} {w} {n} {w} {s}" for w, s, e, n in boxes]
        return pd.DataFrame({"iso3": ["GHA", "NGA"][: len(boxes)], "piece": 1, "points": points})

    tall = maps.state_map_size(["GHA"], land((-50, -300, 50, -100)))
    wide = maps.state_map_size(["GHA"], land((-100, -50, 100, 50)))
    assert tall == pytest.approx((longest / 2 * 1.04 / 1.02, longest), rel=0.03)  # a margin on every side
    assert wide == pytest.approx((longest, longest / 2 * 1.04 / 1.02), rel=0.03)
    strip = maps.state_map_size(["GHA", "NGA"], land((0, 0, 10, 10), (900, 0, 910, 10)))
    assert strip == (longest, longest / 2)
    codes = load_study().regions["iso3"]
    assert maps.state_map_size(codes, outlines) == (longest, longest)  # an inset for the Caribbean
    assert maps.state_map_size(["GHA"], outlines)[1] < 100


def test_a_map_of_nobody_is_a_sentence(tmp_path):
    study = load_study(new_study(tmp_path / "mine", states=["GHA", "NGA"]))
    width, height = FIGURES["state-map"].size_for(view_of(study))
    assert height < 1.5 < width
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    ax = draw_figure("state-map", study, figure.add_axes(ROOM))
    assert texts(ax, maps.MISSING) == ["Without an outline, and not drawn: Ghana, Nigeria."]
    (said,) = [text for text in ax.texts if text.get_gid() == "empty"]
    assert "shipped are of the Americas" in said.get_text()
    assert "load_outlines makes others" in said.get_text()
    assert not any(said.get_window_extent().overlaps(t.get_window_extent()) for t in ax.texts if t is not said)


@pytest.mark.parametrize("layers", [("coded",), ("coded", "reference")])
@pytest.mark.parametrize("reading", ["possible", "certain"])
def test_the_registered_map_names_every_state_of_the_study(layers, reading):
    study = load_study(layers=layers)
    figure = Figure(figsize=FIGURES["state-map"].size_for(view_of(study)))
    FigureCanvasAgg(figure)
    ax = draw_figure("state-map", study, figure.add_axes(ROOM), reading=reading)
    assert texts(ax, style.CROWDED) == []
    written = [text for panel in (ax, *ax.child_axes) for text in texts(panel, "label")]
    assert sorted(text.partition(" (")[0] for text in written) == sorted(study.regions["name_en"])
    for panel in (ax, *ax.child_axes):
        assert overlaps(panel, "label") == []
