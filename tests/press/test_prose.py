"""The checks of prose find what they exist to find in any book, and let through what they must."""

import json
import pickle
import re

import pytest
from coast import numbers as written

from press import lint, settings
from press.desk import command
from press.errors import BookError
from press.lint import agreement, causes, numbers, pages, reading, sources, structure
from press.lint.pages import CITATION, COMPUTED, EXHIBIT, Block, Page

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")
SHOWN = "See {numref}`ch1-small`.\n\n```{exhibit} ch1-small\n```\n\n"


def test_words_of_a_book_count_in_that_book_only():
    """A noun of one book, taken for one of another, would let its numbers pass or refuse its names."""
    words = settings.Words(
        numbered=("berth",),
        dated=("Survey",),
        bases=("Port",),
        spans=("6-12",),
        counted=("lamps?",),
        moved=("keepers",),
    )
    for sentence in ["Twelve lamps burn.", "There are 2000 lamps."]:
        assert numbers.typed_in(sentence, words=words)
        assert numbers.typed_in(sentence) == []
    for sentence in [
        "It lies at berth 3.",
        "Survey 2022 lamps burn.",
        "An index of Port in 2020 = 100 rose.",
        "Aged 6-12.",
    ]:
        assert numbers.typed_in(sentence, words=words) == []
    for sentence in ["It lies at berth 3.", "An index with Port = 100 rose.", "The group 6-12 burns."]:
        assert numbers.typed_in(sentence)
    assert causes.causal_words("Light makes keepers stay.", words) == ["makes keepers"]
    assert causes.causal_words("Light makes keepers stay.") == []


def test_unknown_setting_is_told_with_those_that_are_known():
    with pytest.raises(
        BookError, match=r"_config\.yml: press_words has the unknown entry 'nouns'; expected numbered, "
    ):
        settings.read(settings.Words, {"nouns": ["lamps"]}, "press_words")


def test_a_book_without_chapters_of_a_fixed_shape_is_held_to_none(small_book):
    plain = settings.Chapters()
    assert not plain.hold("book/chapter1")
    assert not plain.own("chapter1_depths")
    own = settings.Chapters(pages=r"book/part\d+", first=("Why",))
    assert (own.hold("book/part1"), own.hold("book/part1/more"), own.own("part2_lamps")) == (True, False, True)
    page = Page("book/part1", "book/part1.md", [
        Block("heading", "T", 1, 1), Block("text", "S.", 2, box="abstract"), Block("heading", "How", 3, 2),
        Block("heading", "Why", 4, 2), *[Block("text", "A.", 5, box="in-brief", values=(("a-b", "1"),))] * 3,
    ])  # fmt: skip
    (wrong,) = structure.headings(page, own)
    assert ":3: the heading \u201cHow\u201d is out of order; sections of evidence stand after \u201cWhy\u201d" in wrong


def test_citation_covers_no_number_that_is_typed():
    """A number from literature used to stand beside its source, where nobody could see what it was nor trace it."""
    text = f"It fell by 12% {CITATION}. It rose by {COMPUTED} in 2012 {CITATION}. 37 countries fell."
    block = Block("text", text, citations=("a2000", "b2000"))
    found = numbers.check(Page("book/chapter1", "book/chapter1.md", [block]))
    assert [sentence for _, sentence, _ in found] == [f"It fell by 12% {CITATION}.", "37 countries fell."]


def test_number_quoted_from_a_work_is_let_through_and_the_same_number_typed_is_not(small_book):
    works = {"lamp": {"title": "L", "numbers": {"height": {"value": 17, "text": "Height"}}}}
    (small_book.root / "data" / "works.json").write_text(json.dumps(works), "utf-8")
    (small_book.root / "book" / "index.md").write_text("# A book\n\n(work-lamp)=\n## Works\n", "utf-8")
    small_book.chapter(f"{SHOWN}It is {{study}}`lamp:height` metres high.\n")
    assert small_book.build() == 0
    small_book.chapter(f"{SHOWN}It is 17 metres high.\n")
    with pytest.raises(SystemExit, match=r"the number '17' is typed in: .* write \{study\}`work:number`"):
        small_book.build()


