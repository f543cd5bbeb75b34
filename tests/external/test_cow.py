import gzip
import time

import numpy as np
import pandas as pd
import pytest

from r2p_analysis import DataError, FaultReport
from r2p_analysis.external import cow, study_of
from r2p_analysis.networks import two_mode_network
from r2p_analysis.spells import members_at, memberships_at

STATE_YEAR = (
    "ccode,year,state,OAS,sica,geo",
    "41,2012,haiti,1,-9,-1",
    "41,2013,haiti,1,0,-1",
    "41,2014,haiti,1,3,2",
    "260,1990,wgermany,0,0,1",
)
IGO_YEAR = (
    "ioname,orgname,year,haiti,wgermany,usa,SDate,LongOrgName,IOnum,Imputed",
    "OAS,Org,2013,1,,-1,1951,Old,3380,0",
    "OAS,Org,2014,1,,1,1951,Organization,3380,0",
    "SICA,SICA,2014,3,,-9,1991,,4300,0",
    "SICA,SICA,2012,0,2,0,1991,,4300,0",
)


@pytest.fixture(scope="module")
def forms(publisher):
    """Both forms of version 3.0, loaded once."""
    state_year = cow.load_state_year(publisher("cow_igo_v3_state_year.csv.gz"), n_rows=15_557)
    return state_year, cow.load_igo_year(publisher("cow_igo_v3_igo_year.csv.gz"), n_rows=19_335)


@pytest.fixture(scope="module")
def raw(publisher):
    """The cells of the state-year file, by state and year."""
    return pd.read_csv(publisher("cow_igo_v3_state_year.csv.gz"), index_col=["state", "year"])


def faults_of(load, path):
    with pytest.raises(FaultReport) as error:
        load(path)
    return [(f.row, f.column, f.value, f.rule) for f in error.value.faults]


def spells_of(tables):
    return tables["memberships"][["membership_id", "role", "start_edtf", "end_edtf"]].to_numpy().tolist()


def test_the_state_year_form_gives_spells_actors_and_every_cell(write):
    tables = cow.load_state_year(write("sy.csv", *STATE_YEAR))
    assert spells_of(tables) == [
        ["cow-260-igo-geo-member-1990", "member", "1990", "1990"],
        ["hti-igo-geo-associate-2014", "associate", "2014", "[2014..]"],
        ["hti-oas-member-2012", "member", "2012", "[2014..]"],
        ["hti-sica-observer-2014", "observer", "2014", "[2014..]"],
    ]
    statuses = tables["state_years"].astype({"status": str, "year": int})
    assert len(statuses) == 12
    of_haiti = statuses[(statuses["actor_id"] == "hti") & (statuses["year"] == 2012)].set_index("body_id")["status"]
    assert of_haiti.to_dict() == {"oas": "full", "sica": "missing", "igo-geo": "not_in_existence"}
    actors = tables["actors"].set_index("actor_id")
    assert actors.loc["hti", ["name", "kind", "iso3"]].tolist() == ["Haiti", "state", "HTI"]
    assert actors.loc["cow-260", "kind"] == "state"
    assert pd.isna(actors.loc["cow-260", "iso3"])
    assert actors.loc["igo-geo", ["name", "kind"]].tolist() == ["GEO", "igo"]
    same = tables["memberships"][["status", "basis", "confidence", "evidence"]].drop_duplicates()
    assert same.to_numpy().tolist() == [["operating", "external", "medium", "COWIGO3"]]
    assert tables["references"].loc[0, "ref_id"] == "COWIGO3"


def test_what_is_known_of_the_file_stands_in_attrs(write):
    for frame in cow.load_state_year(write("sy.csv", *STATE_YEAR)).values():
        assert frame.attrs == {
            **{"file": "sy.csv", "layout": "cow_state_year", "n_rows": 4, "columns_left_out": []},
            **{"n_bodies": 3, "n_states": 2},
        }


