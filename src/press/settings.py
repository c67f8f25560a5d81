r"""What the checks of prose know of one book: its words, and the shape of its chapters.

Both are values of ``_config.yml``; every entry may be left out::

    press_words:
      numbered: [berth]            # a number after one of these is a name: berth 3
      dated: [HydroSurvey]         # a year after one of these is that of a round: HydroSurvey 2022
      bases: [Port]                # what an index is set against: Port = 100
      spans: ["6-12"]              # spans that are a name
      counted: [lighthouses?, lamps?]   # what the book counts: a number in words before it is a statistic
      moved: [keepers]             # "makes keepers ..." claims a cause
      verbs: [stands?, is]         # a heading of a chapter carries one of these; without the list none has to
      turns: ["in terms of"]       # turns of phrase that no page has
    press_chapters:
      pages: 'book/chapter\d+'     # names of the pages that are chapters
      ids: 'ch\d+-'                # how the ids of what a chapter publishes begin
      first: [The question]        # the headings with which each begins and ends
      last: [Sources]
      findings: [3, 5]             # how many the box "In brief" holds
      words: [2500, 4500]          # how long each is
      dated: 2020                  # older data are told with their year in the sentence
    press_lists: [book/glossary]   # pages that list rather than tell, on which no term is linked

Entries of ``press_words``, ``pages`` and ``ids`` are regular expressions.

Not here: the rules, which are the same for every book.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sphinx.application import Sphinx

from press.errors import BookError

FILE = "_config.yml"
# Pages that have a place of their own in every book.
LISTS = ["book/glossary", "book/exhibits", "book/api", "book/references", "book/abbreviations"]


@dataclass(frozen=True)
class Words:
    """Words that mean something in one book, as regular expressions.

    Attributes
    ----------
    numbered, dated, bases, spans, counted, moved, verbs, turns : tuple of str
        As the docstring of this module says.
    """

    numbered: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapters:
    """What every chapter of one book is like.

    Attributes
    ----------
    pages : str
        Matches the names of the pages that are chapters; without it none is.
    ids : str
        Matches how the ids of what a chapter publishes begin; without it no two chapters are compared.
    first, last : tuple of str
        The headings with which each begins and ends; sections of evidence stand between.
    findings, words : tuple of int
        Least and most findings in the box "In brief", and words.
    dated : int
        Data that end before this year are told with their year; zero asks nothing.
    """

    pages: str = ""
    ids: str = ""
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    findings: tuple[int, ...] = (3, 5)
    words: tuple[int, ...] = (0, 1_000_000)
    dated: int = 0

    def hold(self, page: str) -> bool:
        """Say whether a page is a chapter.

        Parameters
        ----------
        page : str
            Name of the page, e.g. ``book/chapter1``.

        Returns
        -------
        bool
        """
        return bool(self.pages) and re.fullmatch(self.pages, page) is not None

    def own(self, notebook: str) -> bool:
        """Say whether a notebook belongs to a chapter: its name then begins with that of the page.

        Parameters
        ----------
        notebook : str
            Name of the notebook, e.g. ``chapter1_depths``.

        Returns
        -------
        bool
        """
        return bool(self.pages) and re.match(self.pages.rpartition("/")[2], notebook) is not None


PLAIN = Words()
Kind = TypeVar("Kind", Words, Chapters)


def setup(app: Sphinx) -> None:
    """Register the settings; a page that was read with others is read again."""
    for name, default in (("press_words", {}), ("press_chapters", {}), ("press_lists", LISTS)):
        app.add_config_value(name, default, "env")


def words(config: Any) -> Words:
    """Read the words of a book from its configuration.

    Parameters
    ----------
    config : sphinx.config.Config

    Returns
    -------
    Words

    Raises
    ------
    BookError
        If there is an unknown entry.
    """
    return read(Words, config.press_words, "press_words")


def chapters(config: Any) -> Chapters:
    """Read the shape of the chapters of a book from its configuration.

    Parameters
    ----------
    config : sphinx.config.Config

    Returns
    -------
    Chapters

    Raises
    ------
    BookError
        If there is an unknown entry.
    """
    return read(Chapters, config.press_chapters, "press_chapters")


def read(kind: type[Kind], entries: Mapping[str, Any], name: str) -> Kind:
    """Read one of the settings.

    Parameters
    ----------
    kind : type
        :class:`Words` or :class:`Chapters`.
    entries : dict
        What stands under its name in ``_config.yml``.
    name : str
        That name, for the message.

    Returns
    -------
    Words or Chapters

    Raises
    ------
    BookError
        If there is an unknown entry.
    """
    known = list(kind.__dataclass_fields__)
    unknown = sorted(entries.keys() - set(known))
    if unknown:
        raise BookError(f"{name} has the unknown entry {unknown[0]!r}; expected {', '.join(known)}", FILE)
    given: dict[str, Any] = {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in entries.items()}
    return kind(**given)


def tells(page: str, lists: list[str]) -> bool:
    """Say whether a page tells something, rather than lists or computes it.

    Parameters
    ----------
    page : str
        Name of the page.
    lists : list of str
        The value ``press_lists`` of the configuration.

    Returns
    -------
    bool
    """
    return re.fullmatch(r"book/[^/]+", page) is not None and page not in lists
