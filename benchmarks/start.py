"""What it costs to begin: import the package, load the study, beside importing its dependencies.

Nothing is imported here but what a task is made of, so that an import is timed from nothing.
"""

import importlib

from jobs import Job, Target, Task

DEPENDENCIES = ("pandas", "networkx", "matplotlib")


def dependencies(_: str) -> Task:
    """What everyone pays who uses pandas, networkx and matplotlib."""
    return Task(lambda: [importlib.import_module(name) for name in DEPENDENCIES])


def package(_: str) -> Task:
    """The dependencies, then the package."""
    return Task(lambda: [importlib.import_module(name) for name in (*DEPENDENCIES, "r2p_analysis")])


def everything(_: str) -> Task:
    """The dependencies, then every public name of the package."""

    def run():
        for name in DEPENDENCIES:
            importlib.import_module(name)
        package = importlib.import_module("r2p_analysis")
        return [getattr(package, name) for name in package.__all__]

    return Task(run)


def load_study(_: str) -> Task:
    """Load the study once, imports done."""
    import r2p_analysis as r2p

    return Task(r2p.load_study)


JOBS = [
    Job(
        "import",
        None,
        {"ours": "start:package", "dependencies": "start:dependencies"},
        (Target("dependencies", 1.2),),
        clock="cold",
    ),
    Job(
        "import, every public name",
        None,
        {"ours": "start:everything", "dependencies": "start:dependencies"},
        clock="cold",
    ),
    Job("load_study", None, {"ours": "start:load_study"}, (Target(time=0.3),), clock="cold"),
]
