"""The checks of prose: what stops a build, and what the tests ask of the whole book.

While a page is read it is reduced to plain data (``pages``), on which every rule works. What an author should see
at once stops the build: typed-in statistics (``numbers``), causal words (``causes``), one number stated in two ways
(``agreement``). What holds for a finished text only is asked by the tests and by the command ``prose``: the shape of
chapters (``structure``), how findings are told (``telling``), works and terms (``sources``), length and reading ease
(``reading``).

Reviewed exceptions are listed in ``book/allowed-numbers.yml`` and ``book/allowed-causes.yml``, each with its reason;
one that is no longer needed is a mistake too.

Not here: docutils and the rules themselves.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from press import contract, notation, settings
from press.errors import BookError
from press.lint import agreement, causes, numbers, pages, reading, sources, structure, telling
from press.places import lead_to_line
from press.session import memory, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from press.lint.pages import Page

logger = logging.getLogger(__name__)
NUMBERS, CAUSES = "book/allowed-numbers.yml", "book/allowed-causes.yml"
PROSE = ("book/", "notebooks/")
# An author mends one page at a time.
SHOWN = 20
STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


@dataclass(frozen=True)
class Offence:
    """A sentence that breaks a rule, unless an exception lets it through."""

    rule: str
    page: str
    place: str
    sentence: str
    message: str
    keys: tuple = ()


def setup(app: Sphinx) -> None:
    """Register the table of reading ease."""
    app.add_post_transform(reading.FillTables)
    app.add_node(reading.reading_table)
    app.add_directive("reading-ease", reading.ReadingDirective)


def forget_page(app: Sphinx, env: BuildEnvironment, name: str) -> None:
    """Forget what was noted about a page that is read again or gone."""
    memory(env).pages.pop(name, None)
    memory(env).offences.pop(name, None)
    memory(env).measures.pop(name, None)


def read_page(app: Sphinx, doctree: nodes.document) -> None:
    """Note the blocks of a page, and which sentences break a rule."""
    name = app.env.docname
    if not name.startswith(PROSE):
        return
    shown, path = (app.env.doc2path(name, base=base) for base in (False, True))
    page = pages.read(name, shown, doctree, Path(path).read_text("utf-8-sig"), session(app).apart)
    memory(app.env).pages[name] = page
    memory(app.env).offences[name] = offences(page, session(app).contract.numbers.typeset, settings.words(app.config))
    memory(app.env).measures[name] = reading.measure(page)


def offences(page: Page, typeset: Callable[[str], str], words: settings.Words = settings.PLAIN) -> list[Offence]:
    """Find the sentences of a page that break a rule.

    Parameters
    ----------
    page : press.lint.pages.Page
    typeset : callable
        Sets the thousands of a number apart, as the package of the book does.
    words : press.settings.Words, optional

    Returns
    -------
    list of Offence
    """
    typed = [
        Offence("numbers", page.name, page.place(block), sentence, message)
        for block, sentence, message in [
            *numbers.check(page, words),
            *agreement.thousands(page, typeset),
            *agreement.twice(page),
        ]
    ]
    causal = [
        Offence("causes", page.name, page.place(block), sentence, message, tuple(keys))
        for block, sentence, keys, message in causes.check(page, words)
    ]
    return typed + causal


def check_book(app: Sphinx, env: BuildEnvironment) -> None:
    """Stop the build on every mistake that no exception lets through."""
    found = [offence for name in sorted(memory(env).offences) for offence in memory(env).offences[name]]
    wrong = judge(found, read_exceptions(Path(app.srcdir)), session(app).causal)
    told = [memory(env).pages[name] for name in sorted(memory(env).pages)]
    wrong += [*agreement.formats(told), *sources.defined_twice(told)]
    memory(env).periods = {name: entry["time_period"] for name, entry in session(app).published.values.items()}
    write, chapters = session(app).contract.numbers.format_value, settings.chapters(app.config)
    wrong += agreement.statistics(session(app).published.values, write, chapters.ids)
    if wrong:
        shown = [lead_to_line(words, Path(app.srcdir)) for words in wrong[:SHOWN]]
        rest = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        raise BookError("\n".join([*shown, *rest]))
    begun = _templates(Path(app.srcdir))
    for page in told:
        # Who begins a page wants to see it; who publishes it should know.
        for said in structure.placeholders(page, begun):
            logger.info(said, color="yellow")


def _templates(root: Path) -> str:
    """Return the texts with which new pages begin."""
    folder = contract.read(root).templates
    return "\n".join(path.read_text("utf-8") for path in sorted(Path(root, folder).glob("*.md"))) if folder else ""


def judge(found: list[Offence], allowed: list[dict[str, str]], works: set[str]) -> list[str]:
    """Say which sentences no exception lets through, and which exceptions let none through.

    Parameters
    ----------
    found : list of Offence
    allowed : list of dict
        Exceptions with ``rule``, ``page``, ``text`` and ``file``.
    works : set of str
        Keys of works whose design can carry a causal word.

    Returns
    -------
    list of str
    """
    wrong, used = [], set()
    for offence in found:
        if offence.rule == "causes" and works & set(offence.keys):
            continue
        sentence = offence.sentence.translate(STRAIGHT)
        letting = [
            number
            for number, entry in enumerate(allowed)
            if entry["rule"] == offence.rule
            and fnmatch(offence.page, entry["page"])
            and entry["text"].translate(STRAIGHT) in sentence
        ]
        used.update(letting)
        if not letting:
            wrong.append(f"{offence.place}: {offence.message}")
    wrong += [
        f"{entry['file']}: no sentence of {entry['page']} needs the exception {entry['text']!r}; delete it"
        for number, entry in enumerate(allowed)
        if number not in used
    ]
    return wrong


def read_exceptions(root: Path) -> list[dict[str, str]]:
    """Read the reviewed exceptions.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    list of dict
        Exceptions with ``rule``, ``page``, ``text``, ``reason`` and ``file``.

    Raises
    ------
    BookError
        If an entry is not complete.
    """
    typed, causal = _load(root / NUMBERS) or [], _load(root / CAUSES) or {}
    allowed = []
    for rule, file, entries in [("numbers", NUMBERS, typed), ("causes", CAUSES, causal.get("sentences") or [])]:
        for entry in entries:
            _complete(entry, ("page", "text", "reason"), file)
            allowed.append({**entry, "rule": rule, "file": file})
    return allowed


def measure_reading(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Measure how easily the book reads, for the pages with a table of it, which their frames name."""
    memory(env).reading = reading.rows(memory(env).measures, session(app).contract.numbers.typeset)
    return []


