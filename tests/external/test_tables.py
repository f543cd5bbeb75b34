import pandas as pd
import pytest

from r2p_analysis import FaultReport
from r2p_analysis.external import layout, tables


def frame_of(**columns):
    frame = pd.DataFrame(columns, dtype="category")
    frame.attrs["file"] = "votes.csv"
    return frame


def test_the_list_of_states_has_no_code_twice_and_ids_by_the_rule():
    states = tables.state_list()
    for column in ("state_id", "iso3", "iso2", "m49", "cow_code", "cow_column"):
        assert not states[column].dropna().duplicated().any(), column
    coded = states["iso3"].notna()
    assert (states["state_id"][coded] == states["iso3"][coded].str.lower()).all()
    assert (states["state_id"][~coded] == "cow-" + states["cow_code"][~coded]).all()
    assert (states["iso2"][coded].str.len() == 2).all()
    assert states.loc[coded & states["m49"].isna(), "iso3"].tolist() == ["XKX"]


def test_the_list_of_states_agrees_with_regions(study):
    states = tables.state_list().set_index("iso3").loc[study.regions["iso3"]].reset_index()
    assert states["m49"].tolist() == study.regions["m49"].tolist()
    assert states["cow_code"].tolist() == study.regions["cow_code"].astype("str").tolist()


@pytest.mark.external
def test_every_state_of_the_system_has_an_id_and_those_of_today_a_code(publisher):
    spells = pd.read_csv(publisher("cow_states2016.csv"))
    assert len(spells) == 243
    by_code = tables.state_list().dropna(subset="cow_code").set_index("cow_code")
    today = spells.loc[spells["endyear"] == 2016, "ccode"].astype("str")
    assert set(by_code.index) == set(spells["ccode"].astype("str"))
    assert set(by_code.index[by_code["iso3"].notna()]) == set(today)
    named = spells.drop_duplicates("ccode").set_index("ccode")["statenme"]
    other = {code for code, name in named.items() if by_code.loc[str(code), "name"] != name}
    assert other == {345}  # Yugoslavia there, Serbia here


def test_a_wrong_value_is_one_fault_where_it_first_stands():
    frame = frame_of(vote=["yes", "jes", "no", "jes", None])
    (fault,) = tables.unknown(frame, "vote", ["yes", "no"], "is no vote")
    assert (fault.file, fault.row, fault.column, fault.value) == ("votes.csv", 1, "vote", "jes")
    assert (fault.rule, fault.hint) == ("is no vote", "in 2 rows; did you mean 'yes'? allowed: yes, no")


def test_empty_cells_are_one_fault_a_column():
    faults = tables.empty(frame_of(a=["x", None, None], b=["x", "y", "z"]), "a", "b")
    assert [(f.row, f.column, f.value, f.hint) for f in faults] == [(1, "a", "", "in 2 rows")]


def test_many_broken_cells_show_twenty_and_say_how_many():
    frame = frame_of(id=["x"] * 21)
    assert len(tables.broken(frame, frame.index[:20], "id", "twice", "why")) == 20
    faults = tables.broken(frame, frame.index, "id", "twice", "why")
    assert (len(faults), faults[0].hint) == (20, "why; in 21 rows")
    assert tables.broken(frame, frame.index[:1], "id", "twice")[0].hint == ""


def test_a_fault_has_the_line_of_the_file_also_after_line_breaks_and_empty_lines(write):
    path = write("list.csv", "actor,group", '"a', 'b",x', "", "c,y", "d,z")
    frame = layout.read(path, "two_mode")
    with pytest.raises(FaultReport) as error:
        tables.refuse(tables.broken(frame, [0, 1, 2], "actor", "is wrong"), path)
    assert [(f.row, f.value) for f in error.value.faults] == [(2, "a\nb"), (5, "c"), (6, "d")]


def test_lines_are_found_in_a_gzipped_file_and_counted_in_parquet(tmp_path):
    pd.DataFrame({"actor": ["a", "b"], "group": ["c", "d"]}).to_csv(tmp_path / "x.csv.gz", index=False)
    for name in ("x.csv.gz", "x.parquet"):
        with pytest.raises(FaultReport) as error:
            tables.refuse(tables.broken(frame_of(actor=["a", "b"]), [1], "actor", "is wrong"), tmp_path / name)
        assert error.value.faults[0].row == 3


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "csv.GZ", "csv.bz2", "csv.xz", "csv.zip", "csv.ZIP"])
def test_the_line_of_a_fault_is_found_in_every_packing(tmp_path, suffix):
    path = tmp_path / f"x.{suffix}"
    pd.DataFrame({"actor": ["a", "b"], "group": ["c", "d"]}).to_csv(path, index=False)
    with pytest.raises(FaultReport) as error:
        tables.refuse(tables.broken(frame_of(actor=["a", "b"]), [1], "actor", "is wrong"), path)
    assert error.value.faults[0].row == 3


