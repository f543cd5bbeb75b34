"""Worlds: what the memberships of a study would be if each unknown day were known.

The modelling choice: a world writes one day in the place of every boundary that is one of several days (see
`unknown_days`) and is then read by the rules of `holding` and `spells`, as a study with exact dates would be; a
day-precise end is the first day outside. What nobody states stays open in every world, so that each world still has
the readings *certain* and *possible*. They are not mixed: unknown days have probabilities, readings have none. For each
spell by itself a world lies between the readings of the study as it stands: it has all that is certain there, and
nothing that is not possible. Where spells of one member follow each other with different vague dates, a world may let
them overlap, and then one settles the other in that world otherwise than in the study.

On a day asked for, only the side matters on which an unknown day falls, so that few worlds differ. These are
enumerated with exact probabilities (fractions of counted days, given that every spell begins before it ends). Where
they are too many, whole worlds are drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pandas as pd

from r2p_analysis.networks.plan import SIDES, History, Plan, blocks
from r2p_analysis.options import whole
from r2p_analysis.spells import memberships_at
from r2p_analysis.study import Study

_CODES = {"no": 0, "possible": 1, "yes": 2}
# A year by a decade, with room: pairs of days that are counted one by one.
_MOST_PAIRS = 4_000_000
# Choices of sides of one part; many of them make the same network.
_MOST_CHOICES = 4096


@dataclass(frozen=True)
class Worlds:
    """Distinct worlds on some days.

    Attributes
    ----------
    weights : tuple of fractions.Fraction
        Probability of each world, or its share of the draws; they sum to 1.
    holds : numpy.ndarray
        Worlds x days x rows: 0 no, 1 possible, 2 certain; where the reading is certain, 1 is never there.
    stated : numpy.ndarray
        Days x rows: codes of the rows as they are stated, with no day in place of what is vague, whatever the reading.
    n_draws : int
        How many were drawn; 0 = all were enumerated, and the weights are exact.
    """

    weights: tuple[Fraction, ...]
    holds: np.ndarray
    stated: np.ndarray
    n_draws: int


def worlds(
    plan: Plan,
    days: Sequence[date],
    *,
    reading: str = "possible",
    limit: int = 1024,
    drawn: np.ndarray | None = None,
) -> Worlds:
    """Distinct worlds on one or more days taken together.

    Parameters
    ----------
    plan : Plan
        See `plan`.
    days : sequence of datetime.date
        The days asked for.
    reading : {"certain", "possible"}, default "possible"
        Which rows of a world to believe; with ``certain`` a row that is only possible does not hold.
    limit : int, default 1024
        Most worlds that are enumerated.
    drawn : numpy.ndarray, optional
        Worlds to fall back to, see `draw`.

    Returns
    -------
    Worlds
        In a fixed order: by parts of the plan, earlier days first, or by first draw.

    Raises
    ------
    ValueError
        If there are more than `limit`, or too many days to count, and none were drawn.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> from r2p_analysis.networks.plan import plan
    >>> study = load_study()
    >>> rows = study.memberships[study.memberships["body_id"] == "lan"]
    >>> found = worlds(plan(study, rows), [date(2012, 3, 31)])  # a start on that very day is certain on it
    >>> [str(weight) for weight in found.weights]
    ['15/61', '1/366', '275/366']
    """
    stated = held(plan.study, plan.rows, days)
    least = _CODES["yes" if reading == "certain" else "possible"]
    cuts = sorted({day.toordinal() + k for day in days for k in (0, 1, 2)})
    classes = [np.searchsorted(cuts, values, side="right") for values in plan.days]
    chances = [_chances(unknown, plan.orders, classes, plan.days) for unknown, _ in plan.parts]
    if all(found is not None for found in chances):
        outcomes = _outcomes(plan, classes, chances, days, least)
        spread = [_merged(of, chance) for of, chance in zip(outcomes, chances, strict=True)]
        if prod(map(len, spread)) <= whole(limit, "limit"):
            found = [
                (prod(w for _, w in choice), [o for o, _ in choice]) for choice in product(*map(dict.items, spread))
            ]
            return _assembled(plan, found, stated, least, 0)
    if drawn is None:
        rule = f"the networks possible on {', '.join(map(str, days))} are too many, or their days are (limit={limit})"
        raise ValueError(f"{rule}: pass rng=numpy.random.default_rng(seed) to draw some, or a higher limit")
    sides = np.searchsorted(cuts, drawn, side="right")
    chosen = [list(map(tuple, sides[:, list(unknown)].tolist())) for unknown, _ in plan.parts]
    outcomes = _outcomes(plan, classes, chosen, days, least)
    counts = Counter(zip(*([of[c] for c in part] for of, part in zip(outcomes, chosen, strict=True)), strict=True))
    found = [(Fraction(n, len(drawn)), world) for world, n in counts.items()]
    return _assembled(plan, found, stated, least, len(drawn))


def held(study: Study, rows: pd.DataFrame, days: Sequence[date]) -> np.ndarray:
    """Days x rows: what holds of some memberships as they are stated; 0 no, 1 possible, 2 certain.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study()
    >>> held(study, study.memberships.iloc[:3], [date(2014, 9, 8)]).shape
    (1, 3)
    """
    place = pd.Index(study.memberships["membership_id"]).get_indexer(rows["membership_id"])
    return _held(study, study.memberships, days)[:, place]


def _held(study: Study, spells: pd.DataFrame, days: Sequence[date]) -> np.ndarray:
    """Days x spells: codes of what holds of a whole table of memberships."""
    codes = np.zeros((len(days), len(spells)), dtype=np.int8)
    study = study.with_tables(memberships=spells.assign(number=range(len(spells))))
    statuses = study.axis("memberships", "status")
    for line, day in zip(codes, days, strict=True):
        found = memberships_at(study, day, status=statuses)
        line[found["number"].to_numpy(dtype=int)] = found["holds"].map(_CODES)
    return codes


def _chances(unknown, orders, classes, days) -> dict[tuple[int, ...], Fraction] | None:
    """Probability of each choice of sides of the unknown days of a part; None where it isn't worth counting."""
    groups = blocks(unknown, orders)
    spread = [_counted(block, [p for p in orders if p[0] in block], classes, days) for block in groups]
    if None in spread or prod(map(len, spread)) > _MOST_CHOICES:
        return None
    place = [unknown.index(i) for block in groups for i in block]
    found = {}
    for choice in product(*map(dict.items, spread)):
        sides = [side for chosen, _ in choice for side in chosen]
        found[tuple(side for _, side in sorted(zip(place, sides, strict=True)))] = prod(w for _, w in choice)
    return found


