"""The same events on pandas, Polars, DuckDB, Spark and in files: one function, the same counts to the last bit.

What the counts must be is worked out here day by day, with fractions, for tables that every engine then gets.
"""

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest

from r2p_analysis import dates
from r2p_analysis.chronology import add_bounds, counts_by_period, event_order, precision_shares, under_way
from tests import engines
from tests.tiny import tiny_study

NAME = {
    "year": lambda day: f"{day:%Y}",
    "quarter": lambda day: f"{day:%Y}Q{(day.month + 2) // 3}",
    "month": lambda day: f"{day:%Y-%m}",
}
TEXTS = [
    *("2012-03-29", "2012", "2013-02", "2012-24", "201X", "2013?", "2012-12/2014", "2012/..", "1969-12", "1900"),
    *("[2012-12-30..2013-01-02]", "[2012-02-29,2013-02-28]", "[2011,2013-05]", "[2012-03-02,2012-03-05]"),
    *("[..2012]", "../2012", "[2012..]", "1968/1969-02-03", "2012-03-29"),
]
REGIONS = ["Andes", None, "Caribbean", "North", "Andes", "Andes", "Caribbean"]
KINDS = ["vote", "forum", "vote", None, "vote"]


def rows_of(n=200):
    """Events with a date as text, the bounds of another date, and a day; some of all three are empty."""
    rng = np.random.default_rng(5)
    for i in range(n):
        low = date(1965, 1, 1) + timedelta(days=int(rng.integers(0, 4_000)))
        high = low + timedelta(days=int(rng.choice([0, 0, 0, 1, 6, 30, 364, 365, 1_500])))
        gap = rng.integers(0, 20)
        yield {
            "event_id": f"e{i}",
            "date_edtf": None if gap == 0 else str(rng.choice(TEXTS)),
            "earliest": None if gap in (0, 1) else low,
            "latest": None if gap in (0, 2) else high,
            "day": None if gap == 3 else high,
            "region": REGIONS[rng.integers(0, len(REGIONS))],
            "kind": KINDS[rng.integers(0, len(KINDS))],
            "n": int(rng.integers(9, 12)),
        }


ROWS = list(rows_of())


@pytest.fixture(scope="module")
def spark():
    """Start Spark, or skip."""
    session = engines.start_spark()
    yield session
    session.stop()


@pytest.fixture(params=engines.NAMES)
def table(request):
    """Put rows into the engine of the test."""
    return lambda rows: engines.table(request.param, rows, request)


def column(table, *names):
    """Rows of some columns of any engine, in an order that does not depend on it."""
    if isinstance(table, pd.DataFrame):
        rows = table[[*names]].astype(object).where(table[[*names]].notna(), None).to_numpy().tolist()
        rows = [[cell.date() if isinstance(cell, pd.Timestamp) else cell for cell in row] for row in rows]
    elif hasattr(table, "fetchall"):
        rows = table.select(*names).fetchall()
    else:
        chosen = table.select(*names)
        rows = chosen.collect() if hasattr(chosen, "collect") else chosen
        rows = rows.rows() if hasattr(rows, "rows") else rows
    return sorted(map(tuple, rows), key=repr)


# ---- what the counts must be


def first_days(row, when):
    """Every possible first day of an event."""
    return days_of(*(row[column] for column in when))


@cache
def days_of(*cells):
    """Every possible first day, from a text or from the bounds."""
    if None in cells:
        return []
    value = dates.parse(cells[0]) if isinstance(cells[0], str) else None
    runs = value.runs if value else ((cells[0], cells[-1]),)
    if value and None in value.first:
        return []
    return [low + timedelta(days=n) for low, high in runs for n in range((high - low).days + 1)]


@cache
def by_hand(when, period, keys):
    """Exact expected number of each group and period of ROWS."""
    found = Counter()
    for row in ROWS:
        days = first_days(row, when)
        group = tuple("none given" if row[key] is None else row[key] for key in keys)
        for name, n in Counter(map(NAME[period], days)).items():
            found[(*group, name)] += Fraction(n, len(days))
    return {cell: float(n) for cell, n in found.items()}


