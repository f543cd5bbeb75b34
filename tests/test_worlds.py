"""Distinct worlds: codes of what holds, and several days of the calendar asked at once."""

from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from tiny import tiny_study

from r2p_analysis.networks.plan import draw, plan
from r2p_analysis.networks.worlds import held, worlds


def plan_of(*rows, together="body"):
    """Plan of rows (actor, body, start, end)."""
    names = ("actor_id", "body_id", "start_edtf", "end_edtf")
    cells = [
        {"membership_id": f"m{i}", "evidence": "p", **dict(zip(names, row, strict=True))}
        for i, row in enumerate(rows, 1)
    ]
    study = tiny_study(memberships=cells, passages=[{"passage_id": "p", "vintage_edtf": "2001"}])
    return plan(study, study.memberships, together=together)


def test_no_rows_are_one_empty_world():
    found = plan_of()
    assert draw(found, 3, np.random.default_rng(1)).shape == (3, 0)
    one = worlds(found, [date(2012, 1, 1)])
    assert (one.weights, one.holds.shape) == ((Fraction(1),), (1, 1, 0))


def test_held_codes():
    found = plan_of(("arg", "lan", "2012-03-03", None), ("bol", "lan", "2012-03-03", "2012-03-05"))
    days = [date(2012, 3, day) for day in (2, 3, 4, 5)]
    # Who has no end is certain on the day of the start; later nothing vouches.
    assert held(found.study, found.rows, days).tolist() == [[0, 0], [2, 2], [1, 2], [1, 0]]


@pytest.mark.parametrize("drawn", [False, True])
def test_two_days_taken_together_keep_what_happens_between_them(drawn):
    stated = "[2012-03-02..2012-03-05]"
    found = plan_of(("arg", "lan", stated, None), ("arg", "oas", stated, None))
    sample = draw(found, 20_000, np.random.default_rng(3)) if drawn else None
    asked = [date(2012, 3, 3), date(2012, 3, 4)]
    both = worlds(found, asked, drawn=sample, limit=1 if drawn else 1024)
    assert bool(both.n_draws) == drawn
    chances = Counter()
    for weight, codes in zip(both.weights, both.holds > 0, strict=True):
        chances[tuple(map(tuple, codes.T.tolist()))] += weight
    before, between, after = (True, True), (False, True), (False, False)
    alone = {before: Fraction(2, 4), between: Fraction(1, 4), after: Fraction(1, 4)}
    assert set(chances) == set(product(alone, repeat=2))
    for (u, v), chance in chances.items():
        exact = alone[u] * alone[v]
        tolerance = 4.5 * (float(exact) / 20_000) ** 0.5 if drawn else 0
        assert abs(chance - exact) <= tolerance


def test_a_certain_reading_has_no_codes_in_between():
    found = plan_of(("arg", "lan", "[2012-03-02..2012-03-05]", None), ("bol", "oas", None, None))
    day = [date(2012, 3, 3)]
    possible, certain = (worlds(found, day, reading=reading) for reading in ("possible", "certain"))
    # Started before (possible: no end), on the very day (certain), after.
    assert dict(zip(possible.holds[:, 0, 0].tolist(), possible.weights, strict=True)) == {
        1: Fraction(1, 4),
        2: Fraction(1, 4),
        0: Fraction(1, 2),
    }
    assert dict(zip(certain.holds[:, 0, 0].tolist(), certain.weights, strict=True)) == {
        2: Fraction(1, 4),
        0: Fraction(3, 4),
    }
    assert possible.stated.tolist() == certain.stated.tolist() == [[1, 1]]
