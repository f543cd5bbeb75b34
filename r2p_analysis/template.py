"""A study of one's own: an empty one to fill, with one coded example in every table that needs one.

The example is about two invented states of the private range of ISO 3166-1 (``XAA`` to ``XZZ``) and a
one-sentence document, so that the loader accepts the folder as it is written, and every rule can be seen kept.
Delete the example rows when the first of your own stand.
"""

from __future__ import annotations

import copy
import hashlib
import os
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from r2p_analysis.schema import DataError, key_of, resources
from r2p_analysis.study import Study, load_study, save_study

_DOCUMENT = "In May 2012 Exampleland joined the Sample Union; Otherland may join it.\n"
_WORDS = {"joined": "In May 2012 Exampleland joined the Sample Union", "may": "Otherland may join it"}


def new_study(folder: str | os.PathLike, title: str = "A study of one's own") -> Path:
    """Write a new study: descriptor, codes, tables with headers, and a coded example.

    Parameters
    ----------
    folder : str or path-like
        Where to; its name becomes the name of the study.
    title : str
        Title of the study.

    Returns
    -------
    pathlib.Path
        The folder: ``datapackage.json``, ``tables/NAME.csv``, ``sources/example.txt``. Nothing else in
        it is touched.

    Raises
    ------
    DataError
        If a study is there already; nothing is written.

    Examples
    --------
    >>> import tempfile
    >>> made = new_study(Path(tempfile.mkdtemp()) / "mine")
    >>> load_study(made).memberships["status"].tolist()
    ['operating', 'potential']
    """
    folder = Path(folder)
    if (folder / "datapackage.json").exists() or (folder / "tables").exists():
        raise DataError(f"{folder} holds a study already: name another folder, or `r2p check {folder}`")
    shipped = load_study()
    descriptor = copy.deepcopy(dict(shipped.descriptor))
    descriptor.pop("trust", None)
    name = "".join(c if c.isalnum() else "-" for c in folder.resolve().name.lower()).strip("-") or "study"
    descriptor.update(name=name, title=title, version="0.1.0", description=title, contributors=[], licenses=[])
    rows = {**_example(), "codes": shipped.codes.to_dict("records")}
    tables = {table: _frame(descriptor, table, rows.get(table, [])) for table in resources(descriptor)}
    save_study(Study(MappingProxyType(tables), descriptor, folder, shipped.layers), folder)
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "example.txt").write_text(_DOCUMENT, encoding="utf-8", newline="\n")
    return folder


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
