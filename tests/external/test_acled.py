import pandas as pd
import pytest

from r2p_analysis import DataError, FaultReport
from r2p_analysis.external import acled, layout

# Invented; only the layout is ACLED's.
ROW = {
    **{"event_id_cnty": "HTI7", "event_date": "07 March 2021", "time_precision": "1", "event_type": "Protests"},
    **{"sub_event_type": "Peaceful protest", "actor1": "Protesters (Haiti)", "inter1": "Protesters", "actor2": ""},
    **{"inter2": "", "iso": "332", "country": "Haiti", "admin1": "Ouest", "location": "Port-au-Prince"},
    **{"fatalities": "0", "assoc_actor_1": "Someone", "notes": "Invented, for a test"},
}


@pytest.fixture
def export(tmp_path):
    """Write a file of ACLED's layout, each row given by what is other than in `ROW`."""

    def write(*others):
        rows = [{**ROW, "event_id_cnty": f"HTI{7 + i}", **other} for i, other in enumerate(others)]
        pd.DataFrame(rows).to_csv(tmp_path / "acled.csv", index=False)
        return tmp_path / "acled.csv"

    return write


def faults_of(path):
    with pytest.raises(FaultReport) as error:
        acled.load_events(path)
    return [(f.row, f.column, f.value, f.rule) for f in error.value.faults]


def test_an_event_has_its_date_place_actors_and_deaths(export):
    path = export({"fatalities": "3", "actor2": "Police Forces of Haiti (2017-)", "inter2": "State forces"})
    tables = acled.load_events(path, n_rows=1)
    assert tables["events"].loc[0].dropna().to_dict() == {
        **{"event_id": "acled-hti7", "title": "Peaceful protest", "kind": "other", "date_edtf": "2021-03-07"},
        **{"place": "Port-au-Prince, Ouest", "country_iso3": "HTI", "status": "reported", "basis": "external"},
        **{"evidence": "ACLED", "note": "Protests"},
    }
    assert tables["event_dates"]["date_edtf"].tolist() == ["2021-03-07"]
    assert tables["participations"][["participation_id", "actor_id", "role"]].to_numpy().tolist() == [
        ["acled-hti7-a-acled-protesters-haiti", "acled-protesters-haiti", "participant"],
        ["acled-hti7-b-acled-police-forces-of-haiti-2017", "acled-police-forces-of-haiti-2017", "participant"],
    ]
    assert tables["actors"][["name", "kind"]].to_numpy().tolist() == [
        ["Police Forces of Haiti (2017-)", "office"],
        ["Protesters (Haiti)", "collective"],
    ]
    assert tables["counts"][["what", "n_min", "n_max"]].to_numpy().tolist() == [["fatalities", 3, 3]]
    assert tables["references"].loc[0, "ref_id"] == "ACLED"
    assert tables["events"].attrs == {
        **{"file": "acled.csv", "layout": "acled", "n_rows": 1},
        "columns_left_out": ["assoc_actor_1", "notes"],
    }


@pytest.mark.parametrize(
    ("day", "precision", "edtf"),
    [
        ("07 March 2021", "1", "2021-03-07"),
        ("2021-03-07", "1", "2021-03-07"),
        ("02 March 2021", "2", "[2021-02-27..2021-03-05]"),
        ("15 March 2021", "3", "2021-03"),
    ],
)
def test_a_date_is_as_precise_as_it_is_said_to_be(export, day, precision, edtf):
    tables = acled.load_events(export({"event_date": day, "time_precision": precision}))
    assert tables["events"].loc[0, "date_edtf"] == edtf


@pytest.mark.parametrize(
    ("code", "word", "kind"),
    [
        ("1", "State forces", "office"),
        ("2", "Rebel group", "armed_group"),
        ("3", "Political militia", "armed_group"),
        ("4", "Identity militia", "armed_group"),
        ("5", "Rioters", "collective"),
        ("6", "Protesters", "collective"),
        ("7", "Civilians", "collective"),
        ("8", "External/Other forces", "collective"),
    ],
)
def test_codes_of_actors_are_numbers_or_words(export, code, word, kind):
    for given in (code, word):
        assert acled.load_events(export({"inter1": given}))["actors"].loc[0, "kind"] == kind


def test_an_actor_with_several_codes_has_the_first_in_acleds_order(export):
    rows = [{"inter1": "8"}, {"inter1": "1"}, {"actor2": "Protesters (Haiti)", "inter2": "5", "inter1": "8"}]
    assert acled.load_events(export(*rows))["actors"]["kind"].tolist() == ["office"]


def test_without_a_second_actor_there_is_one_part(export):
    for inter in ("", "0"):
        assert len(acled.load_events(export({"inter2": inter}))["participations"]) == 1


def test_what_no_rule_knows_is_a_fault(export):
    path = export(
        {"event_date": "7.3.2021", "time_precision": "4", "inter1": "9", "iso": "999", "fatalities": "-1"},
        {"event_id_cnty": "HTI7", "actor1": "", "actor2": "Mob", "inter2": ""},
        {"event_id_cnty": "HTI-7", "actor1": "Protesters - Haiti", "sub_event_type": "", "event_date": "31 June 2021"},
    )
    assert faults_of(path) == [
        (2, "event_date", "7.3.2021", "is no date (07 March 2021 or 2021-03-07)"),
        (2, "fatalities", "-1", "is no number of deaths"),
        (2, "inter1", "9", "is no kind of actor"),
        (2, "iso", "999", "is no ISO 3166-1 number"),
        (2, "time_precision", "4", "is no precision of dates"),
        (3, "actor1", "", "is empty"),
        (3, "event_id_cnty", "HTI7", "stands twice"),
        (3, "inter2", "", "is empty"),
        (4, "actor1", "Protesters - Haiti", "gives the id 'protesters-haiti'"),
        (4, "event_date", "31 June 2021", "is no date (07 March 2021 or 2021-03-07)"),
        (4, "sub_event_type", "", "is empty"),
    ]


def test_countries_can_be_chosen_and_codes_have_no_zeros(export):
    path = export({"country": "Brazil", "iso": "76"}, {})
    assert acled.load_events(path, countries=["Brazil"])["events"]["country_iso3"].tolist() == ["BRA"]


def test_another_layout_names_what_is_missing(write):
    header = ",".join(column for column in layout.LAYOUTS["acled"] if column not in ("iso", "inter2"))
    with pytest.raises(DataError, match="looks like 'acled' without inter2, iso"):
        acled.load_events(write("acled.csv", header))
