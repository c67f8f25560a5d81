"""A page as the checks see it: its blocks of text in order, reduced to plain data.

Sphinx's tree of a page is walked once, when the page is read; every check is a pure function of what is noted
here. In the text of a block, marks from Unicode's private area stand for what the author did not type: computed
numbers, citations, references and code.

Not here: any rule.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

from press.page.directives import ancestors, figure, line_of, table, value
from press.page.quoted import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPUTED, CITATION, EXHIBIT, REFERENCE, CODE = MARKS = "\ue000\ue001\ue002\ue003\ue004"
# The label of a footnote is a number that nobody typed.
SKIPPED = (nodes.literal_block, nodes.math_block, nodes.comment, nodes.doctest_block, nodes.label)
# What a notebook writes about its exhibits and values, by the name of the argument.
TYPED = ("title", "subtitle", "note", "finding")
NUMBER_ONLY = re.compile(r"[\d\s.,%\\+\u2212-]*\d[\d\s.,%\\]*")
# A sentence ends before a capital, a digit, an opening mark or a mark of ours; not after "e.g." or an initial.
SENTENCE = re.compile(rf"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!\b[A-Z]\.)\s+(?=[A-Z\d\u201c\"'(\[{MARKS}])")


@dataclass(frozen=True)
class Block:
    """One block of text.

    Attributes
    ----------
    kind : str
        ``heading``, ``text``, ``cell`` (of a table), ``alt`` (of a picture), ``term`` (of the glossary),
        ``exhibit`` (its place on the page), or the name of an exhibit's argument in a notebook.
    text : str
        The text with marks; for an exhibit, its id.
    line : int
        Line in the source file; 0 where unknown.
    level : int
        Level of a heading; column of a cell, counted from one, or zero in the header of a table.
    box : str
        Classes of the block and of the admonition around it; for an exhibit, ``by-itself`` if it is one of a
        collection, or part of a section that stands on a page of its own.
    values : tuple of (str, str)
        Ids of the values shown, each with the number as printed.
    citations : tuple of str
        Keys cited, separated by commas, one entry for each mark of a citation; in a table, those of the row.
    exhibits : tuple of str
        Exhibits referred to.
    """

    kind: str
    text: str
    line: int = 0
    level: int = 0
    box: str = ""
    values: tuple = ()
    citations: tuple = ()
    exhibits: tuple = ()

    @property
    def sentences(self) -> list[str]:
        """The block's text, sentence by sentence."""
        return [sentence for sentence in SENTENCE.split(self.text) if sentence.strip(MARKS + " ")]

    @property
    def keys(self) -> list[str]:
        """All keys cited in the block."""
        return [key for citation in self.citations for key in keys_of(citation)]

    @property
    def sentences_with_keys(self) -> list[tuple[str, list[str]]]:
        """Each sentence with the keys that it cites; a source in one cell of a row is the source of the row."""
        if self.kind == "cell":
            return [(sentence, self.keys) for sentence in self.sentences]
        left, pairs = list(self.citations), []
        for sentence in self.sentences:
            own = [left.pop(0) for _ in range(sentence.count(CITATION))]
            pairs.append((sentence, [key for citation in own for key in keys_of(citation)]))
        return pairs


@dataclass(frozen=True)
class Page:
    """The blocks of one page.

    Attributes
    ----------
    name : str
        Name of the page, e.g. ``book/chapter1``.
    path : str
        Its source file, relative to the root.
    blocks : list of Block
    report : bool
        Whether the page shows the table of reading ease.
    listed : tuple of str
        Keys of works that the page cites where no prose is, such as in a list of works.
    """

    name: str
    path: str
    blocks: list = field(default_factory=list)
    report: bool = False
    listed: tuple = ()

    def place(self, block: Block) -> str:
        """Return ``file:line`` of a block."""
        return f"{self.path}:{block.line or '?'}"


def keys_of(citation: str) -> list[str]:
    """Return the keys of the works that a citation names, without what stands before and after them, as in ``key{p. 12}``."""
    try:
        return [target.key for target in parse_citation_targets(citation)]
    except ValueError:  # told by the library itself, where it is cited
        return [key.strip() for key in citation.split(",")]


