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


def external_file(name: str) -> Path:
    """A publisher's file that a user keeps beside the study.

    Parameters
    ----------
    name : str
        Its file name.

    Returns
    -------
    pathlib.Path
        The file, in a folder of the environment variable ``R2P_EXTERNAL`` (several are separated as in
        ``PATH``), else in ``data/external`` of the checkout or of the current folder.

    Raises
    ------
    FileNotFoundError
        If it is in none of them; the message lists them.

    Examples
    --------
    >>> external_file("no-such-file.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    FileNotFoundError: no no-such-file.csv; looked in: ...
    """
    named = os.environ.get("R2P_EXTERNAL")
    places = [Path(part) for part in named.split(os.pathsep) if part] if named is not None else []
    places = places or [_ROOT / "data" / "external", Path.cwd() / "data" / "external"]
    for place in places:
        if (place / name).is_file():
            return place / name
    looked = ", ".join(dict.fromkeys(map(str, places)))
    raise FileNotFoundError(f"no {name}; looked in: {looked}. Put it there, or name its folder in R2P_EXTERNAL")


def outlines_file(study: str | os.PathLike | None = None) -> Path:
    """File with the outlines of states that maps are drawn of.

    Parameters
    ----------
    study : str or path-like, optional
        Folder of a study, whose own ``shapes/outlines.csv`` comes before the shipped one.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    FileNotFoundError
        If there is none; the message lists the places.

    Examples
    --------
    >>> outlines_file().name
    'outlines.csv'
    """
    folders = [*([] if study is None else [Path(study)]), _ROOT / "data", _PACKAGE / "_data"]
    places = [folder / "shapes" / "outlines.csv" for folder in folders]
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(f"no outlines of states; looked for {', '.join(map(str, places))}")


def figures_folder() -> Path:
    """Folder that figures are built into: ``figures/`` of the checkout, else of the current folder."""
    checkout = _ROOT / "figures"
    return checkout if checkout.is_dir() else Path.cwd() / "figures"