def as_cells(counts):
    """Cells of a long table that are not 0."""
    cells = {key if isinstance(key, tuple) else (key,): n for key, n in counts["n_events"].items() if n}
    return {(*key[:-1], str(key[-1])): n for key, n in cells.items()}


WHENS = [("date_edtf",), ("earliest", "latest"), ("day",)]


@pytest.mark.parametrize("when", WHENS, ids="-".join)
def test_counts_are_the_same_on_every_engine_and_those_of_single_days(table, when):
    events = table(ROWS)
    reference = engines.in_pandas(ROWS)
    given = when if len(when) == 2 else when[0]
    for period, keys in product(NAME, ([], ["region"], ["region", "n"])):
        counts = counts_by_period(events, period, keys, date=given)
        assert as_cells(counts) == pytest.approx(by_hand(when, period, tuple(keys)), abs=1e-12)
        assert counts.attrs["n_left_out"] == sum(not first_days(row, when) for row in ROWS)
        # To the last bit, and with the same labels and types.
        expected = counts_by_period(reference, period, keys, date=given)
        pd.testing.assert_frame_equal(counts, expected, check_exact=True)
    for by in (None, "region", "n"):
        counts, expected = (counts_by_period(one, "month", by, date=given) for one in (events, reference))
        pd.testing.assert_frame_equal(counts, expected, check_exact=True)
        assert counts.attrs == expected.attrs


def test_counts_sum_to_the_whole_at_any_precision(table):
    events = table(ROWS)
    for when, period in product(WHENS, NAME):
        counts = counts_by_period(events, period, date=when if len(when) == 2 else when[0])
        n_counted = sum(bool(first_days(row, when)) for row in ROWS)
        assert counts["n_events"].sum() == pytest.approx(n_counted, abs=1e-9)
        assert n_counted + counts.attrs["n_left_out"] == len(ROWS)


def test_the_usual_columns_are_found_in_this_order(table):
    row = {"date_edtf": "2001", "earliest": date(2002, 1, 1), "latest": date(2002, 1, 2), "day": date(2003, 1, 1)}
    for gone in ((), ("date_edtf",), ("date_edtf", "latest")):
        counts = counts_by_period(table([{c: cell for c, cell in row.items() if c not in gone}]))
        assert counts.index.astype("str").tolist() == [str(2001 + len(gone))]


def test_a_long_table_has_every_period_of_every_group_also_of_those_without_a_date(table):
    rows = [
        {"region": "Caribbean", "kind": "vote", "day": date(2012, 1, 31)},
        {"region": "Andes", "kind": "vote", "day": date(2012, 3, 1)},
        {"region": "Andes", "kind": None, "day": None},
        {"region": "North", "kind": None, "day": None},
    ]
    counts = counts_by_period(table(rows), "month", ["region", "kind"])
    assert counts.index.names == ["region", "kind", "period"]
    assert [(*key[:2], str(key[2]), n) for key, n in counts["n_events"].items()] == [
        ("Andes", "vote", "2012-01", 0), ("Andes", "vote", "2012-02", 0), ("Andes", "vote", "2012-03", 1),
        ("Andes", "none given", "2012-01", 0), ("Andes", "none given", "2012-02", 0),
        ("Andes", "none given", "2012-03", 0),
        ("Caribbean", "vote", "2012-01", 1), ("Caribbean", "vote", "2012-02", 0), ("Caribbean", "vote", "2012-03", 0),
        ("North", "none given", "2012-01", 0), ("North", "none given", "2012-02", 0),
        ("North", "none given", "2012-03", 0),
    ]  # fmt: skip
    wide = counts_by_period(table(rows), "month", "region")
    long = counts_by_period(table(rows), "month", ["region"])
    assert long["n_events"].unstack("region").equals(wide)


def test_nothing_to_count_has_columns_and_no_rows(table):
    rows = [
        {"date_edtf": text, "earliest": None, "latest": None, "day": None, "region": "x"} for text in ("[..2012]", None)
    ]
    for when in WHENS:
        counts = counts_by_period(table(rows), "month", "region", date=when if len(when) == 2 else when[0])
        assert counts.shape == (0, 1)
        assert counts.index.dtype == "period[M]"
        assert counts.attrs["n_left_out"] == 2


