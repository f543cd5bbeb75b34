"""What figures draw of coverage: maps, intersections of bodies, bounds on gaps, and plans that close them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from r2p_analysis import closure, coverage, paths, plotting
from r2p_analysis.figures import content
from r2p_analysis.figures.view import View, once
from r2p_analysis.intersecting import intersections
from r2p_analysis.plotting import style
from r2p_analysis.study import Study

_SEED, _SAMPLES = 20140908, 1000
_MOST_SETS, _MOST_ADDING = 10, 8
_HIGHEST = 420.0  # points of the highest pile of states


def _statuses(study: Study) -> list[str]:
    return [*study.axis("functions", "status"), "silent"]


def _labels(study: Study) -> dict[str, str]:
    return {status: study.label("status", status) for status in style.STATUS}


@once
def _functions(view: View) -> pd.DataFrame:
    return coverage.states_by_functions(view.study, view.at, reading=view.reading)


# ---- maps


@once
def _places(view: View) -> pd.DataFrame:
    order = content.states(view.study)["iso3"]
    return plotting.tile_places(view.study.regions.set_index("iso3").loc[order].reset_index())


def draw_tiles(view: View, ax: Axes) -> Axes:
    """Draw a map of tiles for each function."""
    study = view.study
    labels = _labels(study) | content.labels_of(study, "functions", "function")
    return plotting.plot_tile_map(_functions(view), ax, _places(view), labels=labels, legend=_statuses(study))


def tiles(view: View) -> pd.DataFrame:
    """Cells of the tile map, and where their tiles stand."""
    cells = _functions(view).stack().rename("status").reset_index()
    placed = cells.merge(_places(view).add_prefix("tile_").reset_index(), on="iso3", validate="many_to_one")
    return content.states(view.study).merge(placed, on="iso3", validate="one_to_many")


def size_of_tiles(view: View) -> tuple[float, float]:
    """Width and height of the tile maps, in tiles."""
    return plotting.tile_size(_places(view), len(_functions(view).columns))


@once
def _strongest(view: View) -> pd.DataFrame:
    """Strongest status of each state over all functions, and how many operate."""
    table = _functions(view)
    rank = {status: i for i, status in enumerate(_statuses(view.study))}
    best = [min(row, key=rank.get, default="silent") for row in table.to_numpy()]
    status = pd.Series(best, table.index, dtype="str")
    return pd.DataFrame({"status": status, "n_operating": (table == "operating").sum(axis=1)})


@once
def _outlines(view: View) -> pd.DataFrame:
    return plotting.read_outlines(paths.outlines_file(view.study.path))


def draw_states(view: View, ax: Axes) -> Axes:
    """Draw the true map."""
    table, names = _strongest(view), dict(content.states(view.study).set_index("iso3")["state"])
    names = {code: f"{names[code]} ({n})" if n else names[code] for code, n in table["n_operating"].items()}
    words = {"names": names, "labels": _labels(view.study), "legend": _statuses(view.study)}
    return plotting.plot_state_map(table["status"], ax, outlines=_outlines(view), **words)


def size_of_states(view: View) -> tuple[float, float]:
    """Width and height of the true map, in points."""
    return plotting.state_map_size(view.study.regions["iso3"], _outlines(view))


def mapped_states(view: View) -> pd.DataFrame:
    """States with their strongest status, and whether there is an outline to draw."""
    table = content.states(view.study).merge(_strongest(view).rename_axis("iso3").reset_index(), on="iso3")
    return table.assign(drawn=table["iso3"].isin(_outlines(view)["iso3"]))


# ---- intersections


@once
def _members(view: View) -> pd.DataFrame:
    """States × bodies that have some, the largest first."""
    table = coverage.membership_table(view.study, view.at, reading=view.reading)
    sizes = table.sum()
    return table[sizes[sizes > 0].sort_values(ascending=False, kind="stable").index]


@once
def _intersections(view: View) -> pd.DataFrame:
    members = _members(view)
    sets = list(members.columns[:_MOST_SETS])
    return intersections(members.astype(np.int8), _SAMPLES, np.random.default_rng(_SEED), sets=sets)


def draw_intersections(view: View, ax: Axes) -> Axes:
    """Draw the intersections of bodies."""
    return plotting.plot_intersections(_intersections(view), ax, labels=dict(content.network(view).nodes(data="label")))


def listed_intersections(view: View) -> pd.DataFrame:
    """Intersections with the list of their members."""
    table = _intersections(view)
    lists = {name: table[name].map(";".join).astype("str") for name in ("bodies", "members")}
    return table.assign(**lists).round({"expected": 3})


def size_of_intersections(view: View) -> tuple[float, float]:
    """Width and height of the figure of intersections, in points."""
    table = _intersections(view)
    most = max(table["observed"].max(), table["high"].max(), 1)
    piles = min(most * plotting.PILE_UNIT, _HIGHEST)
    return len(table) * plotting.PILE_COLUMN, piles + len(table.attrs["sets"]) * plotting.PILE_ROW + 46


def sets_left_out(view: View) -> str:
    """Say how many bodies with states have no row."""
    return _left_out(view, _MOST_SETS)


def _left_out(view: View, most: int) -> str:
    B, here = content.network(view), _members(view).columns[:most]
    n = sum(side == 1 and B.degree[body] > 0 and body not in here for body, side in B.nodes(data="bipartite"))
    others = "1 other body" if n == 1 else f"{n} other bodies"
    return f"States belong to {others} as well, of which the figure takes no account." * bool(n)


# ---- bounds


@once
def bounds(view: View) -> pd.DataFrame:
    """Bounds on gaps by function and by sub-region."""
    study, parts = view.study, []
    functions = content.labels_of(study, "functions", "function")
    subregions = content.labels_of(study, "regions", "subregion")
    for by, heading, labels in (("function", "By function", functions), ("subregion", "By sub-region", subregions)):
        table = coverage.gap_bounds(study, view.at, by=by, reading=view.reading)
        codes = table.index.astype("str")
        said = [labels.get(code, f"sub-region {code}") for code in codes]
        parts.append(table.reset_index(drop=True).assign(code=codes, label=said, group=heading))
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["n_cells"] > 0) | (table["group"] == "By function")]
    return table[["group", "code", "label", *table.columns.difference(["group", "code", "label"], sort=False)]]


def draw_bounds(view: View, ax: Axes) -> Axes:
    """Draw the bounds on gaps."""
    table = bounds(view).set_index("code")
    words = {"unknown": "not certain: a gap or not"} if view.reading == "certain" else {}
    return plotting.plot_gap_bounds(table, ax, labels=dict(table["label"]), words=words)


def rows_of_bounds(view: View) -> float:
    """Rows of the figure of bounds, with headings."""
    return len(bounds(view)) + 3.2


# ---- plans


@once
def _offer(view: View) -> pd.DataFrame:
    """Gaps × functions that the bodies with most states could add."""
    covered = _functions(view) == "operating"
    members = _members(view).iloc[:, :_MOST_ADDING]
    found = coverage.performers(view.study, view.at, bodies=list(members.columns), reading=view.reading)
    performs = pd.DataFrame({f: members.columns.isin(found[f]) for f in covered.columns}, members.columns)
    return closure.choices_to_close(covered, members, performs, additions=~performs)


@once
def _curve(view: View) -> pd.DataFrame:
    return closure.trade_off(_offer(view))


@once
def _standing(view: View) -> tuple[pd.Series, int | None]:
    """In how many of the cheapest plans that close all they can each choice stands, and how many plans there are."""
    left = set(_curve(view)["not_covered"].iloc[-1])
    wanted = [gap for gap in _offer(view).index.unique() if gap not in left]
    try:
        found = closure.plans(_offer(view), must_cover=wanted)
    except closure.TooManyPlans as error:
        return pd.Series(1, index=sorted(error.in_every), dtype=int), None
    counts = pd.Series([choice for plan in found for choice in sorted(plan)], dtype="str").value_counts()
    return counts.sort_index().astype(int), len(found)


def draw_plans(view: View, ax: Axes) -> Axes:
    """Draw what a budget of added functions buys."""
    standing, n = _standing(view)
    return plotting.plot_trade_off(_curve(view), ax, standing=standing, n_plans=n, labels=_commitments(view))


def _commitments(view: View) -> dict[str, str]:
    bodies = dict(content.network(view).nodes(data="label"))
    functions = content.labels_of(view.study, "functions", "function")
    parts = {choice: choice.split(" adds ") for choice in _offer(view).columns}
    return {choice: f"{bodies.get(b, b)} adds {functions[f].lower()}" for choice, (b, f) in parts.items()}


def plans(view: View) -> pd.DataFrame:
    """Plans of the curve, and a row for each commitment that another cheapest plan has."""
    table, (standing, n) = _curve(view), _standing(view)
    lists = [";".join(sorted(plan)) for plan in table["plan"]]
    rows = table.drop(columns=["plan", "not_covered"]).assign(plan=lists, n_left=table["not_covered"].map(len))
    in_every = ";".join(standing[standing == (n or 1)].index)
    last = rows.index == len(rows) - 1
    return rows.assign(
        n_cheapest_plans=pd.Series(n, rows.index, dtype="Int64").where(last),
        in_every_cheapest_plan=pd.Series(in_every, rows.index, dtype="str").where(last),
    )


def size_of_plans(view: View) -> tuple[float, float]:
    """Width and height of the figure of plans, in points."""
    n = len(plotting.choices_in_order(_curve(view), list(_standing(view)[0].index)))
    return len(_curve(view)) * plotting.PLAN_COLUMN, plotting.PLAN_CURVE + n * plotting.PLAN_ROW + 26


def plans_left_out(view: View) -> str:
    """Say how many bodies are not asked to add anything."""
    return _left_out(view, _MOST_ADDING)
