"""Membership through time, on a body whose history is written out by hand."""

import pandas as pd
import pytest
from tiny import tiny_study

from r2p_analysis.spells import memberships_at
from r2p_analysis.years import membership_years, spells_between, turnover

REGIONS = [{"iso3": code, "subregion": "caribbean"} for code in ("ARG", "BRB", "CUB", "VEN")]
REFERENCES = [{"ref_id": "LIST", "published_edtf": "2010-06-30"}]


def spell(key, actor, status, start, end):
    return {
        "membership_id": key,
        "actor_id": actor,
        "body_id": "oas",
        "role": "member",
        "status": status,
        "start_edtf": start,
        "end_edtf": end,
        "basis": "external",
        "evidence": "LIST",
    }


@pytest.fixture
def history():
    """Argentina throughout; Barbados from 2002; Cuba suspended 2003; Venezuela out by itself 2004, gone 2006."""
    rows = [
        spell("a", "arg", "operating", "1990-01-01", ""),
        spell("b", "brb", "operating", "2002-05-01", ""),
        spell("c1", "cub", "operating", "1990-01-01", "2003-03-01"),
        spell("c2", "cub", "suspended", "2003-03-01", "2004-02-01"),
        spell("c3", "cub", "operating", "2004-02-01", ""),
        spell("v1", "ven", "operating", "1990-01-01", "2004-07-01"),
        spell("v2", "ven", "self_suspended", "2004-07-01", "2006-01-01"),
        spell("v3", "ven", "withdrawn", "2006-01-01", ""),
    ]
    return tiny_study(regions=REGIONS, references=REFERENCES, actors=[{"actor_id": "oas"}], memberships=rows)


def test_turnover_counts_members_and_names_who_came_and_went(history):
    table = turnover(history, "oas", 2001, 2006)
    assert table["n_members"].to_dict() == {2001: 3, 2002: 4, 2003: 3, 2004: 3, 2005: 3, 2006: 3}
    assert table["n_suspended"].to_dict() == {2001: 0, 2002: 0, 2003: 1, 2004: 1, 2005: 1, 2006: 0}
    assert table["entered"].to_dict() == {2001: [], 2002: ["BRB"], 2003: [], 2004: [], 2005: [], 2006: []}
    assert table["left"].to_dict() == {2001: [], 2002: [], 2003: [], 2004: [], 2005: [], 2006: ["VEN"]}


def test_every_state_has_a_status_in_every_year(history):
    table = membership_years(history, 2001, 2006, only=["oas"])
    assert len(table) == 4 * 6
    status = table.set_index(["iso3", "year"])["status"]
    assert status["BRB", 2001] == "silent"
    assert status["CUB", 2003] == "suspended"
    assert [status["VEN", year] for year in range(2003, 2007)] == [
        "operating",
        "self_suspended",
        "self_suspended",
        "withdrawn",
    ]


@pytest.mark.parametrize(
    ("switch", "counted"), [("own", "self_suspended"), ("suspended", "suspended"), ("member", "operating")]
)
def test_self_suspension_counts_as_one_chooses(history, switch, counted):
    table = membership_years(history, 2005, 2005, only=["oas"], self_suspension=switch)
    assert table.set_index("iso3").at["VEN", "status"] == counted


def test_after_the_reference_the_answer_is_as_of_its_date_and_not_no(history):
    early, late = (memberships_at(history, at).set_index("membership_id") for at in ("2009-12-31", "2015-12-31"))
    assert (early.at["a", "holds"], late.at["a", "holds"]) == ("yes", "possible")
    assert late.at["a", "as_of"] == pd.Timestamp("2010-06-30")
    table = membership_years(history, 2015, 2015, only=["oas"]).set_index("iso3")
    assert table.at["ARG", "status"] == "operating"
    assert table.at["ARG", "as_of"] == pd.Timestamp("2010-06-30")
    assert membership_years(history, 2015, 2015, only=["oas"], reading="certain")["status"].eq("silent").all()


def test_a_row_without_a_known_date_of_evidence_has_no_as_of(history):
    undated = history.with_tables(references=history.references.assign(published_edtf=pd.Series([None], dtype="str")))
    assert memberships_at(undated, "2009")["as_of"].isna().all()


def test_of_two_rows_the_certain_one_answers_and_an_observer_does_not_belong(history):
    vague = {**spell("0", "arg", "operating", "", ""), "role": "associate"}
    watching = {**spell("w", "brb", "operating", "1990-01-01", ""), "role": "observer"}
    rows = [*history.memberships.to_dict("records"), vague, watching]
    study = tiny_study(regions=REGIONS, references=REFERENCES, actors=[{"actor_id": "oas"}], memberships=rows)
    table = membership_years(study, 2001, 2001, only=["oas"]).set_index("iso3")
    assert table.at["ARG", "holds"] == "yes"
    assert table.at["BRB", "status"] == "silent"


def test_of_several_references_the_latest_word_counts(history):
    references = [*REFERENCES, {"ref_id": "OLD", "published_edtf": "1999"}]
    rows = [{**spell("a", "arg", "operating", "1990-01-01", ""), "evidence": "LIST;OLD"}]
    study = tiny_study(regions=REGIONS, references=references, actors=[{"actor_id": "oas"}], memberships=rows)
    assert memberships_at(study, "2009")["as_of"].tolist() == [pd.Timestamp("2010-06-30")]


def test_spells_between_two_days(history):
    found = spells_between(history, "oas", "2004", "2005", status=("operating", "self_suspended"))
    assert found["membership_id"].tolist() == ["a", "b", "c3", "v1", "v2"]
    certain = spells_between(history, "oas", "2004-08-01", "2005", reading="certain")
    assert certain["membership_id"].tolist() == ["a", "b", "c3"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: spells_between(s, "oass", "2004", "2005"), "unknown body 'oass': did you mean 'oas'"),
        (lambda s: spells_between(s, "oas", "2005", "2004"), "is no stretch of time: give two dates"),
        (lambda s: spells_between(s, "oas", "2005", "2006/.."), "is no stretch of time"),
        (lambda s: membership_years(s, 2005, 2004), "the years run backwards: 2005 to 2004"),
        (lambda s: membership_years(s, 2004, 2005, only=["osa"]), "unknown body 'osa'"),
        (lambda s: membership_years(s, 2004, 2005, only=["oas", "oas"]), "body 'oas' stands twice"),
        (lambda s: membership_years(s, 2004, 2005, only=3), "body: 3 is no list of names"),
        (lambda s: membership_years(s, True, 2005), "True is no year: give a whole number, as in 2014"),
        (lambda s: turnover(s, "oas", -5, 2005), "-5 is no year"),
        (lambda s: turnover(s, "oas", 2004, "2005"), "'2005' is no year"),
        (lambda s: membership_years(s, 2004, 2005, self_suspension="out"), "unknown self_suspension 'out'"),
    ],
)
def test_wrong_use_says_what_is_allowed(history, call, message):
    with pytest.raises(ValueError, match=message):
        call(history)
