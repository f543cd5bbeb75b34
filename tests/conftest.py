"""Fixtures: the shipped study, a small study in a folder of its own, copies of the documents."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def no_copies(monkeypatch):
    """Run without copies of the documents unless a test asks for them."""
    monkeypatch.setenv("R2P_SOURCES", "")


@pytest.fixture(scope="session")
def study():
    """Load the shipped study's coded layer."""
    from r2p_analysis.study import load_study

    return load_study()


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Make a small complete study, with its document, in a folder that a test may spoil."""
    folder = tmp_path / "small"
    shutil.copytree(ROOT / "tests" / "small", folder)
    shutil.copy(ROOT / "data" / "datapackage.json", folder)
    shutil.copy(ROOT / "data" / "tables" / "codes.csv", folder / "tables")
    monkeypatch.setenv("R2P_SOURCES", str(folder / "sources"))
    return folder


@pytest.fixture
def documents(monkeypatch):
    """Point to the copies of the coded documents, or skip."""
    named = os.environ.get("R2P_TEST_SOURCES")
    folder = Path(named) if named else ROOT.parent / "shared" / "sources"
    if not folder.is_dir():
        pytest.skip(f"no copies of the documents at {folder} (R2P_TEST_SOURCES names another folder)")
    monkeypatch.setenv("R2P_SOURCES", str(folder))
    return folder