def read(name: str, path: str, doctree: nodes.document, source: str, apart: set[str]) -> Page:
    """Reduce a page to its blocks.

    Parameters
    ----------
    name, path : str
        Name of the page and its source file.
    doctree : docutils.nodes.document
    source : str
        Text of the file, to find the lines of notebooks and tables, and what a notebook writes about its exhibits.
    apart : set of str
        Classes of nodes whose text carries sources of its own. Cells of notebooks, too, are no prose.

    Returns
    -------
    Page
    """
    blocks = []
    for node in doctree.findall(nodes.Element):
        if isinstance(node, nodes.figure | nodes.table) and node["names"] and not name.startswith("notebooks/"):
            # What belongs to a collection has no number by which a text could refer to it.
            apart_from_text = isinstance(node, figure | table) or any(
                around.get("one_page") for around in ancestors(node)
            )
            blocks.append(Block("exhibit", node["names"][0], line_of(node), box="by-itself" if apart_from_text else ""))
        elif isinstance(node, nodes.image) and node.get("alt") and not _published(node, apart):
            blocks.append(Block("alt", node["alt"], line_of(node)))
        elif isinstance(node, nodes.TextElement) and not _inside(node, apart):
            blocks.append(_block(node))
    notebook = name.startswith("notebooks/")
    lines = [line.removeprefix("# ") if notebook else line for line in source.splitlines()]
    # Neither docutils nor MyST knows the lines of cells.
    blocks = [
        replace(block, line=_find(block.text, lines) or block.line) if notebook or block.kind == "cell" else block
        for block in blocks
    ]
    blocks += typed_texts(source) if notebook else []
    report = any("reading-ease" in node["classes"] for node in doctree.findall(nodes.Element) if "classes" in node)
    marks = [node["reftarget"] for node in doctree.findall(_cited) if _published(node, apart)]
    listed = tuple(key for mark in marks for key in keys_of(mark))
    return Page(name, path, [block for block in blocks if block.text], report, listed)


def typed_texts(source: str) -> list[Block]:
    """Find what a notebook writes about its exhibits and values.

    Parameters
    ----------
    source : str
        The notebook as Python code.

    Returns
    -------
    list of Block
        One for each title, subtitle, note and finding, with marks for what is computed, and for each value that is a
        constant; in dictionaries that a call unpacks, too.
    """
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    published = [node for node in calls if ast.unparse(node.func).startswith("exhibits.")]
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                assigned.setdefault(ast.unparse(target), []).append(node.value)
    # What several calls unpack is told once.
    blocks = {
        Block("value", ast.unparse(number), number.lineno): None
        for node in published
        for number in _numbers(node)
        if _typed(number)
    }
    for node in published:
        for name, said in _said(node, assigned):
            if name in TYPED:
                blocks[Block(name, _squeeze(_constant(said)), said.lineno)] = None
    return list(blocks)


