"""A document of every construct: each stands on paper, or stops the build with the page and the line of the author.

Until each was tried, boxes of tasks, the second of two terms, numbers of lines, widths of columns and sizes of pictures
were lost in print without a word, and common TeX was refused without a place.
"""

import re

import pikepdf
import pypdfium2
import pytest
from docutils.utils.math import MathError
from sphinx.errors import ConfigError
from test_typst import SETTINGS, TALL, print_book, write

from press.errors import BookError
from press.page import tex
from press.paper import listings, pictures

pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]

MARKDOWN = [
    *("colon_fence", "dollarmath", "amsmath", "tasklist", "deflist", "attrs_inline", "attrs_block", "fieldlist"),
    *("html_image", "substitution"),
]
EXTENSIONS = [*SETTINGS["extensions"], "sphinx_design"]
SQUARE = """<svg xmlns="http://www.w3.org/2000/svg" width="400px" height="400px" viewBox="0 0 400 400">
<rect width="400" height="400" fill="#12436D"/></svg>"""
CONSTRUCTS = r"""# Constructs

- [ ] an open task
- [x] a task that is done

```{glossary}
first term
second term
  Both mean this.
```

Deflist
: The first meaning.
: The second meaning.

  Its second paragraph.

A line<br>and a line below it.<!-- not shown -->

{abbr}`OECD (Organisation for Economic Co-operation and Development)` and {abbr}`OECD (Organisation for Economic
Co-operation and Development)` again.

```{code-block} python
:linenos:
:lineno-start: 41
:emphasize-lines: 2
:caption: A listing
:name: listing

unmarked = "plain line"
marked = "emphasised line"
```

```{list-table} Narrow and wide columns
:name: widths
:header-rows: 1
:widths: 10 80 10

* - A
  - B
  - C
* - NARROW
  - WIDE
  - LAST
```

```{list-table} Half as wide
:header-rows: 1
:stub-columns: 1
:width: 50%

* - Name
  - Value
* - A header of its row
  - cell
```

```{image} square.svg
:alt: thirty millimetres wide
:width: 30mm
```

```{image} square.svg
:alt: fifteen millimetres high
:height: 15mm
```

```{image} square.svg
:alt: a tenth
:scale: 10
```

![two ems wide](square.svg){width=2em}

[![a picture that is a link](square.svg){width=20mm}](https://example.org/linked)

```{image} square.svg
:alt: a block that is a link
:width: 20mm
:target: https://example.org/block
```

![left one](square.svg){width=25mm} ![right one](square.svg){width=25mm}

Words ![an icon](square.svg){height=1em} and words.

::::{grid} 2
:::{grid-item-card} Title of a card
:link: https://example.org/card
What the card says.
:::
:::{grid-item-card} Title of another card
What the other card says.
:::
::::

::::{tab-set}
:::{tab-item} Label of a tab
What the tab holds.
:::
::::

:::{dropdown} Title of a fold
What the fold holds.
:::

```{hlist}
* first of a list
* second of a list
```

:Field: of a list

```{eval-rst}
-a, --all  what an option does
```

~~~
\x1b[1;31mred words\x1b[0m and \x1b[38;5;208mplain ones\x1b[2K
~~~

> A quotation.
>
> -- Somebody

:::{admonition} Title of a box
A box.
:::

$$
y = a + b x
$$ (line)

Equation {eq}`line` and {term}`second term` and {numref}`widths`.
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Return the PDF of the document of every construct."""
    page = CONSTRUCTS.replace(r"\x1b", "\x1b")
    files = {"index.md": page, "square.svg": SQUARE, "tall.svg": TALL}
    source = write(tmp_path_factory.mktemp("constructs"), **files)
    return print_book(source, extensions=EXTENSIONS, myst_enable_extensions=MARKDOWN)


@pytest.fixture(scope="module")
def text(path):
    """Return its words, with single spaces."""
    return text_of(path)


