"""Rates show both of their uncertainties, and what is not observed as that and never as zero."""

import datetime as dt

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from r2p_analysis import plotting
from r2p_analysis.plotting import style

ROWS = [
    (2.0, 2, 2, 2, 2, 1.0),
    (0.0, 0, 0, 0, 0, 1.0),
    (4.5, 3, 6, 1, 9, 1.0),
    (1.5, 1, 2, 1, 3, 0.25),
    (None, None, None, None, None, 0.0),
]
COLUMNS = ["n_expected", "n_low", "n_high", "n_least", "n_most", "share_observed"]


def table(rows=ROWS, freq="Y", first="2011"):
    frame = pd.DataFrame(
        rows, columns=COLUMNS, index=pd.period_range(first, periods=len(rows), freq=freq, name="period")
    )
    return frame.astype(dict.fromkeys(COLUMNS[1:5], "Int64"))


def drawn(frame, size=(7.2, 4), **more):
    with style.drawing():
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        return plotting.plot_rates(frame, figure.add_axes((0.1, 0.1, 0.8, 0.8)), **more)


def boxes(ax, gid):
    extents = [path.get_extents() for c in ax.collections if c.get_gid() == gid for path in c.get_paths()]
    return [(box.x0, box.x1, box.y0, box.y1) for box in extents]


def num(*day):
    return float(date2num(dt.date(*day)))


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_bands_stand_where_their_numbers_and_their_observed_days_are():
    ax = drawn(table())
    assert boxes(ax, "interval")[2] == (num(2013, 1, 1), num(2014, 1, 1), 3, 6)
    assert boxes(ax, "bounds")[2] == (num(2013, 1, 1), num(2014, 1, 1), 1, 9)
    assert boxes(ax, "interval")[3][:2] == (num(2014, 1, 1), num(2014, 1, 1) + 365 / 4)
    assert len(boxes(ax, "interval")) == len(boxes(ax, "bounds")) == 4


def test_what_is_not_observed_is_crossed_and_has_no_number():
    ax = drawn(table())
    crossed = boxes(ax, "unobserved")
    assert [box[:2] for box in crossed] == [
        (num(2014, 1, 1) + 365 / 4, num(2015, 1, 1)),
        (num(2015, 1, 1), num(2016, 1, 1)),
    ]
    assert {box[2:] for box in crossed} == {ax.get_ylim()}
    (expected,) = [c for c in ax.collections if c.get_gid() == "expected"]
    lines = [tuple(line[:, 1]) for line in expected.get_segments()]
    assert lines == [(2, 2), (0, 0), (4.5, 4.5), (1.5, 1.5)]  # 0 where it was looked for, nothing where it was not
    (points,) = [c for c in ax.collections if c.get_gid() == "point"]
    assert [tuple(face[:3]) == (1, 1, 1) for face in points.get_facecolor()] == [False, False, False, True]
    assert {"not observed: unknown, not zero", "observed in part only: a number at the least"} <= set(legend(ax))


def test_a_number_that_is_given_for_an_unobserved_period_is_not_drawn_either():
    ax = drawn(table([(1.0, 1, 1, 1, 1, 1.0), (0.0, 0, 0, 0, 0, 0.0)]))
    (expected,) = [c for c in ax.collections if c.get_gid() == "expected"]
    assert len(expected.get_segments()) == len(boxes(ax, "interval")) == 1


def test_what_is_observed_throughout_has_no_such_ground_nor_key():
    ax = drawn(table(ROWS[:3]))
    assert boxes(ax, "unobserved") == []
    assert len(legend(ax)) == 3


@pytest.mark.parametrize(
    ("freq", "first", "says"),
    [
        ("M", "2012-01", "by month"),
        ("Q", "2012Q1", "by quarter"),
        ("W-SUN", "2012-01-02", "by week"),
        ("D", "2012-01-01", "by day"),
    ],
)
def test_any_period_has_its_name_and_its_days(freq, first, says):
    ax = drawn(table(freq=freq, first=first), label="events")
    assert ax.get_ylabel() == f"events, {says}"
    days = {"M": 31, "Q": 91, "W-SUN": 7, "D": 1}[freq]
    box = boxes(ax, "interval")[0]
    assert box[1] - box[0] == days


def test_changes_and_bursts_are_marked():
    years = pd.PeriodIndex(["2012", "2013"], freq="Y", name="period")
    changes = pd.DataFrame({"share_draws": [1.0, 0.2], "p": [1e-9, 0.04]}, index=years)
    days = {"first": "2012-03-01", "last": "2013-06-30", "core_first": "2012-05-01", "core_last": "2012-05-31"}
    bursts = pd.DataFrame([{**{name: pd.Timestamp(day) for name, day in days.items()}, "share_draws": 1.0, "p": 0.01}])
    ax = drawn(table(), changes=changes, bursts=bursts)
    lines = [(line.get_xdata()[0], line.get_linestyle()) for line in ax.lines if line.get_gid() == "change"]
    assert lines == [(num(2012, 1, 1), "--"), (num(2013, 1, 1), ":")]
    assert [t.get_text() for t in ax.texts if t.get_gid() == "p"] == ["p\u00a0<\u00a00.001", "p\u00a0=\u00a00.04"]
    bars = [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches if p.get_gid() == "burst"]
    assert bars == [(num(2012, 3, 1), num(2013, 7, 1)), (num(2012, 5, 1), num(2012, 6, 1))]
    assert len(legend(ax)) == 7
    empty = drawn(table(), changes=changes.iloc[:0], bursts=bursts.iloc[:0])
    assert len(legend(empty)) == 5


def test_what_is_left_out_is_said():
    frame = table()
    frame.attrs = {"n_left_out": 5, "n_beyond": 1.5, "level": 0.9}
    ax = drawn(frame)
    assert ax.get_xlabel() == (
        "5 events are left out: no date, or none to begin from; 1.5 are expected after what is observed"
    )
    assert "interval over these days (90\u00a0%), not of sampling" in legend(ax)


def test_a_table_without_periods_is_refused():
    with pytest.raises(ValueError, match="no period"):
        drawn(table().iloc[:0])
