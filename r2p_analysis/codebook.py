"""The codebook: a study's README.md, written from its descriptor, its codes and its tables.

Everything that is declared is in it, in the order of the descriptor, and what is counted is counted
from the rows that the study holds; load both layers to count both. The same study gives the same
text, byte for byte: nothing depends on the day or the machine.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from r2p_analysis.schema import key_of, resources
from r2p_analysis.study import Study

_BASES = ("explicit", "inferred", "external")
_SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
_SHARED = "Columns that tables share"
_MANY = 4  # a column that as many tables have in the same words is described once

_LAYERS = """\
Every row of a fact says in `basis` who says it.

- **Coded layer**: what the documents say and nothing else, as a passage says it (`explicit`) or as a written rule gives
  it from a passage (`inferred`; the rule stands in `note`). What a document gets wrong is coded as it says it; the
  correction stands beside it and `conflicts` names both.
- **Reference layer**: facts from elsewhere, each with a reference (`external`). `load_study()` leaves them out;
  `load_study(layers=("coded", "reference"))` has both.

**An empty cell means that nothing is said. It never means "no".** Only the status `denied` says that something is not
there. A state or function without any row is `silent`, which is computed and never stored: documents that do not
mention a thing are no evidence that it is missing. Where somebody else than the publisher speaks, `claimant_id` says
who; a claim that an actor makes about itself is a self-report."""

_EVIDENCE = """\
The documents are other people's text and are not included. A passage is a position and a hash: `start` and `end` count
Unicode code points from 0 (the end is the first one outside) in the document decoded as UTF-8 with its line ends
unchanged, and `sha256` is the hash of that slice's UTF-8 bytes. Put a copy of a document into a folder, name the folder
in `R2P_SOURCES`, and `r2p verify` checks every passage; copies are known by their content, whatever their file names.
A passage is the smallest run of text that carries its fact. `evidence` lists passages and references, separated by
`;`."""

_DATES = """\
Dates are EDTF (Extended Date/Time Format, Library of Congress 2019), as precise as they were stated.

- `2012`, `2012-03`, `2012-03-29`: some time in the year, some time in the month, the day. `2012-21`: the spring.
- `2008-03-31/2008-04-01`: lasted from the one day to the other.
- `[2014-09-08..2014-12-31]`: one unknown day between; `[..2015-05-29]`: on that day or before.
- `2014?`: the year follows from the context only; `2012~`: about.
- Empty: no date given.

