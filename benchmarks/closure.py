"""What closing gaps costs at 200 states, 500 bodies and 10 functions: python benchmarks/closure.py.

States belong to bodies of very different sizes; few bodies perform a function. Four ways to ask what closes
the gaps, each for one plan and the choices that stand in all. Not every problem of this size can be settled: of
200 rows by 500 choices set at random, one in twenty, HiGHS had proved no cover
after 20 s, nor the search here after 15.
"""

import os
import platform
import time

import numpy as np
import pandas as pd

from r2p_analysis.closure import optimum

STATES, BODIES, FUNCTIONS = 200, 500, 10
SEEDS = (0, 1, 2)


def world(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """States × bodies and bodies × functions; every state belongs to some body."""
    rng = np.random.default_rng(seed)
    region = np.repeat(np.arange(STATES // 10), 10)
    sizes = np.clip(rng.lognormal(2.5, 0.8, BODIES), 3, 190).astype(int)
    members = np.zeros((STATES, BODIES), bool)
    for body, size in enumerate(sizes):
        weight = np.where(region == rng.integers(STATES // 10), 30.0, 1.0)
        members[rng.choice(STATES, size, replace=False, p=weight / weight.sum()), body] = True
    members[~members.any(axis=1), sizes.argmax()] = True
    return members, rng.random((BODIES, FUNCTIONS)) < 0.02


def jobs(seed: int) -> dict[str, tuple[np.ndarray, np.ndarray | None]]:
    """Covers and prices, one a way to ask."""
    members, performs = world(seed)
    gaps = ~(members.astype(int) @ performs.astype(int) > 0)
    additions = np.kron(np.eye(FUNCTIONS, dtype=bool), members)[gaps.T.ravel()]
    through = np.vstack([members & performs[:, function] for function in range(FUNCTIONS)])
    return {
        "every state in some body": (members, None),
        "the same, prices 1 to 19": (members, np.random.default_rng(seed).integers(1, 20, BODIES)),
        "every function for every state, functions added to bodies": (additions, None),
        "what is covered, by the fewest of the bodies that cover it": (through[through.any(axis=1)], None),
    }


def main() -> None:
    """Print rows, choices, cost, choices that stand in all and seconds of each job."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; seeds {SEEDS}")
    for seed in SEEDS:
        for job, (matrix, prices) in jobs(seed).items():
            covers = pd.DataFrame(matrix, columns=[f"choice {number:04}" for number in range(matrix.shape[1])])
            begin = time.perf_counter()
            found = optimum(covers, None if prices is None else dict(zip(covers.columns, prices, strict=True)))
            seconds = time.perf_counter() - begin
            print(f"{seed}  {job:58} {matrix.shape!s:12} {found.cost:4} {len(found.in_every):4} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
