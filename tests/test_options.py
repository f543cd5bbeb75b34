"""What callers give: each complaint has the value, the rule and a hint, and what is right passes unchanged."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from r2p_analysis import options
from r2p_analysis.schema import names_of, one_of

TABLE = pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=["x", "y"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: options.listed(None, "bodies"), "bodies: None is no list of names; give one, as in ['oas']"),
        (lambda: options.listed(b"oas", "bodies"), "bodies: b'oas' is no list of names; give one, as in ['oas']"),
        (lambda: options.listed([["oas"]], "bodies"), "bodies: [['oas']] is no list of names; give one, as in ['oas']"),
        (lambda: options.each_once("aba", "body"), "body 'a' stands twice: name each once"),
        (
            lambda: options.mapped({1}, "by", {"oas": 2}),
            "by: {1} gives no name a value; give a mapping, as in {'oas': 2}",
        ),
        (lambda: options.mapped(pd.Series([1, 2], ["a", "a"]), "by", {}), "by: 'a' stands twice: name each once"),
        (lambda: options.whole(True, "k"), "k=True: a whole number is needed"),
        (lambda: options.whole(2.0, "k", 1), "k=2.0: a whole number from 1 is needed"),
        (lambda: options.whole(0, "k", 1), "k=0: a whole number from 1 is needed"),
        (lambda: options.number(True, "level"), "level=True: a number is needed"),
        (lambda: options.number(np.nan, "level", "as in 1"), "level=nan: a number is needed, as in 1"),
        (lambda: options.numbers([[1, 2], [3]], "p"), "p: [[1, 2], [3]] are no numbers"),
        (lambda: options.numbers([1, 2], "p", 2), "p: [1, 2] has 1 dimensions: 2 are needed"),
        (lambda: options.function(None, "measure"), "measure: None cannot be called; give a function"),
        (lambda: options.path(None, "folder"), "folder: None is no path; give a text or a pathlib.Path"),
        (lambda: options.generator(np.random), "rng=<module 'numpy.random'"),
        (lambda: options.frame(TABLE["a"], "table"), "table: a Series of shape (2,) is no pandas.DataFrame"),
        (lambda: options.frame(TABLE, "table", "see x", needs=["c"]), "table lacks c; see x; its columns: a, b"),
        (lambda: options.frame(pd.concat([TABLE, TABLE]), "t", once=True), "t names the row 'x' twice: name each once"),
        (
            lambda: options.frame(TABLE.iloc[:, [0, 0]], "t", needs=["a"]),
            "t names the column 'a' twice: name each once",
        ),
        (lambda: one_of(TABLE, ["a"], "body"), "unknown body a DataFrame of shape (2, 2): allowed: a"),
        (lambda: one_of(pd.NA, ["a"], "body"), "unknown body <NA>: allowed: a"),
        (lambda: one_of(["a"], ["a"], "body"), "unknown body ['a']: allowed: a"),
        (lambda: names_of(3, [], "body"), "body: 3 is no list of names; give one, as in ['name']"),
        (lambda: names_of("a" * 99, ["a"], "body"), f"unknown body '{'a' * 78}…: allowed: a"),
    ],
)
def test_what_is_wrong_is_named_with_its_rule(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value).startswith(message)


def test_what_is_right_passes():
    assert options.listed((name for name in "ab"), "names") == ["a", "b"]
    assert options.mapped(pd.Series([1, 2], ["a", "b"]), "by", {}) == {"a": 1, "b": 2}
    assert options.whole(np.int64(3), "k", 3) == 3
    assert options.number(np.float32(0.5), "level") == 0.5
    assert options.number(np.inf, "seconds") == np.inf
    assert options.path("data", "folder") == Path("data")
    assert options.frame(TABLE, "table", once=True, needs=["a"]) is TABLE
    assert names_of({"a": 1}, ["a", "b"], "body", once=True) == ["a"]
    assert names_of(pd.Index(["b", "a", "b"]), ["a", "b"], "body") == ["b", "a", "b"]
    assert not options.is_among(Decimal("nan"), ["a"])
