"""The table of switches as text: grouped by headline, what turns it first."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from r2p_analysis.options import frame


def report(table: pd.DataFrame) -> str:
    """Tell a table of `sensitivity` in lines.

    Parameters
    ----------
    table : pandas.DataFrame
        See `sensitivity`.

    Returns
    -------
    str
        For each headline its claim, its value in the base and the switches by label: those that change it with the
        value that they give. Then how many cells have each label, and the headlines that were left out.

    Raises
    ------
    ValueError
        If the table is not as `sensitivity` returns it, with what it says in ``.attrs``.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> from r2p_analysis.sensitivity import sensitivity
    >>> study = load_study(layers=("coded", "reference"))
    >>> found = sensitivity(study, headlines=["one-denier"], only=["inferred-off", "haiti-in", "possible"])
    >>> print(report(found))
    coverage / one-denier: Most denials rest on one claimant.
      base: 0.882 (share of denials)
      weaker: inferred-off 0.6
      same: 2 switches, of which 2 had nothing to turn
    3 cells: 2 same, 1 weaker, 0 reversed, 0 not computable
    """
    frame(table, "table", "give it as `sensitivity` returns it", needs=["headline", "switch", "value", "label"])
    if missing := [name for name in ("claims", "values", "left_out") if name not in table.attrs]:
        raise ValueError(f"the table has no {missing[0]!r} in .attrs: give it as `sensitivity` returns it")
    lines = [line for name, rows in table.groupby("headline", sort=False) for line in _of_headline(name, rows, table)]
    counts = table["label"].value_counts(sort=False)
    lines.append(f"{len(table)} cells: " + ", ".join(f"{n} {label}" for label, n in counts.items()))
    lines += [f"left out: {name}: {why}" for name, why in table.attrs["left_out"].items()]
    return "\n".join(lines)


def _of_headline(name: str, rows: pd.DataFrame, table: pd.DataFrame) -> Iterator[str]:
    first = rows.iloc[0]
    yield f"{first['chapter']} / {name}: {table.attrs['claims'][name]}"
    yield f"  base: {first['value_base']:.3g} ({table.attrs['values'][name]})"
    for label in ("reversed", "weaker", "not computable"):
        found = rows[rows["label"] == label]
        values = ["" if pd.isna(value) else f" {value:.3g}" for value in found["value"]]
        if len(found):
            said = (switch + value for switch, value in zip(found["switch"], values, strict=True))
            yield f"  {label}: {', '.join(said)}"
    same = rows[rows["label"] == "same"]
    if len(same):
        yield f"  same: {len(same)} switches, of which {int((same['n'] == 0).sum())} had nothing to turn"
