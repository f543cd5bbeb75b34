"""Drawings of tests, backbones, kinds of body, series and ranks: each mark is a row, and can be told without colour."""

import itertools
from datetime import date

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from r2p_analysis.networks import backbone, body_overlap, decomposition, two_mode_network
from r2p_analysis.plotting import ring, rows, style
from r2p_analysis.plotting.backbone import plot_backbone
from r2p_analysis.plotting.decomposition import decomposition_by_groups, plot_decomposition
from r2p_analysis.plotting.pairs import pairs_to_draw, plot_pairs
from r2p_analysis.plotting.robustness import plot_rank_intervals
from r2p_analysis.plotting.series import plot_series
from r2p_analysis.study import load_study


def axes(width=8, height=8):
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.1, 0.1, 0.8, 0.8))


@pytest.fixture
def ax():
    with style.drawing():
        yield axes()


@pytest.fixture(scope="module")
def network():
    """Take the states of both layers on a day on which CARICOM, SICA and UNASUR have members."""
    return two_mode_network(load_study(layers=("coded", "reference")), "2014-09-08")


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def collections(ax, gid):
    return [c for c in ax.collections if c.get_gid() == gid]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def overlaps(ax, *aslant):
    """Pairs of texts that lie on each other, but for those that stand aslant, whose boxes are larger than they."""
    level = [text for text in ax.texts if text.get_gid() not in aslant and text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in level]
    boxes.append(("legend", ax.get_legend().get_window_extent()))
    return [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)]


# ---- looks


def test_kinds_signs_and_checks_are_told_apart_without_colour():
    assert len({fill.hatch for fill in style.FILLS if fill.colour != style.PAPER}) == len(style.FILLS) - 1
    grey = {round(float(np.dot(to_rgb(fill.colour), (0.3, 0.59, 0.11))), 2) for fill in style.FILLS if not fill.hatch}
    assert max(grey) - min(grey) > 0.5  # blue and paper, the two without a hatch
    for looks in (style.SIGNS, style.CHECKS):
        assert len({str(look.dashes) for look in looks.values()}) == len(looks)
    for markers in ([fill.marker for fill in style.FILLS], [check.marker for check in style.CHECKS.values()]):
        assert len(set(markers)) == len(markers)


def test_rows_that_fit_never_stand_nearer_than_their_height_and_groups_stand_apart():
    ax = axes(5, 5)  # 288 points high
    assert rows.fit(ax, 100, 0, 10) == 28
    assert rows.fit(ax, 100, 2, 10) == 26
    assert rows.fit(ax, 3, 2, 10) == 3
    assert rows.fit(axes(1, 0.1), 3, 2, 10) == 1
    assert rows.places([]) == ([], {})
    assert rows.places(["a", "a", "b"]) == ([1.4, 2.4, 4.8], {"a": 0.4, "b": 3.8})


def test_a_name_on_the_ring_is_read_from_left_to_right(ax):
    ring.frame(ax, ["one", "other"])
    for name, angle in (("one", 0.3), ("other", 2.5), ("below", -2.5)):
        ring.write_outwards(ax, name, angle)
    assert all(text.get_rotation() % 360 < 90 or text.get_rotation() % 360 > 270 for text in ax.texts)
    assert [text.get_ha() for text in ax.texts] == ["left", "right", "right"]


def test_chords_bend_towards_the_middle_the_more_the_longer_they_are():
    middles = [float(np.hypot(*ring.chord(0, angle)[12])) for angle in (0.2, 1.5, 3.0)]
    straight = [np.cos(angle / 2) for angle in (0.2, 1.5, 3.0)]
    assert middles == sorted(middles, reverse=True)
    assert all(bent < line for bent, line in zip(middles, straight, strict=True))
    assert middles[0] > 0.9


# ---- pairs


def pair(**cells):
    row = {"u": "a", "v": "b", "label_u": "A", "label_v": "B", "n_u": 5, "n_v": 6, "shared": 2, "expected": 4.0}
    row |= {"sd": 1.0, "p": 0.02, "p_adjusted": 0.2, "attainable": 0.001, "can_reach": True, "definitional": False}
    return {**row, **cells}


