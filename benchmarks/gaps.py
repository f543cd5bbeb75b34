"""Coverage: the cube of 200 states, 500 bodies and 10 functions, from a study in memory.

The memberships are those of W2; every body performs each function with a chance of a half, some through an organ, in
one of four statuses; a third of the memberships begin on a stated day. So some 100,000 claims fall on a million cells.
"""

import itertools
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
from jobs import Job, Target, Task
from workloads import NETWORKS, SEED, ties

AT = "2014-09-08"
STATUS, BASIS = ["operating", "planned", "potential", "denied"], ["explicit", "inferred", "external"]
N_FUNCTIONS = 10


def ours_cube(name: str) -> Task:
    """Ours."""
    from r2p_analysis.coverage import coverage_cube

    study = world(*_memberships(name))
    return Task(lambda: coverage_cube(study, AT), _strengths)


def pandas_cube(name: str) -> Task:
    """Two merges, a sort and a reindex, as one would write it in a notebook, of rows known to hold on the day."""
    study = world(*_memberships(name))
    organs = study.actors.dropna(subset="parent_id")
    roots = dict(zip(organs["actor_id"], organs["parent_id"], strict=True))
    axis = study.axis("functions", "function")

    def run() -> pd.DataFrame:
        members = study.memberships.assign(iso3=study.memberships["actor_id"].str.upper())
        functions = study.functions.assign(via=study.functions["body_id"].map(lambda body: roots.get(body, body)))
        found = functions.merge(members, left_on="via", right_on="body_id", suffixes=("", "_of_member"))
        found["status"] = np.maximum(*(found[c].map(STATUS.index) for c in ("status", "status_of_member")))
        best = found.groupby(["iso3", "function", "via"])["status"].min()
        bodies = sorted(study.memberships["body_id"].unique())
        return best.reindex(pd.MultiIndex.from_product([sorted(study.regions["iso3"]), axis, bodies]), fill_value=4)

    return Task(run, lambda table: np.bincount(table, minlength=5))


def _strengths(cube: pd.DataFrame) -> np.ndarray:
    """Cells of each status; those of the national axis are silent here, and the peer has none."""
    there = cube.index.get_level_values("body") != "national"
    return np.bincount(cube["status"].cat.codes[there], minlength=5)


def _memberships(name: str) -> tuple[np.ndarray, np.ndarray]:
    if name in NETWORKS:
        found = ties(name)
        return found.rows, found.columns
    rng = np.random.default_rng(SEED)  # the warm-up
    return rng.integers(5, size=20), rng.integers(4, size=20)


def world(rows: np.ndarray, columns: np.ndarray):
    """Study with these memberships; its axis of functions has ten codes."""
    import json

    from r2p_analysis.study import Study

    descriptor = json.loads((Path(__file__).parents[1] / "data" / "datapackage.json").read_text("utf-8"))
    fields = {r["name"]: r["schema"]["fields"] for r in descriptor["resources"]}
    axis = next(f for f in fields["functions"] if f["name"] == "function")
    axis["axis"] = axis["constraints"]["enum"][:N_FUNCTIONS]
    rng = np.random.default_rng(SEED)
    # Pairs of letters and "aaa" to "zzz": no code of a real state is needed.
    codes = ["".join(letters) for letters in itertools.product("abcdefghij", repeat=3)][: rows.max() + 1]
    bodies = [f"body{number:03}" for number in range(columns.max() + 1)]
    given = {
        "regions": [{"iso3": code.upper(), "subregion": "caribbean"} for code in codes],
        "actors": [{"actor_id": body, "kind": "igo"} for body in bodies]
        + [{"actor_id": f"{body}-organ", "kind": "organ", "parent_id": body} for body in bodies[::5]],
        "memberships": _spells(rng, [codes[row] for row in rows], [bodies[column] for column in columns]),
        "functions": _performed(rng, bodies, axis["axis"]),
        "passages": [{"passage_id": f"p{n}", "vintage_edtf": AT if n % 2 else "2014"} for n in range(20)],
    }
    frames = {name: _frame(given.get(name, []), own) for name, own in fields.items()}
    return Study(MappingProxyType(frames), descriptor, Path("world"))


def _spells(rng: np.random.Generator, states: list[str], bodies: list[str]) -> list[dict]:
    status, start = rng.choice(STATUS[:3], len(states), p=[0.8, 0.1, 0.1]), rng.random(len(states)) < 1 / 3
    return [
        {
            "membership_id": f"m{i}",
            "actor_id": state,
            "body_id": body,
            "role": "member",
            "status": status[i],
            "start_edtf": f"19{i % 80 + 20}-01-01" if start[i] else None,
            "basis": BASIS[i % 3],
            "evidence": f"p{i % 20}",
        }
        for i, (state, body) in enumerate(zip(states, bodies, strict=True))
    ]


def _performed(rng: np.random.Generator, bodies: list[str], axis: list[str]) -> list[dict]:
    made = []
    for number, body in enumerate(bodies):
        for function in axis:
            if rng.random() < 0.5:
                organ = number % 5 == 0 and rng.random() < 0.5
                made.append(
                    {
                        "function_id": f"f{len(made)}",
                        "body_id": f"{body}-organ" if organ else body,
                        "function": function,
                        "status": STATUS[rng.choice(4, p=[0.5, 0.2, 0.2, 0.1])],
                        "basis": BASIS[len(made) % 3],
                        "evidence": f"p{len(made) % 20}",
                    }
                )
    return made


def _frame(rows: list[dict], fields: list[dict]) -> pd.DataFrame:
    columns = {field["name"]: [row.get(field["name"]) for row in rows] for field in fields}
    return pd.DataFrame(columns, dtype="object").astype(
        {field["name"]: "Int64" if field["type"] == "integer" else "str" for field in fields}
    )


JOBS = [
    Job(
        "coverage cube, 200 states × 500 bodies × 10 functions",
        "W2",
        {"ours": "gaps:ours_cube", "plain pandas": "gaps:pandas_cube"},
        (Target(time=1),),
    )
]
