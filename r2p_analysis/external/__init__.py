"""Other people's data: a publisher's file, as it is shipped, in our tables; and a study of such tables.

`cow` (Correlates of War, intergovernmental organizations), `un_votes` (General Assembly), `ucdp` (GED), `acled`
and `two_mode` (any list of actors and groups) read; `layout.recognise` tells a layout by its columns.
`natural_earth` reads outlines of states for maps.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from r2p_analysis.external import acled, cow, layout, natural_earth, two_mode, ucdp, un_votes
from r2p_analysis.external.tables import state_list, subregions, table
from r2p_analysis.schema import one_of, resources
from r2p_analysis.study import Study, load_study

__all__ = ["acled", "cow", "layout", "natural_earth", "study_of", "two_mode", "ucdp", "un_votes"]

_KNOWN_OF_STATES = ("iso3", "name_en", "evidence")
_OF_STATES = ("UNICODECLDR", "UNM49")  # names; codes and sub-regions
_PAST = "|COW-[0-9]{3}"


def study_of(tables: Mapping[str, pd.DataFrame], *, regions: pd.DataFrame | None = None, past: bool = False) -> Study:
    """Make a study of the tables of an adapter.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        From a ``load_`` function. A table that the descriptor does not declare, such as ``state_years``, stays out.
    regions : pandas.DataFrame, optional
        The universe, rows of ``regions``: ``load_study().regions`` for the 35 states of the Americas. None takes
        every state of `tables` with an ISO code, in its sub-region of M49; what is not known of one outside the
        Americas (languages, ...) is empty.
    past : bool, default False
        Whether states of the past, which have no ISO code and are else actors only, are part of the universe as
        well, under ``COW-260`` and the like. Only without `regions`.

    Returns
    -------
    Study
        Layer ``reference``. Its descriptor is the shipped one, without what it says of the shipped data, with
        fewer required columns of ``regions`` and all sub-regions of the world, so that `save_study` and
        `load_study` take the study as it is. Of votes, roll calls are made events, and
        votes of nobody known are left out; ``notes`` says how many.

    Raises
    ------
    ValueError
        If `regions` has a sub-region that M49 has not, or is given together with `past`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "state_year.csv"
    ...     _ = file.write_text(chr(10).join(["ccode,year,state,au", "500,2014,uganda,1", "41,2014,haiti,3"]))
    ...     study = study_of(cow.load_state_year(file))
    >>> study.regions[["iso3", "subregion"]].to_numpy().tolist()
    [['HTI', 'caribbean'], ['UGA', 'eastern_africa']]
    """
    if past and regions is not None:
        raise ValueError("past=True adds states of the past to those of `tables`: leave out regions, or add them there")
    shipped, notes = load_study(), _notes(tables)
    if "votes" in tables and "events" not in tables:
        tables = {**tables, **un_votes.as_events(tables)}
    regions = _regions(tables, shipped, past) if regions is None else regions
    cited = regions["evidence"].str.split(";").explode()
    own = tables["references"]
    known = shipped.references[shipped.references["ref_id"].isin(set(cited) - set(own["ref_id"]))]
    frames = {name: tables.get(name, shipped.tables[name].iloc[:0]) for name in resources(shipped.descriptor)}
    frames["codes"], frames["regions"] = _codes(shipped.codes), regions
    frames["references"] = pd.concat([own, known]).sort_values("ref_id", ignore_index=True)
    name = own.attrs.get("layout", "external").replace("_", "-")
    descriptor = _descriptor(shipped.descriptor, regions)
    descriptor |= {"name": name, "title": "; ".join(own["title"])}
    frames = {name: _without_attrs(frame) for name, frame in frames.items()}
    return Study(MappingProxyType(frames), descriptor, Path(own.attrs.get("file", "")), ("reference",), notes)


def _without_attrs(frame: pd.DataFrame) -> pd.DataFrame:
    """Same table without what the adapter says of the file, which pandas would copy at every step of an analysis."""
    plain = frame.copy(deep=False)
    plain.attrs = {}
    return plain


def _notes(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    n = int(tables["votes"]["actor_id"].isna().sum()) if "votes" in tables else 0
    return (f"left out, since the file does not say whose they are: {n:,} votes",) if n else ()


def _regions(tables: Mapping[str, pd.DataFrame], shipped: Study, past: bool) -> pd.DataFrame:
    actors = tables["actors"].loc[tables["actors"]["kind"] == "state", ["actor_id", "iso3"]]
    americas = shipped.regions[shipped.regions["iso3"].isin(actors["iso3"])]
    states = state_list().rename(columns={"name": "name_en"})
    others = states[states["state_id"].isin(actors["actor_id"]) & ~states["iso3"].isin(americas["iso3"])]
    others = others.assign(iso3=others["iso3"].fillna(others["state_id"].str.upper())) if past else others
    cited = ";".join([tables["references"].loc[0, "ref_id"], *_OF_STATES])
    rows = table("regions", others.dropna(subset="iso3"), cited)
    return pd.concat([americas, rows]).sort_values("iso3", ignore_index=True)


def _codes(shipped: pd.DataFrame) -> pd.DataFrame:
    """Codes with those of all sub-regions; the shipped study has the ones of the Americas."""
    world = subregions().rename(columns={"subregion": "code"})
    world = world[~world["code"].isin(shipped.loc[shipped["column"] == "subregion", "code"])]
    added = world.assign(column="subregion", definition="Sub-region " + world["m49"] + " of UN M49.")
    rows = pd.concat([shipped, added.reindex(columns=shipped.columns)])
    return rows.astype(shipped.dtypes).sort_values(["column", "code"], ignore_index=True)


def _descriptor(shipped: Mapping, regions: pd.DataFrame) -> dict:
    kept = {key: copy.deepcopy(shipped[key]) for key in ("$schema", "resources")}
    fields = {field["name"]: field for field in resources(kept)["regions"]["schema"]["fields"]}
    for name in set(fields) - set(_KNOWN_OF_STATES):
        fields[name].get("constraints", {}).pop("required", None)
    world = subregions()["subregion"].tolist()
    for code in regions["subregion"].dropna().unique():
        one_of(code, world, "sub-region")
    fields["subregion"]["constraints"]["enum"] = world
    if regions["iso3"].str.startswith("COW-").any():
        fields["iso3"]["constraints"]["pattern"] += _PAST
    dated = {f["name"]: f for f in resources(kept)["references"]["schema"]["fields"]}["published_edtf"]
    dated["description"] = "Date of publication; of a data set, where that is known, the last time that it covers."
    return kept
