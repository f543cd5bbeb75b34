"""The registry is complete; figures are written whole or not at all, and are the same bytes in every process."""

import itertools
import os
import subprocess
import sys
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text
from tiny import tiny_study

from r2p_analysis import figures
from r2p_analysis.figures import FIGURES, build_figures, check_figures, draw_figure, view_of
from r2p_analysis.figures.figure import ROOM
from r2p_analysis.figures.view import last_day
from r2p_analysis.plotting import style
from r2p_analysis.study import load_study

NAMES = [
    "two-mode-network",
    "co-membership",
    "states-by-functions",
    "states-by-bodies",
    "mentions-by-state",
    "body-overlap",
    "body-backbone",
    "state-backbone",
    "co-membership-by-kind",
    "memberships-through-time",
    "rank-robustness",
    "sensitivity",
    "timeline",
    "timeline-by-actor",
    "precedence",
    "events-by-year",
    "rates-by-year",
    "network-to-mechanism",
    "tile-map",
    "state-map",
    "intersections",
    "gap-bounds",
    "plan-trade-off",
]
SUFFIXES = ("csv", "md", "png", "svg")
HOSTILE = (
    "axes.facecolor: red\nfont.size: 30\nsvg.fonttype: none\nsavefig.dpi: 40\nlines.linewidth: 7\nhatch.color: red\n"
)


def made():
    """Make a small study: six states of three sub-regions, two bodies with an organ, six events."""
    subregions = {"ARG": "south_america", "CHL": "south_america", "CRI": "central_america", "BRB": "caribbean"}
    subregions |= {"CUB": "caribbean", "CAN": "northern_america"}
    lan = [{"actor_id": code, "body_id": "lan", "start_edtf": "2012"} for code in ("arg", "chl", "cri")]
    actors = [{"actor_id": body, "name": body.upper(), "kind": "igo"} for body in ("lan", "oas", "un")]
    actors += [{"actor_id": code.lower(), "name": code, "kind": "state", "iso3": code} for code in subregions]
    actors += [{"actor_id": "court", "name": "Court", "parent_id": "oas", "kind": "organ"}]
    events = [
        ("day", "seminar", "2012-03-05"),
        ("year", "speech", "2013"),
        ("either", "launch", "[2012-12-31..2013-01-01]"),
    ]
    events += [("old", "crisis", "19XX"), ("by", "forum", "[..2014]"), ("none", "other", "")]
    passages = [("p1", "2014-09-08"), ("p2", "[2012..2015]")]
    return tiny_study(
        sources=[
            {"source_id": "memo", "content_until_edtf": "2014-09"},
            {"source_id": "page"},
            {"source_id": "note", "content_until_edtf": "2013"},
        ],
        passages=[{"passage_id": name, "source_id": "memo", "vintage_edtf": vintage} for name, vintage in passages],
        regions=[
            {"iso3": code, "name_en": f"State {code}", "subregion": region} for code, region in subregions.items()
        ],
        actors=[{**row, "basis": "inferred", "evidence": "p1"} for row in actors],
        memberships=[
            *({**row, "evidence": "p1"} for row in lan),
            {"actor_id": "arg", "body_id": "court", "evidence": "p2"},
            {"actor_id": "cub", "body_id": "lan", "status": "denied", "evidence": "p2"},
        ],
        functions=[
            {"body_id": "lan", "function": "training", "status": "planned", "evidence": "p1"},
            {"body_id": "court", "function": "adjudication", "status": "operating", "evidence": "p1"},
            {"body_id": "chl", "function": "training", "status": "operating", "evidence": "p1"},
        ],
        events=[
            {"event_id": i, "title": i, "kind": kind, "date_edtf": when, "evidence": "p1"} for i, kind, when in events
        ],
    )


