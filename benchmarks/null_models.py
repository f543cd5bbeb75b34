"""Null models of a two-mode network: fit, exact p of all pairs of rows, fixed-margin sampler, Monte Carlo p."""

from itertools import combinations

import numpy as np
from jobs import Job, Target, Task
from workloads import path, ties

# Samples, and rounds between two of them; a round pairs all rows, so it has half as many trades as there are rows.
ROUNDS = {"W1": (10, 10), "W2": (256, 20), "W3": (1, 160), "W4": (1, 40)}
SAMPLES = 1_000

# ---- BiCM. The answer: cell probabilities; the error: the worst degree.


def ours_bicm(name: str) -> Task:
    """Fit."""
    from r2p_analysis import nulls

    matrix = ties(name).dense()
    return Task(lambda: nulls.bicm(matrix), lambda cells: cells, error=lambda cells: _degree_error(cells, matrix))


def nemtropy_bicm(name: str) -> Task:
    """Fit from the matrix, with the default solver, and the matrix of probabilities."""
    import NEMtropy

    matrix = ties(name).dense("int64")

    def run():
        graph = NEMtropy.BipartiteGraph(biadjacency=matrix)
        graph.solve_tool()
        return graph.get_bicm_matrix()

    return Task(run, lambda cells: cells, error=lambda cells: _degree_error(cells, matrix))


def _degree_error(cells: np.ndarray, matrix: np.ndarray) -> float:
    return max(np.abs(cells.sum(axis) - matrix.sum(axis)).max() for axis in (0, 1))


# ---- SDSM. The answer: upper-tail p of all pairs i < j, by row; NaN where a peer leaves it out.


def ours_sdsm(name: str) -> Task:
    """Exact p of every pair."""
    from r2p_analysis import nulls

    matrix = ties(name).dense()
    return Task(lambda: nulls.sdsm(matrix), _upper)


def ours_significant(name: str) -> Task:
    """Exact p of the pairs that are left after Benjamini and Hochberg, where the square array does not fit."""
    from r2p_analysis import nulls

    matrix = ties(name).sparse()
    return Task(lambda: nulls.significant_pairs(matrix, correction="bh"), lambda found: [len(found)])


def nemtropy_sdsm(name: str) -> Task:
    """Exact (DFT) p of the pairs that share something; as many processes as cores."""
    import os

    import NEMtropy

    matrix = ties(name).dense("int64")

    def run():
        graph = NEMtropy.BipartiteGraph(biadjacency=matrix)
        graph.solve_tool()
        graph.compute_projection(approx_method="poibin", threads_num=max(2, os.cpu_count() or 2), progress_bar=False)
        return graph

    return Task(run, lambda graph: _upper(_square(graph.rows_pvals, len(matrix))))


def scipy_sdsm(name: str) -> Task:
    """Exact p of every pair by scipy's Poisson-binomial, on NEMtropy's probabilities (their fit is not timed)."""
    from scipy.stats import poisson_binom

    matrix = ties(name).dense("int64")
    cells = nemtropy_bicm(name).run()
    shared = matrix @ matrix.T
    pairs = list(combinations(range(len(matrix)), 2))

    def run():
        return np.array([poisson_binom.sf(shared[i, j] - 1, cells[i] * cells[j]) for i, j in pairs])

    return Task(run, lambda p: p)


def _square(by_row: dict, n: int) -> np.ndarray:
    square = np.full((n, n), np.nan)
    for i, others in by_row.items():
        for j, p in others.items():
            square[i, j] = square[j, i] = p
    return square


def _upper(square: np.ndarray) -> np.ndarray:
    return square[np.triu_indices(len(square), 1)]


# ---- Sampler. The time: of one trade; the error: the worst margin.