def test_the_igo_year_form_gives_the_same_tables_with_names(write):
    tables = cow.load_igo_year(write("iy.csv", *IGO_YEAR))
    assert spells_of(tables) == [
        ["cow-260-sica-associate-2012", "associate", "2012", "2012"],
        ["hti-oas-member-2013", "member", "2013", "[2014..]"],
        ["hti-sica-observer-2014", "observer", "2014", "[2014..]"],
        ["usa-oas-member-2014", "member", "2014", "[2014..]"],
    ]
    statuses = tables["state_years"].astype({"status": str, "year": int}).set_index(["body_id", "year", "actor_id"])
    assert statuses.loc[[("oas", 2013, "usa"), ("oas", 2014, "cow-260"), ("sica", 2014, "usa")], "status"].tolist() == [
        *("not_in_system", "not_in_system", "missing"),
    ]
    bodies = tables["actors"].set_index("actor_id").loc[["oas", "sica"], ["name", "short_name"]]
    assert bodies.to_numpy().tolist() == [["Organization", "OAS"], ["SICA", "SICA"]]


def test_the_order_of_the_rows_does_not_matter(write):
    expected = spells_of(cow.load_state_year(write("sy.csv", *STATE_YEAR)))
    turned = cow.load_state_year(write("sy.csv", STATE_YEAR[0], *reversed(STATE_YEAR[1:])))
    assert spells_of(turned) == expected


def test_a_choice_of_years_keeps_whole_spells_that_touch_it(write):
    path = write("sy.csv", *STATE_YEAR)
    tables = cow.load_state_year(path, 2013)
    assert spells_of(tables) == [["hti-oas-member-2012", "member", "2012", "[2014..]"]]
    assert tables["state_years"]["year"].unique().tolist() == [2013]
    assert tables["actors"].loc[tables["actors"]["kind"] == "state", "actor_id"].tolist() == ["hti"]
    assert tables["state_years"].attrs["n_states"] == 1
    assert len(cow.load_state_year(path, [1990, 2014])["memberships"]) == 4
    states = cow.load_igo_year(write("iy.csv", *IGO_YEAR), [2013])["actors"].query("kind == 'state'")
    assert states["actor_id"].tolist() == ["hti"]
    with pytest.raises(ValueError, match=r"no rows for \[1991, 2020\]: the file covers 1990 to 2014"):
        cow.load_state_year(path, [1991, 2013, 2020])


def test_what_no_rule_knows_is_a_fault_in_the_state_year_form(write):
    path = write(
        *(
            "sy.csv",
            "ccode,year,state,oas,sica,o.as",
            "41,2012,haiti,7,1,0",
            "41,2012,haiti,x,,0",
            "999,2013,haiti,1,1,0",
        ),
        *("2,2013.5,haiti,1,1,0", "2,2014,usa,1,1,0"),
    )
    assert faults_of(cow.load_state_year, path) == [
        (1, "o.as", "", "is no name of a body"),
        (2, "oas", "7", "is no status"),
        (3, "ccode", "41", "has a year twice"),
        (3, "oas", "x", "is no status"),
        (3, "sica", "", "is no status"),
        (4, "ccode", "999", "is no state of the COW system"),
        (5, "state", "haiti", "is not the name that goes with the ccode"),
        (5, "year", "2013.5", "is no year"),
    ]


def test_what_no_rule_knows_is_a_fault_in_the_igo_year_form(write):
    path = write(
        *("iy.csv", "ioname,orgname,year,haiti,hayti,longorgname,ionum", "OAS,O,2013,4,1,O,1", "OAS,O,2013,1,1,O,1"),
        *(",O,2014,1,1,O,1", "X,X,,x,1,X,1"),
    )
    assert faults_of(cow.load_igo_year, path) == [
        (1, "hayti", "", "is no state of the COW system"),
        (2, "haiti", "4", "is no status"),
        (3, "ioname", "OAS", "has a year twice"),
        (4, "ioname", "", "is empty"),
        (5, "haiti", "x", "is no status"),
        (5, "year", "", "is no year"),
    ]


def test_the_other_form_is_named(write):
    with pytest.raises(DataError, match="without ccode, state; has the layout 'cow_igo_year'"):
        cow.load_state_year(write("iy.csv", *IGO_YEAR))


def test_a_difference_of_the_forms_is_one_of_the_statuses_asked_for(write):
    one = cow.load_state_year(write("sy.csv", *STATE_YEAR))
    other = cow.load_igo_year(write("iy.csv", *IGO_YEAR, "GEO,G,2014,0,1,0,2005,G,1,0"))
    differ = cow.compare_forms(one, other, 2014)
    assert differ.to_numpy().tolist() == [
        ["igo-geo", "cow-260", "no row", "full"],
        ["oas", "usa", "no row", "full"],
    ]
    assert cow.compare_forms(one, other, 2014, ["hti"]).empty
    differ = cow.compare_forms(one, other, 2014, ["hti"], statuses=["associate"])
    assert differ.to_numpy().tolist() == [["igo-geo", "hti", "associate", "none"]]
    differ = cow.compare_forms(one, other, 2014, statuses=cow.STATUSES)
    assert ["sica", "usa", "no row", "missing"] in differ.to_numpy().tolist()
    assert ["sica", "cow-260", "no row", "not_in_system"] not in differ.to_numpy().tolist()


