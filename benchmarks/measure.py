"""One contestant in a process of its own: python benchmarks/measure.py MODULE:FUNCTION CLOCK WORKLOAD SMALL ANSWER.

Prints one line of JSON. "inner" warms up on the small workload, then repeats for about a second and takes the median,
without the first call when there are others; a second one is made if the first took less than ten seconds. Only the
standard library is imported before the contestant's own module.
"""

import importlib
import json
import statistics
import sys
import time
from pathlib import Path


def main(call: str, clock: str, workload: str, small: str, answer: str) -> dict:
    """Run it; give seconds, peak memory in MB, and what was found."""
    module, function = call.split(":")
    prepare = getattr(importlib.import_module(module), function)
    if clock == "inner":
        prepare(small).run()
    task = prepare(workload)
    seconds, result = _time(task.run, again=clock == "inner")
    report = {"seconds": seconds / task.part, "mb": _peak(), "estimate": task.part < 1}
    if task.error:
        report["error"] = float(task.error(result))
    if task.answer:
        _save(task.answer(result), answer)
    return report


def _time(run, again: bool) -> tuple[float, object]:
    times: list[float] = []
    while not times or (again and (sum(times) < 1 or (len(times) == 1 and times[0] < 10)) and len(times) < 200):
        begin = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:] or times), result


def _peak() -> float:
    """Peak memory of this process. getrusage would also count what the starter held when it forked."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def _save(numbers, file: str) -> None:
    import numpy as np

    np.asarray(numbers, np.float64).ravel().tofile(file)


if __name__ == "__main__":
    try:
        print(json.dumps(main(*sys.argv[1:])))
    except Exception as fault:  # whatever happened is the answer: the runner names it
        print(json.dumps({"fault": type(fault).__name__, "says": str(fault)[:300]}))
