"""Closure plans at 200 states and 500 bodies: one cheapest plan and what stands in every one of them.

The peer asks HiGHS alone, as one would with `scipy.optimize.milp`: once for a plan, then without each of its choices
in turn. Not every problem of this size can be settled: of covers of equal price set at random, one cell in fifty
to one in two, the search had not proved one after 30 s, and so they are no job here.
"""

import time

import numpy as np
import pandas as pd
from jobs import Job, Target, Task
from workloads import COVERS, SEED, ties

LIMIT = 60  # seconds of a peer


def ours(name: str) -> Task:
    """Ours, each row covered once."""
    return _ours(name, 1)


def ours_twice(name: str) -> Task:
    """Ours, each row covered twice."""
    return _ours(name, 2)


def highs(name: str) -> Task:
    """HiGHS, each row covered once."""
    return _highs(name, 1)


def highs_twice(name: str) -> Task:
    """HiGHS, each row covered twice."""
    return _highs(name, 2)


def _ours(name: str, k: int) -> Task:
    from r2p_analysis.closure import optimum

    cells, prices = _problem(name, k)
    covers = pd.DataFrame(cells, columns=[f"choice {number:04}" for number in range(cells.shape[1])])
    asked = dict(zip(covers.columns, prices.tolist(), strict=True))
    return Task(
        lambda: optimum(covers, asked, k=k, seconds=LIMIT), lambda found: np.array([found.cost, len(found.in_every)])
    )


def _highs(name: str, k: int) -> Task:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    cells, prices = _problem(name, k)
    covered = LinearConstraint(csr_array(cells.astype(float)), lb=k)

    def run() -> np.ndarray:
        until = time.perf_counter() + LIMIT

        def cheapest(most: np.ndarray) -> np.ndarray | None:
            options = {"mip_rel_gap": 0.0, "time_limit": max(until - time.perf_counter(), 0.01)}
            found = milp(
                prices, constraints=covered, integrality=np.ones(len(prices)), bounds=Bounds(0, most), options=options
            )
            if found.status not in (0, 2):
                raise TimeoutError(f"not proved in {LIMIT} s")
            return None if found.x is None else found.x > 0.5

        plan = cheapest(np.ones(len(prices)))
        others = [cheapest((np.arange(len(prices)) != choice).astype(float)) for choice in np.flatnonzero(plan)]
        return np.array([prices @ plan, sum(other is None or prices @ other > prices @ plan for other in others)])

    return Task(run, lambda found: found)


def _problem(name: str, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells of what can be covered k times, and prices: 1 to 19 where covers of equal price are out of reach."""
    found = ties(name)
    cells = np.zeros(found.shape, bool)
    cells[found.rows, found.columns] = True
    priced = np.random.default_rng(SEED).integers(1, 20, found.shape[1])
    prices = priced if name in ("P random", "P geometric") else np.ones(found.shape[1])
    return cells[cells.sum(axis=1) >= k], prices.astype(float)


JOBS = [
    Job(
        f"plan and what stands in all, 200 × 500, {name}{times}",
        name,
        {"ours": f"closure:{call[0]}", "HiGHS alone": f"closure:{call[1]}"},
        (Target(time=10),),
    )
    for times, call in {"": ("ours", "highs"), ", twice": ("ours_twice", "highs_twice")}.items()
    for name in ("W2", *COVERS)
    if not (times and name in ("P random", "P geometric"))
]
