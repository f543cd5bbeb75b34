"""Outlines of states: arcs are joined as TopoJSON says, borders stay shared, and little is left out."""

import hashlib
import json
import os
import re
from pathlib import Path

import pytest

from r2p_analysis.external import natural_earth

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "data" / "shapes"

# Two unit squares side by side at 80° W, 20° N: arc 0 is their border from south to north with a bend in it, arcs 1
# and 2 the rest of the western and of the eastern one. A third, small piece belongs to nobody who is asked for.
BORDER = [[100, 0], [1, 50], [-1, 50]]
WEST = [[100, 100], [-100, 0], [0, -100], [100, 0]]
EAST = [[100, 0], [100, 0], [0, 100], [-100, 0]]
THIRD = [[300, 300], [10, 0], [0, 10], [-10, -10]]


def topology(**changes):
    shapes = [
        {"type": "Polygon", "arcs": [[0, 1]], "id": "332"},
        {"type": "MultiPolygon", "arcs": [[[2, -1]]], "id": "214"},
        {"type": "Polygon", "arcs": [[3]], "id": "250"},
        {"type": "Polygon", "arcs": [[3]]},
    ]
    made = {
        "transform": {"scale": [0.01, 0.01], "translate": [-80, 20]},
        "arcs": [BORDER, WEST, EAST, THIRD],
        "objects": {"countries": {"geometries": shapes}},
    }
    return {**made, **changes}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "countries.json"
    path.write_text(json.dumps(topology()))
    return path


def points(text):
    numbers = list(map(int, text.split()))
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_arcs_are_joined_forwards_and_backwards(file):
    table = natural_earth.load_outlines(file, tolerance=0.001)
    rings = {code: points(text) for code, text in zip(table["iso3"], table["points"], strict=True) if code}
    west = [(-7900, 2000), (-7899, 2050), (-7900, 2100), (-8000, 2100), (-8000, 2000), (-7900, 2000)]
    assert rings["HTI"] == west
    east = [(-7900, 2000), (-7800, 2000), (-7800, 2100), (-7900, 2100), (-7899, 2050), (-7900, 2000)]
    assert rings["DOM"] == east


def test_a_border_that_is_made_simpler_is_the_same_for_both(file):
    rough = natural_earth.load_outlines(file, tolerance=0.02).set_index("iso3")["points"]
    assert "-7899 2050" not in rough["HTI"] + rough["DOM"]
    fine = natural_earth.load_outlines(file, tolerance=0.005).set_index("iso3")["points"]
    assert all("-7899 2050" in fine[code] for code in ("HTI", "DOM"))


def test_land_of_others_is_kept_unnamed_where_it_is_asked_for(file):
    assert natural_earth.load_outlines(file)["iso3"].tolist() == ["", "", "DOM", "HTI"]
    assert natural_earth.load_outlines(file, around=None)["iso3"].tolist() == ["DOM", "HTI"]
    assert natural_earth.load_outlines(file, around=(0, 0, 9, 9))["iso3"].tolist() == ["DOM", "HTI"]
    assert natural_earth.load_outlines(file, ["western_europe"], around=None)["iso3"].tolist() == ["FRA"]


def test_the_largest_piece_comes_first(tmp_path):
    shape = {"type": "MultiPolygon", "arcs": [[[3]], [[0, 1]]], "id": "192"}
    path = tmp_path / "cuba.json"
    path.write_text(json.dumps(topology(objects={"countries": {"geometries": [shape]}})))
    table = natural_earth.load_outlines(path)
    assert table["piece"].tolist() == [1, 2]
    assert points(table.loc[1, "points"])[0] == (-7700, 2300)


@pytest.mark.parametrize("changes", [{"objects": {}}, {"arcs": None}, {"transform": {"scale": [1, 1]}}])
def test_a_file_of_something_else_is_refused(changes, tmp_path):
    path = tmp_path / "other.json"
    path.write_text(json.dumps(topology(**changes)))
    with pytest.raises(ValueError, match=r"other\.json is no TopoJSON of countries"):
        natural_earth.load_outlines(path)


def test_an_unknown_sub_region_is_refused(file):
    with pytest.raises(ValueError, match="unknown sub-region 'caribean': did you mean 'caribbean'"):
        natural_earth.load_outlines(file, ["caribean"])


def test_the_shipped_file_is_small_and_says_where_it_is_from():
    assert (SHAPES / "outlines.csv").stat().st_size < 300_000
    said = (SHAPES / "README.md").read_text("utf-8")
    assert re.search(r"^    [0-9a-f]{64}$", said, re.M)
    assert "public domain" in said
    assert "2.0.2" in said


@pytest.mark.external
def test_the_shipped_file_is_made_anew_byte_for_byte(tmp_path):
    named = os.environ.get("R2P_EXTERNAL")
    path = (Path(named) if named else ROOT.parent / "shared" / "external") / "countries-50m.json"
    if not path.is_file():
        pytest.skip(f"no {path.name} in {path.parent} (data/shapes/README.md says where it is from)")
    stated = re.search(r"^    ([0-9a-f]{64})$", (SHAPES / "README.md").read_text("utf-8"), re.M)[1]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == stated
    made = tmp_path / "outlines.csv"
    natural_earth.load_outlines(path).to_csv(made, index=False, lineterminator="\n")
    assert made.read_bytes() == (SHAPES / "outlines.csv").read_bytes()
