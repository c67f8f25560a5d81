"""A PDF is heard as it is read: headings, tables, captions, boxes and links are tagged, and links say where they lead."""

import re
from datetime import UTC, datetime

import pikepdf
import pytest
import tagged
import typst
from test_typst import print_book, write

from press.paper import finishing

pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]

PAGE = """
(first)=
# First chapter

See {numref}`chart`, {numref}`scores`, {doc}`two`, {cite:p}`rubin`, {eq}`line` and {term}`tide`; the [second section](#second-section).

## Second section

::::{container} exhibit
```{figure} tall.svg
:alt: What the chart shows
:name: chart

The title of the chart
```
Note: what stands beneath.
::::

| Country | Score |
|---|---|
| Ness | 1.5 |
| Fair Isle | 2.5 |

```{list-table} Scores
:name: scores
:header-rows: 1

* - Country
  - Score
  - Label
* - Ness
  - 1
  - one
* - Skye
  - 2
  - two
```

:::{admonition} The title of a box
What the box says.
:::

$$
y = x
$$ (line)

```{glossary}
tide
  The movement of the sea.
```
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Return the PDF of a small book with one of each."""
    return print_book(write(tmp_path_factory.mktemp("tags"), **{"one.md": PAGE}))


@pytest.fixture(scope="module")
def book(path):
    """Return it, open."""
    with pikepdf.open(path) as opened:
        yield opened


def test_nothing_is_amiss_with_the_structure(path):
    wrong, count = tagged.faults(path)
    assert wrong == []
    assert min(count[kind] for kind in ("/Figure", "/Table", "/Caption", "/Link", "/H1", "/TH")) > 0


def test_walk_finds_what_typst_leaves_amiss(path, tmp_path):
    """The walk would be worth nothing if it found nothing in a file that was not finished."""
    source = path.parent / "source" / "test.typ"
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(
        typst.compile(source, root=source.parent, ignore_system_fonts=True, pdf_standards=["a-2a", "ua-1"])
    )
    wrong, _ = tagged.faults(plain)
    for said in ("a caption stands in /Div", "a table has no headers of rows", "leads nowhere"):
        assert any(said in fault for fault in wrong), said


def names(book):
    return [str(annotation.Contents) for page in book.pages for annotation in page.obj.get("/Annots", [])]


@pytest.mark.parametrize(
    "name",
    [
        "Figure 1.1: The title of the chart, page ",
        "Table 1.1: Scores, page ",
        "2 Second chapter, page ",
        "1.1 Second section, page ",
        "Equation (1), page ",
        "1 First chapter, page ",
        "The report, page ",
        "tide, page ",
        "Donald Rubin. Multiple imputation. Wiley, 1987., page ",
    ],
)
def test_link_says_where_it_leads(book, name):
    assert any(name in known for known in names(book)), names(book)


def test_link_leads_to_the_page_that_it_names(book):
    """The number that is said is that of the page to which the viewer goes."""
    for page in book.pages:
        for annotation in page.obj.get("/Annots", []):
            said = re.search(r", page (\S+)$", str(annotation.Contents))
            if said and isinstance(annotation.get("/Dest"), pikepdf.Array):
                target = next(other for other in book.pages if other.objgen == annotation.Dest[0].objgen)
                assert target.label == said[1]


def test_title_of_a_figure_is_within_it_and_its_note_beside_it(book):
    (figure,) = (element for element in tagged.walk(book.Root.StructTreeRoot) if element.S == "/Figure")
    assert [str(child.S) for child in tagged.kids(figure)] == ["/Caption"]
    assert "/P" in {str(child.S) for child in tagged.walk(figure.P)} | {str(child.S) for child in tagged.kids(figure.P)}


def test_first_cell_of_a_row_is_its_header_and_the_others_refer_to_it(book):
    table = next(element for element in tagged.walk(book.Root.StructTreeRoot) if element.S == "/Table")
    *_, last = (element for element in tagged.walk(table) if element.S == "/TR")
    head, cell = tagged.kids(last)
    assert head.S == "/TH"
    assert tagged.attributes(head)["/Scope"] == "/Row"
    assert str(head.ID) in [str(name) for name in tagged.attributes(cell)["/Headers"]]
    assert len(tagged.attributes(cell)["/Headers"]) == 2