@pytest.mark.parametrize(
    ("text", "where", "number"),
    [
        ("| Country | Share |\n| --- | --- |\n| Austria | 37% |\n", 10, "37%"),
        (":::{note}\nThe share is 37%.\n:::\n", 9, "37%"),
        ("[a share of 37%](https://example.org)\n", 8, "37%"),
        ("The share is `37%`.\n", 8, "37%"),
        ("The share is $37\\%$.\n", 8, "37"),
        ("Word\n: The share is 37%.\n", 9, "37%"),
        ("## A rise of 37%\n", 8, "37%"),
        ("- a rise of 37%\n", 8, "37%"),
        ("```{rubric} A rise of 37%\n```\n", 8, "37%"),
        ("Spending doubled.\n", 8, "doubled"),
    ],
)
def test_number_is_found_wherever_it_is_typed(small_book, text, where, number):
    """Tables, boxes, links, code quotes, formulas, HTML, headings: no corner of a page is out of sight."""
    small_book.chapter(SHOWN + text)
    with pytest.raises(SystemExit, match=rf"book/chapter1\.md:{where}: the number '{number}"):
        small_book.build()


def test_number_in_the_text_alternative_of_a_picture_is_found(small_book):
    (small_book.root / "book" / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    small_book.chapter(f"{SHOWN}![Bars up to 37%](dot.svg)\n")
    with pytest.raises(SystemExit, match="'37%' is typed in"):
        small_book.build()


@pytest.mark.parametrize(
    ("code", "line", "found"),
    [
        ("# %% [markdown]\n# # Small analysis\n#\n# Half of the countries fell.\n", 4, "Half of"),
        ('# %%\nexhibits.figure("a-b", chart, title="37 countries fell", finding=f"{n} fell")\n', 2, "37"),
        (
            '# %%\nexhibits.table("a-b", frame, title=f"{n} fell",\n               finding="37 countries fell")\n',
            3,
            "37",
        ),
        ('# %%\nexhibits.value("a-n", 37)\n', 2, "37"),
        ('# %%\nexhibits.value("a-n", -0.4)\n', 2, "0.4"),
        ('# %%\nexhibits.value("a-n", obs_value=+18.5)\n', 2, "18.5"),
        ('# %%\nexhibits.values({"a-n": 37.2})\n', 2, "37.2"),
        (
            '# %%\nshared = {"title": "It has 12.3 per cent"}\nexhibits.table("a-b", data, **shared)\n',
            2,
            "12.3 per cent",
        ),
        ('# %%\nshared = dict(note="There are 17 schools")\nexhibits.table("a-b", data, **shared | more)\n', 2, "17"),
        ('# %%\nexhibits.table("a-b", data, **{"finding": "it is 12.3 points"})\n', 2, "12.3"),
    ],
)
def test_notebook_types_in_no_result(code, line, found):
    typed = Page("notebooks/a", "notebooks/a.py", pages.typed_texts(code))
    if "markdown" in code:
        lines = [text.removeprefix("# ") for text in code.splitlines()]
        text = "Half of the countries fell."
        typed = Page("notebooks/a", "notebooks/a.py", [Block("text", text, pages._find(text, lines))])
    ((block, _, message),) = numbers.check(typed)
    assert typed.place(block) == f"notebooks/a.py:{line}"
    assert f"{found!r}" in message


def test_prose_of_a_notebook_stops_the_build_too(small_book):
    source = "# %% [markdown]\n# # Small analysis\n#\n# Spending raises results.\n\n# %%\nprint(1)\n"
    (small_book.root / "notebooks" / "small.py").write_text(source, "utf-8")
    with pytest.raises(SystemExit, match=r"notebooks/small\.py:4: 'raises' claims a cause"):
        small_book.build()


def test_work_whose_design_can_carry_it_may_be_quoted_with_a_causal_word():
    text = f"The lottery raised earnings {CITATION}. Clubs raised earnings {CITATION}."
    page = Page("book/chapter1", "book/chapter1.md", [Block("text", text, 3, citations=("trial2000", "survey2000"))])
    (wrong,) = lint.judge(lint.offences(page, written.typeset), [], {"trial2000"})
    assert wrong.startswith("book/chapter1.md:3: 'raised' claims a cause: \u201cClubs raised earnings")


def test_exception_lets_through_its_sentence_only_and_must_be_needed():
    blocks = [Block("text", "Clubs \u201craise\u201d results. Trust raises results.", 3)]
    found = lint.offences(Page("book/chapter1", "book/chapter1.md", blocks), written.typeset)
    entry = {"rule": "causes", "page": "book/*", "text": 'Clubs "raise"', "file": lint.CAUSES}
    (wrong,) = lint.judge(found, [entry], set())
    assert "Trust raises" in wrong
    (_, _, stale) = lint.judge(found, [{**entry, "text": "Clubs lower"}], set())
    assert stale == "book/allowed-causes.yml: no sentence of book/* needs the exception 'Clubs lower'; delete it"


def test_list_of_exceptions_is_read_anew_by_every_build(small_book):
    """An exception that is taken away must count although no page has changed."""
    path = small_book.root / "book" / "allowed-causes.yml"
    path.write_text("sentences:\n- {page: book/chapter1, text: raises results, reason: quoted}\n", "utf-8")
    small_book.chapter(f"{SHOWN}Spending raises results.\n")
    assert small_book.build() == 0
    path.unlink()
    with pytest.raises(SystemExit, match=r"book/chapter1\.md:8: 'raises' claims a cause"):
        small_book.build()


def test_text_with_which_a_page_begins_is_told_of(small_book, capsys):
    """A chapter was published with the sentences of its template, of which the build said nothing."""
    (small_book.root / "start").mkdir()
    (small_book.root / "start" / "chapter.md").write_text("# {title}\n\nThe answer, in two sentences.\n", "utf-8")
    path = small_book.root / "pyproject.toml"
    path.write_text(path.read_text("utf-8").replace("[tool.press]\n", '[tool.press]\ntemplates = "start"\n'), "utf-8")
    small_book.chapter(f"{SHOWN}The answer, in two sentences.\n\nAnother one.\n")
    assert small_book.build() == 0
    (told,) = re.findall(
        r"book/chapter1\.md:(\d+): the text of the template still stands here", capsys.readouterr().out
    )
    assert told == "8"


def test_exception_without_reason_is_refused(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / lint.CAUSES).write_text("sentences:\n- {page: book/a, text: raises}\n", "utf-8")
    with pytest.raises(BookError, match="each entry needs page, text and reason"):
        lint.read_exceptions(tmp_path)


def test_number_printed_in_two_formats_stops_the_build(small_book):
    small_book.chapter(f"{SHOWN}The mean is {{value}}`ch1-mean`.\n\nThe mean is {{value}}`ch1-mean:.2f`.\n")
    with pytest.raises(SystemExit, match=r"book/chapter1\.md:10: the value 'ch1-mean' is printed as '12\.34' here and"):
        small_book.build()


@pytest.mark.parametrize("number", ["1,428", "1 428"])
def test_thousands_are_set_apart_in_one_way(number):
    """Computed numbers have a narrow space, so that no line breaks within one; typed ones had commas and spaces."""
    page = Page("book/a", "book/a.md", [Block("text", f"Of {number} students {CITATION}.", 4, citations=("a2000",))])
    # That it is typed at all is another mistake.
    (wrong,) = [told for told in lint.judge(lint.offences(page, written.typeset), [], set()) if "1\\u202f428" in told]
    assert wrong.startswith(f"book/a.md:4: the number {number!r}")
    right = Page("book/a", "book/a.md", [Block("text", f"Of 1\u202f428 students in 2012, 2022 {CITATION}.", 4)])
    assert list(agreement.thousands(right, written.typeset)) == []
    # A book whose package writes commas is asked for commas.
    commas = [message for _, _, message in agreement.thousands(page, str)]
    assert [message.endswith("write '1,428', as computed numbers are printed") for message in commas] == (
        [True] if number == "1 428" else []
    )


def published(identifier, number, **others):
    return {
        identifier: {
            "id": identifier, "obs_value": number, "unit": "%", "format": ".1f", "time_period": "2022", "n_obs": 30,
            "std_error": None, "indicators": ["pisa"], "notebook": "a", "cell": 1, **others,
        }
    }  # fmt: skip


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (published("ch2-share", 41.26, format=".0f"), "'ch2-share' is the number of 'ch1-rate'"),
        (published("ch2-share", 41.26, n_obs=29), "print, n and standard error"),
        (published("ch2-rate", 41.9), "'ch2-rate' is 41.9 and 'ch1-rate'"),
        (published("ch1-rate-n", 31), "'ch1-rate-n' says 31, but 'ch1-rate' was computed from n = 30"),
    ],
)
def test_statistic_stated_in_two_ways_is_found(other, message):
    (wrong,) = agreement.statistics(published("ch1-rate", 41.26) | other, written.format_value, r"ch\d+-")
    assert message in wrong


