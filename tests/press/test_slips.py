"""Slips that authors of such books really make, as one table: what was done, where it is told, and in which words.

Beside them stands what only looks like a slip and is published. Each line was a trouble that somebody had in public: a
wrong result without a word, legitimate work that was refused, or an error that hid its cause.
"""

import json
import re
import subprocess
from string import ascii_lowercase

import pytest
import yaml
from pypdf import PdfReader

from press import extension, run, scan
from press.desk import command
from press.errors import BookError
from press.page import colophon
from press.run import percent

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

SHOWN = "```{exhibit} ch1-small\n```\n\n"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"></svg>'
WORK = "@book{ito, author = {Ito, A.}, title = {On doors}, year = {2014}, publisher = {Press}}\n"
CHAPTER, NOTEBOOK = "book/chapter1.md", "notebooks/small.py"


def edit(book, name, text):
    """Put text at the end of the chapter or of the notebook, or in place of another file."""
    path = book.root / name
    before = path.read_text("utf-8") if name in (CHAPTER, NOTEBOOK) else ""
    path.write_text(before + text, "utf-8")


@pytest.fixture
def book(small_book):
    """The small book with a picture, a work, and a chapter that shows its exhibit."""
    small_book.chapter(SHOWN)  # up to line 5
    (small_book.root / "book" / "photo.svg").write_text(PICTURE, "utf-8")
    (small_book.root / "book" / "references.bib").write_text(WORK, "utf-8")
    (small_book.root / "book" / "index.md").write_text("# A small book\n\n```{bibliography}\n```\n", "utf-8")
    return small_book


