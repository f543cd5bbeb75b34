"""Shared memberships of all pairs of rows: the whole one-mode projection, and a reduction of one that does not fit."""

import numpy as np
from jobs import Job, Target, Task
from workloads import ties

BINS = 512  # no two rows of a workload share as many columns
THICK = 8  # W4: pairs that share at least as many are listed

# ---- all pairs, as each library holds them. The answer: how many pairs share k, and each row's sum over the others.


def ours(name: str) -> Task:
    """Square array of counts."""
    from r2p_analysis import nulls

    matrix = ties(name).dense()
    return Task(lambda: nulls.shared_counts(matrix), _of_square)


def scipy(name: str) -> Task:
    """Sparse product."""
    matrix = ties(name).sparse()
    return Task(lambda: matrix @ matrix.T, lambda product: _of_square(product.toarray()))


def networkx(name: str) -> Task:
    """Weighted projected graph."""
    import networkx as nx

    found = ties(name)
    graph = nx.Graph()
    graph.add_nodes_from(range(sum(found.shape)))
    graph.add_edges_from(zip(found.rows.tolist(), (found.columns + found.shape[0]).tolist(), strict=True))
    rows = range(found.shape[0])
    return Task(
        lambda: nx.bipartite.weighted_projected_graph(graph, rows),
        lambda projected: _of_square(nx.to_numpy_array(projected, rows)),
    )


def igraph(name: str) -> Task:
    """Bipartite projection with multiplicity."""
    import igraph as ig

    found = ties(name)
    kinds = np.repeat([0, 1], found.shape).tolist()
    graph = ig.Graph.Bipartite(kinds, np.column_stack([found.rows, found.columns + found.shape[0]]).tolist())

    def answer(projected):
        pairs, square = np.array(projected.get_edgelist()), np.zeros((found.shape[0],) * 2)
        square[pairs[:, 0], pairs[:, 1]] = square[pairs[:, 1], pairs[:, 0]] = projected.es["weight"]
        return _of_square(square)

    return Task(lambda: graph.bipartite_projection(multiplicity=True, which=0), answer)


def xgi(name: str) -> Task:
    """Weighted adjacency of a hypergraph whose nodes are the rows."""
    import xgi

    found = ties(name)
    graph = xgi.Hypergraph()
    graph.add_nodes_from(range(found.shape[0]))
    graph.add_edges_from([found.rows[found.columns == k].tolist() for k in np.unique(found.columns)])
    return Task(lambda: xgi.adjacency_matrix(graph, weighted=True), lambda adjacency: _of_square(adjacency.toarray()))