`vintage_edtf` of a passage says when what it reports was so. A spell without a start or an end is certain at the
vintage of its passage and possible at other times. Announced is not reported: see [events.status](#eventsstatus)."""

_AGREEMENT = """\
How far the two readings agreed before they were settled (`r2p agreement`). A share is what both found of what either
found; alpha is Krippendorff's for nominal codes, on the rows that both found: 1 is full agreement, 0 is chance."""

_RULES = """\
Where a document gives a rule and no list, the members that nobody names follow from the rule. They are `inferred`,
their `note` holds the rule, and a rule on languages or sub-regions can be worked out again from `regions`."""

_CITING = """\
Cite the documents that your rows rest on, too: they are other people's work. `CITATION.cff` in the repository is for
reference managers."""


def codebook(study: Study, agreement: pd.DataFrame | None = None) -> str:
    """Text of the codebook, in Markdown.

    Parameters
    ----------
    study : Study
        The study to describe, best with both layers.
    agreement : pandas.DataFrame, optional
        Result of `r2p_analysis.agreement.compare_readings`. None computes it where the study's
        folder has ``readings/a`` and ``readings/b``, and leaves it out elsewhere.

    Returns
    -------
    str
        A heading for every table and every coded column, a line for every code.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> codebook(load_study()).splitlines()[0]
    '# Codebook'
    """
    agreement = _agreement(study.path) if agreement is None else agreement
    parts = [
        ("", _head(study)),
        ("What the study is", _about(study)),
        ("How far to trust it", _trust(study, agreement)),
        ("Two layers, and what an empty cell means", _LAYERS),
        ("Evidence is a position, not a quotation", _EVIDENCE),
        ("Dates", _DATES),
        ("Rows", _rows(study)),
        ("The tables", _tables(study)),
        ("The codes", "\n\n".join(_coded_column(study, *item) for item in _coded_columns(study).items())),
        ("Rules that imply members", _rules(study)),
        ("References and their terms", _terms(study)),
        ("How to cite, and the licence", _citing(study)),
    ]
    return "\n\n".join(f"## {title}\n\n{text}" if title else text for title, text in parts) + "\n"


def write_codebook(study: Study, folder: str | os.PathLike) -> Path:
    """Write the codebook as ``README.md``.

    Parameters
    ----------
    study : Study
        The study to describe, best with both layers.
    folder : str or path-like
        Where to; an older file is replaced.

    Returns
    -------
    pathlib.Path
        The file.
    """
    path = Path(folder) / "README.md"
    path.write_text(codebook(study), encoding="utf-8", newline="\n")
    return path


def _head(study: Study) -> str:
    made = "Written by `r2p codebook` from `datapackage.json` and the tables; changes made here by hand are lost."
    return f"# Codebook\n\n**{_title(study)}**, version {_version(study)}.\n\n{made}"


def _about(study: Study) -> str:
    lines = [study.descriptor.get("description", ""), ""]
    lines += ["The tables are long CSV files (UTF-8, RFC 4180), one fact a row. They rest on these documents:", ""]
    lines += [_document(study, row) for row in study.sources.itertuples()]
    n = len(study.regions)
    return "\n".join([*lines, "", f"A share of states is a share of the {n} in [regions](#regions), named or not."])


def _document(study: Study, row: tuple) -> str:
    role = study.label("sources.role", row.role).lower()
    published = "not stated" if pd.isna(row.published_edtf) else f"`{row.published_edtf}`"
    note = "" if pd.isna(row.note) else f" {row.note}"
    text = f"- `{row.source_id}`: *{row.title}*, {row.publisher} ([{role}](#sourcesrole)). {row.n_chars:,} characters. "
    return text + f"Published: {published}; reaches to `{row.content_until_edtf}`.{note}"


def _trust(study: Study, agreement: pd.DataFrame | None) -> str:
    said = study.descriptor.get("trust", "How it was coded, and by whom, its makers have not said.")
    if agreement is None:
        return said
    return "\n".join([said, "", _AGREEMENT, "", *(_agreed(row) for row in agreement.itertuples())])


def _agreed(row: tuple) -> str:
    value = "not defined" if pd.isna(row.value) else f"{row.value:.2f}"
    return f"- {row.measure}: {row.kind} {value} ({row.n_a} and {row.n_b} rows, {row.n_both} in both)"


def _agreement(folder: Path) -> pd.DataFrame | None:
    readings = [folder / "readings" / name for name in ("a", "b")]
    if not all(reading.is_dir() for reading in readings):
        return None
    from r2p_analysis.agreement import compare_readings

    return compare_readings(*readings)


def _rows(study: Study) -> str:
    lines = [f"| table | rows | {' | '.join(_BASES)} |", "|---|--:|--:|--:|--:|"]
    for name, frame in study.tables.items():
        counts = frame["basis"].value_counts() if "basis" in frame.columns else None
        cells = ["" if counts is None else str(counts.get(basis, 0)) for basis in _BASES]
        lines.append(f"| [{name}](#{name}) | {len(frame)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _tables(study: Study) -> str:
    lines = {name: _columns(study, name) for name in resources(study.descriptor)}
    times = Counter(line for columns in lines.values() for line in columns.values())
    shared = {line: column for columns in lines.values() for column, line in columns.items() if times[line] >= _MANY}
    parts = [f"### {_SHARED}\n\n" + "\n".join(sorted(shared))] if shared else []
    return "\n\n".join([*parts, *(_table(study, name, columns, shared) for name, columns in lines.items())])


def _table(study: Study, name: str, columns: Mapping[str, str], shared: Mapping[str, str]) -> str:
    resource = resources(study.descriptor)[name]
    key = ", ".join(f"`{column}`" for column in key_of(study.descriptor, name))
    lines = [f"### {name}", "", f"{resource.get('description', '')} File `{resource['path']}`, key {key}.", ""]
    lines += [line for line in columns.values() if line not in shared]
    common = ", ".join(f"`{column}`" for column, line in columns.items() if line in shared)
    lines += [f"- {common}: [shared](#{_SHARED.lower().replace(' ', '-')})"] if common else []
    return "\n".join(lines)


def _columns(study: Study, table: str) -> dict[str, str]:
    schema = resources(study.descriptor)[table]["schema"]
    return {field["name"]: _column(study, table, schema, field) for field in schema["fields"]}


def _column(study: Study, table: str, schema: Mapping, field: Mapping) -> str:
    traits = [_kind(field)]
    traits += ["required"] if field.get("constraints", {}).get("required") else []
    targets = [k["reference"]["resource"] for k in schema.get("foreignKeys", []) if k["fields"] == field["name"]]
    targets += field.get("refersTo", [])
    traits += [f"points to {' or '.join(f'[{t}](#{t})' for t in targets)}"] if targets else []
    traits += ["points to rows, as `table:id`"] if field.get("refersToRows") else []
    if "enum" in field.get("constraints", {}):
        name = _column_of_codes(study, table, field["name"])
        traits.append(f"codes: [{name}](#{name.replace('.', '')})")
    return f"- `{field['name']}` ({', '.join(traits)}): {field.get('description', '')}"


def _kind(field: Mapping) -> str:
    limits = field.get("constraints", {})
    if "enum" in limits:
        return "code"
    if field.get("edtf"):
        return "EDTF date"
    if field["type"] == "integer":
        return f"whole number from {limits['minimum']}" if "minimum" in limits else "whole number"
    if "separator" in field:
        return f"list, separated by `{field['separator']}`"
    pattern = limits.get("pattern")
    if pattern:
        return "slug" if pattern == _SLUG else f"text like `{pattern}`"
    return f"text of at most {limits['maxLength']} characters" if "maxLength" in limits else "text"


def _column_of_codes(study: Study, table: str, field: str) -> str:
    full = f"{table}.{field}"
    return full if (study.codes["column"] == full).any() else field


def _coded_columns(study: Study) -> dict[str, dict[str, Mapping]]:
    """Coded columns by their name in `codes`, each with the fields by table, in the descriptor's order."""
    found: dict[str, dict[str, Mapping]] = {}
    for table, resource in resources(study.descriptor).items():
        for field in resource["schema"]["fields"]:
            if "enum" in field.get("constraints", {}):
                found.setdefault(_column_of_codes(study, table, field["name"]), {})[table] = field
    return found


def _coded_column(study: Study, name: str, fields: Mapping[str, Mapping]) -> str:
    lines = [f"### {name}", ""]
    lines += [f"Column `{name.rpartition('.')[2]}` of {', '.join(f'[{table}](#{table})' for table in fields)}."]
    for axis in dict.fromkeys(tuple(field["axis"]) for field in fields.values() if "axis" in field):
        lines += [f"Tables and figures show {', '.join(f'`{c}`' for c in axis)}, whether rows use them or not."]
    rows = study.codes[study.codes["column"] == name].set_index("code")
    order = [code for field in fields.values() for code in field["constraints"]["enum"]]
    codes = dict.fromkeys([*(code for code in order if code in rows.index), *rows.index])
    return "\n".join([*lines, "", *(_code(code, rows.loc[code]) for code in codes)])


def _code(code: str, row: pd.Series) -> str:
    example = f" Example: {row['example']}." if isinstance(row["example"], str) else ""
    return f"- `{code}` (**{row['label_en']}**, *{row['label_es']}*): {row['definition']}{example}"


def _rules(study: Study) -> str:
    members, by = study.memberships, ["body_id", "role", "status"]
    inferred = members[members["basis"] == "inferred"]
    if inferred.empty:
        return "No membership is inferred."
    groups = study.actors.loc[study.actors["kind"] == "collective", "actor_id"]
    stated = members[(members["basis"] == "explicit") & ~members["actor_id"].isin(groups)]
    n_stated = stated.groupby(by)["actor_id"].nunique()
    lines = [_RULES, ""]
    for (*place, note), rows in inferred.groupby([*by, "note"]):
        n = n_stated.get(tuple(place), 0)
        lines.append(f"- `{place[0]}`, {place[1]}, {place[2]}: {len(rows)} inferred beside {n} stated by name. {note}")
    return "\n".join(lines)


def _terms(study: Study) -> str:
    if study.references.empty:
        return "No reference is used."
    lines = ["Facts were taken from them, no text; titles and addresses are in [references](#references).", ""]
    for licence, rows in study.references.groupby("licence"):
        lines.append(f"- {licence}: {', '.join(rows['ref_id'])}")
    return "\n".join(lines)


def _citing(study: Study) -> str:
    makers = ", ".join(person["title"] for person in study.descriptor.get("contributors", []))
    licences = ", ".join(f"[{licence['title']}]({licence['path']})" for licence in study.descriptor.get("licenses", []))
    cited = f"> {makers or 'Its makers'}: *{_title(study)}*, version {_version(study)}, data set."
    under = f"The data, this file included, are under {licences or 'no stated licence'}. The documents are not covered."
    return f"{cited}\n\n{_CITING}\n\n{under}"


def _title(study: Study) -> str:
    return study.descriptor.get("title", "a study without title")


def _version(study: Study) -> str:
    return study.descriptor.get("version", "not stated")
