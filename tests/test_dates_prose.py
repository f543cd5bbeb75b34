"""Wording of dates: every date string of both documents read by hand, forms of both languages, and what is refused."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2p_analysis import dates

SOURCES = Path(__file__).resolve().parents[2] / "shared" / "sources"
QUIET = settings(deadline=None, derandomize=True, max_examples=200)

# Read from the documents by hand, in their order: the string as it stands, EDTF, earliest and latest day, anchor.
STATEMENT = [
    ("September 8, 2014", "2014-09-08", "2014-09-08", "2014-09-08"),
    ("September 8", "2014-09-08", "2014-09-08", "2014-09-08", "2014-09-08"),
    ("later this year", "[2014-09-08..2014-12-31]", "2014-09-08", "2014-12-31", "2014-09-08"),
]
OVERVIEW = [
    ("the 20th century", "19XX", "1900-01-01", "1999-12-31"),
    ("January 2014", "2014-01", "2014-01-01", "2014-01-31"),
    ("14 September 2000", "2000-09-14", "2000-09-14", "2000-09-14"),
    ("18 December 2001", "2001-12-18", "2001-12-18", "2001-12-18"),
    ("from 2001", "2001/..", "2001-01-01", None),
    ("in 2008", "2008", "2008-01-01", "2008-12-31"),
    ("2009", "2009", "2009-01-01", "2009-12-31"),
    ("since 2009", "2009/..", "2009-01-01", None),
    ("2010", "2010", "2010-01-01", "2010-12-31"),
    ("in April 2012", "2012-04", "2012-04-01", "2012-04-30"),
    ("1969", "1969", "1969-01-01", "1969-12-31"),
    ("in 2011", "2011", "2011-01-01", "2011-12-31"),
    ("3 September 2012", "2012-09-03", "2012-09-03", "2012-09-03"),
    ("in December 2013", "2013-12", "2013-12-01", "2013-12-31"),
    ("as of 2012", "2012", "2012-01-01", "2012-12-31"),
    ("In 2012", "2012", "2012-01-01", "2012-12-31"),
    ("in April 2013", "2013-04", "2013-04-01", "2013-04-30"),
    ("In the three years since", "[2010..2013]", "2010-01-01", "2013-12-31", "2010"),
    ("in September 2011", "2011-09", "2011-09-01", "2011-09-30"),
    ("on 9 November 2011", "2011-11-09", "2011-11-09", "2011-11-09"),
    ("2011", "2011", "2011-01-01", "2011-12-31"),
    ("the 21 February 2012", "2012-02-21", "2012-02-21", "2012-02-21"),
    ("during the 2012", "2012", "2012-01-01", "2012-12-31"),
    ("In September 2009", "2009-09", "2009-09-01", "2009-09-30"),
    ("2013", "2013", "2013-01-01", "2013-12-31"),
    ("in July 2013", "2013-07", "2013-07-01", "2013-07-31"),
    ("June 2009", "2009-06", "2009-06-01", "2009-06-30"),
    ("On 10 June 2009", "2009-06-10", "2009-06-10", "2009-06-10"),
    ("on 29 May 2015", "2015-05-29", "2015-05-29", "2015-05-29"),
    ("in March 2012", "2012-03", "2012-03-01", "2012-03-31"),
    ("(2008-11)", "2008/2011", "2008-01-01", "2011-12-31"),
    ("in September 2014", "2014-09", "2014-09-01", "2014-09-30"),
    ("2015", "2015", "2015-01-01", "2015-12-31"),
    ("In November 2013", "2013-11", "2013-11-01", "2013-11-30"),
    ("On 27 November 2013", "2013-11-27", "2013-11-27", "2013-11-27"),
    ("In June 2013", "2013-06", "2013-06-01", "2013-06-30"),
    ("in June 2014", "2014-06", "2014-06-01", "2014-06-30"),
    ("from 21-22 November 2012", "2012-11-21/2012-11-22", "2012-11-21", "2012-11-22"),
    ("In March 2013", "2013-03", "2013-03-01", "2013-03-31"),
    ("in May 2012", "2012-05", "2012-05-01", "2012-05-31"),
    ("In July 2012", "2012-07", "2012-07-01", "2012-07-31"),
    ("Spring 2012", "2012-21", "2012-03-01", "2012-05-31"),
    ("on 14 March 2012", "2012-03-14", "2012-03-14", "2012-03-14"),
    ("from 30 May - 3 June 2011", "2011-05-30/2011-06-03", "2011-05-30", "2011-06-03"),
    ("from 23-27 May 2011", "2011-05-23/2011-05-27", "2011-05-23", "2011-05-27"),
    ("on 11 May 2011", "2011-05-11", "2011-05-11", "2011-05-11"),
    ("on 25 May 2011", "2011-05-25", "2011-05-25", "2011-05-25"),
    ("on 3 June 2010", "2010-06-03", "2010-06-03", "2010-06-03"),
    ("on 12 March 2010", "2010-03-12", "2010-03-12", "2010-03-12"),
    ("on 7 July 2009", "2009-07-07", "2009-07-07", "2009-07-07"),
    ("from 26-27 February 2009", "2009-02-26/2009-02-27", "2009-02-26", "2009-02-27"),
    ("on 31 March – 1 April 2008", "2008-03-31/2008-04-01", "2008-03-31", "2008-04-01"),
    ("January 2009", "2009-01", "2009-01-01", "2009-01-31"),
    ("in 2007", "2007", "2007-01-01", "2007-12-31"),
    ("on 29 March 2014", "2014-03-29", "2014-03-29", "2014-03-29"),
    ("on 11 May 2012", "2012-05-11", "2012-05-11", "2012-05-11"),
    ("in August 2011", "2011-08", "2011-08-01", "2011-08-31"),
    ("on 20 December 2011", "2011-12-20", "2011-12-20", "2011-12-20"),
    ("from 14-16 October 2010", "2010-10-14/2010-10-16", "2010-10-14", "2010-10-16"),
    ("on 13 November 2009", "2009-11-13", "2009-11-13", "2009-11-13"),
    ("In October 2009", "2009-10", "2009-10-01", "2009-10-31"),
    ("on 7 March 2008", "2008-03-07", "2008-03-07", "2008-03-07"),
    ("in November 2007", "2007-11", "2007-11-01", "2007-11-30"),
    ("in December 2008", "2008-12", "2008-12-01", "2008-12-31"),
]
DOCUMENTS = {"000_ffba982bbed9cfac.txt": STATEMENT, "004_4af9550e1031b48c.txt": OVERVIEW}
# What a date is made of, looked for in what is left of a document once the strings above are taken out.
MADE_OF = re.compile(
    r"\b(?:1[89]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Spring|Summer|Autumn|Winter) (?:\d|of\b)|\bcentury\b|\b\d\d?-\d\d?\b"
)


@pytest.mark.parametrize("row", STATEMENT + OVERVIEW, ids=lambda row: row[0])
def test_every_date_string_of_the_documents_is_read(row):
    text, edtf, earliest, latest, *anchor = row
    assert dates.parse_prose(text, anchor=anchor[0] if anchor else None) == edtf
    assert dates.bounds(edtf) == (date.fromisoformat(earliest), date.fromisoformat(latest) if latest else None)


@pytest.mark.external
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_table_has_every_date_string_of_the_document(name):
    if not (SOURCES / name).is_file():
        pytest.skip("the document is not here")
    text = " ".join((SOURCES / name).read_text("utf-8").split())
    assert [row[0] for row in DOCUMENTS[name] if row[0] not in text] == []
    # Longest first; a year that is written more than once is taken out each time.
    for row in sorted(DOCUMENTS[name], key=lambda row: -len(row[0])):
        text = text.replace(row[0], "*").replace(re.sub("^(in|on|from|since|the|as of|during the) ", "", row[0]), "*")
    assert MADE_OF.findall(text) == []


# ---- other forms: text, EDTF, anchor

ENGLISH = [
    # days
    ("8 September 2014", "2014-09-08"),
    ("the 8th of September, 2014", "2014-09-08"),
    ("Sept. 8th 2014", "2014-09-08"),
    ("8 Sep 2014", "2014-09-08"),
    ("Monday, 8 September 2014", "2014-09-08"),
    ("twenty-first of February 2012", "2012-02-21"),
    ("On the First of May 2012", "2012-05-01"),
    ("2014-09-08", "2014-09-08"),
    ("2014/9/8", "2014-09-08"),
    ("25/12/2012", "2012-12-25"),
    ("12/25/2012", "2012-12-25"),
    ("5.5.2012", "2012-05-05"),
    ("September 8", "2013-09-08", "2013"),
    # months, seasons, parts of a year
    ("the month of May 2012", "2012-05"),
    ("May", "2012-05", "2012-21"),
    ("3/2012", "2012-03"),
    ("2012-03", "2012-03"),
    ("(2012-03)", "2012-03"),
    ("Fall of 2011", "2011-23"),
    ("autumn 2011", "2011-23"),
    ("winter 2012", "2012-24"),
    ("winter 2012-13", "2012-24"),
    ("winter of 2011/12", "2011-24"),
    ("the winter of 2012–2013", "2012-24"),
    ("southern summer 2012-13", "2012-30"),
    ("austral spring 2012", "2012-29"),
    ("northern winter 2012", "2012-28"),
    ("Q3 2012", "2012-35"),
    ("the first quarter of 2012", "2012-33"),
    ("second half of 2012", "2012-41"),
    # decades, centuries
    ("the 1990s", "199X"),
    ("1990's", "199X"),
    ("nineteenth century", "18XX"),
    ("the 21st century", "20XX"),
    # early, mid, late
    ("early 2012", "2012-37~"),
    ("mid-2012", "2012-38~"),
    ("the end of 2012", "2012-39~"),
    ("early March 2012", "[2012-03-01~..2012-03-10~]"),
    ("mid-June 2011", "[2011-06-11~..2011-06-20~]"),
    ("late February 2012", "[2012-02-21~..2012-02-29~]"),
    ("the early 1990s", "[1990~..1993~]"),
    ("mid 1990s", "[1994~..1996~]"),
    ("late 20th century", "[1967~..1999~]"),
    ("late 2012 to early 2013", "2012-39~/2013-37~"),
    ("late March or early April 2012", "[2012-03-21~..2012-03-31~,2012-04-01~..2012-04-10~]"),
    # about, perhaps
    ("circa 1990", "1990~"),
    ("c. 1990", "1990~"),
    ("c1990", "1990~"),
    ("about March 2012", "2012-03~"),
    ("2012?", "2012?"),
    ("March 2012 (?)", "2012-03?"),
    ("possibly 2012", "2012?"),
    ("perhaps around 2012", "2012%"),
    ("from about 2010 to 2012", "2010~/2012"),
    ("between c. 1990 and 1995", "[1990~..1995]"),
    ("c. 1990 to c. 1995", "1990~/1995~"),
    ("before c. 1990", "[..1989~]"),
    # what lasted
    ("2012-2013", "2012/2013"),
    ("2008–11", "2008/2011"),
    ("1914-18", "1914/1918"),
    ("from 2012 until 2013", "2012/2013"),
    ("March 31 - April 1, 2008", "2008-03-31/2008-04-01"),
    ("October 14–16, 2010", "2010-10-14/2010-10-16"),
    ("28 December 2011 to 3 January 2012", "2011-12-28/2012-01-03"),
    ("8 March 2012–15 April 2012", "2012-03-08/2012-04-15"),
    ("8 March 2012-15th of April 2012", "2012-03-08/2012-04-15"),
    ("March through May 2012", "2012-03/2012-05"),
    ("Monday 8 – Tuesday 9 September 2014", "2014-09-08/2014-09-09"),
    ("1–3 May", "2012-05-01/2012-05-03", "2012"),
    ("the 1990s to 2005", "199X/2005"),
    ("since 2012", "2012/.."),
    ("from March 2012 onwards", "2012-03/.."),
    ("2012 onwards", "2012/.."),
    ("until 2012", "../2012"),
    # one unknown day
    ("between March and May 2012", "[2012-03..2012-05]"),
    ("between 3 and 9 May 2012", "[2012-05-03..2012-05-09]"),
    ("before 2010", "[..2009]"),
    ("before March 2012", "[..2012-02]"),
    ("before January 2012", "[..2011-12]"),
    ("prior to 1 March 2012", "[..2012-02-29]"),
    ("before spring 2012", "[..2012-02-29]"),
    ("after 2012", "[2013..]"),
    ("after winter 2012", "[2013-03-01..]"),
    ("by 2015", "[..2015]"),
    ("no later than May 2012", "[..2012-05]"),
    ("on or after 8 September 2014", "[2014-09-08..]"),
    # several
    ("2012 or 2013", "[2012,2013]"),
    ("21 or 22 November 2012", "[2012-11-21,2012-11-22]"),
    ("June and November 2013", "{2013-06,2013-11}"),
    # what hangs on another date
    ("over the two years since", "[2012-03-08..2014-03-08]", "2012-03-08"),
    ("in the 3 years since", "[2010~..2013~]", "2010~"),
    ("since then", "2010/..", "2010"),
    ("this year", "2012", "2012-05"),
    ("last year", "2011", "2012-05"),
    ("June of the following year", "2013-06", "2012"),
    ("earlier that year", "[2012-01-01..2012-05]", "2012-05"),
    ("in 2012", "2012", "1999"),
]
SPANISH = [
    ("29 de mayo de 2015", "2015-05-29"),
    ("el 29 de Mayo del 2015", "2015-05-29"),
    ("viernes 29 de mayo de 2015", "2015-05-29"),
    ("mayo 29 de 2015", "2015-05-29"),
    ("29 may. 2015", "2015-05-29"),
    ("1.º de marzo de 2012", "2012-03-01"),
    ("1° de marzo de 2012", "2012-03-01"),
    ("primero de marzo de 2012", "2012-03-01"),
    ("3 de junio", "2010-06-03", "2010"),
    ("setiembre de 2012", "2012-09"),
    ("dic. 2012", "2012-12"),
    ("primavera de 2012", "2012-21"),
    ("primavera austral de 2012", "2012-29"),
    ("verano austral 2012-2013", "2012-30"),
    ("otoño de 2012", "2012-23"),
    ("segundo semestre de 2012", "2012-41"),
    ("tercer trimestre de 2012", "2012-35"),
    ("la década de 1990", "199X"),
    ("los años 1990", "199X"),
    ("siglo XX", "19XX"),
    ("el año 2012", "2012"),
    ("a principios de 2012", "2012-37~"),
    ("mediados de junio de 2011", "[2011-06-11~..2011-06-20~]"),
    ("a finales del siglo XIX", "[1867~..1899~]"),
    ("fines de la década de 1990", "[1997~..1999~]"),
    ("hacia 1990", "1990~"),
    ("alrededor de 1990", "1990~"),
    ("quizás en 2012", "2012?"),
    ("del 31 de marzo al 1 de abril de 2008", "2008-03-31/2008-04-01"),
    ("21-22 de noviembre de 2012", "2012-11-21/2012-11-22"),
    ("de 2012 a 2013", "2012/2013"),
    ("desde marzo de 2012 hasta mayo de 2013", "2012-03/2013-05"),
    ("desde 2012", "2012/.."),
    ("a partir de 2012", "2012/.."),
    ("2012 en adelante", "2012/.."),
    ("hasta 2012", "../2012"),
    ("entre marzo y mayo de 2012", "[2012-03..2012-05]"),
    ("antes de 2010", "[..2009]"),
    ("después de marzo de 2012", "[2012-04..]"),
    ("a más tardar en 2015", "[..2015]"),
    ("2012 o 2013", "[2012,2013]"),
    ("1 o 2 de mayo de 2012", "[2012-05-01,2012-05-02]"),
    ("21 y 22 de noviembre de 2012", "{2012-11-21,2012-11-22}"),
    ("en los tres años transcurridos desde entonces", "[2010..2013]", "2010"),
    ("más adelante este año", "[2014-09-08..2014-12-31]", "2014-09-08"),
    ("el año siguiente", "2013", "2012"),
]

REFUSED = [
    ("en", "01/02/2012", "may be day-first or month-first"),
    ("es", "01/02/2012", "may be day-first or month-first"),
    ("en", "8.9.2014", "may be day-first or month-first"),
    ("en", "2008-11", "may be a part of 2008 or the years to 2011"),
    ("en", "since 2008-11", "may be a part of 2008 or the years to 2011"),
    ("en", "2012-21", "may be a part of 2012 or the years to 2021"),
    ("en", "2012–03", "no range of years"),
    ("en", "2012-00", "no range of years"),
    ("en", "2012/13", "make no form"),
    ("en", "2012/2013", "make no form"),
    ("en", "1/2/12", "two digits"),
    ("en", "the 1900s", "ten years or a hundred"),
    ("en", "the 90s", "has no century"),
    ("es", "los años 90", "has no century"),
    ("es", "la década de 1995", "ends in 0"),
    ("en", "Easter 2012", "'easter' is no word"),
    ("en", "recently", "'recently' is no word"),
    ("en", "in recent decades", "'recent' is no word"),
    ("en", "throughout much of the 20th century", "'throughout' is no word"),
    ("en", "over the course of the next few years", "is no word"),
    ("en", "29 de mayo de 2015", "'de' is no word"),
    ("es", "29 May of 2015", "'of' is no word"),
    ("en", "12345", "'12345' is no word or number"),
    ("en", "1² March 2012", "is no word or number"),
    ("en", "29 February 2013", "no such day"),
    ("en", "31 April 2012", "no such day"),
    ("en", "25/13/2012", "no such day"),
    ("en", "Tuesday, 8 September 2014", "weekday"),
    ("en", "Monday 2014", "weekday"),
    ("en", "September 8", "names no year, so it needs one date to hang on"),
    ("en", "May", "names no year"),
    ("en", "the 8th, 2014", "a day without its month"),
    ("en", "in the three years since", "needs one date to hang on: give it as anchor"),
    ("en", "since then", "give it as anchor"),
    ("en", "later this year", "give it as anchor"),
    ("en", "31 December - 1 January 2008", "ends before it begins"),
    ("en", "between 2013 and 2012", "runs backwards"),
    ("en", "8 9 September 2014", "two of the same kind"),
    ("en", "2012, 2013", "two of the same kind"),
    ("en", "2012 2013", "two of the same kind"),
    ("en", "spring 2012-13", "two years for a season of one"),
    ("en", "winter 2012-2014", "two years for a season of one"),
    ("en", "Spring March 2012", "do not make one date"),
    ("en", "first half of the 1990s", "do not make one date"),
    ("en", "c. 2010-2012", "said of one date or of both"),
    ("en", "2010-2012?", "said of one date or of both"),
    ("es", "los años 2010 y 2011", "said of one date or of both"),
    ("en", "since early March 2012", "no exact end"),
    ("en", "early March and late May 2012", "no exact end"),
    ("en", "before 1 January 0001", "no day lies beyond"),
    ("en", "since", "give it as anchor"),
    ("en", "from", "make no form"),
    ("en", "between 2012", "make no form"),
    ("en", "2012 to 2013 to 2014", "make no form"),
    ("en", "", "make no form"),
    ("en", "the", "make no form"),
    ("en", None, "is no text"),
    ("en", 2012, "is no text"),
]  # fmt: skip


@pytest.mark.parametrize("row", [("en", *row) for row in ENGLISH] + [("es", *row) for row in SPANISH], ids=str)
def test_a_form_is_read(row):
    language, text, edtf, *anchor = row
    assert dates.parse_prose(text, language, *anchor) == edtf
    assert dates.parse_prose(f"  {text.upper()}. ", language, *anchor) == edtf


@pytest.mark.parametrize(("language", "text", "reason"), REFUSED)
def test_what_cannot_be_read_is_refused_with_the_reason(language, text, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        dates.parse_prose(text, language)
    assert str(caught.value).startswith(f"{text!r} cannot be read as a date: ")


@pytest.mark.parametrize(("text", "anchor", "reason"), [
    ("September 8", "[2012..2013]", "the anchor '\\[2012..2013\\]' is not in a single one"),
    ("September 8", "2012/..", "is not in a single one"),
    ("in the three years since", "2012/2013", "needs one date to hang on"),
    ("in the three years since", "2012-02-29", "no such day"),
    ("later 2013", "2012-05", "its year is not that of the anchor"),
    ("in 2012", "spring", "'spring' is not an EDTF date"),
])  # fmt: skip
def test_an_anchor_that_does_not_serve_is_refused(text, anchor, reason):
    with pytest.raises(ValueError, match=reason):
        dates.parse_prose(text, anchor=anchor)


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="language 'pt' is not known; allowed: en, es"):
        dates.parse_prose("2012", "pt")


# ---- any day, written out in many ways

MONTHS = {
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"],
    "es": ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"],
}  # fmt: skip
DAYS = st.dates(date(1500, 1, 1), date(2099, 12, 1))
WRITTEN = {
    "en": ["{d} {m} {y}", "{m} {d}, {y}", "the {d}th of {m} {y}", "on {d} {abbr}. {y}", "{y} {m} {d}"],
    "es": ["{d} de {m} de {y}", "el {d} de {m} del {y}", "{m} {d} de {y}", "{d} {abbr}. {y}", "{d}º de {m} de {y}"],
}


def written(day, form, language):
    name = MONTHS[language][day.month - 1]
    return form.format(d=day.day, m=name, y=day.year, abbr=name[:3])


@pytest.mark.parametrize(("language", "form"), [(language, form) for language in WRITTEN for form in WRITTEN[language]])
@given(day=DAYS)
@settings(QUIET, max_examples=40)
def test_any_day_is_read_back(language, form, day):
    assert dates.parse_prose(written(day, form, language), language) == day.isoformat()


SPANS = {
    "en": ["{a} - {b}", "from {a} to {b}", "{a}–{b}"],
    "es": ["del {a} al {b}", "desde {a} hasta {b}", "{a} — {b}"],
}


@given(DAYS, st.integers(0, 800), st.sampled_from(["en", "es"]), st.integers(0, 2), st.integers(0, 4))
@QUIET
def test_any_span_of_days_is_read_back(first, length, language, span, form):
    last = first + timedelta(days=length)
    a, b = (written(day, WRITTEN[language][form], language) for day in (first, last))
    assert dates.parse_prose(SPANS[language][span].format(a=a, b=b), language) == f"{first}/{last}"


PIECES = [
    "the", "of", "from", "to", "-", "–", "/", "and", "or", "between", "since", "before", "after", "early", "late", "c.",
    "2012", "2013-14", "1990s", "March", "8", "21st", "century", "spring", "winter", "Monday", "three", "years", "?",
    "later", "this year", ",", "(", ")", "2012-03", "Q1", "de", "siglo xx", "a", "los años", "mayo", "y",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join), st.sampled_from(["en", "es"]))
@settings(QUIET, max_examples=1500)
def test_any_words_are_read_into_edtf_or_refused(text, language):
    try:
        edtf = dates.parse_prose(text, language, anchor="2012-05-03")
    except ValueError:
        return
    assert dates.parse(edtf).text == edtf
