"""Imports only point down: each module stands on a floor and imports from the floors below it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "r2p_analysis"

# A module lands here together with its file. "" is the package itself, the roof.
FLOORS = {
    "paths": 0,
    "options": 0,
    "dates": 0,
    "nulls": 0,
    "csvtable": 0,
    "descriptor": 0,
    "schema": 1,
    "rules": 1,
    "layers": 1,
    "study": 2,
    "external": 2,
    "template": 3,
    "evidence": 3,
    "agreement": 3,
    "holding": 3,
    "spells": 3,
    "scopes": 3,
    "years": 4,
    "networks": 4,
    "chronology": 4,
    "coverage": 4,
    "closure": 4,
    "intersecting": 4,
    "findings": 5,
    "exchange": 5,
    "sensitivity": 6,
    "plotting": 6,
    "figures": 7,
    "codebook": 8,
    "workshop": 8,
    "cli": 9,
    "": 10,
}
# The second may be imported by the first though both stand on one floor.
SIBLINGS = {
    ("spells", "holding"),
    ("rules", "schema"),
    ("layers", "schema"),
    ("external", "study"),
    ("nulls", "options"),
}
# Inside a package: what its other modules stand on, and which of these stand on which, in this order.
SHARED = {
    "dates": ("dates.value", "dates.words"),
    "plotting": (
        *("plotting.style", "plotting.rows", "plotting.ring"),
        *("plotting.lanes", "plotting.marks", "plotting.conflicts", "plotting.told", "plotting.svgmarks"),
        *("plotting.glyphs", "plotting.names", "plotting.projection", "plotting.panels"),
    ),
    "figures": (
        *("figures.view", "figures.figure", "figures.content", "figures.tested", "figures.covered"),
        *("figures.chronicle", "figures.switched", "figures.of_coverage", "figures.of_events"),
    ),
    "chronology": tuple(
        f"chronology.{room}"
        for room in [
            "in_file",
            "engines",
            "groups",
            "spread",
            "alike",
            "firstdays",
            "order",
            "counts",
            "probability",
            "periods",
            "vintages",
            "drawn",
            "rates",
            "onsets",
            "network",
            "chains",
            "partial",
            "draws",
        ]
    ),
    "closure": tuple(f"closure.{room}" for room in ["problem", "reduction", "compiled", "nodes", "search"]),
    "coverage": tuple(f"coverage.{room}" for room in ["reach", "matrices", "strengths", "significance"]),
    "findings": ("findings.words", "findings.gaps"),
    "sensitivity": tuple(
        f"sensitivity.{room}"
        for room in [
            "cases",
            "turning",
            "members",
            "sources",
            "switches",
            "measured",
            "networks",
            "chronology",
            "coverage",
            "gaps",
            "headlines",
            "told",
        ]
    ),
    "external": ("external.layout", "external.tables", "external.years"),
    "nulls": tuple(
        f"nulls.{room}"
        for room in ["matrix", "compiled", "bits", "lists", "bicm", "tails", "bounded", "models", "sampler", "fdsm"]
    ),
    "networks": (
        "networks.build",
        "networks.incidence",
        "networks.nestedness",
        "networks.projection",
        "networks.unknown_days",
        "networks.plan",
        "networks.worlds",
        "networks.ensemble",
    ),
}


def modules(package):
    """Yield every module's dotted name inside the package ("" for the package), whether it is a package, its source."""
    for path in sorted(package.rglob("*.py")):
        is_package = path.name == "__init__.py"
        name = path.parent if is_package else path.with_suffix("")
        yield ".".join(name.relative_to(package).parts), is_package, path.read_text("utf-8")


