"""What figures draw of events in time: where they lie, how many there were, and which came first."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from r2p_analysis import plotting
from r2p_analysis.chronology import counts_by_period, event_order, order_probabilities, survival, turnbull
from r2p_analysis.chronology.rates import rates
from r2p_analysis.figures.content import labels_of
from r2p_analysis.figures.view import View, first_year, once
from r2p_analysis.findings.chronology import changes_and_bursts, observed, waiting_times
from r2p_analysis.plotting import style

WIDTH = 7.2
"""Inches that the timeline is wide, of which its Axes have four fifths: a page of a journal with names of lanes."""

_MOST_EVENTS = 34
_STEPS = (*style.EVENT_GROUPS[3].kinds, *style.EVENT_GROUPS[4].kinds)


@once
def _events(view: View) -> pd.DataFrame:
    return event_order(view.study)


@once
def _by_actor(view: View) -> pd.DataFrame:
    return plotting.actor_lanes(view.study)


@once
def _conflicts(view: View) -> pd.DataFrame:
    return plotting.timeline_conflicts(view.study)


def _options(view: View, lane: str) -> dict[str, object]:
    until, since = plotting.source_ends(view.study), f"{first_year(view):04}"
    return {"since": since, "until": until, "lane": lane, "conflicts": _conflicts(view)}


def draw_timeline(view: View, ax: Axes) -> Axes:
    """Draw the events of a study in time, by kind."""
    kinds = labels_of(view.study, "events", "kind")
    return plotting.plot_timeline(_events(view), ax, labels=kinds, **_options(view, "kind"))


def draw_actors(view: View, ax: Axes) -> Axes:
    """Draw the events of those actors that had a part in most of them."""
    actors = view.study.actors.set_index("actor_id")
    names = actors["short_name"].fillna(actors["name"]).to_dict()
    return plotting.plot_timeline(_by_actor(view), ax, labels=names, **_options(view, "actor_id"))


def rows_of_timeline(view: View) -> int:
    """Rows of the timeline by kind."""
    return plotting.timeline_rows(_events(view), WIDTH * 72 * 0.8, **_options(view, "kind"))


def rows_of_actors(view: View) -> int:
    """Rows of the timeline by actor."""
    return plotting.timeline_rows(_by_actor(view), WIDTH * 72 * 0.8, **_options(view, "actor_id"))


def timeline(view: View) -> pd.DataFrame:
    """Every event, and how it is drawn."""
    return _rows(view, _events(view), ())


def actors(view: View) -> pd.DataFrame:
    """Every event of the actors with a lane, and how it is drawn."""
    return _rows(view, _by_actor(view), ("actor_id",))


def _rows(view: View, events: pd.DataFrame, first: tuple[str, ...]) -> pd.DataFrame:
    columns = ["event_id", "title", "kind", "status", "date_edtf", "earliest", "latest", "precision", "n_days"]
    table = events[[*first, *columns]].assign(drawn=plotting.marks_of(events, f"{first_year(view):04}"))
    found = _conflicts(view)
    both = pd.concat([found, found.rename(columns={"event_id": "other_id", "other_id": "event_id"})])
    for name, column in (("other_dates", "date_edtf"), ("in_conflict_with", "other_id")):
        rows = both.dropna(subset=["event_id", column]).groupby("event_id")[column]
        table[name] = table["event_id"].map(rows.agg(lambda cells: ";".join(sorted(set(cells))))).astype("str")
    return table


def not_of_actors(view: View) -> str:
    """Say how many events have no lane of an actor."""
    lanes = _by_actor(view)
    n = lanes.attrs["n_left_out"]
    said = f"The {len(lanes['actor_id'].cat.categories)} actors are those that had a part in most dated events; "
    return said + f"{n} events in which none of them had one are left out." * bool(len(lanes))


@once
def order(view: View) -> tuple[pd.DataFrame, np.ndarray]:
    """Events of the matrix, in its order, and the probability that the one of a row came first."""
    events = _events(view)
    dated = events[events["n_days"].notna()]
    steps = dated[dated["kind"].isin(_STEPS)]
    steps = steps if len(steps) > 1 else dated
    p = order_probabilities(steps)
    chosen = plotting.precedence_choice(p, _MOST_EVENTS)
    chosen = chosen[plotting.precedence_order(p[np.ix_(chosen, chosen)])]
    return steps.iloc[chosen], p[np.ix_(chosen, chosen)]


def draw_order(view: View, ax: Axes) -> Axes:
    """Draw which of the events came first."""
    events, p = order(view)
    return plotting.plot_precedence(p, events, ax)


def size_of_order(view: View) -> int:
    """Rows of the matrix, and columns."""
    return len(order(view)[0])


def pairs(view: View) -> pd.DataFrame:
    """Probability of every order of two events of the matrix."""
    events, p = order(view)
    one, other = (side.ravel() for side in np.indices(p.shape))
    off = one != other
    one, other = one[off], other[off]
    ids, stated = (events[name].astype("str").to_numpy() for name in ("event_id", "date_edtf"))
    before, after = p[one, other], p[other, one]
    table = {"event_id": ids[one], "date_edtf": stated[one], "other_id": ids[other], "other_edtf": stated[other]}
    return pd.DataFrame({**table, "p_before": before.round(6), "p_same": (1 - before - after).round(6)})


def not_in_order(view: View) -> str:
    """Say which events the matrix has, and how many it leaves out."""
    events, drawn = _events(view), len(order(view)[0])
    dated = events["n_days"].notna()
    steps = int((dated & events["kind"].isin(_STEPS)).sum())
    which = "launches, foundings, appointments, declarations, laws, judgments and votes" if steps > 1 else "all kinds"
    n = steps if steps > 1 else int(dated.sum())
    said = f"Of {n} events with a date ({which}) "
    said += "all have a row" if drawn == n else f"the {drawn} in most pairs whose order is not certain have a row"
    return f"{said}; {int((~dated).sum())} events of any kind have no first day with bounds, and none."


def counts(view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Expected counts by year and group, years before the axis in one row; and what of them is certain."""
    labels = [group.label for group in style.EVENT_GROUPS]
    events, since = _events(view), first_year(view)
    groups = [style.group_of(kind).label for kind in events["kind"]]
    events = events.assign(group=pd.Categorical(groups, categories=labels))
    every = counts_by_period(events, by="group")
    early, before = every.index.year < since, f"before\n{since}"
    first_row = [every[early].sum().to_frame(before).T] * bool(early.any() or every.empty)
    table = pd.concat([*first_row, every[~early].rename(index=str)])
    table.attrs["n_left_out"] = every.attrs["n_left_out"]
    first, last = events["earliest"].dt.year, events["first_latest"].dt.year
    year = first.where(first == last).astype("Int64").astype("str").mask(last < since, before)
    exact = pd.crosstab(year, events["group"]).reindex(index=table.index, columns=table.columns, fill_value=0)
    return table, exact.astype("float64")


