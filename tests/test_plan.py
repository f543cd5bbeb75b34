"""Unknown days together: which of them hang together, and that draws are uniform over what the orders allow."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from tiny import tiny_study

from r2p_analysis.networks.plan import draw, plan


def plan_of(*rows, together="body"):
    """Plan of rows (actor, body, start, end)."""
    names = ("actor_id", "body_id", "start_edtf", "end_edtf")
    cells = [
        {"membership_id": f"m{i}", "evidence": "p", **dict(zip(names, row, strict=True))}
        for i, row in enumerate(rows, 1)
    ]
    study = tiny_study(memberships=cells, passages=[{"passage_id": "p", "vintage_edtf": "2001"}])
    return plan(study, study.memberships, together=together)


def test_parts_hang_together_by_a_day_or_an_order():
    found = plan_of(
        ("arg", "lan", "2012", None),
        ("bol", "lan", "2012", "2015"),
        ("arg", "oas", "2010-03", "2010-03-04"),
        ("bol", "oas", "[2010..2012]", "[2011..2013]"),
        ("bra", "oas", "2010-01-01", None),
    )
    assert [(unknown, [history.rows for history in part]) for unknown, part in found.parts] == [
        ((0, 1), [(0,), (1,)]),
        ((2,), [(2,)]),
        ((3, 4), [(3,)]),
    ]
    assert found.orders == ((3, 4),)
    assert [len(days) for days in found.days] == [366, 365, 3, 1096, 1096]


def test_a_plan_of_some_rows_has_their_days_only():
    study = plan_of(("arg", "lan", "2012", None), ("arg", "oas", "2010-03", None)).study
    rows = study.memberships[study.memberships["body_id"] == "oas"]
    found = plan(study, rows)
    assert [len(days) for days in found.days] == [31]
    ((_, (history,)),) = found.parts
    assert (history.rows, history.of_spell.tolist()) == ((0,), [[0, -1]])


def test_spells_of_one_member_hang_together_whatever_their_status():
    found = plan_of(("arg", "lan", "2012", "2014-03"), ("arg", "lan", "2014-03", "2015"), ("bol", "lan", "2015", None))
    assert [(unknown, [history.rows for history in part]) for unknown, part in found.parts] == [
        ((0, 1, 2), [(0, 1), (2,)])
    ]
    alone = plan(found.study, found.rows.iloc[[1]])
    assert [len(days) for days in alone.days] == [366, 31, 365]
    assert alone.parts[0][1][0].own == (1,)


def test_draws_are_uniform_over_the_ordered_days():
    found = plan_of(("arg", "lan", "[2012-03-01..2012-03-04]", "[2012-03-02..2012-03-05]"))
    drawn = draw(found, 20_000, np.random.default_rng(5))
    first = date(2012, 3, 1).toordinal()
    counts = Counter(map(tuple, (drawn - first).tolist()))
    allowed = [(s, e) for s, e in product(range(4), range(1, 5)) if s < e]
    assert sorted(counts) == allowed
    expected = 20_000 / len(allowed)
    chi_square = sum((n - expected) ** 2 / expected for n in counts.values())
    assert chi_square < 23.6  # 0.995 point at 9 degrees of freedom


def test_draws_do_not_hang_on_the_days_asked_for_and_repeat():
    found = plan_of(("arg", "lan", "2012", "[2012..2014]"))
    a, b = (draw(found, 50, np.random.default_rng(2)) for _ in range(2))
    assert np.array_equal(a, b)


def test_a_day_left_out_of_a_set_is_never_drawn():
    found = plan_of(("arg", "lan", "[2012-03-01,2012-03-03]", None))
    days = {date.fromordinal(int(day)).day for day in draw(found, 200, np.random.default_rng(2))[:, 0]}
    assert days == {1, 3}


def test_days_that_leave_no_order_end_in_an_error():
    # Not to be had from a study, where contradictory days stay as stated: the last end before the first start.
    found = plan_of(("arg", "lan", "[2012-03-01..2012-03-04]", "[2012-03-02..2012-03-05]"))
    stuck = replace(found, days=(found.days[1][-1:], found.days[0][:1]))
    with pytest.raises(ValueError, match="every spell begins before it ends"):
        draw(stuck, 2, np.random.default_rng(1))