FIGURE = "```{{figure}} photo.svg\n{}\n\nA caption.\n```\n"
# fmt: off
SLIPS = {
    "a merge that was not finished": (
        CHAPTER, "<<<<<<< main\nMine.\n=======\nTheirs.\n>>>>>>> edits\n", r"chapter1\.md:6: marks of an unfinished merge"),
    "one mark of a merge that was left": (CHAPTER, "Text.\n\n>>>>>>> edits\n", r"chapter1\.md:8: marks of an unfinished"),
    "a merge in a cell of prose": (
        NOTEBOOK, "\n# %% [markdown]\n# <<<<<<< HEAD\n# A text.\n", r"small\.py:8: marks of an unfinished merge"),
    "a merge between references": ("book/references.bib", "||||||| base\n" + WORK, r"references\.bib:1: marks of"),
    "a merge in the descriptor": ("data/datapackage.json", "<<<<<<< HEAD\n{}", r"datapackage\.json:1: marks of an unf"),
    "code in a cell of prose": (
        NOTEBOOK, "\n# %% [markdown]\n# A text.\nnumber = int(3)\n", r"small\.py:9: code stands in a Markdown cell"),
    "a second title": (CHAPTER, "Text.\n\n# Another\n\nText.\n", r"chapter1\.md:8: a second title, “Another”"),
    "a second title underlined": (CHAPTER, "Text.\n\nAnother\n=======\n\nText.\n", r"chapter1\.md:8: a second title"),
    "a second title of a notebook": (
        NOTEBOOK, "\n# %% [markdown]\n# # Another\n", r"small\.py:8: a second title, “Another”"),
    "an alternative text of two lines": (
        CHAPTER, FIGURE.format(":alt: A school\nwith a door\n:name: fig-photo"),
        r"chapter1\.md:7: the option :alt: goes on in the next line \('with a door'\).*:name: after it is lost"),
    "the last option on two lines": (CHAPTER, FIGURE.format(":alt: A school\nwith a door"), r"md:7: the option :alt:"),
    "the second line indented": (CHAPTER, FIGURE.format(":alt: A school\n  with a door"), r"md:7: the option :alt:"),
    "an option inside another directive": (
        CHAPTER, "````{note}\n" + FIGURE.format(":alt: A school\nwith a door") + "````\n", r"md:8: the option :alt:"),
    "a footnote without text": (CHAPTER, "A note.[^none]\n", r"chapter1\.md:6: the footnote \[\^none\] has no text"),
    "a footnote without mark": (CHAPTER, "Text.\n\n[^un]: A note.\n", r"chapter1\.md:8: the footnote \[\^un\] is referred"),
    "a reference that stands twice": ("book/references.bib", WORK + WORK, r"references\.bib:2: repeated .* ito"),
    "exceptions that are no entries": ("book/allowed-causes.yml", "- page\n", r"allowed-causes\.yml: the file holds list"),
    "a descriptor that is a list": ("data/datapackage.json", "[]", r"datapackage\.json: the file holds list"),
    "a citation without date": (
        "CITATION.cff", "title: x\nauthors: []\nversion: '1'\n", r"CITATION\.cff: the entry 'date-released' is missing"),
    "a citation of yesterday": (
        "CITATION.cff", "title: x\nauthors: [{name: y}]\nversion: '1'\ndate-released: yesterday\n", r"CITATION\.cff:4: date-released is"),
    "an empty table of contents": ("_toc.yml", "", r"_toc\.yml: the entry 'root' is missing|holds nothing"),
    "a box that is never closed": (CHAPTER, "```{note}\nA note.\n\nThe text goes on.\n", r"md:6: the block '```\{note\}' is never"),
    "a box that is not closed before the next": (
        CHAPTER, "```{note}\nA note.[^one]\n\n```{tip}\nA tip.\n```\n\nThe text goes on.\n\n[^one]: Below.\n",
        r"^Book error: book/chapter1\.md:6: the block '```\{note\}' is not closed before '```\{tip\}' begins in line 9[^\n]*$"),
    "a box in a box with one mark": (
        CHAPTER, ":::{note}\n:::{tip}\nInside.\n:::\n:::\n", r"md:6: the block ':::\{note\}'.* begin and end it with ::::$"),
    "a picture without alternative text": (CHAPTER, "![](photo.svg)\n", r"chapter1\.md:6: the picture photo\.svg has no"),
    "a picture of a block without alternative text": (
        CHAPTER, "Text.\n\n- One.\n- Two.\n\n```{image} photo.svg\n```\n", r"chapter1\.md:11: the picture photo\.svg has no"),
    "a box with a title and options": (
        CHAPTER, ":::{note} Mind this\n:class: x\n\nText.\n:::\n", r"chapter1\.md:6: the words behind \{note\} are its first line"),
    "a picture whose name has other capitals": (
        CHAPTER, "![A door](Photo.SVG)\n", r"no picture 'book/Photo\.SVG'; did you mean 'book/photo\.svg'"),
    "a paragraph after a tab": (
        CHAPTER, "Text.\n\n\tIn 2019 all schools closed.\n", r"chapter1\.md:8: 'In 2019 all schools closed\.' begins with blanks or"),
    "a paragraph after blanks": (
        CHAPTER, "Text.\n\n    All schools closed.\n", r"chapter1\.md:8: 'All schools closed\.' begins with blanks or a tab"),
    "a path as alternative text": (
        CHAPTER, "![book/photo.svg](photo.svg)\n", r"chapter1\.md:6: the alternative text of .* is the name of a file"),
    "a value in an alternative text": (
        CHAPTER, FIGURE.format(":alt: Mean {value}`ch1-mean`"), r"chapter1\.md:6: the alternative text .* name of a role"),
    "a value inside a formula": (CHAPTER, "Here $x = {value}`ch1-mean`$.\n", r"chapter1\.md:6: the formula 'x = "),
    "a value inside a displayed formula": (CHAPTER, "$$\nx = {value}`ch1-mean`\n$$\n", r"chapter1\.md:6: the formula"),
    "a formula that nothing can read": (CHAPTER, "Here $\\foo{x}$.\n", r"chapter1\.md:6: cannot read .*command \"\\foo\""),
    "a block of HTML": (CHAPTER, "<div>Lost</div>\n", r"chapter1\.md:6: '<div>Lost</div>' is HTML, which is lost in pr"),
    "HTML in a line": (CHAPTER, "Water is H<sub>2</sub>O.\n", r"chapter1\.md:6: '<sub>' is HTML"),
    "HTML in a notebook": (NOTEBOOK, "\n# %% [markdown]\n# <b>Lost</b>\n", r"small\.py:8: '<b>' is HTML"),
    "a page that no contents list": (
        "book/stray.md", "# Stray\n", r"book/stray\.md is in no part of _toc\.yml; add `- file: book/stray` where the page"),
    "a notebook that no contents list": (
        "notebooks/stray.py", "# %%\n1\n", r"notebooks/stray\.py is in no part of _toc\.yml; add `- file: notebooks/stray`"),
    "a notebook that is no text": ("notebooks/mine.ipynb", "{}", r"mine\.ipynb: notebooks are text; write it as one with"),
    "letters of another encoding": (CHAPTER, "B\xe9.\n".encode("latin-1"), r"chapter1\.md:6: the byte 0xe9 is not UTF-8"),
    "a tab in the settings": ("_config.yml", "\ttitle: x\n", r"_config\.yml:1: .*indent with blanks, not with tabs"),
    "a comma too many in the descriptor": ("data/datapackage.json", '{"resources": [,]}', r"datapackage\.json:1: "),
    "a badly indented exception": (
        "book/allowed-numbers.yml", "- page: book/chapter1\n text: wrong\n", r"allowed-numbers\.yml:2: .*indent the line"),
    "a comma too few in a reference": (
        "book/references.bib", "@book{ito, author = {Ito, A.}\n title = {T}}\n", r"references\.bib:2: .*'}' expected"),
    "a bracket too few in the citation": ("CITATION.cff", "title: [\n", r"CITATION\.cff:2: "),
    "a reference that is none": (CHAPTER, "As told {cite:p}`nobody`.\n", r"book/chapter1\.md:6: no bibliography has a work 'nobody'; add it to"),
    "a reference with a typo": (CHAPTER, "As told {cite:p}`itto`.\n", r"chapter1\.md:6: no bibliography .*; did you mean 'ito'\?"),
    "a label that is none": (CHAPTER, "See [](#nowhere).\n", r"chapter1\.md:6: there is no label 'nowhere'; write \(nowhere\)= above"),
    "a label with a typo": (CHAPTER, "(doors)=\n\n## Doors\n\nSee {ref}`door`.\n", r"chapter1\.md:10: .* did you mean 'doors'\?"),
    "a formula that is none": (CHAPTER, "See {eq}`eq-none`.\n", r"chapter1\.md:6: no formula has the label 'eq-none'"),
    "a page that is none": (CHAPTER, "See {doc}`/book/chapter2`.\n", r"md:6: there is no page .*did you mean '/book/chapter1'\?"),
    "a command of IPython": (NOTEBOOK, "\n# %%\n%matplotlib inline\n", r"notebooks/small\.py:8: '%matplotlib inline' is a command of IPython"),
    "a command of the system": (NOTEBOOK, "\n# %%\n!ls data\n", r"notebooks/small\.py:8: '!ls data' is a command of IPython"),
    "a question to IPython": (NOTEBOOK, "\n# %%\nlen?\n", r"notebooks/small\.py:8: 'len\?' is a command of IPython"),
    "a tag with a typo": (NOTEBOOK, '\n# %% tags=["hide_input"]\n1\n', r"notebooks/small\.py:7: the tag 'hide_input' .*'hide-input'\?"),
    "a raw cell": (NOTEBOOK, "\n# %% [raw]\n# text\n", r"notebooks/small\.py:7: a raw cell stands on no page"),
    "a page that stands twice": (
        "_toc.yml", "format: jb-book\nroot: book/index\nparts:\n- chapters:\n  - file: book/chapter1\n  - file: book/chapter1\n"
        "  - file: notebooks/small\n", r"_toc\.yml:6: book/chapter1 stands in the contents 2 times"),
    "a line break of another program": (CHAPTER, "One line\x0band another.\n", r"md:6: the character U\+000B is none that is printed"),
    "a letter of Windows": (CHAPTER, "It\x92s so.\n", r"md:6: the character U\+0092 is none"),
    "a colour of a terminal": (NOTEBOOK, "\n# %% [markdown]\n# \x1b[31mred\n", r"small\.py:8: the character U\+001B is none"),
    "a formula on a slide": (
        CHAPTER, ":::{admonition} In brief\n:class: in-brief\n- It is $x^2$.\n:::\n", r"md:\d+: the formula 'x\^2' goes to a slide"),
    "a per cent sign twice": (
        CHAPTER, "So {value}`ch1-mean:.0%` per cent are.\n", r"md:6: the value 'ch1-mean' is printed as '1234%', and 'per cent' follows"),
    "a cause with a mistyped work": (
        CHAPTER, "Smaller classes raised scores {cite:p}`itoo`.\n", r"book/chapter1\.md:6: no bibliography has a work 'itoo'; did you mean 'ito'"),
    "a box without a title": (CHAPTER, ":::{admonition}\nText.\n:::\n", r"md:6: the admonition block has no title, or names nothing"),
    "a label of another page": (
        CHAPTER, "(doors)=\n\n## Doors\n\n[There](index.md#doors).\n", r"md:10: the page has no heading .*; lead to a label by its name"),
    "a label that stands twice": (CHAPTER, "(doors)=\n\n## Doors\n\n(doors)=\n\n## More\n", r"chapter1\.md:10: the label 'doors' stands twice"),
    "a substitution that is none": (CHAPTER, "It is {{ door }}.\n", r"md:6: myst_substitutions in _config\.yml has no 'door'; add it"),
    "a title over two lines": (
        CHAPTER, "```{table} A title\nover two\n\n| a |\n| - |\n| b |\n```\n", r"md:6: the block holds more than the one table"),
    "an address of a telephone": (CHAPTER, "[Call](tel:+123)\n", r"md:6: the address 'tel:\+123' is none that a book links to"),
    "an option with quotation marks": (
        CHAPTER, '```{csv-table} T\n:header: "a", "b"\n\n1, 2\n```\n', r"md:6: an option of the csv-table block cannot be read"),
    "a cell of code in a page": (CHAPTER, "```{code-cell} python\n1\n```\n", r"md:6: a code-cell stands in a page of prose"),
    "a page by its address": (CHAPTER, "[Here](index.html)\n", r"md:6: there is no page 'index\.html'; did you mean 'index\.md'\?"),
    "a picture with a blank": (
        CHAPTER, "```{figure} my photos.svg\n:alt: A door\n```\n", r"md:6: there is no picture .*; did you mean 'book/photo\.svg'"),
    "a term in the plural": (
        CHAPTER, "Two {term}`doors`.\n\n```{glossary}\ndoor\n  It opens.\n```\n",
        r"chapter1\.md:\d+: the glossary has no term 'doors'; write \{term\}`doors <door>`"),
    "a term that nobody explains": (
        CHAPTER, "A {term}`gate`.\n\n```{glossary}\ndoor\n  It opens.\n```\n",
        r"chapter1\.md:\d+: the glossary has no term 'gate'; add it"),
    "a term that is explained twice": (
        CHAPTER, "```{glossary}\ndoor\n  It opens.\n\ndoor\n  It shuts.\n```\n", r"chapter1\.md:\d+: the term 'door' is explained twice, also in book/chapter1;"),
    "a number of what has none": (
        CHAPTER, "(doors)=\n\n## Doors\n\nSee {numref}`doors`.\n", r"md:10: \{numref\}`doors` leads to what has no number; write \{ref\}"),
    "a picture of the web": (CHAPTER, "![A door](https://example.org/a.png)\n", r"md:6: the picture https://.* lies on the web"),
    "a role that is none": (CHAPTER, "It is {values}`ch1-mean`.\n", r"md:6: there is no role 'values'; did you mean 'value'\?"),
    "a reference that is none, in a notebook": (
        NOTEBOOK, "\n# %% [markdown]\n# As told {cite:p}`nobody`.\n", r"^notebooks/small\.py:8: no bibliography has a work 'nobody'"),
    "a label that is none, in a notebook": (NOTEBOOK, "\n# %% [markdown]\n# See [](#gone).\n", r"small\.py:8:.*'gone'"),
    "a directive that is none": (CHAPTER, "```{figur} photo.svg\n```\n", r"md:6: there is no directive 'figur'; did you mean 'figure'\?"),
    "a cell too many": (CHAPTER, "| a | b |\n| --- | --- |\n| 1 | 2 | 3 |\n", r"chapter1\.md:8: the row has 3 cells .*'3' would vanish"),
    "a line within code in a table": (
        CHAPTER, "| a | b |\n| :-- | --: |\n| `x|y` | 2 |\n", r"chapter1\.md:8: .*'2' would vanish; .* write \\\|"),
    "a head that is no head": (CHAPTER, "| a | b |\n| --- |\n| 1 | 2 |\n", r"chapter1\.md:7: the head of the table has 2 cells"),
    "a cell too many in a notebook": (
        NOTEBOOK, "\n# %% [markdown]\n# | a |\n# | - |\n# | 1 | 2 |\n", r"small\.py:10: the row has 2 cells"),
    "a heading that jumps over a level": (CHAPTER, "## One\n\n##### Two\n\nText.\n", r"md:\d+: the heading jumps over a level; .* level 2 write one #"),
    "a brace of a reference that is never closed": (
        "book/references.bib", "@book{ito2, author = {Ito, A., title = {T}\n", r"references\.bib:\d+: .*a brace of 'ito2', or of an entry before it, is never closed"),
    "a script as an address": (CHAPTER, "Read [this](javascript:alert).\n", r"chapter1\.md:6:.*javascript"),
    "a script as an address in a notebook": (
        NOTEBOOK, "\n# %% [markdown]\n# Read [this](JavaScript:alert).\n", r"(?i)small\.py:8:.*javascript"),
    "a script as the address of a work": (
        "book/references.bib", WORK[:-2] + ", url = {javascript:alert(1)}}\n", r"references\.bib:1: ito: the address 'javasc"),
    "a program as the address of a work": (
        "book/references.bib", WORK[:-2] + ", url = {data:text/html,x}}\n", r"references\.bib:1: ito: the address 'data:"),
    "the clock": (
        NOTEBOOK, "\n# %%\nfrom datetime import date\ndate.today()\n", r"small\.py:9: date\.today\(\) reads the clock"),
    "chance without a seed": (
        NOTEBOOK, "\n# %%\nimport numpy as np\nnp.random.default_rng().normal()\n", r"small\.py:9: np\.random\.default_rng\(\) gives"),
    "a warning that is silenced": (
        NOTEBOOK, "\n# %%\nimport warnings\nwarnings.simplefilter('ignore')\n", r"small\.py:9: warnings\.simplefilter\(\) filters"),
    "a page with a name that no address can hold": (
        "_toc.yml", "format: jb-book\nroot: book/index\nchapters: [{file: book/été à paris}, {file: notebooks/small}]\n",
        r"_toc\.yml:3: the name of the page book/été à paris becomes its address; use letters from a to z, digits, hyphens and"),
    "an option that is none": (CHAPTER, FIGURE.format(":altt: A door\n:alt: A door"), r"chapter1\.md:6:.*'altt'"),
}
# fmt: on