@pytest.fixture(scope="module")
def figures(path):
    """Return of each picture its size in millimetres, its place and what it is within, by its alternative text."""
    with pikepdf.open(path) as book:
        found = {}
        for element in walk(book.Root.StructTreeRoot):
            if element.S == "/Figure":
                left, low, right, high = box = next(
                    [float(number) for number in given.BBox] for given in element.A if "/BBox" in given
                )
                size = ((right - left) / 72 * 25.4, (high - low) / 72 * 25.4)
                found[str(element.Alt)] = (size, box, str(element.P.S))
        return found


def text_of(path):
    document = pypdfium2.PdfDocument(path)
    found = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"\s+", " ", found)


def walk(element):
    """Yield all elements of structure below one."""
    below = element.get("/K", [])
    for child in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from walk(child)


@pytest.mark.parametrize(
    "words",
    [
        "\u2610 an open task",
        "\u2611 a task that is done",
        "first term, second term Both mean this.",
        "Deflist The first meaning. The second meaning. Its second paragraph.",
        "A line and a line below it.",
        "OECD (Organisation for Economic Co-operation and Development) and OECD again.",
        '41 unmarked = "plain line"',
        '42 marked = "emphasised line"',
        "Title of a card What the card says. https://example.org/card",
        "Label of a tab What the tab holds.",
        "Title of a fold What the fold holds.",
        "first of a list",
        "Field of a list",
        "-a, --all what an option does",
        "red words and plain ones",
        "Title of a box A box.",
        "Equation (1) and second term and Table 1.",
    ],
)
def test_construct_stands_on_paper(text, words):
    assert words in text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("alternative", "width", "height"),
    [
        ("thirty millimetres wide", 30, 30),
        ("fifteen millimetres high", 15, 15),
        ("a tenth", 400 * 0.75 / 72 * 2.54, 400 * 0.75 / 72 * 2.54),
        ("a picture that is a link", 20, 20),
        ("a block that is a link", 20, 20),
        ("left one", 25, 25),
    ],
)
def test_picture_has_the_size_that_it_was_given(figures, alternative, width, height):
    assert figures[alternative][0] == pytest.approx((width, height), abs=0.2)


def test_pictures_of_one_paragraph_stand_side_by_side(figures):
    left, right = (figures[name][1] for name in ("left one", "right one"))
    assert left[1] == pytest.approx(right[1], abs=0.5)
    assert left[2] < right[0]


@pytest.mark.parametrize("alternative", ["a picture that is a link", "a block that is a link"])
def test_picture_is_within_its_link(figures, alternative):
    assert figures[alternative][2] == "/Link"


def test_columns_have_the_widths_that_they_were_given(path):
    places = places_of(path, ["NARROW", "WIDE", "LAST"])
    narrow, wide = places["WIDE"] - places["NARROW"], places["LAST"] - places["WIDE"]
    assert wide > 6 * narrow


def places_of(path, words):
    """Return the left edge of each word, in points."""
    document, found = pypdfium2.PdfDocument(path), {}
    for page in document:
        texts = page.get_textpage()
        for word in words:
            hit = texts.search(word, match_case=True).get_next()
            if hit:
                found[word] = texts.get_charbox(hit[0])[0]
    document.close()
    return found