def test_statistics_that_agree_are_let_through():
    same = published("ch1-rate", 41.26) | published("ch2-rate", 41.26) | published("ch1-rate-n", 30)
    assert (
        agreement.statistics(same | published("ch3-rate", 50.0, time_period="2012"), written.format_value, r"ch\d+-")
        == []
    )


def test_exhibit_without_text_or_with_a_mere_mention_is_told():
    says = Block("text", f"{EXHIBIT} " + "shows what it shows, " * 10, 3, exhibits=("a-b",))
    mention = Block("text", f"See {EXHIBIT}.", 3, exhibits=("a-b",))
    heading, exhibit = Block("heading", "Evidence", 5, 2), Block("exhibit", "a-b", 9)

    def told(*blocks):
        return structure.exhibits(Page("book/chapter1", "book/chapter1.md", list(blocks)))

    assert told(says, exhibit) == told(exhibit, says) == []
    assert "no text near the exhibit 'a-b'" in told(says, heading, exhibit)[0]
    assert "mentioned but not interpreted" in told(mention, exhibit)[0]
    assert told(Block("exhibit", "a-b", 9, box="by-itself")) == []
    far = [Block("text", "Something else.", 4)] * structure.NEAR
    assert "no text near" in told(says, *far, exhibit)[0]


