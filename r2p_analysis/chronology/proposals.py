"""Events that may be two accounts of one happening: proposed with a score, for somebody to decide.

The modelling choice: a score is a weighted mean of stated parts, no probability, and its weights are set by hand and
not learnt. It orders pairs for reading. A part of which one of the two events says nothing counts a quarter: silence is
neither agreement nor difference. Pairs that the tables already tell apart are not proposed: those with a link other
than ``same_as``, a part and its whole, two places of one series, meetings of one series with dates that share no day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.firstdays import parsed
from r2p_analysis.options import number
from r2p_analysis.study import Study, a_study, of_layers

_WEIGHTS = {"date": 3, "title": 3, "participants": 2, "place": 2, "kind": 1}
_UNKNOWN = 0.25
# Kinds that sources use for one another.
_FAMILIES = (
    {"conference", "seminar", "roundtable", "forum", "dialogue"},
    {"founding", "launch", "legislation", "declaration"},
)


def merge_proposals(study: Study, *, least: float = 0.5) -> pd.DataFrame:
    r"""Pairs of events that may be two accounts of one happening, the likeliest first.

    Parameters
    ----------
    study : Study
        With both layers, pairs across them are proposed, too.
    least : float, default 0.5
        Lowest score to report, in [0, 1].

    Returns
    -------
    pandas.DataFrame
        A row a pair: ``event_id`` (the coded one, if one is external), ``other_id``, ``score`` in [0, 1], the mean of
        its parts with weights 3, 3, 2, 2, 1; each in [0, 1], or NaN where one of the two says nothing (counts 0.25):

        - ``date``: share of the days of the narrower date, from its earliest to its latest, that the wider one has; 0
          if they share none; NaN, too, if both are open to the same side;
        - ``title``: cosine of the words of the titles, rare words counting more (:math:`\ln n/n_w` of a word in
          :math:`n_w` of :math:`n` titles), without accents and letter case;
        - ``participants``: the same of their actors;
        - ``place``: 1 for one place, 1/2 for one country where a place is missing, else 0;
        - ``kind``: 1 for one kind, 1/2 for kinds that are used for one another, else 0;

        ``same_as``: ids of links that say that it is open; ``dates`` of both and ``evidence`` of both, joined by ``;``.
        Sorted by score, then ids.

    Raises
    ------
    ValueError
        If `least` is not in [0, 1].

    See Also
    --------
    merged : Merge pairs that somebody has decided on.
    tighten : ``suppose_same=True`` asks what follows if links ``same_as`` hold, without merging.

    Notes
    -----
    All pairs are compared: 2,000 events take some hundred megabytes. A high score says that two rows are alike, which
    meetings of one organiser are as well; a low one does not say that two rows are two happenings.

    Examples
    --------
    >>> from r2p_analysis.study import load_study
    >>> merge_proposals(load_study()).loc[:1, ["event_id", "other_id", "score"]].round(2).to_numpy().tolist()
    [['iachr-founding', 'iacthr-founding', 0.61], ['igarape-book', 'igarape-new-directions', 0.59]]
    """
    a_study(study)
    if not 0 <= number(least, "least", "as in 0.5") <= 1:
        raise ValueError(f"least is {least}; it must lie between 0 and 1")
    # Coded rows first, so that of a pair across the layers the coded row is the one to keep.
    events = study.events.assign(_external=study.events["basis"] == "external")
    events = events.sort_values(["_external", "event_id"], ignore_index=True)
    actors = study.participations.groupby("event_id")["actor_id"].agg(set).to_dict()
    parts = {
        "date": _dates_fit(events),
        "title": _likeness([_words(title) for title in events["title"]]),
        "participants": _likeness([actors.get(event, set()) for event in events["event_id"]]),
        "place": _places_fit(events),
        "kind": _kinds_fit(events),
    }
    known = (weight * np.nan_to_num(parts[name], nan=_UNKNOWN) for name, weight in _WEIGHTS.items())
    score = sum(known) / sum(_WEIGHTS.values())
    score[_told_apart(study, events, parts["date"])] = -1
    one, other = np.nonzero(np.triu(score >= least, k=1))
    same_as = study.event_links[study.event_links["relation"] == "same_as"]
    links = {frozenset(pair): link for link, *pair in same_as[["link_id", "event_id", "other_id"]].to_numpy()}
    ids = events["event_id"]
    table = pd.DataFrame(
        {
            "event_id": ids.take(one).array,
            "other_id": ids.take(other).array,
            "score": score[one, other],
            **{name: part[one, other] for name, part in parts.items()},
            "same_as": pd.Series(
                [links.get(frozenset(pair)) for pair in zip(ids[one], ids[other], strict=True)], dtype="str"
            ),
            "dates": _of_both(events["date_edtf"].fillna(""), one, other),
            "evidence": _of_both(events["evidence"].fillna(""), one, other),
        }
    )
    table = table.sort_values(["score", "event_id", "other_id"], ascending=[False, True, True], ignore_index=True)
    return of_layers(study, table)


def _dates_fit(events: pd.DataFrame) -> np.ndarray:
    values = parsed(events)
    low = np.array([_number(value and value.earliest, value, -np.inf) for value in values])
    high = np.array([_number(value and value.latest, value, np.inf) for value in values])
    shared = np.minimum(high[:, None], high) - np.maximum(low[:, None], low) + 1
    narrower = np.minimum((high - low + 1)[:, None], high - low + 1)
    with np.errstate(invalid="ignore"):  # open to the same side: nothing can be said
        return np.where(shared <= 0, 0.0, shared / narrower)


def _number(day: date | None, value: dates.Edtf | None, beyond: float) -> float:
    if value is None:
        return np.nan
    return day.toordinal() if day else beyond


def _words(title: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", title.casefold())
    return set(re.findall(r"[^\W_]{2,}", "".join(c for c in plain if not unicodedata.combining(c))))


def _likeness(sets: Sequence[set[str]]) -> np.ndarray:
    """Cosine of sets whose members count more the rarer they are; NaN where a set is empty."""
    from scipy.sparse import csr_array

    pairs = [(i, one) for i, members in enumerate(sets) for one in sorted(members)]
    rows, names = [i for i, _ in pairs], pd.Series([one for _, one in pairs], dtype="str")
    weights = np.log(len(sets) / names.groupby(names).transform("size").to_numpy("float64"))
    matrix = csr_array((weights, (rows, pd.factorize(names)[0])), shape=(len(sets), max(1, names.nunique())))
    products = (matrix @ matrix.T).toarray()
    length = np.sqrt(products.diagonal())
    with np.errstate(invalid="ignore", divide="ignore"):
        return products / length[:, None] / length


def _places_fit(events: pd.DataFrame) -> np.ndarray:
    (place, no_place), (country, no_country) = (_codes(events[name]) for name in ("place", "country_iso3"))
    by_country = np.where(no_country[:, None] | no_country, np.nan, (country[:, None] == country) / 2)
    return np.where(no_place[:, None] | no_place, by_country, place[:, None] == place)


def _codes(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    return pd.factorize(column)[0], column.isna().to_numpy()


def _kinds_fit(events: pd.DataFrame) -> np.ndarray:
    kind, family = _codes(events["kind"])[0], np.array([_family(kind) for kind in events["kind"]])
    alike = (family[:, None] == family) & (family >= 0)
    return np.where(kind[:, None] == kind, 1.0, alike / 2)


def _family(kind: str) -> int:
    return next((i for i, family in enumerate(_FAMILIES) if kind in family), -1)


def _told_apart(study: Study, events: pd.DataFrame, date_fits: np.ndarray) -> np.ndarray:
    (series, none), ordinal = _codes(events["series"]), events["ordinal"].to_numpy("float64", na_value=np.nan)
    one_series = (series[:, None] == series) & ~none
    numbers = ~np.isnan(ordinal[:, None]) & ~np.isnan(ordinal) & (ordinal[:, None] != ordinal)
    apart = one_series & (numbers | (date_fits == 0))
    place = {event: i for i, event in enumerate(events["event_id"])}
    links = study.event_links[study.event_links["relation"] != "same_as"]
    parts = events.dropna(subset=["part_of"])
    named = [links[["event_id", "other_id"]].to_numpy(), parts[["event_id", "part_of"]].to_numpy()]
    for a, b in np.concatenate(named):
        if a in place and b in place:
            apart[place[a], place[b]] = apart[place[b], place[a]] = True
    return apart


def _of_both(column: pd.Series, one: np.ndarray, other: np.ndarray) -> pd.Series:
    both = [";".join([a, b]) for a, b in zip(column.iloc[one], column.iloc[other], strict=True)]
    return pd.Series(both, dtype="str")
