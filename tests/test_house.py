"""What is written down in more than one file says the same in each."""

import importlib.metadata
import json
import re
import runpy
import tomllib
import zipfile
from pathlib import Path

import env_file
import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]


def text(name):
    return (ROOT / name).read_text("utf-8")


PYPROJECT = tomllib.loads(text("pyproject.toml"))
PROJECT = PYPROJECT["project"]


def requirements(extras):
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)]
    asked = [Requirement(line) for lines in lists for line in lines]
    return [requirement for requirement in asked if requirement.name != PROJECT["name"]]


def locked():
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)", text("requirements.lock"), re.M)
    return {name: [version for other, version in pins if other == name] for name, _ in pins}


def test_environment_yml_is_what_the_generator_writes():
    assert text("environment.yml") == env_file.environment(PYPROJECT)


def test_environment_yml_asks_for_the_versions_of_pyproject():
    stated = yaml.safe_load(text("environment.yml"))["dependencies"]
    conda = [Requirement(line.replace("matplotlib-base", "matplotlib")) for line in stated if " " in line]
    assert conda[0] == Requirement(f"python{PROJECT['requires-python']}")
    assert sorted(conda[1:], key=str) == sorted(requirements(["stats", "notebooks"]), key=str)
    assert stated[-1] == {"pip": ["-e ."]}


def test_a_stale_environment_yml_is_noticed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(env_file, "ROOT", tmp_path)
    changed = text("pyproject.toml").replace("pandas>=3.0", "pandas>=2.0")
    (tmp_path / "pyproject.toml").write_text(changed)
    (tmp_path / "environment.yml").write_text(text("environment.yml"))
    assert env_file.main(["--check"]) == 1
    assert "make env-file" in capsys.readouterr().out
    assert env_file.main([]) == 0
    assert "pandas >=2.0,<4" in (tmp_path / "environment.yml").read_text("utf-8")


def test_the_lock_names_no_host_and_has_a_hash_for_every_pin():
    lock = text("requirements.lock")
    assert "://" not in lock
    pins = re.split(r"^(?=[\w.-]+(?:\[[\w,-]+\])?==)", lock, flags=re.M)[1:]
    assert len(pins) > 100
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_extras_that_packages_ask_of_each_other_stand_in_the_lock():
    # Older versions of pip take a pin without its extra for another package, and then the newest release of it.
    pins = map(Requirement, re.findall(r"^[\w.-]+\[[\w,-]+\]==[\w.]+", text("requirements.lock"), re.M))
    extras = {pin.name: pin.extras for pin in pins}
    asked = []
    for distribution in importlib.metadata.distributions():
        if distribution.name.lower() in locked():
            asked += [r for line in distribution.requires or () if (r := Requirement(line)).extras]
    wanted = [r for r in asked if r.marker is None or r.marker.evaluate({"extra": ""})]
    assert "coverage" in {r.name for r in wanted}
    assert [str(r) for r in wanted if not r.extras <= extras.get(r.name, set())] == []


# Peers stand beside the package, and Spark is larger than all the rest.
LOCKED = [extra for extra in PROJECT["optional-dependencies"] if extra not in ("bench", "spark")]


@pytest.mark.parametrize("requirement", requirements(LOCKED), ids=str)
def test_the_lock_satisfies(requirement):
    versions = locked().get(requirement.name, [])
    assert versions
    assert [v for v in versions if v not in requirement.specifier] == []


def test_one_version():
    in_source = re.search(r'^__version__ = "(.+)"$', text("r2p_analysis/__init__.py"), re.M)[1]
    in_changelog = re.search(r"^## \[(?:Unreleased\] )?([\d.]+)", text("CHANGELOG.md"), re.M)[1]
    in_citation = yaml.safe_load(text("CITATION.cff"))["version"]
    assert {in_source, in_changelog, in_citation} == {PROJECT["version"]}


def test_the_citation_has_the_version_of_the_data():
    (data,) = yaml.safe_load(text("CITATION.cff"))["references"]
    assert data["version"] == json.loads(text("data/datapackage.json"))["version"]


def test_ci_runs_make_test_and_installs_nothing():
    lines = [line for line in text(".ci/run").splitlines() if line and line[0] != "#"]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_report_shows_every_figure_and_notices_what_a_page_would_load_from_elsewhere(tmp_path):
    report = runpy.run_path(str(ROOT / "docs" / "report.py"))
    shown = re.findall(r"^!\[.+\]\(figures/(.+)\.svg\)$", report["gallery"](ROOT / "figures"), re.M)
    assert sorted(shown) == sorted(path.stem for path in (ROOT / "figures").glob("*.svg"))
    (tmp_path / "page.html").write_text(
        '<a href="https://example.org/read"><img src="a.png"><script src="b.js"></script>'
        '<link rel="stylesheet" href="//example.org/c.css"><script async src="https://example.org/d.js"></script>'
    )
    assert [line.split("example.org")[1] for line in report["outside"](tmp_path)] == ["/c.css", "/d.js"]


def test_the_study_travels_in_the_wheel(tmp_path):
    from hatchling.builders.wheel import WheelBuilder

    wheel = next(iter(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])))
    names = set(zipfile.ZipFile(wheel).namelist())
    tables = {f"r2p_analysis/_data/tables/{path.name}" for path in (ROOT / "data" / "tables").glob("*.csv")}
    assert tables
    assert {*tables, "r2p_analysis/_data/datapackage.json", "r2p_analysis/_data/README.md"} <= names
    others = {name.split("/")[0] for name in names}
    assert others == {"r2p_analysis", f"r2p_analysis-{PROJECT['version']}.dist-info"}
    # The codebook reports how far the readings agree, so they travel; copies of documents never do.
    assert {f"r2p_analysis/_data/readings/{reading}/events.csv" for reading in "ab"} <= names
    assert not [name for name in names if "sources/" in name]