def _counted(block, orders, classes, days) -> dict[tuple[int, ...], Fraction] | None:
    sizes = [len(days[i]) for i in block]
    if all(len(set(classes[i].tolist())) == 1 for i in block):
        return {tuple(int(classes[i][0]) for i in block): Fraction(1)}
    if prod(sizes) > _MOST_PAIRS:
        return None
    at = dict(zip(block, np.meshgrid(*(np.arange(n) for n in sizes), indexing="ij", sparse=True), strict=True))
    kept = np.ones(sizes, dtype=bool)
    for i, j in orders:
        kept &= days[i][at[i]] < days[j][at[j]]
    places = np.nonzero(kept)
    sides = np.stack([classes[i][place] for i, place in zip(block, places, strict=True)])
    chosen, counts = np.unique(sides, axis=1, return_counts=True)
    return {tuple(c): Fraction(int(n), int(kept.sum())) for c, n in zip(chosen.T.tolist(), counts, strict=True)}


def _outcomes(plan: Plan, classes, chosen, days, least: int) -> list[dict[tuple[int, ...], bytes]]:
    """What each choice of sides makes of the rows of its part: their codes, day by day."""
    keys = [
        {
            choice: [(n, h, _sides(history, unknown, choice)) for h, history in enumerate(histories)]
            for choice in choices
        }
        for n, ((unknown, histories), choices) in enumerate(zip(plan.parts, chosen, strict=True))
    ]
    wanted = dict.fromkeys(key for part in keys for choice in part.values() for key in choice)
    if not wanted:
        return [dict.fromkeys(part, b"") for part in keys]
    histories = [plan.parts[n][1][h] for n, h, _ in wanted]
    chosen_sides = [sides for *_, sides in wanted]
    codes = _at_least(_held(plan.study, _copies(histories, chosen_sides, plan.days, classes), days), least)
    found, first = {}, 0
    for key, history in zip(wanted, histories, strict=True):
        found[key] = codes[:, [first + i for i in history.own]]
        first += len(history.spells)
    return [{c: np.hstack([found[key] for key in part[c]]).tobytes() for c in part} for part in keys]


def _sides(history: History, unknown: tuple[int, ...], choice: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((i, side) for i, side in zip(unknown, choice, strict=True) if i in history.of_spell)


def _copies(histories: list[History], sides: list[tuple[tuple[int, int], ...]], days, classes) -> pd.DataFrame:
    """Spells of histories with a day of the side chosen in the place of what is vague; all days of a side read alike.

    Each copy is an actor of its own, so that it settles what holds among its own spells.
    """
    frame = pd.concat([history.spells for history in histories], ignore_index=True)
    whose = np.repeat(np.arange(len(histories)), [len(history.spells) for history in histories])
    columns = {"actor_id": pd.array(whose.astype(str), dtype="str")}
    written = {pair: _text(days[pair[0]][classes[pair[0]] == pair[1]][0]) for pair in {p for of in sides for p in of}}
    chosen = [{i: written[i, side] for i, side in of} for of in sides]
    of_spell = np.concatenate([history.of_spell for history in histories])
    for place, column in enumerate(f"{side}_edtf" for side in SIDES):
        cells = zip(whose.tolist(), of_spell[:, place].tolist(), frame[column].tolist(), strict=True)
        columns[column] = pd.array([chosen[k].get(i, text) for k, i, text in cells], dtype="str")
    return frame.assign(**columns)


def _text(day: int) -> str:
    return date.fromordinal(int(day)).isoformat()


def _at_least(codes: np.ndarray, least: int) -> np.ndarray:
    return np.where(codes >= least, codes, 0).astype(np.int8)


def _merged(outcomes: dict, chances: dict) -> dict[bytes, Fraction]:
    merged: dict[bytes, Fraction] = {}
    for choice, chance in chances.items():
        merged[outcomes[choice]] = merged.get(outcomes[choice], Fraction(0)) + chance
    return merged


def _assembled(plan: Plan, found, stated: np.ndarray, least: int, n_draws: int) -> Worlds:
    """Put the codes of the parts' rows into those of all rows."""
    holds = np.repeat(_at_least(stated, least)[None], len(found), axis=0)
    for world, (_, outcomes) in zip(holds, found, strict=True):
        for (_, histories), coded in zip(plan.parts, outcomes, strict=True):
            rows = [row for history in histories for row in history.rows]
            world[:, rows] = np.frombuffer(coded, dtype=np.int8).reshape(len(stated), -1)
    return Worlds(tuple(weight for weight, _ in found), holds, stated, n_draws)
