"""Time jobs on our code and on the peers that are installed: python benchmarks/run.py [--rounds N] [WORD ...].

Words choose jobs by parts of their names (W2, sampler); without any, all are run. Every contestant of a job has
processes of its own, the rounds are interleaved, and ratios are made of medians of one run. What was measured is kept
in build/benchmarks/, and results.md is written from it. R2P_PEERS_PYTHON names the interpreter that has the Python
peers (default: this one); R is the Rscript on the path.
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import chronology
import closure
import gaps
import measures
import null_models
import numpy as np
import projection
import start
import workloads
from jobs import Job, Target

HERE = Path(__file__).resolve().parent
FAMILIES = {
    "Projection": projection.JOBS,
    "Null models": null_models.JOBS,
    "Measures": measures.JOBS,
    "Chronology": chronology.JOBS,
    "Coverage": [*gaps.JOBS, *closure.JOBS],
    "Starting": start.JOBS,
}
PEERS_PYTHON = os.environ.get("R2P_PEERS_PYTHON", sys.executable)
# Bytecode is written, as it is for users; the package is the one of this checkout.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPATH": str(HERE.parent)}
SECONDS_LIMIT = 900  # of one process
MEMORY_LIMIT = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4  # address space of one process
NOTHING = "-"  # in place of a workload, since Rscript loses empty arguments
ONCE = 60  # a contestant that takes longer is not asked again


# ---- measure


def measure(job: Job, rounds: int) -> dict:
    """Every contestant in turn, as often as there are rounds; those that failed or are slow once."""
    for name in {job.workload, job.small} - {None}:
        workloads.make(name)
    runs: dict[str, list[dict]] = {who: [] for who in job.contestants}
    for _ in range(rounds):
        for who, call in job.contestants.items():
            if not runs[who] or (runs[who][0].get("seconds", ONCE) < ONCE and not runs[who][0].get("estimate")):
                runs[who].append(_one(job, who, call))
                print(f"  {who:20}{json.dumps(runs[who][-1])}", flush=True)
    found = {who: _medians(several) for who, several in runs.items()}
    first, *others = [who for who in found if "seconds" in found[who]] or [None]
    for who in others:
        found[who]["difference"] = _difference(_answer(job, first), _answer(job, who))
        found[who]["allowed"] = max(job.tolerances.get(one, job.EXACT) for one in (first, who))
    return {"machine": machine(), "contestants": found}


def _one(job: Job, who: str, call: str) -> dict:
    answer = _answer(job, who)
    answer.unlink(missing_ok=True)
    begin = time.perf_counter()
    try:
        done = subprocess.run(
            _command(job, who, call, answer),
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            timeout=SECONDS_LIMIT,
            preexec_fn=_limit_memory,
        )
    except subprocess.TimeoutExpired:
        return {"fault": f"no answer in {SECONDS_LIMIT} s"}
    except FileNotFoundError:
        return {"fault": "not installed"}
    seconds = time.perf_counter() - begin
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    report = json.loads(lines[-1]) if lines else {"fault": "died", "says": done.stderr[-300:]}
    if "fault" in report:
        return {"fault": _fault(who, report), "says": report["says"]}
    return report | ({"seconds": seconds} if job.clock == "whole" else {})


def _command(job: Job, who: str, call: str, answer: Path) -> list[str]:
    kind, function = call.split(":")
    names = [job.workload or NOTHING, job.small if job.clock == "inner" else NOTHING]
    if kind == "R":
        files = [str(workloads.path(name)) for name in names]
        return ["Rscript", "--no-init-file", str(HERE / "peers.R"), function, job.clock, *files, str(answer)]
    python = sys.executable if who.startswith("ours") or who == "dependencies" else PEERS_PYTHON
    return [python, str(HERE / "measure.py"), call, job.clock, *names, str(answer)]


def _limit_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def _fault(who: str, report: dict) -> str:
    """What hindered it, in a word where there is one."""
    if report["fault"] in ("ImportError", "ModuleNotFoundError"):
        return "not there yet" if who == "ours" else "not installed"
    if who == "ours" and report["fault"] == "AttributeError" and "r2p_analysis" in report["says"]:
        return "not there yet"
    said = f"{report['fault']}: {report['says']}".strip()
    if re.search(r"memory|allocat", said, re.I):
        return f"not possible: out of memory ({MEMORY_LIMIT / 2**30:.0f} GB)"
    return f"failed: {' '.join(said.split())[:120]}"


def _medians(runs: list[dict]) -> dict:
    if any("fault" in run for run in runs):
        return next(run for run in runs if "fault" in run)
    middle = {key: statistics.median(run[key] for run in runs) for key in ("seconds", "mb")}
    return middle | {"error": runs[0].get("error"), "estimate": runs[0]["estimate"], "rounds": len(runs)}


def _answer(job: Job, who: str) -> Path:
    return workloads.FOLDER / f"{_slug(job.name)}.{_slug(who)}.float64"


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower()).strip("-")


def _difference(ours: Path, theirs: Path) -> float | str | None:
    """Largest difference where both give a number; None where there is nothing to compare."""
    if not (ours.exists() and theirs.exists()):
        return None
    a, b = (np.fromfile(file) for file in (ours, theirs))
    if a.shape != b.shape:
        return f"{len(a)} numbers against {len(b)}"
    both = np.isfinite(a) & np.isfinite(b)
    return float(np.abs(a[both] - b[both]).max()) if both.any() else "no number in common"


def machine() -> dict:
    """Processor, cores, memory, and the versions of everything that took part."""
    cpu = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", cpu.read_text()) if cpu.exists() else []
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    threads = ", ".join(f"{name}={os.environ[name]}" for name in THREADS if name in os.environ)
    return {
        "machine": f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, {gigabytes:.0f} GB",
        "threads": threads or "as each library chooses",
        "ours": _python_versions(sys.executable, ("numpy", "scipy", "pandas", "networkx", "duckdb", "numba")),
        "peers": _python_versions(PEERS_PYTHON, PEERS),
        "R": _r_versions(),
    }


THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
PEERS = ("numpy", "scipy", "pandas", "networkx", "igraph", "xgi", "NEMtropy", "bicm", "numba", "duckdb", "polars")
R_PACKAGES = ("backbone", "vegan", "Matrix", "igraph", "PoissonBinomial")


def _python_versions(python: str, names: tuple[str, ...]) -> str:
    code = """if True:
        import sys, platform, importlib.metadata as m
        def version(name):
            try: return [name + " " + m.version(name)]
            except m.PackageNotFoundError: return []
        print(", ".join(["Python " + platform.python_version(), *(v for n in sys.argv[1:] for v in version(n))]))"""
    done = subprocess.run([python, "-c", code, *names], capture_output=True, text=True, check=True, cwd=HERE.parent)
    return done.stdout.strip()


def _r_versions() -> str:
    if not shutil.which("Rscript"):
        return "not installed"
    code = f"""for (p in c{R_PACKAGES}) if (nzchar(system.file(package = p))) cat(", ", p, " ", sep = "",
        as.character(packageVersion(p))); cat(", BLAS ", extSoftVersion()["BLAS"], sep = "")"""
    command = ["Rscript", "-e", f"cat('R', as.character(getRversion())); {code}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


# ---- report


def report(kept: dict[str, dict]) -> str:
    """The whole of results.md from what was measured, job by job."""
    machines = list(dict.fromkeys(json.dumps(kept[name]["machine"]) for name in kept))
    lines = ["# Results", "", *INTRODUCTION, ""]
    for given in map(json.loads, machines):
        only = [name for name in kept if kept[name]["machine"] == given] if len(machines) > 1 else []
        lines += [f"- {key}: {value}" for key, value in given.items()]
        lines += [f"- jobs measured so: {'; '.join(only)}"] if only else []
        lines += [""]
    for family, jobs in FAMILIES.items():
        lines += [f"## {family}", "", *HEAD]
        for job in jobs:
            found = kept.get(job.name, {"contestants": {"": {"fault": "not measured"}}})
            lines += _rows(job, found["contestants"])
        lines += [""]
    return "\n".join(lines)


INTRODUCTION = """\
Written by `benchmarks/run.py` (`make bench`); what the jobs are stands in the modules beside it. Each contestant has
processes of its own; rounds are interleaved. Time: median of the rounds, each warm (the median of about a second of
calls, after one on a small input), or of the whole process where the job says so. Memory: peak of the process, with
interpreter and data. "est": a stated part of the job ran and was scaled up. Difference: the largest between our answer
and the peer's (where ours is not there, between the first peer's and the others'), with the tolerance in brackets;
error: the largest distance from what must hold exactly (degrees, margins). Who took more than a minute ran once.
"""
INTRODUCTION = INTRODUCTION.splitlines()
HEAD = [
    "| job | who | time | peak MB | ours ÷ it, time | memory | difference (allowed) | error | target | |",
    "| --- | --- | --: | --: | --: | --: | --- | --- | --- | --- |",
]


def _rows(job: Job, found: dict[str, dict]) -> list[str]:
    ours = next(iter(found.values()))
    rows = []
    for who, its in found.items():
        targets = [t for t in job.targets if t.peer == (None if who == "ours" else who)]
        asked = [(_asked(target), _reached(target, ours, its)) for target in targets]
        cells = [job.name if its is ours else "", who, *_measured(job, ours, its)]
        cells += ["; ".join(text for text, _ in asked), "; ".join(said for _, said in asked)]
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _measured(job: Job, ours: dict, its: dict) -> list[str]:
    if "fault" in its:
        return [its["fault"].replace("|", "/"), "", "", "", "", ""]
    estimate = "est " if its["estimate"] else ""
    shown = f"{1 / its['seconds']:,.0f} {job.per_second}/s" if job.per_second else _seconds(its["seconds"])
    error = "" if its["error"] is None else f"{its['error']:.1g}"
    beside = its is not ours and "fault" not in ours
    ratios = [f"{ours[key] / its[key]:.3g}" if beside else "" for key in ("seconds", "mb")]
    return [estimate + shown, f"{its['mb']:,.0f}", *ratios, _compared(its), error]


def _seconds(seconds: float) -> str:
    return f"{seconds:,.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def _compared(its: dict) -> str:
    difference = its.get("difference")
    if difference is None or isinstance(difference, str):
        return difference or ""
    return f"{'agrees' if difference <= its['allowed'] else '**differs**'}: {difference:.1g} ({its['allowed']:g})"


def _asked(target: Target) -> str:
    units = ("s", "MB", "") if target.peer is None else ("× its time", "× its memory", "")
    values = (target.time, target.memory, target.error)
    return ", ".join(f"≤ {_fraction(v)} {u}".strip() for v, u in zip(values, units, strict=True) if v is not None)


def _fraction(value: float) -> str:
    return f"1/{1 / value:.0f}" if 1e-4 < value <= 0.25 else f"{value:,.10g}"


def _reached(target: Target, ours: dict, its: dict) -> str:
    if "fault" in ours or "fault" in its:
        return "not measured"
    pairs = [(target.time, "seconds"), (target.memory, "mb"), (target.error, "error")]
    unit = {key: its[key] if target.peer else 1 for _, key in pairs}
    return "met" if all(limit is None or ours[key] <= limit * unit[key] for limit, key in pairs) else "**not met**"


def main() -> None:
    """Measure what was asked for, keep it, write results.md from all that is kept."""
    parser = argparse.ArgumentParser(description="Time jobs on our code and on its peers.")
    parser.add_argument("words", nargs="*", help="parts of names of jobs, such as W2 or sampler")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    workloads.FOLDER.mkdir(parents=True, exist_ok=True)
    jobs = [job for family in FAMILIES.values() for job in family]
    for job in jobs:
        if not asked.words or any(word.lower() in job.name.lower() for word in asked.words):
            print(job.name, flush=True)
            (workloads.FOLDER / f"{_slug(job.name)}.json").write_text(json.dumps(measure(job, asked.rounds)), "utf-8")
    files = {job.name: workloads.FOLDER / f"{_slug(job.name)}.json" for job in jobs}
    kept = {name: json.loads(file.read_text("utf-8")) for name, file in files.items() if file.exists()}
    (HERE / "results.md").write_text(report(kept), "utf-8")
    print(f"Written: {HERE / 'results.md'}")


if __name__ == "__main__":
    main()
