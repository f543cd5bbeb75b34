"""Publishers' files where they are, and small files written in a test."""

import os
from pathlib import Path

import pytest

from r2p_analysis import external_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def publisher(request):
    """Give the path of a publisher's file, or skip."""
    if not os.environ.get("R2P_EXTERNAL"):
        patch = pytest.MonkeyPatch()
        patch.setenv("R2P_EXTERNAL", str(ROOT.parent / "shared" / "external"))
        request.addfinalizer(patch.undo)

    def find(name):
        try:
            return external_file(name)
        except FileNotFoundError as error:
            pytest.skip(str(error))

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
