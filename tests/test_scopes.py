"""Declared scopes: whom each way of writing them lets in, by hand."""

import pytest
from tiny import tiny_study

from r2p_analysis.scopes import Scope, scopes_of

REGIONS = [
    {"iso3": "HTI", "subregion": "caribbean", "official_languages": "fra;hat"},
    {"iso3": "BLZ", "subregion": "central_america", "official_languages": "eng"},
    {"iso3": "PRY", "subregion": "south_america", "official_languages": "spa;grn"},
    {"iso3": "CAN", "subregion": "northern_america", "official_languages": "eng;fra"},
]


@pytest.mark.parametrize(
    ("admits", "found"),
    [
        ("subregion=caribbean", ["hti"]),
        ("subregion=caribbean;iso3=BLZ", ["blz", "hti"]),
        ("subregion!=northern_america", ["blz", "hti", "pry"]),
        ("official_languages=fra", ["can", "hti"]),
        ("official_languages=spa;official_languages=hat", ["hti", "pry"]),
        ("iso3=USA", []),
        (None, None),
    ],
)
def test_a_scope_lets_in_whom_any_of_its_alternatives_names(admits, found):
    scopes = [{"body_id": "lan", "scope": "purpose_built", "admits": admits}]
    assert scopes_of(tiny_study(regions=REGIONS, scopes=scopes), ["lan"]) == {"lan": Scope("purpose_built", found)}


@pytest.mark.parametrize(
    ("admits", "found"),
    [
        ("official_languages=fra", ["hti"]),
        ("official_languages!=fra", ["xko"]),
        ("official_languages=fra;iso3=XKO", ["hti", "xko"]),
    ],
)
def test_a_state_whose_cell_is_empty_has_none_of_the_values_that_a_scope_names(admits, found):
    regions = [REGIONS[0], {"iso3": "XKO"}]
    scopes = [{"body_id": "lan", "scope": "purpose_built", "admits": admits}]
    assert scopes_of(tiny_study(regions=regions, scopes=scopes), ["lan"])["lan"].admits == found


@pytest.mark.parametrize("bodies", [3, None, [["lan"]]])
def test_bodies_are_names(bodies):
    with pytest.raises(ValueError, match=r"bodies: .* is no list of names; give one, as in \['oas'\]"):
        scopes_of(tiny_study(), bodies)
    with pytest.raises(ValueError, match="None is no study"):
        scopes_of(None, ["lan"])


def test_a_body_without_a_declared_scope_admits_everyone_and_a_study_need_not_declare_any():
    study = tiny_study(regions=REGIONS, scopes=[{"body_id": "un", "scope": "universal"}])
    assert scopes_of(study, ["lan", "un"]) == {"lan": Scope("", None), "un": Scope("universal", None)}
    tables = {name: table for name, table in study.tables.items() if name != "scopes"}
    assert scopes_of(type(study)(tables, study.descriptor, study.path), ["lan"]) == {"lan": Scope()}
