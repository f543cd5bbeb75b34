"""The timeline to zoom into: one piece of HTML, read without its script, that escapes what it is given."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from base64 import b64decode

import pytest
from tiny import tiny_study

from r2p_analysis import plotting
from r2p_analysis.chronology import event_order

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert('x')</script> & \"quoted\" \x07 </title>"


def made(title="A vote"):
    return tiny_study(
        sources=[{"source_id": "memo", "content_until_edtf": "2014-09"}],
        passages=[
            {"passage_id": "memo-1", "source_id": "memo", "start": 12, "end": 40},
            {"passage_id": "memo-2", "source_id": "memo", "start": 50, "end": 77},
        ],
        references=[{"ref_id": "REF", "title": "A paper"}],
        events=[
            {"event_id": "vote", "title": title, "kind": "election", "date_edtf": "2012-03", "evidence": "memo-1;REF"},
            {"event_id": "told", "title": "Told", "kind": "forum", "date_edtf": "2014-05-05", "status": "announced"},
            {"event_id": "by", "title": "By then", "kind": "forum", "date_edtf": "[..2013]", "evidence": "memo-2"},
            {"event_id": "on", "title": "Going on", "kind": "process", "date_edtf": "2012-05-01/.."},
            {"event_id": "long", "title": "Lasted", "kind": "process", "date_edtf": "2010/2012"},
            {"event_id": "never", "title": "Undated", "kind": "forum", "evidence": "memo-2"},
        ],
        event_dates=[
            {"event_id": "vote", "date_edtf": "2012-03", "evidence": "memo-1"},
            {"event_id": "vote", "date_edtf": "2011-08", "evidence": "memo-2"},
        ],
    )


def tree(timeline):
    return ET.fromstring(timeline.svg)


def events(timeline):
    return [node for node in tree(timeline).iter(f"{SVG}g") if "data-event" in node.attrib]


def said(timeline):
    return {node.find(f"{SVG}title").text.split("\n")[0]: node.find(f"{SVG}title").text for node in events(timeline)}


def test_every_dated_event_has_a_mark_and_says_what_is_told_and_where():
    words = said(plotting.interactive_timeline(made(), since="2009"))
    assert set(words) == {"A vote", "Told", "By then", "Going on", "Lasted"}
    assert words["A vote"].split("\n") == [
        "A vote",
        "election; reported; dated 2012-03",
        "2011-08: passage memo-2, memo, characters 50\u201377",
        "2012-03: passage memo-1, memo, characters 12\u201340",
        "reference REF, A paper",
    ]
    assert words["Told"].split("\n")[1] == "forum; announced; dated 2014-05-05"


def test_every_event_of_the_shipped_study_says_its_passages(study):
    timeline = plotting.interactive_timeline(study)
    drawn = plotting.marks_of(event_order(study))
    assert len(events(timeline)) == (~drawn.isin(["margin", "left out"])).sum() > 80
    assert all(re.search(r"passage \S+, \w+, characters \d+\u2013\d+", words) for words in said(timeline).values())
    words = said(timeline)["Creation of the Atrocities Prevention Board"]
    passage = study.passages.set_index("passage_id").loc["icrtop-32510-32570"]
    assert f"2011-08: passage icrtop-32510-32570, icrtop, characters {passage['start']}\u2013{passage['end']}" in words


def test_marks_are_at_their_days():
    timeline = plotting.interactive_timeline(made(), since="2009")
    days = {}
    for node in events(timeline):
        bars = [c for c in node.iter(f"{SVG}rect") if "fill-opacity" not in c.attrib]
        days[node.find(f"{SVG}title").text.split("\n")[0]] = [
            (float(bar.get("data-a")), float(bar.get("data-b"))) for bar in bars
        ]
    assert days["A vote"] == [(15400, 15431)]  # 1 March and 1 April 2012, days since 1970
    assert days["Told"] == []
    assert days["Lasted"] == [(14610, 15706), (14974, 15341)]  # possibly, and surely under way
    (window,) = [node for node in tree(timeline).iter(f"{SVG}svg") if "data-plot" in node.attrib]
    left, right = float(window.get("data-from")), float(window.get("data-to"))
    (bar,) = [
        c for c in tree(timeline).iter(f"{SVG}rect") if c.get("data-a") == "15400" and "fill-opacity" not in c.attrib
    ]
    assert float(bar.get("x")) == pytest.approx(560 * (15400 - left) / (right - left), abs=0.02)


def test_a_short_bar_is_seen_and_keeps_its_days_for_whoever_zooms():
    timeline = plotting.interactive_timeline(made(), since="1950")
    (bar,) = [
        c for c in tree(timeline).iter(f"{SVG}rect") if c.get("data-a") == "15400" and c.get("fill-opacity") is None
    ]
    assert bar.get("data-b") == "15431" and float(bar.get("width")) == pytest.approx(3.4, abs=0.02)


def test_the_image_is_what_the_page_shows_without_its_script():
    timeline = plotting.interactive_timeline(made())
    image = re.search(r'<img alt="([^"]+)" style="width:100%" src="data:image/svg\+xml;base64,([^"]+)">', timeline.html)
    assert b64decode(image[2]).decode("utf-8") == timeline.svg
    assert image[1] == "Timeline of 5 events by kind"
    assert timeline._repr_html_() == timeline.html
    assert repr(timeline) == "Interactive timeline: 5 events with a mark"
    assert "<li>Undated</li>" in timeline.html and "1 without a date, not drawn" in timeline.html


def test_nothing_comes_from_elsewhere_and_no_two_on_a_page_can_collide():
    timeline = plotting.interactive_timeline(made())
    page = timeline.html.replace("http://www.w3.org/2000/svg", "")
    for word in ("http:", "https:", "//cdn", "import(", "fetch(", "@import", " id=", "url(", "innerHTML", "eval("):
        assert word not in page, word
        assert word not in timeline.svg.replace("http://www.w3.org/2000/svg", ""), word


def test_what_is_given_is_escaped():
    hostile = plotting.interactive_timeline(made(title=EVIL))
    assert "<script>alert" not in hostile.svg and "\x07" not in hostile.svg
    assert any(
        words.startswith("<script>alert('x')</script> & \"quoted\"  </title>") for words in said(hostile).values()
    )
    assert hostile.html.count("<script>") == 1
    undated = made().events
    undated = undated.assign(title=undated["title"].where(undated["event_id"] != "never", EVIL))
    assert plotting.interactive_timeline(made().with_tables(events=undated)).html.count("<script>") == 1
    sources = made().sources.assign(source_id="<b>")
    assert "<b>" not in plotting.interactive_timeline(made().with_tables(sources=sources)).svg


def test_titles_do_not_overlap_as_they_are_drawn(study):
    for layer in (study, made()):
        boxes = []
        for node in events(plotting.interactive_timeline(layer)):
            for text in node.findall(f"{SVG}text"):
                x, y = map(float, re.search(r"translate\((\S+) (\S+)\)", text.get("transform")).groups())
                wide, x = float(text.get("textLength")), x + float(text.get("x"))
                boxes.append((x - wide if text.get("text-anchor") == "end" else x, y, wide))
        close = [(a, b) for a in boxes for b in boxes if a is not b and abs(a[1] - b[1]) < 5]
        assert all(a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] for a, b in close)
        assert all(a[0] >= 0 and a[0] + a[2] <= 560 for a in boxes)


@pytest.mark.parametrize("n", [0, 1])
def test_small_studies(n):
    few = [{"event_id": "a", "title": "a", "kind": "forum", "date_edtf": "1994"}][:n]
    timeline = plotting.interactive_timeline(tiny_study(events=few))
    assert len(events(timeline)) == 0  # over before the descriptor's first year
    assert ("1 over before 2000, not drawn" in timeline.html) == bool(n)
    assert len(events(plotting.interactive_timeline(tiny_study(events=few), since="1990"))) == n


def test_every_process_gives_the_same_bytes(study):
    code = "import r2p_analysis as r, hashlib, sys; t = r.plotting.interactive_timeline(r.load_study()); "
    code += "sys.stdout.write(hashlib.sha256(t.html.encode()).hexdigest())"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."}, capture_output=True
        )
        for seed in "12"
    ]
    assert runs[0].stdout == runs[1].stdout != b""
