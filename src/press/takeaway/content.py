"""What of a page goes along with its exhibits: its title and answer, its lists, and what the text says of each exhibit.

Not here: how any of it looks (``press.takeaway.deck``, ``press.takeaway.workbooks``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util.matching import Matcher

from press.contract import BOOK, NOTEBOOKS
from press.page import citing, findings
from press.page.directives import chart
from press.session import memory, session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

# By this class a page says that a list of its own belongs on a slide, as the box "In brief" does.
ON_SLIDE = "on-slide"
ON_SLIDES = frozenset({"in-brief", ON_SLIDE})


@dataclass
class Exhibit:
    """An exhibit with what is said of it.

    Attributes
    ----------
    metadata : dict
        As published.
    part : str
        Such as ``Figure 2.3``; its kind alone where it has no number.
    told : list of str
        The paragraphs of the page that refer to it.
    cited : str
        How to cite it.
    address : str
        Of its page, empty while the site has none.
    source, licence, notice : str
    """

    metadata: dict[str, Any]
    part: str
    told: list[str]
    cited: str
    address: str
    source: str
    licence: str
    notice: str

    @property
    def numbered(self) -> bool:
        """Whether it has a number."""
        return any(sign.isdigit() for sign in self.part)


@dataclass
class Page:
    """A page with its exhibits, in their order.

    Attributes
    ----------
    name, title : str
    part : str
        Such as ``Chapter 2``; empty for a page without number.
    abstract : str
    lists : list of (str, list of str)
        Title and entries of what belongs on a slide.
    exhibits : list of Exhibit
    address : str
        Of the page, empty while the site has none.
    """

    name: str
    title: str
    part: str
    abstract: str
    address: str
    lists: list[tuple[str, list[str]]] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)


def stem(page: str) -> str:
    """Return the path of what is made of a page, from the folder of its kind: the name of the page without that of ``book/``."""
    return page.removeprefix(BOOK)


def pages(app: Sphinx) -> list[str]:
    """Return the pages whose exhibits can be taken away: those that are printed and show some, in the order of the contents.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        Once all pages have been read.

    Returns
    -------
    list of str
    """
    web_only = Matcher(app.config.typst_web_only)
    shown = {page for page, _ in memory(app.env).homes.values()}
    shown |= {page for page, told in app.env.metadata.items() if findings.AGAIN in told}
    ordered = [page for page in in_order(app, app.config.root_doc) if page in shown]
    return [page for page in ordered if not page.startswith(NOTEBOOKS) and not web_only(page)]


def in_order(app: Sphinx, page: str) -> Iterator[str]:
    """Yield a page and all pages beneath it, as the contents order them."""
    yield page
    for below in app.env.toctree_includes.get(page, []):
        yield from in_order(app, below)


def part_of(app: Sphinx, metadata: dict[str, Any]) -> str:
    """Return kind and number of an exhibit."""
    return citing.exhibit(app, metadata).part


def exhibit(app: Sphinx, identifier: str, told: list[str]) -> Exhibit:
    """Return an exhibit with what is said of it.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    identifier : str
    told : list of str

    Returns
    -------
    Exhibit
    """
    metadata, words = session(app).published.exhibits[identifier], session(app).contract.numbers
    work = citing.exhibit(app, metadata)
    notice = dict.fromkeys(source["notice"] for source in metadata["sources"] if source.get("notice"))
    return Exhibit(
        metadata, work.part, told, work.apa(), citing.address(app, f"exhibits/{identifier}/"), words.source_line(metadata),
        words.licence_line(metadata), " ".join(notice),
    )  # fmt: skip


def read(app: Sphinx, page: str) -> Page:
    """Read a page for what goes along with its exhibits.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        In a process of its own: references are resolved anew.
    page : str

    Returns
    -------
    Page
    """
    env = app.env
    doctree = env.get_doctree(page)
    about = _references(doctree)
    abstract = [node for node in doctree.findall(nodes.paragraph) if "abstract" in node["classes"]][:1]
    lists = [node for node in doctree.findall(nodes.Element) if ON_SLIDES & set(node["classes"])]
    shown = list(_exhibits(app, page, doctree))
    boxes = {name: around.parent for name, around in shown if "finding" in around.parent["classes"]}
    for name, around in shown:
        if name in boxes:
            around.parent.remove(around)
    # Most of a page are its tables and code, which nobody asks for here.
    leave(doctree, [*(node for known in about.values() for node in known), *abstract, *lists, *boxes.values()])
    env.resolve_references(doctree, page, app.builder)
    for node in [*doctree.findall(nodes.footnote_reference), *doctree.findall(nodes.raw)]:
        node.parent.remove(node)
    work = citing.chapter(app, page)
    made = Page(
        page, env.titles[page].astext(), work.part if work else "", words(abstract[0]) if abstract else "",
        citing.address(app, f"{page}.html"), list(_lists(lists)),
    )  # fmt: skip
    for name, _ in shown:
        told = boxes[name].findall(nodes.paragraph) if name in boxes else about.get(name, [])
        made.exhibits.append(exhibit(app, name, [words(node) for node in told]))
    return made


def leave(doctree: nodes.document, wanted: Sequence[nodes.Node]) -> None:
    """Leave of a page the nodes that are wanted, with all that is in them, those around them, and titles.

    Parameters
    ----------
    doctree : docutils.nodes.document
        Changed in place.
    wanted : sequence of docutils.nodes.Node
    """
    whole = {id(one) for one in wanted}

    def thin(node: nodes.Node) -> bool:
        # From above, since the extension for tabs sets no parents. What completes pages looks for their titles.
        if isinstance(node, nodes.Element) and not isinstance(node, nodes.title):
            node.children = [child for child in node.children if id(child) in whole or thin(child)]
        return bool(node.children)

    thin(doctree)


def words(node: nodes.Node) -> str:
    """Return the text of a node with single blanks."""
    return " ".join(node.astext().split())


def _references(doctree: nodes.document) -> dict[str, list[nodes.Element]]:
    """Return the paragraphs that refer to exhibits by their number, by exhibit."""
    found: dict[str, list[nodes.Element]] = {}
    for reference in doctree.findall(addnodes.pending_xref):
        if reference["reftype"] != "numref":
            continue
        node: Any = reference
        while node is not None and not isinstance(node, nodes.paragraph):
            node = node.parent
        known = found.setdefault(reference["reftarget"], [])
        if node is not None and node not in known:
            known.append(node)
    return found


def _exhibits(app: Sphinx, page: str, doctree: nodes.document) -> Iterator[tuple[str, nodes.Element]]:
    """Yield the exhibits that a page shows, with the nodes that show them."""
    shown = {key.removeprefix("exhibit:") for key in memory(app.env).uses[page] if key.startswith("exhibit:")}
    for container in doctree.findall(nodes.container):
        if "exhibit" not in container["classes"]:
            continue
        drawn = {node["exhibit"] for node in container.findall(chart)}
        named = {name for node in container.findall(nodes.Element) for name in node["ids"]}
        for identifier in sorted((drawn | named) & shown)[:1]:
            yield identifier, container


def _own_words(item: nodes.list_item) -> str:
    """Return what an entry says itself; those below it follow on lines of their own."""
    inside = (nodes.bullet_list, nodes.enumerated_list)
    return " ".join(
        words(part) for part in item.children if isinstance(part, nodes.Element) and not isinstance(part, inside)
    )


def _lists(nodes_of_lists: list[nodes.Element]) -> Iterator[tuple[str, list[str]]]:
    """Yield title and entries of each list that belongs on a slide."""
    for node in nodes_of_lists:
        title = next((words(part) for part in node.findall(nodes.title)), "")
        entries = [_own_words(item) for item in node.findall(nodes.list_item)] or [
            words(part) for part in node.findall(nodes.paragraph)
        ]
        if title and entries:
            yield title, entries
