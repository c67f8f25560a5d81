"""Where exhibits are handed over to the typesetter, by what of a section speaks of them."""

import re

import pypdfium2
import pytest
from docutils import nodes
from test_typst import print_book, write

from press.paper import floats, tables

WORDS = "Some words that say nothing of it. "


def words(text, ids=()):
    """A paragraph that refers to exhibits."""
    return nodes.paragraph("", text, refers=set(ids))


def exhibit(identifier, *shown, **given):
    """An exhibit of a figure, or of the table that it is given."""
    shown = shown or [nodes.figure("", nodes.image(uri="chart.svg", alt="A chart"))]
    return nodes.container("", *shown, classes=["exhibit"], ids=[identifier], **given)


def table(rows, columns=3, cell="a cell"):
    """A table as docutils has it."""
    entries = [
        nodes.row("", *[nodes.entry("", nodes.paragraph("", cell)) for _ in range(columns)]) for _ in range(rows)
    ]
    group = nodes.tgroup("", *[nodes.colspec(colwidth=1) for _ in range(columns)], cols=columns)
    group += nodes.tbody("", *entries)
    return nodes.table("", group)


def order(children, before=True):
    """Names of exhibits and beginnings of paragraphs as they come; a stroke stands for the heading."""
    above, below = floats.placed(children, lambda node, ids: bool(ids & node.get("refers", set())), before=before)
    return " ".join(
        name.get("ids")[0] if name.get("ids") else name.astext().split()[0]
        for name in [*above, nodes.paragraph("", "|"), *below]
    )


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ([words("One"), words("Two", "a"), words("Three"), exhibit("a")], "| One a Two Three"),
        ([words("One", "a"), exhibit("a"), words("Two")], "a | One Two"),
        ([words("One", "a"), words("Two", "b"), exhibit("b"), exhibit("a")], "| One b a Two"),
        ([words("One"), exhibit("a"), words("Two")], "| One a Two"),
        ([exhibit("a"), words("One", "a")], "a | One"),
        ([exhibit("a"), words("One")], "| a One"),
        ([exhibit("a"), exhibit("b", table(60))], "| a b"),
        ([words("One"), words("Two", "a"), exhibit("a", early=True)], "a | One Two"),
        ([words("One"), words("Two", "a"), exhibit("a", table(60)), words("Three")], "| One Two a Three"),
        ([words("One"), words("Two", "a"), exhibit("a", table(3, 20, "w" * 20))], "| One Two a"),
        ([words("One"), words("Two"), words("Three", "a"), exhibit("a", table(28))], "| One a Two Three"),
        ([words("One"), words(f"Two {WORDS * 60}"), words("Three", "a"), exhibit("a", table(28))], "| One Two a Three"),
        ([], "|"),
    ],
    ids=["before what speaks of it", "before the heading", "in their order", "unspoken of", "as first", "first and unspoken of",
         "alone", "early", "long", "wide",
         "high", "high after much text", "nothing"],
)  # fmt: skip
def test_exhibit_comes_before_what_first_speaks_of_it(children, expected):
    assert order(children) == expected


def test_nothing_comes_before_the_heading_of_a_chapter():
    assert order([words("One", "a"), exhibit("a"), words("Two")], before=False) == "| One a Two"
    assert order([words("One", "a"), exhibit("a", early=True)], before=False) == "| One a"
    assert order([exhibit("a"), words("One")], before=False) == "| a One"
    assert order([exhibit("a"), exhibit("b")], before=False) == "| a b"


def test_table_with_a_caption_is_handed_over_as_an_exhibit_and_one_without_stays():
    titled, plain = table(3), table(3)
    titled.insert(0, nodes.title("", "A title"))
    titled["ids"], plain["ids"] = ["t"], ["p"]
    assert order([words("One"), words("Two", ["t", "p"]), words("Three"), titled, plain]) == "| One t Two Three p"


@pytest.mark.parametrize(
    ("made", "least", "most"),
    [(table(5), 0.1, 0.2), (table(30), 0.75, 0.9), (table(20, 4, WORDS * 4), 1.5, 3), (table(0), 0, 0)],
)
def test_height_of_a_table_is_known_roughly(made, least, most):
    assert least <= tables.height(made) <= most


CHART = """<svg xmlns="http://www.w3.org/2000/svg" width="400pt" height="460pt" viewBox="0 0 400 460">
<text x="10" y="40" font-size="10">A chart</text></svg>"""
FIGURE = "See {{numref}}`chart-{0}` for this.\n\n```{{figure}} chart.svg\n:alt: A chart\n:name: chart-{0}\n\nChart {0}\n```\n"


@pytest.mark.builds
@pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")
def test_exhibits_in_a_row_do_not_fall_behind_the_text(tmp_path):
    """Each of them is higher than half a page, and between them there is a line each: without a stop the text would run ahead."""
    rows = "\n".join(FIGURE.format(number) for number in range(1, 9))
    path = print_book(
        write(tmp_path, **{"one.md": f"# First chapter\nWords.\n\n## A section\n{rows}", "chart.svg": CHART})
    )
    document = pypdfium2.PdfDocument(path)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    first = next(number for number, text in enumerate(texts) if "A section" in text and "Words." in text)
    for number in range(1, 9):
        said, shown = (
            next(place for place, text in enumerate(texts) if place >= first and re.search(words, text))
            for words in (rf"See Figure 1\.{number} for", rf"Figure 1\.{number} Chart {number}")
        )
        assert abs(shown - said) <= 1, f"figure {number} is {shown - said} pages off"
