"""Where the study, the figures and copies of the documents lie, and where they were looked for."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE.parent


def study_folder(path: str | os.PathLike | None = None) -> Path:
    """Folder that holds a study's ``datapackage.json``.

    Parameters
    ----------
    path : str or path-like, optional
        A study folder or its descriptor. None takes the shipped study: the checkout's ``data/``,
        or the copy that travels in an installed package.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    FileNotFoundError
        If no descriptor is there; the message lists every place looked at.

    Examples
    --------
    >>> (study_folder() / "datapackage.json").is_file()
    True
    """
    looked = [Path(path)] if path is not None else [_ROOT / "data", _PACKAGE / "_data"]
    for place in looked:
        folder = place.parent if place.name == "datapackage.json" else place
        if (folder / "datapackage.json").is_file():
            return folder
    places = "\n  ".join(str(p) for p in looked)
    raise FileNotFoundError(
        f"no study here: a study is a folder with a datapackage.json and a folder tables/. Looked at:\n  {places}"
    )


def source_folders() -> list[Path]:
    """Folders in which copies of the documents are looked for.

    Returns
    -------
    list of pathlib.Path
        The folders of the environment variable ``R2P_SOURCES`` (several are separated as in
        ``PATH``; set but empty means nowhere), else ``data/sources`` of the checkout and of the
        current folder.

    Examples
    --------
    >>> all(isinstance(folder, Path) for folder in source_folders())
    True
    """
    named = os.environ.get("R2P_SOURCES")
    if named is not None:
        return [Path(part) for part in named.split(os.pathsep) if part]
    return list(dict.fromkeys([_ROOT / "data" / "sources", Path.cwd() / "data" / "sources"]))


def figures_folder() -> Path:
    """Folder that figures are built into: ``figures/`` of the checkout, else of the current folder."""
    checkout = _ROOT / "figures"
    return checkout if checkout.is_dir() else Path.cwd() / "figures"
