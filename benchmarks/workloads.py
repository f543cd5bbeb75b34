"""The networks and events that are measured: made from a seed, the same on every machine, skewed as real ones are.

Weights of rows and of columns are the quantiles of a log-normal, in random order; ties are drawn by these weights until
there are enough different ones. So degrees are skewed and nothing else is built in. A network is kept as one file of
32-bit integers (rows, columns, then row and column of each tie, sorted), which Python and R read in one call.
"""

from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "build" / "benchmarks"
SEED = 20051024
# Rows, columns, ties; spread of the weights (sigma of the log-normal) of rows and of columns.
NETWORKS = {
    "W2": (200, 500, 20_011, 0.5, 0.8),
    "W3": (5_000, 2_000, 500_000, 0.5, 0.8),
    "W4": (100_000, 10_000, 2_000_000, 0.5, 0.8),
}
# What may be covered × choices, for plans: how sizes of choices are drawn.
COVERS = {
    "P regions": (200, 500),  # log-normal sizes, each choice mostly in one region
    "P geometric": (200, 500),  # geometric sizes of 12 on average, anywhere
    "P random": (200, 500),  # each cell with a chance of 1 in 20
}
GRAPHS = {"G50": (50, 200), "G5000": (5_000, 50_000)}  # nodes and draws of a tie; those drawn twice count once
INTERVALS = {"CH200": 200, "CH2000": 2_000}
N_EVENTS, N_REGIONS = 10_000_000, 22


class Ties(NamedTuple):
    """A network as its ties, sorted by row, then column."""

    shape: tuple[int, int]
    rows: np.ndarray
    columns: np.ndarray

    def sparse(self, dtype: str = "int32"):
        """The 0/1 matrix in compressed rows."""
        from scipy.sparse import csr_array

        return csr_array((np.ones(len(self.rows), dtype), (self.rows, self.columns)), shape=self.shape)

    def dense(self, dtype: str = "int8") -> np.ndarray:
        """The 0/1 matrix in full."""
        matrix = np.zeros(self.shape, dtype)
        matrix[self.rows, self.columns] = 1
        return matrix


def path(name: str) -> Path:
    """Where a workload is kept."""
    return FOLDER / (name if "." in name else f"{name}.int32")


def make(name: str) -> Path:
    """Write a workload if it is not there yet; return its file."""
    file = path(name)
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        _maker(name)(name, new)
        new.rename(file)
    return file


def ties(name: str) -> Ties:
    """Read a network."""
    numbers = np.fromfile(path(name), np.int32)
    return Ties((int(numbers[0]), int(numbers[1])), numbers[2::2].copy(), numbers[3::2].copy())


def intervals(name: str) -> np.ndarray:
    """First and last possible day of each event, one event a row."""
    return np.fromfile(path(name), np.int32).reshape(-1, 2).astype(np.int64)


def _maker(name: str):
    special = {"W1": _davis, "W2.csv": _as_csv, "EV.parquet": _events} | dict.fromkeys(COVERS, _covers)
    return special.get(name) or (_graph if name in GRAPHS else _intervals if name in INTERVALS else _network)


def _davis(name: str, file: Path) -> None:
    import networkx as nx

    graph = nx.davis_southern_women_graph()
    women, occasions = graph.graph["top"], graph.graph["bottom"]
    matrix = nx.bipartite.biadjacency_matrix(graph, women, occasions).toarray()
    _write(file, matrix.shape, np.argwhere(matrix))


def _network(name: str, file: Path) -> None:
    n_rows, n_columns, n_ties, *sigmas = NETWORKS[name]
    rng = np.random.default_rng([SEED, n_rows])
    steps = [_cumulated(n, sigma, rng) for n, sigma in zip((n_rows, n_columns), sigmas, strict=True)]
    codes = np.empty(0, np.int64)
    while len(codes) < n_ties:
        row, column = (np.searchsorted(step, rng.random(n_ties), side="right") for step in steps)
        codes = np.concatenate([codes, row * n_columns + column])
        codes = codes[np.sort(np.unique(codes, return_index=True)[1])]
    codes = np.sort(codes[:n_ties])
    _write(file, (n_rows, n_columns), np.column_stack([codes // n_columns, codes % n_columns]))


def _covers(name: str, file: Path) -> None:
    n_rows, n_choices = shape = COVERS[name]
    rng = np.random.default_rng([SEED, *name.encode()])
    cells = rng.random(shape) < 1 / 20
    if name != "P random":
        near = np.arange(n_rows)[:, None] // 10 == rng.integers(n_rows // 10, size=n_choices)
        weight = np.where(near, 30.0, 1.0) if name == "P regions" else np.ones(shape)
        drawn = rng.lognormal(2.5, 0.8, n_choices) if name == "P regions" else rng.geometric(1 / 12, n_choices)
        for choice, size in enumerate(np.clip(drawn, 1, n_rows - 5).astype(int)):
            share = weight[:, choice] / weight[:, choice].sum()
            cells[:, choice] = np.isin(np.arange(n_rows), rng.choice(n_rows, size, replace=False, p=share))
    cells[~cells.any(axis=1), 0] = True
    _write(file, shape, np.argwhere(cells))


def _cumulated(n: int, sigma: float, rng: np.random.Generator) -> np.ndarray:
    quantiles = np.array([NormalDist().inv_cdf((k + 0.5) / n) for k in range(n)])
    weights = rng.permutation(np.exp(sigma * quantiles))
    return np.cumsum(weights / weights.sum())[:-1]  # without the last, which may fall short of 1


def _graph(name: str, file: Path) -> None:
    n, draws = GRAPHS[name]
    rng = np.random.default_rng([SEED, n])
    ring = np.column_stack([np.arange(n), (np.arange(n) + 1) % n])  # so that it is connected
    pairs = np.concatenate([ring, np.searchsorted(_cumulated(n, 0.8, rng), rng.random((draws, 2)), side="right")])
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    _write(file, (n, n), pairs)


def _write(file: Path, shape: tuple[int, int], pairs: np.ndarray) -> None:
    np.concatenate([shape, pairs.ravel()]).astype(np.int32).tofile(file)


def _as_csv(name: str, file: Path) -> None:
    make("W2")
    found = ties("W2")
    lines = (f"a{row:03},b{column:03}\n" for row, column in zip(found.rows, found.columns, strict=True))
    file.write_text("actor,body\n" + "".join(lines), "utf-8")


def _intervals(name: str, file: Path) -> None:
    """Days in twenty years; each date a day, a month, a year, or two weeks, of equal chance."""
    rng = np.random.default_rng([SEED, INTERVALS[name]])
    first = rng.integers(0, 7_300, INTERVALS[name])
    length = np.array([1, 30, 365, 14])[rng.integers(0, 4, INTERVALS[name])]
    np.column_stack([first, first + length - 1]).astype(np.int32).tofile(file)


def _events(name: str, file: Path) -> None:
    """Events on days of twenty years in regions of different size, written by DuckDB (hashes, not a random state)."""
    import duckdb

    duckdb.sql(f"""
        COPY (SELECT DATE '2000-01-01' + CAST(hash(i) % 7300 AS INTEGER) AS day,
                     'region ' || CAST(floor(sqrt(hash(i + {SEED}) % {N_REGIONS**2})) AS INTEGER) AS region
              FROM range({N_EVENTS}) AS t(i))
        TO '{file}' (FORMAT parquet)""")
