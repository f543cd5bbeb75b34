import gzip
import itertools
import time

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from r2p_analysis import DataError, FaultReport, load_study, save_study
from r2p_analysis.external import study_of, un_votes
from r2p_analysis.networks import centralities, one_mode_projection

VOTES = ("rcid,country_code,vote", "10,NA,yes", "9,HT,no", "9,NA,abstain", "9,YU,yes", "9,,no", "9,,yes", "9,DD,no")
ROLL_CALLS = (
    "rcid,session,importantvote,date,unres,amend,para,short",
    '10,1,1,1946-02-01,R/1/79,0,0,"ELECTIONS, SECURITY COUNCIL"',
    "9,1,,1946-01-02,R/1/66,,,",
)


def faults_of(*paths):
    with pytest.raises(FaultReport) as error:
        un_votes.load_votes(*paths)
    return [(f.file, f.row, f.column, f.value, f.rule) for f in error.value.faults]


def ballots(**votes):
    """One letter a roll call for each state: y, n, a, or a blank for no vote."""
    names = {"y": "yes", "n": "no", "a": "abstain"}
    rows = [(s, f"v{i}", names[c]) for s, text in votes.items() for i, c in enumerate(text) if c in names]
    return pd.DataFrame(rows, columns=["actor_id", "vote_id", "vote"])


def test_votes_are_loaded_with_states_and_roll_calls(write):
    tables = un_votes.load_votes(write("v.csv", *VOTES), write("r.csv", *ROLL_CALLS), n_rows=7, n_roll_calls=2)
    votes = tables["votes"][["actor_id", "vote_id", "vote"]].astype("str").fillna("")
    assert [tuple(row) for row in votes.to_numpy()] == [
        ("nam", "unga-10", "yes"),
        ("hti", "unga-9", "no"),
        ("nam", "unga-9", "abstain"),
        ("srb", "unga-9", "yes"),
        ("", "unga-9", "no"),
        ("", "unga-9", "yes"),
        ("cow-265", "unga-9", "no"),
    ]
    assert tables["votes"]["vote"].cat.categories.tolist() == ["yes", "abstain", "no"]
    assert set(tables["votes"]["evidence"]) == {"UNGAVOTES"} == set(tables["references"]["ref_id"])
    assert tables["actors"][["actor_id", "kind"]].to_numpy().tolist() == [
        [actor, "state"] for actor in ("cow-265", "hti", "nam", "srb")
    ]
    assert tables["roll_calls"].fillna("").to_numpy().tolist() == [
        ["unga-10", "1946-02-01", "1", "R/1/79", "ELECTIONS, SECURITY COUNCIL", "yes"],
        ["unga-9", "1946-01-02", "1", "R/1/66", "", ""],
    ]
    assert (
        tables["votes"].attrs
        == tables["roll_calls"].attrs
        == {
            **{"file": "v.csv", "layout": "un_votes", "n_rows": 7, "columns_left_out": []},
            **{"n_roll_calls": 2, "n_without_state": 2},
        }
    )


def test_without_a_second_file_there_are_no_roll_calls(write):
    assert set(un_votes.load_votes(write("v.csv", *VOTES))) == {"references", "actors", "votes"}


def test_what_no_rule_knows_is_a_fault(write):
    votes = write("v.csv", VOTES[0], "9,HT,jes", "9,QQ,no", "9,HT,no", "x9,HT,no", ",HT,no", "10,HT,")
    assert faults_of(votes) == [
        ("v.csv", 2, "vote", "jes", "is no vote"),
        ("v.csv", 3, "country_code", "QQ", "is no code of a state"),
        ("v.csv", 4, "country_code", "HT", "has two votes in a roll call"),
        ("v.csv", 5, "rcid", "x9", "is no number of a roll call"),
        ("v.csv", 6, "rcid", "", "is empty"),
        ("v.csv", 7, "vote", "", "is empty"),
    ]


def test_roll_calls_must_be_days_and_stand_once(write):
    calls = write("r.csv", ROLL_CALLS[0], "9,1,2,1946-02-30,,,,", "9,1,0,,,,,", ",1,0,1946-01-01,,,,")
    assert faults_of(write("v.csv", *VOTES), calls) == [
        ("r.csv", 2, "date", "1946-02-30", "is no day (YYYY-MM-DD)"),
        ("r.csv", 2, "importantvote", "2", "is no code"),
        ("r.csv", 3, "date", "", "is empty"),
        ("r.csv", 3, "rcid", "9", "stands twice"),
        ("r.csv", 4, "rcid", "", "is empty"),
    ]


def test_a_vote_on_nothing_known_is_a_fault(write):
    faults = faults_of(write("v.csv", *VOTES), write("r.csv", *ROLL_CALLS[:2]))
    assert faults == [("v.csv", 3, "rcid", "9", "has no row among the roll calls")]


def test_one_state_under_two_codes_has_two_votes(write):
    votes = write("v.csv", VOTES[0], "9,YU,no", "9,RS,yes", "10,RS,yes")
    assert faults_of(votes) == [("v.csv", 3, "country_code", "RS", "has two votes in a roll call")]


