import bz2
import gzip
import lzma
import re
import sys
import zipfile

import pandas as pd
import pytest

from r2p_analysis import DataError
from r2p_analysis.external import layout

VOTES = ("rcid,country_code,vote", "3,NA,yes", "3,HT,no", "007,HT,")


def test_every_layout_is_recognised_by_its_columns_in_any_order_and_case():
    for name, columns in layout.LAYOUTS.items():
        assert layout.recognise(["more", *reversed(columns)]) == name
        assert layout.recognise([column.upper() for column in columns]) == name


def test_of_two_layouts_that_fit_the_one_with_more_columns_is_meant():
    both = [*layout.LAYOUTS["two_mode"], *layout.LAYOUTS["un_votes"]]
    assert layout.recognise(both) == "un_votes"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (["rcid", "vote"], "looks like 'un_votes' without country_code; the header has: rcid, vote"),
        (["actor", "id", "side_a", "side_b", "best", "low", "high"], "looks like 'two_mode' without group;"),
        (["ccode", "state", "un"], "looks like 'cow_state_year' without year;"),
        (["event_date", "event_type", "actor1", "iso"], "looks like 'acled' without event_id_cnty, time_precision,"),
        (["x"] * 20, "none of cow_state_year, cow_igo_year, un_votes, un_roll_calls, ucdp_ged, acled, two_mode; "),
        (["x"] * 20, "the header has: " + ", ".join(["x"] * 12) + ", … (20 in all)"),
    ],
)
def test_an_unknown_layout_names_the_nearest_and_what_it_lacks(header, message):
    with pytest.raises(DataError, match="unknown layout: ") as error:
        layout.recognise(header)
    assert message in str(error.value)


def test_cells_are_text_and_na_is_two_letters(write):
    frame = layout.read(write("votes.csv", *VOTES), "un_votes")
    assert frame["country_code"].tolist() == ["NA", "HT", "HT"]
    assert frame["rcid"].tolist() == ["3", "3", "007"]
    assert frame["vote"].isna().tolist() == [False, False, True]


def test_a_column_of_numbers_keeps_its_zeros(write):
    assert layout.read(write("votes.csv", VOTES[0], "007,HT,no"), "un_votes")["rcid"].tolist() == ["007"]


def test_other_columns_are_read_when_asked_for_and_else_reported(write):
    path = write("list.csv", "actor,group,start,colour", "a,b,2001,red")
    frame = layout.read(path, "two_mode", ("start", "end"))
    assert list(frame.columns) == ["actor", "group", "start"]
    assert frame.attrs == {"file": "list.csv", "layout": "two_mode", "n_rows": 1, "columns_left_out": ["colour"]}


def test_a_header_in_upper_case_is_the_same_layout(write):
    frame = layout.read(write("votes.csv", "RCID,Country_Code,VOTE,Extra", "3,NA,yes,x"), "un_votes")
    assert list(frame.columns) == ["rcid", "country_code", "vote"]
    assert frame.attrs["columns_left_out"] == ["Extra"]


def test_two_columns_of_one_name_are_refused(write):
    with pytest.raises(DataError, match="more than one column is called vote"):
        layout.read(write("votes.csv", "rcid,country_code,vote,Vote", "3,NA,yes,no"), "un_votes")


def test_numbers_stay_numbers_without_text(write):
    frame = layout.read(write("s.csv", "ccode,year,state,un", "2,1990,usa,1"), "cow_state_year", text=False)
    assert frame.loc[0].tolist() == [2, 1990, "usa", 1]


def test_chunks_are_one_frame_with_the_categories_and_records_of_all(write, monkeypatch):
    monkeypatch.setattr(layout, "_CHUNK", 2)
    frame = layout.read(write("votes.csv", *VOTES), "un_votes")
    assert frame.index.tolist() == [0, 1, 2]
    assert frame["rcid"].tolist() == ["3", "3", "007"]
    assert frame.attrs["n_rows"] == 3