def test_years_at_both_ends_of_the_calendar(table):
    rows = [
        {"earliest": date(1, 1, 1), "latest": date(1, 12, 31)},
        {"earliest": date(9999, 1, 1), "latest": date(9999, 12, 31)},
    ]
    counts = counts_by_period(table(rows), "quarter")
    assert counts["n_events"].sum() == 2
    assert counts["n_events"].iloc[[0, 3, -1]].tolist() == [90 / 365, 92 / 365, 92 / 365]
    assert str(counts.index[-1]) == "9999Q4"


def test_an_enum_of_an_engine_keeps_its_order_and_what_no_event_fills():
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    order = ["vote", "forum", "campaign"]
    events = polars.DataFrame({"date_edtf": ["2012", "2012"], "kind": ["vote", "forum"]})
    connection = duckdb.connect()
    connection.execute("CREATE TYPE kind AS ENUM ('vote', 'forum', 'campaign')")
    in_duckdb = connection.sql("SELECT '2012' AS date_edtf, unnest(['vote', 'forum'])::kind AS kind")
    in_pandas = pd.DataFrame({"date_edtf": "2012", "kind": pd.Categorical(["vote", "forum"], categories=order)})
    for held in (events.with_columns(polars.col("kind").cast(polars.Enum(order))), in_duckdb, in_pandas):
        counts = counts_by_period(held, by="kind")
        assert counts.columns.tolist() == order
        assert counts.iloc[0].tolist() == [1, 1, 0]


# ---- faults


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda e: counts_by_period(e, by="regoin"), r"unknown column of events 'regoin': did you mean 'region'\?"),
        (lambda e: counts_by_period(e, by=["region", "kidn"]), r"unknown column .* 'kidn': did you mean 'kind'\?"),
        (lambda e: counts_by_period(e, date="dai"), r"unknown column of events 'dai': did you mean 'day'\?"),
        (lambda e: counts_by_period(e, date=("day", "latest", "n")), "date must be one column, or two .*, not 3"),
        (lambda e: counts_by_period(e, "week"), "unknown period 'week'"),
        (lambda e: counts_by_period(e, date=("latest", "earliest")), r"\d+ rows have 'latest' after 'earliest'"),
        (lambda e: under_way(e, date=("latest", "earliest")), r"\d+ rows have 'latest' after 'earliest'"),
        (lambda e: precision_shares(e, date="dates"), "unknown column of events 'dates'"),
        (lambda e: add_bounds(e), "events have a column 'earliest' already"),
    ],
)  # fmt: skip
def test_a_fault_of_the_call_is_named(table, ask, said):
    with pytest.raises(ValueError, match=said):
        ask(table(ROWS))


def test_no_column_that_says_when(table):
    with pytest.raises(ValueError, match=r"events need a column 'date_edtf', or .*; the table has: region, latest"):
        counts_by_period(table([{"region": "Andes", "latest": date(2012, 1, 1)}]))


@pytest.mark.parametrize("ask", [counts_by_period, add_bounds, precision_shares, under_way])
def test_a_date_that_cannot_be_read_is_named_with_the_number_of_its_rows(table, ask):
    texts = ["2012", "spring 2012", "spring 2012", None, "14/2/2012"]
    said = r"column 'date_edtf': '14/2/2012' \(1 row\) cannot be read; nor can 'spring 2012' \(2 rows\). '14/2/2012'"
    with pytest.raises(ValueError, match=said):
        ask(table([{"date_edtf": text} for text in texts]))


def test_days_as_text_are_read_and_a_month_is_none(table):
    rows = [
        {"start": "2012-01-31", "end": "2012-02-01 00:00:00.000"},
        {"start": "2012-02-01T00:00:00", "end": "2012-02-01"},
    ]
    counts = counts_by_period(table(rows), "month", date=("start", "end"))
    assert counts["n_events"].tolist() == [0.5, 1.5]
    for text in ("2012-02", "2012-02-30", "2012-02-01 10:00", "20120201"):
        with pytest.raises(
            ValueError, match=rf"column 'end': '{text}' \(1 row\) cannot be read. A day is written as in"
        ):
            counts_by_period(table([*rows, {"start": "2012-01-01", "end": text}]), date=("start", "end"))
    with pytest.raises(ValueError, match="1 row has 'end' after 'start'"):
        counts_by_period(table(rows), date=("end", "start"))


