"""Each command as a user types it: what it prints, and its exit status."""

import subprocess
import sys
from dataclasses import replace

import pytest

from r2p_analysis import __version__
from r2p_analysis.cli import main
from r2p_analysis.study import load_study


def test_check_names_the_study_and_every_fault(small, capsys):
    assert main(["check", str(small)]) == 0
    assert capsys.readouterr().out.endswith("no fault\n")
    path = small / "tables" / "ties.csv"
    path.write_text(path.read_text().replace("founded", "fonded"))
    assert main(["check", str(small)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "tables/ties.csv:2 [relation] 'fonded': is no code (did you mean 'founded'?" in err


def test_a_folder_without_a_study_is_a_wrong_use(tmp_path, capsys):
    assert main(["check", str(tmp_path)]) == 2
    assert "no study here" in capsys.readouterr().err


def test_passage_prints_the_coded_row(small, capsys):
    assert main(["passage", "Barbados may join", "--study", str(small), "--header"]) == 0
    header, row = capsys.readouterr().out.splitlines()
    coded = (small / "tables" / "passages.csv").read_text().splitlines()
    assert header == coded[0]
    # Vintage and gist are the coder's: the rest is as coded.
    assert any(line.startswith(row.removesuffix(",,")) for line in coded)


def test_passage_without_a_place_is_refused(small, capsys):
    assert main(["passage", "Lisbon", "--study", str(small)]) == 2
    assert "'Lisbon' is not in the document" in capsys.readouterr().err


def test_evidence_shows_place_gist_and_words(small, capsys):
    assert main(["evidence", "functions", "lake-early-warning", "--study", str(small)]) == 0
    out = capsys.readouterr().out
    assert "memo-00292-00324 (passage; memo 292-324, Body)" in out
    assert "  No early warning in the network.\n  > The network has no early warning\n" in out
    assert main(["evidence", "memberships", "per-lake-member", "--study", str(small)]) == 0
    assert capsys.readouterr().out.startswith("LIST (reference; ")


def test_verify_without_copies_says_where_it_looked(small, capsys, monkeypatch):
    monkeypatch.setenv("R2P_SOURCES", str(small / "nowhere"))
    assert main(["verify", "--study", str(small), "--allow-missing"]) == 0
    out = capsys.readouterr().out
    assert "memo: no copy found (A memo)" in out
    assert "passages: 0 of 0 checked stand as coded; 7 not checked" in out
    assert f"looked for copies in: {small / 'nowhere'}; set R2P_SOURCES" in out


def test_codebook_is_written_and_its_age_is_told(small, capsys):
    assert main(["codebook", "--check", "--study", str(small)]) == 1
    assert main(["codebook", "--study", str(small)]) == 0
    assert main(["codebook", "--check", "--study", str(small)]) == 0
    assert "is up to date" in capsys.readouterr().out


def test_codebook_takes_a_folder_as_check_does(small, capsys):
    assert main(["codebook", str(small), "--check"]) == 1
    assert f"stale: run r2p codebook {small}" in capsys.readouterr().out
    assert main(["codebook", str(small)]) == 0
    assert (small / "README.md").is_file()
    assert main(["codebook", "--check", str(small)]) == 0


def test_figures_of_another_day_and_reading(small, tmp_path, capsys):
    call = ["figures", "co-membership", "--study", str(small), "--folder", str(tmp_path / "figures")]
    assert main([*call, "--at", "2013-05", "--reading", "certain"]) == 0
    card = (tmp_path / "figures" / "co-membership.md").read_text(encoding="utf-8")
    assert "memberships that are certain on 2013-05." in card
    assert main([*call, "--check"]) == 1
    assert main([*call, "--check", "--at", "2013-05", "--reading", "certain"]) == 0
    capsys.readouterr()
    for wrong, message in (("[2013..]", "open to one side"), ("soon", "'soon' is not an EDTF date")):
        assert main([*call, "--at", wrong]) == 2
        assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("layers", "told"),
    [("coded", "coded layer"), ("reference", "reference layer"), ("reference, coded", "coded and reference layers")],
)
def test_figures_of_other_layers(layers, told, small, tmp_path):
    call = ["figures", "co-membership", "--study", str(small), "--folder", str(tmp_path / "figures")]
    assert main([*call, "--layers", layers]) == 0
    card = (tmp_path / "figures" / "co-membership.md").read_text(encoding="utf-8")
    assert f"From the {told} of" in card
    assert main([*call, "--check"]) == int(layers != "coded")
    assert main([*call, "--check", "--layers", layers]) == 0


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("refrence", "unknown layer 'refrence': did you mean 'reference'? allowed: coded, reference"),
        ("coded;reference", "unknown layer 'coded;reference'"),
        ("coded,coded", "layer 'coded' stands twice: name each once"),
        (",", "no layer asked for; choose from coded, reference"),
    ],
)
def test_layers_that_are_none_are_refused(layers, message, small, tmp_path, capsys):
    folder = tmp_path / "figures"
    assert main(["figures", "--study", str(small), "--folder", str(folder), "--layers", layers]) == 2
    assert message in capsys.readouterr().err
    assert not folder.exists()


def test_figures_are_built_checked_and_named(small, tmp_path, capsys):
    folder = str(tmp_path / "figures")
    call = ["figures", "mentions-by-state", "--study", str(small), "--folder", folder]
    assert main([*call, "--check"]) == 1
    assert main(call) == 0
    assert "mentions-by-state.svg" in capsys.readouterr().out
    assert main([*call, "--check"]) == 0
    assert main(["figures", "mentions-by-stat", "--folder", folder]) == 2
    assert "did you mean 'mentions-by-state'" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_or_read_is_a_wrong_use(small, capsys):
    (small / "README.md").mkdir()
    assert main(["codebook", "--study", str(small)]) == 2
    assert capsys.readouterr().err == f"r2p: {small / 'README.md'}: Is a directory\n"


def test_a_study_without_a_table_that_a_command_needs_says_so(small, capsys, monkeypatch):
    whole = load_study(small)
    lacking = replace(whole, tables={name: t for name, t in whole.tables.items() if name != "sources"})
    monkeypatch.setattr("r2p_analysis.study.load_study", lambda *_: lacking)
    assert main(["verify", "--study", str(small)]) == 2
    assert "r2p: unknown table 'sources': did you mean 'scopes'? allowed: passages" in capsys.readouterr().err


def test_version_and_help_load_nothing_heavy():
    code = (
        "import sys\nfrom r2p_analysis.cli import main\n"
        "try: main(['--version'])\nexcept SystemExit: pass\n"
        "print([m for m in ('pandas', 'matplotlib', 'networkx') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split("\n")[:2] == [f"r2p_analysis {__version__}", "[]"]


def test_no_command_is_a_wrong_use(capsys):
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 2
    assert "required: COMMAND" in capsys.readouterr().err
