"""Figures of other studies: any day, layer and part of the world, and more names than there is room for."""

import itertools
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from tiny import tiny_study

from r2p_analysis.external import cow, study_of, ucdp
from r2p_analysis.figures import FIGURES, build_figures, draw_figure, view_of
from r2p_analysis.figures.view import first_year, last_day
from r2p_analysis.plotting import style
from r2p_analysis.study import load_study
from r2p_analysis.template import new_study

NAMES = list(FIGURES)
# What computes every chapter anew under every switch has tests of its own; here it would take most of the time.
QUICK = [name for name in NAMES if name != "sensitivity"]
TESTED = ["body-overlap", "body-backbone", "state-backbone", "co-membership-by-kind", "rank-robustness", "sensitivity"]
COVERED = ["tile-map", "state-map", "intersections", "gap-bounds", "plan-trade-off"]
OF_A_DAY = ["two-mode-network", "co-membership", "states-by-functions", "states-by-bodies", *TESTED, *COVERED]
LAYERS = {"both": ("coded", "reference"), "reference": ("reference",)}


def without(study, *keys):
    return replace(study, descriptor={k: v for k, v in study.descriptor.items() if k not in keys})


def region(*codes, subregions=()):
    """Make a study of a few states, some without a sub-region, in two bodies of their own."""
    by = dict(zip(codes, subregions, strict=False))
    regions = [{"iso3": code, "name_en": f"State {code}"} for code in codes]
    actors = [{"actor_id": body, "name": body.upper(), "kind": "igo"} for body in ("ecowas", "au")]
    joined = [(codes[0], "ecowas"), (codes[1], "ecowas"), (codes[0], "au")]
    spells = [{"actor_id": a.lower(), "body_id": b, "start_edtf": "2001", "evidence": "p"} for a, b in joined]
    event = {"event_id": "e", "title": "A vote", "kind": "election", "date_edtf": "1994-05", "evidence": "p"}
    made = tiny_study(
        passages=[{"passage_id": "p", "vintage_edtf": "2004-06-01"}],
        regions=regions,
        actors=[{**row, "evidence": "p"} for row in actors],
        memberships=spells,
        functions=[{"body_id": "ecowas", "function": "training", "status": "operating", "evidence": "p"}],
        events=[event],
    )
    return without(placed(made, by), "at", "since")


def placed(study, subregions):
    """Give states their sub-regions, or none at all; `tiny_study` gives each the first code."""
    by_state = study.regions["iso3"].map(subregions).astype("str")
    return study.with_tables(regions=study.regions.assign(subregion=by_state))


def published(name):
    """Path of a publisher's file, or skip."""
    named = os.environ.get("R2P_EXTERNAL")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "external"
    if not (folder / name).is_file():
        pytest.skip(f"no {name} in {folder} (R2P_EXTERNAL names another folder)")
    return folder / name


def a_world():
    return study_of(cow.load_state_year(published("cow_igo_v3_state_year.csv.gz"), years=[2014]))


def conflicts():
    return study_of(ucdp.load_ged(published("ucdp_ged_sample_1000.csv.gz")))


def canvas_of(size=(7, 7)):
    canvas = Canvas(figsize=size)
    FigureCanvasAgg(canvas)
    return canvas.add_axes((0.1, 0.1, 0.8, 0.8))


def drawn(name, study, size=None, **when):
    """Draw a figure at its size for the study, or at another one."""
    with style.drawing():
        view = view_of(study, **when)
        return draw_figure(name, study, canvas_of(size or FIGURES[name].size_for(view)), **when)


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def note(ax):
    return " ".join(" ".join(texts(ax, "note")).split())


def touching(ax, *gids):
    """Pairs of level texts that overlap."""
    boxes = [(t.get_text(), t.get_window_extent()) for t in ax.texts if t.get_gid() in gids and not t.get_rotation()]
    return [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)]


# ---- every figure, on every study


@pytest.mark.parametrize("states", [(), ("GHA", "NGA", "BRA")])
def test_a_new_study(states, tmp_path):
    study = load_study(new_study(tmp_path / "mine", states=states))
    assert len(build_figures(study, tmp_path / "figures")) == 4 * len(NAMES)
    card = (tmp_path / "figures" / "states-by-bodies.md").read_text(encoding="utf-8")
    assert card.startswith("# States by body, 2012-12-31\n")  # the last possible day of the later passage


