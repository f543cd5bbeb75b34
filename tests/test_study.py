"""Loading, layers, saving, and what a study says of itself."""

import filecmp
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from r2p_analysis import paths
from r2p_analysis.schema import FaultReport
from r2p_analysis.study import load_study, save_study


def test_layers_keep_their_rows_and_nothing_mixes_unasked(small):
    coded, both = load_study(small), load_study(small, ("coded", "reference"))
    assert coded.memberships["membership_id"].tolist() == ["arg-lake-member", "brb-lake-member"]
    assert len(both.memberships) == 3
    reference = load_study(small, "reference")
    assert reference.actors["actor_id"].tolist() == ["arg", "lake", "per", "union"]
    assert reference.notes == tuple(
        f"{n} of the coded layer are here since rows of the reference layer name them" for n in ("1 events", "3 actors")
    )
    assert coded.layers == ("coded",)
    assert len(coded.references) == len(both.references) == 1  # what evidence points to is always whole


def test_layers_stand_in_one_order_however_they_are_asked_for(small):
    assert load_study(small, layers=("reference", "coded")).layers == ("coded", "reference")
    with pytest.raises(ValueError, match="layer 'coded' stands twice"):
        load_study(small, layers=("coded", "coded"))


def test_a_table_of_the_reference_layer_is_empty_without_it(small):
    own = ["rosters", "commitments", "votes", "known_disagreements"]
    coded = load_study(small)
    assert [len(coded.tables[name]) for name in own] == [0, 0, 0, 0]
    assert list(coded.votes.columns) == ["actor_id", "vote_id", "vote", "evidence"]
    assert str(coded.rosters["n_stated"].dtype) == "Int64"
    for layers in ("reference", ("coded", "reference")):
        assert [len(load_study(small, layers).tables[name]) for name in own] == [2, 1, 1, 1]


def test_a_layer_of_a_table_that_is_misspelt_is_named(small):
    path = small / "datapackage.json"
    path.write_text(path.read_text().replace('"layer": "reference"', '"layer": "refernce"', 1))
    with pytest.raises(ValueError, match="unknown layer of a table 'refernce': did you mean 'reference'"):
        load_study(small)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (("codde",), "unknown layer 'codde': did you mean 'coded'"),
        ((), "no layer asked for; choose from coded, reference"),
    ],
)
def test_an_unknown_layer_says_what_is_allowed(small, layers, message):
    with pytest.raises(ValueError, match=message):
        load_study(small, layers)


def test_no_study_says_where_it_looked(tmp_path):
    with pytest.raises(FileNotFoundError, match=f"no study here(.|\n)*{tmp_path}"):
        load_study(tmp_path)


def test_the_descriptor_itself_names_the_study(small):
    assert load_study(small / "datapackage.json").path == small


def test_types_and_order(small):
    study = load_study(small)
    assert str(study.counts["n_min"].dtype) == "Int64"
    assert study.events["title"].dtype == "str"
    assert study.memberships["end_edtf"].isna().all()
    assert study.events["event_id"].is_monotonic_increasing


def test_tables_are_attributes_and_a_wrong_name_says_which(small):
    study = load_study(small)
    assert "events" in dir(study)
    with pytest.raises(AttributeError, match="unknown table 'event': did you mean 'events'"):
        study.event  # noqa: B018
    assert repr(study).startswith("<Study r2p-americas 0.1.0, coded layer: sources 1, passages 7")


def test_axes_come_from_the_descriptor(study):
    axis = study.axis("functions", "function")
    assert axis[:2] == ["prevention", "early_warning"]
    assert len(axis) == 8
    assert len(study.axis("functions", "status")) == 4
    with pytest.raises(ValueError, match="unknown coded column of functions 'gist'"):
        study.axis("functions", "gist")
    with pytest.raises(ValueError, match="unknown column of functions 'functio'"):
        study.axis("functions", "functio")


def without(folder, *names, codes=()):
    """Take tables out of a study's folder, with the foreign keys to them and the codes that only they have."""
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] not in names]
    for resource in descriptor["resources"]:
        keys = resource["schema"].get("foreignKeys", [])
        resource["schema"]["foreignKeys"] = [k for k in keys if k["reference"]["resource"] not in names]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    drop_lines(folder / "tables" / "codes.csv", lambda line: line.split(",")[0].split(".")[0] in {*names, *codes})
    for name in names:
        (folder / "tables" / f"{name}.csv").unlink()


def drop_lines(path, is_dropped):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not is_dropped(line)), encoding="utf-8")


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (("sources",), ()),
        (("memberships", "ties", "conflicts", "functions"), ("function", "status", "extent", "confidence")),
        (("counts", "aliases", "conflicts"), ("qualifier",)),
        (("codes",), ()),
    ],
)
def test_a_study_may_have_fewer_tables_and_says_which_it_lacks(small, names, codes):
    every = set(load_study(small).tables)
    without(small, *names, codes=codes)
    study = load_study(small, ("coded", "reference"))
    assert set(study.tables) == every - set(names)
    for kind in (AttributeError, ValueError):  # of Python's own, and of a user
        with pytest.raises(kind, match=f"unknown table '{names[0]}'"):
            getattr(study, names[0])