PAIRS = [
    pair(v="significant", p=0.001, p_adjusted=0.01, definitional=True),
    pair(v="not", p=0.04, label_v="Not"),
    pair(v="never", can_reach=False, p=0.3, p_adjusted=0.3),
    pair(v="lucky", can_reach=False, p=0.06, p_adjusted=0.04, definitional=True),
    pair(v="empty", n_v=0, shared=0, expected=0.0, can_reach=False, p=1.0, p_adjusted=1.0),
]


def pairs(rows=PAIRS, **attrs):
    table = pd.DataFrame(rows)
    table.attrs.update({"level": 0.05, "correction": "bh", "power": "2 of 5 pairs can reach p = 0.05.", **attrs})
    return table


def test_pairs_stand_by_whether_they_can_reach_the_level_and_then_by_p():
    assert pairs_to_draw(pairs())["v"].tolist() == ["significant", "not", "lucky", "never"]


def test_points_of_pairs_are_what_is_shared_by_verdict_and_shape(ax):
    plot_pairs(pairs(), ax)
    n = {gid: sum(len(c.get_offsets()) for c in collections(ax, gid)) for gid in ("significant", "reaches")}
    assert n == {"significant": 1, "reaches": 1}
    hollow = collections(ax, "cannot reach")
    assert sorted(len(c.get_offsets()) for c in hollow) == [1, 1]
    assert len({len(c.get_paths()[0].vertices) for c in hollow}) == 2  # a square and a circle
    assert all(tuple(c.get_facecolor()[0]) == to_rgba(style.PAPER) for c in hollow)
    assert collections(ax, "significant")[0].get_offsets()[0][0] == 2
    assert [segment[0][0] for segment in collections(ax, "expected")[0].get_segments()] == [4.0] * 4


def test_pairs_that_cannot_reach_the_level_are_hatched_and_never_significant(ax):
    """A pair that cannot reach the level does not become significant by the correction of others."""
    plot_pairs(pairs(), ax)
    hatched = {round(bar.get_y() + bar.get_height() / 2, 1): bool(bar.get_hatch()) for bar in ax.patches}
    assert list(hatched.values()) == [False, False, True, True]
    heavy = [t.get_text() for t in ax.texts if t.get_gid() == "cell" and t.get_fontweight() == "bold"]
    assert heavy == ["0.010"]
    assert texts(ax, "heading") == ["Can reach p = 0.05", "Cannot reach p = 0.05, whatever they share"]


def test_where_nothing_can_reach_the_level_nothing_is_dark_and_the_figure_says_so(ax):
    power = "No pair of bodies can reach p = 0.05 in either tail."
    table = pairs([{**row, "can_reach": False} for row in PAIRS], power=power)
    plot_pairs(table, ax)
    assert not collections(ax, "significant")
    assert not any(t.get_fontweight() == "bold" for t in ax.texts if t.get_gid() == "cell")
    assert "".join(texts(ax, style.POWER)).replace("\n", " ").startswith(power)
    assert "1 pairs in which one has nothing" in texts(ax, style.POWER)[0].replace("\n", " ")


def test_the_interval_of_a_pair_is_two_sd_but_never_below_none_or_above_the_smaller(ax):
    plot_pairs(pairs([pair(expected=1.0), pair(v="c", p=0.3), pair(v="d", p=0.4, expected=4.5, sd=2.0)]), ax)
    spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert spans == [(0.0, 3.0), (2.0, 5.0), (0.5, 5.0)]


def test_a_p_is_never_written_as_zero_and_is_judged_without_correction_where_there_is_none(ax):
    table = pairs([pair(p=2e-9, p_adjusted=2e-9), pair(v="c", p=0.2, p_adjusted=0.2)], correction=None)
    plot_pairs(table, ax)
    cells = texts(ax, "cell")
    assert "<\u200a0.001" in cells
    assert "0.000" not in cells
    assert "p\nadjusted" not in texts(ax, "column")
    assert any("without correction" in text for text in legend(ax))


