"""How a chapter opens on paper: its answer, which is the first sentence of its abstract, and its key numbers.

Not here: the directive for the numbers (``press.page.key_numbers``), and looks (``book.typ``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from press.paper.code import array

if TYPE_CHECKING:
    from collections.abc import Callable

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def opener(section: nodes.section, inlines: Callable[[nodes.Element], str]) -> tuple[dict[str, str], list[nodes.Node]]:
    """Return what the page of a chapter opens with, and the nodes that it is made of.

    Parameters
    ----------
    section : docutils.nodes.section
        The chapter.
    inlines : callable
        Translates the children of a node.

    Returns
    -------
    named : dict of str to str
        Named arguments of ``chapter``: the answer, the rest of the abstract, and the numbers.
    used : list of docutils.nodes.Node
    """
    named: dict[str, str] = {}
    used: list[nodes.Node] = []
    abstract = next((n for n in section.children if _has(n, nodes.paragraph, "abstract")), None)
    if abstract is not None:
        answer, rest = first_sentence(abstract)
        named["answer"] = inlines(answer)
        if rest.children:
            named["rest"] = inlines(rest)
        used.append(abstract)
    numbers = next((n for n in section.children if _has(n, nodes.bullet_list, "key-numbers")), None)
    if numbers is not None:
        named["numbers"] = key_numbers(numbers, inlines)
        used.append(numbers)
    return named, used


def key_numbers(listed: nodes.Element, inlines: Callable[[nodes.Element], str]) -> str:
    """Return key numbers as pairs of number and words."""
    pairs = []
    for item in listed.children:
        paragraph = item.children[0]
        number, *words = paragraph.children
        rest = nodes.paragraph("", "", *[node.deepcopy() for node in words])
        rest.parent = listed.parent
        pairs.append(array([inlines(number), inlines(rest)]))
    return array(pairs)


def first_sentence(paragraph: nodes.Element) -> tuple[nodes.Element, nodes.Element]:
    """Divide a paragraph after its first sentence.

    Parameters
    ----------
    paragraph : docutils.nodes.Element

    Returns
    -------
    first, rest : docutils.nodes.Element
        Copies; the rest has no children where there is one sentence only.
    """
    first, rest = (nodes.paragraph(classes=list(paragraph["classes"])) for _ in range(2))
    first.parent = rest.parent = paragraph.parent
    into = first
    for child in paragraph.children:
        end = SENTENCE_END.search(child) if into is first and isinstance(child, nodes.Text) else None
        if end is None:
            into += child.deepcopy()
            continue
        first += nodes.Text(child[: end.start()])
        into = rest
        rest += nodes.Text(child[end.end() :])
    first["ids"] = list(paragraph["ids"])
    return first, rest


def _has(node: nodes.Node, kind: type[nodes.Element], name: str) -> bool:
    return isinstance(node, kind) and name in node["classes"]
