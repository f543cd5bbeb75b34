"""Write environment.yml (conda, hosted notebooks) from pyproject.toml: `make env-file`; --check only compares.

The conda file holds what the notebooks need. Tests and the report stand on the lock: `make`, `make test`.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ("stats", "notebooks")
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def environment(pyproject: dict) -> str:
    project = pyproject["project"]
    wanted = sum((project["optional-dependencies"][extra] for extra in EXTRAS), project["dependencies"])
    lines = [f"python {project['requires-python']}", *map(_conda_line, wanted), "pip", "pip:", "  - -e ."]
    head = f"# Written from pyproject.toml by `make env-file`.\nname: {project['name']}\nchannels:\n  - conda-forge\n"
    return head + "dependencies:\n" + "".join(f"  {'' if line.startswith(' ') else '- '}{line}\n" for line in lines)


def _conda_line(requirement: str) -> str:
    name, rule = re.fullmatch(r"([\w.-]+)(.*)", requirement).groups()
    return f"{CONDA_NAMES.get(name, name)} {rule}"


def main(arguments: list[str]) -> int:
    target, text = ROOT / "environment.yml", environment(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")))
    if "--check" not in arguments:
        target.write_text(text, encoding="utf-8", newline="\n")
    stale = target.read_text("utf-8") != text
    print("environment.yml", "is stale: run `make env-file`" if stale else "is in step with pyproject.toml")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