@pytest.mark.parametrize("subregions", [(), ("south_america",)])
def test_a_study_of_another_region_has_those_without_a_sub_region_last(subregions, tmp_path):
    study = region("BRA", "GHA", "AGO", subregions=subregions)
    build_figures(study, tmp_path)
    table = pd.read_csv(tmp_path / "states-by-bodies.csv", keep_default_na=False)
    first = ["BRA", "AGO", "GHA"] if subregions else ["AGO", "BRA", "GHA"]
    assert table["iso3"].drop_duplicates().tolist() == first
    headings = texts(drawn("states-by-bodies", study), "heading")
    assert headings == (["south_america", "sub-region not stated"] if subregions else [])
    for name in ("two-mode-network", "co-membership", "mentions-by-state"):
        shown = texts(drawn(name, study), "heading")
        assert ("sub-region not stated" in shown) == bool(subregions)


@pytest.mark.parametrize("layers", LAYERS.values(), ids=LAYERS)
def test_the_other_layers_of_the_shipped_study(layers, tmp_path):
    study = load_study(layers=layers)
    assert len(build_figures(study, tmp_path, QUICK)) == 4 * len(QUICK)
    for name in QUICK:
        card = (tmp_path / f"{name}.md").read_text(encoding="utf-8")
        assert f"- From the {' and '.join(layers)} layer" in card
        hindsight = "References published after that day count, too." in card.split("## Data")[1]
        of_a_day = "{day}" in FIGURES[name].when
        assert hindsight == (of_a_day and "reference" in layers)
        assert "{" not in card


@pytest.mark.external
def test_figures_of_all_states_of_the_world(tmp_path):
    study = a_world()
    # The others draw no more for 195 states than for 35, and take a minute to compute.
    names = [name for name in NAMES if name not in ("rank-robustness", "sensitivity", "plan-trade-off")]
    assert len(build_figures(study, tmp_path, names)) == 4 * len(names)
    ax = drawn("two-mode-network", study)
    assert len(set(texts(ax, "label")) & set(study.regions["name_en"])) > 150  # long names are shortened
    assert "are left out" in " ".join(texts(ax, style.CROWDED))
    assert touching(ax, "label") == []
    assert "States belong to" in (tmp_path / "states-by-bodies.md").read_text(encoding="utf-8")
    assert (tmp_path / "co-membership.svg").stat().st_size < 5e6


@pytest.mark.external
def test_every_figure_of_a_thousand_conflict_events(tmp_path):
    study = conflicts()
    assert len(build_figures(study, tmp_path, QUICK)) == 4 * len(QUICK)
    ax = drawn("timeline", study)
    assert texts(ax, "title of event") == []
    assert "1000 of 1000 titles" in texts(ax, style.CROWDED)[0].replace("\n", " ")
    assert "1000 of 1000 titles" in (tmp_path / "timeline.md").read_text(encoding="utf-8")


# ---- the day and the reading


@pytest.mark.parametrize("name", NAMES)
def test_a_day_changes_the_figures_of_a_day_and_no_other(name):
    study = region("BRA", "GHA", "AGO")
    now, before = (FIGURES[name].data(view_of(study, day)) for day in ("2004", "1999"))
    changes = not now.equals(before)
    # Three states leave no pair that could be told from its sizes, on any day.
    assert changes == (name in OF_A_DAY and not name.endswith("backbone"))
    said = " ".join([*texts(drawn(name, study, at="1999"), "title"), note(drawn(name, study, at="1999"))])
    assert ("1999" in said) == (name in OF_A_DAY)


def test_a_backbone_changes_with_the_day():
    study = load_study(layers=("coded", "reference"))
    tied = {day: FIGURES["body-backbone"].data(view_of(study, day)).dropna(subset="sign") for day in ("2011", "2014")}
    assert tied["2011"].empty  # before the Latin American Network
    assert tied["2014"][["u", "v"]].to_numpy().tolist() == [["caricom", "lan"]]