def test_rows_are_kept_chunk_by_chunk_and_all_are_counted(write, monkeypatch):
    monkeypatch.setattr(layout, "_CHUNK", 1)
    assert len(layout.read(write("votes.csv", *VOTES), "un_votes", keep={"country_code": ["NA"]})) == 1
    frame = layout.read(write("votes.csv", *VOTES), "un_votes", keep={"country_code": ["HT"], "vote": None})
    assert frame.index.tolist() == [1, 2]
    assert frame["country_code"].cat.categories.tolist() == ["HT"]
    assert frame.attrs["n_rows"] == 3


def test_a_value_to_keep_that_no_row_has_is_an_error(write):
    with pytest.raises(ValueError, match=r"no row has the country_code 'HTI': did you mean 'HT'\? allowed: HT, NA"):
        layout.read(write("votes.csv", *VOTES), "un_votes", keep={"country_code": ["HTI"]})


def test_a_gzipped_file_and_one_with_a_byte_order_mark_are_read(tmp_path):
    text = "\ufeff" + "\n".join(VOTES)
    (tmp_path / "votes.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    assert len(layout.read(tmp_path / "votes.csv.gz", "un_votes", n_rows=3)) == 3


def test_a_file_without_rows_is_an_empty_frame(write):
    assert layout.read(write("votes.csv", VOTES[0]), "un_votes", n_rows=0).empty


def test_another_number_of_rows_is_refused(write):
    with pytest.raises(DataError, match="3 rows in place of 4; is the file cut"):
        layout.read(write("votes.csv", *VOTES), "un_votes", n_rows=4)


def test_another_layout_is_refused_and_named(write):
    path = write("list.csv", "actor,group", "a,b")
    with pytest.raises(
        DataError, match="not the layout 'un_votes', without rcid, country_code, vote; has the layout 'two_"
    ):
        layout.read(path, "un_votes")
    with pytest.raises(DataError, match="without group; unknown layout: looks like 'two_mode' without group"):
        layout.read(write("list.csv", "actor,groop", "a,b"), "two_mode")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("long.csv", b"actor,group\na,b\nc,d,e\n"),
        ("longer.csv", b"actor,group\na,b,c\n"),
        ("nothing.csv", b""),
        ("latin.csv", "actor,group\né,b\n".encode("latin-1")),
        ("cut.csv.gz", gzip.compress(b"actor,group\n" + b"a,b\n" * 999, mtime=0)[:-20]),
        ("plain.csv.gz", b"actor,group\na,b\n"),
    ],
)
def test_a_damaged_file_is_an_error_that_names_it(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=f"{re.escape(name)} cannot be read: "):
        layout.read(tmp_path / name, "two_mode")


def test_a_missing_file_stays_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        layout.read(tmp_path / "none.csv", "two_mode")


def test_parquet_without_duckdb_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ModuleNotFoundError, match=r"r2p-analysis\[scale\]"):
        layout.read(tmp_path / "votes.parquet", "un_votes")


def test_parquet_gives_what_csv_gives(write, monkeypatch):
    duckdb = pytest.importorskip("duckdb", reason="Parquet needs the extra scale")
    path = write("votes.csv", *VOTES)
    duckdb.execute(f"copy (select * from read_csv('{path}', all_varchar=true)) to '{path}.parquet'")
    expected = layout.read(path, "un_votes", keep={"vote": ["yes", "no"]})
    frame = layout.read(f"{path}.parquet", "un_votes", keep={"vote": ["yes", "no"]}, n_rows=3)
    pd.testing.assert_frame_equal(frame.astype("str"), expected.astype("str"), check_index_type=False)