def test_reference_to_what_no_page_shows_is_told():
    page = Page("book/a", "book/a.md", [Block("text", EXHIBIT, 2, exhibits=("a-b",))])
    assert structure.references([page]) == ["book/a.md:2: {numref}`a-b` refers to an exhibit that no page shows"]


BIBLIOGRAPHY = "@book{one,\n  doi = {10.1787/abc}\n}\n\n@book{two,\n  url = {https://example.org}\n}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BIBLIOGRAPHY + "@book{three,\n  doi = {10.1787/x}\n}\n", "bib:8: no page cites 'three'"),
        (BIBLIOGRAPHY.replace("10.1787/abc", "https://doi.org/10.1787/abc"), "bib:1: one: 'https://doi.org"),
        (BIBLIOGRAPHY.replace("10.1787/abc", "10.1787/abc."), "is no DOI"),
        (BIBLIOGRAPHY.replace("url = {https://example.org}", "year = {2000}"), "two cannot be found"),
        (BIBLIOGRAPHY.replace("url = {https://example.org}", "doi = {10.1787/ABC}"), "two has the DOI of one"),
        (BIBLIOGRAPHY.replace("{two,", "{other,"), "'two'"),
        (BIBLIOGRAPHY + "@book{one,\n  doi = {10.1787/abc}\n}\n", "'one' stands twice"),
    ],
)
def test_bibliography_is_used_and_can_be_found(text, message):
    page = Page("book/a", "book/a.md", [Block("text", CITATION, citations=("one",))], listed=("two",))
    assert sources.bibliography(BIBLIOGRAPHY, [page]) == []
    talk = BIBLIOGRAPHY.replace("url = {https://example.org}", "howpublished = {Talk}")
    assert sources.bibliography(talk, [page]) == []
    assert any(message in wrong for wrong in sources.bibliography(text, [page]))


def test_unknown_key_stops_the_build(small_book):
    small_book.chapter(f"{SHOWN}It is known {{cite:p}}`nobody2000`.\n")
    with pytest.raises(BookError, match=r"book/chapter1\.md:8: no bibliography has a work 'nobody2000'"):
        small_book.build()


GLOSSARY = "```{glossary}\nApple\n  A fruit.\n\nPear\n  A fruit.\n```\n"


def test_glossary_is_sorted_and_used():
    def told(*names, text="Apples and a pear."):
        listed = [Block("term", name, 4 + line) for line, name in enumerate(names)]
        prose = Page("book/chapter1", "book/chapter1.md", [Block("text", text, 3)])
        return sources.glossary([prose, Page("book/glossary", "book/glossary.md", listed)])

    assert told("Apple", "pear") == []
    assert told("Apple", "pear", "Quince") == [
        "book/glossary.md:6: no page uses the term \u201cQuince\u201d; use it, or delete it"
    ]
    assert told("pear", "Apple") == [
        "book/glossary.md:5: the term \u201cApple\u201d stands after \u201cpear\u201d; sort the terms"
    ]
    assert told() == ["book/glossary.md: the page does not hold a ```{glossary}"]


def test_term_in_other_capitals_stops_the_build(small_book):
    """Both definitions were published, since Sphinx takes the two for two terms."""
    small_book.chapter(SHOWN + GLOSSARY.replace("Pear", "apple"))
    with pytest.raises(
        SystemExit, match=r"chapter1\.md:\d+: “apple” is the term “Apple” once more; keep one definition"
    ):
        small_book.build()


def test_terms_of_the_glossary_are_told_from_other_text(small_book):
    small_book.chapter(SHOWN + GLOSSARY)
    assert small_book.build() == 0
    blocks = [block for page in lint.stored(small_book.root) for block in page.blocks]
    assert [block.text for block in blocks if block.kind == "term"] == ["Apple", "Pear"]