def test_a_comparison_needs_rows_and_known_statuses(write):
    one, other = cow.load_state_year(write("sy.csv", *STATE_YEAR)), cow.load_igo_year(write("iy.csv", *IGO_YEAR))
    with pytest.raises(ValueError, match="no rows for 1990 in igo_year: it covers 2012 to 2014"):
        cow.compare_forms(one, other, 1990)
    with pytest.raises(ValueError, match="unknown status 'ful': did you mean 'full'"):
        cow.compare_forms(one, other, 2014, statuses=["ful"])


@pytest.mark.external
def test_every_cell_of_both_forms_is_there(forms, raw):
    state_year, igo_year = (tables["state_years"] for tables in forms)
    assert (state_year.attrs["n_rows"], state_year.attrs["n_bodies"], state_year.attrs["n_states"]) == (
        15_557,
        534,
        217,
    )
    assert (igo_year.attrs["n_rows"], igo_year.attrs["n_bodies"], igo_year.attrs["n_states"]) == (19_335, 534, 217)
    assert state_year["status"].value_counts().to_dict() == {
        **{"not_in_existence": 5_459_286, "none": 2_170_313, "full": 535_772, "missing": 138_874},
        **{"observer": 2_332, "associate": 861, "not_in_system": 0},
    }
    assert len(igo_year) == 19_335 * 217
    codes = {"full": 1, "associate": 2, "observer": 3, "none": 0, "missing": -9, "not_in_existence": -1}
    of_canada = state_year[(state_year["actor_id"] == "can") & (state_year["body_id"] == "oas")].set_index("year")
    assert of_canada["status"].astype(str).map(codes).to_dict() == raw.loc["canada", "oas"].to_dict()


@pytest.mark.external
def test_the_years_of_the_spells_are_the_cells(forms, raw):
    spells = forms[0]["memberships"]
    first = spells["start_edtf"].str.findall(r"\d{4}").str[-1].astype(int)
    last = spells["end_edtf"].str.findall(r"\d{4}").str[0].astype(int)
    counted = (last - first + 1).groupby(spells["role"]).sum().to_dict()
    codes = raw.drop(columns="ccode").to_numpy()
    assert counted == {"member": (codes == 1).sum(), "associate": (codes == 2).sum(), "observer": (codes == 3).sum()}


@pytest.mark.external
def test_known_errors_of_the_data_are_loaded_as_they_are(forms):
    spells = forms[0]["memberships"].set_index(["actor_id", "body_id"])[["role", "start_edtf", "end_edtf"]].sort_index()
    assert spells.loc[[("hnd", "oas")]].to_numpy().tolist() == [
        ["member", "1899", "2009"]
    ]  # with the Pan-American Union
    assert spells.loc[[("cub", "oas")]].to_numpy().tolist()[-1] == ["member", "2009", "[2014..]"]
    assert spells.loc[[("bhs", "caricom")]].to_numpy().tolist() == [["member", "1974", "[2014..]"]]
    assert spells.loc[[("dom", "un")]].to_numpy().tolist() == [["member", "1965", "[2014..]"]]
    assert not {"unasur", "celac"} & set(forms[0]["actors"]["actor_id"])


@pytest.mark.external
def test_the_forms_differ_in_five_bodies_for_the_americas_in_2014(forms, americas):
    differ = cow.compare_forms(*forms, 2014, americas)
    assert sorted(set(differ["body_id"])) == ["iasaj", "icac", "icco", "iopcf", "irsg"]
    assert len(differ) == 7
    of_associates = cow.compare_forms(*forms, 2014, americas, statuses=["associate", "observer"])
    assert set(of_associates["body_id"]) == {"cto"}


