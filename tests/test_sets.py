"""Intersections: every state in one, expected sizes by listing all matrices with the margins, a column for nobody."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from r2p_analysis.coverage import membership_table
from r2p_analysis.intersecting import intersections
from r2p_analysis.plotting import sets, style
from r2p_analysis.study import load_study

SMALL = pd.DataFrame(
    {"lan": [1, 1, 0, 0, 0], "oas": [1, 0, 1, 1, 0], "sica": [0, 1, 1, 0, 0]}, index=["ARG", "BRA", "CRI", "USA", "CUB"]
)


def rng(seed=1):
    return np.random.default_rng(seed)


def every_matrix(matrix):
    """List all 0/1 matrices with the margins of one, by trying them all."""
    rows, columns = matrix.sum(axis=1).tolist(), matrix.sum(axis=0).tolist()
    lines = [[c for c in itertools.product((0, 1), repeat=len(columns)) if sum(c) == total] for total in rows]
    return [np.array(m) for m in itertools.product(*lines) if np.sum(m, axis=0).tolist() == columns]


def sizes(matrix, columns):
    """Sizes of the intersections of a matrix by the tuple of bodies."""
    found = [tuple(body for body, cell in zip(columns, row, strict=True) if cell) for row in matrix]
    return {bodies: found.count(bodies) for bodies in set(found)}


def test_expected_sizes_are_means_over_all_matrices_with_the_margins():
    every = [sizes(m, SMALL.columns) for m in every_matrix(SMALL)]
    assert len(every) > 10
    table = intersections(SMALL, 4000, rng(), sets=list(SMALL.columns), least=0.01).set_index("bodies")
    assert set(table.index) == {bodies for one in every for bodies in one} | {()}
    for bodies, row in table.iterrows():
        counts = [one.get(bodies, 0) for one in every]
        assert row["expected"] == pytest.approx(np.mean(counts), abs=0.06)
        assert row["given"] == (len(set(counts)) == 1)
        assert min(counts) <= row["low"] <= row["expected"] <= row["high"] <= max(counts)


def test_every_state_stands_in_one_row_and_those_in_none_first():
    table = intersections(SMALL, 50, rng())
    assert sorted(itertools.chain(*table["members"])) == sorted(SMALL.index)
    assert table["members"].map(len).tolist() == table["observed"].tolist()
    assert table["observed"].sum() == 5
    assert table.loc[0, ["bodies", "n_bodies", "observed", "members"]].tolist() == [(), 0, 1, ("CUB",)]
    assert table.attrs["sets"] == {"oas": 3, "lan": 2, "sica": 2}  # the largest first
    assert dict(zip(table["bodies"], table["members"], strict=True))[("oas", "sica")] == ("CRI",)


def test_nobody_in_none_is_a_row_as_well():
    table = intersections(SMALL.drop(index="CUB"), 50, rng())
    assert table.loc[0, ["bodies", "observed", "members"]].tolist() == [(), 0, ()]


def test_how_many_are_in_none_of_all_bodies_is_given_but_not_of_some():
    every = intersections(SMALL, 200, rng()).set_index("bodies")
    assert every.loc[[()], "given"].all()
    some = intersections(SMALL, 200, rng(), sets=["lan"]).set_index("bodies")
    assert some["observed"].to_dict() == {(): 3, ("lan",): 2}
    assert some["given"].all()  # a body keeps its size, so that with one body nothing is left to chance
    two = intersections(SMALL, 2000, rng(), sets=["lan", "sica"]).set_index("bodies")
    assert not two.loc[[()], "given"].any()
    own = [sum(not row[[0, 2]].any() for row in m) for m in every_matrix(SMALL)]
    assert two.loc[[()], "expected"].item() == pytest.approx(np.mean(own), abs=0.06)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_states_in_neither_of_two_networks_of_the_study(seed):
    study = load_study(layers=("coded", "reference"))
    seven = ["oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points"]
    basis = {"focal-points": ("explicit", "inferred")}
    matrix = membership_table(study, "2014-09-08", bodies=seven, basis=basis)
    assert int(matrix.to_numpy().sum()) == 125
    table = intersections(matrix, 1000, rng(seed), sets=["lan", "focal-points"])
    assert table.loc[0, "observed"] == 16
    assert table.loc[0, "expected"] == pytest.approx(14.1, abs=0.15)
    assert table.loc[0, "low"] <= 14 <= table.loc[0, "high"]


def test_an_intersection_of_nobody_is_listed_where_many_are_expected():
    # Two halves that never meet, though sizes alone would mix them.
    matrix = pd.DataFrame(
        {"a": [1] * 6 + [0] * 6, "b": [1] * 6 + [0] * 6, "c": [0] * 6 + [1] * 6, "d": [0] * 6 + [1] * 6}
    )
    table = intersections(matrix, 300, rng()).set_index("bodies")
    assert table["observed"].to_dict()[("a", "c")] == 0
    assert table.loc[[("a", "c")], "expected"].item() > 1
    assert set(intersections(matrix, 300, rng(), least=99)["bodies"]) == {(), ("a", "b"), ("c", "d")}


def test_rows_have_the_order_that_is_asked_for():
    matrix = pd.DataFrame({"a": [1, 1, 1, 1, 0], "b": [0, 0, 1, 1, 0], "c": [0, 0, 1, 1, 1]})
    by_size = intersections(matrix, 20, rng(), least=9)
    assert by_size["bodies"].tolist() == [(), ("a",), ("a", "c", "b"), ("c",)]
    by_bodies = intersections(matrix, 20, rng(), least=9, order="bodies")
    assert by_bodies["bodies"].tolist() == [(), ("a",), ("c",), ("a", "c", "b")]
    own = intersections(matrix, 20, rng(), sets=["b", "c", "a"], order=[["c"], ["a", "b", "c"], []])
    assert own["bodies"].tolist() == [("c",), ("b", "c", "a"), ()]


def test_one_seed_gives_one_table_and_the_argument_is_not_changed():
    before = SMALL.copy()
    one, other = (intersections(SMALL, 60, rng(7)) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(SMALL, before)
    assert "60 matrices" in one.attrs["methods"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sets": ["lan", "osa"]}, "unknown body in sets 'osa': did you mean 'oas'"),
        ({"sets": ["lan", "lan"]}, "body in sets 'lan' stands twice"),
        ({"order": "sizes"}, "unknown order 'sizes'"),
        ({"order": ["lan"]}, r"give a collection, \['lan'\]"),
        ({"order": [["un"]]}, "unknown body in order 'un'"),
        ({"order": [3]}, "intersection in order: 3 is no list of names"),
        ({"order": None}, "unknown order None: allowed: size, bodies"),
        ({"sets": 3}, "body in sets: 3 is no list of names"),
        ({"sets": "osa"}, "unknown body in sets 'osa': did you mean 'oas'"),
        ({"least": None}, "least=None: a number is needed, as in 1"),
        ({"least": float("nan")}, "least=nan: a number is needed"),
    ],
)
def test_what_cannot_be_read_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        intersections(SMALL, 5, rng(), **options)


@pytest.mark.parametrize(
    ("matrix", "samples", "source", "message"),
    [
        (SMALL.to_numpy(), 5, rng(), "matrix: a ndarray .* is no pandas.DataFrame; see coverage.membership_table"),
        (pd.concat([SMALL, SMALL]), 5, rng(), "matrix names the row 'ARG' twice"),
        (SMALL, 0, rng(), "samples=0: a whole number from 1"),
        (SMALL, True, rng(), "samples=True: a whole number from 1"),
        (SMALL, 5, None, "rng=None: random numbers are needed"),
    ],
)
def test_tables_and_draws_that_cannot_be_are_refused(matrix, samples, source, message):
    with pytest.raises(ValueError, match=message):
        intersections(matrix, samples, source)


def test_more_bodies_than_bits_are_refused():
    with pytest.raises(ValueError, match="61 bodies to intersect: name at most 60"):
        intersections(pd.DataFrame(1, index=["A"], columns=[f"b{i}" for i in range(61)]), 5, rng())


def test_a_table_without_bodies_has_all_in_none():
    table = intersections(pd.DataFrame(index=["A", "B"]), 5, rng())
    assert table[["bodies", "observed", "given"]].to_numpy().tolist() == [[(), 2, True]]


# ---- drawn


def drawn(table, width=8.0, height=6.0):
    with style.drawing():
        figure = Figure(figsize=(width, height))
        FigureCanvasAgg(figure)
        return sets.plot_intersections(table, figure.add_axes((0.2, 0.2, 0.75, 0.75)), labels={"lan": "Network"})


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def test_a_pile_has_a_block_for_each_state_with_its_code():
    table = intersections(SMALL, 50, rng())
    ax = drawn(table)
    blocks = {gid: [p for p in ax.patches if p.get_gid() == gid] for gid in ("observed", "none")}
    assert (len(blocks["observed"]), len(blocks["none"])) == (4, 1)
    assert sorted(texts(ax, "code")) == sorted(SMALL.index)
    unit = blocks["none"][0].get_height()
    codes = [text for text in ax.texts if text.get_gid() == "code"]
    assert all(text.get_position()[1] / unit % 1 == pytest.approx(0.5) for text in codes)  # in the middle of a block
    assert [text.get_text() for text in codes] == [state for members in table["members"] for state in members]
    assert texts(ax, "size") == [str(n) for n in table["observed"]]
    assert texts(ax, "in none") == ["in none"]
    assert texts(ax, "row") == ["oas (3)", "Network (2)", "sica (2)"]
    assert texts(ax, "expected size") == [f"{n:.1f}" for n in table["expected"]]


def test_circles_are_the_bodies_of_a_column_and_ticks_what_is_expected():
    table = intersections(SMALL, 50, rng())
    ax = drawn(table)
    found = {gid: [c for c in ax.collections if c.get_gid() == gid] for gid in ("inside", "expected", "given")}
    assert sum(len(c.get_offsets()) for c in found["inside"]) == table["n_bodies"].sum()
    unit = next(p.get_height() for p in ax.patches if p.get_gid() == "none")
    free = table[~table["given"]]
    (ticks,) = found["expected"]
    assert [s[0][1] / unit for s in ticks.get_segments()] == pytest.approx(free["expected"].tolist())
    (fixed,) = found["given"]
    assert (fixed.get_offsets()[:, 1] / unit).tolist() == pytest.approx(table.loc[table["given"], "expected"].tolist())
    (spans,) = [c for c in ax.collections if c.get_gid() == "interval"]
    ends = [[s[0][1] / unit, s[1][1] / unit] for s in spans.get_segments()]
    assert ends == pytest.approx(free[["low", "high"]].to_numpy())


def test_a_pile_of_many_states_is_one_block_without_codes():
    matrix = pd.DataFrame({"a": [1] * 120}, index=[f"S{i}" for i in range(120)])
    ax = drawn(intersections(matrix, 5, rng()))
    assert texts(ax, "code") == []
    assert len([p for p in ax.patches if p.get_gid() == "observed"]) == 1
    assert texts(ax, "size") == ["0", "120"]


def test_columns_without_room_are_left_out_and_it_is_said():
    ax = drawn(intersections(SMALL, 50, rng()), width=1.2)
    assert len(texts(ax, "size")) < 5
    assert "intersections" in " ".join(texts(ax, style.CROWDED))


@pytest.mark.parametrize("cell", ["operating", float("nan"), 2])
def test_a_table_that_is_not_yes_and_no_is_refused_before_it_is_counted(cell):
    matrix = SMALL.astype(object)
    matrix.iloc[0, 0] = cell
    with pytest.raises(ValueError, match="must hold only 0 and 1"):
        intersections(matrix, 5, rng())
