"""What figures draw of networks that are tested, taken apart, followed through time and checked."""

from __future__ import annotations

from math import tau

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from r2p_analysis import dates, networks, plotting
from r2p_analysis.figures.content import labels_of, network, states, subregions
from r2p_analysis.figures.view import View, first_year, last_day, once
from r2p_analysis.findings import day_of

_SEED, _RUNS = 20140908, 200
_MOST_ROWS = 40
_MIDDLES = ("04-01", "10-01")  # of half-years
_LONGEST = 25  # years by half-year; longer series are by year
_MANY = 1000  # spells, past which a day more costs seconds: every second day is left out, and so on


def groups(view: View) -> dict[str, str]:
    """Name of the sub-region of each state that has one, in the order of the axis."""
    table = states(view.study).dropna(subset="subregion")
    return dict(zip(table["iso3"].str.lower(), table["subregion"], strict=True))


@once
def overlap(view: View) -> pd.DataFrame:
    """Every pair of bodies, tested, also within scopes."""
    return networks.body_overlap(network(view), within_scope=True)


def draw_overlap(view: View, ax: Axes) -> Axes:
    """Draw the tests of pairs of bodies."""
    return plotting.plot_pairs(overlap(view), ax)


def rows_of_overlap(view: View) -> float:
    """Rows of the tests, with headings."""
    return min(len(plotting.pairs_to_draw(overlap(view))), _MOST_ROWS) + 3.5


@once
def backbone(view: View, mode: str) -> nx.Graph:
    """Signed backbone of states or bodies."""
    return networks.backbone(network(view), mode)


def draw_backbone(view: View, ax: Axes, mode: str) -> Axes:
    """Draw a signed backbone."""
    labels = subregions(view.study) if mode == "actor" else labels_of(view.study, "scopes", "scope")
    return plotting.plot_backbone(backbone(view, mode), ax, labels=labels)


def backbone_ties(view: View, mode: str) -> pd.DataFrame:
    """Ties of a backbone, and a row for each node without one."""
    G = backbone(view, mode)
    label = dict(G.nodes(data="label"))
    what = ["sign", "shared", "expected", "z", "p", "p_adjusted", "definitional"]
    rows = [[u, label[u], v, label[v], *map(tie.get, what)] for u, v, tie in sorted(G.edges(data=True))]
    rows += [[n, label[n], *[None] * (2 + len(what))] for n in sorted(nx.isolates(G))]
    return pd.DataFrame(rows, columns=["u", "label_u", "v", "label_v", *what])


def size_of_backbone(view: View, mode: str) -> float:
    """Radii of the circle, in rows of a name, that the Axes of a backbone are wide."""
    return (len(networks.sides(network(view), mode)[0]) + 12) / tau * 3.2


@once
def kinds(view: View) -> pd.DataFrame:
    """Mean of what pairs share, by kind of body and by sub-regions."""
    return plotting.decomposition_by_groups(networks.decomposition(network(view)), groups(view))


def draw_kinds(view: View, ax: Axes) -> Axes:
    """Draw co-membership by kind of body."""
    return plotting.plot_decomposition(kinds(view), ax, labels=labels_of(view.study, "scopes", "scope"))


def rows_of_kinds(view: View) -> float:
    """Rows of the figure of kinds, with headings."""
    return len(kinds(view).drop_duplicates(["part", "groups"])) + 4


def days(view: View) -> list[str]:
    """Days of the series: the middles of half-years, or fewer where years or spells are many, until the year after."""
    until = last_day(view.study) or dates.bounds(day_of(view.study) or "2000")[1]
    first = first_year(view)
    middles = _MIDDLES if until.year - first <= _LONGEST else ("07-01",)
    every = [f"{year:04}-{day}" for year in range(first, max(until.year, first) + 2) for day in middles]
    return every[:: 1 + len(view.study.memberships) // _MANY]


@once
def memberships(view: View) -> pd.DataFrame:
    """Number of memberships of states through time."""
    effort = {"limit": 16, "draws": 20} if len(view.study.memberships) > _MANY else {}
    rng = np.random.default_rng(_SEED)
    return networks.series(view.study, nx.Graph.size, days(view), reading=view.reading, rng=rng, **effort)


def draw_memberships(view: View, ax: Axes) -> Axes:
    """Draw the number of memberships through time."""
    only = {"after": "after the last day that the documents tell of: only references reach here"}
    words = only if "reference" in view.study.layers else {}
    label = "memberships of states"
    return plotting.plot_series(memberships(view), ax, label=label, until=last_day(view.study), **words)


def _degree(B: nx.Graph) -> pd.Series:
    return pd.Series({state: B.degree[state] for state in networks.sides(B, "actor")[0]})


@once
def _rankings(view: View) -> pd.DataFrame:
    return networks.rankings(network(view), _degree, runs=_RUNS, rng=np.random.default_rng(_SEED), study=view.study)


def ranks(view: View) -> pd.DataFrame:
    """Ranks of the states by number of bodies when ties are left out."""
    return networks.rank_intervals(_rankings(view))


def draw_ranks(view: View, ax: Axes) -> Axes:
    """Draw the ranks of the states when ties are left out."""
    names = dict(network(view).nodes(data="label"))
    summary = networks.rank_checks(_rankings(view))
    return plotting.plot_rank_intervals(ranks(view), ax, summary=summary, labels=names)


def rows_of_ranks(view: View) -> float:
    """Rows of the figure of ranks."""
    return min(len(view.study.regions), _MOST_ROWS) + 1
