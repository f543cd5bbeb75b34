"""Bounds on gaps and trade-offs of plans: parts add up, marks are rows, and hatches tell what colours tell."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from tiny import tiny_study

from r2p_analysis import closure, plotting
from r2p_analysis.figures import FIGURES, draw_figure, view_of
from r2p_analysis.plotting import gaps, plans, style

BOUNDS = pd.DataFrame(
    {
        "n_cells": [10, 20, 40, 0],
        "n_denied": [0, 5, 8, 0],
        "n_gaps_least": [0, 5, 12, 0],
        "n_gaps_most": [10, 15, 30, 0],
        "group": ["By function", "By function", "By sub-region", "By sub-region"],
    },
    index=["monitoring", "reaction", "south", "north"],
)


@pytest.fixture
def ax():
    with style.drawing():
        figure = Figure(figsize=(7, 6))
        FigureCanvasAgg(figure)
        yield figure.add_axes((0.3, 0.3, 0.5, 0.6))


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def overlaps(ax):
    boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts]
    return [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)]


# ---- bounds


def test_the_parts_of_a_bar_are_shares_of_its_cells_and_add_up(ax):
    gaps.plot_gap_bounds(BOUNDS, ax)
    bars = {part: [p.get_width() for p in ax.patches if p.get_gid() == part] for part in gaps._PARTS}
    assert bars["denied"] == pytest.approx([0, 5 / 20, 8 / 40, 0])
    assert bars["said"] == pytest.approx([0, 0, 4 / 40, 0])
    assert bars["unknown"] == pytest.approx([1, 10 / 20, 18 / 40, 0])
    assert bars["covered"] == pytest.approx([0, 5 / 20, 10 / 40, 0])
    assert np.sum(list(bars.values()), axis=0) == pytest.approx([1, 1, 1, 0])


def test_the_line_runs_from_the_least_to_the_greatest_number(ax):
    gaps.plot_gap_bounds(BOUNDS, ax, labels={"south": "South America"})
    (line,) = [c for c in ax.collections if c.get_gid() == "bounds"]
    spans = [[segment[0][0], segment[1][0]] for segment in line.get_segments()]
    assert spans == pytest.approx(np.array([[0, 1], [0.25, 0.75], [0.3, 0.75]]))
    assert texts(ax, "row") == ["monitoring", "reaction", "South America", "north"]
    assert texts(ax, "heading") == ["By function", "By sub-region"]
    assert texts(ax, "cell") == ["0", "5", "12", "0", "10", "15", "30", "0", "10", "20", "40", "0"]
    assert overlaps(ax) == []


def test_a_denial_that_is_only_possible_is_no_gap_for_certain(ax):
    either = pd.DataFrame(
        {"n_cells": [4], "n_denied": [3], "n_gaps_least": [1], "n_gaps_most": [4]}, index=["reaction"]
    )
    gaps.plot_gap_bounds(either, ax)
    widths = {p.get_gid(): p.get_width() for p in ax.patches if p.get_gid()}
    assert widths == {"denied": 0.25, "said": 0.0, "unknown": 0.75, "covered": 0.0}


def test_parts_are_told_apart_without_colour_and_named_as_asked(ax):
    assert len({fill.hatch for _, fill in gaps._PARTS.values()}) == 4
    gaps.plot_gap_bounds(BOUNDS, ax, words={"unknown": "not certain"}, unit="states")
    keys = [text.get_text() for text in ax.get_legend().get_texts()]
    assert "not certain" in keys
    assert ax.get_xlabel() == "share of the states"


def test_bounds_without_a_row_are_drawn(ax):
    gaps.plot_gap_bounds(BOUNDS.iloc[:0], ax)
    assert texts(ax, "row") == []


def test_the_figure_of_the_study_has_bounds_as_its_matrix_counts_them(study):
    table = FIGURES["gap-bounds"].data(view_of(study)).set_index("code")
    cells = FIGURES["states-by-functions"].data(view_of(study))
    for function, own in cells.groupby("function"):
        counts = own["status"].value_counts()
        operating, silent = int(counts.get("operating", 0)), int(counts.get("silent", 0))
        row = table.loc[function, ["n_cells", "n_gaps_least", "n_gaps_most"]].astype(int).tolist()
        assert row == [35, 35 - operating - silent, 35 - operating]


def test_a_study_without_states_keeps_its_functions():
    table = FIGURES["gap-bounds"].data(view_of(tiny_study()))
    assert table["group"].unique().tolist() == ["By function"]
    assert (len(table), table["n_cells"].sum()) == (8, 0)


# ---- plans

COVERS = pd.DataFrame(
    {"OAS": [1, 1, 0, 0], "CELAC": [0, 1, 1, 0], "ACS": [0, 1, 1, 0]}, index=["CAN", "MEX", "CUB", "GUF"], dtype=bool
)


@pytest.fixture
def curve():
    return closure.trade_off(COVERS)


def test_points_are_budgets_and_dots_the_choices_of_their_plans(ax, curve):
    standing = pd.Series({"OAS": 2, "CELAC": 1, "ACS": 1})
    plans.plot_trade_off(curve, ax, standing=standing, n_plans=2, labels={"OAS": "the OAS"})
    (points,) = [c for c in ax.collections if c.get_gid() == "budgets"]
    unit = points.get_offsets()[-1][1] / curve["n_covered"].iloc[-1]
    found = [[float(x), round(float(y) / unit)] for x, y in points.get_offsets()]
    assert found == curve[["cost", "n_covered"]].to_numpy(dtype=float).tolist()
    (chosen,) = [c for c in ax.collections if c.get_gid() == "chosen"]
    assert len(chosen.get_offsets()) == sum(map(len, curve["plan"]))
    assert texts(ax, "in every") == ["the OAS"]
    assert sorted(texts(ax, "row")) == ["ACS", "CELAC"]
    assert texts(ax, "cell").count("1 of 2") == 2
    assert texts(ax, "all gaps") == ["all 4 gaps; 1 of them nothing on offer closes"]
    assert texts(ax, "last") == ["3 for 2"]
    assert overlaps(ax) == []


@pytest.mark.parametrize(("standing", "said"), [({"OAS": 2, "ACS": 1}, 1), ({"CELAC": 1, "ACS": 1}, 0), ({}, 0)])
def test_the_legend_says_what_is_bold_where_something_is(ax, curve, standing, said):
    plans.plot_trade_off(curve, ax, standing=pd.Series(standing, dtype=int), n_plans=2)
    keys = [text.get_text() for text in ax.get_legend().get_texts()]
    assert sum("bold" in key for key in keys) == said == len(texts(ax, "in every"))


def test_too_many_plans_to_count_still_say_what_stands_in_all(ax, curve):
    plans.plot_trade_off(curve, ax, standing=pd.Series({"OAS": 1}))
    assert texts(ax, "in every") == ["OAS"]
    assert texts(ax, "cell") == ["all", *[""] * (len(plans.choices_in_order(curve)) - 1)]


def test_a_curve_of_nothing_on_offer_is_drawn(ax):
    none = closure.trade_off(pd.DataFrame(index=["CAN", "MEX"]))
    plans.plot_trade_off(none, ax)
    assert texts(ax, "all gaps") == ["all 2 gaps; 2 of them nothing on offer closes"]
    assert texts(ax, "last") == []
    plans.plot_trade_off(closure.trade_off(COVERS.iloc[:0]), ax)


def test_choices_come_in_the_order_of_the_curve(curve):
    order = plans.choices_in_order(curve, ["ACS", "CELAC"])
    assert order[0] == next(iter(curve["plan"].iloc[1]))
    assert sorted(order) == ["ACS", "CELAC", "OAS"]


def test_commitments_without_room_are_counted(curve):
    with style.drawing():
        figure = Figure(figsize=(5, 1.4))
        FigureCanvasAgg(figure)
        ax = plans.plot_trade_off(
            curve, figure.add_axes((0, 0, 1, 1)), standing=pd.Series({"ACS": 1, "CELAC": 1}), n_plans=2
        )
    assert "of 3 commitments" in " ".join(texts(ax, style.CROWDED)[0].split())


def test_the_plans_of_the_study_close_what_they_say(study):
    data = FIGURES["plan-trade-off"].data(view_of(study))
    cells = FIGURES["states-by-functions"].data(view_of(study))
    n_gaps = int((cells["status"] != "operating").sum())
    assert (data["n_covered"] + data["n_left"]).tolist() == [n_gaps] * len(data)
    operating = study.memberships[study.memberships["status"] == "operating"]
    members = operating.groupby("body_id")["actor_id"].agg(set)
    gaps_of = set(zip(*cells.loc[cells["status"] != "operating", ["iso3", "function"]].T.to_numpy(), strict=True))
    plan = [choice.split(" adds ") for choice in data.loc[1, "plan"].split(";")]
    ((body, function),) = plan
    closed = {(state.upper(), function) for state in members[body]} & gaps_of
    assert data.loc[1, "n_covered"] == len(closed)
    last = data.iloc[-1]
    assert set(last["in_every_cheapest_plan"].split(";")) <= set(last["plan"].split(";"))
    with style.drawing():
        figure = Figure(figsize=FIGURES["plan-trade-off"].size_for(view_of(study)))
        FigureCanvasAgg(figure)
        ax = draw_figure("plan-trade-off", study, figure.add_axes((0.1, 0.1, 0.8, 0.8)))
    assert len(texts(ax, "in every")) == len(last["in_every_cheapest_plan"].split(";"))


@pytest.mark.parametrize(
    ("plot", "message"),
    [
        (plotting.plot_gap_bounds, "table lacks n_cells, n_denied, n_gaps_least, n_gaps_most; give that of gap_bounds"),
        (plotting.plot_trade_off, "table lacks cost, n_covered, plan, not_covered; give that of trade_off"),
        (plotting.plot_intersections, "table lacks bodies, members, observed, expected, given; give that of intersec"),
    ],
)
def test_only_the_table_that_is_meant_is_drawn(plot, message):
    with pytest.raises(ValueError, match=message):
        plot(pd.DataFrame({"a": [1]}), Figure().subplots())
    with pytest.raises(ValueError, match=r"table: None is no pandas.DataFrame; give that of"):
        plot(None, Figure().subplots())


def test_a_tile_map_needs_its_two_tables():
    table = pd.DataFrame({"training": ["silent"]}, index=["CAN"])
    with pytest.raises(ValueError, match=r"places: None is no pandas.DataFrame; give that of tile_places"):
        plotting.plot_tile_map(table, Figure().subplots(), None)
    with pytest.raises(ValueError, match=r"table: None is no pandas.DataFrame; see coverage.states_by_functions"):
        plotting.plot_tile_map(None, Figure().subplots(), plotting.tile_places(pd.DataFrame({"iso3": ["CAN"]})))