@pytest.mark.external
def test_a_network_of_all_states_of_2014_has_the_cells_as_edges(publisher, raw):
    study = study_of(cow.load_state_year(publisher("cow_igo_v3_state_year.csv.gz"), 2014))
    B = two_mode_network(study, "2014")
    in_2014 = raw.xs(2014, level="year").drop(columns="ccode")
    assert sum(side == 0 for _, side in B.nodes(data="bipartite")) == len(in_2014) == 195
    assert B.number_of_edges() == int(in_2014.eq(1).to_numpy().sum())
    assert members_at(study, "caricom", "2014") == [
        *("atg", "bhs", "blz", "brb", "dma", "grd", "guy", "hti", "jam", "kna", "lca", "sur", "tto", "vct"),
    ]
    with pytest.warns(UserWarning, match="possible on 2022"):
        assert members_at(study, "un", "2022", reading="certain") == []


@pytest.mark.external
def test_the_state_year_form_is_loaded_in_time(publisher):
    # Seconds of this process, so that a busy machine does not count; the wall is a little more.
    began = time.process_time()
    cow.load_state_year(publisher("cow_igo_v3_state_year.csv.gz"))
    assert time.process_time() - began < 5


def test_a_gzipped_file_is_read(tmp_path):
    (tmp_path / "sy.csv.gz").write_bytes(gzip.compress("\n".join(STATE_YEAR).encode()))
    assert len(cow.load_state_year(tmp_path / "sy.csv.gz")["memberships"]) == 4


def test_a_header_without_rows_is_an_error(write):
    for load, lines in ((cow.load_state_year, STATE_YEAR), (cow.load_igo_year, IGO_YEAR)):
        with pytest.raises(DataError, match=r"h\.csv: a header without rows"):
            load(write("h.csv", lines[0]))


@pytest.mark.parametrize("years", [np.int64(2013), [np.int16(2013)], {2013}, range(2013, 2014), np.array([2013])])
def test_years_are_whole_numbers_of_any_kind(write, years):
    tables = cow.load_state_year(write("sy.csv", *STATE_YEAR), years)
    assert tables["state_years"]["year"].unique().tolist() == [2013]
    assert tables["memberships"].attrs["years"] == (2013,)


@pytest.mark.parametrize("years", ["2013", 2013.0, ["2013"], [None], []])
def test_other_years_are_refused(write, years):
    with pytest.raises(ValueError, match="years"):
        cow.load_state_year(write("sy.csv", *STATE_YEAR), years)


def test_the_reference_says_what_years_it_speaks_of(write):
    path = write("sy.csv", *STATE_YEAR)
    whole, part = cow.load_state_year(path)["references"], cow.load_state_year(path, [2012, 2013])["references"]
    assert whole.loc[0, "published_edtf"] == part.loc[0, "published_edtf"] == "2014"
    assert part.loc[0, "title"] == whole.loc[0, "title"] + "; only spells that touch 2012 to 2013"
    assert cow.load_state_year(path, 2013)["references"].loc[0, "title"].endswith("; only spells that touch 2013")
    earlier = cow.load_igo_year(write("iy.csv", *IGO_YEAR[:2]))["references"]
    assert earlier.loc[0, "published_edtf"] == "2013"


def test_a_row_speaks_of_no_day_after_the_last_year(write):
    rows = memberships_at(study_of(cow.load_state_year(write("sy.csv", *STATE_YEAR))), "2014-09-08")
    assert rows["as_of"].astype("str").unique().tolist() == ["2014-12-31"]


def test_a_year_is_certain_between_the_first_and_the_last(write):
    study = study_of(cow.load_state_year(write("sy.csv", *STATE_YEAR)))
    certain = {day: members_at(study, "oas", day, reading="certain") for day in ("2012", "2013", "2014")}
    assert certain == {"2012": [], "2013": ["hti"], "2014": []}
    assert members_at(study, "oas", "2014") == ["hti"]


@pytest.mark.external
@pytest.mark.parametrize(
    ("load", "name", "n"),
    [(cow.load_state_year, "state_year", 15_557), (cow.load_igo_year, "igo_year", 19_335)],
)
def test_a_cut_file_of_version_3_is_refused_unless_it_is_meant(publisher, tmp_path, load, name, n):
    lines = gzip.decompress(publisher(f"cow_igo_v3_{name}.csv.gz").read_bytes()).splitlines(keepends=True)
    (tmp_path / "cut.csv").write_bytes(b"".join(lines[:500]))
    with pytest.raises(DataError, match=f"499 rows, the published file has {n:,}; is it cut"):
        load(tmp_path / "cut.csv")
    for said in ("any", 499):
        assert load(tmp_path / "cut.csv", n_rows=said)["references"].attrs["n_rows"] == 499