def test_of_a_wrong_number_no_other_number_is_meant():
    (fault,) = tables.unknown(frame_of(ccode=["998"]), "ccode", ["990", "2"], "is no state")
    assert fault.hint == "in 1 row; allowed: 990, 2"


def test_names_that_give_one_id_or_none_are_faults():
    frame = frame_of(actor=["Unión A", "Union (A)", "Ελλάς", "B"], group=["B", "C", "D", "D"])
    ids, faults = tables.slugs(frame, ["actor", "group"], "x-")
    assert {name: ids[name] for name in "BCD"} == {"B": "x-b", "C": "x-c", "D": "x-d"}
    assert [(f.row, f.value, f.rule, f.hint) for f in faults] == [
        (0, "Unión A", "gives the id 'union-a'", "as does 'Union (A)'"),
        (2, "Ελλάς", "gives no id", "write it with letters a to z or digits"),
    ]


def test_a_table_has_the_columns_types_and_order_of_ours(study):
    rows = {"count_id": ["b", "a"], "subject_id": "e", "n_min": [1, 2], "more": 0}
    frame = tables.table("counts", rows, "REF", qualifier="about")
    assert list(frame.columns) == list(study.counts.columns)
    assert (frame.dtypes == study.counts.dtypes).all()
    assert frame["count_id"].tolist() == ["a", "b"]
    assert frame[["n_min", "n_max", "basis", "evidence", "qualifier"]].loc[0].fillna("").tolist() == [
        *(2, "", "external", "REF", "about"),
    ]


def test_spare_white_space_of_texts_is_left_out():
    rows = {"event_id": ["e", "f"], "title": [" Oil  slick\non shores ", None]}
    assert tables.table("events", rows, "REF")["title"].fillna("").tolist() == ["Oil slick on shores", ""]


# Rows of each sub-region in the table of the UN Statistics Division, Kosovo (CLDR: 039) and Taiwan (030) added.
M49 = {
    **{"021": 5, "013": 8, "029": 28, "005": 16, "015": 7, "014": 22, "017": 9, "018": 5, "011": 17},
    **{"143": 5, "030": 8, "035": 11, "034": 9, "145": 18, "151": 10, "154": 16, "039": 17, "155": 9},
    **{"053": 6, "054": 5, "057": 8, "061": 10},
}


def test_every_state_has_its_sub_region_of_m49(study):
    states, named = tables.state_list(), tables.subregions()
    codes = dict(zip(named["subregion"], named["m49"], strict=True))
    assert states.loc[states["subregion"].isna(), "iso3"].tolist() == ["ATA"]
    placed = states.dropna(subset=["iso3", "subregion"])
    assert placed["subregion"].map(codes).value_counts().to_dict() == M49
    shown = {"UGA": "014", "SRB": "039", "MNG": "030", "IRN": "034", "CYP": "145", "EST": "154", "MEX": "013"}
    shown |= {"XKX": "039", "TWN": "030", "SDN": "015", "SSD": "014", "NRU": "057", "FJI": "054", "WSM": "061"}
    assert placed.set_index("iso3").loc[list(shown), "subregion"].map(codes).to_dict() == shown
    ours = placed.set_index("iso3").loc[study.regions["iso3"], "subregion"].tolist()
    assert ours == study.regions["subregion"].tolist()
    assert named["subregion"].tolist()[:4] == study.axis("regions", "subregion")


def test_states_of_the_past_are_where_their_capital_lies():
    past = tables.state_list().query("iso3.isna()").set_index("cow_column")["subregion"]
    # The Unicode CLDR still places these two: 155 and 145.
    assert past[["egermany", "syemen"]].tolist() == ["western_europe", "western_asia"]
    assert past[["czechoslovakia", "zanzibar", "svietnam", "korea", "twosicilies"]].tolist() == [
        *("eastern_europe", "eastern_africa", "south_eastern_asia", "eastern_asia", "southern_europe"),
    ]


def test_a_place_is_followed_by_its_province():
    frame = frame_of(where=["Iguala", "Colima", "Cuautla", None], within=["Guerrero", "Colima", None, "Morelos"])
    assert tables.place(frame, "where", "within").tolist() == ["Iguala, Guerrero", "Colima", "Cuautla", "Morelos"]


@pytest.mark.parametrize(
    ("text", "is_day"), [("2020-02-29", True), ("2021-02-29", False), ("2021-2-3", False), ("20210203", False)]
)
def test_a_day_is_one_of_the_calendar(text, is_day):
    assert tables.is_day(text) is is_day