def test_only_rows_with_room_are_drawn_and_the_rest_is_counted():
    table = pairs([pair(v=f"v{i:03}", label_v=f"V{i}", p=i / 1000) for i in range(200)])
    with style.drawing():
        ax = axes(8, 4)
        plot_pairs(table, ax)
        n = len(texts(ax, "row"))
        assert 10 < n < 25
        assert texts(ax, "row")[0] == "A – V0"
        assert f"{200 - n} of 200 pairs" in texts(ax, style.CROWDED)[0]
        assert "significant after correction, though it could reach the level (200)" in " ".join(legend(ax))
        assert overlaps(ax) == []


def test_pairs_of_the_study_with_and_without_scopes(network, ax):
    table = body_overlap(network, within_scope=True)
    plot_pairs(table, ax)
    drawn = (table["n_u"] > 0) & (table["n_v"] > 0)
    assert len(texts(ax, "row")) == drawn.sum()
    assert len(collections(ax, "within scope")[0].get_offsets()) == (drawn & table["definitional"]).sum()
    assert "p\nwithin\nscopes" in texts(ax, "column")
    within = texts(ax, "cell")[-len(texts(ax, "row")) :]
    assert sum(map(bool, within)) == (drawn & table["definitional"]).sum()
    assert overlaps(ax) == []


# ---- backbone


def signed():
    G = nx.Graph(mode="body", level=0.05, correction="bh", power="3 of 6 pairs of bodies can reach p = 0.05.")
    G.add_node("lan", label="Network", scope="purpose_built")
    G.add_node("caricom", label="CARICOM", scope="subregional")
    G.add_node("sica", label="SICA", scope="subregional")
    G.add_node("apb", label="APB", scope="")
    G.add_edge("lan", "caricom", sign=-1, definitional=True)
    G.add_edge("lan", "sica", sign=1, definitional=False)
    return G


def test_ties_of_a_backbone_are_drawn_by_sign_and_what_scopes_fix_is_marked(ax):
    plot_backbone(signed(), ax)
    more, less = (collections(ax, gid)[0] for gid in ("1", "-1"))
    assert (len(more.get_paths()), len(less.get_paths())) == (1, 1)
    assert more.get_linestyle() != less.get_linestyle()
    assert len(collections(ax, "definitional")[0].get_offsets()) == 1
    assert legend(ax) == [
        "body with a tie (3)",
        "body without a tie (1)",
        "share more than expected (1)",
        "share less than expected (1)",
        "both scopes shut out some state (1)",
    ]


def test_a_tie_ends_at_its_two_nodes(ax):
    plot_backbone(signed(), ax)
    ends = collections(ax, "1")[0].get_paths()[0].vertices[[0, -1]]
    nodes = np.vstack([c.get_offsets() for c in (*collections(ax, "tied"), *collections(ax, "untied"))])
    assert all(np.isclose(nodes, end).all(axis=1).any() for end in ends)
    assert np.allclose(np.hypot(*nodes.T), 1)


def test_nodes_of_a_backbone_stand_by_group_in_the_order_of_the_labels_those_without_one_last(ax):
    plot_backbone(signed(), ax, labels={"subregional": "Sub-regional", "purpose_built": "Purpose-built"})
    assert texts(ax, "heading") == ["Sub-regional", "Purpose-built"]
    turn = {
        t.get_text(): -np.arctan2(*t.get_position()[::-1]) % (2 * np.pi) for t in ax.texts if t.get_gid() == "label"
    }
    start = {name: (angle + np.pi / 2) % (2 * np.pi) for name, angle in turn.items()}
    assert sorted(start, key=start.get) == ["CARICOM", "SICA", "Network", "APB"]


def test_a_group_without_a_label_stands_after_the_others_and_before_those_without_a_group(ax):
    plot_backbone(signed(), ax, labels={"subregional": "Sub-regional"})
    assert texts(ax, "heading") == ["Sub-regional", "purpose_built"]
    turn = dict(zip(texts(ax, "label"), [t.get_position() for t in ax.texts if t.get_gid() == "label"], strict=True))
    clockwise = {name: np.arctan2(x, y) % (2 * np.pi) for name, (x, y) in turn.items()}
    assert sorted(clockwise, key=clockwise.get) == ["CARICOM", "SICA", "Network", "APB"]


