"""No statistic is typed into prose: the check that stops a build on one.

Every digit in the prose of ``book/`` has to come from a notebook through the ``value`` role, or be one of the
few kinds of number that are no statistics of ours: names and structure (chapter, level, age group), years, and
findings quoted from literature in a sentence that carries a citation. Anything else is listed, with its reason,
in ``book/allowed-numbers.yml``.

Not here: checks of style and wording.
"""

import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx import addnodes

from crossroads.book.directives import value
from crossroads.book.errors import BookError

NUMBER = re.compile(r"(?<![\w.])\d[\d\u202f ,.]*\d*(?:\s?%|\s?per cent)?")
YEAR = re.compile(r"(?:1[89]|20)\d\d")
# What a number directly before or after these words counts is a name or a structure, not a statistic.
NAMES_BEFORE = re.compile(
    r"(?:chapters?|figures?|tables?|parts?|steps?|levels?|isced|nuts|tl|volume|edition|version|python|article|"
    r"no\.|page|pages|cc by|sdg|wcag|goal|issue|iso|ages?|aged|age group|class|grades?|years?|ch\.)"
    r"(?: [a-z]+)? ?(?:\d[\d.]*(?: ?(?:to|and|or|,|-|\u2013) ?))*$",
    re.IGNORECASE,
)
NAMES_AFTER = re.compile(r"^(?:-year-olds?|-point|th\b|st\b|nd\b|rd\b|(?: ?(?:to|and|-|\u2013) ?)\d+-year-olds?)")
CONFIDENCE = re.compile(r"^95 ?(?:%|per cent)?$")
PROSE = ("book/",)
SKIPPED = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw, nodes.comment, value)


def setup(app):
    """Check each page of prose as it is read."""
    app.connect("doctree-read", check_page)


def check_page(app, doctree):
    """Stop the build on the first typed-in statistic of a page."""
    page = app.env.docname
    if not page.startswith(PROSE):
        return
    allowed = read_exceptions(Path(app.srcdir)).get(page, [])
    for block in doctree.findall(nodes.TextElement):
        if isinstance(block, nodes.paragraph | nodes.title | nodes.term | nodes.caption) and not _published(block):
            for sentence, number in typed_in(block):
                if not any(fragment in sentence for fragment in allowed):
                    raise BookError(
                        f"the number {number!r} is typed in: \u201c{shorten(sentence, number)}\u201d; publish it in a"
                        " notebook and write {value}`id`, cite its source in the same sentence, or list the exception"
                        " with its reason in book/allowed-numbers.yml",
                        f"{app.env.doc2path(page, base=False)}:{line_of(block)}",
                    )


def typed_in(block):
    """Find the numbers in a paragraph that are typed in.

    Parameters
    ----------
    block : docutils.nodes.TextElement
        A paragraph, title, term or caption.

    Yields
    ------
    sentence, number : str
    """
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z\u201c(\x00\x01])", plain_text(block)):
        if "\x01" in sentence:
            continue
        for match in NUMBER.finditer(sentence):
            number = match.group().strip(" ,.")
            before, after = sentence[: match.start()], sentence[match.start() + len(number) :]
            years = all(YEAR.fullmatch(part) for part in re.split(r"[ ,]+", number))
            if years or CONFIDENCE.match(number) or NAMES_BEFORE.search(before) or NAMES_AFTER.match(after):
                continue
            # The second half of a span such as 2012-22 or 25-64.
            if re.search(r"(?:(?:1[89]|20)\d\d|(?:ages?|aged|people|adults) \d+)[\u2013-]$", before):
                continue
            yield sentence, number


def plain_text(block):
    """Return a paragraph's text, with a zero character for what is computed or code and a one for a citation."""
    parts = []

    def walk(node):
        if isinstance(node, nodes.Text):
            parts.append(node.astext())
        elif isinstance(node, addnodes.pending_xref) and node.get("refdomain") == "cite":
            parts.append("\x01")
        elif isinstance(node, SKIPPED) or (isinstance(node, addnodes.pending_xref) and not node.get("refexplicit")):
            parts.append("\x00")
        else:
            for child in node.children:
                walk(child)

    walk(block)
    return " ".join("".join(parts).split())


def read_exceptions(root):
    """Read the reviewed exceptions.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    dict of str to list of str
        Fragments of sentences that may hold a number, by page.

    Raises
    ------
    BookError
        If an entry lacks page, text or reason.
    """
    path = root / "book" / "allowed-numbers.yml"
    exceptions = {}
    for entry in (yaml.safe_load(path.read_text("utf-8")) or []) if path.exists() else []:
        if not all(entry.get(key) for key in ("page", "text", "reason")):
            raise BookError(f"each entry needs page, text and reason; this one is {entry}", "book/allowed-numbers.yml")
        exceptions.setdefault(entry["page"], []).append(entry["text"])
    return exceptions


def shorten(sentence, number):
    """Return the words around a number."""
    at = sentence.find(number)
    return sentence[max(0, at - 40) : at + len(number) + 40].replace("\x00", "\u2026").strip()


def line_of(block):
    """Return the line of a block, or of the nearest block around it that knows its line."""
    while block is not None and block.line is None:
        block = block.parent
    return block.line if block is not None else "?"


def _published(block):
    """Say whether a block is part of something published, or of a case, whose text carries sources of its own."""
    while block is not None:
        if isinstance(block, nodes.Element) and {"exhibit", "registry", "case"} & set(block.get("classes", [])):
            return True
        block = block.parent
    return False
