"""The study library refuses what a reader could not trace, and hands out numbers as their sources have them."""

import json
import re

import pytest
from made_up_studies import finding, lay_down, library, study
from pybtex.database import parse_string
from small_book import ROOT

from crossroads import numbers
from crossroads.evidence import studies
from press.errors import BookError
from report import references

NUMBER = {"value": 1, "unit": "percent", "text": "Made up"}


def mistakes(tmp_path, *records):
    """Return what is wrong with studies that are written down under their ids."""
    return studies.read(lay_down(tmp_path, {record["id"]: record for record in records}))[1]


def bibliography(text):
    """Return the works of a bibliography."""
    return dict(parse_string(text, "bibtex").entries.items())


def test_a_valid_study_has_no_mistakes(tmp_path):
    folder = lay_down(tmp_path, {"lamp2014": study()})
    assert studies.load(folder) == {"lamp2014": study()}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"design": "randomized"}, "design: unknown design 'randomized' (did you mean 'randomised'?)"),
        ({"place": {"areas": ["FNI"], "text": None}}, "place.areas[0]: unknown area 'FNI'"),
        ({"name": "x" * 71}, "name: "),
        ({"caution": "<b>No</b>"}, "caution: found '<b'"),
        ({"caution": "see ftp://lamp.example"}, "caution: the address begins with ftp://; expected http or https"),
        ({"caution": ""}, "caution: found ''; expected a text that is not empty"),
        ({"years": {"first": 2012, "last": 2010}}, "years: the first, 2012, comes after the last, 2010"),
        ({"findings": []}, "findings: "),
        ({"findings": [finding(lever="mentoring")]}, "findings[0].lever: unknown lever 'mentoring'"),
        ({"findings": [finding(sign="better")]}, "findings[0].sign: unknown sign 'better'"),
        ({"findings": [finding(effect="height")]}, "'height' is no number of this finding; it has reading, share"),
        (
            {"findings": [finding(), finding(numbers={}, effect=None)]},
            "the finding id 'reading' is taken in this study",
        ),
        (
            {"findings": [finding(), finding(id="b", effect=None, numbers={"share": NUMBER})]},
            "the number id 'share' is taken in this study",
        ),
        ({"findings": [finding(effect=None, numbers={"a": NUMBER | {"unit": "%"}})]}, "unknown unit '%'"),
        ({"findings": [finding(effect=None, numbers={"a": NUMBER | {"low": 0}})]}, "one end of an interval only"),
        ({"findings": [finding(effect=None, numbers={"a": NUMBER | {"low": 2, "high": 3}})]}, "does not lie between"),
        (
            {"findings": [finding(effect=None, numbers={"a": NUMBER | {"low": 0, "high": 2}})]},
            "an interval without its level",
        ),
        ({"findings": [finding(effect=None, numbers={"a": NUMBER | {"level": 95}})]}, "a level without an interval"),
        ({"findings": [finding(reading_notes=["two"])]}, "reading_notes[0]: found 'two'"),
        ({"note": "x"}, "note: unknown field"),
        *(
            ({"findings": [finding(effect=None, numbers={"a": NUMBER | {"value": value}})]}, said)
            for value, said in [
                ("12,5", "write a point for the comma"),
                ("\u221212.5", "write the sign - of the keyboard"),
                ("<0.05", "a limit is no number: write null"),
                ("12 %", "without the sign of per cent"),
                ("12", "without quotation"),
            ]
        ),
    ],
)
def test_a_mistake_is_told_with_file_and_field(tmp_path, changes, said):
    (found,) = mistakes(tmp_path, study(**changes))
    assert re.match(r"lamp2014\.yaml(:\d+)?: ", found) and said in found


def test_every_field_has_to_be_there_even_where_nothing_is_known(tmp_path):
    record = study()
    del record["trial"]
    assert mistakes(tmp_path, record) == ["lamp2014.yaml: trial: is missing (write null where it is not known)"]


def test_a_year_that_is_not_that_of_the_bibliography_is_refused():
    """A study was told with the year of its record, and cited with that of the bibliography."""
    works = bibliography("@book{other,\n year = 1999}\n@book{lamp2014,\n  author = {Lamp, A.},\n  year = {2013},\n}\n")
    (said,) = references.check({"lamp2014": {**study(), "year": 2014}}, works)
    assert said.startswith("lamp2014.yaml: year: found 2014, but book/references.bib has 2013")
    assert references.check({"lamp2014": {**study(), "year": 2013}}, works) == []