# -- what has no form on paper stops the build where its author wrote it -----------------------------------------


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ('<div class="x">\nBlock\n</div>', r"index\.md:3: '<div class=\"x\">' is HTML, which is lost in print"),
        ("Words\n<b>and</b> more", r"index\.md:3: '<b>' is HTML"),
        ('```{raw} typst\n#read("/etc/passwd")\n```', r"index\.md:3: raw Typst is off"),
        ("The word \u6c34 is water.", r"index\.md:3: no font of the book has the character '\u6c34'"),
        ("| a |\n|---|\n| \u6c34 |", r"index\.md:\d: no font of the book has the character '\u6c34'"),
        ("~~~\n\u6c34\n~~~", r"index\.md:3: no font of the book has the character '\u6c34'"),
        ("A smile \U0001f600.", r"index\.md:3: no font of the book has the character '\U0001f600'"),
        ("![a](water.svg)", r"water\.svg: no font of the book has the character '\u6c34' of this drawing"),
        ("$\\frac{a$", r"index\.md:3: cannot read the formula .\\frac\{a.: a brace is not closed"),
        ("$$\n\\left( a\n$$", r"index\.md:3: cannot read the formula .*1 \\left, but 0 \\right"),
        ("$$\n\\hspace{3 furlongs}\n$$", r"index\.md:3: cannot (?:read|print) the formula"),
        (
            "{py:func}`x`\n\n```{py:function} f()\n```",
            r"index\.md:\d: has a 'desc\w*' node, for which print has no rule",
        ),
    ],
)
def test_what_has_no_form_on_paper_is_told_with_its_place(tmp_path, page, message):
    water = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="20">\u6c34</text></svg>'
    files = {"index.md": f"# T\n\n{page}\n", "square.svg": SQUARE, "water.svg": water}
    with pytest.raises(BookError, match=message):
        print_book(write(tmp_path, **files), extensions=EXTENSIONS, myst_enable_extensions=MARKDOWN)


def test_volume_may_have_the_name_of_the_template(tmp_path):
    source = write(tmp_path, **{"index.md": "# T\n\nWords of the book.\n"})
    for name in ("book", "font", "cover"):
        print_book(source, typst_filename=name)
        assert "Words of the book." in text_of(source / "_build" / "typst" / f"{name}.pdf")


def test_cover_that_would_download_a_package_is_refused(tmp_path):
    files = {"index.md": "# T\n", "cover.typ": '#import "@preview/cetz:0.3.0"\n#let art = none\n'}
    with pytest.raises(ConfigError, match=r"cover\.typ imports @preview/\.\.\., but packages are off"):
        print_book(write(tmp_path, **files), typst_cover="cover.typ")


def test_formula_as_wide_as_the_page_is_set_and_a_wider_one_is_told_with_its_line(tmp_path):
    """Both ran over the edges of the page, where their first and last terms were cut."""
    terms = [rf"a_{{{number}}}" for number in range(40)]
    path = print_book(write(tmp_path / "fits", **{"index.md": f"# T\n\n$$\nx = {' + '.join(terms[:17])}\n$$\n"}))
    _require_within(path)
    with pytest.raises(BookError, match=r"index\.md:3: the formula 'x = a_.*' is wider than the page; divide it"):
        print_book(write(tmp_path / "wide", **{"index.md": f"# T\n\n$$\nx = {' + '.join(terms)}\n$$\n"}))


def test_code_without_a_blank_breaks_at_the_edge_of_the_page(tmp_path):
    """It ran over the edge and was cut there; copied, it is what it was."""
    name = "_".join(["a_name_that_never_ends"] * 8)
    text = f"# T\n\nIn `{name}` and\n\n```python\nx = '{name}'\n```\n\n```\n{'-' * 300}\n```\n"
    text += f"\n```\n\x1b[31m{'red words ' * 20}\x1b[0m\n```\n\n```python\nread('{'y' * 30}', short, {'call(n), ' * 20})\n```\n"
    path = print_book(write(tmp_path, **{"index.md": text}))
    _require_within(path)
    document = pypdfium2.PdfDocument(path)
    found = "".join(page.get_textpage().get_text_range() for page in document)
    assert re.sub(r"\s", "", found).count(name) == 2
    assert re.sub(r"\s", "", found).count("-" * 300) == 1
    assert re.sub(r"\s", "", found).count("redwords" * 20) == 1
    # What has a blank breaks there, and nowhere else.
    assert found.count("call(n),") == 20


def _require_within(path):
    """Ask that every letter stands on the page."""
    for page in pypdfium2.PdfDocument(path):
        letters = page.get_textpage()
        boxes = [letters.get_charbox(place) for place in range(letters.count_chars())]
        assert all(left >= 0 and right <= page.get_width() - 20 for left, _, right, _ in boxes if right > left)


