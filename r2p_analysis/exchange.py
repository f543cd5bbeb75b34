"""The study in forms that other programs read: GraphML and HIF; and back, without loss.

GraphML holds actors and events as nodes and every row of memberships, ties, participations and event
links as an edge of its own (a multigraph: two spells are two edges). HIF, the hypergraph interchange
format that xgi and HyperNetX read, holds bodies as hyperedges over their members; every spell stands in
the attributes of its incidence. All cells travel as they are: status, basis and the qualifiers of dates.

Sources: Brandes and others (2002), GraphML progress report, doi:10.1007/3-540-45848-4_59; Coll and others
(2025), HIF: the hypergraph interchange format for higher-order networks, Network Science 13, arXiv:2507.11520.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import networkx as nx
import pandas as pd

from r2p_analysis.schema import DataError, key_of, resources
from r2p_analysis.study import Study

_NODES = {"actors": "actor_id", "events": "event_id"}
_EDGES = {
    "memberships": ("actor_id", "body_id"),
    "ties": ("actor_id", "target_id"),
    "participations": ("actor_id", "event_id"),
    "event_links": ("event_id", "other_id"),
}


def as_graph(study: Study) -> nx.MultiDiGraph:
    """Whole study as one graph: actors and events, and every row that relates two of them.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes and edges carry ``table`` and every filled cell of their row, numbers as they are; an edge's
        key is the row's id. Sorted. An empty cell is no attribute.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> G = as_graph(load_study())
    >>> G.nodes["lan"]["kind"], G.number_of_edges("arg", "lan") > 0
    ('network', True)
    """
    G = nx.MultiDiGraph()
    for table, key in _NODES.items():
        G.add_nodes_from((cells[key], {"table": table, **cells}) for cells in _filled(study.tables[table]))
    for table, (source, target) in _EDGES.items():
        key = key_of(study.descriptor, table)[0]
        for cells in _filled(study.tables[table]):
            G.add_edge(cells[source], cells[target], key=cells[key], table=table, **cells)
    return G


def tables_of_graph(study: Study, G: nx.MultiDiGraph) -> dict[str, pd.DataFrame]:
    """Tables of a graph that `as_graph` made, in the columns and types of a study.

    Parameters
    ----------
    study : Study
        A study whose descriptor names the columns.
    G : networkx.MultiDiGraph
        The graph.

    Returns
    -------
    dict of str to pandas.DataFrame
        actors, events, memberships, ties, participations and event_links, sorted by key.

    Raises
    ------
    DataError
        If a node or edge does not say which table it is of.
    """
    found: dict[str, list[dict]] = {table: [] for table in (*_NODES, *_EDGES)}
    for cells in [*(d for _, d in G.nodes(data=True)), *(d for *_, d in G.edges(data=True))]:
        if cells.get("table") not in found:
            raise DataError(f"{cells} does not say its table: one of {', '.join(found)}")
        found[cells["table"]].append({name: value for name, value in cells.items() if name != "table"})
    return {table: _frame(study, table, rows) for table, rows in found.items()}


def save_graphml(study: Study, path: str | os.PathLike) -> Path:
    """Write a study's graph as GraphML.

    Parameters
    ----------
    study : Study
        The study.
    path : str or path-like
        The file.

    Returns
    -------
    pathlib.Path
        The file.
    """
    path = Path(path)
    nx.write_graphml(as_graph(study), path, named_key_ids=True)
    return path


def load_graphml(study: Study, path: str | os.PathLike) -> dict[str, pd.DataFrame]:
    """Tables of a GraphML file that `save_graphml` wrote.

    Parameters
    ----------
    study : Study
        A study whose descriptor names the columns.
    path : str or path-like
        The file.

    Returns
    -------
    dict of str to pandas.DataFrame
        See `tables_of_graph`.
    """
    return tables_of_graph(study, nx.read_graphml(path, force_multigraph=True))


def as_hif(study: Study) -> dict[str, object]:
    """Memberships as a hypergraph in HIF: a body is a hyperedge over its members.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    dict
        ``network-type`` (undirected), ``nodes``, ``edges`` and ``incidences``; ``attrs`` hold the cells of
        actors, and in an incidence the list ``spells`` with every row of memberships between the two.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> hif = as_hif(load_study())
    >>> sum(len(i["attrs"]["spells"]) for i in hif["incidences"]) == len(load_study().memberships)
    True
    """
    cells = {row["actor_id"]: row for row in _filled(study.actors)}
    bodies = sorted(set(study.memberships["body_id"]))
    spells: dict[tuple[str, str], list[dict]] = {}
    for row in _filled(study.memberships):
        spells.setdefault((row["body_id"], row["actor_id"]), []).append(row)
    return {
        "network-type": "undirected",
        "metadata": {"name": study.descriptor.get("name", ""), "layers": list(study.layers)},
        "nodes": [{"node": actor, "attrs": row} for actor, row in sorted(cells.items())],
        "edges": [{"edge": body, "attrs": cells.get(body, {})} for body in bodies],
        "incidences": [
            {"edge": body, "node": actor, "attrs": {"spells": rows}} for (body, actor), rows in sorted(spells.items())
        ],
    }


def tables_of_hif(study: Study, hif: Mapping) -> dict[str, pd.DataFrame]:
    """Tables of a hypergraph that `as_hif` made.

    Parameters
    ----------
    study : Study
        A study whose descriptor names the columns.
    hif : mapping
        The hypergraph.

    Returns
    -------
    dict of str to pandas.DataFrame
        actors and memberships, sorted by key.
    """
    actors = [node["attrs"] for node in hif["nodes"]]
    spells = [row for incidence in hif["incidences"] for row in incidence["attrs"]["spells"]]
    return {"actors": _frame(study, "actors", actors), "memberships": _frame(study, "memberships", spells)}


def save_hif(study: Study, path: str | os.PathLike) -> Path:
    """Write memberships as HIF.

    Parameters
    ----------
    study : Study
        The study.
    path : str or path-like
        The file.

    Returns
    -------
    pathlib.Path
        The file.
    """
    path = Path(path)
    text = json.dumps(as_hif(study), indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def load_hif(study: Study, path: str | os.PathLike) -> dict[str, pd.DataFrame]:
    """Tables of a HIF file that `save_hif` wrote.

    Parameters
    ----------
    study : Study
        A study whose descriptor names the columns.
    path : str or path-like
        The file.

    Returns
    -------
    dict of str to pandas.DataFrame
        See `tables_of_hif`.
    """
    return tables_of_hif(study, json.loads(Path(path).read_text(encoding="utf-8")))


def _filled(frame: pd.DataFrame) -> list[dict]:
    """Rows as the cells that are filled; whole numbers as Python's."""
    rows = frame.astype("object").where(frame.notna(), None).to_dict("records")
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _frame(study: Study, table: str, rows: list[dict]) -> pd.DataFrame:
    fields = resources(study.descriptor)[table]["schema"]["fields"]
    types = {field["name"]: "Int64" if field["type"] == "integer" else "str" for field in fields}
    frame = pd.DataFrame(rows, columns=list(types)).astype(types)
    return frame.sort_values(key_of(study.descriptor, table), ignore_index=True)
