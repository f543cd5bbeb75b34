"""The study in forms that other programs read: GraphML and HIF; and back, without loss.

GraphML holds actors and events as nodes and every row of memberships, ties, participations and event links as
an edge of its own (a multigraph: two spells are two edges). HIF, the hypergraph interchange format that xgi and
HyperNetX read, holds memberships: a body is a hyperedge for each role and status that it has, for a denied
membership or an observer is no member; its spells stand in its attributes, since xgi keeps those of nodes and
hyperedges, not those of single incidences. What is neither node nor edge there (functions, counts, passages,
votes, ...) travels along as text: in an attribute of the graph in GraphML, in the metadata of HIF. So both files
hold every table, but another program sees as a network only what is named here. All cells travel as they are:
status, basis and the qualifiers of dates.

Sources: Brandes and others (2002), GraphML progress report, doi:10.1007/3-540-45848-4_59; Coll and others
(2025), HIF: the hypergraph interchange format for higher-order networks, Network Science 13, arXiv:2507.11520.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from xml.etree.ElementTree import ParseError

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
_HYPEREDGE = ("body_id", "role", "status")
_ELSEWHERE = "not in this study"  # the table of a node that an edge names and no row describes
_DAMAGED = (ParseError, UnicodeDecodeError, nx.NetworkXError, KeyError, TypeError, AttributeError, ValueError)


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
        key is the row's id. Sorted. An empty cell is no attribute. ``G.graph["tables"]`` holds the other tables
        as JSON. A node that an edge names, but no row describes, has the table ``not in this study``.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> G = as_graph(load_study())
    >>> G.nodes["lan"]["kind"], G.number_of_edges("arg", "lan") > 0
    ('network', True)
    """
    G = nx.MultiDiGraph(tables=json.dumps(_others(study, (*_NODES, *_EDGES))))
    for table, key in _NODES.items():
        G.add_nodes_from((cells[key], {"table": table, **cells}) for cells in _filled(study.tables[table]))
    for table, (source, target) in _EDGES.items():
        key = key_of(study.descriptor, table)[0]
        for cells in _filled(study.tables[table]):
            G.add_edge(cells[source], cells[target], key=cells[key], table=table, **cells)
    undescribed = [node for node, table in G.nodes(data="table") if table is None]
    G.add_nodes_from(undescribed, table=_ELSEWHERE)
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
        Every table, sorted by key; ``study.with_tables(**tables)`` is a study of them.

    Raises
    ------
    DataError
        If a node or edge does not say which table it is of, or a table or column is not the study's.
    """
    found: dict[str, list[dict]] = {table: [] for table in (*_NODES, *_EDGES)}
    for cells in [*(d for _, d in G.nodes(data=True)), *(d for *_, d in G.edges(data=True))]:
        table = cells.get("table")
        if table not in (*found, _ELSEWHERE):
            raise DataError(f"{cells} does not say its table: one of {', '.join(found)}")
        if table in found:
            found[table].append({name: value for name, value in cells.items() if name != "table"})
    return _frames(study, found | json.loads(G.graph["tables"]))


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

    Raises
    ------
    DataError
        If the file is damaged, or another program's.
    """
    return _undamaged(path, lambda: tables_of_graph(study, nx.read_graphml(path, force_multigraph=True)))


