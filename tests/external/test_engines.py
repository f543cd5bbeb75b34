"""Events of Mexico (UCDP GED) on every engine, and straight from the publisher's file."""

from collections import Counter

import pandas as pd
import pytest

from r2p_analysis.chronology import add_bounds, counts_by_period, precision_shares
from r2p_analysis.external import ucdp
from tests import engines

pytestmark = pytest.mark.external
FILE = "ucdp_ged_mexico_1989_2023.csv.gz"


@pytest.fixture(scope="module")
def events(publisher):
    """Events with their dates and kinds."""
    return ucdp.load_ged(publisher(FILE), n_rows=18_957)["events"][["event_id", "date_edtf", "note"]]


@pytest.fixture(scope="module")
def spark():
    """Start Spark, or skip."""
    session = engines.start_spark()
    yield session
    session.stop()


@pytest.fixture(params=engines.NAMES[1:])
def table(request, events):
    """Put the events into the engine of the test."""
    return engines.table(request.param, events.to_dict("records"), request)


def test_counts_of_mexico_are_those_of_pandas(events, table):
    for period, by in (("month", ["note"]), ("month", None), ("quarter", "note"), ("year", None)):
        counts = counts_by_period(table, period, by)
        pd.testing.assert_frame_equal(counts, counts_by_period(events, period, by), check_exact=True)
        assert counts.to_numpy().sum() == pytest.approx(18_957, abs=1e-6)
        assert counts.attrs["n_left_out"] == 0


def test_precision_and_bounds_of_mexico(events, table):
    shares = precision_shares(table)
    pd.testing.assert_frame_equal(shares, precision_shares(events), check_exact=True)
    assert shares.loc["day", "n_events"] == 16_576
    bounded = add_bounds(table)
    by_bounds = counts_by_period(bounded, "month", ["note"], date=("earliest", "latest"))
    pd.testing.assert_frame_equal(by_bounds, counts_by_period(events, "month", ["note"]), check_exact=True)


def test_the_publishers_file_is_counted_without_being_loaded(events, publisher):
    pytest.importorskip("narwhals", reason="narwhals is not installed (extra scale)")
    pytest.importorskip("duckdb", reason="duckdb is not installed (extra scale)")
    raw = pd.read_csv(publisher(FILE), usecols=["year", "date_start", "date_end", "date_prec", "type_of_violence"])
    for period in ("year", "month"):
        counts = counts_by_period(publisher(FILE), period, "type_of_violence", date=("date_start", "date_end"))
        assert counts.sum().round(6).to_dict() == {str(k): n for k, n in Counter(raw["type_of_violence"]).items()}
        n_events = counts.sum(axis=1)
        assert n_events.loc["2021"].sum() == pytest.approx(3_756, abs=1e-9)
        # No date of the file reaches over two years.
        by_year = n_events.groupby(n_events.index.year).sum()
        assert by_year[by_year > 0].round(6).to_dict() == raw["year"].value_counts().sort_index().to_dict()
        ours = counts_by_period(events, period, "note").set_axis(counts.columns, axis=1)
        assert sorted(counts.to_numpy().sum(axis=0)) == pytest.approx(sorted(ours.sum()))
    days = raw[raw["date_prec"] == 1]
    assert len(days) == 16_576
    assert (days["date_start"] == days["date_end"]).all()