def draw_counts(view: View, ax: Axes) -> Axes:
    """Draw the expected counts."""
    return plotting.plot_counts(*counts(view), ax)


def years(view: View) -> pd.DataFrame:
    """Expected and exact numbers by period and group."""
    expected, exact = (table.rename(index=lambda period: period.replace("\n", " ")).stack() for table in counts(view))
    return pd.DataFrame({"expected": expected, "exact": exact}).rename_axis(["period", "group"]).round(6).reset_index()


@once
def _rates(view: View) -> pd.DataFrame:
    table = rates(view.study.events, observed=observed(view.study))
    return table[table.index.year >= first_year(view)]


@once
def _tests(view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Changes of the yearly rate, and bursts, that pass their tests; among the events from the first year on."""
    rows = _events(view)
    return changes_and_bursts(view.study, rows[rows["earliest"].dt.year >= first_year(view)])


def draw_rates(view: View, ax: Axes) -> Axes:
    """Draw the events of each year with what their dates leave open, changes and bursts."""
    table = _rates(view)
    if not len(table):
        return _nothing(ax, "no event with a bounded date")
    changes, runs = _tests(view)
    return plotting.plot_rates(table, ax, changes=changes, bursts=runs)


def rates_by_year(view: View) -> pd.DataFrame:
    """Numbers of the figure, a row a year."""
    return _rates(view).rename(index=str).rename_axis("year").round(6).reset_index()


def not_in_rates(view: View) -> str:
    """Say among how many events changes and bursts are sought."""
    rows = _events(view)
    n = int((rows["earliest"].dt.year >= first_year(view)).sum())
    return f"Changes and bursts are sought among the {n} events that begin in {first_year(view)} or later."


@once
def _waiting(view: View) -> pd.DataFrame:
    """Times from the launch to a mechanism, of the members; empty where the study has none of both."""
    times = waiting_times(view.study)
    columns = ["actor_id", "left_days", "right_days", "censored", "says", "evidence"]
    return pd.DataFrame(columns=columns) if times is None else times


def draw_waiting(view: View, ax: Axes) -> Axes:
    """Draw the share of members that are still without a national mechanism."""
    times = _waiting(view).dropna(subset=["left_days"])
    if not len(times):
        return _nothing(ax, "no network with a launch and members in this study")
    curve = survival(turnbull(times["left_days"], times["right_days"]))
    return plotting.plot_survival(curve, ax, label="members without a national mechanism", times=times)


def waiting(view: View) -> pd.DataFrame:
    """Times of the figure, a row a member."""
    return _waiting(view)[["actor_id", "left_days", "right_days", "censored", "says", "evidence"]]


def not_in_waiting(view: View) -> str:
    """Say of how many members nothing is recorded, and who is not at risk."""
    times = _waiting(view)
    if not len(times):
        return ""
    out = int(times["left_days"].isna().sum())
    silent, planned = (int((times["says"] == word).sum()) for word in ("silent", "planned"))
    said = f"Of {len(times)} members, nothing is recorded for {silent}, and a mechanism is planned in {planned}"
    return said + f"; {out} are not at risk, since their times are unknown or earlier." * bool(out) + "." * (not out)


def _nothing(ax: Axes, why: str) -> Axes:
    ax.set_axis_off()
    ax.text(0.5, 0.5, why, ha="center", va="center", transform=ax.transAxes, fontsize=style.LABEL)
    return ax