def test_a_backbone_does_not_hang_on_the_order_of_nodes_and_ties(ax):
    one, other = signed(), nx.Graph(**signed().graph)
    other.add_nodes_from(reversed(list(one.nodes(data=True))))
    other.add_edges_from((v, u, tie) for u, v, tie in reversed(list(one.edges(data=True))))
    with style.drawing():
        drawn = [plot_backbone(G, axes()) for G in (one, other)]
    for gid in ("1", "-1", "tied"):
        a, b = (collections(each, gid)[0] for each in drawn)
        assert np.array_equal(
            np.vstack([p.vertices for p in a.get_paths()]), np.vstack([p.vertices for p in b.get_paths()])
        )
        assert np.array_equal(a.get_offsets(), b.get_offsets())
    assert texts(drawn[0], "label") and sorted(texts(drawn[0], "label")) == sorted(texts(drawn[1], "label"))


def test_states_are_circles_and_bodies_squares(network, ax):
    with style.drawing():
        drawn = [plot_backbone(backbone(network, mode), axes()) for mode in ("actor", "body")]
    corners = [len(collections(each, "untied")[0].get_paths()[0].vertices) for each in drawn]
    assert corners[0] > 10 > corners[1]
    n = [sum(len(c.get_offsets()) for gid in ("tied", "untied") for c in collections(each, gid)) for each in drawn]
    assert n == [35, 11]


def test_a_backbone_without_ties_says_so_and_keeps_its_nodes(ax):
    G = signed()
    G.remove_edges_from(list(G.edges))
    plot_backbone(G, ax)
    said = texts(ax, "centre")[0].replace("\n", " ").replace("\u00a0", " ")
    assert said == "No pair was found to differ from what sizes alone give, at p = 0.05 after correction."
    assert len(collections(ax, "untied")[0].get_offsets()) == 4
    assert texts(ax, style.POWER)[0].startswith("3 of 6 pairs")
    G.graph["n_can_reach"] = 0
    powerless = texts(plot_backbone(G, axes()), "centre")[0].replace("\n", " ").replace("\u00a0", " ")
    assert powerless == "No pair could be told from what sizes alone give, at p = 0.05."
    plot_backbone(nx.Graph(), axes())


def test_names_on_the_ring_that_have_no_room_are_left_out_those_with_ties_first():
    G = nx.Graph(mode="body")
    G.add_nodes_from(f"b{i:03}" for i in range(300))
    G.add_edge("b100", "b200", sign=1)
    with style.drawing():
        ax = axes(6, 6)
        plot_backbone(G, ax)
        assert {"b100", "b200"} <= set(texts(ax, "label"))
        assert f"{300 - len(texts(ax, 'label'))} of 300 nodes" in texts(ax, style.CROWDED)[0]
        assert 20 < len(texts(ax, "label")) < 150


# ---- kinds of body


@pytest.fixture(scope="module")
def parts():
    """Take four states and three bodies, whose means are counted by hand."""
    B = nx.Graph()
    B.add_nodes_from("abcd", bipartite=0)
    for body, scope, members in (("all", "universal", "abcd"), ("north", "subregional", "ab"), ("odd", "", "abc")):
        B.add_node(body, bipartite=1, scope=scope)
        B.add_edges_from((member, body) for member in members)
    return decomposition_by_groups(decomposition(B), {"a": "north", "b": "north", "c": "south"})


def test_means_by_groups_are_those_counted_by_hand(parts):
    found = parts.set_index(["groups", "kind"])
    assert list(dict.fromkeys(parts["groups"])) == ["all pairs", "north", "north – south"]
    assert found.loc["all pairs", "n_pairs"].tolist() == [6] * 5
    # Pairs ab, ac, ad, bc, bd, cd: all six share `all`, ab shares `north`, and ab, ac, bc share `odd`.
    assert found.loc[("all pairs", "universal"), "mean_shared"] == 1
    assert found.loc[("all pairs", "subregional"), "mean_shared"] == pytest.approx(1 / 6)
    assert found.loc[("all pairs", "not declared"), "share"] == pytest.approx(3 / 10)
    assert found.loc["north", "mean_shared"].tolist() == [1, 0, 1, 0, 1]
    assert found.loc["north – south", ["n_pairs", "mean_shared"]].to_numpy().tolist() == [
        [2, 1], [2, 0], [2, 0], [2, 0], [2, 1],
    ]  # fmt: skip
    assert found.loc["all pairs", "n_bodies"].tolist() == [1, 0, 1, 0, 1]


