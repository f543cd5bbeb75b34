"""The workshop's answers: each item has exactly one, and it can be found; none stands here."""

import json
import re
from itertools import product
from pathlib import Path

import pytest

from r2p_analysis.workshop import check_answers

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "workshop" / "01-from-text-to-data.ipynb"
SOURCE = ["".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]]
MEMO = next(re.search('MEMO = """(.*?)"""', source, re.S)[1] for source in SOURCE if source.startswith("MEMO"))
ITEMS = {
    "passage": ["founders", "secretariat", "people"],
    "date": ["founding", "meeting", "second", "report", "letter"],
    "status": ["training", "early_warning", "monitoring", "reaction", "rebuilding"],
}


def passages():
    words = MEMO.split()
    return [" ".join(words[i:j]).rstrip(".;") for i in range(len(words)) for j in range(i + 2, min(i + 12, len(words)))]


def edtf_dates():
    parts = [f"20{y:02d}" for y in range(8, 17)] + [f"19{d}X" for d in range(10)]
    parts += [f"{y}-{m:02d}" for y in parts[:9] for m in (*range(1, 13), *range(21, 33))]
    days = [f"2011-05-{d:02d}" for d in range(1, 8)]
    pairs = [*product(days, days), *product(parts[19:], parts[19:])]
    return parts + days + [f"{a}/{b}" for a, b in pairs if a <= b] + [f"[{a}..{b}]" for a, b in pairs if a <= b]


CANDIDATES = {
    "passage": passages,
    "date": edtf_dates,
    "status": lambda: ["operating", "planned", "potential", "denied", "silent"],
}


@pytest.mark.parametrize("exercise", ITEMS)
def test_each_item_has_one_answer_among_those_one_may_try(exercise):
    right = dict.fromkeys(ITEMS[exercise], 0)
    for candidate in sorted(set(CANDIDATES[exercise]())):
        verdicts = check_answers(exercise, dict.fromkeys(ITEMS[exercise], candidate))
        for item, verdict in verdicts.items():
            right[item] += verdict == "right"
    assert right == dict.fromkeys(ITEMS[exercise], 1)


def test_line_breaks_and_blanks_do_not_make_an_answer_wrong():
    found = next(c for c in passages() if check_answers("passage", {"people": c})["people"] == "right")
    broken = "  " + found.replace(" ", "\n ", 2) + " "
    assert check_answers("passage", {"people": broken}) == {"people": "right"}


def test_the_notebook_asks_for_these_items_and_gives_no_answer():
    for exercise, items in ITEMS.items():
        cell = next(s for s in SOURCE if f'check_answers("{exercise}"' in s)
        assert [item for item in items if f'"{item}": None' in cell] == items


@pytest.mark.parametrize(
    ("exercise", "item", "answer", "verdict"),
    [
        ("date", "founding", "spring 2010", "is not an EDTF date"),
        ("date", "founding", "2010", "not yet: the narrowest date"),
        ("status", "training", "active", "unknown status 'active': allowed: operating"),
        ("passage", "people", "30", "at least two"),
        ("passage", "people", "about 30 people", "not yet: every word"),
        ("passage", "people", None, "no answer"),
    ],
)
def test_a_wrong_answer_is_told_from_one_of_wrong_form(exercise, item, answer, verdict):
    assert verdict in check_answers(exercise, {item: answer})[item]


def test_unknown_exercises_and_items_say_what_is_allowed():
    with pytest.raises(ValueError, match="unknown exercise 'dates': did you mean 'date'"):
        check_answers("dates", {})
    with pytest.raises(ValueError, match="unknown item of the exercise 'date' 'foundin': did you mean 'founding'"):
        check_answers("date", {"foundin": None})