def test_work_that_two_files_hold_is_refused(tmp_path):
    """Two people added one study under two keys, and its findings counted twice."""
    found = mistakes(tmp_path, study("a", name="Lamps in classrooms"), study("b", name="Lamps, in Classrooms"))
    assert found == ["b.yaml:2: name: the same work as a.yaml; keep one file for it, it would count twice"]


@pytest.mark.parametrize(
    ("named", "authors", "first"),
    [
        ("Rickles, J. and Zeiser, K. L.", "Zeiser et al.", "Rickles"),
        ("Hayes, C. D. and Buery, R. R.", "Buery", "Hayes"),
        ("{Ministry of Education, Science and Sport}", "OECD", "Ministry of Education, Science and Sport"),
        ("Ada Lovelace", "Byron", "Lovelace"),
    ],
)
def test_authors_that_are_not_those_of_the_bibliography_are_refused(named, authors, first):
    """Two studies were told under the name of a second author, and cited with that of the first."""
    works = bibliography(f"@book{{lamp2014,\n  author = {{{named}}},\n  year = {{2013}},\n}}\n")
    (said,) = references.check({"lamp2014": {**study(), "year": 2013, "authors": authors}}, works)
    assert said.startswith(f"lamp2014.yaml: authors: found {authors!r}, but book/references.bib has {first!r} first")


@pytest.mark.parametrize(
    ("named", "authors"),
    [
        ('Schlicht-Schm{\\"a}lzle, R. and others', "Schlicht-Schm\u00e4lzle et al."),
        ("{\\O}stergaard, J.", "\u00d8stergaard"),
        ("van der Berg, J. and Li, A.", "van der Berg and Li"),
        ("{Institute for Policy Research, University of Bath}", "University of Bath"),
        ("{OECD}", "OECD"),
    ],
)
def test_authors_may_be_written_as_people_write_them(named, authors):
    works = bibliography(f"@book{{lamp2014,\n  author = {{{named}}},\n  year = {{2013}},\n}}\n")
    assert references.check({"lamp2014": {**study(), "year": 2013, "authors": authors}}, works) == []


def test_a_bibliography_that_cannot_be_read_is_told_with_its_line(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "references.bib").write_text("@book{one,\n}\n@book{two,\n  title = {A\n}\n", "utf-8")
    with pytest.raises(BookError) as told:
        references.works(tmp_path)
    assert told.value.message.startswith("book/references.bib:")


def test_a_study_that_the_bibliography_does_not_have_is_refused():
    works = bibliography("@book{lamp2015,\n}\n@misc{Lamp2014,\n}")
    assert references.check({"lamp2014": study()}, works) == [
        "lamp2014.yaml: id: book/references.bib has no work 'lamp2014' (did you mean 'lamp2015'?)"
    ]


def test_the_file_of_a_study_has_the_name_of_its_key(tmp_path):
    folder = lay_down(tmp_path, {"lamp2014": study("lamp2015")})
    assert "lamp2014.yaml:1: id: found 'lamp2015'; expected 'lamp2014', the name of the file" in studies.read(folder)[1]


def test_a_trial_of_one_study_is_a_slip_of_the_pen(tmp_path):
    found = mistakes(tmp_path, study("a", trial="lamps"), study("b", trial="lamps"), study("c", trial="lamp"))
    assert found == ["c.yaml:9: trial: no other study is of 'lamp' (did you mean 'lamps'?); write null"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {reading_note: '2.01', reason: none}", "the reading note 2.01 is in the library"),
        ("- {reading_note: '3.01', reason: a}\n- {reading_note: '3.01', reason: b}", "3.01 is listed above"),
        ("- {reading_note: '3.01'}", "expected reading_note and reason"),
    ],
)
def test_a_reading_note_is_in_the_library_or_left_out_once(tmp_path, text, said):
    folder = lay_down(tmp_path, {"lamp2014": study()})
    (folder / "studies" / "left-out.yaml").write_text(text, "utf-8")
    (found,) = studies.read(folder)[1]
    assert said in found


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"lever": "mentoring-and-tutoring", "outcome": "achievement", "grade": "strong"}, "expected lever, outcome"),
        ({"lever": "tutors", "outcome": "achievement", "grade": "strong", "reason": "x"}, "unknown lever 'tutors'"),
        ({"lever": "pre-school", "outcome": "civic", "grade": "good", "reason": "x"}, "unknown grade 'good'"),
    ],
)
def test_a_grade_set_by_hand_needs_known_codes_and_a_reason(tmp_path, entry, said):
    folder = lay_down(tmp_path, {"lamp2014": study()})
    (folder / "studies" / "overrides.yaml").write_text(json.dumps([entry]), "utf-8")
    with pytest.raises(studies.StudyError, match=said):
        studies.overrides(folder)