def test_times_in_a_zone_are_no_days():
    polars = pytest.importorskip("polars", reason="polars is not installed")
    moments = pd.Series(pd.to_datetime(["2012-01-31 23:00", "2012-01-31 23:30"], utc=True))
    in_polars = polars.DataFrame({"day": moments.dt.tz_localize(None).tolist()})
    in_polars = in_polars.with_columns(polars.col("day").dt.replace_time_zone("UTC"))
    for events in (in_polars, pd.DataFrame({"day": moments})):
        for ask in (counts_by_period, lambda e: under_way(e, date="day")):
            with pytest.raises(ValueError, match=r"column 'day': .*[aA] time in a zone \(UTC\) does not say"):
                ask(events)


def test_what_is_no_table_is_refused():
    with pytest.raises(TypeError, match=r"events must be a pandas or Polars frame, .*, not list"):
        counts_by_period([1, 2])


@pytest.mark.parametrize(("library", "extra"), [("polars", "scale"), ("pyspark", "spark")])
def test_a_library_that_is_missing_is_named_with_its_extra(monkeypatch, library, extra):
    frame = type("DataFrame", (), {"columns": ["date_edtf"], "__module__": f"{library}.sql"})()
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(
        ImportError, match=rf"a table of {library} needs narwhals: pip install 'r2p-analysis\[{extra}\]'"
    ):
        counts_by_period(frame)


# ---- files


@pytest.fixture
def write(tmp_path):
    """Write a table of DuckDB to a file."""
    pytest.importorskip("narwhals", reason="narwhals is not installed (extra scale)")

    def write(name, rows):
        table, path = engines.in_duckdb(rows), str(tmp_path / name)
        if name.endswith("parquet"):
            table.to_parquet(path)
        else:
            table.to_csv(path, compression="gzip" if name.endswith("gz") else None)
        return tmp_path / name

    return write


@pytest.mark.parametrize("name", ["events.parquet", "events.csv", "events.csv.gz"])
@pytest.mark.parametrize("when", WHENS, ids="-".join)
def test_a_file_gives_the_counts_of_its_rows(write, name, when):
    given = when if len(when) == 2 else when[0]
    counts = counts_by_period(write(name, ROWS), "month", by=["region"], date=given)
    expected = counts_by_period(engines.in_pandas(ROWS), "month", by=["region"], date=given)
    pd.testing.assert_frame_equal(counts, expected, check_exact=True)
    assert counts.attrs == expected.attrs


def test_several_files_are_one_table(write, tmp_path):
    for i in range(3):
        write(f"part-{i}.parquet", ROWS[i::3])
    counts = counts_by_period(f"{tmp_path}/part-*.parquet", "month", "kind")
    pd.testing.assert_frame_equal(counts, counts_by_period(engines.in_pandas(ROWS), "month", "kind"), check_exact=True)


@pytest.mark.parametrize("name", ["e[1].csv", "e?.csv"])
def test_a_name_that_reads_as_a_pattern_is_the_file_of_that_name(write, tmp_path, name):
    (tmp_path / name).write_text("date_edtf\n2012\n")
    (tmp_path / "e1.csv").write_text("date_edtf\n2015\n")
    assert counts_by_period(tmp_path / name).index.astype("str").tolist() == ["2012"]


def test_cells_of_csv_are_text(write, tmp_path):
    (tmp_path / "codes.csv").write_text('code,date_edtf\n01,2012\n1,2013\nNA,2012\n,2014\n"",2014\n')
    counts = counts_by_period(tmp_path / "codes.csv", by="code")
    assert counts.columns.tolist() == ["01", "1", "NA", "none given"]
    assert counts.sum().tolist() == [1, 1, 1, 2]