def test_without_references_a_row_may_still_lack_its_passage(small):
    own = ("rosters", "commitments", "votes", "known_disagreements")  # the reference layer's
    without(small, "references", *own, codes=("dataset_says", "vote"))
    for path in (small / "tables").glob("*.csv"):
        drop_lines(path, lambda line: "LIST" in line)
        path.write_text(path.read_text(encoding="utf-8").replace("actors:per", "actors:arg"), encoding="utf-8")
    assert "references" not in load_study(small).tables
    path = small / "tables" / "functions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("memo-00152-00189", "LIST"), encoding="utf-8")
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    assert [f.rule for f in caught.value.faults] == ["an explicit row needs a passage", "is not in passages"]


def test_labels_in_both_languages(study):
    assert study.label("function", "early_warning") != study.label("function", "early_warning", "es") != "early_warning"
    assert study.label("events.kind", "no such") == "no such"
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        study.label("function", "training", "fr")
    for column in ("functions.statu", "function.status", "statu"):
        with pytest.raises(ValueError, match=f"unknown column '{column}': did you mean '"):
            study.label(column, "operating")


def test_replacing_a_table_leaves_the_study_as_it_was(small):
    study = load_study(small)
    other = study.with_tables(events=study.events.iloc[:1])
    assert (len(study.events), len(other.events)) == (3, 1)
    with pytest.raises(ValueError, match="unknown table 'evnts'"):
        study.with_tables(evnts=study.events)
    with pytest.raises(TypeError):
        study.tables["events"] = study.events


def test_saving_and_loading_gives_the_same_rows(small, tmp_path):
    both = load_study(small, ("coded", "reference"))
    again = load_study(save_study(both, tmp_path / "new"), ("coded", "reference"))
    for name, frame in both.tables.items():
        pd.testing.assert_frame_equal(frame, again.tables[name])
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["datapackage.json", "tables"]


def test_a_save_that_fails_leaves_what_was_there(small, tmp_path):
    study = load_study(small)
    target = save_study(study, tmp_path / "new")
    before = {p: p.read_bytes() for p in target.rglob("*.csv")}
    broken = study.with_tables(codes=study.codes.drop(columns="code"))
    with pytest.raises(KeyError):
        save_study(broken, target)
    assert {p: p.read_bytes() for p in target.rglob("*.csv")} == before


def test_the_shipped_tables_are_as_saving_writes_them(tmp_path):
    whole = load_study(layers=("coded", "reference"))
    save_study(whole, tmp_path)
    for name in whole.tables:
        shipped = whole.path / "tables" / f"{name}.csv"
        assert filecmp.cmp(shipped, tmp_path / "tables" / f"{name}.csv", shallow=False), name


def test_copies_of_documents_are_looked_for_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("R2P_SOURCES", f"{tmp_path}:/nowhere")
    assert paths.source_folders() == [tmp_path, Path("/nowhere")]
    monkeypatch.delenv("R2P_SOURCES")
    monkeypatch.chdir(tmp_path)
    assert paths.source_folders()[-1] == tmp_path / "data" / "sources"


def test_a_publishers_file_is_looked_for_where_the_environment_says(monkeypatch, tmp_path):
    (tmp_path / "cow.csv").write_text("x")
    monkeypatch.setenv("R2P_EXTERNAL", f"/nowhere:{tmp_path}")
    assert paths.external_file("cow.csv") == tmp_path / "cow.csv"
    with pytest.raises(FileNotFoundError, match=f"no coww.csv; looked in: /nowhere, {tmp_path}"):
        paths.external_file("coww.csv")
    monkeypatch.delenv("R2P_EXTERNAL")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "external").mkdir(parents=True)
    (tmp_path / "data" / "external" / "mine.csv").write_text("x")
    assert paths.external_file("mine.csv").name == "mine.csv"


def test_figures_go_to_the_checkout_or_else_to_the_current_folder(monkeypatch, tmp_path):
    assert paths.figures_folder().name == "figures"
    monkeypatch.setattr(paths, "_ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert paths.figures_folder() == tmp_path / "figures"


def test_the_package_loads_nothing_heavy_until_it_is_asked():
    heavy = ("pandas", "networkx", "matplotlib", "scipy")
    code = f"import sys, r2p_analysis; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_no_public_function_has_the_name_of_a_module_which_would_take_its_place_once_loaded():
    import r2p_analysis

    modules = {module.name for module in pkgutil.iter_modules(r2p_analysis.__path__)}
    functions = {name for names in r2p_analysis._BY_CHAPTER.values() for name in names}
    assert "coverage" in modules and "intersections" in functions
    assert not modules & functions


def test_every_public_name_is_there():
    import r2p_analysis

    for name in r2p_analysis.__all__:
        assert getattr(r2p_analysis, name) is not None
    assert set(r2p_analysis.__all__) <= set(dir(r2p_analysis))
    with pytest.raises(AttributeError, match="has no attribute 'load_studdy'"):
        r2p_analysis.load_studdy  # noqa: B018


def test_the_data_keep_to_data_package_v2(study):
    frictionless = pytest.importorskip("frictionless")
    package = frictionless.Package(json.loads((study.path / "datapackage.json").read_text()), basepath=str(study.path))
    report = package.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]
