"""Ties between sub-regions: which bodies hold members of different ones, which states reach beyond their own.

A pair of states is counted once for each body that both belong to. Shares are set beside the share that sub-regions
alone would give: a state of a small sub-region has most of its partners outside whatever it does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Literal

import networkx as nx
import pandas as pd

from r2p_analysis.networks.build import sides
from r2p_analysis.networks.incidence import asked
from r2p_analysis.options import mapped
from r2p_analysis.schema import one_of


def brokerage(
    B: nx.Graph, mode: Literal["actor", "body"] = "body", *, groups: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Measure how far bodies, or actors, tie different sub-regions to each other.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    mode : {"actor", "body"}, default "body"
        Side to measure.
    groups : dict, optional
        Group of each actor; actors that are not in it have none. By default their ``subregion``. Actors without
        a group (or with an empty one) are left out of every count but ``n_without_group``.

    Returns
    -------
    pandas.DataFrame
        One row a node: ``node``, ``label``; then

        - of a body: ``n_members``, ``n_groups`` (among its members), ``n_pairs`` of members, ``n_between`` of these
          pairs in different groups;
        - of an actor: ``group``, ``n_bodies``, ``n_pairs`` (members that it meets, once for each body), ``n_between``
          of these in other groups, ``n_groups`` (groups beside its own that it meets), ``n_bridging`` (bodies
          with a member of another group);

        and ``share_between`` (n_between by n_pairs; NaN without a pair), ``share_expected`` (the same share among
        all pairs of actors, or among all others for an actor: what it would be if members were picked without
        regard to groups) and ``n_without_group`` (members left out; for an actor, 1 if it is left out itself,
        when its other columns are 0 and NaN). By ``n_between`` (descending) and id. ``attrs`` has ``mode`` and
        what the network was asked for.

    Raises
    ------
    ValueError
        If `mode` is unknown, or if `B` is not two-mode.

    Notes
    -----
    A body with members of two groups brokers between them in that both meet in it; who speaks for whom
    inside is not known, so that the brokers' roles of Gould and Fernandez [1]_, which need directed ties, are
    not counted. The share between groups is the external part of Krackhardt and Stern's E-I index [2]_:
    the index is twice the share less one.

    References
    ----------
    .. [1] Gould and Fernandez (1989), Sociological Methodology 19, 89-126. https://doi.org/10.2307/270949
    .. [2] Krackhardt and Stern (1988), Social Psychology Quarterly 51(2), 123-140. https://doi.org/10.2307/2786835

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["arg", "bol"], bipartite=0, subregion="south_america")
    >>> B.add_nodes_from(["cub", "jam"], bipartite=0, subregion="caribbean")
    >>> B.add_nodes_from(["celac", "unasur"], bipartite=1)
    >>> B.add_edges_from([(s, "celac") for s in ["arg", "bol", "cub"]] + [("arg", "unasur"), ("bol", "unasur")])
    >>> brokerage(B)[["node", "n_pairs", "n_between", "share_between", "share_expected"]].round(2).values.tolist()
    [['celac', 3, 2, 0.67, 0.67], ['unasur', 1, 0, 0.0, 0.67]]
    >>> brokerage(B, "actor")[["node", "n_pairs", "n_between", "share_between"]].round(2).values.tolist()
    [['cub', 2, 2, 1.0], ['arg', 3, 1, 0.33], ['bol', 3, 1, 0.33], ['jam', 0, 0, nan]]
    """
    measured, _ = sides(B, one_of(mode, _ROW, "mode"))
    actors = sides(B, "actor")[0]
    groups = nx.get_node_attributes(B, "subregion") if groups is None else groups
    given = mapped(groups, "groups", {"arg": "south_america"})
    of = {actor: given[actor] for actor in actors if given.get(actor)}
    table = pd.DataFrame([_ROW[mode](B, node, of) for node in measured], columns=_COLUMNS[mode])
    table["share_between"] = [_share(*pair) for pair in zip(table["n_between"], table["n_pairs"], strict=True)]
    table["share_expected"] = [_expected(of, mode, node) for node in measured]
    table = table.sort_values(["n_between", "node"], ascending=[False, True], ignore_index=True)
    table = table[[*table.columns.drop("n_without_group"), "n_without_group"]]
    table.attrs = asked(B) | {"mode": mode}
    return table


def _of_body(B: nx.Graph, body: str, of: Mapping[str, str]) -> tuple:
    sizes = Counter(of[actor] for actor in B.adj[body] if actor in of)
    n = sizes.total()
    pairs = math.comb(n, 2)
    between = pairs - sum(math.comb(size, 2) for size in sizes.values())
    return body, B.nodes[body].get("label", body), n, len(sizes), pairs, between, B.degree[body] - n


def _of_actor(B: nx.Graph, actor: str, of: Mapping[str, str]) -> tuple:
    label = B.nodes[actor].get("label", actor)
    if actor not in of:
        return actor, label, "", 0, 0, 0, 0, 0, 1
    met = [[of[other] for other in B.adj[body] if other != actor and other in of] for body in B.adj[actor]]
    outside = [[group for group in groups if group != of[actor]] for groups in met]
    pairs, between = (sum(map(len, groups)) for groups in (met, outside))
    n_groups, n_bridging = len({group for groups in outside for group in groups}), sum(map(bool, outside))
    return actor, label, of[actor], len(met), pairs, between, n_groups, n_bridging, 0


_ROW = {"actor": _of_actor, "body": _of_body}
_COLUMNS = {
    "actor": [
        "node",
        "label",
        "group",
        "n_bodies",
        "n_pairs",
        "n_between",
        "n_groups",
        "n_bridging",
        "n_without_group",
    ],
    "body": ["node", "label", "n_members", "n_groups", "n_pairs", "n_between", "n_without_group"],
}


def _share(part: int, whole: int) -> float:
    return int(part) / int(whole) if whole else math.nan


def _expected(of: Mapping[str, str], mode: str, node: str) -> float:
    sizes, n = Counter(of.values()), len(of)
    if mode == "body":
        return _share(math.comb(n, 2) - sum(math.comb(size, 2) for size in sizes.values()), math.comb(n, 2))
    return _share(n - sizes[of[node]], n - 1) if node in of else math.nan
