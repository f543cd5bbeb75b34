"""What a caller gives, asked before anything is computed: each complaint has the value, the rule and a hint.

Where a list of names is asked for, one name may stand by itself. True is no number, and NaN is none either.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def in_short(value: object) -> str:
    """Show a value in one short line.

    Examples
    --------
    >>> in_short("oas"), in_short(pd.DataFrame({"a": [1]}))
    ("'oas'", 'a DataFrame of shape (1, 1)')
    """
    if getattr(value, "ndim", 0):
        return f"a {type(value).__name__} of shape {np.shape(value)}"
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def is_among(value: object, allowed: Iterable) -> bool:
    """Whether a value is one of those allowed; what cannot be compared is not.

    Examples
    --------
    >>> is_among("oas", ["oas"]), is_among(["oas"], ["oas"]), is_among(pd.NA, ["oas"])
    (True, False, False)
    """
    try:
        return hash(value) is not None and value in allowed
    except TypeError:
        return False


def listed(value: Any, what: str, example: object = "oas") -> list:
    """Give names as a list; a single text is one name.

    Examples
    --------
    >>> listed("oas", "bodies"), listed(("oas", "lan"), "bodies")
    (['oas'], ['oas', 'lan'])
    >>> listed(3, "bodies")
    Traceback (most recent call last):
        ...
    ValueError: bodies: 3 is no list of names; give one, as in ['oas']
    """
    if isinstance(value, str):
        return [value]
    try:
        names = None if isinstance(value, bytes) else list(value)
        if names is not None and all(hash(name) is not None for name in names):
            return names
    except TypeError:
        pass
    raise ValueError(f"{what}: {in_short(value)} is no list of names; give one, as in [{example!r}]")


def each_once(names: Iterable, what: str) -> list:
    """Give names as a list in which none stands twice.

    Examples
    --------
    >>> each_once(["oas", "oas"], "body")
    Traceback (most recent call last):
        ...
    ValueError: body 'oas' stands twice: name each once
    """
    names, seen = list(names), set()
    if twice := [name for name in names if name in seen or seen.add(name)]:
        raise ValueError(f"{what} {in_short(twice[0])} stands twice: name each once")
    return names


def mapped(value: Any, what: str, example: object) -> dict:
    """Give a mapping or a Series, whose names stand once, as a dictionary.

    Examples
    --------
    >>> mapped([1, 2], "prices", {"oas": 2})
    Traceback (most recent call last):
        ...
    ValueError: prices: [1, 2] gives no name a value; give a mapping, as in {'oas': 2}
    """
    if isinstance(value, pd.Series):
        each_once(value.index, f"{what}:")
    elif not isinstance(value, Mapping):
        raise ValueError(f"{what}: {in_short(value)} gives no name a value; give a mapping, as in {example!r}")
    return dict(value)


def path(value: Any, what: str) -> Path:
    """Give a path.

    Examples
    --------
    >>> path(3, "folder")
    Traceback (most recent call last):
        ...
    ValueError: folder: 3 is no path; give a text or a pathlib.Path
    """
    if not isinstance(value, (str, os.PathLike)):
        raise ValueError(f"{what}: {in_short(value)} is no path; give a text or a pathlib.Path")
    return Path(value)


def whole(value: Any, what: str, least: int | None = None) -> int:
    """Give a whole number, of `least` or more.

    Examples
    --------
    >>> whole(0, "samples", 1)
    Traceback (most recent call last):
        ...
    ValueError: samples=0: a whole number from 1 is needed
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or (least is not None and value < least):
        rule = "a whole number" if least is None else f"a whole number from {least}"
        raise ValueError(f"{what}={in_short(value)}: {rule} is needed")
    return int(value)


def number(value: Any, what: str, hint: str = "") -> float:
    """Give a number; an infinite one is one.

    Examples
    --------
    >>> number("high", "level", "as in 0.05")
    Traceback (most recent call last):
        ...
    ValueError: level='high': a number is needed, as in 0.05
    """
    if isinstance(value, bool) or not isinstance(value, Real) or math.isnan(value):
        raise ValueError(f"{what}={in_short(value)}: a number is needed" + (f", {hint}" if hint else ""))
    return float(value)


def numbers(values: Any, what: str, dimensions: int | None = None) -> np.ndarray:
    """Give an array of numbers; NaN may be among them.

    Examples
    --------
    >>> numbers(["x"], "times")
    Traceback (most recent call last):
        ...
    ValueError: times: ['x'] are no numbers
    """
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: {in_short(values)} are no numbers") from error
    if dimensions is not None and found.ndim != dimensions:
        raise ValueError(f"{what}: {in_short(values)} has {found.ndim} dimensions: {dimensions} are needed")
    return found


def function(value: Any, what: str) -> Callable:
    """Give what can be called.

    Examples
    --------
    >>> function("degree", "measure")
    Traceback (most recent call last):
        ...
    ValueError: measure: 'degree' cannot be called; give a function
    """
    if not callable(value):
        raise ValueError(f"{what}: {in_short(value)} cannot be called; give a function")
    return value


def frame(value: Any, what: str, hint: str = "", *, once: bool = False, needs: Iterable[str] = ()) -> pd.DataFrame:
    """Give a DataFrame that has the columns which are needed, and if asked every row and column named once.

    Examples
    --------
    >>> frame([[1]], "table")
    Traceback (most recent call last):
        ...
    ValueError: table: [[1]] is no pandas.DataFrame
    """
    if not isinstance(value, pd.DataFrame):
        raise ValueError(f"{what}: {in_short(value)} is no pandas.DataFrame" + (f"; {hint}" if hint else ""))
    if missing := [name for name in needs if name not in value.columns]:
        have = f"its columns: {', '.join(map(str, value.columns)) or 'none'}"
        raise ValueError(f"{what} lacks {', '.join(missing)}; {'; '.join(filter(None, [hint, have]))}")
    for names, side, asked in ((value.index, "row", once), (value.columns, "column", once or needs)):
        if asked and not names.is_unique:
            raise ValueError(f"{what} names the {side} {names[names.duplicated()][0]!r} twice: name each once")
    return value


def generator(rng: Any) -> np.random.Generator:
    """Give a source of random numbers.

    Examples
    --------
    >>> generator(7)
    Traceback (most recent call last):
        ...
    ValueError: rng=7: random numbers are needed; pass rng=numpy.random.default_rng(seed)
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng={in_short(rng)}: random numbers are needed; pass rng=numpy.random.default_rng(seed)")
    return rng
