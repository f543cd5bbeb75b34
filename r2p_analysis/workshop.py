"""Answers of the workshop, checked without being shown.

The answers are kept as digests, so that neither the notebook nor this file gives them away. A wrong
answer is told from one that no answer could be: a date that is no EDTF, a status that is no code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from r2p_analysis import dates
from r2p_analysis.schema import one_of

_STATUS = ("operating", "planned", "potential", "denied", "silent")
_DIGESTS = {
    "passage": {
        "founders": "d500d6ead179e168",
        "secretariat": "e99f23af0019fd3a",
        "people": "3e5774d613e8c495",
    },
    "date": {
        "founding": "fb038e31f597c089",
        "meeting": "f952df928caa4993",
        "second": "aef139a04b5368cb",
        "report": "2fda3beb9d402e04",
        "letter": "1eb89a6e68906995",
    },
    "status": {
        "training": "6d71f4ac7f2140a3",
        "early_warning": "30675a62f31a1e6f",
        "monitoring": "5787a1bf7065703f",
        "reaction": "abe1b2fc5aaa4d9e",
        "rebuilding": "44fe9590635bbcde",
    },
}


def check_answers(exercise: str, answers: Mapping[str, object]) -> dict[str, str]:
    """Check the answers to one exercise of the workshop.

    Parameters
    ----------
    exercise : {"passage", "date", "status"}
        The exercise.
    answers : mapping of str to object
        Item to answer: a text for ``passage``, an EDTF date for ``date``, a status for ``status``;
        None where there is no answer yet.

    Returns
    -------
    dict of str to str
        Item to ``right``, ``not yet``, ``no answer`` or what is wrong with its form.

    Raises
    ------
    ValueError
        If the exercise or an item is unknown.

    Examples
    --------
    >>> check_answers("date", {"founding": "03/2012", "letter": None})["letter"]
    'no answer'
    """
    digests = _DIGESTS[one_of(exercise, _DIGESTS, "exercise")]
    for item in answers:
        one_of(item, digests, f"item of the exercise {exercise!r}")
    return {item: _verdict(exercise, item, answer, digests[item]) for item, answer in answers.items()}


def _verdict(exercise: str, item: str, answer: object, digest: str) -> str:
    if answer is None:
        return "no answer"
    answer = " ".join(str(answer).split())
    try:
        _FORM[exercise](answer)
    except ValueError as error:
        return str(error)
    return "right" if _digest(exercise, item, answer) == digest else _HINTS[exercise]


def _digest(exercise: str, item: str, answer: str) -> str:
    return hashlib.sha256(f"{exercise}/{item}/{answer}".encode()).hexdigest()[:16]


def _words(answer: str) -> None:
    if len(answer.split()) < 2:
        raise ValueError("give the words as they stand in the memo, at least two")


_FORM = {"passage": _words, "date": dates.parse, "status": lambda answer: one_of(answer, _STATUS, "status")}
_HINTS = {
    "passage": "not yet: every word that the fact needs, and none that it does not",
    "date": "not yet: the narrowest date that the words support; lasted is a/b, one unknown day is [a..b]",
    "status": "not yet: read again who says it, and whether it is there, announced, possible, denied or not said",
}
