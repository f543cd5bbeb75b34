import pandas as pd
import pytest

from r2p_analysis import DataError, FaultReport, load_study, save_study
from r2p_analysis.chronology import counts_by_period, event_order
from r2p_analysis.external import layout, study_of, ucdp

ROW = {
    **{"id": "7", "type_of_violence": "1", "dyad_name": "Government of Mexico - EZLN", "side_a_new_id": "10"},
    **{"side_a": "Government of Mexico", "side_b_new_id": "20", "side_b": "EZLN", "where_coordinates": "Ocosingo"},
    **{"adm_1": "Chiapas", "country": "Mexico", "country_id": "70", "date_prec": "1", "date_start": "1994-01-02"},
    **{"date_end": "1994-01-02", "best": "5", "high": "9", "low": "4", "gwnoa": "70", "gwnob": "", "source": "x"},
}


@pytest.fixture
def ged(tmp_path):
    """Write a file of GED's layout, each row given by what is other than in `ROW`."""

    def write(*others):
        pd.DataFrame([{**ROW, "id": str(7 + i), **other} for i, other in enumerate(others)]).to_csv(
            tmp_path / "ged.csv", index=False
        )
        return tmp_path / "ged.csv"

    return write


def faults_of(path):
    with pytest.raises(FaultReport) as error:
        ucdp.load_ged(path)
    return [(f.row, f.column, f.value, f.rule) for f in error.value.faults]


def test_an_event_has_its_date_place_sides_and_deaths(ged):
    tables = ucdp.load_ged(ged({}))
    event = tables["events"].loc[0].dropna().to_dict()
    assert event == {
        **{"event_id": "ged-7", "title": "Government of Mexico - EZLN", "kind": "other", "date_edtf": "1994-01-02"},
        **{"place": "Ocosingo, Chiapas", "country_iso3": "MEX", "status": "reported", "basis": "external"},
        **{"evidence": "UCDPGED", "note": "state-based violence"},
    }
    assert tables["event_dates"].to_numpy().tolist() == [["ged-7", "1994-01-02", "external", "UCDPGED"]]
    parts = tables["participations"][["participation_id", "actor_id", "event_id", "role"]]
    assert parts.to_numpy().tolist() == [
        ["ged-7-a-mex", "mex", "ged-7", "participant"],
        ["ged-7-b-ucdp-20", "ucdp-20", "ged-7", "participant"],
    ]
    actors = tables["actors"][["actor_id", "name", "kind", "iso3"]].fillna("").to_numpy().tolist()
    assert actors == [["mex", "Mexico", "state", "MEX"], ["ucdp-20", "EZLN", "armed_group", ""]]
    counts = tables["counts"][["subject_id", "what", "n_min", "n_max", "qualifier"]].to_numpy().tolist()
    assert counts == [
        ["ged-7", "deaths best estimate", 5, 5, "about"],
        ["ged-7", "deaths high estimate", 9, 9, "about"],
        ["ged-7", "deaths low estimate", 4, 4, "about"],
    ]
    assert tables["references"].loc[0, "licence"] == "CC BY 4.0"
    assert tables["counts"].attrs == {
        **{"file": "ged.csv", "layout": "ucdp_ged", "n_rows": 1, "columns_left_out": ["source"]},
        "n_estimates_out_of_order": 0,
    }