def test_parquet_comes_in_chunks_and_typed_when_not_text(tmp_path, monkeypatch):
    duckdb = pytest.importorskip("duckdb", reason="Parquet needs the extra scale")
    monkeypatch.setattr(layout, "_CHUNK", 2048)
    path = tmp_path / "s.parquet"
    duckdb.execute(f"copy (select 2 ccode, i as year, 'usa' state, 1 un from range(5000) t(i)) to '{path}'")
    frame = layout.read(path, "cow_state_year", text=False)
    assert frame.index.tolist() == frame["year"].tolist() == list(range(5000))
    assert frame["un"].sum() == 5000


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_another_separator_is_named(write, sign, name):
    header = "rcid,country_code,vote".replace(",", sign)
    message = f"its columns are separated by {name}, not by commas: save it with commas"
    with pytest.raises(DataError, match=rf"v\.csv: not the layout 'un_votes': {message}"):
        layout.read(write("v.csv", header, "3,NA,yes".replace(",", sign)), "un_votes")
    with pytest.raises(DataError, match=message):
        layout.recognise([header])


def packed(folder, kind):
    """The three votes, packed."""
    path, text = folder / f"votes.csv.{kind}", "\n".join(VOTES).encode()
    if kind.lower() == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("votes.csv", text)
    else:
        path.write_bytes({"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[kind.lower()](text))
    return path


@pytest.mark.parametrize("kind", ["gz", "GZ", "bz2", "xz", "zip", "ZIP"])
def test_a_packed_file_is_read_and_opened(tmp_path, kind):
    path = packed(tmp_path, kind)
    assert layout.read(path, "un_votes")["rcid"].tolist() == ["3", "3", "007"]
    with layout.open_text(path) as file:
        assert file.readline().strip() == VOTES[0]


def test_an_archive_of_two_files_or_of_none_is_refused(tmp_path):
    for n, said in ((2, "holds 2 files in place of one: 0.csv, 1.csv"), (0, "holds 0 files")):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            for i in range(n):
                archive.writestr(f"{i}.csv", "actor,group")
        with pytest.raises(DataError, match=said):
            layout.read(tmp_path / "a.zip", "two_mode")


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv.zst", "list.tar.gz", "list.7z"])
def test_a_kind_of_file_that_is_not_read_is_told_by_its_name(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(DataError, match=r"files of this kind are not read; give it as CSV, as it is or as one of \.gz"):
        layout.read(tmp_path / name, "two_mode")


@pytest.mark.parametrize("name", ["a.csv.bz2", "a.csv.xz", "a.csv.zip", "a.parquet"])
def test_a_damaged_archive_or_parquet_is_an_error_that_names_it(tmp_path, name):
    if name == "a.parquet":
        pytest.importorskip("duckdb", reason="Parquet needs the extra scale")
    (tmp_path / name).write_bytes(b"nothing of the kind")
    with pytest.raises(DataError, match=f"{re.escape(name)} cannot be read: "):
        layout.read(tmp_path / name, "two_mode")


def test_a_missing_parquet_stays_a_missing_file(tmp_path):
    pytest.importorskip("duckdb", reason="Parquet needs the extra scale")
    with pytest.raises(FileNotFoundError):
        layout.read(tmp_path / "none.parquet", "two_mode")


def test_one_value_to_keep_may_stand_by_itself(write):
    path = write("votes.csv", *VOTES)
    assert layout.read(path, "un_votes", keep={"country_code": "NA"}).index.tolist() == [0]


@pytest.mark.parametrize(("n_rows", "published"), [("any", 4), (3, 4), (None, 3), (None, 2)])
def test_a_part_is_taken_when_it_is_said_to_be_one(write, n_rows, published):
    frame = layout.read(write("votes.csv", *VOTES), "un_votes", n_rows=n_rows)
    layout.check_whole(frame, published, n_rows, "votes.csv")


def test_a_part_of_a_published_file_is_not_taken_for_the_whole(write):
    frame = layout.read(write("votes.csv", *VOTES), "un_votes")
    with pytest.raises(DataError, match=r"v: 3 rows, the published file has 4; is it cut\?.* n_rows=\"any\""):
        layout.check_whole(frame, 4, None, "v")
