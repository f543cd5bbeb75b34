"""Roll calls of the United Nations General Assembly: who voted how, as a two-mode network, and who agrees.

States and votes are the two modes. A state that has no row for a roll call did not vote, was absent or was
no member; the data do not tell these apart, and here it is simply not tied to that vote. Codes of states are
those of ISO 3166-1 alpha-2 (``NA`` is Namibia) with three of the past (``CS`` Czechoslovakia, ``DD``, ``YD``);
``YU`` goes on for Serbia, ``RU`` begins with the Soviet Union, ``TW`` is the Republic of China to 1971.
Votes without a code are kept without an actor, since the file does not say whose they are; a study, in which
every vote is somebody's and every roll call an event, leaves them out (`as_events`).

References
----------
Voeten, Strezhnev and Bailey, United Nations General Assembly Voting Data, https://doi.org/10.7910/DVN/LEJUQZ
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

import networkx as nx
import numpy as np
import pandas as pd

from r2p_analysis.external import layout
from r2p_analysis.external.tables import (
    Tables,
    broken,
    empty,
    is_day,
    reference,
    refuse,
    stamped,
    state_codes,
    state_list,
    table,
    unknown,
)
from r2p_analysis.schema import one_of

VOTES = ("yes", "abstain", "no")

_FIRST, _N_FIRST = "3", 51  # the first roll call, with its votes, by which the publisher's file is known

N_ROWS, N_ROLL_CALLS = 870_109, 6_203
"""Votes and roll calls to January 2020."""

REFERENCE = {
    "ref_id": "UNGAVOTES",
    "title": "United Nations General Assembly Voting Data (Voeten, Strezhnev and Bailey), long form to January 2020",
    "publisher": "Harvard Dataverse",
    "published_edtf": "2020-01",
    "url": "https://doi.org/10.7910/DVN/LEJUQZ",
    "licence": "MIT (of the copy in long form)",
    "kind": "data set",
}


def load_votes(
    votes_path: str | os.PathLike,
    roll_calls_path: str | os.PathLike | None = None,
    *,
    n_rows: layout.NRows = None,
    n_roll_calls: layout.NRows = None,
) -> Tables:
    """Read votes, and what they were about.

    Parameters
    ----------
    votes_path : str or path-like
        File of columns rcid, country_code, vote. To January 2020 it has 870,109 rows and 6,203 roll calls.
    roll_calls_path : str or path-like, optional
        File with a roll call a row.
    n_rows, n_roll_calls : int or "any", optional
        Number of rows that the files must have. None asks files that begin with the publisher's first roll call
        for all rows to January 2020, and each roll call for votes; "any" takes the part that you cut.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``references``, ``actors`` (states), ``votes`` (actor_id, vote_id, vote, evidence, as categories; in the
        order of the file) and with a second file ``roll_calls`` (vote_id, date_edtf, session, resolution,
        title, important: ``yes``, ``no`` or empty). ``.attrs`` of each has file, layout, n_rows, n_roll_calls, and
        n_without_state, the votes whose actor_id is empty.

    Raises
    ------
    DataError
        If a layout or a number of rows is another.
    FaultReport
        If a code is unknown, a state has two votes in a roll call, also under two codes, or a roll call is described
        twice or nowhere.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "votes.csv"
    ...     _ = file.write_text(chr(10).join(["rcid,country_code,vote", "3,NA,yes", "3,HT,abstain"]))
    ...     tables = load_votes(file)
    >>> tables["votes"][["actor_id", "vote_id", "vote"]]
      actor_id vote_id     vote
    0      nam  unga-3      yes
    1      hti  unga-3  abstain
    """
    frame = layout.read(votes_path, "un_votes", n_rows=n_rows)
    if (frame["rcid"] == _FIRST).sum() == _N_FIRST:
        layout.check_whole(frame, N_ROWS, n_rows, votes_path)
    codes = {**state_codes("iso2"), "YU": "srb"}
    numbers = [rcid for rcid in frame["rcid"].cat.categories if rcid.isdecimal()]
    voters = frame[["rcid"]].assign(state=frame["country_code"].map(codes))
    twice = frame.index[voters.duplicated() & voters["state"].notna()]
    faults = unknown(frame, "country_code", codes, "is no code of a state")
    faults += unknown(frame, "vote", VOTES, "is no vote")
    faults += unknown(frame, "rcid", numbers, "is no number of a roll call")
    faults += broken(frame, twice, "country_code", "has two votes in a roll call")
    refuse([*faults, *empty(frame, "rcid", "vote")], votes_path)

    votes = {
        "actor_id": voters["state"].astype("category"),
        "vote_id": frame["rcid"].cat.rename_categories(lambda rcid: f"unga-{rcid}"),
        "vote": frame["vote"].cat.set_categories(VOTES),
        "evidence": pd.Categorical.from_codes(np.zeros(len(frame), "int8"), [REFERENCE["ref_id"]]),
    }
    states = state_list()[state_list()["state_id"].isin(votes["actor_id"].cat.categories)]
    actors = states.rename(columns={"state_id": "actor_id"})
    tables = {
        "references": reference(REFERENCE),
        "actors": table("actors", actors, REFERENCE["ref_id"], kind="state"),
        "votes": pd.DataFrame(votes),
    }
    if roll_calls_path is not None:
        tables["roll_calls"] = _roll_calls(roll_calls_path, frame, votes_path, n_roll_calls)
    counted = {"n_roll_calls": frame["rcid"].nunique(), "n_without_state": int(frame["country_code"].isna().sum())}
    return stamped(tables, {**frame.attrs, **counted})


def as_events(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Roll calls as events, and the votes that a study can hold.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        From `load_votes`.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``events`` (kind other, status reported; the title is what the roll call was about, else its resolution, else
        its number), ``event_dates`` where the dates are known, and ``votes`` with a state, as text.

    Examples
    --------
    >>> votes = pd.DataFrame({"actor_id": ["hti", None], "vote_id": "unga-3", "vote": "no", "evidence": "UNGAVOTES"})
    >>> made = as_events({"votes": votes})
    >>> made["events"]["title"].tolist(), len(made["votes"])
    (['Roll call 3'], 1)
    """
    votes = tables["votes"]
    calls = tables.get("roll_calls", pd.DataFrame({"vote_id": votes["vote_id"].unique()}))
    calls = calls.reindex(columns=["vote_id", "title", "resolution", "session", "date_edtf"]).astype("str")
    number = "Roll call " + calls["vote_id"].str.removeprefix("unga-")
    events = calls.rename(columns={"vote_id": "event_id"}).assign(
        title=calls["title"].fillna(calls["resolution"]).fillna(number),
        note="resolution " + calls["resolution"] + ", session " + calls["session"],
    )
    ref_id, same = REFERENCE["ref_id"], {"kind": "other", "status": "reported"}
    return {
        "events": table("events", events, ref_id, **same),
        "event_dates": table("event_dates", events.dropna(subset="date_edtf"), ref_id),
        "votes": table("votes", votes.dropna(subset="actor_id"), ref_id),
    }