@pytest.mark.parametrize(
    ("precision", "first", "last", "edtf"),
    [
        ("1", "2021-03-04", "2021-03-04", "2021-03-04"),
        ("2", "2021-03-04", "2021-03-05", "[2021-03-04..2021-03-05]"),
        ("2", "2021-12-30", "2022-01-04", "[2021-12-30..2022-01-04]"),
        ("3", "2021-03-01", "2021-03-07", "[2021-03-01..2021-03-07]"),
        ("4", "2020-02-01", "2020-02-29", "2020-02"),
        ("4", "2021-03-02", "2021-03-31", "[2021-03-02..2021-03-31]"),
        ("4", "2021-03-01", "2021-03-08", "[2021-03-01..2021-03-08]"),
        ("5", "2021-01-01", "2021-12-31", "2021"),
        ("5", "2021-01-01", "2021-02-28", "[2021-01-01..2021-02-28]"),
        ("1", "2021-03-04 00:00:00.000", "2021-03-04 00:00:00.000", "2021-03-04"),
    ],
)
def test_a_date_is_one_unknown_day_within_its_precision(ged, precision, first, last, edtf):
    tables = ucdp.load_ged(ged({"date_prec": precision, "date_start": first, "date_end": last}))
    assert tables["events"].loc[0, "date_edtf"] == tables["event_dates"].loc[0, "date_edtf"] == edtf


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        ("1", "2021-03-04", "2021-03-05"),
        ("1", "2021-03-04", "2021-03-03"),
        ("2", "2021-03-04", "2021-03-04"),
        ("2", "2021-03-04", "2021-03-10"),
        ("3", "2021-03-01", "2021-03-06"),
        ("4", "2021-03-01", "2021-03-07"),
        ("4", "2021-03-01", "2021-04-01"),
        ("5", "2021-03-01", "2021-03-31"),
        ("5", "2021-03-01", "2022-03-02"),
    ],
)
def test_a_precision_that_the_days_do_not_have_is_a_fault(ged, precision, first, last):
    path = ged({}, {"date_prec": precision, "date_start": first, "date_end": last})
    rule = "does not fit the days from date_start to date_end"
    assert faults_of(path) == [(3, "date_prec", precision, rule)]


def test_sides_are_states_groups_and_civilians(ged):
    path = ged(
        {"gwnoa": "2, 200", "side_a": "Government of United States, Government of United Kingdom", "gwnob": "678"},
        {"type_of_violence": "3", "gwnoa": "", "side_a": "Los Zetas", "side_b": "Civilians", "side_b_new_id": "1"},
        {"type_of_violence": "2", "gwnoa": "", "side_a": "Los Zetas", "side_b": "Gulf Cartel", "side_b_new_id": "30"},
    )
    tables = ucdp.load_ged(path)
    assert tables["participations"][["actor_id", "event_id", "role"]].to_numpy().tolist() == [
        ["gbr", "ged-7", "participant"],
        ["usa", "ged-7", "participant"],
        ["yem", "ged-7", "participant"],
        ["ucdp-10", "ged-8", "participant"],
        ["ucdp-1", "ged-8", "subject"],
        ["ucdp-10", "ged-9", "participant"],
        ["ucdp-30", "ged-9", "participant"],
    ]
    kinds = tables["actors"].set_index("actor_id")["kind"].to_dict()
    assert kinds == {
        **{"gbr": "state", "usa": "state", "yem": "state"},
        **{"ucdp-1": "collective", "ucdp-10": "armed_group", "ucdp-30": "armed_group"},
    }
    assert tables["events"]["note"].tolist() == ["state-based violence", "one-sided violence", "non-state violence"]


@pytest.mark.parametrize(
    ("number", "iso3"), [("41", "HTI"), ("260", "DEU"), ("340", "SRB"), ("678", "YEM"), ("970", "KIR"), ("971", "NRU")]
)
def test_countries_have_gleditsch_ward_numbers(ged, number, iso3):
    assert ucdp.load_ged(ged({"country_id": number}))["events"].loc[0, "country_iso3"] == iso3


def test_estimates_out_of_order_are_kept_and_counted(ged):
    tables = ucdp.load_ged(ged({"low": "9", "best": "5", "high": "7"}, {"high": "3"}, {}))
    assert tables["counts"].attrs["n_estimates_out_of_order"] == 2
    assert tables["counts"].loc[tables["counts"]["subject_id"] == "ged-7", "n_min"].tolist() == [5, 7, 9]


def test_what_no_rule_knows_is_a_fault(ged):
    path = ged(
        {
            "country_id": "999",
            "date_prec": "6",
            "type_of_violence": "4",
            "gwnoa": "70, 998",
            "best": "many",
            "low": "-1",
        },
        {"id": "7", "date_start": "1994-02-30", "side_b": "", "date_end": "", "side_a_new_id": "x"},
    )
    assert faults_of(path) == [
        (2, "best", "many", "is no whole number"),
        (2, "country_id", "999", "is no state of Gleditsch and Ward"),
        (2, "date_prec", "6", "is no precision of dates"),
        (2, "gwnoa", "70, 998", "is no state of Gleditsch and Ward"),
        (2, "low", "-1", "is no whole number"),
        (2, "type_of_violence", "4", "is no type of violence"),
        (3, "date_end", "", "is empty"),
        (3, "date_start", "1994-02-30", "is no day (YYYY-MM-DD)"),
        (3, "id", "7", "stands twice"),
        (3, "side_a_new_id", "x", "is no whole number"),
        (3, "side_b", "", "is empty"),
    ]