@pytest.mark.parametrize("slip", SLIPS)
def test_slip_is_told_with_its_place(book, slip):
    name, text, words = SLIPS[slip]
    if isinstance(text, bytes):
        (book.root / name).write_bytes((book.root / name).read_bytes() + text)
    else:
        edit(book, name, text)
    try:
        if name == "_config.yml":
            command.make_current(book.root, with_pdf=False, quiet=True)
        said = str(book.build())
    except SystemExit as error:  # docutils ends with another one of the same words
        said = str(error)
    assert re.search(words, said), said
    assert "0x7" not in said and "Handler" not in said


def test_exhibits_that_their_notebook_does_not_show_are_told_before_a_page_is_read(book, monkeypatch):
    """Each was told when its page was read, after all the others had been."""
    path = next((book.root / "_build" / "runs").glob("*/notebook.ipynb"))
    for number in (2, 3):
        folder = path.parent / "exhibits"
        metadata = json.loads((folder / "ch1-small.json").read_text("utf-8")) | {
            "id": f"ch1-more{number}",
            "cell": number,
        }
        (folder / f"ch1-more{number}.json").write_text(json.dumps(metadata), "utf-8")
    monkeypatch.setattr(extension, "insert_results", lambda *_: pytest.fail("a page was read"))
    with pytest.raises(SystemExit) as told:
        book.build()
    lines = str(told.value).splitlines()
    assert [re.search(r"small\.py(?::\d+)?, code cell \d: the exhibit '(\S+)' is published but not shown", line)[1] for line in lines] == [
        "ch1-more2", "ch1-more3"
    ]  # fmt: skip


