"""What each figure is: the rows that it draws, how they are drawn, and what its card says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import networkx as nx
import pandas as pd
from matplotlib.axes import Axes

from r2p_analysis import dates, plotting
from r2p_analysis.chronology import counts_by_period, event_order
from r2p_analysis.coverage import (
    coverage_cells,
    coverage_table,
    states_by_bodies,
    states_by_functions,
    unreached_claims,
)
from r2p_analysis.evidence import mentions_by_state
from r2p_analysis.findings import AT
from r2p_analysis.networks import two_mode_network
from r2p_analysis.plotting import style
from r2p_analysis.study import Study

_SINCE = 2000
_MATRICES = {"functions": states_by_functions, "bodies": states_by_bodies}


@dataclass(frozen=True)
class Figure:
    """A figure of the registry.

    Attributes
    ----------
    name : str
        Its name, and that of its files.
    title : str
        Its title.
    draw : callable
        Draws it from a study on an Axes and returns the Axes.
    data : callable
        Gives the rows that it draws, as a table.
    caption, reading, limits : str
        What it shows, how to read it, what it does not show.
    when : str
        Which dates it is for; ``{until}`` is the last day that the documents speak of.
    size : tuple of float
        Width and height of the figure in inches, before what sticks out of the Axes is added.
    left_out : callable
        Says, of a study, what is counted and not drawn; an empty text if nothing.
    """

    name: str
    title: str
    draw: Callable[[Study, Axes], Axes]
    data: Callable[[Study], pd.DataFrame]
    caption: str
    reading: str
    limits: str
    when: str
    size: tuple[float, float]
    left_out: Callable[[Study], str] = lambda study: ""


def last_day(study: Study) -> date | None:
    """Last day that a document of the study speaks of; None if none says.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    datetime.date or None
        The day.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> last_day(load_study())
    datetime.date(2015, 5, 29)
    """
    ends = [dates.bounds(text)[1] for text in study.sources["content_until_edtf"].dropna()]
    return max((end for end in ends if end), default=None)


def _states(study: Study) -> pd.DataFrame:
    """States by sub-region, in the order of the axis, with what is written for both."""
    order, regions = study.axis("regions", "subregion"), study.regions
    rows = regions.assign(rank=regions["subregion"].map(order.index)).sort_values(["rank", "iso3"], ignore_index=True)
    labels = _labels(study, "regions", "subregion")
    return pd.DataFrame({"iso3": rows["iso3"], "state": rows["name_en"], "subregion": rows["subregion"].map(labels)})


def _labels(study: Study, table: str, column: str) -> dict[str, str]:
    return {code: study.label(f"{table}.{column}", code) for code in study.axis(table, column)}


def _network(study: Study) -> nx.Graph:
    return two_mode_network(study, AT)


def _draw_network(study: Study, ax: Axes) -> Axes:
    return plotting.plot_two_mode(_network(study), ax, labels=_labels(study, "regions", "subregion"))


def _ties(study: Study) -> pd.DataFrame:
    """Ties of the two-mode network, and a row for each node without one."""
    B = _network(study)
    node = {n: [n, d["label"]] for n, d in B.nodes(data=True)}
    how = ["role", "status", "basis", "holds"]
    rows = []
    for u, v in sorted((v, u) if B.nodes[u]["bipartite"] else (u, v) for u, v in B.edges):
        tie = B.edges[u, v]
        rows.append([*node[u], *node[v], *map(tie.get, how), ";".join(tie["membership_ids"])])
    for n in sorted(nx.isolates(B), key=lambda n: (B.nodes[n]["bipartite"], n)):
        here, nobody = node[n], [None, None]
        rows.append([*(nobody + here if B.nodes[n]["bipartite"] else here + nobody), *[None] * 5])
    return pd.DataFrame(rows, columns=["actor_id", "actor", "body_id", "body", *how, "membership_ids"])


def _draw_co_membership(study: Study, ax: Axes) -> Axes:
    return plotting.plot_co_membership(_network(study), ax, labels=_labels(study, "regions", "subregion"))


def _draw_timeline(study: Study, ax: Axes) -> Axes:
    kinds, until = _labels(study, "events", "kind"), last_day(study)
    until = None if until is None else pd.Timestamp(until)
    return plotting.plot_timeline(event_order(study), ax, labels=kinds, since=str(_SINCE), until=until)


def _timeline(study: Study) -> pd.DataFrame:
    events = event_order(study)
    columns = ["event_id", "title", "kind", "status", "date_edtf", "earliest", "latest", "precision", "n_days"]
    return events[columns].assign(drawn=plotting.marks_of(events, str(_SINCE)))


def _counts(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Expected counts by year and group, years before the axis in one row; and what of them is certain."""
    labels = [group.label for group in style.EVENT_GROUPS]
    events = event_order(study)
    groups = [style.group_of(kind).label for kind in events["kind"]]
    events = events.assign(group=pd.Categorical(groups, categories=labels))
    every = counts_by_period(events, by="group")
    early, before = every.index.year < _SINCE, f"before\n{_SINCE}"
    counts = pd.concat([every[early].sum().to_frame(before).T, every[~early].rename(index=str)])
    counts.attrs["n_left_out"] = every.attrs["n_left_out"]
    first, last = events["earliest"].dt.year, events["first_latest"].dt.year
    year = first.where(first == last).astype("Int64").astype("str").mask(last < _SINCE, before)
    exact = pd.crosstab(year, events["group"]).reindex(index=counts.index, columns=counts.columns, fill_value=0)
    return counts, exact.astype("float64")