def ours_sampler(name: str) -> Task:
    """Draws, from the data on."""
    from r2p_analysis import nulls

    matrix = ties(name).sparse() if name == "W4" else ties(name).dense()
    n, rounds = ROUNDS[name]
    rng = np.random.default_rng(1)

    def run():
        for drawn in nulls.samples(matrix, n, rng, burn_in=0, thinning=rounds):
            last = drawn
        return last

    trades = n * rounds * (matrix.shape[0] // 2)
    return Task(run, part=trades, error=lambda drawn: _degree_error(drawn, matrix))


def ours_fdsm(name: str) -> Task:
    """Monte Carlo p of every pair."""
    from r2p_analysis import nulls

    matrix = ties(name).dense()
    return Task(lambda: nulls.fdsm(matrix, SAMPLES, np.random.default_rng(1)), _upper)


# ---- from a file to exact p, in a process of its own.


def ours_from_file(name: str) -> Task:
    """Read with pandas, test every pair."""
    import pandas as pd

    from r2p_analysis import nulls

    def run():
        table = pd.read_csv(path(name))
        (rows, actors), (columns, bodies) = (pd.factorize(table[side], sort=True) for side in ("actor", "body"))
        matrix = np.zeros((len(actors), len(bodies)), dtype=bool)
        matrix[rows, columns] = True
        return nulls.sdsm(matrix)

    return Task(run, lambda p: _upper(np.asarray(p)))


def nemtropy_from_file(name: str) -> Task:
    """Read with pandas, then NEMtropy's default, which is a Poisson approximation."""
    import NEMtropy
    import pandas as pd

    def run():
        table = pd.read_csv(path(name))
        matrix = pd.crosstab(table["actor"], table["body"]).to_numpy()
        graph = NEMtropy.BipartiteGraph(biadjacency=matrix)
        graph.solve_tool()
        graph.compute_projection(approx_method="poisson", threads_num=2, progress_bar=False)
        return graph

    return Task(run, lambda graph: _upper(_square(graph.rows_pvals, graph.n_rows)))


BICM = {"ours": "null_models:ours_bicm", "R backbone": "R:bicm", "NEMtropy": "null_models:nemtropy_bicm"}
SDSM = {
    "ours": "null_models:ours_sdsm",
    "R backbone": "R:sdsm",
    "NEMtropy": "null_models:nemtropy_sdsm",
    "R PoissonBinomial": "R:exact",
    "scipy.stats": "null_models:scipy_sdsm",
}
SAMPLER = {"ours": "null_models:ours_sampler", "R fastball": "R:fastball"}
FDSM = {"ours": "null_models:ours_fdsm", "R backbone": "R:fdsm"}
FIFTH = (Target("R backbone", 1 / 5), Target("NEMtropy", 1 / 5), Target(error=1e-10))
EIGHTH = (Target("R backbone", 1 / 8),)
# The refined normal of R and NEMtropy's Poisson are approximations; a draw of 1,000 is off by a few standard errors
# of .016, R's by its short chains as well.
NORMAL, POISSON, DRAWS = 0.03, 0.2, 0.12
JOBS = [
    Job("BiCM W1", "W1", BICM),
    Job("BiCM W2", "W2", BICM, FIFTH),
    Job("BiCM W3", "W3", BICM, FIFTH),
    Job("SDSM exact p W1", "W1", SDSM, tolerances={"R backbone": NORMAL}),
    Job(
        "SDSM exact p W2",
        "W2",
        SDSM,
        (Target("R backbone", 1 / 2), Target("NEMtropy", 1 / 400)),
        {"R backbone": NORMAL},
    ),
    Job(
        "SDSM exact p W3",
        "W3",
        {"ours": "null_models:ours_sdsm", "R backbone": "R:sdsm_part"},
        (Target("R backbone", 1 / 60),),
        {"R backbone": NORMAL},
    ),
    Job(
        "SDSM exact p W4, pairs under 0.05 after correction",
        "W4",
        {"ours": "null_models:ours_significant", "R backbone": "R:sdsm"},
        (Target(time=30, memory=1_000),),
    ),
    *(
        Job(f"sampler {name}", name, peers, (Target("R fastball", 1 / times),), per_second="trades")
        for name, times, peers in [
            ("W2", 8, {**SAMPLER, "R vegan": "R:curveball"}),
            ("W3", 3, {**SAMPLER, "R vegan": "R:curveball"}),
            ("W4", 1, SAMPLER),
        ]
    ),
    Job(f"FDSM {SAMPLES:,} samples W2", "W2", FDSM, EIGHTH, {"R backbone": DRAWS}),
    Job(f"FDSM {SAMPLES:,} samples W3", "W3", {**FDSM, "R backbone": "R:fdsm_part"}, EIGHTH),
    Job(
        "W2 from file to exact p",
        "W2.csv",
        {
            "ours": "null_models:ours_from_file",
            "R backbone": "R:from_file",
            "NEMtropy": "null_models:nemtropy_from_file",
        },
        (Target("R backbone", 1 / 2),),
        {"R backbone": NORMAL, "NEMtropy": POISSON},
        clock="whole",
    ),
]