def test_no_studies_are_a_mistake_and_not_an_empty_library(tmp_path):
    assert "no study files" in studies.read(lay_down(tmp_path, {}))[1][0]


def test_findings_are_a_row_each_and_their_own_design_overrides_the_study(tmp_path):
    own = study(findings=[finding(), finding(id="b", design="association", numbers={}, effect=None, read="part")])
    frame = studies.findings({"lamp2014": own})
    assert frame["design"].tolist() == ["randomised", "association"]
    assert frame["read"].tolist() == ["abstract", "part"]
    assert frame["value"].tolist()[0] == -0.12 and frame["value"].isna().tolist() == [False, True]
    assert frame["areas"].tolist() == ["FIN", "FIN"]


@pytest.mark.parametrize(
    ("identifier", "specification", "printed"),
    [
        ("lamp2014:share", None, "48%"),
        ("lamp2014:n-schools", None, "40"),
        ("lamp2014:reading", None, "\u22120.12"),
        ("lamp2014:reading", "size", "0.12"),
        ("lamp2014:reading", "interval", "\u22120.12 (95% interval \u22120.2 to \u22120.04)"),
        ("lamp2014:reading", ".1f", "\u22120.1"),
    ],
)
def test_a_number_from_literature_reads_as_the_book_writes_numbers(tmp_path, identifier, specification, printed):
    known = studies.quotable(lay_down(tmp_path, {"lamp2014": study()}))
    assert numbers.format_quoted(known[identifier], specification) == printed


@pytest.mark.parametrize("specification", ["interval", "wide"])
def test_an_interval_that_no_source_gives_is_not_printed(tmp_path, specification):
    known = studies.quotable(lay_down(tmp_path, {"lamp2014": study()}))
    with pytest.raises(numbers.WordingError, match="lamp2014:share"):
        numbers.format_quoted(known["lamp2014:share"], specification)


def test_pointing_at_a_number_says_what_it_is_who_found_it_how_and_what_was_read(tmp_path):
    known = studies.quotable(lay_down(tmp_path, {"lamp2014": study()}))
    assert numbers.describe_quoted(known["lamp2014:reading"]) == (
        "\u22120.12 (95% interval \u22120.2 to \u22120.04) standard deviations, Reading score. Lamp 2014; randomised."
        " Only the abstract or the catalogue record was read."
    )


def test_designs_that_assign_or_compare_may_be_quoted_with_a_causal_word(tmp_path):
    assert studies.causal(lay_down(tmp_path, library())) == {"one", "two", "three", "four", "seven"}


def test_the_made_up_library_is_valid(tmp_path):
    assert len(studies.load(lay_down(tmp_path, library()))) == 7


def test_every_study_of_the_library_is_valid_and_in_the_bibliography():
    found, wrong = studies.read(ROOT / "data")
    assert wrong + references.check(found, references.works(ROOT)) == []


# Notes from memory that nobody has read in a source: they may not be used.
FROM_MEMORY = {"1": {23, 24}, "2": {23, 24}, "3": {23, 24}, "4": {24, 25}, "5": {20}, "M": set()}


@pytest.mark.parametrize("chapter", FROM_MEMORY)
def test_every_reading_note_is_in_the_library_or_left_out_with_a_reason(chapter):
    """Notes of a chapter are numbered; one that got lost leaves a gap. That none is in both the reader asks."""
    notes = {note for study in studies.load(ROOT / "data").values() for note in studies.reading_notes(study)}
    notes |= {entry["reading_note"] for entry in studies.left_out(ROOT / "data")}
    found = {int(note.partition(".")[2]) for note in notes if note.partition(".")[0] == chapter}
    assert set(range(1, max(found) + 1)) - found == FROM_MEMORY[chapter]