def test_abbreviations_are_listed_sorted_and_used():
    def told(*listed, text="The OECD and PISA, under CC BY."):
        cells = [Block("cell", short, 5 + line, 1) for line, short in enumerate(listed)]
        prose = Page("book/chapter1", "book/chapter1.md", [Block("text", text, 3)])
        return sources.abbreviations([prose, Page("book/abbreviations", "book/abbreviations.md", cells)])

    assert told("CC BY", "OECD", "PISA") == []
    assert told("CC BY", "OECD") == [
        "book/chapter1.md:3: 'PISA' is not in book/abbreviations.md; add it, or write it out"
    ]
    assert "'OECD' stands after 'PISA'" in told("CC BY", "PISA", "OECD")[0]
    assert told("CC BY", "OECD", "PISA", "US") == ["book/abbreviations.md:8: no page uses 'US'; delete it"]
    assert told() == ["book/abbreviations: the page does not hold a table of abbreviations"]


def test_term_defined_twice_stops_the_build(small_book, capsys):
    small_book.chapter(SHOWN + GLOSSARY + "\n" + GLOSSARY)
    assert isinstance(small_book.build(), Exception)
    assert "the term 'Apple' is explained twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "count"),
    [("school", 1), ("education", 4), ("table", 2), ("countries", 2), ("changed", 1), ("needed", 2), ("places", 2),
     ("science", 2), ("area", 3), ("evidence", 3), ("mathematics", 4), ("measured", 2), ("OECD", 1), ("the", 1)],
)  # fmt: skip
def test_syllables_agree_with_a_count_by_hand(word, count):
    assert reading.syllables(word) == count


def test_reading_ease_is_that_of_the_formula():
    page = Page(
        "book/a",
        "book/a.md",
        [Block("text", f"The cat sat on the mat. It saw {COMPUTED} dogs {CITATION}."), Block("cell", "not counted")],
    )
    measured = reading.measure(page)
    assert (measured.words, measured.sentences, measured.syllables, measured.longest) == (10, 2, 10, 6)
    assert measured.ease == pytest.approx(206.835 - 1.015 * 5 - 84.6)


def test_table_of_reading_ease_follows_every_page(small_book):
    """The page that shows it is written again although it has not changed itself."""
    index = small_book.root / "book" / "index.md"
    index.write_text(index.read_text("utf-8") + "\n```{reading-ease}\n```\n", "utf-8")
    small_book.chapter(SHOWN + "All is well here. " * 40 + "\n")
    assert small_book.build() == 0
    before = small_book.page("book/index")
    assert "Chapter one" in before and "Flesch" in before
    small_book.chapter(SHOWN + "All is well here. " * 80 + "\n")
    assert small_book.build() == 0
    after = small_book.page("book/index")
    assert after != before
    words = reading.measure(next(page for page in lint.stored(small_book.root) if page.name == "book/chapter1")).words
    assert f"<p>{round(words, -2)}</p>" in after


def test_command_reports_on_the_text_and_says_what_it_lacks(small_book, monkeypatch, capsys):
    monkeypatch.chdir(small_book.root)
    assert command.main(["prose"]) == 1
    shown = capsys.readouterr().out
    assert re.search(r"^book/chapter1 +\d+ +\d+ .*book/chapter1\.md:\d+: The mean is", shown, re.M)
    assert "book/chapter1.md: the heading \u201cThe question\u201d stands 0 times" in shown


def test_pages_are_plain_data_that_survive_between_builds(small_book):
    assert small_book.build() == 0
    book = lint.stored(small_book.root)
    assert pickle.loads(pickle.dumps(book)) == book
    (page,) = [page for page in book if page.name == "book/chapter1"]
    assert [block.text for block in page.blocks if block.kind == "exhibit"] == ["ch1-small"]
    assert [block.values for block in page.blocks if block.values] == [(("ch1-mean", "12.3"),)]


def test_number_in_a_cell_is_told_with_its_line(small_book):
    """It was told with the first line in which its digit stood."""
    small_book.chapter(SHOWN + "Level A1 is the first.\n\n```{list-table}\n* - Lamps\n  - Here\n* - 1\n  - two\n```\n")
    text = (small_book.root / "book" / "chapter1.md").read_text("utf-8")
    line = text.split("\n").index("* - 1") + 1
    with pytest.raises(SystemExit, match=rf"book/chapter1\.md:{line}: the number '1' is typed in"):
        small_book.build()


def test_end_of_a_line_beside_a_formula_of_several_lines_is_let_through(small_book):
    """The break that MyST makes for TeX was taken for an author's own where a formula of the page has the same signs."""
    small_book.chapter(SHOWN + "The first line\\\nand the second.\n\n$$\na &= b \\\\\nc &= d\n$$\n")
    assert small_book.build() == 0
