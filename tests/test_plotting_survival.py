"""A survival curve shows boxes where nothing is determined, lines where it is, and how many it rests on."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from r2p_analysis import plotting
from r2p_analysis.plotting import style

YEAR = 365.25
# Two states acted within a year, one in the second year, one had not after three: worked out by hand.
CURVE = pd.DataFrame(
    {"time": [0, 1, 2, 3], "survival_low": [0.5, 0.25, 0.25, 0.0], "survival_high": [1.0, 0.5, 0.25, 0.25]}
).assign(time=lambda rows: rows["time"] * YEAR)
TIMES = pd.DataFrame({"left_days": [0, 0, YEAR, 3 * YEAR], "right_days": [YEAR, YEAR, 2 * YEAR, np.inf]})


def drawn(curve=CURVE, size=(6, 4), **more):
    with style.drawing():
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        return plotting.plot_survival(curve, figure.add_axes((0.1, 0.1, 0.8, 0.8)), label="states without", **more)


def boxes(ax, gid):
    extents = [path.get_extents() for c in ax.collections if c.get_gid() == gid for path in c.get_paths()]
    return [tuple(round(float(end), 6) for end in (box.x0, box.x1, box.y0, box.y1)) for box in extents]


def numbers(ax):
    return [int(text.get_text()) for text in ax.texts if text.get_gid() == "number"]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_inside_an_innermost_interval_there_is_a_box_and_outside_a_line():
    ax = drawn()
    assert boxes(ax, "undetermined") == [(0, 1, 0.5, 1), (1, 2, 0.25, 0.5)]
    (known,) = [c for c in ax.collections if c.get_gid() == "known"]
    assert [line.tolist() for line in known.get_segments()] == [[[2, 0.25], [3, 0.25]]]


def test_what_was_not_seen_to_the_end_is_another_box_up_to_the_edge():
    ax = drawn(times=TIMES)
    ((left, right, low, high),) = boxes(ax, "censored")
    assert (left, low, high) == (3, 0, 0.25)
    assert right == pytest.approx(ax.get_xlim()[1]) and right > 3
    assert "not seen to the end: what came later is not known (censored)" in legend(ax)


def test_a_curve_that_ends_at_zero_is_not_censored():
    ax = drawn(
        pd.DataFrame({"time": [100.0, 200.0], "survival_low": [0.0, 0.0], "survival_high": [1.0, 0.0]}), unit="days"
    )
    assert boxes(ax, "undetermined") == [(100, 200, 0, 1)]
    assert boxes(ax, "censored") == []
    (known,) = [c for c in ax.collections if c.get_gid() == "known"]
    lines = [line.round(6).tolist() for line in known.get_segments()]
    assert lines == [[[0, 1], [100, 1]], [[200, 0], [224, 0]]]
    assert len(legend(ax)) == 2


def test_the_beginning_may_be_before_the_start():
    ax = drawn(CURVE.assign(time=[-np.inf, YEAR, 2 * YEAR, 3 * YEAR]))
    assert ax.get_xlim()[0] == 0
    assert boxes(ax, "undetermined")[0] == (0, 1, 0.5, 1)


def test_numbers_say_what_is_known_at_each_time():
    times = TIMES.assign(left_days=[-np.inf, 0, YEAR, 3 * YEAR])
    found = plotting.numbers_at(times / YEAR, np.array([0.0, 0.5, 1.0, 2.0, 3.5]))
    assert found.to_numpy().tolist() == [[3, 0, 1, 0], [2, 0, 2, 0], [2, 2, 0, 0], [1, 3, 0, 0], [0, 3, 0, 1]]
    assert found.sum(axis=1).eq(4).all()


def test_the_table_below_has_a_column_a_tick_and_a_row_a_state_of_knowledge():
    ax = drawn(times=pd.concat([TIMES, pd.DataFrame({"left_days": [np.nan], "right_days": [np.nan]})]))
    ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= ax.get_xlim()[1]]
    named = [text.get_text() for text in ax.texts if text.get_gid() == "number of"]
    assert named == ["still to come", "has come", "between", "censored"]
    expected = plotting.numbers_at(TIMES / YEAR, np.array(ticks))
    assert numbers(ax) == expected.T.to_numpy().ravel().tolist()
    assert expected.iloc[0].tolist() == [4, 0, 0, 0]


@pytest.mark.parametrize("size", [(6, 4), (3.4, 3)])
def test_words_do_not_overlap(size):
    ax = drawn(times=TIMES, size=size)
    written = [*ax.texts, ax.xaxis.label, *ax.get_xticklabels()]
    boxes = [(t.get_text(), t.get_window_extent()) for t in written if t.get_text()]
    boxes.append(("legend", ax.get_legend().get_window_extent()))
    assert [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)] == []


def test_an_interval_is_dotted_around_both_bounds():
    ax = drawn(CURVE.assign(low=[0.2, 0.1, 0, 0], high=[1, 0.9, 0.7, 0.7]))
    dotted = [p for p in ax.patches if p.get_gid() == "interval"]
    assert [p.get_data().values.tolist() for p in dotted] == [[0.2, 0.1, 0, 0], [1, 0.9, 0.7, 0.7]]
    assert {p.get_linestyle() for p in dotted} == {":"}


def test_units_and_empty_curves():
    assert boxes(drawn(unit="months"), "undetermined")[0][:2] == (0, 12)
    with pytest.raises(ValueError, match=r"unknown unit 'weeks'; allowed: years, months, days"):
        drawn(unit="weeks")
    with pytest.raises(ValueError, match="no time"):
        drawn(CURVE.iloc[:0])
