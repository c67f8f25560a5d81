"""The search: an index of our own, made from what the pages are, not from every word of their source.

A reader looks for a figure by its number, a table by the word that they use for it, a page, a name, a term. Each is an
:class:`Entry` that leads to its place. ``static/search.js`` asks for the index when a reader begins to search, and ranks
by rules that can be told in a sentence: all words of the query must be found; a word counts by the field in which it is
found and by whether it is whole; notebooks and functions come last. The index is a script and no JSON, because browsers
let a page that was opened from a folder load scripts only.

A book's own extension adds entries through ``session.findable``. Words that readers use for those of the book stand in
``press_synonyms`` of ``_config.yml``: lists of phrases that mean the same.

Not here: ranking and what is seen of it (``static/search.js``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder

from press import settings
from press.contract import BOOK, NOTEBOOKS
from press.errors import BookError
from press.published import write_if_changed
from press.session import memory, session

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

INDEX = "_static/search-index.js"
PAGE = "search"
# How much a hit counts by what it is. What only those look for who work on the book comes last.
WEIGHTS = {"Chapter": 1.2, "Annex": 1.0, "Term": 1.1, "Figure": 1.0, "Table": 1.0, "Page": 0.9, "Section": 0.7}
LAST = {"Analysis": 0.2, "Function": 0.15}
ABOUT = 160  # characters of what is shown beneath a title, at most
WORD = re.compile(r"[^\W\d_]{3,}")
# Words of no subject.
COMMON = frozenset(
    "about above after all also among and any are because been before being below both but can could did does down each for"
    " from had has have here how into its less more most not nor off one only other our out over own per same she should"
    " some such than that the their them then there these they this those through too two under until very was were what"
    " when where which while who whom why will with would you your".split()
)
KEPT = 1 << 14  # texts, of which a preview asks again after each saving
APART = nodes.raw | nodes.literal_block | nodes.table | nodes.comment | nodes.math_block | addnodes.toctree


@dataclass(frozen=True)
class Entry:
    """What can be found.

    Attributes
    ----------
    label : str
        What it is, such as ``"Figure 3.2"`` or ``"Term"``.
    title : str
    address : str
        From the root of the site, with the place on the page.
    about : str
        Shown beneath the title.
    also : str
        Other names by which it is looked for.
    words : str
        Words that stand there.
    weight : float
        How much a hit counts.
    """

    label: str
    title: str
    address: str
    about: str = ""
    also: str = ""
    words: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Passage:
    """A part of a page that can be found, as it was read.

    Attributes
    ----------
    kind : str
        ``Page``, ``Section`` or ``Term``.
    anchor, title, about, words : str
        As those of an :class:`Entry`; the first passage of a page is the page and has no anchor.
    """

    kind: str
    anchor: str
    title: str
    about: str
    words: str


def leave_sphinx_index(app: Sphinx) -> None:
    """Have Sphinx make no index of its own, which nothing reads."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False
        Path(app.outdir, "searchindex.js").unlink(missing_ok=True)


def read_page(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what can be found on a page that was read."""
    env, page = app.env, app.env.docname
    made = {name for collection in session(app).collections for name in collection.pages}
    passages = [_page(doctree)]
    if settings.tells(page, app.config.press_lists) and page not in made:
        passages = [_page(doctree, alone=True), *_sections(doctree)]
    memory(env).passages[page] = [passage for passage in [*passages, *_terms(doctree)] if passage.title]


def forget_page(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """Forget what could be found on a page that is read again or gone."""
    memory(env).passages.pop(page, None)


def add_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Have the page of the search written."""
    yield PAGE, {"title": "Search"}, "search.html"


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the index."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    known: dict[str, Entry] = {}
    for found in [entries(app) for entries in session(app).findable] + [
        _exhibits(app),
        _passages(app),
        _functions(app),
    ]:
        for entry in found:
            known.setdefault(entry.address, entry)
    write_if_changed(Path(app.outdir, INDEX), as_script([*known.values()], app.config.press_synonyms).encode())


def as_script(entries: list[Entry], synonyms: list[list[str]]) -> str:
    """Write the index as the script that a page loads.

    Parameters
    ----------
    entries : list of Entry
    synonyms : list of list of str
        Phrases that mean the same.

    Returns
    -------
    str
        A call with ``labels`` (label and weight) and ``entries`` (number of the label, title, address, about, also, words).
    """
    labels = list(dict.fromkeys((entry.label, entry.weight) for entry in entries))
    known = tuple(tuple(phrases) for phrases in synonyms)
    numbers = {label: number for number, label in enumerate(labels)}
    lines = [_line(entry, numbers[entry.label, entry.weight], known) for entry in entries]
    head = json.dumps(labels, ensure_ascii=False, separators=(",", ":"))
    # One line an entry, so that a change of the book is a change of few lines.
    return f'window.searchIndex={{"labels":{head},"entries":[\n' + ",\n".join(lines) + "\n]};\n"


@lru_cache(maxsize=KEPT)
def _line(entry: Entry, label: int, synonyms: tuple[tuple[str, ...], ...]) -> str:
    """Write an entry with the number of its label."""
    also = " ".join(filter(None, [entry.also, *same(f"{entry.title} {entry.also}", synonyms)]))
    words = " ".join(filter(None, [entry.words, words_of(" ".join(same(entry.about, synonyms)))]))
    fields = [label, entry.title, entry.address, entry.about, also, words]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=KEPT)
