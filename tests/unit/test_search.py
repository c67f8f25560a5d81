"""The index of the search: what is in it, and that it says what the script expects."""

import json

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.config import Config

from press.errors import BookError
from press.web import search
from press.web.search import Entry


def read(script):
    """Return the index that a script hands over."""
    assert script.startswith("window.searchIndex=") and script.endswith(";\n")
    return json.loads(script.removeprefix("window.searchIndex=").removesuffix(";\n"))


def test_index_is_a_script_of_labels_and_entries():
    """A page opened from a folder may load scripts only; JSON it could not read."""
    made = read(
        search.as_script([Entry("Figure 1.1", 'A "title" </script>', "a.html#b", "Beneath", "Other", "word", 0.5)], [])
    )
    assert made["labels"] == [["Figure 1.1", 0.5]]
    assert made["entries"] == [[0, 'A "title" </script>', "a.html#b", "Beneath", "Other", "word"]]


def test_synonym_of_a_title_counts_as_a_name_and_one_of_the_rest_as_a_word():
    phrases = [["NEET", "neither employed nor in education"]]
    title, beneath = (
        read(search.as_script([entry], phrases))["entries"][0]
        for entry in (
            Entry("Term", "Neither employed nor in education", "a"),
            Entry("Term", "Other", "b", "Share of NEET"),
        )
    )
    assert title[4] == "NEET" and title[5] == ""
    assert beneath[4] == "" and beneath[5].split() == ["education", "employed", "neither", "nor"][:3]


def test_synonyms_are_whole_words():
    """ "AI" stood for artificial intelligence wherever a word had these letters."""
    assert search.same("They said that it rained", (("AI", "artificial intelligence"),)) == []
    assert search.same("Gains from AI", (("AI", "artificial intelligence"),)) == ["artificial intelligence"]


@pytest.mark.parametrize("entry", ["NEET", ["NEET"], ["NEET", 3], ["NEET", ""]])
def test_synonyms_that_are_no_lists_of_phrases_are_refused(entry):
    config = Config()
    config.add("press_synonyms", [entry], "", ())
    with pytest.raises(BookError, match="expected a list of two or more phrases"):
        search.check_synonyms(None, config)


def test_words_come_once_in_one_form_without_what_is_shown():
    assert search.words_of("Schools and a school teach teachers; the ship", "Ship ahoy") == "school teach teachers"
    assert search.words_of("countries country") == "country"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("One sentence here. Another.", "One sentence here."),
        (
            "Share of those aged 25 vs. others, St. Mary included. Then more.",
            "Share of those aged 25 vs. others, St. Mary included.",
        ),
        ("word " * 60, "\u2026"),
    ],
)
def test_what_is_shown_beneath_a_title_is_a_sentence_or_says_that_it_goes_on(text, begins):
    told = search.beginning(text)
    assert len(told) <= search.ABOUT
    assert told == begins or (begins == "\u2026" and told.endswith(begins))


def test_source_and_tables_are_not_searched():
    """Snippets once showed lines of source and rows of data."""
    page = nodes.section("", nodes.title("", "Title"), nodes.paragraph("", "Some prose."), ids=["title"])
    page += nodes.literal_block("", "hidden_code()")
    page += nodes.table(
        "", nodes.tgroup("", nodes.tbody("", nodes.row("", nodes.entry("", nodes.paragraph("", "cells")))))
    )
    page += nodes.container("", nodes.paragraph("", "An exhibit"), classes=["exhibit"])
    page += nodes.section("", nodes.title("", "Within"), nodes.paragraph("", "Deeper text."), ids=["within"])
    doctree = new_document("page")
    doctree += page
    whole = search._page(doctree)
    alone = search._page(doctree, alone=True)
    assert (whole.about, whole.words) == ("Some prose.", "deeper text")
    assert (alone.about, alone.words) == ("Some prose.", "")
    assert [(found.title, found.anchor, found.about) for found in search._sections(doctree)] == [
        ("Within", "within", "Deeper text.")
    ]
