"""Days of uncertain events drawn anew, and the days on which they are observed."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from r2p_analysis.chronology.engines import in_pandas
from r2p_analysis.chronology.periods import bounded_runs, draw_days
from r2p_analysis.chronology.vintages import last_observed
from r2p_analysis.options import generator, number, whole


class Drawn(NamedTuple):
    """Days of all events, draws x events, each draw in order; the first and last observed day; what is to be told."""

    days: np.ndarray
    first: int
    last: int
    attrs: dict


def draw(
    events: pd.DataFrame,
    rng: np.random.Generator,
    observed: pd.DataFrame | str | date | None,
    **options: float,
) -> Drawn:
    """Draw the days of all events, those of a draw in order; exact ones are drawn once."""
    if not 0 < number(options["level"], "level", "as in 0.05") <= 1:
        raise ValueError(f"level={options['level']!r}: a level in (0, 1] is allowed")
    for name in ("draws", "samples"):
        whole(options[name], name, 1)
    generator(rng)
    events = in_pandas(events)
    days, row = bounded_runs(events)
    last = max(days[:, 1], default=0) if observed is None else last_observed(observed)
    possible = days[days[:, 0] <= last]
    n_draws = options["draws"] if (days[:, 0] < days[:, 1]).any() or len(set(row)) < len(row) else 1
    drawn = np.sort(draw_days(days, row, n_draws, rng), axis=1) if len(possible) else np.zeros((0, 0), dtype="int64")
    attrs = {**events.attrs, "n_draws": n_draws, "n_left_out": len(events) - len(set(row))}
    attrs["observed_until"] = None if observed is None else str(np.datetime64(last, "D"))
    return Drawn(drawn, min(possible[:, 0], default=0), last, attrs)