def same(text: str, synonyms: tuple[tuple[str, ...], ...]) -> list[str]:
    """Return the phrases that mean the same as those which stand in a text, and do not stand in it themselves.

    Parameters
    ----------
    text : str
    synonyms : tuple of tuple of str

    Returns
    -------
    list of str
    """
    found, lowered = [], text.lower()
    for phrases in synonyms:
        # Of ten thousands of questions nearly all are answered without an expression.
        stands = [phrase.lower() in lowered and bool(_standing(phrase).search(text)) for phrase in phrases]
        if any(stands):
            found += [phrase for phrase, there in zip(phrases, stands, strict=True) if not there]
    return found


@lru_cache(maxsize=1024)
def _standing(phrase: str) -> re.Pattern[str]:
    """Return what finds a phrase that stands for itself, and not within other words."""
    return re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)


def check_synonyms(app: Sphinx, config: Config) -> None:
    """Refuse synonyms that are no lists of phrases.

    Raises
    ------
    BookError
        If an entry is another thing than a list of two or more phrases.
    """
    for entry in config.press_synonyms:
        if not (
            isinstance(entry, list) and len(entry) > 1 and all(isinstance(phrase, str) and phrase for phrase in entry)
        ):
            raise BookError(
                f"press_synonyms has the entry {entry!r}; expected a list of two or more phrases that mean the same",
                settings.FILE,
            )


def address_of(app: Sphinx, label: str) -> str:
    """Return the address of a place that has a name.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    label : str
        Name of the place, as references use it.

    Returns
    -------
    str
        Empty if no page has it.
    """
    standard: Any = app.env.get_domain("std")
    page, anchor = standard.anonlabels.get(label, ("", ""))
    return f"{page}.html#{anchor}" if page else ""


@lru_cache(maxsize=KEPT)
def words_of(text: str, *shown: str) -> str:
    """Return the words of a text that can be looked for, each stem once, without those that are shown anyway.

    In the order of the alphabet, in which they take the fewest bytes.

    Parameters
    ----------
    text : str
    *shown : str

    Returns
    -------
    str
    """
    if not text:
        return ""
    known = {stem(word) for word in (*COMMON, *WORD.findall(" ".join(shown).casefold()))}
    found = {stem(word): word for word in sorted(WORD.findall(text.casefold()), key=lambda word: (-len(word), word))}
    return " ".join(sorted(word for key, word in found.items() if key not in known))


@lru_cache(maxsize=KEPT)
def stem(word: str) -> str:
    """Return a word without the ending of its plural, as the script takes it off."""
    return word if len(word) < 4 or word.endswith("ss") else re.sub(r"(?:ies|y|s)$", "", word)


def beginning(text: str) -> str:
    """Return the beginning of a text: its first sentence, or as many words as fit."""
    text = " ".join(text.split())
    sentence = re.split(r"(?<=[^\W\d]{3}[.!?])\s", text)[0]
    return sentence if len(sentence) <= ABOUT else sentence[: ABOUT - 1].rsplit(" ", 1)[0] + "\u2026"


def _prose(node: nodes.Element, *, alone: bool) -> Iterator[str]:
    """Yield the texts of a part of a page that are prose; if ``alone``, without those of the sections in it."""
    for child in node.children:
        apart = (
            isinstance(child, nodes.title | APART) or "exhibit" in child.get("classes", ()) if child.children else True
        )
        if apart or (alone and isinstance(child, nodes.section)):
            continue
        if isinstance(child, nodes.paragraph | nodes.term):
            yield child.astext()
        elif not isinstance(child, addnodes.glossary):
            yield from _prose(child, alone=alone)


