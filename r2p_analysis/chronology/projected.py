"""Co-participation: what two actors share of the events that they took part in, at once and by period.

The modelling choice: a tie counts distinct events, whatever number of rows speak of them; by period it is a number
under uncertain dates, with the interval of `rates`.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.chronology.periods import PeriodName, Spread, axis, bounded_runs, edges, no_period, spread
from r2p_analysis.chronology.rates import numbers, share_observed
from r2p_analysis.chronology.vintages import last_observed
from r2p_analysis.options import in_short, number
from r2p_analysis.schema import one_of

_MODES = {"actor": 0, "event": 1}
_COUNTS = ["n_low", "n_high", "n_least", "n_most"]
_SERIES = ["period", "u", "v", "n_expected", *_COUNTS, "share_observed", "events"]


def co_participation(B: nx.Graph, mode: Literal["actor", "event"] = "actor") -> nx.Graph:
    """Project a participation network onto its actors or its events.

    Parameters
    ----------
    B : networkx.Graph
        From `participation_network`.
    mode : {"actor", "event"}, default "actor"
        Side to keep.

    Returns
    -------
    networkx.Graph
        All nodes of that side, isolates included, with their attributes. Edges have ``weight`` (number of distinct
        events, or actors, that the two share), ``shared`` (their ids) and ``evidence``, sorted lists. Nodes and edges
        are sorted. ``G.graph`` is that of `B`, and ``mode``.

    Raises
    ------
    ValueError
        If `mode` is unknown.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> from r2p_analysis.chronology import participation_network
    >>> G = co_participation(participation_network(load_study()))
    >>> G.edges["arg", "bra"]["weight"], G.edges["arg", "bra"]["shared"]
    (1, ['lan-launch'])
    """
    side = _MODES[one_of(mode, _MODES, "mode")]
    if not isinstance(B, nx.Graph):
        raise ValueError(f"{in_short(B)} is no networkx.Graph; take participation_network")
    G = nx.Graph(**B.graph, mode=mode)
    G.add_nodes_from((node, data) for node, data in sorted(B.nodes(data=True)) if data["bipartite"] == side)
    shared: dict[tuple[str, str], list[str]] = {}
    for other in sorted(node for node, of in B.nodes(data="bipartite") if of != side):
        for pair in combinations(sorted(B[other]), 2):
            shared.setdefault(pair, []).append(other)
    for (u, v), both in sorted(shared.items()):
        cited = {ref for other in both for node in (u, v) for ref in B.edges[node, other]["evidence"]}
        G.add_edge(u, v, weight=len(both), shared=both, evidence=sorted(cited))
    return G


def co_participation_series(
    B: nx.Graph,
    period: PeriodName = "year",
    *,
    level: float = 0.95,
    observed: pd.DataFrame | str | date | None = None,
) -> pd.DataFrame:
    """Count the events that each pair of actors shares in each period, under uncertain dates.

    Parameters
    ----------
    B : networkx.Graph
        From `participation_network`, of all times.
    period : {"day", "week", "month", "quarter", "year", "decade"}, default "year"
        Length of a period.
    level : float, default 0.95
        See `rates`.
    observed : pandas.DataFrame or str or datetime.date, optional
        See `rates`.

    Returns
    -------
    pandas.DataFrame
        A row for each period and pair that may share an event in it, by period, ``u`` and ``v`` (u before v): the
        columns of `rates` (numbers are null where nothing of the period is observed) and ``events``, the ids of all
        that may lie in it. A pair without a row shares none that is recorded. ``.attrs``: ``n_left_out``, the events
        shared by somebody that have no bounded first day, ``level``, layers.

    Raises
    ------
    ValueError
        As `rates`.

    See Also
    --------
    rates : What the interval is, and is not.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> from r2p_analysis.chronology import participation_network
    >>> table = co_participation_series(participation_network(load_study()))
    >>> table[(table["u"] == "arg") & (table["v"] == "bra")][["period", "n_expected", "n_least"]].values.tolist()
    [[Period('2012', 'Y-DEC'), 1.0, 1]]
    """
    if not 0 < number(level, "level", "as in 0.95") <= 1:
        raise ValueError(f"level={level!r} is no probability: allowed is a number above 0 and at most 1, such as 0.95")
    ties = [(u, v, event) for u, v, both in co_participation(B).edges(data="shared") for event in both]
    events = sorted({event for *_, event in ties})
    dated = pd.DataFrame({"date_edtf": [B.nodes[event]["date_edtf"] or None for event in events]}, dtype="str")
    days, row = bounded_runs(dated)
    periods = axis(min(days[:, 0]), max(days[:, 1]), period) if len(days) else no_period(period)
    cuts = edges(periods)
    table = _series(ties, events, spread(days, row, cuts), len(periods), (1 - level) / 2)
    seen = share_observed(cuts, None if observed is None else last_observed(observed))
    place = table["period"].to_numpy(dtype="int64")
    table = table.assign(period=periods[place], share_observed=seen[place]).astype(dict.fromkeys(_COUNTS, "Int64"))
    table.loc[table["share_observed"] == 0, ["n_expected", *_COUNTS]] = pd.NA
    table.attrs = {"layers": B.graph.get("layers"), "level": level, "n_left_out": len(events) - len(set(row))}
    return table[_SERIES]


def _series(
    ties: list[tuple[str, str, str]], events: list[str], found: Spread, n_periods: int, tail: float
) -> pd.DataFrame:
    """Numbers for each place of the axis and each pair that may share an event there."""
    pairs = sorted({(u, v) for u, v, _ in ties})
    tie = pd.DataFrame(ties, columns=["u", "v", "id"])
    tie = tie.assign(
        pair=pd.MultiIndex.from_frame(tie[["u", "v"]]).map(dict(zip(pairs, range(len(pairs)), strict=True)))
    )
    tie = tie.assign(event=tie["id"].map(dict(zip(events, range(len(events)), strict=True))))
    every = tie.merge(pd.DataFrame(found._asdict()), on="event").sort_values(["place", "pair", "event"])
    cells, which = np.unique(every["place"] * len(pairs) + every["pair"], return_inverse=True)
    of_cells = Spread(every["event"].to_numpy(), which, every["n_days"].to_numpy(), every["of_days"].to_numpy())
    place, pair = np.divmod(cells.astype("int64"), max(len(pairs), 1))
    names = pd.DataFrame(pairs, columns=["u", "v"], dtype="str").iloc[pair].reset_index(drop=True)
    listed = every.groupby(which)["id"].agg(list).tolist()
    return names.assign(period=place, events=listed, **numbers(of_cells, len(cells), tail))