def test_header_of_two_rows_is_that_of_both(tmp_path):
    rst = "+---+---+\n| a | b |\n+===+===+\n| c | d |\n|   +---+\n|   | e |\n+---+---+\n"
    path = print_book(write(tmp_path, **{"one.md": f"# T\n\n```{{eval-rst}}\n{rst}\n```\n"}))
    with pikepdf.open(path) as book:
        table = next(element for element in tagged.walk(book.Root.StructTreeRoot) if element.S == "/Table")
        rows = [tagged.kids(element) for element in tagged.walk(table) if element.S == "/TR"]
        assert [[str(cell.S) for cell in row] for row in rows] == [["/TH", "/TH"], ["/TH", "/TD"], ["/TD"]]
        header = str(rows[1][0].ID)
        for cell in (rows[1][1], rows[2][0]):
            assert header in [str(name) for name in tagged.attributes(cell)["/Headers"]]


def test_box_is_a_group(book):
    """What is heard before and after belongs to it or does not."""
    groups = [element for element in tagged.walk(book.Root.StructTreeRoot) if element.S == "/Div"]
    assert ["/P", "/P"] in [[str(child.S) for child in tagged.kids(group)] for group in groups]


def test_claims_of_the_file_hold(book):
    metadata = book.Root.Metadata.read_bytes()
    assert b"<pdfaid:part>2<" in metadata
    assert b"<pdfaid:conformance>A<" in metadata
    assert b"<pdfuaid:part>1<" in metadata
    assert all(page.obj.get("/Tabs") == "/S" for page in book.pages if "/Annots" in page.obj)
    assert "/ID" in book.trailer


def test_same_pages_give_the_same_bytes(path):
    again = finishing.finish(path.read_bytes(), {}, {}, "page")
    assert again == finishing.finish(path.read_bytes(), {}, {}, "page")


# -- the variant that carries the data -----------------------------------------------------------------------------


def test_attached_files_are_those_that_were_given(path, tmp_path):
    one, two = tmp_path / "b.csv", tmp_path / "a.csv"
    one.write_text("x,y\n1,2\n", "utf-8")
    two.write_text("z\n3\n", "utf-8")
    date = datetime(2026, 1, 2, tzinfo=UTC)
    made = finishing.with_data(path.read_bytes(), {one: "Figure one", two: "Table two"}, date)
    assert made == finishing.with_data(path.read_bytes(), {two: "Table two", one: "Figure one"}, date)
    (tmp_path / "with.pdf").write_bytes(made)
    with pikepdf.open(tmp_path / "with.pdf") as book:
        assert {name: book.attachments[name].get_file().read_bytes() for name in book.attachments} == {
            "a.csv": two.read_bytes(),
            "b.csv": one.read_bytes(),
        }
        assert [(str(entry.UF), str(entry.AFRelationship), str(entry.Desc)) for entry in book.Root.AF] == [
            ("a.csv", "/Data", "Table two"),
            ("b.csv", "/Data", "Figure one"),
        ]
        assert {str(entry.EF.F.Subtype) for entry in book.Root.AF} == {"/text/csv"}
        metadata = book.Root.Metadata.read_bytes()
        assert b"<pdfaid:part>3<" in metadata
        assert b"<pdfuaid:part>1<" in metadata
    assert tagged.faults(tmp_path / "with.pdf")[0] == []


def test_pages_keep_what_archives_with_files_ask_of_them(path):
    """Typst itself accepts the same source for PDF/A-3a with PDF/UA-1."""
    source = path.parent / "source" / "test.typ"
    made = typst.compile(source, root=source.parent, ignore_system_fonts=True, pdf_standards=["a-3a", "ua-1"])
    assert made.startswith(b"%PDF-1.7")


def test_file_that_claims_nothing_gets_no_data(tmp_path):
    pdf = typst.compile(b"x", format="pdf")
    with pytest.raises(ValueError, match="does not claim to be PDF/A-2"):
        finishing.with_data(pdf, {}, datetime(2026, 1, 2, tzinfo=UTC))
