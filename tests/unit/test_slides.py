"""Slides must hold what their page shows, each with all that a speaker is asked for, for those who cannot see them, too."""

import io
import zipfile

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Pt
from taken_away import dots, exhibit

from press.takeaway import deck
from press.takeaway.content import Page

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
ABOUT = deck.About("Lights", "1.2", "CC0", "Cite the book.", "https://book.example", "en-GB", ("The keepers",))
LONG = (
    "A note that goes on and on, since somebody had much to say of this chart and of how it came about. " * 5
).strip()


def page(exhibits, **more):
    told = {"abstract": "An answer.", "lists": [("In brief", ["One.", "Two."])], **more}
    return Page("book/chapter1", "Tides", "Chapter 1", told["abstract"], "", told["lists"], exhibits)


def table(folder, n):
    columns = {
        "area": {"label": "Light", "numeric": False, "role": "label"},
        "level": {"label": "Level", "numeric": True, "role": "value"},
    }
    rows = [[f"Light {number}", str(number)] for number in range(n)]
    return exhibit(folder, "lights", "Table 1.1", kind="table", title="Lights differ", columns=columns, rows=rows)


@pytest.fixture
def exhibits(tmp_path):
    """A chart that is native, one of the same title that is a picture, and a table."""
    chart = dots(["Ness", "Wick"], [1.25, -2.5], [1.0, -3.0], [1.75, -1.0])
    return [
        exhibit(tmp_path, "tides-level", "Figure 1.1", told=["Figure 1.1 has the levels."], **chart),
        exhibit(tmp_path, "tides-map", "Figure 1.2", note=LONG),
        table(tmp_path, 5),
    ]


@pytest.fixture
def slides(exhibits):
    return list(Presentation(io.BytesIO(deck.make(page(exhibits), ABOUT))).slides)


def text(slide):
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_all_that_a_page_shows_is_there_in_its_order_under_unique_titles(slides):
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles == [
        "Chapter 1: Tides",
        "In brief",
        "The tide falls",
        "The tide falls (2)",
        "Lights differ",
        "About these slides",
    ]
    assert {slide.shapes.title.placeholder_format.type for slide in slides} == {PP_PLACEHOLDER.TITLE}


def test_a_native_chart_shows_the_published_numbers_and_can_be_edited(slides):
    (chart,) = [shape.chart for shape in slides[2].shapes if shape.has_chart]
    (series,) = chart.plots[0].series
    assert list(series.values) == [1.25, -2.5]
    assert list(chart.plots[0].categories) == ["Ness", "Wick"]
    assert chart._workbook.xlsx_part.blob.startswith(b"PK")
    assert len(series._element.findall(".//{*}errBars")) == 1


def test_what_is_seen_is_told(slides, exhibits):
    told = [
        shape._element.xpath(".//p:cNvPr")[0].get("descr")
        for slide in slides
        for shape in slide.shapes
        if not shape.is_placeholder
    ]
    assert told == [one.metadata["alt"] for one in exhibits]


def test_number_note_and_source_stand_on_the_slide_and_caveats_in_the_notes(slides, exhibits):
    for slide, one in zip(slides[2:5], exhibits, strict=True):
        assert f"{one.part}. Note: {one.metadata['note']}" in text(slide)
        assert f"Source: {one.source}." in text(slide)
        notes = slide.notes_slide.notes_text_frame.text
        for part in (*one.told, one.metadata["limits"], one.cited, one.notice, one.metadata["alt"]):
            assert part in notes


def test_reading_order_is_title_measure_exhibit_words(slides):
    for slide in slides[2:5]:
        names = [shape.name if shape.is_placeholder else "shown" for shape in slide.shapes]
        assert names[0].startswith("Title") or "Message" in names[0]
        assert names.index("shown") == 2
        assert [shape.placeholder_format.idx for shape in slide.placeholders] == [0, 1, 2, 11, 12]


def test_every_text_names_its_language_and_none_is_small(slides):
    for slide in slides:
        runs = [*slide._element.iter(f"{A}r"), *slide._element.iter(f"{A}fld")]
        assert {run.find(f"{A}rPr").get("lang") for run in runs} == {"en-GB"}
        sizes = [int(entry.get("sz")) for entry in slide._element.iter() if entry.get("sz", "").isdigit()]
        assert min(sizes, default=1200) >= Pt(12).pt * 100
    sizes = [int(entry.get("sz")) for slide in slides for entry in slide.slide_layout._element.iter(f"{A}defRPr")]
    assert min(sizes) >= 1200


def test_nothing_leaves_the_slide_or_lies_upon_another(slides):
    """Long notes take room from what is shown, and not from the foot of the slide."""
    for slide in slides[2:5]:
        boxes = [(shape.left, shape.top, shape.left + shape.width, shape.top + shape.height) for shape in slide.shapes]
        for left, top, right, bottom in boxes:
            assert left >= 0 and top >= 0
            assert right <= deck.WIDTH * 914400 and bottom <= deck.HEIGHT * 914400
        for i, one in enumerate(boxes):
            for other in boxes[:i]:
                apart = (
                    one[0] >= other[2] or one[2] <= other[0] or one[1] >= other[3] - 9000 or one[3] - 9000 <= other[1]
                )
                assert apart, (slide.shapes.title.text_frame.text, one, other)


@pytest.mark.parametrize(("n", "parts", "left_over"), [(5, 1, 0), (40, 3, 0), (200, deck.MOST_PARTS, 1)])
def test_a_long_table_goes_on_and_says_what_is_left_out(tmp_path, n, parts, left_over):
    made = list(Presentation(io.BytesIO(deck.make(page([table(tmp_path, n)], lists=[]), ABOUT))).slides)[1:-1]
    assert len(made) == parts
    rows = [row for slide in made for shape in slide.shapes if shape.has_table for row in list(shape.table.rows)[1:]]
    assert len(rows) == n or left_over
    assert ("more rows are in the workbook" in text(made[-1])) == bool(left_over)
    assert all(shape.table.first_row for slide in made for shape in slide.shapes if shape.has_table)


def test_a_source_line_that_would_fill_a_slide_names_publishers(tmp_path):
    one = exhibit(tmp_path)
    one.source = "Nobody, " + LONG
    slide = list(Presentation(io.BytesIO(deck.make(page([one], lists=[]), ABOUT))).slides)[1]
    assert "Source: Nobody. Data sets and editions: in the notes" in text(slide)
    assert LONG in slide.notes_slide.notes_text_frame.text


def test_the_same_page_gives_the_same_bytes(exhibits):
    first = deck.make(page(exhibits), ABOUT)
    assert first == deck.make(page(exhibits), ABOUT)
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {2000}
        assert package.namelist()[0] == "[Content_Types].xml"
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))


def test_a_figure_without_a_picture_shows_the_table_behind_it(tmp_path):
    one = exhibit(tmp_path)
    (tmp_path / "tides-level.png").unlink()
    slide = list(Presentation(io.BytesIO(deck.make(page([one], lists=[]), ABOUT))).slides)[1]
    (shown,) = [shape.table for shape in slide.shapes if shape.has_table]
    assert [[cell.text for cell in row.cells] for row in shown.rows][1:] == [["Ness", "1.25"], ["Wick", "-2.5"]]