def vote_network(votes: pd.DataFrame, states: Collection[str] | None = None) -> nx.Graph:
    """Two-mode network of states and the votes that they took part in.

    Parameters
    ----------
    votes : pandas.DataFrame
        From `load_votes`.
    states : collection of str, optional
        Ids of states; None takes all that voted. A state that never voted stays as an isolate.

    Returns
    -------
    networkx.Graph
        Nodes have ``bipartite`` (0 state, 1 vote), ``label`` and ``kind``; every roll call of `votes` is one, and
        isolates stay. Edges have ``vote``: yes, abstain or no. ``G.graph`` has ``n_left_out``, the votes of
        other states and of nobody known.

    See Also
    --------
    agreement : Who votes alike.

    Examples
    --------
    >>> votes = pd.DataFrame({"actor_id": ["hti", "nam"], "vote_id": "unga-3", "vote": ["no", "yes"]})
    >>> B = vote_network(votes)
    >>> B.edges["hti", "unga-3"]["vote"], B.nodes["unga-3"]["bipartite"]
    ('no', 1)
    """
    asked = _asked(votes, states)
    rows = votes[votes["actor_id"].isin(asked)]
    B = nx.Graph(n_left_out=len(votes) - len(rows))
    for side, kind, nodes in ((0, "state", asked), (1, "vote", sorted(votes["vote_id"].unique()))):
        B.add_nodes_from((node, {"bipartite": side, "label": node, "kind": kind}) for node in nodes)
    ties = sorted(zip(*(rows[column].tolist() for column in ("actor_id", "vote_id", "vote")), strict=True))
    B.add_edges_from((actor, vote_id, {"vote": vote}) for actor, vote_id, vote in ties)
    return B


