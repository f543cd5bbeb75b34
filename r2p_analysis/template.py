"""A study of one's own: an empty one to fill, with one coded example in every table that needs one.

The example is about two invented states of the private range of ISO 3166-1 (``XAA`` to ``XZZ``) and a
one-sentence document, so that the loader accepts the folder as it is written, and every rule can be seen kept.
Delete the example rows when the first of your own stand; ``HOWTO.md`` in the folder says what else to edit.

The universe of a study is its own: the two invented states, or the states that are asked for, wherever they lie.
What the shipped study knows of its states only (languages, admission, names in other languages) is not required.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from r2p_analysis.external import study_of
from r2p_analysis.external.tables import state_list, table
from r2p_analysis.schema import DataError, key_of, one_of, resources
from r2p_analysis.study import Study, load_study, save_study

_DOCUMENT = "In May 2012 Exampleland joined the Sample Union; Otherland may join it.\n"
_HOWTO = """\
# {title}: what to edit

1. **States.** `tables/regions.csv` is the universe: everything that is shown is shown for all of its states. Required
   are `iso3`, `name_en` and `evidence`; leave empty what you do not know. `r2p new FOLDER --states GHA,NGA` fills the
   table for you.
2. **Sub-regions.** A code of `regions.subregion` is declared twice: under `enum` in `datapackage.json` (the order there
   is that of the figures) and with its label in `tables/codes.csv`, column `subregion`. States without one stand last.
3. **Example.** The rows of `example`, `EXAMPLE`, `xaa`, `xbb`, `sample-union` and `joining` in the tables, and
   `sources/example.txt`, keep every rule once. Delete them when your own stand.
4. **Codes.** Functions, kinds of event and roles are those of the study of the Americas; declare others as in 2. `axis`
   in `datapackage.json` says which functions the figures have.
5. **Day and first year.** `"at": "2014-09-08"` in `datapackage.json` is the day of networks and coverage,
   `"since": 2000` the first year of the timeline. Without them they come from your evidence and your events.
6. **About the study.** `title`, `description`, `contributors`, `licenses` and `trust` (how it was coded, by whom) in
   `datapackage.json` are for the codebook, `README.md`.
7. **Outlines.** The true map draws `shapes/outlines.csv` of this folder, else the shipped outlines, of the Americas;
   the map of tiles needs none. To make the file: `npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz` (Natural
   Earth, public domain), then in Python, both in this folder:

   ```python
   from pathlib import Path
   from r2p_analysis.external import natural_earth

   outlines = natural_earth.load_outlines("package/countries-50m.json", {subregions}, around=None)
   Path("shapes").mkdir(exist_ok=True)
   outlines.to_csv("shapes/outlines.csv", index=False, lineterminator="\\n")
   ```

   The names are sub-regions of M49. With `around=(west, south, east, north)`, in degrees, other land in it is drawn as
   well.