def _numbers(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the expressions of a call that stand where numbers are published."""
    yield from call.args[1:2]
    yield from (keyword.value for keyword in call.keywords if keyword.arg == "obs_value")
    yield from (number for entries in call.args[:1] if isinstance(entries, ast.Dict) for number in entries.values)


def _typed(node: ast.expr) -> bool:
    """Say whether an expression is made of nothing but constants, such as ``-0.4``."""
    made_of = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop)
    return all(isinstance(part, made_of) for part in ast.walk(node))


def _said(call: ast.Call, assigned: dict[str, list[ast.expr]]) -> Iterator[tuple[Any, ast.expr]]:
    """Yield the arguments of a call by their names, those of dictionaries that it unpacks among them."""
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg, keyword.value
            continue
        unpacked = [keyword.value]
        unpacked += [known for part in ast.walk(keyword.value) for known in assigned.get(ast.unparse(part), [])]
        for part in (part for one in unpacked for part in ast.walk(one)):
            if isinstance(part, ast.Dict):
                yield from (
                    (key.value, entry)
                    for key, entry in zip(part.keys, part.values, strict=True)
                    if isinstance(key, ast.Constant)
                )
            elif isinstance(part, ast.Call) and ast.unparse(part.func) == "dict":
                yield from ((own.arg, own.value) for own in part.keywords)


def shorten(sentence: str, found: str) -> str:
    """Return the words around something found in a sentence, for a message."""
    at = sentence.find(found)
    around = sentence[max(0, at - 60) : at + len(found) + 60]
    return re.sub(f"[{MARKS}]", "\u2026", around).strip()


def _squeeze(text):
    """Make each run of blanks and line ends one space; a narrow or unbreakable space is a sign of its own."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def _constant(node):
    """Return the text of an expression, with a mark for each part that is computed."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_constant, node.values))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _constant(node.left) + _constant(node.right)
    if isinstance(node, ast.IfExp):
        return f"{_constant(node.body)} {_constant(node.orelse)}"
    return COMPUTED


def _block(node):
    """Reduce one block of text."""
    parts: dict[str, list[Any]] = {"values": [], "citations": [], "exhibits": []}
    text = _squeeze("".join(_walk(node, parts)))
    boxes = [node, *(around for around in ancestors(node) if isinstance(around, nodes.Admonition))]
    kind, level = "text", 0
    if isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
        kind, level = "heading", sum(isinstance(around, nodes.section) for around in ancestors(node))
    elif isinstance(node, nodes.term) and any(isinstance(around, addnodes.glossary) for around in ancestors(node)):
        kind = "term"
    elif any(isinstance(around, nodes.row) for around in ancestors(node)):
        kind = "cell"
        row = next(around for around in ancestors(node) if isinstance(around, nodes.row))
        parts["citations"] = [mark["reftarget"] for mark in row.findall(_cited)]
        if isinstance(row.parent, nodes.tbody):
            level = 1 + next(number for number, entry in enumerate(row.children) if node in entry.findall())
    return Block(
        kind,
        text,
        line_of(node),
        level,
        " ".join(name for around in boxes for name in around["classes"]),
        **{key: tuple(entries) for key, entries in parts.items()},
    )


def _walk(node, parts):
    """Yield the pieces of a block's text and note what it shows and refers to."""
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, value):
        _note_value(node, parts)
        yield COMPUTED
    elif isinstance(node, nodes.raw):
        yield re.sub(r"<[^>]*>", " ", node.astext())
    elif isinstance(node, nodes.literal | nodes.math):
        # A number in code quotes is still a number.
        yield node.astext() if NUMBER_ONLY.fullmatch(node.astext()) else CODE
    elif isinstance(node, nodes.comment | nodes.footnote_reference | addnodes.index):
        return
    elif isinstance(node, nodes.reference) and node.get("refuri") == node.astext():
        yield REFERENCE  # an address that stands as itself
    elif _cited(node):
        parts["citations"].append(node["reftarget"])
        yield CITATION
    elif isinstance(node, addnodes.pending_xref):
        yield from _referred(node, parts)
    else:
        yield from _children(node, parts)


def _referred(node, parts):
    """Yield what stands for a reference: its own words, where an author gave it some."""
    if node["reftype"] == "numref":
        parts["exhibits"].append(node["reftarget"])
        yield EXHIBIT
    elif node["reftype"] == "term" or (node.get("refexplicit") and not node.get("named")):
        yield from _children(node, parts)
    else:
        yield REFERENCE


def _note_value(node, parts):
    """Note a value of a notebook; what another work found has no one format everywhere."""
    if not isinstance(node, quoted):
        identifier = node.rawsource.partition("`")[2].strip("`").partition(":")[0]
        parts["values"].append((identifier, node.astext()))


def _cited(node):
    return isinstance(node, addnodes.pending_xref) and node.get("refdomain") == "cite"


def _children(node, parts):
    for child in node.children:
        yield from _walk(child, parts)


def _inside(node, apart):
    """Say whether a piece of text is no block of its own, or none that an author typed."""
    within = any(isinstance(around, nodes.TextElement) for around in ancestors(node))
    return within or isinstance(node, SKIPPED) or _published(node, apart)


def _published(node, apart):
    return any(
        around.get("nb_element") or apart & set(around.get("classes", ())) for around in [node, *ancestors(node)]
    )


def _find(text, lines):
    """Return the line in which a block of text begins, or 0; a short text, such as a number, is looked for as a whole."""
    start = re.split(f"[{MARKS}*_`]", text)[0][:40].strip()
    found = [number for number, line in enumerate(lines, start=1) if start and start in line]
    if len(found) < 2:  # an expression for each block of a book takes its time
        return found[0] if found else 0
    alone = re.compile(rf"(?:^|[|,*-])\s*[\"']?{re.escape(start)}[\"']?\s*(?:[|,]|$)")
    return next((number for number in found if alone.search(lines[number - 1])), found[0])
