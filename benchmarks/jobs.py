"""What a job is: who does it, on what, and what is to be reached."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np


class Task(NamedTuple):
    """One contestant, ready to start: what is timed, and what is asked of its result afterwards."""

    run: Callable[[], object]
    answer: Callable[[object], np.ndarray] | None = None  # numbers to compare; NaN where it gives none
    part: float = 1  # share of the job that `run` does: below 1 the time is an estimate, above 1 a mean
    error: Callable[[object], float] | None = None  # largest distance from what must hold exactly


class Target(NamedTuple):
    """What ours is to reach, as a multiple of a peer or, without one, in seconds, MB and largest error."""

    peer: str | None = None
    time: float | None = None
    memory: float | None = None
    error: float | None = None


@dataclass(frozen=True)
class Job:
    """One job. Contestants are `module:function` of this folder, or `R:function` of peers.R, which prepare a task."""

    name: str
    workload: str | None
    contestants: dict[str, str]  # "ours" first
    targets: tuple[Target, ...] = ()
    tolerances: dict[str, float] = field(default_factory=dict)  # of peers that approximate; others: EXACT
    small: str | None = "W1"  # workload of the warm-up
    clock: str = "inner"  # "inner": warm; "cold": inner, first call; "whole": the process from start to end
    per_second: str | None = None  # what is counted, where a rate is shown

    EXACT = 1e-6  # what is left open by the stopping rules of iterative peers