def test_pairs_of_two_groups_are_the_same_whichever_of_the_two_has_the_first_id():
    B = nx.Graph([("a", "x"), ("b", "x"), ("c", "x")])
    nx.set_node_attributes(B, {"a": 0, "b": 0, "c": 0, "x": 1}, "bipartite")
    table = decomposition(B, {"x": "kind"})
    for groups in ({"a": "one", "b": "two", "c": "two"}, {"b": "two", "c": "two", "a": "one"}):
        found = decomposition_by_groups(table, groups).set_index("part")
        assert found.loc["between", ["n_pairs", "mean_shared"]].tolist() == [2, 1]
        assert found.loc["within", "n_pairs"] == 1


def test_residuals_are_what_is_shared_less_what_is_expected_and_drawn_as_such(network, ax):
    groups = {n: d["subregion"] for n, d in network.nodes(data=True) if d["bipartite"] == 0}
    found = decomposition_by_groups(decomposition(network), groups)
    assert (found["mean_shared"] - found["mean_expected"] - found["mean_residual"]).abs().max() < 1e-12
    assert found.loc[found["kind"] == "universal", "mean_residual"].abs().max() < 1e-9
    plot_decomposition(found, ax)
    caribbean = found[found["groups"] == "caribbean"].set_index("kind")["mean_residual"]
    assert caribbean["subregional"] > 0.3  # CARICOM
    (panel,) = ax.child_axes
    (points,) = (c for c in panel.collections if c.get_gid() == "subregional")
    assert np.isclose(points.get_offsets()[:, 0], caribbean["subregional"]).any()
    bars = [bar.get_width() for bar in panel.patches if bar.get_gid() == "residual"]
    assert np.isclose(bars, caribbean.sum()).any()


def test_bars_of_kinds_are_stacked_means_with_shares_and_the_expected_total(parts, ax):
    plot_decomposition(parts, ax, labels={"universal": "open to all"})
    bars = {(bar.get_gid(), round(bar.get_y(), 2)): bar for bar in ax.patches}
    top = min(y for _, y in bars)
    total = [bar for (_, y), bar in bars.items() if y == top]
    assert sum(bar.get_width() for bar in total) == pytest.approx(10 / 6)
    assert max(bar.get_x() + bar.get_width() for bar in total) == pytest.approx(10 / 6)
    assert texts(ax, "total")[0] == "1.67"
    assert "60\u00a0%" in texts(ax, "share")
    expected = parts[parts["part"] == "all"]["mean_expected"].sum()
    assert collections(ax, "expected")[0].get_segments()[0][0][0] == pytest.approx(expected)
    assert legend(ax)[0] == "open to all: 1 body, 60\u00a0% of what is shared"
    assert texts(ax, "row") == ["all pairs (6\u00a0pairs)", "north (1\u00a0pair)", "north – south (2\u00a0pairs)"]
    assert texts(ax, "heading") == ["Within a sub-region", "Between sub-regions"]


def test_the_panel_of_residuals_has_a_point_for_each_row_and_kind_that_may_be_shared(parts, ax):
    plot_decomposition(parts, ax)
    (panel,) = ax.child_axes
    drawn = {c.get_gid(): len(c.get_offsets()) for c in panel.collections if c.get_gid()}
    # With these margins c cannot be in `north`, so that nothing is expected of it in two groups.
    assert {kind: n for kind, n in drawn.items() if n} == {"universal": 3, "subregional": 2, "not declared": 3}
    assert panel.get_ylim() == ax.get_ylim()
    low, high = panel.get_xlim()
    assert low == -high