def test_countries_can_be_chosen(ged):
    path = ged({}, {"country": "Haiti", "country_id": "41"}, {"country": "Cuba", "country_id": "40"})
    tables = ucdp.load_ged(path, countries=["Haiti", "Mexico"])
    assert tables["events"]["country_iso3"].tolist() == ["MEX", "HTI"]
    assert tables["events"].attrs["n_rows"] == 3
    with pytest.raises(ValueError, match="no row has the country 'Mexiko': did you mean 'Mexico'"):
        ucdp.load_ged(path, countries=["Mexiko"])


def test_another_layout_or_number_of_rows_is_refused(ged, write):
    with pytest.raises(DataError, match="1 rows in place of 2"):
        ucdp.load_ged(ged({}), n_rows=2)
    header = ",".join(column for column in layout.LAYOUTS["ucdp_ged"] if column != "date_prec")
    with pytest.raises(DataError, match="without date_prec; unknown layout: looks like 'ucdp_ged' without date_prec;"):
        ucdp.load_ged(write("ged.csv", header))


def test_events_are_a_study_that_can_be_saved(ged, tmp_path):
    study = study_of(ucdp.load_ged(ged({}, {"date_prec": "4", "date_start": "1994-01-01", "date_end": "1994-01-31"})))
    save_study(study, tmp_path / "study")
    loaded = load_study(tmp_path / "study", layers=("reference",))
    pd.testing.assert_frame_equal(loaded.events, study.events)
    assert loaded.regions["iso3"].tolist() == ["MEX"]


@pytest.fixture(scope="module")
def mexico(publisher):
    """Events of Mexico."""
    return ucdp.load_ged(publisher("ucdp_ged_mexico_1989_2023.csv.gz"), n_rows=18_957)


@pytest.mark.external
def test_the_events_of_mexico_are_there(mexico, publisher):
    events = mexico["events"]
    assert len(events) == 18_957
    assert events["date_edtf"].str.fullmatch(r"\d{4}-\d\d-\d\d").sum() == 16_576
    assert events["date_edtf"].str.contains("2021").sum() == 3_756
    raw = pd.read_csv(publisher("ucdp_ged_mexico_1989_2023.csv.gz"))
    best = mexico["counts"].loc[mexico["counts"]["what"] == "deaths best estimate", "n_min"]
    assert best.sum() == raw["best"].sum()
    assert len(mexico["actors"]) == len({*raw["side_a_new_id"], *raw["side_b_new_id"]})
    assert set(events["country_iso3"]) == {"MEX"}
    ordered = (raw["low"] <= raw["best"]) & (raw["best"] <= raw["high"])
    assert events.attrs["n_estimates_out_of_order"] == (~ordered).sum()


@pytest.mark.external
def test_the_events_of_2021_count_as_a_study(mexico):
    in_2021 = mexico["events"][mexico["events"]["date_edtf"].str.contains("2021")]
    by_year = counts_by_period(event_order(study_of({**mexico, "events": in_2021})))
    assert by_year.loc["2021", "n_events"] == pytest.approx(3_756)
    assert by_year.attrs["n_left_out"] == 0


@pytest.mark.external
def test_a_sample_of_the_world_is_loaded(publisher):
    tables = ucdp.load_ged(publisher("ucdp_ged_sample_1000.csv.gz"), n_rows=1_000)
    raw = pd.read_csv(publisher("ucdp_ged_sample_1000.csv.gz"))
    governments = raw.loc[raw["gwnoa"].notna(), "side_a"]
    states = tables["participations"][tables["participations"]["participation_id"].str.contains("-a-[a-z]{3}$")]
    assert len(states) == len(governments) == governments.str.startswith("Government").sum()
    assert set(tables["events"]["country_iso3"]) >= {"SYR", "AFG", "YEM", "SRB"}