def test_a_roll_call_without_votes_says_that_the_votes_are_cut(write):
    votes, calls = write("v.csv", VOTES[0], "9,HT,no"), write("r.csv", *ROLL_CALLS)
    assert faults_of(votes, calls) == [("r.csv", 2, "rcid", "10", "is a roll call without votes")]
    assert len(un_votes.load_votes(votes, calls, n_roll_calls="any")["roll_calls"]) == 2


def test_a_cut_file_of_the_publisher_is_known_by_its_first_roll_call(write):
    states = [code for code in un_votes.state_codes("iso2") if code != "YU"][:51]
    path = write("v.csv", VOTES[0], *(f"3,{code},yes" for code in states))
    with pytest.raises(DataError, match="51 rows, the published file has 870,109; is it cut"):
        un_votes.load_votes(path)
    assert len(un_votes.load_votes(path, n_rows="any")["votes"]) == 51
    assert len(un_votes.load_votes(write("w.csv", VOTES[0], *(f"3,{code},yes" for code in states[1:])))["votes"]) == 50


@pytest.mark.external
def test_the_publishers_file_cut_in_two_is_refused(publisher, tmp_path):
    lines = gzip.decompress(publisher("un_votes.csv.gz").read_bytes()).splitlines()
    (tmp_path / "half.csv").write_bytes(b"\n".join(lines[: len(lines) // 2]))
    with pytest.raises(DataError, match="435,054 rows, the published file has 870,109"):
        un_votes.load_votes(tmp_path / "half.csv")


def test_roll_calls_are_events_of_a_study(write):
    tables = un_votes.load_votes(write("v.csv", *VOTES), write("r.csv", *ROLL_CALLS))
    made = un_votes.as_events(tables)
    assert made["events"][["event_id", "title", "date_edtf", "note"]].to_numpy().tolist() == [
        ["unga-10", "ELECTIONS, SECURITY COUNCIL", "1946-02-01", "resolution R/1/79, session 1"],
        ["unga-9", "R/1/66", "1946-01-02", "resolution R/1/66, session 1"],
    ]
    assert made["event_dates"]["date_edtf"].tolist() == ["1946-02-01", "1946-01-02"]
    assert made["votes"][["actor_id", "vote_id"]].to_numpy().tolist() == [
        *(["cow-265", "unga-9"], ["hti", "unga-9"], ["nam", "unga-10"], ["nam", "unga-9"], ["srb", "unga-9"]),
    ]
    alone = un_votes.as_events({"votes": tables["votes"]})
    assert alone["events"]["title"].tolist() == ["Roll call 10", "Roll call 9"]
    assert alone["event_dates"].empty


@pytest.mark.parametrize("n_files", [1, 2])
def test_votes_are_a_study_that_is_saved_and_loaded(write, tmp_path, n_files):
    files = [write("v.csv", *VOTES), write("r.csv", *ROLL_CALLS)][:n_files]
    made = study_of(un_votes.load_votes(*files))
    assert made.notes == ("left out, since the file does not say whose they are: 2 votes",)
    loaded = load_study(save_study(made, tmp_path / "study"), layers=("reference",))
    assert len(loaded.votes) == 5
    assert len(loaded.events) == 2
    for name, frame in made.tables.items():
        pd.testing.assert_frame_equal(loaded.tables[name], frame)


def test_the_numbers_of_rows_are_checked(write):
    votes, calls = write("v.csv", *VOTES), write("r.csv", *ROLL_CALLS)
    with pytest.raises(DataError, match=r"v\.csv: 7 rows in place of 8"):
        un_votes.load_votes(votes, calls, n_rows=8)
    with pytest.raises(DataError, match=r"r\.csv: 2 rows in place of 3"):
        un_votes.load_votes(votes, calls, n_roll_calls=3)


def test_the_network_ties_states_to_votes(write):
    votes = un_votes.load_votes(write("v.csv", *VOTES))["votes"]
    B = un_votes.vote_network(votes)
    assert list(B.nodes(data="bipartite")) == [
        *[(state, 0) for state in ("cow-265", "hti", "nam", "srb")],
        *[("unga-10", 1), ("unga-9", 1)],
    ]
    assert B.nodes["hti"] == {"bipartite": 0, "label": "hti", "kind": "state"}
    assert B.nodes["unga-9"] == {"bipartite": 1, "label": "unga-9", "kind": "vote"}
    assert list(B.edges(data="vote")) == [
        ("cow-265", "unga-9", "no"),
        ("hti", "unga-9", "no"),
        ("nam", "unga-10", "yes"),
        ("nam", "unga-9", "abstain"),
        ("srb", "unga-9", "yes"),
    ]
    assert B.graph == {"n_left_out": 2}


def test_a_choice_of_states_keeps_isolates_and_counts_the_rest(write):
    votes = un_votes.load_votes(write("v.csv", *VOTES))["votes"]
    B = un_votes.vote_network(votes, ["nam", "abw"])
    assert list(B.nodes) == ["abw", "nam", "unga-10", "unga-9"]
    assert (B.degree["abw"], B.graph["n_left_out"]) == (0, 5)
    with pytest.raises(ValueError, match="unknown state 'namm': did you mean 'nam'"):
        un_votes.vote_network(votes, ["namm"])


def test_the_network_is_one_that_the_measures_take(write):
    B = un_votes.vote_network(un_votes.load_votes(write("v.csv", *VOTES))["votes"])
    assert one_mode_projection(B)["hti"]["nam"]["weight"] == 1
    assert centralities(B).set_index("node").loc["nam", "degree"] == 2
    assert nx.is_bipartite(B)


def test_agreement_is_the_share_of_equal_votes_and_half_for_abstentions():
    found = un_votes.agreement(ballots(arg="yyna ", bra="ynaay", chl="    y"))
    assert found.to_numpy().tolist()[0] == ["arg", "bra", 4, 0.5, 0.625]
    pairs = found.set_index(["state_a", "state_b"])
    assert pairs.loc[("arg", "chl"), "n_common"] == 0
    assert pairs.loc[("arg", "chl"), ["share_equal", "share_lijphart"]].isna().all()
    assert pairs.loc[("bra", "chl")].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("a", "b", "lijphart"),
    [("y", "y", 1), ("a", "a", 1), ("y", "a", 0.5), ("a", "n", 0.5), ("n", "a", 0.5), ("y", "n", 0)],
)
def test_one_common_vote(a, b, lijphart):
    (pair,) = un_votes.agreement(ballots(arg=a, bra=b)).itertuples()
    assert (pair.n_common, pair.share_equal, pair.share_lijphart) == (1, a == b, lijphart)


def test_agreement_by_counting_each_pair():
    rng = np.random.default_rng(3)
    texts = {state: "".join(rng.choice(list("yyna "), 200)) for state in ("arg", "bol", "bra", "chl", "hti")}
    found = un_votes.agreement(ballots(**texts)).set_index(["state_a", "state_b"])
    assert list(found.index) == list(itertools.combinations(texts, 2))
    for a, b in found.index:
        common = [(x, y) for x, y in zip(texts[a], texts[b], strict=True) if " " not in (x, y)]
        equal = sum(x == y for x, y in common)
        half = sum(x != y and "a" in (x, y) for x, y in common)
        expected = [len(common), equal / len(common), (equal + half / 2) / len(common)]
        assert found.loc[(a, b)].tolist() == pytest.approx(expected)


def test_agreement_of_a_choice_of_states_without_votes():
    found = un_votes.agreement(ballots(arg="y", bra="y"), ["arg", "hti"])
    assert found[["state_a", "state_b", "n_common"]].to_numpy().tolist() == [["arg", "hti", 0]]
    assert un_votes.agreement(ballots(arg="y"), ["cub", "hti"])["n_common"].tolist() == [0]


@pytest.fixture(scope="module")
def real(publisher):
    """Load all votes and say in how many seconds of this process."""
    paths = publisher("un_votes.csv.gz"), publisher("un_roll_calls.csv.gz")
    began = time.process_time()
    return un_votes.load_votes(*paths, n_rows=870_109, n_roll_calls=6_203), time.process_time() - began


@pytest.mark.external
def test_all_votes_are_there_and_those_of_nobody_are_counted(real, publisher):
    votes = real[0]["votes"]
    assert (len(votes), votes["vote_id"].nunique(), len(real[0]["roll_calls"])) == (870_109, 6_203, 6_203)
    assert votes["vote"].value_counts().to_dict() == {"yes": 693_664, "abstain": 110_897, "no": 65_548}
    assert votes.attrs["n_without_state"] == votes["actor_id"].isna().sum() == 5_444
    raw = pd.read_csv(publisher("un_votes.csv.gz"), dtype="str", keep_default_na=False)
    assert (votes["actor_id"] == "nam").sum() == (raw["country_code"] == "NA").sum() > 0
    assert len(real[0]["actors"]) == raw["country_code"].nunique() - 1


@pytest.mark.external
def test_network_and_agreement_of_the_americas_in_time(real, americas):
    votes, seconds = real[0]["votes"], real[1]
    began = time.process_time()
    B, found = un_votes.vote_network(votes, americas), un_votes.agreement(votes, americas)
    assert seconds + time.process_time() - began < 5
    assert B.number_of_edges() == votes["actor_id"].isin(americas).sum() == 177_593
    assert (len(found), found["share_equal"].isna().sum()) == (595, 0)


@pytest.mark.external
def test_agreement_of_a_pair_by_a_join(real, americas):
    votes = real[0]["votes"].astype("str")
    one, other = (votes[votes["actor_id"] == state].set_index("vote_id")["vote"] for state in ("cub", "usa"))
    both = pd.concat([one, other], axis=1, join="inner", keys=["cub", "usa"])
    found = un_votes.agreement(real[0]["votes"], ["usa", "cub"]).loc[0]
    assert found["n_common"] == len(both)
    assert found["share_equal"] == pytest.approx((both["cub"] == both["usa"]).mean())
