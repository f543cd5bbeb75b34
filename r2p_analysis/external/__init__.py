"""Other people's data: a publisher's file, as it is shipped, in our tables; and a study of such tables.

`cow` (Correlates of War, intergovernmental organizations), `un_votes` (General Assembly), `ucdp` (GED), `acled`
and `two_mode` (any list of actors and groups) read; `layout.recognise` tells a layout by its columns.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from r2p_analysis.external import acled, cow, layout, two_mode, ucdp, un_votes
from r2p_analysis.external.tables import state_list, table
from r2p_analysis.schema import resources
from r2p_analysis.study import Study, load_study

__all__ = ["acled", "cow", "layout", "study_of", "two_mode", "ucdp", "un_votes"]

_KNOWN_OF_STATES = ("iso3", "name_en", "evidence")


def study_of(tables: Mapping[str, pd.DataFrame], *, regions: pd.DataFrame | None = None) -> Study:
    """Make a study of the tables of an adapter.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        From a ``load_`` function. A table that the descriptor does not declare, such as ``state_years``, stays out.
    regions : pandas.DataFrame, optional
        The universe, rows of ``regions``: ``load_study().regions`` for the 35 states of the Americas. None takes
        every state of `tables` with an ISO code; what is not known of one outside the Americas (languages,
        sub-region, ...) is empty. States of the past have no code and are actors only.

    Returns
    -------
    Study
        Layer ``reference``. Its descriptor is the shipped one, without what it says of the shipped data and with
        fewer required columns of ``regions``, so that `save_study` and `load_study` take the study as it is.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "state_year.csv"
    ...     _ = file.write_text(chr(10).join(["ccode,year,state,au", "500,2014,uganda,1", "41,2014,haiti,3"]))
    ...     study = study_of(cow.load_state_year(file))
    >>> study.regions[["iso3", "subregion"]].to_numpy().tolist()
    [['HTI', 'caribbean'], ['UGA', nan]]
    """
    shipped = load_study()
    regions = _regions(tables, shipped) if regions is None else regions
    cited = regions["evidence"].str.split(";").explode()
    own = tables["references"]
    known = shipped.references[shipped.references["ref_id"].isin(set(cited) - set(own["ref_id"]))]
    frames = {name: tables.get(name, shipped.tables[name].iloc[:0]) for name in resources(shipped.descriptor)}
    frames["codes"], frames["regions"] = shipped.codes, regions
    frames["references"] = pd.concat([own, known]).sort_values("ref_id", ignore_index=True)
    name = own.attrs.get("layout", "external").replace("_", "-")
    descriptor = _descriptor(shipped.descriptor, name, "; ".join(own["title"]))
    return Study(MappingProxyType(frames), descriptor, Path(own.attrs.get("file", "")), ("reference",))


def _regions(tables: Mapping[str, pd.DataFrame], shipped: Study) -> pd.DataFrame:
    present = tables["actors"].loc[tables["actors"]["kind"] == "state", "iso3"].dropna()
    americas = shipped.regions[shipped.regions["iso3"].isin(present)]
    others = state_list()[state_list()["iso3"].isin(set(present) - set(americas["iso3"]))]
    rows = table("regions", others.rename(columns={"name": "name_en"}), tables["references"].loc[0, "ref_id"])
    return pd.concat([americas, rows]).sort_values("iso3", ignore_index=True)


def _descriptor(shipped: Mapping, name: str, title: str) -> dict:
    kept = {key: copy.deepcopy(shipped[key]) for key in ("$schema", "resources")}
    for field in resources(kept)["regions"]["schema"]["fields"]:
        if field["name"] not in _KNOWN_OF_STATES:
            field.get("constraints", {}).pop("required", None)
    return {**kept, "name": name, "title": title}
