"""Publishers' files where they are, and small files written in a test."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def publisher():
    """Give the path of a publisher's file, or skip."""
    named = os.environ.get("R2P_TEST_EXTERNAL")
    folder = Path(named) if named else ROOT.parent / "shared" / "external"

    def find(name):
        if not (folder / name).is_file():
            pytest.skip(f"no {name} in {folder} (R2P_TEST_EXTERNAL names another folder)")
        return folder / name

    return find


@pytest.fixture
def write(tmp_path):
    """Write lines to a file of the test's own."""

    def write(name, *lines):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def americas(study):
    """Ids of the 35 states."""
    return sorted(study.regions["iso3"].str.lower())
