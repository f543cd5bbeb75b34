import pandas as pd
import pytest

from r2p_analysis import coverage_table, external, load_study, save_study, states_by_bodies, states_by_functions
from r2p_analysis.external import cow, study_of
from r2p_analysis.findings import all_numbers
from r2p_analysis.networks import two_mode_network

LINES = (
    "ccode,year,state,un,oas",
    "41,2013,haiti,1,1",
    "41,2014,haiti,1,3",
    "500,2014,uganda,1,0",
    "347,2014,kosovo,2,0",
    "260,1990,wgermany,1,0",
)


@pytest.fixture
def tables(write):
    """Four states, one of the past, in two bodies."""
    return cow.load_state_year(write("sy.csv", *LINES))


def test_the_universe_is_the_states_of_the_file_with_a_code(tables, study):
    made = study_of(tables)
    assert made.regions["iso3"].tolist() == ["HTI", "UGA", "XKX"]
    assert list(made.regions.columns) == list(study.regions.columns)
    assert (made.regions.dtypes == study.regions.dtypes).all()
    shipped = study.regions.set_index("iso3").loc["HTI"]
    assert made.regions.set_index("iso3").loc["HTI"].equals(shipped)
    uganda = made.regions.set_index("iso3").loc["UGA"].dropna().to_dict()
    cited = "COWIGO3;UNICODECLDR;UNM49"
    assert uganda == {
        **{"name_en": "Uganda", "m49": "800", "subregion": "eastern_africa", "cow_code": 500, "evidence": cited},
    }


def test_another_universe_can_be_given(tables, study):
    made = study_of(tables, regions=study.regions)
    assert len(made.regions) == 35
    B = two_mode_network(made, "2014")
    assert (B.degree["hti"], B.degree["arg"]) == (1, 0)  # in the OAS an observer
    assert B.graph["n_left_out"] == 1  # Uganda; Kosovo is an associate


def test_the_study_holds_the_tables_and_the_references_that_it_cites(tables, study):
    made = study_of(tables)
    assert made.layers == ("reference",)
    assert len(made.memberships) == 6
    cited = set(study.regions["evidence"].iloc[0].split(";"))
    assert set(made.references["ref_id"]) == {"COWIGO3"} | cited
    assert made.events.empty
    pairs = set(map(tuple, made.codes.to_numpy()))
    assert pairs >= set(map(tuple, study.codes.to_numpy()))
    assert set(made.codes.loc[made.codes["column"] == "subregion", "code"]) == set(made.axis("regions", "subregion"))
    assert set(made.tables) == set(study.tables)


def test_the_descriptor_claims_nothing_of_the_shipped_data(tables, study):
    made = study_of(tables)
    assert set(made.descriptor) == {"$schema", "resources", "name", "title"}
    assert made.descriptor["name"] == "cow-state-year"
    assert made.descriptor["title"].startswith("Intergovernmental Organizations, version 3.0")
    required = {
        field["name"]
        for resource in made.descriptor["resources"]
        for field in resource["schema"]["fields"]
        if resource["name"] == "regions" and field.get("constraints", {}).get("required")
    }
    assert required == {"iso3", "name_en", "evidence"}


def test_the_shipped_descriptor_stays_as_it_is(tables, study, monkeypatch):
    monkeypatch.setattr(external, "load_study", lambda: study)
    study_of(tables)
    assert study.descriptor == load_study().descriptor


def test_the_past_is_in_the_network_of_all(tables):
    B = two_mode_network(study_of(tables), "1990", actors="all")
    assert B.has_edge("cow-260", "un")
    assert "cow-260" not in two_mode_network(study_of(tables), "1990")


def test_the_end_of_the_file_is_not_the_end_of_a_membership(tables):
    made = study_of(tables)
    network = {year: two_mode_network(made, year) for year in ("2013-12-31", "2014-06-30", "2019-06-30")}
    assert network["2013-12-31"].edges["hti", "un"]["holds"] == "yes"
    assert network["2014-06-30"].edges["hti", "un"]["holds"] == "possible"
    assert network["2019-06-30"].edges["hti", "un"]["holds"] == "possible"
    assert not two_mode_network(made, "2019-06-30", reading="certain").edges


def test_a_study_is_saved_and_loaded_as_it_is(tables, tmp_path):
    made = study_of(tables)
    save_study(made, tmp_path / "study")
    loaded = load_study(tmp_path / "study", layers=("reference",))
    for name, frame in made.tables.items():
        pd.testing.assert_frame_equal(loaded.tables[name], frame)


@pytest.mark.external
def test_all_memberships_of_2014_pass_every_check(publisher, tmp_path):
    made = study_of(cow.load_state_year(publisher("cow_igo_v3_state_year.csv.gz"), 2014))
    save_study(made, tmp_path / "study")
    loaded = load_study(tmp_path / "study", layers=("reference",))
    assert len(loaded.memberships) == len(made.memberships) > 12_000
    assert len(loaded.regions) == 195


def test_the_world_has_an_axis_of_sub_regions(tables):
    made = study_of(tables)
    assert made.regions.set_index("iso3")["subregion"].to_dict() == {
        **{"HTI": "caribbean", "UGA": "eastern_africa", "XKX": "southern_europe"},
    }
    assert len(made.axis("regions", "subregion")) == 22
    assert made.label("subregion", "eastern_africa", "es") == "África oriental"
    belongs = states_by_bodies(made, roles=["member", "associate"])["un"]
    assert belongs.to_dict() == {"HTI": "operating", "UGA": "operating", "XKX": "operating"}  # Kosovo, an associate
    assert two_mode_network(made).nodes["uga"]["subregion"] == "eastern_africa"


def test_a_universe_with_another_sub_region_is_refused(tables, study):
    regions = study.regions.assign(subregion="latin_america")
    with pytest.raises(ValueError, match="unknown sub-region 'latin_america'"):
        study_of(tables, regions=regions)


def test_states_of_the_past_are_part_of_the_universe_when_asked_for(tables, study, tmp_path):
    made = study_of(tables, past=True)
    assert made.regions["iso3"].tolist() == ["COW-260", "HTI", "UGA", "XKX"]
    B = two_mode_network(made, "1990")
    assert list(B.neighbors("cow-260")) == ["un"]
    assert (B.nodes["cow-260"]["subregion"], B.nodes["cow-260"]["label"]) == (
        *("western_europe", "German Federal Republic"),
    )
    assert states_by_bodies(made, "1990").loc["COW-260", "un"] == "operating"
    loaded = load_study(save_study(made, tmp_path / "study"), layers=("reference",))
    pd.testing.assert_frame_equal(loaded.regions, made.regions)
    with pytest.raises(ValueError, match="leave out regions"):
        study_of(tables, past=True, regions=study.regions)


@pytest.mark.external
def test_the_measures_take_the_whole_world(publisher):
    made = study_of(cow.load_state_year(publisher("cow_igo_v3_state_year.csv.gz"), 2014))
    bodies = states_by_bodies(made, "2014")
    assert bodies.shape == (195, 4)
    assert (bodies["un"] == "operating").sum() == 193  # UN members in 2014
    assert bodies.index[:2].tolist() == ["CAN", "USA"]
    assert bodies.index[-1] == "WSM"  # Polynesia is last
    assert states_by_functions(made).eq("silent").all().all()
    assert coverage_table(made).empty
    numbers = all_numbers(made).set_index(["chapter", "name"])["value"]
    assert numbers["networks", "n_states"] == "195"
    subregions = dict(two_mode_network(made, "2014").nodes(data="subregion"))
    assert len({subregion for subregion in subregions.values() if subregion}) == 22