def agreement(votes: pd.DataFrame, states: Collection[str] | None = None) -> pd.DataFrame:
    r"""How often two states vote alike, for each pair.

    Parameters
    ----------
    votes : pandas.DataFrame
        From `load_votes`.
    states : collection of str, optional
        Ids of states; None takes all that voted.

    Returns
    -------
    pandas.DataFrame
        A row for each pair, ``state_a`` before ``state_b``: ``n_common``, the roll calls in which both voted;
        ``share_equal``, the share of these with the same vote; ``share_lijphart``, where an abstention beside a
        yes or a no counts half. Shares are NaN where there is no common vote.

    Notes
    -----
    With :math:`f` equal votes, :math:`g` in which one of the two abstains and :math:`t` common ones, Lijphart's
    index [1]_ is :math:`(f + g / 2) / t`, here in [0, 1]. Most resolutions pass with few against, so that most
    pairs agree: compare a pair with others, not with zero.

    References
    ----------
    .. [1] Lijphart (1963), The Analysis of Bloc Voting in the General Assembly: A Critique and a Proposal.
       American Political Science Review 57(4), 902-917. https://doi.org/10.2307/1952608

    Examples
    --------
    >>> votes = pd.DataFrame({"actor_id": ["hti", "nam"] * 2, "vote_id": ["v1", "v1", "v2", "v2"]})
    >>> agreement(votes.assign(vote=["yes", "yes", "no", "abstain"]))
      state_a state_b  n_common  share_equal  share_lijphart
    0     hti     nam         2          0.5            0.75
    """
    asked = _asked(votes, states)
    rows = votes[votes["actor_id"].isin(asked)]
    place = pd.Index(asked).get_indexer(rows["actor_id"].astype("str")), pd.factorize(rows["vote_id"])[0]
    cast = {vote: _ones(place, (rows["vote"] == vote).to_numpy(), len(asked)) for vote in VOTES}
    voted = sum(cast.values())
    common, equal = voted @ voted.T, sum(m @ m.T for m in cast.values())
    halves = cast["abstain"] @ (voted - cast["abstain"]).T
    a, b = np.triu_indices(len(asked), 1)
    n = common[a, b].astype("int64")
    total = np.where(n, n, np.nan)
    return pd.DataFrame(
        {
            "state_a": np.array(asked, dtype="object")[a],
            "state_b": np.array(asked, dtype="object")[b],
            "n_common": n,
            "share_equal": equal[a, b] / total,
            "share_lijphart": (equal + (halves + halves.T) / 2)[a, b] / total,
        }
    ).astype({"state_a": "str", "state_b": "str"})


def _roll_calls(
    path: str | os.PathLike, votes: pd.DataFrame, votes_path: str | os.PathLike, n: int | None
) -> pd.DataFrame:
    frame = layout.read(path, "un_roll_calls", n_rows=n)
    if (frame["rcid"] == _FIRST).any() and len(votes) >= N_ROWS:
        layout.check_whole(frame, N_ROLL_CALLS, n, path)
    days = [date for date in frame["date"].cat.categories if is_day(date)]
    faults = unknown(frame, "importantvote", ("0", "1"), "is no code")
    faults += unknown(frame, "date", days, "is no day (YYYY-MM-DD)")
    faults += broken(frame, frame.index[frame.duplicated("rcid")], "rcid", "stands twice")
    refuse([*faults, *empty(frame, "rcid", "date")], path)
    refuse(unknown(votes, "rcid", frame["rcid"].cat.categories, "has no row among the roll calls"), votes_path)
    if n is None:
        hint = 'is the file of votes cut? n_roll_calls="any" takes roll calls without votes'
        idle = frame.index[~frame["rcid"].isin(votes["rcid"].cat.categories)]
        refuse(broken(frame, idle, "rcid", "is a roll call without votes", hint), path)
    calls = {
        "vote_id": "unga-" + frame["rcid"].astype("str"),
        "date_edtf": frame["date"],
        "session": frame["session"],
        "resolution": frame["unres"],
        "title": frame["short"],
        "important": frame["importantvote"].map({"1": "yes", "0": "no"}),
    }
    return pd.DataFrame(calls).astype("str").sort_values("vote_id", ignore_index=True)


def _asked(votes: pd.DataFrame, states: Collection[str] | None) -> list[str]:
    voted = sorted(votes["actor_id"].dropna().unique())
    known = [*voted, *state_list()["state_id"]]
    return voted if states is None else sorted({one_of(state, known, "state") for state in states})


def _ones(place: tuple[np.ndarray, np.ndarray], chosen: np.ndarray, n: int) -> np.ndarray:
    matrix = np.zeros((n, place[1].max(initial=-1) + 1), dtype="float32")
    matrix[place[0][chosen], place[1][chosen]] = 1
    return matrix
