"""What it costs to begin: import the package, load the study, beside importing its dependencies.

Each job runs in processes of its own, interleaved, and the median is given: python benchmarks/startup.py
"""

import os
import platform
import statistics
import subprocess
import sys

ROUNDS = 9
TIMED = "import time; begin = time.perf_counter(); {}; print(time.perf_counter() - begin)"
DEPENDENCIES = "import pandas, networkx, matplotlib"
EVERYTHING = "import r2p_analysis as r2p; [getattr(r2p, name) for name in r2p.__all__]"
LOADED = "import r2p_analysis as r2p, pandas; r2p.load_study; " + TIMED.format("r2p.load_study()")
JOBS = {
    "dependencies": TIMED.format(DEPENDENCIES),
    "package": TIMED.format("import r2p_analysis"),
    "dependencies and package": TIMED.format(f"{DEPENDENCIES}; import r2p_analysis"),
    "package, every public name used": TIMED.format(EVERYTHING),
    "load_study, imports done": LOADED,
}


def seconds(code: str) -> float:
    """Run one job in a fresh process that may write bytecode; the job prints its own seconds."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout)


def main() -> None:
    """Print the medians and their ratios to the dependencies."""
    times: dict[str, list[float]] = {job: [] for job in JOBS}
    for _ in range(ROUNDS):
        for job, code in JOBS.items():
            times[job].append(seconds(code))
    median = {job: statistics.median(found) for job, found in times.items()}
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, median of {ROUNDS} interleaved runs")
    for job, value in median.items():
        print(f"{job:34} {value:7.3f} s   {value / median['dependencies']:5.2f} x dependencies")


if __name__ == "__main__":
    main()
