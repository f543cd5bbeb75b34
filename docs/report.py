"""Assemble the pages of the HTML report under build/report-src and build build/report from them.

The source folder mirrors the repository, so that a relative link means the same on a page as in a file.
"""

import re
import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import build_main

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"


def gallery(figures: Path) -> str:
    """Every figure with its card below it, in order of name; the card's headings move two levels down."""
    return "\n".join(_figure(card) for card in sorted(figures.glob("*.md")) if card.with_suffix(".svg").is_file())


def _figure(card: Path) -> str:
    heading, _, text = card.read_text(encoding="utf-8").partition("\n")
    title = heading.lstrip("# ")
    image = f"![{title}](figures/{card.stem}.svg)"
    files = " · ".join(
        f"{{download}}`{suffix.upper()} <figures/{card.stem}.{suffix}>`"
        for suffix in ("svg", "png", "csv")
        if card.with_suffix(f".{suffix}").is_file()
    )
    return f"### {title}\n\n{image}\n\n{re.sub('^#', '###', text, flags=re.M).strip()}\n\n{files}\n"


def assemble(source: Path) -> None:
    """Lay out the pages anew: front page, executed notebooks, figures, codebook."""
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(ROOT / "docs", source, ignore=shutil.ignore_patterns("__pycache__", "report.py"))
    shutil.copytree(BUILD / "notebooks", source / "notebooks")
    shutil.copytree(ROOT / "figures", source / "figures")
    (source / "data").mkdir()
    shutil.copy(ROOT / "data" / "README.md", source / "data")
    (source / "gallery.md").write_text(gallery(source / "figures"), encoding="utf-8")


def main() -> int:
    """Build the report from nothing: a page whose source is gone is gone, too."""
    source, report = BUILD / "report-src", BUILD / "report"
    assemble(source)
    shutil.rmtree(report, ignore_errors=True)
    options = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(BUILD / "doctrees")]
    return build_main([*options, str(source), str(report)])


if __name__ == "__main__":
    sys.exit(main())
