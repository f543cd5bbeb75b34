"""Rankings again without some ties: whether an order hangs on what one is least sure of.

The modelling choice: a ranking is taken again on networks that lack something, and compared with the one of the whole
network. Three checks, each of its own kind:

- ``dropped_ties``: a random share of all ties is left out, each tie alike. A stand-in for records that are missing
  by chance; they are not missing by chance where a source is about some bodies only.
- ``inferred_off``: ties whose row is inferred by a rule are left out; one run, nothing random.
- ``body_left_out``: each body that has a tie is left out in turn; says whether one body makes the ranking.

Ties of rank stay ties: the best node has rank 1, equal nodes have the same rank, and the next has as many before
it. Values are compared to 12 significant digits, so that rounding ranks nobody. A share of runs is no
probability that the ranking is right; it says how far it hangs on the ties. What uncertain dates do to a ranking is
asked by `series` with a measure that ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.networks.build import sides
from r2p_analysis.options import frame, function, generator, number, whole
from r2p_analysis.study import Study, a_study

Measure = Callable[[nx.Graph], pd.Series]

CHECKS = ("dropped_ties", "inferred_off", "body_left_out")
"""The checks, in the order of tables and figures."""

_WHOLE = "whole"


def rankings(
    B: nx.Graph,
    measure: Measure,
    *,
    runs: int = 200,
    rng: np.random.Generator,
    drop: float = 0.1,
    study: Study | None = None,
) -> pd.DataFrame:
    """Take a ranking again on networks that lack some ties.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `two_mode_network`; it stays as it is.
    measure : callable
        Takes a two-mode network and gives a Series of numbers by node; the greatest is ranked first.
    runs : int, default 200
        Runs with dropped ties.
    rng : numpy.random.Generator
        Source of the draws.
    drop : float, default 0.1
        Share of the ties left out in each of these runs, above 0 and below 1; at least one tie is.
    study : Study, optional
        The study that `B` was built from. With it a tie counts as inferred only if all rows behind it are;
        without it, if the row that claims most is (the tie's ``basis``).

    Returns
    -------
    pandas.DataFrame
        One row a run and node: ``check`` (``whole``, ``dropped_ties``, ``inferred_off``, ``body_left_out``), ``run``
        (from 0 in each check), ``left_out`` (the body; empty else), ``n_dropped`` (ties), ``node``, ``value`` and
        ``rank`` (1 is best). A body that is left out has no row in that run. With no inferred tie, or without a
        tie at all, a check has no rows. ``attrs`` has the layers and what was asked.

    Raises
    ------
    ValueError
        If `runs` is below 1, if `drop` is outside (0, 1), if `B` is not two-mode, or if the measure gives no Series
        of numbers.

    See Also
    --------
    robustness : What the runs say about the ranking as a whole.
    rank_intervals : What they say about each node.
    pair_orders : What they say about each pair of nodes.

    Examples
    --------
    >>> B = nx.Graph([("arg", "lan"), ("arg", "oas"), ("bol", "oas")])
    >>> B.add_nodes_from(["arg", "bol"], bipartite=0)
    >>> B.add_nodes_from(["lan", "oas"], bipartite=1)
    >>> table = rankings(B, lambda B: pd.Series({n: B.degree[n] for n in ("arg", "bol")}), rng=np.random.default_rng(1))
    >>> table[table["check"] == "body_left_out"][["left_out", "node", "rank"]].values.tolist()
    [['lan', 'arg', 1], ['lan', 'bol', 1], ['oas', 'arg', 1], ['oas', 'bol', 2]]
    """
    whole(runs, "runs", 1)
    generator(rng)
    function(measure, "measure")
    if not 0 < number(drop, "drop", "as in 0.1") < 1:
        raise ValueError(
            f"drop={drop!r} is no share to leave out: allowed is a number above 0 and below 1, such as 0.1"
        )
    parts = []
    for check, run, left_out, lacking in _networks(B, runs, rng, drop, study):
        values = _values(measure(lacking))
        part = pd.DataFrame({"node": values.index, "value": values.to_numpy(), "rank": _ranks(values.to_numpy())})
        parts.append(part.assign(check=check, run=run, left_out=left_out, n_dropped=B.size() - lacking.size()))
    columns = ["check", "run", "left_out", "n_dropped", "node", "value", "rank"]
    table = pd.concat(parts, ignore_index=True)[columns]
    table.attrs.update(B.graph, runs=runs, drop=drop)
    return table


def robustness(
    B: nx.Graph,
    measure: Measure,
    *,
    runs: int = 200,
    rng: np.random.Generator,
    drop: float = 0.1,
    study: Study | None = None,
) -> pd.DataFrame:
    r"""Share of runs in which a ranking holds when ties are left out.

    Parameters
    ----------
    B, measure, runs, rng, drop, study
        See `rankings`.

    Returns
    -------
    pandas.DataFrame
        One row a check, in the order of `CHECKS`: ``n_runs`` (0 where there is nothing to leave out; the rest is null
        then), ``n_dropped`` (mean number of ties left out), ``top`` (nodes of rank 1 in the whole network, by ";"),
        ``share_top_holds`` (runs in which exactly these have rank 1), ``share_order_holds`` (runs in which
        every pair of nodes keeps its order or its tie), ``tau``, ``tau_low``, ``tau_high`` (mean, least and greatest
        Kendall :math:`\tau_b` [1]_ with the whole network, in [-1, 1]; over the runs that have one: null where all
        nodes are equal). Nodes that a run lacks are not compared.

    Raises
    ------
    ValueError
        As in `rankings`.

    References
    ----------
    .. [1] Kendall (1945), Biometrika 33(3), 239-251. https://doi.org/10.1093/biomet/33.3.239

    Examples
    --------
    >>> from r2p_analysis import centralities, load_study, two_mode_network
    >>> B = two_mode_network(load_study(), "2014-09-08")
    >>> degree = lambda B: centralities(B).set_index("node")["degree"]
    >>> table = robustness(B, degree, runs=20, rng=np.random.default_rng(1))
    >>> table[["check", "n_runs"]].values.tolist()
    [['dropped_ties', 20], ['inferred_off', 1], ['body_left_out', 3]]
    """
    return rank_checks(rankings(B, measure, runs=runs, rng=rng, drop=drop, study=study))


def rank_checks(table: pd.DataFrame) -> pd.DataFrame:
    """`robustness`, of rankings that are there already.

    Parameters
    ----------
    table : pandas.DataFrame
        See `rankings`.

    Returns
    -------
    pandas.DataFrame
        As `robustness` gives it.
    """
    whole = _whole(table)
    top = ";".join(sorted(map(str, whole.index[_ranks(whole.to_numpy()) == 1])))
    rows = []
    for check in CHECKS:
        compared = [_compared(whole, run) for _, run in table[table["check"] == check].groupby("run")]
        found = pd.DataFrame(compared, columns=["top", "order", "tau"], dtype=float)
        n_dropped = table.loc[table["check"] == check, ["run", "n_dropped"]].drop_duplicates()["n_dropped"].mean()
        rows.append(
            (check, len(found), n_dropped, top, found["top"].mean(), found["order"].mean(), *_spread(found["tau"]))
        )
    names = ["share_top_holds", "share_order_holds", "tau", "tau_low", "tau_high"]
    summary = pd.DataFrame(rows, columns=["check", "n_runs", "n_dropped", "top", *names])
    summary.attrs.update(table.attrs)
    return summary


def rank_intervals(table: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Ranks that each node takes when ties are left out.

    Parameters
    ----------
    table : pandas.DataFrame
        See `rankings`.
    level : float, default 0.95
        Share of the runs that the interval holds at least; 1 is from the best to the worst rank.

    Returns
    -------
    pandas.DataFrame
        One row a check and node, by check (in the order of `CHECKS`), rank and node: ``rank`` (in the whole network),
        ``rank_low``, ``rank_high`` (each tail outside has at most half of 1 - `level` of the runs), ``share_same``
        (runs in which it keeps its rank), ``share_top`` (runs in which it has rank 1) and ``n_runs``, in which
        it is there.

    Raises
    ------
    ValueError
        If `level` is outside (0, 1].

    Examples
    --------
    >>> B = nx.Graph([("arg", "lan"), ("arg", "oas"), ("bol", "oas")])
    >>> B.add_nodes_from(["arg", "bol"], bipartite=0)
    >>> B.add_nodes_from(["lan", "oas"], bipartite=1)
    >>> table = rankings(B, lambda B: pd.Series({n: B.degree[n] for n in ("arg", "bol")}), rng=np.random.default_rng(1))
    >>> found = rank_intervals(table)
    >>> found.loc[found["check"] == "body_left_out", ["node", "rank", "rank_low", "rank_high"]].values.tolist()
    [['arg', 1, 1, 1], ['bol', 2, 1, 2]]
    """
    _checked(table)
    if not 0 < number(level, "level", "as in 0.95") <= 1:
        raise ValueError(f"level={level!r} is no share of the runs: allowed is a number above 0 and at most 1")
    ranks = table[table["check"] == _WHOLE].set_index("node")["rank"]
    rows = []
    for (check, node), run in table[table["check"] != _WHOLE].groupby(["check", "node"]):
        taken, rank = np.sort(run["rank"].to_numpy()), int(ranks[node])
        # The interval leaves out at most so many runs on either side.
        outside = int((1 - level) / 2 * len(taken) + 1e-9)
        interval = (int(taken[outside]), int(taken[len(taken) - 1 - outside]))
        rows.append((check, node, rank, *interval, (taken == rank).mean(), (taken == 1).mean(), len(taken)))
    columns = ["check", "node", "rank", "rank_low", "rank_high", "share_same", "share_top", "n_runs"]
    found = pd.DataFrame(rows, columns=columns)
    found = found.sort_values(["check", "rank", "node"], key=_in_order, ignore_index=True)
    found.attrs.update(table.attrs, level=level)
    return found


def pair_orders(table: pd.DataFrame) -> pd.DataFrame:
    """Share of runs in which two nodes keep their order when ties are left out.

    Parameters
    ----------
    table : pandas.DataFrame
        See `rankings`.

    Returns
    -------
    pandas.DataFrame
        One row a check and pair, by check and ranks: ``first``, ``second`` (nodes; the first is ranked before
        the second or equal to it in the whole network), ``equal`` (whether it is equal), ``share_holds`` (runs with
        the same order; for equal nodes, in which they are equal again), ``share_reversed`` and ``n_runs``, which
        have both.

    Examples
    --------
    >>> B = nx.Graph([("arg", "lan"), ("arg", "oas"), ("bol", "oas")])
    >>> B.add_nodes_from(["arg", "bol"], bipartite=0)
    >>> B.add_nodes_from(["lan", "oas"], bipartite=1)
    >>> table = rankings(B, lambda B: pd.Series({n: B.degree[n] for n in ("arg", "bol")}), rng=np.random.default_rng(1))
    >>> found = pair_orders(table)
    >>> found[found["check"] == "body_left_out"].values.tolist()
    [['body_left_out', 'arg', 'bol', False, 0.5, 0.0, 2]]
    """
    whole = _checked(table)
    whole = whole[whole["check"] == _WHOLE].sort_values(["rank", "node"])
    ranks = whole.set_index("node")["rank"]
    rows = []
    for check in CHECKS:
        runs = table[table["check"] == check].pivot(index="run", columns="node", values="rank")
        taken = {node: runs[node].to_numpy(dtype=float) for node in runs}
        for u, v in combinations([node for node in ranks.index if node in taken], 2):
            step = taken[v] - taken[u]
            step = step[~np.isnan(step)]
            if len(step):
                equal = bool(ranks[u] == ranks[v])
                holds = step == 0 if equal else step > 0
                rows.append((check, u, v, equal, holds.mean(), 0.0 if equal else (step < 0).mean(), len(step)))
    found = pd.DataFrame(rows, columns=["check", "first", "second", "equal", "share_holds", "share_reversed", "n_runs"])
    found.attrs.update(table.attrs)
    return found


def _networks(
    B: nx.Graph, runs: int, rng: np.random.Generator, drop: float, study: Study | None
) -> Iterator[tuple[str, int, str, nx.Graph]]:
    """Check, number of the run, body left out, and the network that lacks something."""
    actors, bodies = sides(B, "actor")
    yield _WHOLE, 0, "", B
    # Sorted, so that the draws do not hang on the order in which the ties were added.
    ties = sorted((actor, body) for actor in actors for body in B[actor])
    n = max(1, round(drop * len(ties)))
    for run in range(runs if ties else 0):
        chosen = rng.choice(len(ties), size=n, replace=False)
        yield CHECKS[0], run, "", _without(B, [ties[i] for i in chosen.tolist()])
    inferred = _inferred(B, ties, study)
    if inferred:
        yield CHECKS[1], 0, "", _without(B, inferred)
    for run, body in enumerate(body for body in bodies if B.degree[body]):
        lacking = B.copy()
        lacking.remove_node(body)
        yield CHECKS[2], run, body, lacking


def _without(B: nx.Graph, ties: list[tuple[str, str]]) -> nx.Graph:
    lacking = B.copy()
    lacking.remove_edges_from(ties)
    return lacking


def _inferred(B: nx.Graph, ties: list[tuple[str, str]], study: Study | None) -> list[tuple[str, str]]:
    if study is None:
        return [tie for tie in ties if B.edges[tie].get("basis") == "inferred"]
    basis = dict(zip(a_study(study).memberships["membership_id"], study.memberships["basis"], strict=True))
    return [tie for tie in ties if {basis.get(row) for row in B.edges[tie].get("membership_ids", ())} == {"inferred"}]


def _values(values: pd.Series) -> pd.Series:
    if not isinstance(values, pd.Series) or values.index.has_duplicates:
        given = "a node twice" if isinstance(values, pd.Series) else f"a {type(values).__name__}"
        rule = "a ranking needs a Series of numbers by node, such as centralities(B).set_index('node')['degree']"
        raise ValueError(f"the measure gave {given}: {rule}")
    if values.isna().any():
        node = values.index[values.isna()][0]
        raise ValueError(
            f"the measure is null at {node!r}, and what is null has no rank: fill it first, or leave it out"
        )
    # Order of nodes is that of their names, whatever order the measure has.
    return values.astype(float).map(lambda value: float(f"{value:.12g}")).sort_index()


def _ranks(values: np.ndarray) -> np.ndarray:
    """Rank of each value, 1 the greatest; equal values share the best of their ranks."""
    return 1 + len(values) - np.searchsorted(np.sort(values), values, side="right")


def _checked(table: pd.DataFrame, *more: str) -> pd.DataFrame:
    frame(table, "table", "give that of rankings", needs=["check", "run", "node", "rank", *more])
    whole = table.loc[table["check"] == _WHOLE, "node"]
    if whole.duplicated().any() or not table["node"].isin(whole).all():
        raise ValueError(f"table: each node has one row with the check {_WHOLE!r}; give that of rankings")
    return table


def _whole(table: pd.DataFrame) -> pd.Series:
    table = _checked(table, "value", "n_dropped")
    return table[table["check"] == _WHOLE].set_index("node")["value"]


def _compared(whole: pd.Series, run: pd.DataFrame) -> tuple[bool, bool, float]:
    """Whether the same nodes are on top, whether all pairs keep their order, and Kendall's tau-b."""
    there = run.set_index("node")["value"]
    a, b = whole[there.index].to_numpy(), there.to_numpy()
    above, in_run = np.sign(a[:, None] - a), np.sign(b[:, None] - b)
    size = np.sqrt(np.sum(above**2) * np.sum(in_run**2))
    tau = float(np.sum(above * in_run) / size) if size else np.nan
    top = np.array_equal(_ranks(a) == 1, _ranks(b) == 1)
    return top, np.array_equal(above, in_run), tau


def _spread(tau: pd.Series) -> tuple[float, float, float]:
    return tau.mean(), tau.min(), tau.max()


def _in_order(column: pd.Series) -> pd.Series:
    return column.map(CHECKS.index) if column.name == "check" else column
