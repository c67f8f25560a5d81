"""The checks of prose, with the words and the chapters of this report, find what they exist to find."""

import subprocess
import sys
from pathlib import Path

import pytest
from small_book import settings_of

from press import settings
from press.lint import causes, numbers, reading, structure, telling
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
        (chapter(*CHAPTERS.last), "no section of evidence"),
        (chapter("E", CHAPTERS.last[0], "F", *CHAPTERS.last[1:]), ":22: the heading"),
        (chapter("E", *CHAPTERS.last[1:], CHAPTERS.last[0]), "out of order"),
        (chapter("Evidence", *CHAPTERS.last[:-1]), "\u201cSources\u201d stands 0 times"),
        (chapter("E", "Definitions", *CHAPTERS.last), "\u201cDefinitions\u201d stands 2 times"),
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


def told(*blocks):
    return Page("book/chapter1", "book/chapter1.md", list(blocks))


def test_text_of_the_template_is_found_where_it_was_left():
    """An untouched page was published with five sentences that tell its author what to write."""
    template = "# {title}\n\n```{rst-class} abstract\nThe chapter's answer.\n```\n\n- Three findings.\n\n## Sources\n"
    page = told(
        Block("heading", "Sources", 1, 2),
        Block("text", "The chapter\u2019s answer.", 4),
        Block("text", "Three findings.", 9),
        Block("text", "Our answer.", 11),
    )
    assert structure.placeholders(page, "") == []
    assert [message.partition(": ")[0] for message in structure.placeholders(page, template)] == [
        "book/chapter1.md:4", "book/chapter1.md:9",
    ]  # fmt: skip


def test_heading_that_is_a_topic_is_found():
    page = told(
        Block("heading", "Innovative schools", 1, 1),
        Block("heading", "Spending and results", 7, 2),
        Block("heading", "Money alone does not decide", 9, 2),
        Block("heading", "Trust", 11, 3),
        Block("heading", "Sources", 13, 2),
    )
    found = telling.topics(page, CHAPTERS, WORDS)
    assert [message.partition(": ")[0] for message in found] == ["book/chapter1.md:7", "book/chapter1.md:11"]
    assert "\u201cSpending and results\u201d carries no verb" in found[0]


def test_no_heading_is_asked_for_a_verb_where_the_book_names_none():
    assert telling.topics(told(Block("heading", "Trust", 1, 2)), CHAPTERS, settings.PLAIN) == []


@pytest.mark.parametrize("shown", ["65", "85%", "+0.3", "\u22121.2", "1\u202f000"])
def test_sentence_that_opens_with_a_numeral_is_found(shown):
    text = f"It rose. {COMPUTED} are strong in both."
    (message,) = telling.openings(told(Block("text", text, 3, values=(("a-b", shown),))))
    assert repr(shown) in message


def test_sentence_may_open_with_a_computed_name_and_hold_numerals():
    text = f"{COMPUTED} leads with {COMPUTED}. In {COMPUTED} countries it fell."
    values = (("a-name", "Estonia"), ("a-first", "65"), ("a-second", "3"))
    assert telling.openings(told(Block("text", text, 3, values=values))) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Of all studies, two rest on a draw by lot.",
        "Villages report more lack of teachers.",
        "The mean cannot be told from zero.",
        "It is the last but one.",
    ],
)
def test_turn_of_phrase_that_was_struck_out_is_found(sentence):
    assert telling.turns(told(Block("text", sentence, 3)), WORDS)
    assert telling.turns(told(Block("text", "The difference is not statistically significant.", 3)), WORDS) == []


@pytest.mark.parametrize(
    ("sentence", "period", "wrong"),
    [
        (f"City schools report fewer shortages ({COMPUTED}).", "2012", True),
        (f"In 2012 city schools reported fewer shortages ({COMPUTED}).", "2012", False),
        (f"The rate stood at {COMPUTED}.", "2008-2012", True),
        (f"The rate stands at {COMPUTED}.", "2003-2024", False),
        (f"The rate stands at {COMPUTED}.", "2020", False),
        (f"There are {COMPUTED} cases.", "", False),
    ],
)
def test_old_data_without_a_year_are_found(sentence, period, wrong):
    page = told(Block("text", sentence, 3, values=(("a-b", "5"),)))
    assert bool(telling.undated(page, {"a-b": period}, 2020)) is wrong
    assert telling.undated(page, {"a-b": period}, 0) == []


def test_value_is_sought_in_the_sentence_that_shows_it():
    text = f"In 2012 it was {COMPUTED}. It is more now, {COMPUTED}. Later {COMPUTED}."
    values = (("a-old", "1"), ("a-new", "2"), ("a-old", "1"))
    (message,) = telling.undated(told(Block("text", text, 3, values=values)), {"a-old": "2012", "a-new": "2024"}, 2020)
    assert "Later" in message
