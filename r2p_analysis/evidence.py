"""From a row to the places it stands on, and from a place back to the rows.

A passage is a position and a hash, not a quotation: start and end are 0-based Unicode code points
(end exclusive) of the document decoded as UTF-8 with its line ends unchanged, and the hash is that
of the slice's UTF-8 bytes. Whoever has a copy of a document can check every row; a passage is found
exactly or not at all, never by likeness.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from r2p_analysis import paths
from r2p_analysis.schema import DataError, key_of, one_of, suggest
from r2p_analysis.study import Study, of_layers

_LARGEST_COPY = 64 * 2**20  # bytes; a larger file in the folder is no document


@dataclass(frozen=True)
class Verification:
    """What comparing a study with copies of its documents gave.

    Attributes
    ----------
    documents : pandas.DataFrame
        A row a document: source_id, title, copy (file name or null), result: ``same``,
        ``line ends`` (nothing else differs), ``differs`` or ``no copy``.
    passages : pandas.DataFrame
        A row a passage: passage_id, source_id, result: ``same``, ``differs``, ``moved`` (the same
        text, but not at its position) or ``no copy``.
    rows : pandas.DataFrame
        Every row that stands on a passage that differs or moved: table, row_id, evidence, result.
    """

    documents: pd.DataFrame
    passages: pd.DataFrame
    rows: pd.DataFrame


def evidence_of(study: Study, table: str, row_id: str, *, with_text: bool = False) -> pd.DataFrame:
    """Passages and references that a row stands on.

    Parameters
    ----------
    study : Study
        A study.
    table : str
        Name of a table with an evidence column.
    row_id : str
        Value of the table's (first) key column.
    with_text : bool, default False
        Add the column ``text``: the passage as it stands in a local copy, null without one.

    Returns
    -------
    pandas.DataFrame
        evidence (id), kind (``passage`` or ``reference``), document (source_id or null), start,
        end (code points), section, vintage_edtf, what (gist or title), url.

    Raises
    ------
    ValueError
        If there is no such table or row; the message says what was probably meant.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> evidence_of(load_study(), "regions", "ARG")["kind"].unique().tolist()
    ['reference']
    """
    row = _rows_with_id(study, table, row_id)
    cited = sorted(set(row["evidence"].str.split(";").explode()))
    passages = study.passages.assign(kind="passage", document=study.passages["source_id"], what=study.passages["gist"])
    references = study.references.assign(kind="reference", what=study.references["title"])
    both = pd.concat([passages.set_index("passage_id"), references.set_index("ref_id")])
    columns = ["kind", "document", "start", "end", "section", "vintage_edtf", "what", "url"]
    found = both.reindex(columns=columns).loc[cited].rename_axis("evidence").reset_index()
    if with_text:
        texts = {source: path.read_bytes().decode() for source, path in find_copies(study).items()}
        spots = zip(found["document"], found["start"], found["end"], strict=True)
        found["text"] = [texts[d][int(s) : int(e)] if d in texts else None for d, s, e in spots]
    return of_layers(study, found)


def rows_on(study: Study, evidence: str | Iterable[str]) -> pd.DataFrame:
    """Rows that stand on any of some passages or references.

    Parameters
    ----------
    study : Study
        A study.
    evidence : str or iterable of str
        Ids of passages or references; a text is one id.

    Returns
    -------
    pandas.DataFrame
        table, row_id (values of the key, joined by ``+``), evidence; a row each time one is cited,
        in the order of tables and keys.
    """
    wanted, found = {evidence} if isinstance(evidence, str) else set(evidence), []
    for name, frame in study.tables.items():
        if "evidence" in frame.columns:
            keys = frame[key_of(study.descriptor, name)].astype("str").to_numpy()
            ids = pd.Series(["+".join(key) for key in keys], frame.index, dtype="str")
            cited = frame["evidence"].str.split(";").explode()
            cited = cited[cited.isin(wanted)]
            found.append(pd.DataFrame({"table": name, "row_id": ids[cited.index], "evidence": cited}))
    return of_layers(study, pd.concat(found, ignore_index=True))


def mentions_by_state(study: Study) -> pd.DataFrame:
    """How many passages name each state: the documents' attention, which any ranking inherits.

    Parameters
    ----------
    study : Study
        A study.

    Returns
    -------
    pandas.DataFrame
        A row for each of the states in ``regions``, in their order: iso3, n_passages (passages
        behind an explicit row on the state itself), n_with_actors (the same, or on an actor of the
        state: an office, a person, an organisation there). Zero means not mentioned.
    """
    state_of = study.actors.set_index("actor_id")["iso3"]
    named: list[tuple[str, str, bool]] = []
    for name, frame in study.tables.items():
        if not {"basis", "evidence"} <= set(frame.columns):
            continue
        for column in _columns_naming_actors(name):
            rows = frame[(frame["basis"] == "explicit") & frame[column].notna()]
            states = rows[column] if column.endswith("iso3") else rows[column].map(state_of)
            itself = rows[column].str.lower() == states.str.lower()
            for iso3, own, cited in zip(states, itself, rows["evidence"], strict=True):
                named += [(iso3, passage, own) for passage in cited.split(";")]
    pairs = pd.DataFrame(named, columns=["iso3", "passage_id", "itself"]).astype({"itself": "bool"})
    pairs = pairs[pairs["passage_id"].isin(study.passages["passage_id"])]
    count = {
        "n_passages": pairs[pairs["itself"]].groupby("iso3")["passage_id"].nunique(),
        "n_with_actors": pairs.groupby("iso3")["passage_id"].nunique(),
    }
    table = pd.DataFrame(count).reindex(study.regions["iso3"], fill_value=0).fillna(0).astype("int64")
    return of_layers(study, table.reset_index())


def _columns_naming_actors(table: str) -> list[str]:
    return {
        "actors": ["actor_id"],
        "memberships": ["actor_id", "body_id"],
        "ties": ["actor_id", "target_id", "claimant_id"],
        "events": ["country_iso3"],
        "participations": ["actor_id"],
        "functions": ["body_id", "claimant_id"],
        "counts": ["subject_id", "claimant_id"],
    }.get(table, [])


def locate_passage(wanted: str, document: str) -> tuple[int, int]:
    r"""Position of a piece of text in a document.

    White space is free, so that text broken over lines can be given on one; everything else has to
    match exactly. ``first words … last words`` spans from the first to the nearest last words; three
    dots between words are read as ``…``.

    Parameters
    ----------
    wanted : str
        Text as it stands in the document.
    document : str
        The whole document.

    Returns
    -------
    tuple of (int, int)
        Start and end as 0-based code points, end exclusive.

    Raises
    ------
    ValueError
        If the text is empty, is not there, or stands in more than one place (they are listed).

    Examples
    --------
    >>> locate_passage("the launch", "It was the\nlaunch of the network.")
    (7, 17)
    >>> locate_passage("the … network", "It was the launch of the large network.")
    Traceback (most recent call last):
        ...
    ValueError: 'the … network' stands in 2 places (at 7, 21): give more words
    """
    halves = [_loose(half) for half in re.split(r"…|(?<=\S)\s*\.{3}\s*(?=\S)", wanted)]
    if not all(halves) or len(halves) > 2:
        raise ValueError(f"{wanted!r} is no text to look for: give words, or 'first words … last words'")
    pattern = r"[\s\S]*?".join(halves)
    hits = [match.span(1) for match in re.finditer(f"(?=({pattern}))", document)]
    if not hits:
        raise ValueError(f"{wanted!r} is not in the document: everything but white space has to match exactly")
    if len(hits) > 1:
        places = ", ".join(str(start) for start, _ in hits[:9])
        raise ValueError(f"{wanted!r} stands in {len(hits)} places (at {places}): give more words")
    return hits[0]


def _loose(text: str) -> str:
    return r"\s+".join(re.escape(word) for word in text.split())


def passage_row(study: Study, wanted: str, source: str | None = None) -> dict[str, object]:
    """Row of ``passages`` for a piece of text in a local copy of a document.

    Parameters
    ----------
    study : Study
        A study.
    wanted : str
        Text as it stands, see `locate_passage`.
    source : str, optional
        Document to look in; None looks in all of which a copy is found.

    Returns
    -------
    dict
        The row; section is that of the passage before it, vintage and gist are left to the coder.

    Raises
    ------
    ValueError
        If the text is in no copy, or in more than one place.
    DataError
        If no copy of a document is found; the message lists where it was looked for.
    """
    known = list(study.sources["source_id"])
    asked = known if source is None else [one_of(source, known, "source")]
    copies = {name: path for name, path in find_copies(study).items() if name in asked}
    if not copies:
        places = ", ".join(str(folder) for folder in paths.source_folders()) or "nowhere (R2P_SOURCES is empty)"
        raise DataError(f"no copy of {' or '.join(asked)} found; looked in: {places}. Set R2P_SOURCES to their folder.")
    found, reasons = [], []
    for name, path in copies.items():
        text = path.read_bytes().decode()
        try:
            start, end = locate_passage(wanted, text)
        except ValueError as error:
            reasons.append(f"{name}: {error}")
        else:
            found.append((name, start, end, _hash(text[start:end])))
    if len(found) != 1 or any("places" in reason for reason in reasons):
        raise ValueError("; ".join([*reasons, *(f"{name}: found at {start}" for name, start, *_ in found)]))
    name, start, end, digest = found[0]
    before = study.passages[(study.passages["source_id"] == name) & (study.passages["start"] <= start)]
    section = before.sort_values("start")["section"].iloc[-1] if len(before) else ""
    values = (f"{name}-{start:05d}-{end:05d}", name, start, end, digest, section, "", "")
    return dict(zip(study.passages.columns, values, strict=True))


def find_copies(study: Study) -> dict[str, Path]:
    """Local copies of the documents, found by the hash of their content whatever their file name.

    Returns
    -------
    dict of str to pathlib.Path
        By source_id; a document of which there is no exact copy is left out.
    """
    wanted = dict(zip(study.sources["sha256"], study.sources["source_id"], strict=True))
    found = {wanted[digest]: path for path, digest in _candidates() if digest in wanted}
    return dict(sorted(found.items()))


def verify_passages(study: Study) -> Verification:
    """Compare every passage with local copies of the documents, byte by byte.

    A document whose copy is not exact is still compared: with the file in which most passages
    stand as coded, or which is as long to within one per cent. Such a file is compared with other
    line ends as well, and where these are all that differs, its passages stand.

    Parameters
    ----------
    study : Study
        A study.

    Returns
    -------
    Verification
        Documents, passages and the rows that stand on passages that changed.
    """
    exact = find_copies(study)
    rest = [path for path, _ in _candidates() if path not in exact.values()]
    documents, results = [], []
    columns = ["source_id", "title", "n_chars", "sha256"]
    for source, title, n_chars, digest in study.sources[columns].itertuples(index=False):
        passages = study.passages[study.passages["source_id"] == source]
        if source in exact:
            copy, text, verdict = exact[source], exact[source].read_bytes().decode(), "same"
        else:
            copy, text = _nearest(rest, passages, int(n_chars), digest)
            verdict = "no copy" if text is None else "line ends" if _hash(text) == digest else "differs"
        documents.append((source, title, copy.name if copy else None, verdict))
        results += _compare(passages, text, int(n_chars))
    table = pd.DataFrame(results, columns=["passage_id", "source_id", "result"])
    changed = table[table["result"].isin(["differs", "moved"])].set_index("passage_id")["result"]
    rows = rows_on(study, changed.index)
    return Verification(
        pd.DataFrame(documents, columns=["source_id", "title", "copy", "result"]),
        table,
        rows.assign(result=rows["evidence"].map(changed)),
    )


def _candidates() -> Iterator[tuple[Path, str]]:
    for folder in paths.source_folders():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.is_file() and path.stat().st_size <= _LARGEST_COPY:
                yield path, hashlib.sha256(path.read_bytes()).hexdigest()


def _nearest(files: list[Path], passages: pd.DataFrame, n_chars: int, digest: str) -> tuple[Path | None, str | None]:
    """File that is most like a document, and its text with the line ends that suit best."""
    best, score = (None, None), (False, 0, 0.0)
    for path in files:
        for text in _with_line_ends(path.read_bytes().decode(errors="replace")):
            same = sum(result == "same" for *_, result in _compare(passages, text, n_chars))
            alike = 1 - abs(len(text) - n_chars) / n_chars
            here = (_hash(text) == digest, same, alike)
            if (same or alike >= 0.99) and here > score:
                best, score = (path, text), here
    return best


def _with_line_ends(text: str) -> dict[str, None]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return dict.fromkeys([text, plain, plain.replace("\n", "\r\n")])


def _compare(passages: pd.DataFrame, text: str | None, n_chars: int) -> list[tuple[str, str, str]]:
    results = []
    spots = passages[["passage_id", "source_id", "start", "end", "sha256"]]
    for passage, source, start, end, digest in spots.itertuples(index=False):
        if text is None:
            result = "no copy"
        elif _hash(text[start:end]) == digest:
            result = "same"
        else:
            # What stands behind an insertion is the same text, further on.
            shift = len(text) - n_chars
            moved = start + shift >= 0 and _hash(text[start + shift : end + shift]) == digest
            result = "moved" if moved else "differs"
        results.append((passage, source, result))
    return results


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _rows_with_id(study: Study, table: str, row_id: str) -> pd.DataFrame:
    frame = study.tables[one_of(table, [n for n, f in study.tables.items() if "evidence" in f.columns], "table")]
    column = key_of(study.descriptor, table)[0]
    found = frame[frame[column] == row_id]
    if found.empty:
        raise ValueError(f"no row {row_id!r} in {table}: {suggest(row_id, frame[column])}")
    return found