def stored(root: Path) -> list[Page]:
    """Return the pages as the last build read them.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    list of press.lint.pages.Page
        In the order of their names.
    """
    return _pages(stored_environment(root))


def unfinished(root: Path) -> list[str]:
    """Say what a finished book would not have.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project, with a book that is built.

    Returns
    -------
    list of str
    """
    environment = stored_environment(root)
    book, chapters, words = (
        _pages(environment),
        settings.chapters(environment.config),
        settings.words(environment.config),
    )
    wrong, begun = [], _templates(root)
    for page in book:
        wrong += structure.exhibits(page) + structure.placeholders(page, begun)
        wrong += telling.turns(page, words) if page.name.startswith("book/") else []
        if chapters.hold(page.name):
            wrong += structure.headings(page, chapters) + reading.wrong_length(page, *chapters.words)
            wrong += telling.topics(page, chapters, words) + telling.openings(page)
            wrong += telling.undated(page, memory(environment).periods, chapters.dated)
    wrong += structure.references(book)
    wrong += sources.bibliography((root / "book" / "references.bib").read_text("utf-8"), book)
    wrong += sources.glossary(book, environment.config.press_lists) + sources.abbreviations(book)
    return [lead_to_line(words, root) for words in wrong]


def stored_environment(root: Path) -> BuildEnvironment:
    """Return what Sphinx remembers of the last build.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project, with a book that is built.

    Returns
    -------
    sphinx.environment.BuildEnvironment
    """
    return pickle.loads((root / "_build" / ".doctrees" / "environment.pickle").read_bytes())


def _pages(environment):
    return [memory(environment).pages[name] for name in sorted(memory(environment).pages)]


def _load(path):
    return notation.read_yaml(path.name, path.read_text("utf-8-sig")) if path.exists() else None


def _complete(entry, keys, file):
    if not isinstance(entry, dict) or not all(entry.get(key) for key in keys):
        raise BookError(f"each entry needs {', '.join(keys[:-1])} and {keys[-1]}; this one is {entry}", file)
