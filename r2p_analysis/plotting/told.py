"""Tables that a timeline of a study takes: who took part, and when each document ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology import event_order
from r2p_analysis.study import Study


def actor_lanes(study: Study, actors: Sequence[str] | None = None, *, n: int = 8) -> pd.DataFrame:
    """Events in lanes by actor: one row for each event and each of some actors that had a part in it.

    Parameters
    ----------
    study : Study
        The study.
    actors : sequence of str, optional
        Ids of actors, in the order of their lanes; None takes those that had a part in most dated events.
    n : int, default 8
        How many these are.

    Returns
    -------
    pandas.DataFrame
        See `chronology.event_order`, with the category ``actor_id``. An event in which several had a part has several
        rows, and one in which none of them had has none: ``.attrs["n_left_out"]`` counts these.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> actor_lanes(load_study(), ["lan", "arg"])["actor_id"].value_counts(sort=False).to_dict()
    {'lan': 5, 'arg': 5}
    """
    events = event_order(study)
    parts = study.participations[["actor_id", "event_id"]].drop_duplicates()
    if actors is None:
        dated = parts[parts["event_id"].isin(events.dropna(subset="date_edtf")["event_id"])]
        most = dated["actor_id"].value_counts().rename("n").rename_axis("actor_id").reset_index()
        actors = most.sort_values(["n", "actor_id"], ascending=[False, True])["actor_id"].head(n)
    actors = list(actors)
    lanes = events.merge(parts[parts["actor_id"].isin(actors)], on="event_id")
    lanes = lanes.assign(actor_id=pd.Categorical(lanes["actor_id"], categories=actors))
    lanes.attrs = {**events.attrs, "n_left_out": len(events) - lanes["event_id"].nunique()}
    return lanes


def source_ends(study: Study) -> dict[str, date]:
    """Last day that each document of the coded layer tells of, by its id; those that do not say are left out.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    dict of str to datetime.date
        In the order of ids.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> source_ends(load_study())
    {'aipr': datetime.date(2014, 9, 8), 'icrtop': datetime.date(2015, 5, 29)}
    """
    if "coded" not in study.layers:
        return {}
    stated = study.sources.dropna(subset="content_until_edtf").sort_values("source_id")
    ends = {row.source_id: dates.bounds(row.content_until_edtf)[1] for row in stated.itertuples()}
    return {name: end for name, end in ends.items() if end}