@pytest.fixture
def ax():
    with style.drawing():
        canvas = Canvas(figsize=(8, 8))
        FigureCanvasAgg(canvas)
        yield canvas.add_axes((0.1, 0.1, 0.8, 0.8))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build all figures of the shipped study in two processes, the second with settings of its own."""
    code = "import sys, r2p_analysis as r; r.build_figures(r.load_study(), sys.argv[1])"
    folders = [tmp_path_factory.mktemp("figures") for _ in range(2)]
    (folders[1] / "matplotlibrc").write_text(HOSTILE)
    hostile = {"MATPLOTLIBRC": str(folders[1] / "matplotlibrc"), "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder / "out")], env={**os.environ, "PYTHONHASHSEED": seed, **more}
        )
        for folder, seed, more in zip(folders, "12", ({}, hostile), strict=True)
    ]
    assert [process.wait() for process in running] == [0, 0]
    return [folder / "out" for folder in folders]


def files(name):
    return [f"{name}.{suffix}" for suffix in SUFFIXES]


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def rows(name, study):
    return FIGURES[name].data(view_of(study))


def said(name, study, part, **when):
    """A text of the registry with its words filled in."""
    view = view_of(study, **when)
    return getattr(FIGURES[name], part).format(**view.words)


# ---- the registry


def test_the_registry_is_complete_and_says_of_each_figure_what_it_does_not_show():
    assert list(FIGURES) == NAMES
    for name, figure in FIGURES.items():
        assert figure.name == name
        parts = ("title", "caption", "reading", "limits", "when")
        assert min(len(said(name, made(), part)) for part in parts) > 15


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_has_its_title_and_says_under_it_what_it_does_not_show_the_layer_and_the_date(name, ax):
    draw_figure(name, made(), ax)
    assert " ".join(texts(ax, "title")[0].split()) == said(name, made(), "title")
    note = " ".join(texts(ax, "note")[0].split())
    assert note.startswith(said(name, made(), "limits"))
    assert "From the coded layer of r2p-americas; " in note
    assert ("2014-09-08" in note) or ("2014-09-30" in note)


@pytest.mark.parametrize("name", ["states-by-functions", "states-by-bodies"])
def test_figures_of_coverage_say_that_it_is_not_protection_and_silence_not_no(name):
    assert "Coverage is not protection" in FIGURES[name].limits
    assert "Silent is not no" in FIGURES[name].limits


@pytest.mark.parametrize(
    "name",
    [
        "states-by-functions",
        "states-by-bodies",
        *["tile-map", "state-map", "intersections", "gap-bounds", "plan-trade-off"],
    ],
)
def test_figures_of_coverage_fit_on_a_page_with_texts_of_six_points(name, study):
    figure = Canvas(figsize=FIGURES[name].size_for(view_of(study)), dpi=style.DPI)
    FigureCanvasAgg(figure)
    ax = draw_figure(name, study, figure.add_axes(ROOM))
    around = ax.get_tightbbox()
    assert around.width / figure.dpi < 7.5
    assert around.height / figure.dpi < 9.8
    assert min(text.get_fontsize() for text in ax.findobj(Text) if text.get_text()) >= 6
    assert texts(ax, style.CROWDED) == []


@pytest.mark.parametrize(
    "name", ["sensitivity", "tile-map", "state-map", "intersections", "gap-bounds", "plan-trade-off"]
)
def test_whatever_else_tells_of_coverage_says_it_first(name):
    assert FIGURES[name].limits.startswith("Coverage is not protection")


@pytest.mark.parametrize("name", NAMES)
def test_a_study_almost_without_rows_can_be_drawn(name, ax):
    draw_figure(name, tiny_study(actors=[{"actor_id": "arg", "evidence": "p1"}]), ax)
    assert len(texts(ax, "note")) == 1


@pytest.mark.parametrize(
    "use",
    [
        lambda folder: draw_figure("time-line", None),
        lambda folder: build_figures(None, folder / "new", ["mentions-by-state", "time-line"]),
        lambda folder: check_figures(None, folder, ["time-line"]),
    ],
)
def test_an_unknown_name_is_refused_with_what_was_meant(use, tmp_path):
    with pytest.raises(
        ValueError, match=r"unknown figure 'time-line': did you mean 'timeline'\? allowed: two-mode-network, co-"
    ):
        use(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: draw_figure("gap-bounds", tiny_study(), 3), "ax: 3 is no matplotlib Axes; give one, or nothing"),
        (lambda: draw_figure("gap-bounds", tiny_study(), reading="sure"), "unknown reading 'sure'"),
        (lambda: build_figures(tiny_study(), None), "folder: None is no path; give a text or a pathlib.Path"),
        (lambda: check_figures(tiny_study(), 3), "folder: 3 is no path"),
        (lambda: build_figures(tiny_study(), "x", 3), "figure: 3 is no list of names"),
    ],
)
def test_what_cannot_be_drawn_on_or_written_to_is_refused(use, message):
    with pytest.raises(ValueError, match=message):
        use()


def test_without_axes_a_figure_of_its_size_is_made_for_a_notebook():
    import matplotlib.pyplot as plt

    plt.switch_backend("Agg")
    ax = draw_figure("events-by-year", made())
    assert plt.gcf() is ax.figure
    assert tuple(ax.figure.get_size_inches()) == FIGURES["events-by-year"].size
    plt.close(ax.figure)


# ---- the rows that are drawn


def test_rows_of_the_network_are_its_ties_and_its_nodes_without_one(ax):
    table = rows("two-mode-network", made())
    pairs = table[["actor_id", "body_id", "holds"]].astype(object).fillna("").values.tolist()
    assert pairs == [
        ["arg", "lan", "yes"],
        ["arg", "oas", "possible"],
        ["chl", "lan", "yes"],
        ["cri", "lan", "yes"],
        ["brb", "", ""],
        ["can", "", ""],
        ["cub", "", ""],
        ["", "un", ""],
    ]
    assert table.loc[1, ["actor", "body", "membership_ids"]].tolist() == ["State ARG", "OAS", "memberships-4"]
    draw_figure("two-mode-network", made(), ax)
    n_lines = sum(len(c.get_segments()) for c in ax.collections if c.get_gid() in style.HOLDS)
    n_alone = sum(len(c.get_offsets()) for c in ax.collections if c.get_gid() in ("isolate", "empty body"))
    assert n_lines + n_alone == len(table)


def test_rows_of_co_membership_are_its_pairs_and_its_isolates(ax):
    table = rows("co-membership", made())
    assert table["actor_2"].notna().sum() == 3
    draw_figure("co-membership", made(), ax)
    assert sum(len(c.get_segments()) for c in ax.collections if hasattr(c, "get_segments")) == 3
    assert [len(c.get_offsets()) for c in ax.collections if c.get_gid() == "isolate"] == [3]


def test_rows_of_the_timeline_are_all_events_and_how_each_is_drawn(ax):
    table = rows("timeline", made()).set_index("event_id")
    how = {
        "day": "point",
        "year": "uncertain",
        "either": "uncertain",
        "old": "margin",
        "by": "open",
        "none": "left out",
    }
    assert table["drawn"].to_dict() == how
    draw_figure("timeline", made(), ax)
    assert sorted(texts(ax, "title of event")) == ["by", "day", "either", "year"]
    assert [c.get_gid() for c in ax.collections].count("until") == 2  # two sources say when they end


def test_rows_of_events_by_year_are_expected_and_certain_numbers():
    table = rows("events-by-year", made()).set_index(["period", "group"])
    some = table[table["expected"] > 0]
    assert some.to_dict("index") == {
        ("before 2000", "Crises, processes, other"): {"expected": 1.0, "exact": 1.0},
        ("2012", "Meetings"): {"expected": 1.0, "exact": 1.0},
        ("2012", "Launches, foundings, appointments"): {"expected": 0.5, "exact": 0.0},
        ("2013", "Speeches and visits"): {"expected": 1.0, "exact": 1.0},
        ("2013", "Launches, foundings, appointments"): {"expected": 0.5, "exact": 0.0},
    }
    periods = ["before 2000", *(str(year) for year in range(2000, 2014))]
    assert list(table.index) == list(itertools.product(periods, (g.label for g in style.EVENT_GROUPS)))


def test_events_by_year_says_how_many_are_left_out(ax):
    draw_figure("events-by-year", made(), ax)
    assert ax.get_xlabel().startswith("2 events are left out")


def test_rows_of_the_matrices_are_their_cells(ax):
    functions, bodies = rows("states-by-functions", made()), rows("states-by-bodies", made())
    assert len(functions) == 6 * 8
    assert len(bodies) == 6 * 3
    assert functions["iso3"].drop_duplicates().tolist() == ["CAN", "CRI", "BRB", "CUB", "ARG", "CHL"]
    cells = functions[functions["status"] != "silent"].set_index(["iso3", "function"])[["status", "via"]]
    assert cells.T.to_dict("list") == {
        ("CRI", "training"): ["planned", "lan"],
        ("ARG", "training"): ["planned", "lan"],
        ("ARG", "adjudication"): ["operating", "oas"],
        ("CHL", "training"): ["operating", "chl"],
    }
    assert set(
        bodies.loc[bodies["status"] != "silent", ["iso3", "body_id", "status"]].itertuples(index=False, name=None)
    ) == {
        ("ARG", "lan", "operating"),
        ("ARG", "oas", "operating"),
        ("CHL", "lan", "operating"),
        ("CRI", "lan", "operating"),
        ("CUB", "lan", "denied"),
    }
    draw_figure("states-by-bodies", made(), ax)
    assert texts(ax, "without") == ["no body named", "no body named", "none said to operate"]
    firm = bodies.set_index(["iso3", "body_id"])[["holds", "basis"]]
    assert firm.loc[("ARG", "lan")].tolist() == ["yes", "explicit"]
    assert firm.loc[("ARG", "oas")].tolist() == ["possible", "explicit"]
    assert {"holds", "basis"} <= set(functions.columns)
    edges = [len(c.get_paths()) for c in ax.collections if c.get_gid() == "certain"]
    assert edges == [(bodies["holds"] == "yes").sum()]
    assert texts(ax, "column") == ["UN", "OAS", "LAN"]
    assert sum(len(c.get_offsets()) for c in ax.collections if c.get_gid() in style.STATUS) == len(bodies)


def test_the_matrix_of_functions_has_the_whole_axis_and_five_statuses(ax):
    study = made()
    draw_figure("states-by-functions", study, ax)
    assert texts(ax, "column") == study.axis("functions", "function")
    statuses = [text.get_text().split(" ")[0] for text in ax.get_legend().get_texts()][:5]
    assert statuses == ["operating", "planned", "potential", "denied", "silent"]


def test_the_figure_of_functions_says_how_many_claims_reach_no_state(ax, tmp_path):
    study = made()
    assert FIGURES["states-by-functions"].left_out(view_of(study)) == ""
    cells = {"body_id": "un", "function": "reaction", "status": "operating", "basis": "explicit", "evidence": "p1"}
    more = pd.concat([study.functions, pd.DataFrame([{"function_id": "f", **cells}])], ignore_index=True)
    study = study.with_tables(functions=more)
    text = "1 claim on a body whose members the documents do not list reaches no state and is not drawn."
    draw_figure("states-by-functions", study, ax)
    assert text in " ".join(texts(ax, "note")[0].split())
    build_figures(study, tmp_path, ["states-by-functions"])
    assert text in (tmp_path / "states-by-functions.md").read_text(encoding="utf-8").splitlines()


def test_figures_of_another_study_claim_no_region_and_need_no_name(tmp_path):
    assert not any("America" in figure.title for figure in FIGURES.values())
    build_figures(replace(made(), descriptor=named(name=None, version=None)), tmp_path, ["co-membership"])
    card = (tmp_path / "co-membership.md").read_text(encoding="utf-8")
    assert "- Study: without a name, version not stated" in card
    assert "- From the coded layer; memberships" in card
    build_figures(replace(made(), descriptor=named(name=None, title="Elsewhere")), tmp_path, ["co-membership"])
    assert "- Study: Elsewhere, version " in (tmp_path / "co-membership.md").read_text(encoding="utf-8")


def named(**cells):
    """Descriptor with other cells; None leaves one out."""
    return {k: v for k, v in {**made().descriptor, "title": None, **cells}.items() if v is not None}


def test_a_figure_without_dates_does_not_speak_of_them():
    assert "dates as stated" not in FIGURES["mentions-by-state"].when


def test_rows_of_mentions_are_the_states():
    table = rows("mentions-by-state", made()).set_index("iso3")
    assert list(table.columns) == ["state", "subregion", "n_passages", "n_with_actors"]
    assert table["n_passages"].to_dict() == {"CAN": 0, "CRI": 1, "BRB": 0, "CUB": 1, "ARG": 2, "CHL": 1}


def test_last_day_is_that_of_the_document_that_reaches_furthest():
    assert str(last_day(made())) == "2014-09-30"
    assert last_day(tiny_study(sources=[{"source_id": "page"}])) is None


# ---- the files


def test_two_processes_write_the_same_bytes_whatever_their_hash_seed_and_settings(built):
    one, other = built
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(itertools.chain(*map(files, NAMES)))
    assert names == sorted(path.name for path in other.iterdir())
    assert [name for name in names if (one / name).read_bytes() != (other / name).read_bytes()] == []


def test_figures_that_another_process_built_are_up_to_date(built, study):
    assert check_figures(study, built[0], ["two-mode-network"]) == []


def test_files_of_a_figure_tell_neither_the_time_nor_a_version(built):
    for name in NAMES:
        svg = (built[0] / f"{name}.svg").read_text(encoding="utf-8")
        assert said(name, load_study(), "title") in svg
        assert "dc:date" not in svg and "Matplotlib v" not in svg
        assert b"Software" not in (built[0] / f"{name}.png").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_figures_rows_are_those_of_the_study(name, built, study):
    table = pd.read_csv(built[0] / f"{name}.csv", dtype="str", keep_default_na=False)
    assert list(table.columns) == list(rows(name, study).columns)
    card = (built[0] / f"{name}.md").read_text(encoding="utf-8")
    assert f"Rows drawn: {len(table)}, in `{name}.csv`" in card


def test_a_card_says_what_a_figure_shows_and_does_not_show_its_layers_version_and_rows(tmp_path):
    study = replace(made(), layers=("coded", "reference"))
    build_figures(study, tmp_path, ["co-membership"])
    card = (tmp_path / "co-membership.md").read_text(encoding="utf-8").splitlines()
    assert card[0] == "# States that share a body, 2014-09-08"
    sections = [line for line in card if line.startswith("## ")]
    assert sections == ["## What it shows", "## How to read it", "## What it does not show", "## Data"]
    for part in ("caption", "reading", "limits"):
        assert said("co-membership", study, part) in card
    layers = "- From the coded and reference layers of r2p-americas; memberships that are possible on 2014-09-08."
    assert f"{layers} References published after that day count, too." in card
    assert f"- Study: r2p-americas, version {study.descriptor['version']}" in card
    assert "- Rows drawn: 6, in `co-membership.csv`" in card


def test_building_writes_four_files_a_figure_in_the_order_of_the_registry(tmp_path):
    written = build_figures(made(), tmp_path / "new", ["mentions-by-state", "co-membership"])
    assert [path.name for path in written] == [*files("co-membership"), *files("mentions-by-state")]
    assert sorted(written) == sorted((tmp_path / "new").iterdir())
    assert [path.name for path in build_figures(made(), tmp_path, "events-by-year")] == files("events-by-year")


def test_no_names_are_all_names(monkeypatch, tmp_path):
    monkeypatch.setattr(figures, "_files", lambda figure, view, folder: [folder / figure.name])
    assert check_figures(made(), tmp_path, []) == check_figures(made(), tmp_path) == [tmp_path / name for name in NAMES]


def test_checking_finds_what_is_missing_or_changed_and_writes_nothing(tmp_path):
    build_figures(made(), tmp_path, ["mentions-by-state"])
    assert check_figures(made(), tmp_path, ["mentions-by-state"]) == []
    (tmp_path / "mentions-by-state.svg").unlink()
    with (tmp_path / "mentions-by-state.csv").open("a") as file:
        file.write("\n")
    before = sorted(path.name for path in tmp_path.iterdir())
    stale = check_figures(made(), tmp_path, ["mentions-by-state"])
    assert [path.name for path in stale] == ["mentions-by-state.csv", "mentions-by-state.svg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_checking_finds_that_the_study_has_changed(tmp_path):
    build_figures(made(), tmp_path, ["mentions-by-state"])
    study = made()
    other = study.with_tables(memberships=study.memberships.iloc[1:])
    assert [path.suffix for path in check_figures(other, tmp_path, ["mentions-by-state"])] == [".csv", ".png", ".svg"]


def test_a_figure_that_cannot_be_drawn_leaves_no_file(monkeypatch, tmp_path):
    def fail(view, ax):
        raise RuntimeError("no ink")

    broken = {**FIGURES, "co-membership": replace(FIGURES["co-membership"], draw=fail)}
    monkeypatch.setattr(figures, "FIGURES", MappingProxyType(broken))
    with pytest.raises(RuntimeError, match="no ink"):
        build_figures(made(), tmp_path, ["co-membership"])
    assert list(tmp_path.iterdir()) == []


def test_files_that_cannot_all_be_moved_leave_what_was_there(tmp_path):
    (tmp_path / "co-membership.csv").write_text("what was there")
    (tmp_path / "co-membership.png").mkdir()
    with pytest.raises(OSError):
        build_figures(made(), tmp_path, ["co-membership"])
    assert (tmp_path / "co-membership.csv").read_text() == "what was there"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["co-membership.csv", "co-membership.png"]


# ---- what a reader sees of the shipped study


@pytest.fixture(scope="module")
def drawn(study):
    """Draw each figure at its size."""
    axes = {}
    for name, figure in FIGURES.items():
        with style.drawing():
            canvas = Canvas(figsize=figure.size_for(view_of(study)))
            FigureCanvasAgg(canvas)
            axes[name] = draw_figure(name, study, canvas.add_axes((0.1, 0.1, 0.8, 0.8)))
    return axes


@pytest.mark.parametrize("name", NAMES)
def test_texts_of_the_shipped_figures_do_not_overlap(name, drawn):
    aslant = {
        "co-membership": ("label", "heading"),
        "states-by-bodies": ("column",),
        "states-by-functions": ("column",),
        "body-backbone": ("label", "heading"),
        "state-backbone": ("label", "heading"),
        "sensitivity": ("column", "foot"),
    }
    level = [text for text in drawn[name].texts if text.get_gid() not in aslant.get(name, ())]
    boxes = [(text.get_text(), text.get_window_extent()) for text in level]
    keys = drawn[name].get_legend()
    boxes.append(("legend", keys.get_window_extent()))
    assert [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)] == []


@pytest.mark.parametrize(
    "name", ["two-mode-network", "co-membership", "states-by-functions", "states-by-bodies", "mentions-by-state"]
)
def test_every_state_is_named_in_the_shipped_figures(name, drawn, study):
    named = {text.get_text() for text in drawn[name].texts if text.get_gid() in ("label", "row")}
    assert set(study.regions["name_en"]) <= named


def test_the_shipped_timeline_has_a_title_for_every_event_on_it(drawn, study):
    table = rows("timeline", study)
    shown = table[~table["drawn"].isin(["margin", "left out"])]
    assert len(texts(drawn["timeline"], "title of event")) == len(shown)
    assert len(texts(drawn["timeline"], "lane")) == len(study.axis("events", "kind"))
