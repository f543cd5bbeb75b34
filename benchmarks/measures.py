"""Measures: nestedness of a two-mode network, centralities of a graph of 5,000 nodes."""

import numpy as np
from jobs import Job, Target, Task
from workloads import ties

# ---- NODF. The answer: of the rows, of the columns, of both.


def ours_nodf(name: str) -> Task:
    """Ours."""
    from r2p_analysis.networks import nodf

    matrix = ties(name).dense()
    return Task(lambda: nodf(matrix), lambda found: np.array(found))


def python_nodf(name: str) -> Task:
    """Sets, pair by pair: what the definition says and no more."""
    matrix = ties(name).dense()

    def total(lines: list[set]) -> tuple[float, int]:
        shares = 0.0
        for i, one in enumerate(lines):
            for other in lines[:i]:
                less, more = sorted((one, other), key=len)
                shares += 100 * len(less & more) / len(less) if 0 < len(less) < len(more) else 0
        return shares, len(lines) * (len(lines) - 1) // 2

    def run():
        sides = [[set(np.flatnonzero(line).tolist()) for line in side] for side in (matrix, matrix.T)]
        (rows, n_rows), (columns, n_columns) = (total(side) for side in sides)
        return rows / n_rows, columns / n_columns, (rows + columns) / (n_rows + n_columns)

    return Task(run, np.array)


# ---- centralities. The answer: one value a node; eigenvectors of length 1.


def ours_eigenvector(name: str) -> Task:
    """Ours."""
    from r2p_analysis.networks import eigenvector

    return _by_node(eigenvector, _networkx(name))


def ours_betweenness(name: str) -> Task:
    """Ours."""
    from r2p_analysis.networks import betweenness

    return _by_node(betweenness, _networkx(name))


def networkx_eigenvector(name: str) -> Task:
    """Power iteration to networkx's own tolerance."""
    import networkx as nx

    return _by_node(lambda graph: nx.eigenvector_centrality(graph, max_iter=10_000), _networkx(name))


def networkx_betweenness(name: str) -> Task:
    """All shortest paths."""
    import networkx as nx

    return _by_node(lambda graph: nx.betweenness_centrality(graph, normalized=False), _networkx(name))


def ours_igraph_betweenness(name: str) -> Task:
    """Ours, with igraph as its engine."""
    from r2p_analysis.networks import betweenness

    return _by_node(lambda graph: betweenness(graph, engine="igraph"), _networkx(name))


def igraph_eigenvector(name: str) -> Task:
    """ARPACK, through igraph."""
    graph = _igraph(name)
    return Task(lambda: graph.eigenvector_centrality(scale=False), _unit)


def igraph_betweenness(name: str) -> Task:
    """All shortest paths."""
    graph = _igraph(name)
    return Task(graph.betweenness, np.array)


def scipy_eigenvector(name: str) -> Task:
    """ARPACK, called directly on a networkx graph."""
    import networkx as nx
    from scipy.sparse.linalg import eigsh

    graph = _networkx(name)
    start = np.ones(len(graph))

    def run():
        return eigsh(nx.to_scipy_sparse_array(graph, dtype="float64"), k=1, which="LA", v0=start)[1][:, 0]

    return Task(run, _unit)


def scipy_matrix_eigenvector(name: str) -> Task:
    """ARPACK, called directly on a matrix that is there already: no job of ours, since graphs come in."""
    from scipy.sparse.linalg import eigsh

    found = ties(name)
    half = found.sparse("float64")
    matrix, start = half + half.T, np.ones(found.shape[0])
    return Task(lambda: eigsh(matrix, k=1, which="LA", v0=start)[1][:, 0], _unit)


def _networkx(name: str):
    import networkx as nx

    found = ties(name)
    graph = nx.empty_graph(found.shape[0])
    graph.add_edges_from(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
    return graph


def _igraph(name: str):
    import igraph

    found = ties(name)
    return igraph.Graph(found.shape[0], np.column_stack([found.rows, found.columns]).tolist())


def _by_node(measure, graph) -> Task:
    return Task(lambda: measure(graph), lambda values: np.array([values[node] for node in graph]))


def _unit(vector) -> np.ndarray:
    return np.abs(vector) / np.linalg.norm(vector)


NODF = {"ours": "measures:ours_nodf", "R vegan": "R:nodf"}
JOBS = [
    Job("NODF W1", "W1", {**NODF, "plain Python": "measures:python_nodf"}),
    Job("NODF W2", "W2", {**NODF, "plain Python": "measures:python_nodf"}, (Target("R vegan", 1 / 100),)),
    Job("NODF W3", "W3", NODF, (Target("R vegan", 1 / 300),)),
    Job(
        "eigenvector, 5,000 nodes",
        "G5000",
        {
            "ours": "measures:ours_eigenvector",
            "scipy eigsh": "measures:scipy_eigenvector",
            "scipy eigsh, of its own matrix": "measures:scipy_matrix_eigenvector",
            "igraph": "measures:igraph_eigenvector",
            "networkx": "measures:networkx_eigenvector",
        },
        (Target("scipy eigsh", 1.2),),
        {"networkx": 1e-4},
        small="G50",
    ),
    Job(
        "betweenness, 5,000 nodes",
        "G5000",
        {
            "ours": "measures:ours_igraph_betweenness",
            "ours, networkx": "measures:ours_betweenness",
            "igraph": "measures:igraph_betweenness",
            "networkx": "measures:networkx_betweenness",
        },
        (Target("igraph", 1.2),),
        small="G50",
    ),
]