def _years(study: Study) -> pd.DataFrame:
    expected, exact = (table.rename(index=lambda period: period.replace("\n", " ")).stack() for table in _counts(study))
    return pd.DataFrame({"expected": expected, "exact": exact}).rename_axis(["period", "group"]).round(6).reset_index()


def _draw_matrix(study: Study, ax: Axes, of: str, columns: Mapping[str, str], **words: object) -> Axes:
    """Draw cells, and beside each status what is certain on the day and what is only inferred."""
    table, cells = _MATRICES[of](study, AT), coverage_cells(study, of, AT)
    place = {"index": table.index.name, "columns": table.columns.name}
    holds, basis = (cells.pivot(**place, values=name).reindex_like(table) for name in ("holds", "basis"))
    words |= {"certain": holds == "yes", "inferred": basis == "inferred"}
    states = _states(study).set_index("iso3")
    statuses = {status: study.label("status", status) for status in style.STATUS}
    labels = {**states["state"], **columns, **statuses}
    return plotting.plot_matrix(table, ax, groups=dict(states["subregion"]), labels=labels, **words)


def _draw_functions(study: Study, ax: Axes) -> Axes:
    statuses = [*study.axis("functions", "status"), "silent"]
    columns = _labels(study, "functions", "function")
    return _draw_matrix(study, ax, "functions", columns, statuses=statuses, silent="no claim reaches it")


def _functions(study: Study) -> pd.DataFrame:
    claims = coverage_table(study, AT).groupby(["iso3", "function", "status"])["via"]
    via = claims.agg(lambda bodies: ";".join(sorted(set(bodies)))).reset_index()
    cells = coverage_cells(study, "functions", AT).merge(via, how="left")
    return _states(study).merge(cells, on="iso3", validate="one_to_many")


def _unreached(study: Study) -> str:
    n = int(unreached_claims(study, AT)["n_claims"].sum())
    if n == 1:
        return "1 claim on a body whose members the documents do not list reaches no state and is not drawn."
    return f"{n} claims on bodies whose members the documents do not list reach no state and are not drawn." * bool(n)


def _draw_bodies(study: Study, ax: Axes) -> Axes:
    labels = dict(_network(study).nodes(data="label"))
    return _draw_matrix(study, ax, "bodies", labels, silent="no body named")


def _bodies(study: Study) -> pd.DataFrame:
    cells = coverage_cells(study, "bodies", AT).rename(columns={"body": "body_id"})
    return _states(study).merge(cells, on="iso3", validate="one_to_many")


def _draw_mentions(study: Study, ax: Axes) -> Axes:
    states = _states(study).set_index("iso3")
    groups, names = dict(states["subregion"]), dict(states["state"])
    return plotting.plot_mentions(mentions_by_state(study), ax, groups=groups, labels=names)


def _mentions(study: Study) -> pd.DataFrame:
    return _states(study).merge(mentions_by_state(study), on="iso3", validate="one_to_one")


_ON_THE_DAY = f"memberships that are possible on {AT}"
_OF_DOCUMENTS = "of documents that tell of nothing after {until}"
_ALL_DATES = f"dates as stated, {_OF_DOCUMENTS}"
_HOW_FIRM = (
    "A dark edge marks what is certain on the day; without one it is possible: the documents neither state nor "
    "exclude it for that day. Hatched cells rest on inferred rows only, which a written rule gives. "
)