def test_a_file_that_is_not_there_or_not_what_it_says_is_named(write, tmp_path):
    (tmp_path / "text.parquet").write_text("date_edtf\n2012\n")
    with pytest.raises(ValueError, match=r"/text.parquet' cannot be read: .*"):
        counts_by_period(tmp_path / "text.parquet")
    with pytest.raises(
        ValueError, match=r"'events.xlsx' is no file of events: its name must end in .parquet, .csv, .csv.gz"
    ):
        counts_by_period("events.xlsx")
    for missing in ("none.parquet", "none-*.parquet"):
        with pytest.raises(FileNotFoundError, match="there is no file"):
            counts_by_period(tmp_path / missing)
    (tmp_path / "torn.csv").write_text("date_edtf,kind\n" + "2012,vote\n" * 50_000 + "2012\n" + "2012,vote,vote,vote\n")
    with pytest.raises(ValueError, match=r"the table cannot be read: .*torn.csv"):
        counts_by_period(tmp_path / "torn.csv")


def test_duckdb_that_is_missing_is_named_with_its_extra(write, monkeypatch):
    file = write("events.parquet", ROWS[:3])
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ImportError, match=r"read by DuckDB: pip install 'r2p-analysis\[scale\]'"):
        counts_by_period(file)


def test_no_engine_is_imported_before_it_is_used():
    asked = (
        "import r2p_analysis.chronology as c, pandas as pd; c.counts_by_period(pd.DataFrame({'date_edtf': ['2012']}))"
    )
    code = f"import sys; {asked}; print({{'narwhals', 'duckdb', 'polars', 'pyspark'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# ---- bounds and precisions


BOUNDED = {
    "2012-02": (date(2012, 2, 1), date(2012, 2, 29), date(2012, 2, 29), date(2012, 2, 1), "month", 29),
    "2008-03-31/2008-04-01": (date(2008, 3, 31), date(2008, 4, 1), date(2008, 3, 31), date(2008, 4, 1), "days", 1),
    "2012-03/..": (date(2012, 3, 1), None, date(2012, 3, 31), date(2012, 3, 1), "open", 31),
    "[..2014-09-08]": (None, date(2014, 9, 8), date(2014, 9, 8), None, "open", None),
    "2012-24?": (date(2012, 12, 1), date(2013, 2, 28), date(2013, 2, 28), date(2012, 12, 1), "season", 90),
    None: (None, None, None, None, "none", None),
}
COLUMNS = ["earliest", "latest", "first_latest", "last_earliest", "precision", "n_days"]


def test_bounds_stand_beside_each_row_in_a_table_of_the_same_kind(table):
    rows = [{"event_id": f"e{i}", "date_edtf": text} for i, text in enumerate([*BOUNDED, *BOUNDED])]
    events = table(rows)
    bounded = add_bounds(events)
    assert type(bounded) is type(events)
    names = bounded.collect_schema().names() if hasattr(bounded, "collect_schema") else [*bounded.columns]
    assert names == ["event_id", "date_edtf", *COLUMNS]
    expected = [(row["event_id"], row["date_edtf"], *BOUNDED[row["date_edtf"]]) for row in rows]
    assert column(bounded, "event_id", "date_edtf", *COLUMNS) == sorted(expected, key=repr)


def test_bounds_are_those_of_event_order(table):
    rows = [{"event_id": row["event_id"], "date_edtf": row["date_edtf"]} for row in ROWS]
    ordered = event_order(tiny_study().with_tables(events=pd.DataFrame(rows)))
    assert column(add_bounds(table(rows)), "event_id", *COLUMNS) == column(ordered, "event_id", *COLUMNS)


def test_tables_without_a_date_have_bounds_too(table):
    assert column(add_bounds(table([{"date_edtf": None}] * 2)), "precision", "n_days") == [("none", None)] * 2


def test_a_column_of_another_name_has_bounds(table):
    bounded = add_bounds(table([{"when_it_was": "2012"}]), date="when_it_was")
    assert column(bounded, "when_it_was", "n_days") == [("2012", 366)]


def test_bounds_of_a_file_are_a_relation(write):
    rows = [{"event_id": "a", "date_edtf": "2012-02"}, {"event_id": "b", "date_edtf": None}]
    for name in ("events.parquet", "events.csv"):
        assert column(add_bounds(write(name, rows)), "event_id", "n_days") == [("a", 29), ("b", None)]