Then, with `FOLDER` for this folder: `r2p check FOLDER`, `r2p codebook FOLDER`, `r2p verify --study FOLDER` (with
`R2P_SOURCES=FOLDER/sources`), `r2p figures --study FOLDER --folder FOLDER/figures`.
"""
_WORDS = {"joined": "In May 2012 Exampleland joined the Sample Union", "may": "Otherland may join it"}


_NEEDED_OF_STATES = ("iso3", "name_en", "evidence")
_SHIPPED_ONLY = ("trust", "at", "since")


def new_study(folder: str | os.PathLike, title: str = "A study of one's own", states: Collection[str] = ()) -> Path:
    """Write a new study: descriptor, codes, tables with headers, and a coded example.

    Parameters
    ----------
    folder : str or path-like
        Where to; its name becomes the name of the study.
    title : str
        Title of the study.
    states : collection of str, optional
        ISO 3166-1 alpha-3 codes of the universe, such as ``["GHA", "NGA"]``: `regions` is filled with what is
        known of them. None takes the two invented states of the example.

    Returns
    -------
    pathlib.Path
        The folder: ``datapackage.json``, ``tables/NAME.csv``, ``sources/example.txt``, ``HOWTO.md``. Nothing
        else in it is touched.

    Raises
    ------
    DataError
        If a study is there already; nothing is written.
    ValueError
        If a state is unknown; nothing is written.

    Examples
    --------
    >>> import tempfile
    >>> made = new_study(Path(tempfile.mkdtemp()) / "mine", states=["NGA", "GHA"])
    >>> load_study(made).memberships["status"].tolist(), load_study(made).regions["iso3"].tolist()
    (['operating', 'potential'], ['GHA', 'NGA'])
    """
    folder = Path(folder)
    if (folder / "datapackage.json").exists() or (folder / "tables").exists():
        raise DataError(f"{folder} holds a study already: name another folder, or `r2p check {folder}`")
    base = _of_states(states) if states else load_study()
    name = "".join(c if c.isalnum() else "-" for c in folder.resolve().name.lower()).strip("-") or "study"
    descriptor = _descriptor(base.descriptor, name, title)
    rows = _example()
    frames = {n: _frame(descriptor, n, rows.get(n, [])) for n in resources(descriptor)}
    frames["codes"] = base.codes
    if states:
        known = pd.concat([frames["references"], base.references]).sort_values("ref_id", ignore_index=True)
        once = [";".join(dict.fromkeys(cell.split(";"))) for cell in base.regions["evidence"]]
        frames |= {"regions": base.regions.assign(evidence=once), "references": known}
    save_study(Study(MappingProxyType(frames), descriptor, folder), folder)
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "example.txt").write_text(_DOCUMENT, encoding="utf-8", newline="\n")
    subregions = sorted(base.regions["subregion"].dropna().unique()) if states else ["western_africa"]
    (folder / "HOWTO.md").write_text(
        _HOWTO.format(title=title, subregions=json.dumps(subregions)), encoding="utf-8", newline="\n"
    )
    return folder


def _of_states(states: Collection[str]) -> Study:
    """Study without facts whose universe is some states."""
    listed = [states] if isinstance(states, str) else list(states)
    names = state_list().dropna(subset="iso3").set_index("iso3")["name"]
    codes = sorted({one_of(code.strip().upper(), names.index, "state") for code in listed})
    known = load_study().references
    reference = known[known["ref_id"] == "UNM49"].reset_index(drop=True)
    actors = {"actor_id": [c.lower() for c in codes], "name": [names[c] for c in codes], "iso3": codes}
    return study_of({"actors": table("actors", actors, "UNM49", kind="state"), "references": reference})


def _descriptor(shipped: Mapping, name: str, title: str) -> dict:
    descriptor = {key: value for key, value in copy.deepcopy(dict(shipped)).items() if key not in _SHIPPED_ONLY}
    about = f"{title}. HOWTO.md says what to edit first."
    descriptor.update(name=name, title=title, version="0.1.0", description=about, contributors=[], licenses=[])
    regions = resources(descriptor)["regions"]
    regions["description"] = "A state of the universe of this study. The denominator of every share."
    for field in regions["schema"]["fields"]:
        if field["name"] not in _NEEDED_OF_STATES:
            field.get("constraints", {}).pop("required", None)
    return descriptor


def _frame(descriptor: dict, table: str, rows: list[dict]) -> pd.DataFrame:
    fields = resources(descriptor)[table]["schema"]["fields"]
    frame = pd.DataFrame(rows, columns=[field["name"] for field in fields])
    types = {field["name"]: "Int64" if field["type"] == "integer" else "str" for field in fields}
    return frame.astype(types).sort_values(key_of(descriptor, table), ignore_index=True)


def _passage(label: str, vintage: str, gist: str) -> dict:
    start = _DOCUMENT.index(_WORDS[label])
    end = start + len(_WORDS[label])
    digest = hashlib.sha256(_WORDS[label].encode()).hexdigest()
    key = f"example-{start:05d}-{end:05d}"
    place = {"passage_id": key, "source_id": "example", "start": start, "end": end, "sha256": digest}
    return {**place, "section": "All of it", "vintage_edtf": vintage, "gist": gist}


def _example() -> dict[str, list[dict]]:
    joined = _passage("joined", "2012-05", "Exampleland belongs to the union since May 2012.")
    may = _passage("may", "[2012-05..2012-12]", "Otherland is a possible member.")
    source = {
        "source_id": "example",
        "title": "An example, to be deleted",
        "publisher": "Nobody",
        "role": "observer",
        "content_until_edtf": "2012-05",
        "language": "eng",
        "n_chars": len(_DOCUMENT),
        "sha256": hashlib.sha256(_DOCUMENT.encode()).hexdigest(),
    }
    reference = {
        "ref_id": "EXAMPLE",
        "title": "A list of states, to be replaced by yours",
        "publisher": "Nobody",
        "licence": "unknown: facts only",
        "kind": "list",
    }
    said = {"basis": "explicit", "evidence": joined["passage_id"]}
    hoped = {"basis": "explicit", "evidence": may["passage_id"]}
    member = {"body_id": "sample-union", "role": "member"}
    event = {
        "event_id": "joining",
        "title": "Exampleland joins the Sample Union",
        "kind": "founding",
        "status": "reported",
    }
    return {
        "sources": [source],
        "passages": [joined, may],
        "references": [reference],
        "regions": [_state("XAA", "Exampleland", "901"), _state("XBB", "Otherland", "902")],
        "actors": [
            {"actor_id": "xaa", "name": "Exampleland", "kind": "state", "iso3": "XAA", **said},
            {"actor_id": "xbb", "name": "Otherland", "kind": "state", "iso3": "XBB", **hoped},
            {"actor_id": "sample-union", "name": "Sample Union", "kind": "igo", **said},
        ],
        "memberships": [
            {
                "membership_id": "xaa-member",
                "actor_id": "xaa",
                **member,
                "status": "operating",
                "start_edtf": "2012-05",
                **said,
            },
            {"membership_id": "xbb-member", "actor_id": "xbb", **member, "status": "potential", **hoped},
        ],
        "events": [{**event, "date_edtf": "2012-05", **said}],
        "event_dates": [{"event_id": "joining", "date_edtf": "2012-05", **said}],
    }


def _state(iso3: str, name: str, m49: str) -> dict:
    names = {"name_en": name, "name_es": name, "name_pt": name}
    rest = {
        "subregion": "caribbean",
        "un_member_since_edtf": "1950",
        "official_languages": "mis",
        "evidence": "EXAMPLE",
    }
    return {"iso3": iso3, **names, "m49": m49, **rest}