def _page(doctree: nodes.document, *, alone: bool = False) -> Passage:
    """Return a page as a whole, or ``alone`` without its sections."""
    first = next(iter(doctree.findall(nodes.section)), None)
    if first is None:
        return Passage("Page", "", "", "", "")
    made = _section("Page", first, alone=alone)
    return Passage("Page", "", made.title, made.about, made.words)


def _sections(doctree: nodes.document) -> Iterator[Passage]:
    """Yield the sections of a page but the first, which is the page."""
    for section in list(doctree.findall(nodes.section))[1:]:
        yield _section("Section", section, alone=True)


def _section(kind: str, section: nodes.section, *, alone: bool) -> Passage:
    title = section.next_node(nodes.title)
    texts = list(_prose(section, alone=alone))
    name, about = title.astext() if title else "", beginning(texts[0]) if texts else ""
    return Passage(
        kind, section["ids"][0] if section["ids"] else "", name, about, words_of(" ".join(texts), name, about)
    )


def _terms(doctree: nodes.document) -> Iterator[Passage]:
    """Yield the terms of a glossary."""
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            definition = item.next_node(nodes.definition)
            text = definition.astext() if definition else ""
            for term in item.findall(nodes.term):
                yield Passage("Term", term["ids"][0], term.astext(), beginning(text), words_of(text, beginning(text)))


def _passages(app: Sphinx) -> Iterator[Entry]:
    """Yield pages, sections and terms, in the order of the book."""
    env = app.env
    order = list(dict.fromkeys([env.config.root_doc, *_listed(env, env.config.root_doc)]))
    for page in [*order, *sorted(set(memory(env).passages) - set(order))]:
        number = env.toc_secnumbers.get(page, {}).get("")
        part = f"{'Annex' if isinstance(number[0], str) else 'Chapter'} {number[0]}" if number else ""
        for passage in memory(env).passages.get(page, []):
            label, weight = passage.kind, WEIGHTS[passage.kind]
            if passage.kind == "Page" and part:
                label, weight = part, WEIGHTS[part.split(maxsplit=1)[0]]
            elif passage.kind == "Section" and part:
                label = f"Section, {part.lower() if number and not isinstance(number[0], str) else part}"
            words = passage.words
            if page.startswith(NOTEBOOKS):
                label, weight, words = "Analysis", LAST["Analysis"], ""
            address = f"{page}.html" + (f"#{passage.anchor}" if passage.anchor else "")
            yield Entry(label, passage.title, address, passage.about, "", words, weight)


def _listed(env: BuildEnvironment, page: str) -> Iterator[str]:
    """Yield the pages below a page, in the order of the table of contents."""
    for listed in env.toctree_includes.get(page, []):
        yield listed
        yield from _listed(env, listed)


def _exhibits(app: Sphinx) -> Iterator[Entry]:
    """Yield the exhibits that have a number, in the order of the book."""
    env = app.env
    numbers = [
        ((isinstance(number[0], str), number[:-1], number[-1]), kind, number, identifier)
        for kinds in env.toc_fignumbers.values()
        for kind, numbered in kinds.items()
        for identifier, number in numbered.items()
        if identifier in memory(env).homes
    ]
    for _, node, number, identifier in sorted(numbers):
        metadata = session(app).published.exhibits[identifier]
        title, subtitle, kind = metadata["title"], metadata["subtitle"], node.capitalize()
        label = f"{kind} {'.'.join(map(str, number))}"
        words = words_of(f"{metadata.get('alt', '')} {' '.join(metadata['indicators'])}", title, subtitle)
        address = f"{memory(env).homes[identifier][0]}.html#{identifier}"
        yield Entry(label, title, address, subtitle, "", words, WEIGHTS[kind])


def _functions(app: Sphinx) -> Iterator[Entry]:
    """Yield what the package offers, as the reference lists it."""
    standard: Any = app.env.get_domain("std")
    for name, (page, anchor) in sorted(standard.anonlabels.items()):
        if name.startswith("api-") and page.startswith(BOOK):
            called = name.removeprefix("api-").replace("-class-", ".").replace("-", ".")
            yield Entry("Function", called, f"{page}.html#{anchor}", weight=LAST["Function"])
