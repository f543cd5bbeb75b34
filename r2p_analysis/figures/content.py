"""What each figure draws of a view, and the rows that it draws."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import pandas as pd
from matplotlib.axes import Axes

from r2p_analysis import plotting
from r2p_analysis.coverage import (
    coverage_cells,
    coverage_table,
    states_by_bodies,
    states_by_functions,
    unreached_claims,
)
from r2p_analysis.evidence import mentions_by_state
from r2p_analysis.figures.view import View, once
from r2p_analysis.networks import two_mode_network
from r2p_analysis.plotting import style
from r2p_analysis.study import Study

_MATRICES = {"functions": states_by_functions, "bodies": states_by_bodies}
_MOST_BODIES = 40
_ELSEWHERE = "sub-region not stated"


def states(study: Study) -> pd.DataFrame:
    """States by sub-region, in the order of the axis, those without one last; with what is written for both."""
    order, regions = study.axis("regions", "subregion"), study.regions
    rank = regions["subregion"].map({code: i for i, code in enumerate(order)}).fillna(len(order))
    rows = regions.assign(rank=rank).sort_values(["rank", "iso3"], ignore_index=True)
    labels = labels_of(study, "regions", "subregion")
    return pd.DataFrame({"iso3": rows["iso3"], "state": rows["name_en"], "subregion": rows["subregion"].map(labels)})


def labels_of(study: Study, table: str, column: str) -> dict[str, str]:
    """Label of each code of a column, in the order of its axis."""
    return {code: study.label(f"{table}.{column}", code) for code in study.axis(table, column)}


def _headings(study: Study) -> dict[str, str]:
    """Heading of each state; none where no state has a sub-region."""
    subregions = states(study).set_index("iso3")["subregion"]
    return {} if subregions.isna().all() else dict(subregions.fillna(_ELSEWHERE))


def subregions(study: Study) -> dict[str, str]:
    """Name of each sub-region; without one, what is said of a state that has none, if others have."""
    labels = labels_of(study, "regions", "subregion")
    return labels if study.regions["subregion"].isna().all() else {**labels, "": _ELSEWHERE}


@once
def network(view: View) -> nx.Graph:
    """Two-mode network of the states on the day."""
    return two_mode_network(view.study, view.at, reading=view.reading)


def draw_network(view: View, ax: Axes) -> Axes:
    """Draw the two-mode network."""
    return plotting.plot_two_mode(network(view), ax, labels=subregions(view.study))


def ties(view: View) -> pd.DataFrame:
    """Ties of the two-mode network, and a row for each node without one."""
    B = network(view)
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


def draw_co_membership(view: View, ax: Axes) -> Axes:
    """Draw the projection onto states."""
    return plotting.plot_co_membership(network(view), ax, labels=subregions(view.study))


@once
def _cells(view: View, of: str) -> pd.DataFrame:
    return coverage_cells(view.study, of, view.at, reading=view.reading)


def _draw_matrix(view: View, ax: Axes, of: str, labels: Mapping[str, str], **words: object) -> Axes:
    """Draw cells, and beside each status what is certain on the day and what is only inferred."""
    study, cells = view.study, _cells(view, of)
    table = _MATRICES[of](study, view.at, reading=view.reading)
    table = table[_most(table)] if of == "bodies" else table
    place = {"index": table.index.name, "columns": table.columns.name}
    holds, basis = (cells.pivot(**place, values=name).reindex_like(table) for name in ("holds", "basis"))
    words |= {} if view.at is None else {"certain": holds == "yes"}
    words |= {"inferred": basis == "inferred"} if "coded" in study.layers else {}
    names = dict(states(study).set_index("iso3")["state"])
    statuses = {status: study.label("status", status) for status in style.STATUS}
    words |= {"silent": "nothing certain", "idle": "none certain to operate"} if view.reading == "certain" else {}
    hatched = "inferred rows only" if study.layers == ("coded",) else "no explicit row"
    labels = {**names, **labels, **statuses}
    return plotting.plot_matrix(table, ax, groups=_headings(study), labels=labels, hatched=hatched, **words)


def draw_functions(view: View, ax: Axes) -> Axes:
    """Draw states by functions."""
    study = view.study
    statuses = [*study.axis("functions", "status"), "silent"]
    columns = labels_of(study, "functions", "function")
    return _draw_matrix(view, ax, "functions", columns, statuses=statuses, silent="no claim reaches it")


def functions(view: View) -> pd.DataFrame:
    """Cells of states by functions, with the bodies that the claims come through."""
    claims = coverage_table(view.study, view.at, reading=view.reading).groupby(["iso3", "function", "status"])["via"]
    via = claims.agg(lambda bodies: ";".join(sorted(set(bodies)))).reset_index()
    cells = _cells(view, "functions").merge(via, how="left")
    return states(view.study).merge(cells, on="iso3", validate="one_to_many")


def unreached(view: View) -> str:
    """Say how many claims are in no cell."""
    n = int(unreached_claims(view.study, view.at, reading=view.reading)["n_claims"].sum())
    if view.reading == "certain":
        return f"Certain claims that reach no state for certain, and are not drawn: {n}." * bool(n)
    who = view.words["not_listed"]
    if n == 1:
        return f"1 claim on a body whose members {who} reaches no state and is not drawn."
    return f"{n} claims on bodies whose members {who} reach no state and are not drawn." * bool(n)


def draw_bodies(view: View, ax: Axes) -> Axes:
    """Draw states by bodies."""
    silent = "in none of these" if bodies_left_out(view) else "no body named"
    return _draw_matrix(view, ax, "bodies", dict(network(view).nodes(data="label")), silent=silent)


def bodies(view: View) -> pd.DataFrame:
    """Cells of states by those bodies that are drawn."""
    cells = _cells(view, "bodies")
    shown = _most(_body_table(view))
    cells = cells[cells["body"].isin(shown)].rename(columns={"body": "body_id"})
    return states(view.study).merge(cells, on="iso3", validate="one_to_many")


def bodies_left_out(view: View) -> str:
    """Say how many bodies that a state belongs to have no column."""
    table = _body_table(view)
    B, shown = network(view), _most(table)
    n = sum(side == 1 and B.degree[body] > 0 and body not in shown for body, side in B.nodes(data="bipartite"))
    if not n:
        return ""
    which = "those that most states are said of" if len(shown) < len(table.columns) else "those of the fixed axis"
    others = "1 other body" if n == 1 else f"{n} other bodies"
    return f"The columns are {which}. States belong to {others} as well, which the two-mode network has."


def _body_table(view: View) -> pd.DataFrame:
    return states_by_bodies(view.study, view.at, reading=view.reading)


def _most(table: pd.DataFrame) -> list[str]:
    """Bodies that have a column, in the order of the table: those with most operating cells, then with most said."""
    n = pd.DataFrame({"operating": (table == "operating").sum(), "said": (table != "silent").sum()})
    first = n.sort_values(["operating", "said"], ascending=False, kind="stable").index[:_MOST_BODIES]
    return [body for body in table.columns if body in set(first)]


def draw_mentions(view: View, ax: Axes) -> Axes:
    """Draw how many passages name each state."""
    names = dict(states(view.study).set_index("iso3")["state"])
    return plotting.plot_mentions(mentions_by_state(view.study), ax, groups=_headings(view.study), labels=names)


def mentions(view: View) -> pd.DataFrame:
    """States and the passages that name them."""
    return states(view.study).merge(mentions_by_state(view.study), on="iso3", validate="one_to_one")


def rows_of_states(view: View) -> float:
    """Height of a column of all states with their headings, in rows."""
    return len(view.study.regions) + 1.3 * len(set(_headings(view.study).values())) + 3


def columns_of_bodies(view: View) -> int:
    """Number of bodies that have a column."""
    return min(_MOST_BODIES, _body_table(view).shape[1])