def test_ids_that_nobody_publishes_are_told_all_at_once_before_a_page_is_read(book, monkeypatch):
    """Each was told when its page was read, after all the pages before it, and one a build."""
    edit(
        book,
        CHAPTER,
        "It is {value}`ch1-meen:.0f` or {value}`ch1-mean` ({tests}`ch1-small-famly`).\n\n```{exhibit} ch1-smal\n```\n",
    )
    edit(
        book,
        CHAPTER,
        "\nWrite ``{value}`none` `` or:\n\n````md\n```{exhibit} none\n```\n{value}`none`\n````\n\n```{note}\n{value}`no`\n```\n",
    )
    (book.root / "book" / "_draft.md").write_text("# Draft\n\n{value}`none`\n", "utf-8")
    monkeypatch.setattr(extension, "insert_results", lambda *_: pytest.fail("a page was read"))
    with pytest.raises(SystemExit) as told:
        book.build()
    assert re.findall(r"chapter1\.md:(\d+): no notebook publishes the ([a-z ]+) '(\S+)'", str(told.value)) == [
        ("6", "value", "ch1-meen"), ("6", "family of tests", "ch1-small-famly"), ("8", "exhibit", "ch1-smal"), ("20", "value", "no"),
    ]  # fmt: skip


def test_remark_of_an_author_is_not_published(book):
    """What a team notes for itself stood in the source of the page, for all to read."""
    book.chapter(f"{SHOWN}\n<!-- ask the\nministers -->\n\nText <!-- all of it --> goes on.\n")
    assert book.build() == 0
    page = book.page("book/chapter1")
    assert "ask the" not in page
    assert "all of it" not in page
    assert "goes on." in page


