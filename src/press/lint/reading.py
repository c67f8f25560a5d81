"""How long and how hard to read each page is.

Flesch's reading ease is 206.835 - 1.015 words per sentence - 84.6 syllables per word; plain English lies above 60,
academic prose below 30. Syllables are counted by the usual approximation for English: groups of vowels, less silent
endings. A computed number, a reference or an abbreviation counts as one word of one syllable.

Not here: rules. Only the length of chapters is one, and a test checks it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from press.lint.pages import CITATION, MARKS
from press.page.directives import link, row
from press.session import memory, session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from press.lint.pages import Page

WORD = re.compile(rf"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'\u2019-]*|\d[\d.,]*|[{MARKS.replace(CITATION, '')}]")
# Endings that open no syllable of their own: e (but not -le after a consonant), -es and -ed after most letters.
SILENT = re.compile(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouysxzcgh]es$|[^aeiouytd]ed$")


class reading_table(nodes.General, nodes.Element):
    """Where the table of reading ease will stand, once all pages are read."""


@dataclass(frozen=True)
class Reading:
    """Length and reading ease of a page.

    Attributes
    ----------
    words, sentences, syllables : int
    longest : int
        Words of the longest sentence.
    where : str
        File, line and beginning of that sentence.
    """

    words: int
    sentences: int
    syllables: int
    longest: int
    where: str

    @property
    def mean(self) -> float:
        """Mean number of words in a sentence."""
        return self.words / self.sentences

    @property
    def ease(self) -> float:
        """Flesch's reading ease."""
        return 206.835 - 1.015 * self.mean - 84.6 * self.syllables / self.words


def syllables(word: str) -> int:
    """Count the syllables of an English word, approximately.

    Parameters
    ----------
    word : str

    Returns
    -------
    int
    """
    plain = word.lower()
    if not re.search("[a-z]", plain) or (word.isupper() and len(word) > 1):
        return 1
    groups = re.findall(r"[aeiouy\u00e0-\u00ff]+", plain)
    # Two vowels that are spoken apart, as in "area", "idea", "science".
    apart = len(re.findall(r"i[ao](?!us|n)|ea$|eas$|ien|iu|uat|ying|reat", plain))
    return max(1, len(groups) + apart - bool(SILENT.search(plain)))


def measure(page: Page) -> Reading | None:
    """Measure the running text of a page: paragraphs and lists, without headings, tables and exhibits.

    Parameters
    ----------
    page : press.lint.pages.Page

    Returns
    -------
    Reading or None
        None for a page without running text.
    """
    longest, where, counts = 0, "", (0, 0, 0)
    for block in page.blocks:
        if block.kind != "text":
            continue
        for sentence in block.sentences:
            words = WORD.findall(sentence)
            if not words:
                continue
            counts = (counts[0] + len(words), counts[1] + 1, counts[2] + sum(map(syllables, words)))
            if len(words) > longest:
                longest, where = len(words), f"{page.place(block)}: {' '.join(sentence.split()[:8])}"
    if not counts[1]:
        return None
    return Reading(*counts, longest, re.sub(f"[{MARKS}]", "\u2026", where))


def wrong_length(page: Page, low: int, high: int) -> list[str]:
    """Say whether a chapter is too short or too long.

    Parameters
    ----------
    page : press.lint.pages.Page
    low, high : int
        How many words it may have.

    Returns
    -------
    list of str
    """
    measured = measure(page)
    words = measured.words if measured else 0
    if low <= words <= high:
        return []
    return [f"{page.path}: the chapter has {words} words; expected {low} to {high}"]


def report(pages: Iterable[Page]) -> list[str]:
    """Print length and reading ease of pages as lines of text.

    Parameters
    ----------
    pages : iterable of press.lint.pages.Page

    Returns
    -------
    list of str
    """
    lines = [f"{'page':34}{'words':>8}{'sentences':>11}{'mean':>7}{'longest':>9}{'ease':>7}  longest sentence"]
    for page in pages:
        reading = measure(page)
        if reading:
            lines.append(
                f"{page.name:34}{reading.words:>8}{reading.sentences:>11}{reading.mean:>7.1f}{reading.longest:>9}"
                f"{reading.ease:>7.0f}  {reading.where}"
            )
    return lines


class ReadingDirective(SphinxDirective):
    """```{reading-ease}```: length and reading ease of each page of prose."""

    def run(self) -> list[nodes.Node]:
        """Return a mark, to be replaced when all pages are read."""
        return [reading_table(classes=["reading-ease"])]


class FillTables(SphinxPostTransform):
    """Put the table in its place, before Sphinx resolves the links in it."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Replace each mark."""
        for mark in list(self.document.findall(reading_table)):
            mark.replace_self(_table(memory(self.env).measures, session(self.app).contract.numbers.typeset))


def rows(measures: dict[str, Reading | None], typeset: Callable[[str], str]) -> list[tuple[str, ...]]:
    """Return the rows of the table as plain data, which also tell whether its page is out of date.

    In round numbers, as nobody counts the words of a chapter: one more sentence then sets no other volume anew.

    Parameters
    ----------
    measures : dict of str to Reading or None
        By the name of the page.
    typeset : callable
        Sets the thousands of a number apart, as the package of the book does.

    Returns
    -------
    list of tuple
        Name of the page, words in round hundreds, words per sentence, longest sentence, reading ease to the nearest five.
    """
    return [
        (name, typeset(f"{round(one.words, -2):,}"), f"{one.mean:.0f}", str(one.longest), str(5 * round(one.ease / 5)))
        for name, one in sorted(measures.items())
        if name.startswith("book/") and one and one.words >= 100
    ]


def _table(measures, typeset):
    labels = ("Page", "Words, about", "Words per sentence", "Longest sentence", "Flesch reading ease, about")
    columns = [{"numeric": number > 0, "label": label} for number, label in enumerate(labels)]
    body = nodes.tbody()
    for name, *cells in rows(measures, typeset):
        body += row(
            [link(f"/{name}", nodes.inline("", name), kind="doc", explicit=False), *map(nodes.Text, cells)], columns
        )
    group = nodes.tgroup("", *[nodes.colspec(colwidth=width) for width in (40, 15, 15, 15, 15)], cols=5)
    group += [nodes.thead("", row([column["label"] for column in columns], columns)), body]
    return nodes.table("", group, classes=["registry"])