def as_hif(study: Study) -> dict[str, object]:
    """Memberships as a hypergraph in HIF, with the rest of the study in its metadata.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    dict
        ``network-type`` (undirected), ``nodes``, ``edges`` and ``incidences``. A hyperedge, ``lan:member:operating``,
        has all actors that were ever so related to the body; its ``attrs`` are body_id, role, status and
        ``spells``, every row of memberships in full. The ``attrs`` of a node are the cells of its actor.
        ``metadata`` has name, layers and ``tables``, all other tables.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> hif = as_hif(load_study())
    >>> edges = {edge["edge"]: edge["attrs"]["spells"] for edge in hif["edges"]}
    >>> len(edges["lan:member:operating"]), len(edges["lan:member:denied"])
    (18, 1)
    """
    spells: dict[str, list[dict]] = {}
    for row in _filled(study.memberships):
        spells.setdefault(":".join(row[name] for name in _HYPEREDGE), []).append(row)
    edges = [
        {"edge": edge, "attrs": {**{name: rows[0][name] for name in _HYPEREDGE}, "spells": rows}}
        for edge, rows in sorted(spells.items())
    ]
    members = [(edge, actor) for edge, rows in spells.items() for actor in {row["actor_id"] for row in rows}]
    metadata = {"name": study.descriptor.get("name", ""), "layers": list(study.layers)}
    return {
        "network-type": "undirected",
        "metadata": {**metadata, "tables": _others(study, ("actors", "memberships"))},
        "nodes": [{"node": row["actor_id"], "attrs": row} for row in _filled(study.actors)],
        "edges": edges,
        "incidences": [{"edge": edge, "node": actor} for edge, actor in sorted(members)],
    }


def tables_of_hif(study: Study, hif: Mapping) -> dict[str, pd.DataFrame]:
    """Tables of a hypergraph that `as_hif` made, also after xgi read and wrote it.

    Parameters
    ----------
    study : Study
        A study whose descriptor names the columns.
    hif : mapping
        The hypergraph.

    Returns
    -------
    dict of str to pandas.DataFrame
        Every table, sorted by key; ``study.with_tables(**tables)`` is a study of them.

    Raises
    ------
    DataError
        If a table or column is not the study's.
    """
    actors = [node["attrs"] for node in hif["nodes"] if node.get("attrs")]
    spells = [row for edge in hif["edges"] for row in edge["attrs"]["spells"]]
    return _frames(study, {"actors": actors, "memberships": spells, **hif["metadata"]["tables"]})


def save_hif(study: Study, path: str | os.PathLike) -> Path:
    """Write a study as HIF.

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

    Raises
    ------
    DataError
        If the file is damaged, or another program's.
    """
    return _undamaged(path, lambda: tables_of_hif(study, json.loads(Path(path).read_text(encoding="utf-8"))))


def _filled(frame: pd.DataFrame) -> list[dict]:
    """Rows as the cells that are filled; whole numbers as Python's."""
    rows = frame.astype("object").where(frame.notna(), None).to_dict("records")
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _others(study: Study, but: Iterable[str]) -> dict[str, list[dict]]:
    return {table: _filled(frame) for table, frame in study.tables.items() if table not in but}


def _frames(study: Study, tables: Mapping[str, list[dict]]) -> dict[str, pd.DataFrame]:
    """Rows as tables of the study, each with its columns, types and order."""
    known = resources(study.descriptor)
    if strange := sorted(set(tables) - set(known)):
        raise DataError(f"no table of the study: {', '.join(strange)}")
    return {table: _frame(study, table, tables[table]) for table in known if table in tables}


def _frame(study: Study, table: str, rows: list[dict]) -> pd.DataFrame:
    fields, key = resources(study.descriptor)[table]["schema"]["fields"], key_of(study.descriptor, table)
    types = {field["name"]: "Int64" if field["type"] == "integer" else "str" for field in fields}
    for row in rows:
        if strange := sorted(set(row) - set(types)):
            raise DataError(f"no column of {table}: {', '.join(strange)}, in {row}")
        if not set(key) <= set(row):
            raise DataError(f"a row of {table} without {', '.join(key)}: {row}")
    return pd.DataFrame(rows, columns=list(types)).astype(types).sort_values(key, ignore_index=True)


def _undamaged(path: str | os.PathLike, read: Callable[[], dict[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    try:
        return read()
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except _DAMAGED as error:
        message = f"{path} is not as it was written here: {type(error).__name__}: {error}"
        raise DataError(f"{message}; is it damaged, or of another program?") from error