def test_the_certain_reading_draws_what_is_certain_and_does_not_call_the_rest_silent():
    study = region("BRA", "GHA", "AGO")
    ties = {how: FIGURES["two-mode-network"].data(view_of(study, "2010", how)) for how in ("possible", "certain")}
    assert [int(table["holds"].notna().sum()) for table in ties.values()] == [3, 0]
    ax = drawn("two-mode-network", study, at="2010", reading="certain")
    assert "memberships that are certain on 2010." in note(ax)
    assert "though one may be possible" in note(ax)
    assert "silence" not in note(ax)
    ax = drawn("states-by-bodies", study, at="2010", reading="certain")
    assert set(texts(ax, "without")) == {"nothing certain"}


def test_a_study_without_a_date_is_drawn_for_all_dates():
    study = region("BRA", "GHA", "AGO")
    study = study.with_tables(passages=study.passages.assign(vintage_edtf=None).astype(study.passages.dtypes))
    assert view_of(study).at is None
    ax = drawn("two-mode-network", study)
    assert texts(ax, "title") == ["States and the bodies they belong to, all dates"]
    assert [c.get_gid() for c in ax.collections if c.get_gid() in style.HOLDS] == ["undated"]
    legend = [text.get_text() for text in drawn("states-by-bodies", study).get_legend().get_texts()]
    assert not any("certain on the day" in text for text in legend)
    with pytest.raises(ValueError, match="needs a date"):
        view_of(study, reading="certain")


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ({"at": "[2012..]"}, "open to one side"),
        ({"at": "tomorrow"}, "is not an EDTF date"),
        ({"reading": "sure"}, "unknown reading 'sure'"),
    ],
)
def test_a_day_or_reading_that_is_none_is_refused_before_anything_is_written(when, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        build_figures(region("BRA", "GHA"), tmp_path / "new", ["timeline"], **when)
    assert not (tmp_path / "new").exists()


def test_the_first_year_is_the_studys_own_else_that_of_its_events():
    study = region("BRA", "GHA")
    assert first_year(view_of(study)) == 1994
    assert texts(drawn("timeline", study), "title of event") == ["A vote"]
    assert "before 1994" not in FIGURES["events-by-year"].data(view_of(study))["period"].tolist()
    later = replace(study, descriptor={**study.descriptor, "since": 2001})
    assert FIGURES["timeline"].data(view_of(later))["drawn"].tolist() == ["margin"]
    none = study.with_tables(events=study.events.iloc[:0])
    assert first_year(view_of(none)) == 2004
    many = pd.concat([study.events.assign(event_id=f"e{i}", date_edtf=f"{1800 + i}") for i in range(100)])
    assert first_year(view_of(study.with_tables(events=many))) == 1804  # a twentieth is over before
    with pytest.raises(ValueError, match="it is a year"):
        first_year(view_of(replace(study, descriptor={**study.descriptor, "since": "then"})))


# ---- words that are true of the layers


def cards(study):
    view = view_of(study)
    parts = ("caption", "reading", "limits", "when")
    return {n: " ".join(getattr(f, part).format(**view.words) for part in parts) for n, f in FIGURES.items()}


def test_cards_of_the_reference_layer_speak_of_references_and_not_of_what_documents_tell():
    found = cards(load_study(layers=("reference",)))
    for name in set(NAMES) - {"mentions-by-state"}:
        assert "document" not in found[name].lower()
    assert "the zeros say nothing of what documents name" in found["mentions-by-state"]
    assert "not mentioned" not in found["mentions-by-state"]
    assert last_day(load_study(layers=("reference",))) is None


def test_cards_of_both_layers_do_not_end_with_the_documents():
    study = load_study(layers=("coded", "reference"))
    found = cards(study)
    assert (pd.to_datetime(FIGURES["timeline"].data(view_of(study))["latest"]) > "2015-05-29").any()
    for name in ("timeline", "events-by-year"):
        assert "and by cited references" in found[name] or "and by the cited references" in found[name]
    assert "not an entry in a register" not in found["two-mode-network"]
    assert "or what a cited reference states" in found["two-mode-network"]
    keys = [text.get_text() for text in drawn("states-by-functions", study).get_legend().get_texts()]
    assert not any("inferred rows only" in text for text in keys)
    assert any(text.startswith("hatched: no explicit row") for text in keys)


# ---- more names than there is room for


def crowd(n_states=120, n_bodies=60):
    codes = [f"{a}{b}{c}" for a, b, c in itertools.product("QRSTU", repeat=3)][:n_states]
    bodies = [f"body-{i:03}" for i in range(n_bodies)]
    joined = [(code, body) for i, code in enumerate(codes) for j, body in enumerate(bodies) if (i + j) % 7 == 0]
    made = tiny_study(
        passages=[{"passage_id": "p", "vintage_edtf": "2004-06-01"}],
        regions=[{"iso3": code, "name_en": f"State of {code}"} for code in codes],
        actors=[{"actor_id": b, "name": f"Body number {b}", "kind": "igo", "evidence": "p"} for b in bodies],
        memberships=[{"actor_id": a.lower(), "body_id": b, "evidence": "p"} for a, b in joined],
    )
    return without(placed(made, {}), "at", "since")


@pytest.mark.parametrize("name", ["two-mode-network", "states-by-functions", "states-by-bodies", "mentions-by-state"])
def test_a_figure_grows_until_every_state_is_named_and_on_given_axes_names_some(name):
    study = crowd()
    names = set(study.regions["name_en"])
    large, small = drawn(name, study), drawn(name, study, size=(7, 7))
    for ax in (large, small):
        assert touching(ax, "label", "row") == []
    assert names <= {*texts(large, "label"), *texts(large, "row")}
    some = names & {*texts(small, "label"), *texts(small, "row")}
    assert 10 < len(some) < len(names)
    assert "are left out" in " ".join(texts(small, style.CROWDED))


@pytest.mark.parametrize("name", ["states-by-functions", "states-by-bodies"])
def test_a_matrix_of_few_states_is_not_spread_over_a_page(name):
    few, many = region("GHA", "NGA", "SEN"), crowd()
    heights = {len(s.regions): FIGURES[name].size_for(view_of(s))[1] for s in (few, load_study(), many)}
    assert heights[3] < 2 < heights[35] < 9 < heights[120]
    assert touching(drawn(name, few), "row", "heading", "total", "without", "note") == []


def test_names_on_the_ring_stand_apart():
    study = crowd()
    assert set(study.regions["name_en"]) <= set(texts(drawn("co-membership", study), "label"))
    ax = drawn("co-membership", study, size=(6, 6))
    angles = sorted(t.get_position() for t in ax.texts if t.get_gid() == "label")
    assert 10 < len(angles) < 120
    with style.drawing():
        scale = min(style.points_of(ax)[0] / 3.5, style.points_of(ax)[1] / 3.75)
    nearest = min(((a - x) ** 2 + (b - y) ** 2) ** 0.5 for (a, b), (x, y) in itertools.combinations(angles, 2))
    assert nearest * scale > 8


def test_most_of_many_bodies_have_no_column_and_the_card_says_so(tmp_path):
    study = crowd()
    build_figures(study, tmp_path, ["states-by-bodies"])
    table = pd.read_csv(tmp_path / "states-by-bodies.csv")
    assert table["body_id"].nunique() == 40
    card = (tmp_path / "states-by-bodies.md").read_text(encoding="utf-8")
    assert "The columns are those that most states are said of. States belong to 20 other bodies as well" in card
    per_body = study.memberships["body_id"].value_counts()
    drawn_bodies = per_body[per_body.index.isin(table["body_id"])]
    assert drawn_bodies.min() >= per_body[~per_body.index.isin(table["body_id"])].max()


def test_a_long_axis_of_years_has_fewer_names_that_do_not_touch():
    study = region("BRA", "GHA")
    many = pd.concat([study.events.assign(event_id=f"e{i}", date_edtf=f"{1900 + i}") for i in range(110)])
    study = replace(study.with_tables(events=many), descriptor={**study.descriptor, "since": 1900})
    for name in ("timeline", "events-by-year"):
        ax = drawn(name, study)
        ax.figure.canvas.draw()
        ticks = [label.get_window_extent() for label in ax.get_xticklabels() if label.get_text().isdecimal()]
        assert 10 < len(ticks) < 110
        assert not any(one.overlaps(other) for one, other in itertools.pairwise(ticks))
