"""Chapters have one shape, and no exhibit stands alone.

Every chapter has an abstract, a box with a few findings that each hold a computed number, and its headings in the
order that the book has fixed (``press.settings``). Every exhibit is referred to and interpreted close to where it stands.

Not here: wording and numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from press.lint.pages import EXHIBIT, MARKS, Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from press.lint.pages import Page
    from press.settings import Chapters

# How many blocks of text may lie between an exhibit and one that refers to it, and how many words those that refer
# to it and the one after it need.
NEAR = 4
INTERPRETED = 25


def placeholders(page: Page, template: str) -> list[str]:
    """Say where the text with which a new page begins still stands.

    Parameters
    ----------
    page : press.lint.pages.Page
    template : str
        What a new page begins with.

    Returns
    -------
    list of str
    """
    lines = (line.lstrip("- ") for line in template.splitlines() if not line.startswith(("#", "`", ":", "{")))
    given = {line for line in lines if line}
    return [
        f"{page.place(block)}: the text of the template still stands here: \u201c{block.text}\u201d; write your own"
        for block in page.blocks
        if block.text.replace("\u2019", "'") in given
    ]


def headings(page: Page, chapters: Chapters) -> list[str]:
    """Say what is wrong with the shape of a chapter.

    Parameters
    ----------
    page : press.lint.pages.Page
    chapters : press.settings.Chapters
        What chapters of the book are like.

    Returns
    -------
    list of str
    """
    wrong = []
    first, last = list(chapters.first), list(chapters.last)
    text = [block for block in page.blocks if block.kind == "text"]
    if not text or "abstract" not in text[0].box:
        wrong.append(f"{page.path}: the chapter does not begin with an abstract; write ```{{rst-class}} abstract first")
    found = [block for block in page.blocks if block.kind == "heading" and block.level == 2]
    names = [block.text for block in found]
    order = [*first, *last]
    for name in order:
        if names.count(name) != 1:
            wrong.append(f"{page.path}: the heading \u201c{name}\u201d stands {names.count(name)} times; expected once")
    if not wrong and names[: len(first)] + names[len(names) - len(last) :] != order:
        fixed = [name for name in names if name in order]
        places = [*zip(found, first, strict=False), *zip(found[len(found) - len(last) :], last, strict=True)]
        block = next(block for block, expected in places if block.text != expected)
        wrong.append(
            f"{page.place(block)}: the heading \u201c{block.text}\u201d is out of order; sections of evidence stand"
            f" {between(first, last)}, and the fixed headings are {', '.join(order)}, not {', '.join(fixed)}"
        )
    elif not wrong and order and len(names) == len(order):
        wrong.append(f"{page.path}: no section of evidence stands {between(first, last)}")
    return wrong + findings(page, *chapters.findings)


def between(first: Sequence[str], last: Sequence[str]) -> str:
    """Say between which headings the sections of evidence stand."""
    if first and last:
        return f"between \u201c{first[-1]}\u201d and \u201c{last[0]}\u201d"
    return f"after \u201c{first[-1]}\u201d" if first else f"before \u201c{last[0]}\u201d"


def findings(page: Page, low: int, high: int) -> list[str]:
    """Say what is wrong with the box \u201cIn brief\u201d of a chapter.

    Parameters
    ----------
    page : press.lint.pages.Page
    low, high : int
        How many the box may hold.

    Returns
    -------
    list of str
    """
    box = [block for block in page.blocks if "in-brief" in block.box.split() and block.text != "In brief"]
    if not low <= len(box) <= high:
        return [f"{page.path}: the box \u201cIn brief\u201d has {len(box)} findings; expected {low} to {high}"]
    return [
        f"{page.place(block)}: the finding \u201c{_start(block)}\u201d holds no number; quote one with {{value}}`id`"
        for block in box
        if not block.values
    ]


def exhibits(page: Page) -> list[str]:
    """Say which exhibits of a page are not referred to, or not interpreted, where they stand.

    Parameters
    ----------
    page : press.lint.pages.Page

    Returns
    -------
    list of str
    """
    wrong = []
    for section in _sections(page):
        for place, exhibit in enumerate(section):
            # The sentences of a section on one page are computed, as its exhibits are, and stand beside them by rule.
            if exhibit.kind != "exhibit" or exhibit.box == "by-itself":
                continue
            before = [block for block in section[:place] if block.kind == "text"][-NEAR:]
            after = [block for block in section[place:] if block.kind == "text"][:NEAR]
            speaking = [block for block in before + after if exhibit.text in block.exhibits]
            if not speaking:
                wrong.append(
                    f"{page.place(exhibit)}: no text near the exhibit {exhibit.text!r} refers to it; write"
                    f" {{numref}}`{exhibit.text}` in a paragraph of its section that says what it shows, or show it where it"
                    " is discussed"
                )
            elif sum(map(_words, speaking + after[:1])) < INTERPRETED:
                wrong.append(
                    f"{page.place(speaking[0])}: the exhibit {exhibit.text!r} is mentioned but not interpreted:"
                    f" \u201c{_start(speaking[0])}\u201d; say what it shows, how sure that is, and what it does not show"
                )
    return wrong


def references(pages: Iterable[Page]) -> list[str]:
    """Say which paragraphs refer to an exhibit that no page shows.

    Parameters
    ----------
    pages : iterable of press.lint.pages.Page

    Returns
    -------
    list of str
    """
    pages = list(pages)
    shown = {block.text for page in pages for block in page.blocks if block.kind == "exhibit"}
    return [
        f"{page.place(block)}: {{numref}}`{identifier}` refers to an exhibit that no page shows"
        for page in pages
        for block in page.blocks
        for identifier in block.exhibits
        if identifier not in shown
    ]


def _sections(page):
    """Cut a page into the runs of blocks between headings of its second level."""
    section: list[Block] = []
    for block in page.blocks:
        if block.kind == "heading" and block.level <= 2:
            yield section
            section = []
        section.append(block)
    yield section


def _words(block):
    return len(re.sub(f"[{MARKS.replace(EXHIBIT, '')}]", "1", block.text).split())


def _start(block):
    return re.sub(f"[{MARKS}]", "\u2026", " ".join(block.text.split()[:8]))
