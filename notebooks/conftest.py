"""Stored outputs are compared (pytest --nbval) without copies of the documents: they are to be everyone's."""

import os
from pathlib import Path

import pytest

SHIPPED_ELSEWHERE = {"05-your-own-data.ipynb": "cow_igo_v3_state_year.csv.gz"}
HERE = Path(__file__).resolve().parent
EXTERNAL = os.environ.get("R2P_EXTERNAL", str(HERE.parents[1] / "shared" / "external"))
MISSING = {n: file for n, file in SHIPPED_ELSEWHERE.items() if not (Path(EXTERNAL) / file).is_file()}

collect_ignore = ["scratch.ipynb", *MISSING]


def pytest_report_header():
    """Say which notebooks are skipped, and why."""
    return [f"notebooks/{n} skipped: no {file} in {EXTERNAL} (R2P_EXTERNAL)" for n, file in MISSING.items()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Hide copies of the documents from a notebook's kernel, and the kernel from the coverage of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("R2P_SOURCES", "")
        patch.setenv("R2P_EXTERNAL", EXTERNAL)
        patch.setattr(item.config.option, "cov_source", None, raising=False)
        return (yield)