_REGISTRY = (
    Figure(
        name="two-mode-network",
        title=f"States and the bodies they belong to, {AT}",
        draw=_draw_network,
        data=_ties,
        caption="Each operating membership of a state in a body, organs counted with the body that they are part of. "
        "Members that are no states are left out.",
        reading="Circles are states, squares are bodies, and ties take a colour from their body. A solid tie is "
        "certain on the day, a broken one possible: the sources neither state nor exclude it for that day. "
        "Black circles bridge two bodies or more. States and bodies without a tie stand below.",
        limits="A tie is what the documents say or imply by a rule, not an entry in a register of members: no tie "
        "means that they report no operating membership, be it silence or denial. Membership says nothing of "
        "activity, and nothing of protection.",
        when=_ON_THE_DAY,
        size=(8.4, 8.6),
    ),
    Figure(
        name="co-membership",
        title=f"States that share a body, {AT}",
        draw=_draw_co_membership,
        data=lambda study: plotting.co_membership(_network(study)),
        caption="The two-mode network projected onto its states: two are tied when they belong to one body at least "
        "in common.",
        reading="Faint ties are those that the largest body makes by itself; dark ones would stay without it, and are "
        "the wider the more bodies a pair shares. Hollow circles share no body with anybody.",
        limits="Contact, cooperation and influence are not shown: a tie is co-membership only. Density and clusters "
        "are made by the sizes of the bodies, so compare with a null model before reading anything into them.",
        when=_ON_THE_DAY,
        size=(7.6, 8.6),
    ),
    Figure(
        name="timeline",
        title="Dated events by kind",
        draw=_draw_timeline,
        data=_timeline,
        caption="Every event with a date, in a lane for its kind. Lanes are those of the codebook, with or without an "
        "event.",
        reading="A point is a day. A pale bar spans all days on which an event whose date is not known exactly may "
        "have been; a solid bar lasted. Hollow marks are announced and not reported. Bars shorter than a "
        "month are drawn a month wide. Rows within a lane only keep titles apart.",
        limits="What the documents do not tell is not here: an empty year says more about them than about the region. "
        "An early place in a lane is no claim that one event came before another.",
        when=_ALL_DATES,
        size=(10.5, 12.0),
    ),
    Figure(
        name="events-by-year",
        title="Expected number of events by year",
        draw=lambda study, ax: plotting.plot_counts(*_counts(study), ax),
        data=_years,
        caption="How many events of each group of kinds begin in a year. An event whose first day is not known "
        "exactly is split over its possible days, so that numbers need not be whole.",
        reading="Below the black line stand the events whose year is certain, above it what the others add on "
        "average. Announced events and events told as background are counted as well.",
        limits="Counts are of what the documents tell, not of what happened: they look at some years more closely than "
        "at others, and the last years are cut off where they end. Splitting takes all days as equally likely.",
        when=_ALL_DATES,
        size=(8.6, 5.2),
    ),
    Figure(
        name="states-by-functions",
        title=f"Functions that reach the states, {AT}",
        draw=_draw_functions,
        data=_functions,
        caption="For each state and each function of the axis the strongest claim: of a body that it belongs to, of a "
        "national body, or of the state itself.",
        reading="Operating, planned, potential and denied are what a document says or a rule implies; a dot: no claim "
        f"reaches the state. {_HOW_FIRM}"
        "A claim through a body is as weak as the weaker of membership and function. In grey rows nothing operates.",
        limits="Coverage is not protection: it says that a mechanism is said to be there, not that it works. Silent "
        "is not no: only denied is evidence of absence. Functions off the axis are left out.",
        when=f"memberships and functions that are possible on {AT}",
        size=(7.0, 8.8),
        left_out=_unreached,
    ),
    Figure(
        name="states-by-bodies",
        title=f"States by body, {AT}",
        draw=_draw_bodies,
        data=_bodies,
        caption="For each state and each body the strongest claim on a membership; organs are counted with their body.",
        reading="Tiles are what a document says or a rule implies; a dot is silence. "
        f"{_HOW_FIRM}Grey rows are states without an operating membership in a body of the figure.",
        limits="Coverage is not protection. Silent is not no: that a state belongs to a body which the documents do "
        "not list is not shown, and only denied is evidence of absence. Observers and participants do not "
        "belong.",
        when=_ON_THE_DAY,
        size=(7.0, 8.8),
    ),
    Figure(
        name="mentions-by-state",
        title="Passages that name each state",
        draw=_draw_mentions,
        data=_mentions,
        caption="How many passages of the documents stand behind explicit rows on a state, and, in the outline, on "
        "the state or one of its actors: an office, a person, an organisation.",
        reading="The number is for the state itself, in brackets with its actors. States at zero are not mentioned.",
        limits="Attention, not importance: any ranking of states that is drawn from these documents inherits it. "
        "Passages that name a state only by a group, and members that a rule implies, do not count.",
        when=f"all passages, {_OF_DOCUMENTS}",
        size=(7.0, 8.0),
    ),
)
FIGURES: Mapping[str, Figure] = MappingProxyType({figure.name: figure for figure in _REGISTRY})
"""Figures by name, in the order in which they are built."""