def test_kinds_without_null_or_groups_and_too_many_kinds(network, ax):
    table = decomposition(network, null=None)
    alone = decomposition_by_groups(table)
    plot_decomposition(alone, ax)
    assert set(alone["part"]) == {"all"}
    assert not ax.child_axes
    assert not collections(ax, "expected")
    eight = alone.head(1).loc[[0] * 8].assign(kind=list("abcdefgh"))
    with pytest.raises(ValueError, match="8 kinds of body; at most 7 can be told apart"):
        plot_decomposition(eight, axes())


def test_a_network_without_a_pair_has_no_row_and_can_be_drawn(ax):
    B = nx.Graph()
    B.add_node("arg", bipartite=0)
    found = decomposition_by_groups(decomposition(B), {"arg": "south"})
    assert found.empty
    plot_decomposition(found, ax)


def test_texts_of_kinds_of_the_study_do_not_overlap(network):
    groups = {n: d["subregion"] for n, d in network.nodes(data=True) if d["bipartite"] == 0}
    with style.drawing():
        ax = axes(7, 4.5)
        plot_decomposition(decomposition_by_groups(decomposition(network), groups), ax)
        assert len(texts(ax, "row")) == 11
        assert overlaps(ax) == []


# ---- series

SERIES = pd.DataFrame(
    {
        "at": ["2012-01-01", "2013-01-01", "2014-01-01"],
        "low": [1.0, 2.0, 4.0],
        "value": [1.0, 3.0, 4.0],
        "high": [1.0, 4.0, 4.0],
        "in_certain": [0.0, 1.0, 4.0],
        "in_possible": [2.0, 5.0, 3.0],
        "exact": [True, True, True],
    }
)


def bands(ax):
    """Heights of both edges of each band by date."""
    found = {}
    for patch in ax.patches:
        if patch.get_gid() in ("readings", "interval"):
            data = patch.get_data()
            found[patch.get_gid()] = list(zip(data.baseline, data.values, strict=True))
    return found


def test_both_bands_of_a_series_are_drawn_and_look_different(ax):
    plot_series(SERIES, ax, label="ties")
    assert bands(ax) == {"readings": [(0, 2), (1, 5), (3, 4)], "interval": [(1, 1), (2, 4), (4, 4)]}
    look = {patch.get_gid(): patch for patch in ax.patches}
    assert look["readings"].get_hatch()
    assert not look["interval"].get_hatch()
    assert look["readings"].get_facecolor()[3] == 0 < look["interval"].get_facecolor()[3]
    assert collections(ax, "value")[0].get_offsets()[:, 1].tolist() == [1, 3, 4]
    assert overlaps(ax) == []


def test_a_date_stands_for_the_time_until_half_way_to_its_neighbours(ax):
    plot_series(SERIES, ax, label="ties")
    edges = next(patch for patch in ax.patches if patch.get_gid() == "interval").get_data().edges
    days = date2num([date(2012, 1, 1), date(2013, 1, 1), date(2014, 1, 1)])
    assert edges[1:3].tolist() == [(days[0] + days[1]) / 2, (days[1] + days[2]) / 2]
    assert days[0] - edges[0] == edges[1] - days[0]
    assert edges[3] - days[2] == days[2] - edges[2]
    plot_series(SERIES.head(1), axes(), label="ties")


@pytest.mark.parametrize(
    ("until", "start"),
    [(date(2013, 5, 29), date(2013, 5, 30)), (date(1999, 1, 1), None), (date(2030, 1, 1), "none"), (None, "none")],
)
def test_what_comes_after_the_last_day_is_shaded(ax, until, start):
    plot_series(SERIES, ax, label="ties", until=until, after="nobody tells")
    shaded = [patch for patch in ax.patches if patch.get_gid() == "after"]
    assert ("nobody tells" in legend(ax)) == bool(shaded)
    if start == "none":
        assert not shaded
    else:
        left = ax.get_xlim()[0] if start is None else date2num(start)
        assert shaded[0].get_x() == left
        assert shaded[0].get_x() + shaded[0].get_width() == pytest.approx(ax.get_xlim()[1])


