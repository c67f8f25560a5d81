"""The checks of prose, with the words and the chapters of this report, find what they exist to find."""

import subprocess
import sys
from pathlib import Path

import pytest
from small_book import settings_of

from press import settings
from press.lint import causes, numbers, reading, structure
from press.lint.pages import COMPUTED, EXHIBIT, Block, Page

ROOT = Path(__file__).parents[2]
WORDS, CHAPTERS = settings.words(settings_of(ROOT)), settings.chapters(settings_of(ROOT))


@pytest.mark.parametrize(
    "sentence",
    [
        "Three quarters of countries spend more.",
        "It is twice as high.",
        "Two-thirds of teachers agree.",
        "Half of the countries improved.",
        "Spending doubled.",
        "A threefold rise, tenfold higher.",
        "Results fell in twelve countries.",
        "One in five students left.",
        "Nine out of ten agree.",
        "Five percentage points separate them.",
        "Forty per cent took part.",
        "It rose by a quarter.",
        "It stands at the level of 37%.",
        "95% of teachers agree.",
        "The table shows 14 countries.",
        "Over the years 12 countries left.",
        "A 37-point difference.",
        "There are 2000 schools.",
        "It fell by .5 points.",
        "Eleven rose.",
        "Twelve of the countries rose.",
        "Every second country fell.",
        "A quarter more teachers left.",
        "It grew by a factor of three.",
    ],
)
def test_statistic_in_digits_or_words_is_found(sentence):
    assert numbers.typed_in(sentence, words=WORDS)


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2012 schools reported more.",
        "PISA 2022 tested 15-year-olds.",
        "A 95% interval and 95% confidence.",
        "This chapter asks three things.",
        "The second half of the question.",
        "Schools had a quarter of a century to try.",
        f"A region with ten percentage points more graduates is richer by {COMPUTED}.",
        "Countries with five regions or more.",
        "Adults aged 25 to 64 (ISCED 5 to 8, NUTS 2).",
        "From 2012-22, see Chapter 2.",
        "On a 5-point scale.",
        "One of them is known.",
    ],
)
def test_names_steps_and_limits_are_let_through(sentence):
    assert numbers.typed_in(sentence, words=WORDS) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Spending raises results.",
        f"In {COMPUTED} countries autonomy leads to better results.",
        f"Results are higher because of trust ({EXHIBIT}).",
        "The effect of partners is large.",
        "Partners make schools better.",
        "Trust drives change, and brings it about.",
        "Thanks to networks more students stay.",
        "Rising spending translates into scores.",
        "Autonomy increases scores.",
        "Training enhances practice.",
        "Networks make change possible.",
        "Trust makes teachers stay.",
    ],
)
def test_causal_word_is_found(sentence):
    assert causes.causal_words(sentence, WORDS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Spending goes with results.",
        "This is no proof that money raises results.",
        "Does money raise results?",
        "It cannot be said whether partners improve results.",
        "Training may improve results.",
        "The results in mathematics fell.",
        f"{EXHIBIT} sets results beside spending.",
    ],
)
def test_question_doubt_and_denial_are_let_through(sentence):
    assert causes.causal_words(sentence, WORDS) == []


def chapter(*headings, findings=3, abstract=True):
    order = headings or (*CHAPTERS.first, "Evidence", *CHAPTERS.last)
    return Page(
        "book/chapter1",
        "book/chapter1.md",
        [
            Block("heading", "Title", 1, 1),
            Block("text", "Short.", 3, box="abstract" if abstract else ""),
            *[Block("text", f"A {COMPUTED}.", 9, box="in-brief", values=(("a-b", "1"),))] * findings,
            *[Block("heading", name, 20 + line, 2) for line, name in enumerate(order)],
        ],
    )


def test_chapter_in_the_fixed_shape_is_let_through():
    assert structure.headings(chapter(), CHAPTERS) == []


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (chapter(abstract=False), "does not begin with an abstract"),
        (chapter(findings=2), "has 2 findings; expected 3 to 5"),
        (chapter(findings=6), "has 6 findings"),
        (chapter("The question", *CHAPTERS.last), "no section of evidence"),
        (chapter("Evidence", "The question", *CHAPTERS.last), ":20: the heading \u201cEvidence\u201d is out of order"),
        (chapter("The question", "E", "What the cases show", "F", *CHAPTERS.last[1:]), "out of order"),
        (chapter("The question", "Evidence", *CHAPTERS.last[:-1]), "\u201cSources\u201d stands 0 times"),
        (chapter("The question", "E", "Definitions", *CHAPTERS.last), "\u201cDefinitions\u201d stands 2 times"),
    ],
)
def test_chapter_out_of_shape_is_told(page, message):
    (wrong,) = structure.headings(page, CHAPTERS)
    assert message in wrong


def test_finding_without_number_is_told():
    page = chapter()
    page.blocks.insert(2, Block("text", "Schools matter.", 8, box="admonition in-brief"))
    assert structure.headings(page, CHAPTERS) == [
        "book/chapter1.md:8: the finding \u201cSchools matter.\u201d holds no number; quote one with {value}`id`"
    ]


def test_chapter_that_is_too_short_is_told():
    page = Page("book/chapter1", "book/chapter1.md", [Block("text", "Too short.")])
    assert reading.wrong_length(page, *CHAPTERS.words) == [
        "book/chapter1.md: the chapter has 2 words; expected 2500 to 4500"
    ]


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["codespell"]])
def test_style_and_spelling(command):
    """What `make lint` asks is asked by `make test` too."""
    program = Path(sys.executable).parent / command[0]
    answer = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
