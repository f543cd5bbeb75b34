"""The command line: parse, call, print; no logic of its own."""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from r2p_analysis import __version__

if TYPE_CHECKING:
    import pandas as pd

# Heavy modules are imported in the commands that need them: `r2p --help` answers at once.


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : list of str, optional
        Words after ``r2p``; None takes those of the process.

    Returns
    -------
    int
        Exit status: 0 all is well, 1 something is wrong with the data, 2 wrong use.

    Examples
    --------
    >>> main(["check"])  # doctest: +ELLIPSIS
    <Study r2p-americas ...
    no fault
    0
    """
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except BrokenPipeError:  # the reader of a pipe, such as head, has gone
        sys.stderr.close()
        return 0
    except (ValueError, OSError) as error:
        reason = getattr(error, "strerror", None)
        print(f"r2p: {f'{error.filename}: {reason}' if reason else error}", file=sys.stderr)
        return 1 if type(error).__name__ in ("DataError", "FaultReport") else 2


def _check(arguments: argparse.Namespace) -> int:
    from r2p_analysis.study import load_study

    print(f"{load_study(arguments.study, ('coded', 'reference'))}\nno fault")
    return 0


def _new(arguments: argparse.Namespace) -> int:
    from r2p_analysis.codebook import write_codebook
    from r2p_analysis.study import load_study
    from r2p_analysis.template import new_study

    states = [code for code in arguments.states.split(",") if code.strip()]
    folder = new_study(arguments.folder, arguments.title, states)
    write_codebook(load_study(folder, ("coded", "reference")), folder)
    print(f"wrote {folder}: {folder / 'HOWTO.md'} says what to edit; then run: r2p check {folder}")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from r2p_analysis import paths
    from r2p_analysis.evidence import verify_passages

    found = verify_passages(_study(arguments))
    for row in found.documents.itertuples():
        verdict = _VERDICTS.get(row.result)
        print(f"{row.source_id}: {f'{row.copy} {verdict}' if verdict else f'no copy found ({row.title})'}")
    counts = found.passages["result"].value_counts()
    same, checked = counts.get("same", 0), len(found.passages) - counts.get("no copy", 0)
    share = f" ({100 * same / checked:.1f} %)" if checked else ""
    print(f"passages: {same} of {checked} checked stand as coded{share}; {counts.get('no copy', 0)} not checked")
    for row in found.rows.itertuples():
        print(f"  {row.table}:{row.row_id} stands on {row.evidence}, which {_CHANGED[row.result]}")
    missing = (found.documents["result"] == "no copy").any()
    if missing:
        places = ", ".join(str(folder) for folder in paths.source_folders()) or "nowhere (R2P_SOURCES is empty)"
        print(f"looked for copies in: {places}; set R2P_SOURCES to their folder")
    differs = found.documents["result"].isin(["differs", "line ends"]).any() or not found.rows.empty
    return int(differs or (missing and not arguments.allow_missing))


_VERDICTS = {
    "same": "is the coded document",
    "line ends": "differs only in its line ends from the coded document",
    "differs": "differs from the coded document",
}
_CHANGED = {"differs": "differs from the copy", "moved": "stands at another position in the copy"}


def _passage(arguments: argparse.Namespace) -> int:
    from r2p_analysis.evidence import passage_row

    row = passage_row(_study(arguments), arguments.text, arguments.source)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if arguments.header:
        writer.writerow(row)
    writer.writerow(row.values())
    return 0


def _evidence(arguments: argparse.Namespace) -> int:
    from r2p_analysis.evidence import evidence_of

    study = _study(arguments, ("coded", "reference"))
    for row in evidence_of(study, arguments.table, arguments.row_id, with_text=True).itertuples():
        place = f"{row.document} {row.start}-{row.end}, {row.section}" if row.kind == "passage" else row.url
        print(f"{row.evidence} ({row.kind}; {place})\n  {row.what}")
        if isinstance(row.text, str):
            print("  > " + " ".join(row.text.split()))
    return 0


def _agreement(arguments: argparse.Namespace) -> int:
    from r2p_analysis.agreement import compare_readings

    table = compare_readings(arguments.reading_a, arguments.reading_b)
    print(table.to_string(index=False, float_format="{:.3f}".format))
    return 0


def _codebook(arguments: argparse.Namespace) -> int:
    from r2p_analysis.codebook import codebook, write_codebook

    arguments.study = arguments.folder or arguments.study
    study = _study(arguments, ("coded", "reference"))
    path = study.path / "README.md"
    if not arguments.check:
        print(f"wrote {write_codebook(study, study.path)}")
        return 0
    stale = not path.is_file() or path.read_text(encoding="utf-8") != codebook(study)
    print(f"{path} is {f'stale: run r2p codebook {study.path}' if stale else 'up to date'}")
    return int(stale)


def _figures(arguments: argparse.Namespace) -> int:
    from r2p_analysis import paths
    from r2p_analysis.figures import build_figures, check_figures

    folder = Path(arguments.folder) if arguments.folder else paths.figures_folder()
    layers = tuple(layer.strip() for layer in arguments.layers.split(",") if layer.strip())
    study, when = _study(arguments, layers), {"at": arguments.at, "reading": arguments.reading}
    if arguments.check:
        stale = check_figures(study, folder, arguments.names, **when)
        print("\n".join(f"{path} is stale" for path in stale) or f"{folder}: all figures are up to date")
        return int(bool(stale))
    for path in build_figures(study, folder, arguments.names, **when):
        print(f"wrote {path}")
    return 0


def _sensitivity(arguments: argparse.Namespace) -> int:
    from r2p_analysis.sensitivity import report, sensitivity

    table = sensitivity(_study(arguments, ("coded", "reference")), arguments.at, reading=arguments.reading)
    print(report(table))
    if arguments.out:
        print(f"wrote {_write_whole(table, Path(arguments.out))}")
    return 0


def _write_whole(table: pd.DataFrame, path: Path) -> Path:
    """Write a table, or leave what was there: it is made beside its place and moved into it."""
    with tempfile.TemporaryDirectory(dir=path.parent) as made:
        table.to_csv(Path(made) / path.name, index=False, lineterminator="\n", encoding="utf-8")
        os.replace(Path(made) / path.name, path)
    return path


def _study(arguments: argparse.Namespace, layers: tuple[str, ...] = ("coded",)):
    from r2p_analysis.study import load_study

    return load_study(arguments.study, layers)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="r2p", description="Study the Responsibility to Protect in the Americas.")
    parser.add_argument("--version", action="version", version=f"r2p_analysis {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    study = argparse.ArgumentParser(add_help=False)
    study.add_argument("--study", metavar="FOLDER", help="a study's folder (default: the shipped study)")

    def add(name: str, run: Callable, text: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=parents)
        command.set_defaults(run=run)
        return command

    check = add("check", _check, "Check a study's tables and list every fault.")
    check.add_argument("study", nargs="?", metavar="FOLDER", help="a study's folder (default: the shipped study)")
    new = add("new", _new, "Write a new study: descriptor, codes, empty tables and a coded example.")
    new.add_argument("folder", help="where to")
    new.add_argument("--states", default="", metavar="GHA,NGA,...", help="ISO codes of its states, to fill regions")
    new.add_argument("--title", default="A study of one's own", help="title of the study")
    verify = add("verify", _verify, "Compare every passage with local copies of the documents.", study)
    verify.add_argument("--allow-missing", action="store_true", help="a document without a copy is no failure")
    passage = add("passage", _passage, "Print the row of passages.csv for a piece of text in a local copy.", study)
    passage.add_argument("text", help="the text as it stands, or 'first words … last words' (or ...)")
    passage.add_argument("--source", help="the document to look in (default: all)")
    passage.add_argument("--header", action="store_true", help="print the names of the columns first")
    evidence = add("evidence", _evidence, "Show the places that a row stands on.", study)
    evidence.add_argument("table")
    evidence.add_argument("row_id")
    agreement = add("agreement", _agreement, "Compare two readings of the documents.")
    agreement.add_argument("reading_a", help="folder with the tables of the one reading")
    agreement.add_argument("reading_b", help="folder with the tables of the other")
    codebook = add("codebook", _codebook, "Write the codebook, README.md in the study's folder.", study)
    codebook.add_argument("folder", nargs="?", metavar="FOLDER", help="the same as --study FOLDER")
    codebook.add_argument("--check", action="store_true", help="only say whether it is stale")
    figures = add("figures", _figures, "Build the figures: SVG, PNG, data and card of each.", study)
    figures.add_argument("names", nargs="*", help="names of figures (default: all)")
    figures.add_argument("--folder", help="where to (default: figures/)")
    figures.add_argument("--layers", default="coded", help="coded (default), reference, or both: coded,reference")
    figures.add_argument("--at", metavar="DATE", help="day of networks and matrices (default: that of the study)")
    figures.add_argument("--reading", default="possible", help="what they believe: possible (default) or certain")
    figures.add_argument("--check", action="store_true", help="only say which are stale")
    turned = add("sensitivity", _sensitivity, "Recompute every headline with one decision turned at a time.", study)
    turned.add_argument("--at", metavar="DATE", help="day of networks and coverage (default: that of the study)")
    turned.add_argument("--reading", default="possible", help="what the base believes: possible (default) or certain")
    turned.add_argument("--out", metavar="FILE.csv", help="write the whole table to this file as well")
    return parser