# -- TeX, for the web and for print ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "formula",
    [
        r"\begin{align} a &= b \\ c &= d \end{align}",
        r"\begin{align*} a &= b \end{align*}",
        r"\begin{equation} \begin{split} a &= b \\ &= c \end{split} \end{equation}",
        r"\begin{gather} a \\ b \end{gather}",
        r"\begin{alignat}{2} a &= b \end{alignat}",
        r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{dcases} a & b \end{dcases}",
        r"\left( \begin{array}{lr} a & b \\ c & d \end{array} \right)",
        r"\sum_{\substack{i = 1 \\ i \ne j}} x_i",
        r"\textbf{bold} + \textit{italic} + \texttt{code}",
        r"x \in \{1, \dots, n\}",
        r"\operatorname*{argmax}_{x} f(x)",
        r"X \stackrel{d}{\to} Y \quad \left\{ a \middle| b \right\}",
        r"a \hspace{1cm} b \boxed{c} \phantom{d}",
        r"\label{one} a = b \nonumber",
        "a \u2264 b \u00d7 c \u2212 \\text{at most \u2264 5}",
        r"^2 + a \iff b \lt \bm{c} \Big[ d \Big]",
        r"\begin{array}{l} a \\ \hline b \end{array}",
    ],
)
def test_common_tex_is_set(tmp_path, formula):
    print_book(write(tmp_path, **{"index.md": f"# T\n\n$$\n{formula}\n$$\n"}))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (r"\text{share in \%}", "share in %"),
        (r"\textbf{R\&D} + \mbox{a\_b}", "R&amp;D"),
        (r"\text{US\$ 5 a~pupil}", "US$ 5 a\u00a0pupil"),
        (r"\text{``so''}", "\u201cso\u201d"),
        (r"\text{plain}", "plain"),
    ],
)
def test_words_of_a_formula_have_no_backslashes(words, shown):
    """They stood as TeX escapes them, and a dollar ended them."""
    assert f">{shown}</mtext>" in tex.to_mathml(words, as_block=False)


@pytest.mark.parametrize(
    "formula", ["{", "}", r"\frac{a}", r"\begin{matrix} a", r"\end{cases}", r"\sqrt", "^", r"\unheard"]
)
def test_malformed_tex_is_told_as_such(formula):
    for as_block in (True, False):
        with pytest.raises(MathError):
            tex.to_mathml(formula, as_block=as_block)


def test_bold_text_in_a_formula_is_bold():
    assert '<mtext mathvariant="bold" style="font-weight: bold">words</mtext>' in tex.to_mathml(
        r"\textbf{words}", as_block=False
    )


def test_braces_within_text_stay_with_it():
    assert "<mtext>a {b} c</mtext>" in tex.to_mathml(r"\texttt{a \{b\} c}", as_block=False).replace("\\", "")


# -- parts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("plain", [("plain", "", False)]),
        ("\x1b[31mred\x1b[0m", [("red", "red", False)]),
        ("\x1b[1;92mgood\x1b[22m so", [("good", "green", True), (" so", "green", False)]),
        ("\x1b[38;5;31mx\x1b[39my", [("x", "", False), ("y", "", False)]),
        ("\x1b[38;2;1;2;3mx", [("x", "", False)]),
        ("a\x1b[2K\x1b]0;title\x07b", [("a", "", False), ("b", "", False)]),
    ],
)
def test_terminal_is_divided_by_colour(sent, shown):
    assert list(listings.runs(sent)) == shown


@pytest.mark.parametrize(
    ("asked", "length"),
    [("96", "72pt"), ("96px", "72pt"), ("2pc", "24pt"), ("50%", "50%"), ("1.5em", "1.5em"), ("2ex", "1em")],
)
def test_lengths_of_a_page_are_lengths_on_paper(asked, length):
    assert pictures.length(asked) == length


@pytest.mark.parametrize("asked", ["5vw", "wide", "", "-3mm", "3 4"])
def test_what_is_no_length_is_refused(asked):
    with pytest.raises(ValueError, match="is no length that print knows"):
        pictures.length(asked)
