"""A matrix of orders tells what is certain from what is probable, without colour, and what has no date from both."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from r2p_analysis import plotting
from r2p_analysis.chronology import order_probabilities
from r2p_analysis.plotting import style


def drawn(p, events, points=None):
    points = points or max(len(events), 3) * plotting.PRECEDENCE_ROW
    with style.drawing():
        figure = Figure(figsize=(points / 72 / 0.8,) * 2)
        FigureCanvasAgg(figure)
        return plotting.plot_precedence(p, events, figure.add_axes((0.1, 0.1, 0.8, 0.8)))


def table(*stated):
    return pd.DataFrame({"title": [f"Event {i} of {s}" for i, s in enumerate(stated)], "date_edtf": stated})


def drawing_of(*stated):
    events = table(*stated)
    return drawn(order_probabilities(events), events)


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def collection(ax, gid):
    return next(c for c in ax.collections if c.get_gid() == gid)


def cells(ax, gid):
    """Cells of a kind, as row and column."""
    c = collection(ax, gid)
    places = [path.get_extents().intervalx.mean() for path in c.get_paths()] if gid == "certain" else None
    if gid == "certain":
        rows = [path.get_extents().intervaly.mean() for path in c.get_paths()]
        return sorted(zip(np.round(rows).astype(int).tolist(), np.round(places).astype(int).tolist(), strict=True))
    return sorted((int(y), int(x)) for x, y in c.get_offsets())


def test_events_stand_in_the_order_of_their_expected_places():
    events = table("2014", "2012-12-31", None, "2012", "2012-01-01")
    order = plotting.precedence_order(order_probabilities(events))
    assert order.tolist() == [4, 3, 1, 0, 2]
    # Expected place by hand: of the year 2012 (366 days) the first day is before or on all others.
    p = order_probabilities(table("2012", "2012-01-01", "2012-12-31"))
    assert plotting.precedence_order(p).tolist() == [1, 0, 2]


def test_equal_events_keep_their_order_and_an_empty_table_has_none():
    assert plotting.precedence_order(order_probabilities(table("2012", "2012", "2012"))).tolist() == [0, 1, 2]
    assert plotting.precedence_order(np.empty((0, 0))).tolist() == []
    assert plotting.precedence_choice(np.empty((0, 0)), 3).tolist() == []


def test_the_choice_is_of_those_whose_order_is_least_certain_and_dated():
    events = table("1999", None, "2012", "2012-05", "2012-06-01", "2013")
    p = order_probabilities(events)
    # In doubt: 2012 with May and with 1 June; all other pairs are certain.
    assert plotting.precedence_choice(p, 1).tolist() == [2]
    assert plotting.precedence_choice(p, 3).tolist() == [2, 3, 4]
    assert plotting.precedence_choice(p, 5).tolist() == [0, 2, 3, 4, 5]
    assert plotting.precedence_choice(p, 9).tolist() == [0, 1, 2, 3, 4, 5]


def test_each_cell_has_the_mark_of_what_is_known_of_it():
    ax = drawing_of("2012-01-01", "2012", "2013-05-05", "2013-05-05", None)
    assert cells(ax, "certain") == [(0, 2), (0, 3), (1, 2), (1, 3)]
    assert cells(ax, "probable") == [(0, 1)]  # 365/366; a common day has the rest
    assert cells(ax, "same day") == [(2, 3), (3, 2)]
    assert cells(ax, "no date") == sorted([(4, i) for i in range(4)] + [(i, 4) for i in range(4)])


def test_the_area_of_a_disc_is_the_probability():
    events = table("2012", "2012-03-01", "2012-10-01")
    p = order_probabilities(events)
    ax = drawn(p, events)
    order = plotting.precedence_order(p)
    p = p[np.ix_(order, order)]
    discs = collection(ax, "probable")
    wide = discs.get_widths()
    found = {(int(y), int(x)): w for (x, y), w in zip(discs.get_offsets(), wide, strict=True)}
    for one, other in itertools.combinations(found, 2):
        assert (found[one] / found[other]) ** 2 == pytest.approx(p[one] / p[other])
    assert max(wide) < 1  # of a cell
    assert "the row certainly came before the column" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_rows_are_numbered_and_named_with_their_date_as_stated():
    ax = drawing_of("2013-04", "2012", None)
    assert texts(ax, "row") == ["1  Event 1 of 2012", "2  Event 0 of 2013-04", "3  Event 2 of None"]
    assert texts(ax, "date") == ["2012", "2013-04", "no date"]
    assert texts(ax, "column") == ["1", "2", "3"]
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert "no date, or open to a side" in legend and "certainly on one day" not in legend


@pytest.mark.parametrize("n", [1, 3, 36, 120])
def test_words_do_not_overlap(n):
    stated = [f"{2000 + i % 17}-{1 + i % 12:02}" for i in range(n)]
    events = table(*stated).assign(title="Regional Forum on the Responsibility to Protect and on Prevention")
    ax = drawn(order_probabilities(events), events)
    boxes = [(t.get_text(), t.get_window_extent()) for t in ax.texts]
    assert len(texts(ax, "row")) == n
    assert [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)] == []
    if n == 36:
        assert ax.figure.get_tightbbox().width < 7.6


def test_names_without_room_are_left_out_and_counted():
    events = table(*["2012"] * 90)
    ax = drawn(order_probabilities(events), events, points=300)
    assert texts(ax, "row") == []
    assert "90 of 90 events" in texts(ax, style.CROWDED)[0].replace("\n", " ")


def test_a_matrix_without_events_is_drawn_and_a_wrong_shape_refused():
    assert texts(drawing_of(), "row") == []
    with pytest.raises(ValueError, match="one row and column for each"):
        drawn(np.zeros((2, 2)), table("2012"))
