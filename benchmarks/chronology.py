"""Events in time: counts by month and region from a large file, the order of events whose dates are uncertain."""

import numpy as np
from jobs import Job, Target, Task
from workloads import intervals, path

DRAWS = 10_000

# ---- EV. The answer: number of events by region and month, sorted.


def ours_counts(name: str) -> Task:
    """Ours."""
    from r2p_analysis import chronology

    file = str(path(name))
    return Task(lambda: chronology.counts_by_period(file, "month", by=["region"]), lambda table: table["n_events"])


def duckdb_counts(name: str) -> Task:
    """SQL on the file."""
    import duckdb

    query = f"""SELECT region, date_trunc('month', day) AS month, count(*) AS n
                FROM '{path(name)}' GROUP BY ALL ORDER BY ALL"""
    return Task(lambda: duckdb.sql(query).fetchnumpy(), lambda table: table["n"])


def pandas_counts(name: str) -> Task:
    """The file as a frame."""
    import pandas as pd

    def run():
        frame = pd.read_parquet(path(name))
        month = frame["day"].astype("datetime64[s]").dt.to_period("M")
        return frame.groupby(["region", month], observed=True).size()

    return Task(run, lambda counts: counts.sort_index())


def polars_counts(name: str) -> Task:
    """Lazy, streamed."""
    import polars as pl

    query = pl.scan_parquet(path(name)).group_by("region", pl.col("day").dt.truncate("1mo")).len().sort("region", "day")
    return Task(lambda: query.collect(engine="streaming"), lambda table: table["len"].to_numpy())


# ---- CH. The answer: P(i before j) of all pairs i < j, by row.


def ours_order(name: str) -> Task:
    """Ours."""
    import pandas as pd

    from r2p_analysis import chronology

    days = np.datetime64("2000-01-01") + intervals(name)
    events = pd.DataFrame({"earliest": days[:, 0], "latest": days[:, 1]})
    return Task(lambda: chronology.order_probabilities(events), lambda p: _upper(np.asarray(p)))


def python_order(name: str) -> Task:
    """The closed form, pair by pair."""
    days = intervals(name).tolist()

    def run():
        return [_before(*one, *other) for i, one in enumerate(days) for other in days[i + 1 :]]

    return Task(run, np.array)


def numpy_order(name: str) -> Task:
    """Monte Carlo: draw every day, compare all pairs."""
    days = intervals(name)
    rng = np.random.default_rng(1)

    def run():
        first = np.zeros((len(days),) * 2, np.int32)
        for _ in range(DRAWS):
            drawn = rng.integers(days[:, 0], days[:, 1] + 1).astype(np.int32)
            first += drawn[:, None] < drawn
        return first / DRAWS

    return Task(run, _upper)


def _before(l1: int, u1: int, l2: int, u2: int) -> float:
    def t(x: int) -> int:
        return x * (x + 1) // 2 if x > 0 else 0

    return (t(u2 - l1) - t(u2 - u1 - 1) - t(l2 - l1 - 1) + t(l2 - u1 - 2)) / ((u1 - l1 + 1) * (u2 - l2 + 1))


def _upper(square: np.ndarray) -> np.ndarray:
    return square[np.triu_indices(len(square), 1)]


JOBS = [
    Job(
        "EV: 10 M events by month and region",
        "EV.parquet",
        {
            "ours": "chronology:ours_counts",
            "DuckDB": "chronology:duckdb_counts",
            "polars": "chronology:polars_counts",
            "pandas": "chronology:pandas_counts",
        },
        (Target("DuckDB", 1.2), Target(memory=300)),
        small="EV.parquet",
    ),
    Job(
        "CH 2,000: P(before), all pairs",
        "CH2000",
        {
            "ours": "chronology:ours_order",
            "plain Python": "chronology:python_order",
            "numpy Monte Carlo": "chronology:numpy_order",
        },
        (Target("numpy Monte Carlo", 1 / 100),),
        {"plain Python": 1e-12, "numpy Monte Carlo": 0.03},
        small="CH200",
    ),
]
