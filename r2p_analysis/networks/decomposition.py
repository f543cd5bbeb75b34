"""Co-membership taken apart by kind of body, so that what everybody shares does not pass for closeness.

A body of which everyone is a member adds one to every pair. Shared memberships are therefore counted by kind, each
beside what the sizes of actors and bodies alone would give: under a null model with independent cells the expected
count of a pair is a sum over bodies, and so it falls apart by kind as the observed one does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis import nulls
from r2p_analysis.networks.build import sides
from r2p_analysis.networks.incidence import membership_matrix
from r2p_analysis.options import frame, in_short, mapped
from r2p_analysis.schema import names_of, one_of

SCOPES = ("universal", "regional", "subregional", "purpose_built")
"""Kinds of body by declared scope, in the order of tables and figures."""

NOT_DECLARED = "not declared"
"""Kind of a body of which nothing is declared."""

REACHES = ("one sub-region", "region", "beyond")
"""Kinds of body by reach: where its members lie."""

_ASKED = ("at", "reading", "status", "roles", "layers")


def decomposition(
    B: nx.Graph,
    by: Literal["scope"] | Mapping[str, str] = "scope",
    *,
    null: Literal["sdsm"] | None = "sdsm",
) -> pd.DataFrame:
    """Count what each pair of actors shares, by kind of body.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`.
    by : "scope" or mapping of str to str, default "scope"
        Kind of each body: its attribute ``scope``, or a mapping, such as `kinds_by_reach` gives. A body that has
        none is ``not declared``; bodies of a mapping that `B` has not are passed over.
    null : "sdsm" or None, default "sdsm"
        Null model of the expectation: both margins kept on average (`nulls.bicm`). None leaves it out.

    Returns
    -------
    pandas.DataFrame
        One row a pair and kind, sorted by ``u``, ``v`` (ids, u before v) and the order of the kinds, those of no
        body or no shared membership included:

        - ``label_u``, ``label_v``; ``kind``, an ordered category;
        - ``shared``: bodies of that kind of which both are members; ``total``: of all kinds;
        - ``share``: shared by total, in [0, 1], NaN where the two share nothing;
        - ``expected``, ``residual`` (shared - expected), ``z`` (NaN where the sd is 0), if there is a null.

        ``.attrs`` has ``n_pairs``, ``n_bodies`` (by kind), ``null`` and what `B` was asked for.

    Raises
    ------
    ValueError
        If `by` or `null` is unknown, a body's scope is none of `SCOPES`, or `B` is not two-mode.

    See Also
    --------
    decomposition_summary : The same over all pairs.
    pair_table : Test of the totals.

    Notes
    -----
    A body to which all belong has no residual, whatever it adds to the total. The null keeps the size of a body on
    average only, and a body whose size varies gives a few more shared memberships than one of fixed size: over all
    pairs, residuals sum to a little less than 0. The null is one for all kinds together.

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["arg", "bra", "can"], bipartite=0)
    >>> B.add_node("oas", bipartite=1, scope="regional")
    >>> B.add_node("unasur", bipartite=1, scope="subregional")
    >>> B.add_edges_from([("arg", "oas"), ("bra", "oas"), ("can", "oas"), ("arg", "unasur"), ("bra", "unasur")])
    >>> table = decomposition(B)
    >>> table.loc[table["u"].eq("arg") & table["shared"].gt(0), ["v", "kind", "shared", "total"]].values.tolist()
    [['bra', 'regional', 1, 2], ['bra', 'subregional', 1, 2], ['can', 'regional', 1, 1]]
    """
    if null is not None:
        one_of(null, ["sdsm"], "null")
    actors, bodies = sides(B, "actor")
    kind_of, kinds = _kinds(B, bodies, by)
    cells = membership_matrix(B).to_numpy()
    i, j = np.triu_indices(len(actors), 1)
    labels = np.array([B.nodes[a].get("label", a) for a in actors], dtype=object)
    named = np.array([*actors, None], dtype=object)  # None keeps numpy from unpacking nodes that are tuples
    shared = np.stack([_shared(cells, kind_of == kind)[i, j] for kind in kinds], axis=1)

    pairs = {"u": named[i], "v": named[j], "label_u": labels[i], "label_v": labels[j]}
    columns = {name: np.repeat(values, len(kinds)) for name, values in pairs.items()}
    columns["kind"] = pd.Categorical(kinds * len(i), categories=kinds, ordered=True)
    columns |= {"shared": shared.ravel(), "total": np.repeat(shared.sum(axis=1), len(kinds))}
    table = pd.DataFrame(columns).infer_objects()
    table["share"] = table["shared"] / table["total"]
    if null is not None:
        table = table.assign(**_against_null(cells, kind_of, kinds, table["shared"]))
    table.attrs |= {name: B.graph[name] for name in _ASKED if name in B.graph}
    counts = {kind: int((kind_of == kind).sum()) for kind in kinds}
    table.attrs |= {"n_pairs": len(i), "n_bodies": counts, "null": null}
    return table


def decomposition_summary(table: pd.DataFrame) -> pd.DataFrame:
    """Sum a decomposition over all pairs of actors.

    Parameters
    ----------
    table : pandas.DataFrame
        From `decomposition`.

    Returns
    -------
    pandas.DataFrame
        One row a kind: ``kind``, ``n_bodies``, ``n_shared`` (shared memberships of all pairs), ``share_shared``
        (of those of all kinds, in [0, 1]; NaN where nothing is shared), ``mean_shared`` (by pair, of all pairs; NaN
        without a pair) and, if there was a null, ``mean_expected`` and ``mean_residual``. ``.attrs`` are the table's.

    Examples
    --------
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["arg", "bra", "can"], bipartite=0)
    >>> B.add_nodes_from(["oas", "unasur"], bipartite=1)
    >>> B.add_edges_from([("arg", "oas"), ("bra", "oas"), ("can", "oas"), ("arg", "unasur"), ("bra", "unasur")])
    >>> kinds = {"oas": "regional", "unasur": "subregional"}
    >>> decomposition_summary(decomposition(B, kinds))[["kind", "n_shared", "share_shared"]].values.tolist()
    [['regional', 3, 0.75], ['subregional', 1, 0.25]]
    """
    frame(table, "table", "give that of decomposition", needs=["kind", "shared"])
    by_kind = table.groupby("kind", observed=False)
    n_shared = by_kind["shared"].sum()
    n_pairs = table.attrs["n_pairs"] or np.nan
    means = {"mean_shared": n_shared / n_pairs}
    if "expected" in table:
        means |= {f"mean_{name}": by_kind[name].sum() / n_pairs for name in ("expected", "residual")}
    sums = {
        "n_bodies": pd.Series(table.attrs["n_bodies"]).reindex(n_shared.index.astype("object")).to_numpy(),
        "n_shared": n_shared,
        "share_shared": n_shared / (n_shared.sum() or np.nan),
    }
    summary = pd.DataFrame({**sums, **means}).reset_index()
    summary.attrs |= table.attrs
    return summary


def kinds_by_reach(B_world: nx.Graph, states: Collection[str]) -> pd.Series:
    """Kind of each body of a world-wide network by where its members lie.

    Parameters
    ----------
    B_world : networkx.Graph
        Two-mode network of the states of the world, such as ``two_mode_network(study_of(tables), ..., actors="all")``.
    states : collection of str
        Ids of the region's states. Each has an attribute ``subregion``.

    Returns
    -------
    pandas.Series
        By body, sorted, an ordered category: ``one sub-region`` (all members lie in one), ``region`` (all lie inside
        the region) or ``beyond`` (one or more does not). A body without a member has no kind and no row.

    Raises
    ------
    ValueError
        If one of `states` is no actor of the network or has no sub-region.

    Notes
    -----
    Where members lie is not what a charter says: a body open to all with one member is ``one sub-region``.

    Examples
    --------
    >>> W = nx.Graph()
    >>> W.add_nodes_from(["bol", "per"], bipartite=0, subregion="south_america")
    >>> W.add_node("mex", bipartite=0, subregion="central_america")
    >>> W.add_node("fra", bipartite=0)
    >>> W.add_nodes_from(["can", "laia", "un"], bipartite=1)
    >>> W.add_edges_from([("bol", "can"), ("per", "can"), ("bol", "laia"), ("mex", "laia")])
    >>> W.add_edges_from([("mex", "un"), ("fra", "un")])
    >>> kinds_by_reach(W, ["bol", "mex", "per"]).to_dict()
    {'can': 'one sub-region', 'laia': 'region', 'un': 'beyond'}
    """
    actors, bodies = sides(B_world, "actor")
    states = names_of(states, actors, "actor of the network")
    places = {state: B_world.nodes[state].get("subregion") for state in sorted(states)}
    if placeless := [state for state, place in places.items() if not isinstance(place, str) or not place]:
        raise ValueError(f"no sub-region of: {', '.join(placeless)}; give each the node attribute subregion")
    joined = {body: {places.get(member) for member in B_world[body]} for body in bodies}
    reaches = {body: _reach(of_members) for body, of_members in joined.items() if of_members}
    kinds = pd.Categorical(list(reaches.values()), categories=list(REACHES), ordered=True)
    return pd.Series(kinds, pd.Index(list(reaches), name="body"), name="kind")


def _reach(places: set) -> str:
    sub_region, region, beyond = REACHES
    if None in places:
        return beyond
    return sub_region if len(places) == 1 else region


def _kinds(B: nx.Graph, bodies: list, by: Any) -> tuple[np.ndarray, list[str]]:
    """Kind of each body, and all kinds in their order; ``not declared`` is the last, if it is there."""
    if isinstance(by, str):
        one_of(by, ["scope"], "by")
        known = {body: B.nodes[body].get("scope") for body in bodies}
        known = {body: one_of(scope, SCOPES, f"scope of {body}") for body, scope in known.items() if scope}
        kinds = [*SCOPES, NOT_DECLARED]
    else:
        known = mapped(by, "by", {"oas": "regional"})
        for body, kind in known.items():
            if not isinstance(kind, str):
                raise ValueError(f"by: {in_short(kind)} is no kind for {body!r}; give a text, as in 'regional'")
        ordered = isinstance(by, pd.Series) and by.dtype == "category"
        kinds = list(by.cat.categories if ordered else sorted(set(known.values())))
        if set(bodies) - set(known):
            kinds = [*(kind for kind in kinds if kind != NOT_DECLARED), NOT_DECLARED]
    return np.array([known.get(body, NOT_DECLARED) for body in bodies], dtype=object), kinds


def _shared(cells: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return cells[:, columns] @ cells[:, columns].T


def _against_null(cells: np.ndarray, kind_of: np.ndarray, kinds: list[str], shared: pd.Series) -> dict[str, Any]:
    probabilities = nulls.bicm(cells)
    i, j = np.triu_indices(len(cells), 1)
    moments = [nulls.moments(probabilities[:, kind_of == kind]) for kind in kinds]
    expected, sd = (np.stack([of_kind[k][i, j] for of_kind in moments], axis=1).ravel() for k in (0, 1))
    residual = shared.to_numpy() - expected
    z = np.divide(residual, sd, out=np.full(len(sd), np.nan), where=sd > 0)
    return {"expected": expected, "residual": residual, "z": z}
