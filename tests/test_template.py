"""`r2p new`: a folder that the loader accepts, on which everything works."""

import json
import textwrap

import pandas as pd
import pytest

from r2p_analysis.chronology import counts_by_period, event_order
from r2p_analysis.cli import main
from r2p_analysis.coverage import states_by_bodies, states_by_functions
from r2p_analysis.evidence import mentions_by_state
from r2p_analysis.figures import FIGURES, build_figures
from r2p_analysis.networks import centralities, one_mode_projection, two_mode_network
from r2p_analysis.schema import DataError
from r2p_analysis.study import load_study, save_study
from r2p_analysis.template import new_study


@pytest.fixture
def made(tmp_path):
    return new_study(tmp_path / "My Study")


def test_a_new_study_is_checked_and_verified(made, capsys, monkeypatch):
    monkeypatch.setenv("R2P_SOURCES", str(made / "sources"))
    assert main(["check", str(made)]) == 0
    assert main(["verify", "--study", str(made)]) == 0
    assert "2 of 2 checked stand as coded (100.0 %)" in capsys.readouterr().out


def test_it_has_its_own_name_and_every_table(made, study):
    mine = load_study(made)
    assert mine.descriptor["name"] == "my-study"
    assert "trust" not in mine.descriptor, "what is said of the shipped data is not said of others"
    assert set(mine.tables) == set(study.tables)
    assert mine.codes.equals(study.codes)
    assert mine.participations.empty
    assert list(mine.participations.columns) == list(study.participations.columns)


def test_the_command_writes_the_codebook_too(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert main(["new", str(folder), "--title", "Bodies of my region"]) == 0
    out = capsys.readouterr().out
    assert f"r2p check {folder}" in out
    assert str(folder / "HOWTO.md") in out
    assert "# Bodies of my region: what to edit" in (folder / "HOWTO.md").read_text()
    assert "Bodies of my region" in (folder / "README.md").read_text()
    assert main(["codebook", "--check", "--study", str(folder)]) == 0


def test_a_folder_that_holds_a_study_is_left_alone(made, capsys):
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    with pytest.raises(DataError, match="holds a study already"):
        new_study(made)
    (made.parent / "half" / "tables").mkdir(parents=True)
    with pytest.raises(DataError, match="holds a study already"):
        new_study(made.parent / "half")
    assert main(["new", str(made)]) == 1
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


def test_states_that_are_asked_for_are_the_universe_wherever_they_lie(tmp_path, study, capsys):
    folder = tmp_path / "west"
    assert main(["new", str(folder), "--states", "nga, GHA,BRA,GHA"]) == 0
    assert main(["check", str(folder)]) == 0
    regions = load_study(folder).regions.set_index("iso3")
    assert regions.index.tolist() == ["BRA", "GHA", "NGA"]
    expected = ["Ghana", "288", 452, "western_africa", "UNM49;UNICODECLDR"]
    assert regions.loc["GHA", ["name_en", "m49", "cow_code", "subregion", "evidence"]].tolist() == expected
    assert regions.loc["BRA"].equals(study.regions.set_index("iso3").loc["BRA"])
    capsys.readouterr()
    assert main(["new", str(tmp_path / "other"), "--states", "GHA,NGR"]) == 2
    assert "unknown state 'NGR': did you mean" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


def test_the_howto_makes_outlines_for_the_true_map(tmp_path, monkeypatch):
    folder = new_study(tmp_path / "west", states=["GHA", "BRA"])
    text = (folder / "HOWTO.md").read_text(encoding="utf-8")
    code = textwrap.dedent(text.partition("```python\n")[2].partition("   ```")[0])
    assert '["south_america", "western_africa"]' in code
    square = {"type": "Polygon", "arcs": [[0]], "id": "288"}
    topology = {"transform": {"scale": [1, 1], "translate": [-3, 5]}, "arcs": [[[0, 0], [2, 0], [0, 2], [-2, -2]]]}
    (folder / "package").mkdir()
    topology |= {"objects": {"countries": {"geometries": [square]}}}
    (folder / "package" / "countries-50m.json").write_text(json.dumps(topology))
    monkeypatch.chdir(folder)
    exec(code, {})
    build_figures(load_study(folder), tmp_path, ["state-map"])
    drawn = pd.read_csv(tmp_path / "state-map.csv").set_index("iso3")["drawn"]
    assert drawn.to_dict() == {"BRA": False, "GHA": True}  # the file of the study comes before the shipped one


def test_what_only_the_shipped_study_knows_is_not_claimed_nor_required(made, study):
    mine = load_study(made)
    assert not {"trust", "at", "since"} & set(mine.descriptor)
    regions = next(r for r in mine.descriptor["resources"] if r["name"] == "regions")
    assert "America" not in regions["description"]
    fewer = mine.regions.assign(subregion=None, m49=None, name_es=None, name_pt=None, un_member_since_edtf=None)
    fewer = fewer.assign(official_languages=None).astype(mine.regions.dtypes)
    again = load_study(save_study(mine.with_tables(regions=fewer), made))
    assert again.regions["subregion"].isna().all()
    assert study.descriptor["at"] == "2014-09-08"


def test_every_analysis_works_on_it(made):
    mine = load_study(made)
    B = two_mode_network(mine, "2012-06")
    assert sorted(B) == ["sample-union", "xaa", "xbb"]
    assert centralities(B)["degree"].tolist() == [1, 0]
    assert one_mode_projection(B).number_of_edges() == 0
    assert counts_by_period(event_order(mine))["n_events"].tolist() == [1.0]
    assert states_by_functions(mine, "2012-06").eq("silent").all(axis=None)
    assert states_by_bodies(mine, "2012-06").loc["XBB", "sample-union"] == "potential"
    assert mentions_by_state(mine)["n_passages"].tolist() == [1, 1]


def test_every_figure_is_drawn_of_it_and_of_a_study_without_any_row(made, tmp_path):
    mine = load_study(made)
    assert len(build_figures(mine, tmp_path / "figures")) == 4 * len(FIGURES)
    kept = {"codes"}
    bare = mine.with_tables(**{name: frame.iloc[:0] for name, frame in mine.tables.items() if name not in kept})
    empty = load_study(save_study(bare, tmp_path / "empty"))
    assert len(build_figures(empty, tmp_path / "none")) == 4 * len(FIGURES)
