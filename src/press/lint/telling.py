"""How a finding is told: in a heading with a verb, in a sentence that opens with a word, with the year of old data.

Readers skim headings; a topic ("Spending and results") tells them nothing, a finding ("Money alone does not decide")
does. A numeral at the head of a sentence is read as part of the one before. What was true ten years ago has to say so where
it is told, not in a note. And every book has turns of phrase that its editors have struck out once and never want again.

Not here: what the words and the years are (``press.settings``), the shape of chapters (``structure``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from press.lint.pages import COMPUTED, MARKS, shorten
from press.page.key_numbers import KEY_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from press.lint.pages import Block, Page
    from press.settings import Chapters, Words

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
NUMERAL = re.compile(r"[+\u2212-]?\d")


def topics(page: Page, chapters: Chapters, words: Words) -> list[str]:
    """Say which headings of a chapter carry no verb.

    Parameters
    ----------
    page : press.lint.pages.Page
    chapters : press.settings.Chapters
        Its fixed headings may be topics.
    words : press.settings.Words
        With the verbs of the book's headings; without any no heading is asked for one.

    Returns
    -------
    list of str
    """
    if not words.verbs:
        return []
    verb = re.compile(rf"\b(?:{'|'.join(words.verbs)})\b", re.IGNORECASE)
    fixed = {*chapters.first, *chapters.last}
    return [
        f"{page.place(block)}: the heading \u201c{_plain(block.text)}\u201d carries no verb; say what was found, or add its"
        " verb to press_words in _config.yml"
        for block in page.blocks
        if block.kind == "heading" and block.level > 1 and block.text not in fixed and not verb.search(block.text)
    ]


def openings(page: Page) -> list[str]:
    """Say which sentences open with a numeral.

    Parameters
    ----------
    page : press.lint.pages.Page

    Returns
    -------
    list of str
    """
    return [
        f"{page.place(block)}: a sentence opens with the numeral {values[0][1]!r}: \u201c{_plain(sentence)[:80]}\u201d; begin"
        " with a word, or write the number in words"
        for block, sentence, values in _sentences(page)
        if sentence.startswith(COMPUTED)
        and values
        and NUMERAL.match(values[0][1])
        and KEY_LINE not in block.box.split()
    ]


def turns(page: Page, words: Words) -> list[str]:
    """Say where a turn of phrase stands that the book does not want.

    Parameters
    ----------
    page : press.lint.pages.Page
    words : press.settings.Words

    Returns
    -------
    list of str
    """
    if not words.turns:
        return []
    unwanted = re.compile(rf"\b(?:{'|'.join(words.turns)})\b", re.IGNORECASE)
    return [
        f"{page.place(block)}: the book does not say {found.group()!r}: \u201c{shorten(block.text, found.group())}\u201d; put it"
        " plainly"
        for block in page.blocks
        if block.kind != "exhibit"
        for found in unwanted.finditer(block.text)
    ]


def undated(page: Page, periods: Mapping[str, str], before: int) -> list[str]:
    """Say which sentences quote old data without a year.

    Parameters
    ----------
    page : press.lint.pages.Page
    periods : dict of str to str
        The period of each value, by its id, e.g. ``2012`` or ``2003-2012``; empty where it has none.
    before : int
        Data are old whose last year is before this one; zero asks nothing.

    Returns
    -------
    list of str
    """
    return [
        f"{page.place(block)}: {identifier!r} is of {periods[identifier]}, and the sentence names no year:"
        f" \u201c{_plain(sentence)[:80]}\u201d; say the year in it"
        for block, sentence, values in _sentences(page)
        if not YEAR.search(sentence) and not any(YEAR.search(shown) for _, shown in values)
        for identifier, _ in values[:1]
        if max(map(int, YEAR.findall(periods.get(identifier, ""))), default=before) < before
    ]


def _sentences(page: Page) -> Iterator[tuple[Block, str, list[tuple[str, str]]]]:
    """Yield each sentence of running text with the values that it shows."""
    for block in page.blocks:
        if block.kind != "text":
            continue
        left = list(block.values)
        for sentence in block.sentences:
            yield block, sentence, [left.pop(0) for _ in range(sentence.count(COMPUTED)) if left]


def _plain(text: str) -> str:
    return re.sub(f"[{MARKS}]", "\u2026", text)
