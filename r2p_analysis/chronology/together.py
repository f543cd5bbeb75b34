"""Who appears with whom: actors and the events that they took part in, and what that shares through time.

The modelling choice: an edge says that an actor took part in an event, once, whatever number of rows, roles,
passages and layers say so; what its rows hold stays on the edge. Who is only spoken of (subject, addressee,
mentioned) took no part. A tie between two actors counts distinct events, and says that they appeared in the same
one, not that they met. Nothing is merged unasked: parts of an event, events that a row calls the same, and offices
of a state are merged where it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal

import networkx as nx
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.schema import names_of, one_of
from r2p_analysis.spells import lineages
from r2p_analysis.study import Study, a_study

_SPOKEN_OF = ("subject", "addressee", "mentioned")
_LEAST = {"possible": lambda p: p is None or p > 0, "certain": lambda p: p == 1}


def participation_network(
    study: Study,
    at: str | date | None = None,
    *,
    reading: Literal["certain", "possible"] = "possible",
    status: Collection[str] = ("reported", "background"),
    roles: Collection[str] | None = None,
    actors: Literal["all", "states"] = "all",
    merge: Collection[Literal["parts", "same", "offices"]] = (),
) -> nx.Graph:
    """Build the two-mode network of actors and the events that they took part in.

    Parameters
    ----------
    study : Study
        The study.
    at : str or datetime.date, optional
        EDTF value (``2012``, ``2012/2014``): events that begin within it. None takes all, dated or not.
    reading : {"certain", "possible"}, default "possible"
        With `at`: events that may begin within it, undated ones among them, or only those that surely do.
    status : collection of str, default ("reported", "background")
        Statuses of events that count. What is only announced is none of them unless asked for.
    roles : collection of str, optional
        Roles that make an edge. None takes all but subject, addressee and mentioned.
    actors : {"all", "states"}, default "all"
        Every actor that has one of the roles in an event of these statuses, at whatever time, or the states of
        ``regions``. A collective is never a node: it stands for members that may be named besides.
    merge : collection of {"parts", "same", "offices"}, default ()
        ``parts``: what is part of another event counts as that event; ``same``: events that ``event_links`` calls
        ``same_as`` are one; ``offices``: an office, an organ or a national body counts as what it is a part of.

    Returns
    -------
    networkx.Graph
        Nodes have ``bipartite`` (0 actor, 1 event), ``mode`` (actor, event), ``label`` and ``kind``; events also
        ``date_edtf`` ("" where none; of merged ones the narrowest), ``event_ids`` (all that it stands for) and
        ``share``, the share of its possible first days within `at` (None without bounds). Edges have ``roles``,
        ``participation_ids`` and ``evidence``, sorted lists, each once. Isolates stay; nodes and edges are sorted.
        ``G.graph``: layers, what was asked for, ``n_rows`` (rows that stand on the edges) and ``n_left_out`` (rows in
        one of the roles whose actor is no node).

    Raises
    ------
    ValueError
        If an option or a date is unknown, or an event is a part of itself.

    See Also
    --------
    co_participation, co_participation_series : Its projection, and the same by period.
    r2p_analysis.networks.pair_table : Which pairs share more events than their numbers of events would give.

    Notes
    -----
    An event with n actors makes n (n - 1) / 2 ties, so compare with a null model. The network is two-mode as any
    other: events are the side that those functions call bodies. Which events a source reports is its choice, and
    many list organisers and no guests.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> from r2p_analysis.networks import pair_table
    >>> B = participation_network(load_study(), "2012", merge=("parts", "same"))
    >>> B.edges["arg", "lan-launch"]["roles"]
    ['organiser']
    >>> pair_table(B, tail="upper").set_index(["u", "v"]).loc[("arg", "bra"), "shared"]
    np.int64(1)
    """
    one_of(reading, _LEAST, "reading")
    one_of(actors, ("all", "states"), "actors")
    status = names_of(status, a_study(study).axis("events", "status"), "status")
    merge = names_of(merge, ("parts", "same", "offices"), "merge")
    known_roles = study.axis("participations", "role")
    wanted = [role for role in known_roles if role not in _SPOKEN_OF] if roles is None else roles
    wanted = names_of(wanted, known_roles, "role")
    stands_for = _events(study, merge, status)
    events = study.events[study.events["status"].isin(status)]
    rows = study.participations[study.participations["role"].isin(wanted)]
    rows = rows[rows["event_id"].isin(events["event_id"])]
    acting = _actors(study, rows["actor_id"], actors, "offices" in merge)
    nodes = _event_nodes(study, events["event_id"], stands_for, at)
    kept = {event for event, data in nodes.items() if at is None or _LEAST[reading](data["share"])}
    rows = rows.assign(event_id=rows["event_id"].map(stands_for))
    inside = rows[rows["event_id"].isin(kept)].assign(actor_id=lambda frame: frame["actor_id"].map(acting))
    ties = inside.dropna(subset="actor_id")

    B = nx.Graph(layers=study.layers, at=None if at is None else str(at), reading=reading, status=tuple(status))
    B.graph |= {"roles": tuple(wanted), "actors": actors, "merge": tuple(sorted(merge))}
    B.graph |= {"n_rows": len(ties), "n_left_out": len(inside) - len(ties)}
    B.add_nodes_from(_actor_nodes(study, actors, acting))
    B.add_nodes_from((_event_node(B, event), nodes[event]) for event in sorted(kept))
    for (actor, event), own in ties.groupby(["actor_id", "event_id"], sort=True):
        cited = {ref for cell in own["evidence"].dropna() for ref in cell.split(";")}
        row = {"roles": sorted(set(own["role"]), key=known_roles.index), "evidence": sorted(cited)}
        B.add_edge(actor, _event_node(B, event), participation_ids=sorted(own["participation_id"]), **row)
    return B


def _events(study: Study, merge: Collection[str], status: Collection[str]) -> dict[str, str]:
    """Event that stands for each one: itself, the whole that it is a part of, the first of those that are the same."""
    events, links = study.events, study.event_links
    whole = dict(zip(events["event_id"], events["event_id"], strict=True))
    if "parts" in merge:
        parts = events.dropna(subset="part_of")
        above = dict(zip(parts["event_id"], parts["part_of"], strict=True))
        for event in whole:
            _top(event, above)
        counted = set(events.loc[events["status"].isin(status), "event_id"])
        # A part that was held does not make a whole held that was only announced.
        above = {event: of for event, of in above.items() if of in counted}
        whole = {event: _top(event, above) for event in whole}
    same = nx.Graph()
    same.add_nodes_from(whole.values())
    if "same" in merge:
        pairs = links.loc[links["relation"] == "same_as", ["event_id", "other_id"]]
        same.add_edges_from((whole[a], whole[b]) for a, b in pairs.itertuples(index=False) if {a, b} <= set(whole))
    order = study.axis("events", "status")
    rank = {event: (order.index(of), event) for event, of in zip(events["event_id"], events["status"], strict=True)}
    firsts = {event: min(group, key=rank.get) for group in nx.connected_components(same) for event in group}
    return {event: firsts[top] for event, top in whole.items()}


def _top(event: str, above: dict[str, str]) -> str:
    line = [event]
    while line[-1] in above:
        line.append(above[line[-1]])
        if line[-1] in line[:-1]:
            raise ValueError(f"event {event!r} is a part of itself: {' -> '.join(line)}; correct part_of in events")
    return line[-1]


def _actors(study: Study, ids: Iterable[str], actors: str, offices: bool) -> dict[str, str]:
    """Node of each actor that is to be one, by its id."""
    groups = set(study.actors.loc[study.actors["kind"] == "collective", "actor_id"])
    states = set(study.regions["iso3"].str.lower())
    found = {}
    for actor, line in lineages(study, sorted(set(ids) - groups)).items():
        above = line if offices else line[:1]
        node = next((a for a in above if a in states), above[-1])
        if actors == "all" or node in states:
            found[actor] = node
    return found


def _actor_nodes(study: Study, actors: str, acting: dict[str, str]) -> list[tuple[str, dict]]:
    known = study.actors.set_index("actor_id")
    states = dict(zip(study.regions["iso3"].str.lower(), study.regions["name_en"], strict=True))
    labels = {**known["short_name"].fillna(known["name"]).to_dict(), **states}
    kinds = {**known["kind"].to_dict(), **dict.fromkeys(states, "state")}
    wanted = sorted({*acting.values(), *(states if actors == "states" else ())})
    given = {"bipartite": 0, "mode": "actor"}
    return [(node, {**given, "label": labels.get(node, node), "kind": kinds.get(node, "")}) for node in wanted]


def _event_nodes(
    study: Study, ids: Iterable[str], stands_for: dict[str, str], at: str | date | None
) -> dict[str, dict]:
    """Attributes of each event that is to be a node, by its id."""
    known, within = study.events.set_index("event_id"), None if at is None else _days(at)
    above = known["part_of"].notna()
    groups: dict[str, list[str]] = {}
    for event in sorted(ids):
        groups.setdefault(stands_for[event], []).append(event)
    nodes = {}
    for node, group in groups.items():
        # A part says nothing on when the whole began; other accounts of the event refine its date.
        accounts = {node, *(event for event in group if not above[event] or stands_for[event] == event)}
        text = _narrowest(known.loc[sorted(accounts), "date_edtf"].dropna(), known.at[node, "date_edtf"])
        row = {"label": known.at[node, "title"], "kind": known.at[node, "kind"], "date_edtf": text, "event_ids": group}
        nodes[node] = {"bipartite": 1, "mode": "event", **row, "share": _share(text, within)}
    return nodes


def _event_node(B: nx.Graph, event: str) -> str:
    """Id of an event's node, which may not be that of an actor."""
    return f"{event}:event" if B.nodes.get(event, {}).get("bipartite") == 0 else event


def _narrowest(stated: pd.Series, own: str) -> str:
    text = dates.refine(stated.tolist()) or own
    return "" if pd.isna(text) else text


def _days(at: str | date) -> tuple[date, date]:
    found = dates.bounds(at.isoformat()[:10] if isinstance(at, date) else str(at))
    if None in found:
        raise ValueError(f"at={at!r} is open to one side: both ends are needed, as in '2012' or '2012/2014'")
    return found


def _share(text: str, within: tuple[date, date] | None) -> float | None:
    """Share of the possible first days of a date within a stretch; None where that is possible but has no bounds."""
    if within is None:
        return 1.0
    runs = dates.parse(text).runs if text else ((None, None),)
    # An open end may lie anywhere, so that the part of a run that may be within is what matters.
    parts = [(max(low or within[0], within[0]), min(high or within[1], within[1])) for low, high in runs]
    n = sum(max((high - low).days + 1, 0) for low, high in parts)
    if not n or any(None in run for run in runs):
        return None if n else 0.0
    return n / sum((high - low).days + 1 for low, high in runs)