def test_picture_of_a_notebook_that_is_no_exhibit_is_told_with_its_cell(book):
    """It was told as a file without alternative text, whose name is a digest."""
    (path,) = (book.root / "_build" / "runs").glob("*/notebook.ipynb")
    notebook = json.loads(path.read_text("utf-8"))
    output = {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo=", "text/plain": "x"}, "metadata": {}}
    notebook["cells"][0]["outputs"].append(output)
    path.write_text(json.dumps(notebook), "utf-8")
    with pytest.raises(
        SystemExit, match=r"^Book error: notebooks/small\.py(?::\d+)?, code cell 1: shows a picture that is no exhibit"
    ):
        book.build()


def test_what_a_build_would_refuse_of_a_notebook_is_told_before_it_is_executed(book, monkeypatch):
    edit(book, NOTEBOOK, "\n# %%\nimport warnings\nwarnings.simplefilter('ignore')\n")
    edit(book, CHAPTER, "<<<<<<< main\n")  # which has no part in a notebook
    monkeypatch.chdir(book.root)
    monkeypatch.setattr(run, "execute", lambda *_, **__: pytest.fail("it was executed"))
    with pytest.raises(SystemExit, match=r"small\.py:9: warnings\.simplefilter\(\) filters"):
        command.main(["execute", "small"])
    assert scan.check_notebooks(book.root, ["another"]) is None


# fmt: off
FINE = {
    "a labelled formula": (
        "$$\ny = a + b x\n$$ (eq-line)\n\nEquation {eq}`eq-line` is a line.\n",
        r'(?s)href="#equation-eq-line".*|id="equation-eq-line".*?<span class="eqno">\(1\.1\)', r"\(1\.1\)"),
    "a footnote that is used twice": (
        "A note.[^first] Another.[^first]\n\n[^first]: It cites {cite:p}`ito` and shows {value}`ch1-mean`.\n",
        r"footnote", r"Another\. ?1"),
    "a citation in a caption that is referred to": (
        "```{figure} photo.svg\n:alt: A door\n:name: fig-photo\n\nA caption {cite:p}`ito`.\n```\n\nSee {numref}`fig-photo`.\n",
        r'id="fig-photo"', r"A caption [(\[]Ito, 2014"),
    "a text that begins right after an option": (
        "```{figure} photo.svg\n:alt: A door\n:width: 20px\nA caption.\n```\n", r'alt="A door"', "A caption"),
    "an option in an example of code": ("````md\n```{figure} x\n:alt: A\nb\n```\n````\n", "alt", "alt"),
    "a footnote of a caption": (
        "```{figure} photo.svg\n:alt: A door\n\nA caption.[^cap]\n```\n\n[^cap]: What it shows.\n", "What it shows", "What it shows"),
    "a footnote of a box": (":::{note}\nIn a box.[^box]\n:::\n\n[^box]: Out of it.\n", "Out of it", "Out of it"),
    "a footnote of a title of a table": (
        "```{list-table} A title[^tab]\n* - cell\n```\n\n[^tab]: Of the table.\n", "Of the table", "Of the table"),
    "an address that stands as itself": (
        "See <https://example.org/report-12-of-40/x>.\n", "report-12-of-40/x", r"report-\s*12-\s*of-\s*40/x"),
    "a footnote in code": ("Write `[^one]` and:\n\n```md\n[^two]: so\n```\n", "one", "one"),
    "a table with a line in a cell": ("| a | b |\n| --- | --- |\n| x \\| y | z |\n", r"x \| y", r"x \| y"),
    "a table in code": ("```md\n| a |\n| - |\n| c | d |\n```\n", r"\| c \| d \|", r"\| c \| d \|"),
    "code that begins a line": ("```{exhibit} x``` shows an exhibit.\n", "shows an exhibit", "shows an exhibit"),
    "a box in a box": ("::::{note}\n:::{tip}\nInside.\n:::\n::::\n", "Inside", "Inside"),
    "a comment in HTML": ("<!-- a comment -->\n\nText <!-- of ours --> goes on.\n", "goes on", "goes on"),
    "marks of a merge in a sentence": ("Git writes <<<<<<< there.\n", "Git writes", "Git writes"),
}
# fmt: on


def test_what_is_no_slip_is_published_on_the_web_and_in_print(book):
    """Each in a chapter of its own, the first of which has formulas by the number 1.1."""
    begins = {work: f"It begins with {letter}." for work, letter in zip(FINE, ascii_lowercase, strict=False)}
    pages = {work: f"book/fine-{number}" for number, work in enumerate(FINE)}
    for work, (text, _, _) in FINE.items():
        (book.root / f"{pages[work]}.md").write_text(f"# On {work}\n\n{begins[work]}\n\n{text}", "utf-8")
    contents = yaml.safe_load((book.root / "_toc.yml").read_text("utf-8"))
    contents["parts"][0]["chapters"][:0] = [{"file": page} for page in pages.values()]
    (book.root / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")
    assert book.build(press_pdf=True) == 0
    (path,) = (book.root / "_build" / "pdf").glob("lights-and-tides.pdf")
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
    starts = [printed.index(begin) for begin in begins.values()]
    assert starts == sorted(starts)
    for (work, (_, on_web, in_print)), start, end in zip(FINE.items(), starts, [*starts[1:], None], strict=True):
        assert re.search(on_web, book.page(pages[work])), work
        assert re.search(in_print, printed[start:end]), work


def test_character_that_no_font_has_is_told_where_it_stands(book):
    edit(book, CHAPTER, "The word \u6c34 is water.\n")
    with pytest.raises(SystemExit, match=r"book/chapter1\.md:6: no font of the book has the character '\u6c34'"):
        book.build(press_pdf=True)


def test_code_for_typst_itself_is_told_where_it_stands(book):
    edit(book, CHAPTER, "```{raw} typst\nnothing()\n```\n")
    with pytest.raises(SystemExit, match=r"book/chapter1\.md:6: raw Typst is off"):
        book.build(press_pdf=True)


def test_number_of_a_formula_stands_where_the_reference_leads(book):
    edit(book, CHAPTER, "$$\ny = a + b x\n$$ (eq-line)\n\nEquation {eq}`eq-line` is a line.\n")
    assert book.build() == 0
    page = book.page("book/chapter1")
    assert re.search(r'<div class="math" id="equation-eq-line">\s*<span class="eqno">\(1\.1\)', page)
    assert 'href="#equation-eq-line"' in page


def test_value_of_an_exhibit_that_is_none_is_told_in_its_notebook(book):
    """It was told as a missing label of the page that quotes the value, which was right."""
    path = next(book.root.glob("_build/runs/*/values.json"))
    path.write_text(path.read_text("utf-8").replace('"exhibit": "ch1-small"', '"exhibit": "ch1-smal"'), "utf-8")
    told = r"notebooks/small\.py:\d+, code cell 1, value 'ch1-mean': no notebook publishes the exhibit 'ch1-smal'; did you mean"
    with pytest.raises(BookError, match=told):
        book.build()


@pytest.mark.parametrize("change", [lambda text: b"\xef\xbb\xbf" + text, lambda text: text.replace(b"\n", b"\r\n")])
def test_what_editors_of_windows_write_is_the_same_book(book, change):
    names = (CHAPTER, NOTEBOOK, "_config.yml", "_toc.yml", "CITATION.cff", "book/references.bib", "data/datapackage.json",
        "pyproject.toml")  # fmt: skip
    code = percent.decode((book.root / NOTEBOOK).read_bytes())
    for name in names:
        (book.root / name).write_bytes(change((book.root / name).read_bytes()))
    assert percent.decode((book.root / NOTEBOOK).read_bytes()) == code
    assert book.build() == 0
    assert "Small analysis" in book.page("notebooks/small")


def test_notebook_that_jupyterlab_pairs_is_left_alone(book):
    edit(book, "notebooks/small.ipynb", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    assert book.build() == 0
    assert "Small analysis" in book.page("notebooks/small")


def test_comment_that_begins_like_a_command_is_one():
    source = "# %%\n# cat of the house\n# ls\n# %time is short\n# !rm all\nx = 1\n"
    (cell,) = percent.read(source).cells
    assert cell.source == source.partition("\n")[2].rstrip()


def test_cells_begin_where_their_marks_stand():
    header = "# ---\n# jupyter: x\n# ---\n\n"
    cells = "# %% [markdown]\n# A\n\n# %%\n1\n"
    assert percent.cell_lines(cells) == [1, 4]
    assert percent.cell_lines(header + cells) == [5, 8]
    assert percent.cell_lines("import x\n\n" + cells) == [0, 3, 6]


def test_prose_in_triple_quotes_is_prose():
    assert list(scan.notebook('# %% [markdown]\n"""\nA text.\n"""\n\n# %%\nx = 1\n')) == []


def test_root_of_the_site_is_the_page_that_is_the_first_now(book):
    """It once led to a page that was gone after the first page had another name."""
    assert book.build() == 0
    door = book.root / "_build" / "html" / "index.html"
    assert 'href="book/chapter1.html"' in door.read_text("utf-8") and "Refresh" not in door.read_text("utf-8")
    (book.root / "book" / "index.md").rename(book.root / "book" / "home.md")
    contents = yaml.safe_load((book.root / "_toc.yml").read_text("utf-8")) | {"root": "book/home"}
    (book.root / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")
    assert book.build() == 0
    assert 'href="book/chapter1.html"' in door.read_text("utf-8") and "book/index.html" not in door.read_text("utf-8")


def test_copy_inside_another_repository_has_no_commit_of_its_own(book):
    """It took that of the other one, which knows nothing of the book."""

    def git(*words):
        subprocess.run(["git", *words], cwd=book.root, check=True, capture_output=True)

    git("init")
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--allow-empty", "-m", "Another project")
    assert colophon.read(book.root)["commit"] == "unknown"
    git("add", "_toc.yml")
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-m", "The book")
    assert re.fullmatch(r"[0-9a-f]{7,}", colophon.read(book.root)["commit"])