def _of_square(square: np.ndarray) -> np.ndarray:
    square = np.asarray(square, np.int64)
    np.fill_diagonal(square, 0)
    shared = np.bincount(square.ravel(), minlength=BINS)
    shared[0] -= len(square)
    return np.concatenate([shared // 2, square.sum(axis=1)])


# ---- reduced: how many pairs share k, and which pairs share at least `THICK` (row × rows + other row, sorted).


def ours_reduced(name: str) -> Task:
    """Row blocks of the upper triangle, one at a time."""
    from r2p_analysis import nulls

    matrix = ties(name).sparse()
    return Task(lambda: _reduce(nulls.blocks(matrix), matrix.shape[0]), _of_reduction)


def scipy_reduced(name: str) -> Task:
    """Sparse product, whole; its upper triangle is reduced by rows."""
    matrix = ties(name).sparse()

    def run():
        product = matrix @ matrix.T
        return _reduce(_row_blocks(product), matrix.shape[0])

    return Task(run, _of_reduction)


def duckdb_reduced(name: str) -> Task:
    """Join of the ties with themselves, grouped twice."""
    import duckdb

    found = ties(name)
    connection = duckdb.connect()
    ours = {"r": found.rows, "c": found.columns}
    connection.register("numpy_ties", ours)
    connection.execute("CREATE TABLE ties AS SELECT * FROM numpy_ties")
    query = f"""
        WITH pairs AS (SELECT a.r AS r1, b.r AS r2, count(*) AS shared
                       FROM ties a JOIN ties b ON a.c = b.c AND a.r < b.r GROUP BY ALL)
        SELECT shared, CASE WHEN shared >= {THICK} THEN r1::BIGINT * {found.shape[0]} + r2 ELSE -1 END AS code, count(*)
        FROM pairs GROUP BY ALL"""
    return Task(lambda: _of_table(*zip(*connection.execute(query).fetchall(), strict=True)), _of_reduction)


def polars_reduced(name: str) -> Task:
    """The same in lazy Polars, streamed."""
    import polars as pl

    found = ties(name)
    table = pl.LazyFrame({"r": found.rows, "c": found.columns})
    code = pl.when(pl.col("shared") >= THICK).then(pl.col("r").cast(pl.Int64) * found.shape[0] + pl.col("r2"))
    query = (
        table.join(table.rename({"r": "r2"}), on="c")
        .filter(pl.col("r") < pl.col("r2"))
        .group_by("r", "r2")
        .agg(shared=pl.len())
        .group_by("shared", code.otherwise(-1).alias("code"))
        .agg(n=pl.len())
    )
    return Task(lambda: _of_table(*query.collect(engine="streaming").get_columns()), _of_reduction)


def igraph_reduced(name: str) -> Task:
    """The projected graph; only how many pairs share k."""
    whole = igraph(name)

    def run():
        shared = np.bincount(np.array(whole.run().es["weight"], np.int64), minlength=BINS)
        return shared, None

    return Task(run, _of_reduction)


def networkx_reduced(name: str) -> Task:
    """The projected graph; only how many pairs share k."""
    whole = networkx(name)

    def run():
        weights = (weight for _, _, weight in whole.run().edges(data="weight"))
        return np.bincount(np.fromiter(weights, np.int64), minlength=BINS), None

    return Task(run, _of_reduction)


def _row_blocks(product, rows: int = 1_000):
    """Yield the first row, and the rows from it on, of a square sparse array."""
    for start in range(0, product.shape[0], rows):
        yield start, product[start : start + rows, start:]


def _reduce(blocks, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Reduce blocks whose entry (r, c) is that of rows start + r and start + c; it counts where c > r."""
    from scipy.sparse import coo_array

    shared, thick = np.zeros(BINS, np.int64), []
    for start, block in blocks:
        found = coo_array(block)
        row, column = found.coords
        upper = column > row
        shared += np.bincount(found.data[upper], minlength=BINS)
        keep = upper & (found.data >= THICK)
        thick.append((row[keep] + np.int64(start)) * n + column[keep] + start)
    return shared, np.concatenate(thick)


def _of_table(shared, codes, counts) -> tuple[np.ndarray, np.ndarray]:
    codes = np.array(codes, np.int64)
    return np.bincount(np.array(shared, np.int64), np.array(counts), minlength=BINS), codes[codes >= 0]


def _of_reduction(found: tuple[np.ndarray, np.ndarray | None]) -> np.ndarray:
    shared, thick = found
    return np.concatenate([shared[1:], [np.nan, np.nan] if thick is None else [len(thick), thick.sum()]])


WHOLE = {
    "ours": "projection:ours",
    "scipy": "projection:scipy",
    "networkx": "projection:networkx",
    "igraph": "projection:igraph",
    "xgi": "projection:xgi",
    "R Matrix": "R:projection",
}
REDUCED = {
    "ours": "projection:ours_reduced",
    "scipy": "projection:scipy_reduced",
    "DuckDB": "projection:duckdb_reduced",
    "polars": "projection:polars_reduced",
    "igraph": "projection:igraph_reduced",
    "networkx": "projection:networkx_reduced",
}
JOBS = [
    Job("projection W2", "W2", WHOLE, (Target("scipy", 1), Target("networkx", 1 / 100))),
    Job("projection W3", "W3", WHOLE, (Target("scipy", 0.6, 1),)),
    Job("projection W4, reduced", "W4", REDUCED, (Target("scipy", 0.9, 1 / 15),)),
]