def test_a_series_says_whether_the_readings_bound_it_and_what_was_drawn(ax):
    plot_series(SERIES.assign(exact=[True, False, False]), ax, label="ties", bounds=False)
    assert any("no bounds of this measure" in text for text in legend(ax))
    assert ax.get_xlabel().startswith("2 of 3 dates rest on drawn networks")
    other = axes()
    plot_series(SERIES, other, label="ties")
    assert any(text.endswith(": bounds, no probability") for text in legend(other))
    assert other.get_xlabel() == "all networks that the stated days allow are enumerated"


def test_a_series_of_several_nodes_or_of_no_date_is_refused(ax):
    with pytest.raises(ValueError, match="6 rows with 3 dates: a drawing has one row a date"):
        plot_series(pd.concat([SERIES, SERIES]).sort_values("at"), ax, label="ties")
    with pytest.raises(ValueError, match="the series has no date"):
        plot_series(SERIES.head(0), ax, label="ties")


# ---- ranks


def rank(check, node, whole, low, high, **cells):
    cells = {"share_same": 0.5, "share_top": 0.0, "n_runs": 200, **cells}
    return {"check": check, "node": node, "rank": whole, "rank_low": low, "rank_high": high, **cells}


RANKS = pd.DataFrame(
    [
        rank("dropped_ties", "chl", 1, 1, 3, share_top=0.996),
        rank("dropped_ties", "arg", 2, 1, 4, share_top=0.004),
        rank("body_left_out", "chl", 1, 1, 1, share_top=1.0, n_runs=3),
        rank("body_left_out", "arg", 2, 2, 3, n_runs=3),
    ]
)


def test_rank_intervals_are_lines_by_kind_of_run_and_the_rank_a_tick(ax):
    plot_rank_intervals(RANKS, ax, labels={"chl": "Chile"})
    assert texts(ax, "row") == ["Chile", "arg"]
    lines = {gid: collections(ax, gid)[0].get_segments() for gid in ("dropped_ties", "body_left_out", "rank")}
    assert [(a[0], b[0]) for a, b in lines["dropped_ties"]] == [(1, 3), (1, 4)]
    assert [(a[0], b[0]) for a, b in lines["body_left_out"]] == [(1, 1), (2, 3)]
    assert [a[0] for a, _ in lines["rank"]] == [1, 2]
    assert not collections(ax, "inferred_off")
    heights = [a[1] for gid in ("dropped_ties", "body_left_out") for a, _ in lines[gid]]
    assert len(set(heights)) == 4


def test_shares_of_runs_on_top_are_never_rounded_to_none_or_all(ax):
    plot_rank_intervals(RANKS, ax)
    assert texts(ax, "cell") == ["0.99", "0.01", "1", ""]


def test_the_legend_of_ranks_says_how_often_the_same_are_on_top(ax):
    row = {"n_runs": 200, "share_top_holds": 0.44, "tau": 0.9167}
    summary = pd.DataFrame(
        [row | {"check": "dropped_ties"}, row | {"check": "body_left_out", "n_runs": 1, "tau": np.nan}]
    )
    plot_rank_intervals(RANKS, ax, summary=summary)
    assert legend(ax)[1:3] == [
        "ties dropped at random: 200 runs, the same on top in 44\u00a0% of them, Kendall's tau 0.92 on average",
        "each body left out in turn: 1 run, the same on top in 44\u00a0% of them",
    ]
    other = axes()
    plot_rank_intervals(RANKS, other)
    assert legend(other)[1:3] == ["ties dropped at random: 200 runs", "each body left out in turn: 3 runs"]


def test_only_nodes_with_room_are_drawn_the_best_first():
    many = pd.DataFrame([rank("dropped_ties", f"n{i:03}", i, i, i + 5) for i in range(1, 161)])
    with style.drawing():
        ax = axes(6, 5)
        plot_rank_intervals(many, ax)
        n = len(texts(ax, "row"))
        assert texts(ax, "row")[0] == "n001"
        assert 10 < n < 25
        assert f"{160 - n} of 160 nodes" in texts(ax, style.CROWDED)[0]
        assert ax.get_xlim()[1] < 40
        assert overlaps(ax) == []


def test_ranks_of_nobody_can_be_drawn(ax):
    plot_rank_intervals(RANKS.head(0), ax)
    assert texts(ax, "row") == []