def test_shares_of_precisions(table):
    rows = [{"region": "a", "date_edtf": text} for text in ("2012", "2012-03-29", "2012-03-30?", None)]
    rows += [{"region": None, "date_edtf": "201X"}]
    shares = precision_shares(table(rows))
    expected = {"day": 2, "days": 0, "month": 0, "season": 0, "year": 1, "range": 1, "open": 0, "none": 1}
    assert shares["n_events"].to_dict() == expected
    assert shares["share_events"].tolist() == [n / 5 for n in expected.values()]
    split = precision_shares(table(rows), by="region")
    assert split.index.names == ["region", "precision"]
    assert split.loc[("a", "day")].tolist() == [2, 0.5]
    assert split.loc[("none given", "range")].tolist() == [1, 1]
    assert len(split) == 16


def test_a_group_without_events_has_no_shares():
    kinds = pd.Categorical(["vote"], categories=["forum", "vote"])
    shares = precision_shares(pd.DataFrame({"date_edtf": ["2012"], "kind": kinds}), by="kind")
    assert shares.loc["forum", "n_events"].sum() == 0
    assert shares.loc["forum", "share_events"].isna().all()


# ---- under way


def test_events_under_way_by_hand(table):
    rows = [
        {"region": "a", "date_edtf": text}
        for text in ("2011-06/2013", "2012-05/..", "[2013..2014]", "../2011", "2012", "[2013..]", None)
    ]
    found = under_way(table(rows), "year", "region")
    assert found.index.names == ["region", "period"]
    assert [(str(period), *n) for (_, period), *n in found.itertuples()] == [
        ("2011", 2, 2), ("2012", 3, 3), ("2013", 1, 4), ("2014", 0, 3)
    ]  # fmt: skip
    assert found.attrs["n_left_out"] == 1


def covers(row, begin, end, axis):
    """Whether the event certainly, and possibly, was under way between two days, trying every pair of its ends."""
    a, d = row["earliest"], row["latest"]
    if a is None and d is None:
        return None
    starts = [a] if a else [axis[0], d]
    ends = [d] if d else [a, axis[1]]
    readings = [s <= end and e >= begin for s in starts for e in ends if s <= e]
    return all(readings), any(readings)


def test_events_under_way_against_every_reading_of_their_ends(table):
    events = table(ROWS)
    axis = (min(row["earliest"] or date.max for row in ROWS), max(row["latest"] or date.min for row in ROWS))
    for period, keys in product(NAME, ([], ["region"])):
        found = under_way(events, period, keys, date=("earliest", "latest"))
        assert found.attrs["n_left_out"] == sum(covers(row, *axis, axis) is None for row in ROWS)
        reference = under_way(engines.in_pandas(ROWS), period, keys, date=("earliest", "latest"))
        pd.testing.assert_frame_equal(found, reference)
        for key, n_certain, n_possible in found.iloc[:: 1 + len(found) // 25].itertuples():
            *group, span = key if isinstance(key, tuple) else (key,)
            chosen = [row for row in ROWS if [row[k] or "none given" for k in keys] == group]
            read = [covers(row, span.start_time.date(), span.end_time.date(), axis) or (0, 0) for row in chosen]
            assert (n_certain, n_possible) == tuple(map(sum, zip(*read, strict=True)))


def test_what_is_not_counted_by_an_engine_is_brought_into_pandas():
    pl = pytest.importorskip("polars", reason="polars is not installed")
    pytest.importorskip("narwhals", reason="narwhals is not installed (the extra scale)")
    from r2p_analysis import chronology

    stated = ["2012", "2012-03", "2013-04-01", None, "[..2014]"]
    events = pd.DataFrame({"event_id": list("abcde"), "date_edtf": stated})
    for call in (chronology.rates, chronology.tighten, chronology.order_probabilities, chronology.certain_orders):
        here, there = call(events), call(pl.DataFrame({"event_id": list("abcde"), "date_edtf": stated}))
        (np.testing.assert_array_equal if isinstance(here, np.ndarray) else pd.testing.assert_frame_equal)(here, there)
    with pytest.raises(TypeError, match="events must be a pandas or Polars frame"):
        chronology.rates([1, 2])
