"""Assemble the pages of the HTML report under build/report-src and build build/report from them.

The source folder mirrors the repository, so that a relative link means the same on a page as in a file.
"""

import re
import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import build_main

from r2p_analysis.figures import FIGURES

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
LOADED = re.compile(r"""<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=["'](?:https?:)?//[^"']*""")


def gallery(figures: Path) -> str:
    """Every figure of the registry with its card below it."""
    return "\n".join(_figure(name, (figures / f"{name}.md").read_text(encoding="utf-8")) for name in FIGURES)


def _figure(name: str, card: str) -> str:
    heading, _, text = card.partition("\n")
    title = heading.lstrip("# ")
    text = re.sub(r"^## (.+)$", r"**\1**", text.strip(), flags=re.M)
    files = " · ".join(f"{{download}}`{kind.upper()} <figures/{name}.{kind}>`" for kind in ("svg", "png", "csv"))
    return f"### {title}\n\n![{title}](figures/{name}.svg)\n\n{text}\n\n{files}\n"


def assemble(source: Path) -> None:
    """Lay out the pages anew: front page, executed notebooks, figures, codebook."""
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(ROOT / "docs", source, ignore=shutil.ignore_patterns("__pycache__", "report.py"))
    shutil.copytree(BUILD / "notebooks", source / "notebooks")
    shutil.copytree(ROOT / "figures", source / "figures")
    (source / "data").mkdir()
    shutil.copy(ROOT / "data" / "README.md", source / "data")
    (source / "gallery.md").write_text(gallery(source / "figures"), encoding="utf-8")


def outside(report: Path) -> list[str]:
    """Whatever a page would load from another host; a report is read offline."""
    pages = sorted(report.rglob("*.html"))
    return [f"{page.relative_to(report)}: {tag}" for page in pages for tag in LOADED.findall(page.read_text("utf-8"))]


def main() -> int:
    """Build the report from nothing: a page whose source is gone is gone, too."""
    source, report = BUILD / "report-src", BUILD / "report"
    assemble(source)
    shutil.rmtree(report, ignore_errors=True)
    options = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(BUILD / "doctrees")]
    failed = build_main([*options, str(source), str(report)])
    loaded = outside(report)
    print("".join(f"loads from outside: {line}\n" for line in loaded), end="", file=sys.stderr)
    return failed or int(bool(loaded))


if __name__ == "__main__":
    sys.exit(main())