def imports(module, is_package, source, known):
    """Modules of the package that a source imports, wherever in it the import stands; the version is anyone's."""
    home = ["r2p_analysis", *filter(None, module.split("."))]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = home[: len(home) - node.level + is_package] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            # `from package import name`: name is a module if there is one of that name.
            full = [f"{base}.{alias.name}" for alias in node.names if alias.name != "__version__"]
            names = [name if name.partition(".")[2] in known else base for name in full]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"import_module", "__import__"}:
            names = [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "r2p_analysis":
                yield name.partition(".")[2], node.lineno


def faults(sources):
    """Each import that does not point down, as a sentence."""
    known = {module for module, _, _ in sources}
    found = [f"{m or '__init__'} has no floor" for m in sorted(known) if m.split(".")[0] not in FLOORS]
    for module, is_package, source in sources:
        room = module.split(".")[0]
        for target, line in imports(module, is_package, source, known):
            other = target.split(".")[0]
            if room not in FLOORS or other not in FLOORS:
                continue
            if room == other:
                shared = SHARED.get(room, ())
                below = shared[: shared.index(module)] if module in shared else shared
                allowed = target in below or (is_package and target != module)
            else:
                allowed = FLOORS[other] < FLOORS[room] or (room, other) in SIBLINGS
            if not allowed:
                found.append(f"{module or '__init__'}, line {line}: imports {target or '__init__'}")
    return found


def test_every_import_of_the_package_points_down():
    assert faults(list(modules(PACKAGE))) == []


def test_every_module_is_read_and_no_floor_is_empty():
    names = [module for module, _, _ in modules(PACKAGE)]
    assert len(set(names)) == len(list(PACKAGE.rglob("*.py")))
    assert {name.split(".")[0] for name in names} == set(FLOORS)


@pytest.mark.parametrize(
    ("module", "source", "target"),
    [
        ("study", "from r2p_analysis.networks import two_mode_network", "networks"),
        ("study", "from r2p_analysis import networks", "networks"),
        ("study", "import r2p_analysis.networks as n", "networks"),
        ("study", "from .networks import two_mode_network", "networks"),
        ("study", "from . import networks", "networks"),
        ("study", "def f():\n    from r2p_analysis import networks", "networks"),
        ("study", "import importlib\nimportlib.import_module('r2p_analysis.networks')", "networks"),
        ("study", "if TYPE_CHECKING:\n    from r2p_analysis.cli import main", "cli"),
        ("networks", "from r2p_analysis import coverage", "coverage"),  # a sibling
        ("schema", "from r2p_analysis.rules import check_rules", "rules"),  # the listed pair, turned round
        ("cli", "import r2p_analysis", "__init__"),
        ("cli", "from r2p_analysis import load_study", "__init__"),
        ("plotting.maps", "from r2p_analysis.plotting.network import plot_network", "plotting.network"),
        ("plotting.style", "from ..figures import draw", "figures"),
        ("external.cow", "from r2p_analysis.external import ucdp", "external.ucdp"),
        ("external.layout", "from r2p_analysis.external import tables", "external.tables"),
    ],
)
def test_a_planted_upward_or_sideways_import_is_found(module, source, target):
    others = [
        "",
        "networks",
        "coverage",
        "rules",
        "cli",
        "figures",
        "plotting.network",
        "external.ucdp",
        "external.tables",
    ]
    house = [(module, False, source), *((name, name == "", "") for name in others if name != module)]
    line = source.count("\n") + 1
    assert faults(house) == [f"{module}, line {line}: imports {target}"]


def test_a_downward_a_listed_and_an_outside_import_are_not_faults():
    house = [
        ("", True, "from r2p_analysis.cli import main"),
        ("cli", False, "from r2p_analysis import __version__, study\nimport networks"),
        ("rules", False, "from r2p_analysis import dates\nfrom .schema import Fault"),
        ("plotting.network", False, "from r2p_analysis.plotting import style\nfrom .style import COLOURS"),
        ("plotting", True, "from .network import plot_network\nfrom r2p_analysis.plotting.style import COLOURS"),
        ("external.tables", False, "from .layout import read"),
        ("external.cow", False, "from r2p_analysis.external import layout, tables"),
        ("external", True, "from r2p_analysis.external import cow\nfrom r2p_analysis.study import Study"),
        *((name, False, "") for name in ("study", "schema", "dates", "plotting.style", "external.layout")),
    ]
    assert faults(house) == []


def test_a_module_without_a_floor_is_a_fault():
    assert faults([("cellar", False, "")]) == ["cellar has no floor"]
