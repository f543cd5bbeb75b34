"""Drawings have as many marks as rows, keep every code of the axes, and can be read without colour."""

import itertools

import matplotlib as mpl
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from r2p_analysis import plotting
from r2p_analysis.plotting import style


@pytest.fixture
def ax():
    """Make an Axes as large as that of a figure, in the style of the house."""
    with style.drawing():
        figure = Figure(figsize=(9, 9))
        FigureCanvasAgg(figure)
        yield figure.add_axes((0.1, 0.1, 0.8, 0.8))


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def collection(ax, gid):
    return next(c for c in ax.collections if c.get_gid() == gid)


def overlaps(ax, *gids):
    """Pairs of texts that lie on each other, by what the canvas says of their boxes."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts if text.get_gid() in gids]
    return [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


# ---- style


def test_every_kind_of_event_is_in_one_group_and_groups_are_told_apart_without_colour(study):
    kinds = [kind for group in style.EVENT_GROUPS for kind in group.kinds]
    assert sorted(kinds) == sorted(study.axis("events", "kind"))
    assert len(style.EVENT_GROUPS) <= 6
    assert len({group.hatch for group in style.EVENT_GROUPS}) == len(style.EVENT_GROUPS)
    assert style.group_of("no such kind") is style.EVENT_GROUPS[-1]
    assert style.group_of("visit").label == "Speeches and visits"


def test_every_status_has_a_glyph_of_its_own_without_colour(study):
    known = {*study.axis("memberships", "status"), *study.axis("functions", "status"), "silent"}
    assert known == set(style.STATUS)
    looks = {(glyph.marker, glyph.face == "none") for glyph in style.STATUS.values()}
    assert len(looks) == len(style.STATUS)


def test_nodes_and_holds_are_told_apart_without_colour():
    grey = {kind: round(sum(to_rgb(node.face)), 1) for kind, node in style.NODES.items()}
    assert len({(node.shape, grey[kind]) for kind, node in style.NODES.items()}) == len(style.NODES)
    assert len({str(dashes) for _, dashes in style.HOLDS.values()}) == len(style.HOLDS)


def test_a_users_settings_are_neither_used_nor_lost():
    with mpl.rc_context({"axes.facecolor": "red", "font.family": "serif", "lines.linewidth": 9}):
        with style.drawing():
            assert (mpl.rcParams["axes.facecolor"], mpl.rcParams["lines.linewidth"]) == ("white", 1.5)
            assert mpl.rcParams["font.family"] == ["DejaVu Sans"]
        assert (mpl.rcParams["axes.facecolor"], mpl.rcParams["lines.linewidth"]) == ("red", 9)


def test_paler_goes_to_white():
    assert style.paler("#0072B2", 0.0) == to_rgb("#0072B2")
    assert style.paler("#0072B2", 1.0) == (1, 1, 1)
    assert style.paler("#000000") == (0.65, 0.65, 0.65)


@pytest.mark.parametrize(("size", "weight"), [(6, "normal"), (9, "bold")])
def test_width_of_a_text_is_what_the_canvas_draws(ax, size, weight):
    drawn = ax.text(0, 0, "Responsibility to Protect", fontsize=size, fontweight=weight).get_window_extent().width
    assert style.width_of("Responsibility to Protect", size, weight) == pytest.approx(drawn * 72 / 150, rel=0.03)


def test_wrapped_keeps_the_words_and_fits_the_width():
    text = "Only denied is evidence of absence.\nCoverage is not protection."
    lines = style.wrapped(text, 8, 100).split("\n")
    assert " ".join(lines) == text.replace("\n", " ")
    assert all(style.width_of(line, 8) <= 100 for line in lines)
    assert all(style.width_of(f"{a} {b.split()[0]}", 8) > 100 for a, b in itertools.pairwise(lines) if a[-1] != ".")
    assert style.wrapped("a Responsibility", 8, 1) == "a\nResponsibility"
    assert style.wrapped("of (18\u00a0states)", 8, 1) == "of\n(18\u00a0states)"


def test_fitted_shortens_to_whole_words():
    assert style.fitted("A short title", 6, 500) == "A short title"
    assert style.fitted("Reform, of the Secretariat", 6, 30) == "Reform…"
    assert style.fitted("Incomprehensibilities of all kinds", 6, 1) == "Incomprehensibilities…"
    whole = "one two three four five six seven"
    n_kept = len(style.fitted(whole, 6, 90).split())
    kept, more = (" ".join(whole.split()[:n]) + "…" for n in (n_kept, n_kept + 1))
    assert style.fitted(whole, 6, 90) == kept
    assert style.width_of(kept, 6) <= 90 < style.width_of(more, 6)


def test_title_keys_and_note_stand_outside_of_all_that_is_drawn(ax):
    ax.text(-0.4, -0.2, "something that sticks out")
    ax.text(0.2, 1.3, "and something above")
    before = ax.get_tightbbox()
    with style.drawing():
        keys = style.add_keys(ax, {"one": mpl.patches.Patch(), "two": mpl.patches.Patch()}, 2).get_window_extent()
        note = style.add_note(ax, "What it does not show. " * 20).get_window_extent()
        title = style.add_title(ax, "A title").get_window_extent()
    assert note.y1 < keys.y0 < keys.y1 < before.y0
    assert title.y0 > before.y1
    assert [round(box.x0 - before.x0) for box in (keys, note, title)] == [0, 0, 0]
    assert note.width <= before.width * 1.02
    assert texts(ax, "note")[0].count("\n") >= 2


# ---- two-mode network

TIES = [
    ("arg", "lan", "yes"),
    ("arg", "unasur", "possible"),
    ("chl", "lan", "possible"),
    ("mex", "lan", "yes"),
    ("guy", "unasur", "undated"),
]
SUBREGION = {
    "arg": "south_america",
    "chl": "south_america",
    "guy": "south_america",
    "mex": "central_america",
    "brb": "caribbean",
    "can": "northern_america",
}


def network(ties=TIES, order=1):
    B = nx.Graph()
    for state in sorted(SUBREGION)[::order]:
        B.add_node(state, bipartite=0, label=state.upper(), kind="state", subregion=SUBREGION[state])
    for body in ("lan", "oas", "unasur")[::order]:
        B.add_node(body, bipartite=1, label=f"Body {body}", kind="igo", subregion="")
    for state, body, holds in ties[::order]:
        B.add_edge(*(state, body)[::order], holds=holds)
    return B


def test_two_mode_has_a_line_a_tie_and_a_marker_a_node(ax):
    plotting.plot_two_mode(network(), ax)
    lines = {holds: len(collection(ax, holds).get_segments()) for holds in ("yes", "possible", "undated")}
    assert lines == {"yes": 2, "possible": 2, "undated": 1}
    nodes = ("bridge", "member", "isolate", "body", "empty body")
    assert {kind: len(collection(ax, kind).get_offsets()) for kind in nodes} == dict(
        zip(nodes, (1, 3, 2, 2, 1), strict=True)
    )
    assert sorted(texts(ax, "label")) == sorted(
        [
            "ARG",
            "CHL",
            "GUY",
            "MEX",
            "BRB",
            "CAN",
            "Body oas",
            "Body lan (3\u00a0states)",
            "Body unasur (2\u00a0states)",
        ]
    )


def test_two_mode_draws_what_is_certain_solid_and_the_rest_broken(ax):
    plotting.plot_two_mode(network(), ax)
    dashes = {holds: collection(ax, holds).get_linestyle()[0][1] for holds in ("yes", "possible", "undated")}
    assert dashes["yes"] is None
    assert len({str(pattern) for pattern in dashes.values()}) == 3
    assert {"certain membership (2)", "possible membership (2)", "no date asked for membership (1)"} <= set(legend(ax))


def test_two_mode_lines_end_at_their_nodes(ax):
    B = network()
    places = plotting.two_mode_places(B)
    plotting.plot_two_mode(B, ax)
    ends = [(tuple(line[0]), tuple(line[-1])) for line in collection(ax, "possible").get_segments()]
    assert ends == [(places["arg"], places["unasur"]), (places["chl"], places["lan"])]


def test_two_mode_places_keep_sides_and_do_not_depend_on_the_order_of_the_graph():
    places = plotting.two_mode_places(network())
    assert places == plotting.two_mode_places(network(order=-1))
    assert len(set(places.values())) == len(places) == 9
    assert {state: np.sign(places[state][0]) for state in ("arg", "chl", "guy", "mex")} == {
        "arg": 1,
        "chl": 1,
        "guy": 1,
        "mex": -1,
    }
    assert [places[body][0] for body in ("lan", "unasur")] == [0, 0]
    tied = min(places[n][1] for n in ("arg", "chl", "guy", "mex", "lan", "unasur"))
    assert max(places[n][1] for n in ("brb", "can")) < tied
    assert places["oas"][1] < min(places[n][1] for n in ("brb", "can"))


def test_two_mode_writes_names_close_beside_their_nodes_and_away_from_the_ties(ax):
    B = network()
    places = plotting.two_mode_places(B)
    plotting.plot_two_mode(B, ax)
    for text in ax.texts:
        node = next((n for n in B if B.nodes[n]["bipartite"] == 0 and B.nodes[n]["label"] == text.get_text()), None)
        if node:
            box, (x, y) = text.get_window_extent(), ax.transData.transform(places[node])
            away = (x - box.x1 if node == "mex" else box.x0 - x) * 72 / 150
            assert 5 < away < 9, node
            assert box.y0 < y < box.y1, node


def test_two_mode_names_its_isolates_and_sub_regions(ax):
    plotting.plot_two_mode(network(), ax, labels={"south_america": "South America"})
    assert sorted(texts(ax, "heading")) == [
        "Bodies to which no state is said to belong (1)",
        "South America",
        "States in none of these bodies (2)",
        "central_america",
    ]
    assert collection(ax, "isolate").get_facecolor().tolist() == [[1, 1, 1, 1]]


def test_two_mode_without_ties_is_all_isolates(ax):
    plotting.plot_two_mode(network(ties=[]), ax)
    assert [c.get_gid() for c in ax.collections] == ["isolate", "empty body"]
    plotting.plot_two_mode(nx.Graph(), ax)


def test_labels_of_a_dense_network_do_not_overlap(ax):
    B = nx.Graph()
    for i in range(35):
        B.add_node(
            f"s{i}",
            bipartite=0,
            label=f"St. State and {i} Grenadines",
            subregion=("caribbean", "south_america")[i % 3 == 0],
        )
    for j in range(8):
        B.add_node(f"b{j}", bipartite=1, label=f"Network {j} of Networks for the Prevention of Mass Atrocity")
        B.add_edges_from((f"s{i}", f"b{j}") for i in range(j, 30, 1 + j % 3))
    B.add_nodes_from((f"e{j}" for j in range(5)), bipartite=1)
    plotting.plot_two_mode(B, ax)
    assert overlaps(ax, "label", "heading") == []
    assert len(texts(ax, "label")) == 48


# ---- co-membership


def test_co_membership_lists_pairs_and_those_without():
    table = plotting.co_membership(network())
    rows = table[["actor_1", "actor_2", "n_bodies", "bodies", "only_largest"]].astype(object).fillna("").values.tolist()
    assert rows == [
        ["arg", "chl", 1, "lan", True],
        ["arg", "guy", 1, "unasur", False],
        ["arg", "mex", 1, "lan", True],
        ["brb", "", 0, "", False],
        ["can", "", 0, "", False],
        ["chl", "mex", 1, "lan", True],
    ]


def test_co_membership_knows_a_pair_that_shares_the_largest_body_and_another():
    table = plotting.co_membership(network([*TIES, ("chl", "unasur", "yes")])).set_index(["actor_1", "actor_2"])
    assert table.loc[("arg", "chl")].tolist() == [2, "lan;unasur", False]
    assert plotting.largest_body(network([*TIES, ("chl", "unasur", "yes")])) == "lan"


def test_largest_body_takes_the_first_of_equals_and_none_of_empty_ones():
    assert plotting.largest_body(network([("arg", "unasur", "yes"), ("arg", "lan", "yes")])) == "lan"
    assert plotting.largest_body(network([("arg", "unasur", "yes")])) == "unasur"
    assert plotting.largest_body(network([])) is None


def test_co_membership_has_a_line_a_pair_and_says_how_many_the_largest_body_makes(ax):
    plotting.plot_co_membership(network(), ax)
    assert {gid: len(collection(ax, gid).get_segments()) for gid in ("only largest", "other")} == {
        "only largest": 3,
        "other": 1,
    }
    assert "Body lan (3\u00a0members)" in texts(ax, "warning")[0] and "3\u00a0(75\u00a0%)" in texts(ax, "warning")[0]
    said = " ".join(texts(ax, "warning")[0].split())
    assert "not contact" in said and "n(n−1)/2" in said
    assert (
        "Of the 4 tied pairs 3 (75 %) share the largest body, Body lan (3 members); 3 (75 %) share nothing else."
        in said
    )
    assert {"pair that shares only the largest body (3)", "state that shares none (2)"} <= set(legend(ax))


def test_co_membership_draws_pairs_of_more_bodies_wider_and_the_largest_bodys_own_faint(ax):
    plotting.plot_co_membership(network([*TIES, ("chl", "unasur", "yes")]), ax)
    widths = collection(ax, "other").get_linewidth()
    assert max(widths) == pytest.approx(2 * min(widths))
    dark, faint = (sum(collection(ax, gid).get_edgecolor()[0][:3]) for gid in ("other", "only largest"))
    assert dark < faint


def test_co_membership_keeps_isolates_on_the_circle_and_names_all(ax):
    plotting.plot_co_membership(network(), ax, labels={"caribbean": "Caribbean"})
    places = np.vstack([np.asarray(collection(ax, kind).get_offsets()) for kind in ("bridge", "member", "isolate")])
    assert len(places) == 6
    assert np.hypot(*places.T) == pytest.approx(np.ones(6))
    assert sorted(texts(ax, "label")) == sorted(code.upper() for code in SUBREGION)
    assert "Caribbean" in texts(ax, "heading") and len(texts(ax, "heading")) == 4


def test_co_membership_ties_end_at_their_states_and_bend_to_the_centre(ax):
    plotting.plot_co_membership(network(), ax)
    states = {tuple(np.round(xy, 6)) for kind in ("bridge", "member") for xy in collection(ax, kind).get_offsets()}
    for line in collection(ax, "only largest").get_segments():
        ends, middle = np.round(line[[0, -1]], 6), line[len(line) // 2]
        assert {tuple(end) for end in ends} <= states
        assert np.hypot(*(ends[0] - middle)) == pytest.approx(np.hypot(*(ends[1] - middle)), rel=1e-4)
        straight = np.hypot(*ends.mean(axis=0))
        assert np.hypot(*middle) < straight or straight < 1e-9  # opposite ones are tied through the centre


def test_co_membership_thins_out_hundreds_of_ties(ax):
    few, many = network(), nx.relabel_nodes(nx.complete_bipartite_graph(35, 2), str)
    plotting.plot_co_membership(few, ax)
    assert collection(ax, "other").get_alpha() == 0.75
    ax.clear()
    plotting.plot_co_membership(many, ax)
    assert len(collection(ax, "other").get_segments()) == 35 * 34 / 2
    assert collection(ax, "other").get_alpha() < 0.2


def test_names_on_the_circle_run_outwards(ax):
    plotting.plot_co_membership(network(), ax)
    for text in ax.texts:
        if text.get_gid() in ("label", "heading"):
            x, y = text.get_position()
            turn = np.degrees(np.arctan2(y, x)) % 180
            assert min(abs(text.get_rotation() % 180 - turn), 180 - abs(text.get_rotation() % 180 - turn)) < 1e-6
            box = text.get_window_extent()
            outwards = ax.transData.inverted().transform(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
            assert np.hypot(*outwards) > 1.05


def test_names_on_the_circle_are_further_apart_than_they_are_high(ax):
    B = nx.Graph()
    B.add_nodes_from(((f"s{i}", {"subregion": f"r{i % 4}"}) for i in range(35)), bipartite=0)
    plotting.plot_co_membership(B, ax)
    named = [t for t in ax.texts if t.get_gid() in ("label", "heading")]
    places = ax.transData.transform([t.get_position() for t in named])
    nearest = min(np.hypot(*(a - b)) for a, b in itertools.combinations(places, 2))
    assert nearest * 72 / 150 > 1.1 * style.LABEL
    assert "nobody is tied" in texts(ax, "warning")[0]


# ---- bars


def counts(rows, columns=("Publications", "Meetings")):
    return pd.DataFrame(rows, columns=list(columns), index=["2012", "2013", "2014"])


def test_counts_stack_what_is_exact_below_what_is_not(ax):
    table, exact = counts([[2.5, 1.0], [0.5, 0.0], [0.0, 0.0]]), counts([[2.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
    table.attrs["n_left_out"] = 4
    plotting.plot_counts(table, exact, ax)
    bars = [(b.get_gid(), round(b.get_y(), 6), round(b.get_height(), 6)) for b in ax.patches if b.get_height() > 0]
    assert bars == [("Publications", 0, 2), ("Meetings", 2, 1), ("Publications", 3, 0.5), ("Publications", 0, 0.5)]
    assert texts(ax, "total") == ["3.5", "0.5", "0"]
    assert [line[0][1] for line in collection(ax, "exact").get_segments()] == [3]
    assert ax.get_xlabel().startswith("4 events are left out")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2012", "2013", "2014"]
    assert "below the black line: year certain (3 of 4)" in legend(ax)


def test_counts_show_each_group_in_the_key_and_paler_where_it_is_not_exact(ax):
    plotting.plot_counts(counts([[1.5, 0.0]] * 3), counts([[1.0, 0.0]] * 3), ax)
    assert set(legend(ax)) >= {group.label for group in style.EVENT_GROUPS}
    faces = {to_hex(b.get_facecolor()) for b in ax.patches if b.get_gid() == "Publications" and b.get_height() > 0}
    assert faces == {to_hex(style.BLUE), to_hex(style.paler(style.BLUE, 0.6))}
    assert len(ax.patches) == 2 * 3 * len(style.EVENT_GROUPS)


MENTIONS = pd.DataFrame({"iso3": ["ARG", "BRB", "CHL"], "n_passages": [1, 0, 4], "n_with_actors": [3, 0, 4]})


def test_mentions_have_a_bar_and_an_outline_a_state_and_show_zeros(ax):
    groups = {"BRB": "Caribbean", "ARG": "South", "CHL": "South"}
    plotting.plot_mentions(MENTIONS, ax, groups=groups, labels={"BRB": "Barbados"})
    assert texts(ax, "row") == ["Barbados", "CHL", "ARG"]
    assert texts(ax, "count") == ["0", "4", "1 (3)"]
    widths = {gid: [b.get_width() for b in ax.patches if b.get_gid() == gid] for gid in ("itself", "with actors")}
    assert widths == {"itself": [0, 4, 1], "with actors": [0, 4, 3]}
    assert texts(ax, "heading") == ["Caribbean", "South"]
    places = {t.get_text(): t.xy[1] for t in ax.texts}
    assert places["Caribbean"] < places["Barbados"] < places["South"] < places["CHL"] < places["ARG"]
    assert overlaps(ax, "row", "heading") == []
    red = {t.get_text() for t in ax.texts if t.get_color() == style.RED}
    assert red == {"Barbados", "0"}


def test_mentions_without_headings_and_without_states(ax):
    plotting.plot_mentions(MENTIONS, ax, groups={"CHL": "South"})
    assert texts(ax, "row") == ["ARG", "BRB", "CHL"] and texts(ax, "heading") == ["South"]
    places = {t.get_text(): t.xy[1] for t in ax.texts}
    assert places["BRB"] < places["South"] < places["CHL"]
    plotting.plot_mentions(MENTIONS[:0], ax)


# ---- matrix

TABLE = pd.DataFrame(
    {"lan": ["operating", "silent", "denied"], "oas": ["planned", "silent", "operating"], "un": ["silent"] * 3},
    index=["ARG", "BRB", "CHL"],
)


def test_matrix_has_a_marker_and_a_tile_a_cell(ax):
    plotting.plot_matrix(TABLE, ax)
    statuses = TABLE.stack().value_counts().to_dict()
    assert {status: len(collection(ax, status).get_offsets()) for status in statuses} == statuses
    tiles = [c for c in ax.collections if c.get_gid() is None]
    assert sum(len(c.get_paths()) for c in tiles) == TABLE.size
    places = {tuple(xy) for status in statuses for xy in collection(ax, status).get_offsets()}
    assert places == set(itertools.product(range(3), range(3)))
    assert collection(ax, "denied").get_offsets().tolist() == [[0, 2]]


def test_matrix_keeps_rows_and_columns_in_which_nothing_is_said(ax):
    plotting.plot_matrix(TABLE, ax, labels={"BRB": "Barbados", "un": "United Nations"}, silent="no body named")
    assert texts(ax, "row") == ["ARG", "Barbados", "CHL"]
    assert texts(ax, "column") == ["lan", "oas", "United Nations"]
    assert texts(ax, "without") == ["no body named"]
    assert texts(ax, "total") == ["1", "1", "1", "1", "0"]


def test_matrix_says_silent_only_of_rows_that_are_silent_throughout(ax):
    table = TABLE.replace({"oas": "operating"}, "denied")
    plotting.plot_matrix(table, ax)
    assert texts(ax, "without") == ["nothing said", "none said to operate"]


def test_matrix_marks_what_is_certain_and_what_is_inferred_without_colour(ax):
    mask = pd.DataFrame(False, TABLE.index, TABLE.columns)
    certain, inferred = mask.copy(), mask.copy()
    certain.loc["CHL", "oas"] = certain.loc["ARG", "un"] = True  # the second is silent
    inferred.loc["ARG", ["lan", "oas"]] = inferred.loc["CHL", "lan"] = inferred.loc["BRB", "un"] = True
    plotting.plot_matrix(TABLE, ax, certain=certain, inferred=inferred)
    assert [len(c.get_paths()) for c in ax.collections if c.get_gid() == "certain"] == [1]
    box = collection(ax, "certain").get_paths()[0].get_extents()
    assert ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) == (1, 2)
    assert to_hex(collection(ax, "certain").get_edgecolor()[0]) == style.INK.lower()
    assert collection(ax, "certain").get_linewidth()[0] == style.THICK
    hatched = [c for c in ax.collections if c.get_gid() == "inferred"]
    places = {(p.get_extents().x0 + 0.43, p.get_extents().y0 + 0.43) for c in hatched for p in c.get_paths()}
    assert {(round(x), round(y)) for x, y in places} == {(0, 0), (1, 0), (0, 2)}
    assert all(c.get_hatch() for c in hatched)
    assert legend(ax)[-3:] == [
        "dark edge: certain on the day (1 of 4)",
        "no edge: possible on the day (3)",
        "hatched: inferred rows only (3 of 4)",
    ]


def test_hatching_is_told_from_every_tile_without_colour():
    for status, glyph in style.STATUS.items():
        if status != "silent":
            grey = [np.dot(to_rgb(colour), (0.299, 0.587, 0.114)) for colour in (glyph.tile, style.against(glyph.tile))]
            assert abs(grey[0] - grey[1]) > 0.4, status


def test_matrix_marks_a_row_without_operating_cells_by_weight_and_band(ax):
    plotting.plot_matrix(TABLE, ax)
    weights = {t.get_text(): t.get_fontweight() for t in ax.texts if t.get_gid() == "row"}
    assert weights == {"ARG": "normal", "BRB": "bold", "CHL": "normal"}
    assert [(p.get_y(), p.get_height()) for p in ax.patches] == [(0.5, 1)]


def test_matrix_puts_headings_above_their_rows(ax):
    plotting.plot_matrix(TABLE, ax, groups={"ARG": "One", "BRB": "One", "CHL": "Two"})
    places = {t.get_text(): t.get_position()[1] for t in ax.texts}
    assert places["One"] < places["ARG"] < places["BRB"] < places["Two"] < places["CHL"]
    assert texts(ax, "heading") == ["One", "Two"]
    assert overlaps(ax, "row", "heading") == []


def test_matrix_explains_the_statuses_that_are_asked_for_or_there(ax):
    plotting.plot_matrix(TABLE, ax, labels={"silent": "Silent"})
    assert legend(ax) == ["operating (2)", "planned (1)", "denied (1)", "Silent (5)"]
    plotting.plot_matrix(TABLE, ax, statuses=["operating", "potential"])
    assert legend(ax) == ["operating (2)", "potential (0)"]


def test_matrix_refuses_what_it_has_no_glyph_for(ax):
    with pytest.raises(ValueError, match="no glyph for 'hoped'; there are operating, planned"):
        plotting.plot_matrix(TABLE.replace("denied", "hoped"), ax)


def test_matrix_without_rows(ax):
    plotting.plot_matrix(TABLE[:0], ax)
    assert texts(ax, "column") == ["lan", "oas", "un"]
