"""Doctrees in, Typst code out.

:class:`Translator` turns each resolved doctree into calls of the functions that ``book.typ`` defines. Content is
decided here, looks are decided there: no colour, size or font belongs in this module. Not here either: what an
exhibit or a value is (the publisher of the book's package), and how a chapter asks for one (``press.page``).

Two things steer what is printed: a node of class ``only-web`` is left out, and so is a document that the volume does
not hold. Links to either lead to the web edition. A section with the attribute ``one_page`` stands
on a page of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from docutils import nodes
from docutils.utils.math import MathError
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from press.errors import BookError
from press.page import tex
from press.page.directives import ancestors, is_authored
from press.paper import floats, pictures, tables
from press.paper.code import PrintError, array, block, call, string
from press.paper.formulas import formula
from press.paper.listings import listing
from press.paper.openers import key_numbers, opener
from press.paper.register import Register

if TYPE_CHECKING:
    from typing import Any

# A link within the book leads to this and the label of its place; where that is, is known when the pages are set
# (``finishing``). A link that Typst resolves by itself takes it a fifth of its time, and is named after its page alone.
PLACE = "place:"
# What sphinx-design makes of grids and cards, and the functions that set them.
CARDS = {"grid-row": "card-row", "card": "card", "card-title": "card-title"}
# What the variant that carries the data of exhibits is called, after the name of the book.
WITH_DATA = "-with-data"
# So much of an entry of the references names it.
NAME_LENGTH = 90


class Translator:
    """Doctrees in, Typst code out; one method for each kind of node.

    A node that has no method stops the build: what the web shows must not vanish from print unseen.

    Parameters
    ----------
    builder : TypstBuilder
    doctrees : dict of str to docutils.nodes.document
        The resolved doctrees of all documents that the contents list.
    holds : callable
        Whether the volume holds the document of a name.
    index : bool
        Whether the volume ends with an index.
    """

    def __init__(
        self, builder: Any, doctrees: dict[str, nodes.document], holds: Callable[[str], bool], index: bool = False
    ) -> None:
        self.builder = builder
        self.holds = holds
        self.config = builder.config
        self.doctrees = doctrees
        self.docname = ""
        self.level = 0
        self.chapter_level = 1
        self.in_profile = False
        self.indexed = False
        self.foot: list[str] = []
        self.quiet_links = False
        self.explained: set[tuple[str, str]] = set()
        self.exhibits: dict[str, str] = {}
        self.owners: dict[str, tuple[str, nodes.Element]] = {}
        self.footnotes: dict[str, nodes.footnote] = {}
        self.placed: set[str] = set()
        self.unlinked = 0
        self.register = Register(builder.app) if index else None
        self.marked: set[str] = set()
        self.labels: dict[Any, str] = {}
        self.stand_ins: dict[tuple[str, str], tuple[str, str]] = {}
        self.citing: dict[tuple[str, str], dict[str, None]] = {}
        held = {docname: doctree for docname, doctree in doctrees.items() if holds(docname)}
        for docname, doctree in held.items():
            self._collect_labels(docname, doctree)
            self._collect_exhibits(docname, doctree)
            self._collect_stand_ins(docname, doctree)
        links = [*self._targets(held)]
        targets = {self._place(target, docname) for docname, target in links}
        self.linked = {self.labels[target] for target in targets if target in self.labels}
        self._collect_citing(held, links)

    def book(self) -> str:
        """Translate the whole book, from the root document on."""
        code = self._document(self.config.root_doc, level=1)
        lost = sorted(self.linked - self.marked)
        if lost:
            raise PrintError(f"links lead to {', '.join(lost)}, but print has no rule to mark such a place")
        return "\n".join(part for part in (code, self.register.code() if self.register else "") if part)

    def brief(self, docname: str, foot_of: str, foot: list[nodes.Element]) -> str:
        """Translate one document as a brief, which ends with what every brief of its kind ends with.

        Parameters
        ----------
        docname : str
        foot_of : str
            The document that the foot is from.
        foot : list of docutils.nodes.Element
        """
        self.docname = foot_of
        self.foot = [call("brief-foot", self.inlines(node)) for node in foot]
        return self._document(docname, level=1)

    # -- documents and their places --------------------------------------------------------------------

    def _document(self, docname, level):
        """Translate one document, its first heading on the given level."""
        if docname in self.placed:
            raise BookError(f"the contents list {docname} twice, but print has one place for it")
        self.placed.add(docname)
        outside = self.docname, self.level, self.footnotes, self.indexed
        doctree = self.doctrees[docname]
        self.docname, self.level = docname, level - 1
        self.footnotes = {node["ids"][0]: node for node in doctree.findall(nodes.footnote)}
        self.indexed = self.register is not None and self.register.speaks(docname)
        if not self.holds(docname):
            code = [self.translate(node) for node in doctree.findall(addnodes.toctree)]
        else:
            code = [f"// {docname}", *self.children(doctree)]
        self.docname, self.level, self.footnotes, self.indexed = outside
        return "\n".join(part for part in code if part)

    def translate_toctree(self, node: nodes.Element) -> str:
        """Put the listed documents in place; a caption in the root document names a part of the book."""
        docnames = [name for name in node["includefiles"] if name in self.doctrees]
        if self.docname != self.config.root_doc:
            return "\n".join(self._document(name, self.level + 1) for name in docnames)
        caption = node.get("caption")
        if caption and docnames and caption == self._title(docnames[0]):
            caption = None  # a part of the name of its first chapter would say it twice
        self.chapter_level = 2 if caption else 1
        chapters = [self._document(name, self.chapter_level) for name in docnames]
        code = "\n".join(chapter for chapter in chapters if chapter)
        return "\n".join([call("part", string(caption)), code]) if caption and code else code

    def _title(self, docname):
        title = next(self.doctrees[docname].findall(nodes.title), None)
        return title and title.astext()

    def translate_section(self, node: nodes.Element) -> str:
        """Set a heading with the number that Sphinx gave it, so that web and print agree."""
        if node.get("one_page"):
            return self._profile(node)
        if "finding" in node["classes"]:
            return self._finding(node)
        self.level += 1
        title = next(child for child in node.children if isinstance(child, nodes.title))
        number = self._section_number(node)
        named = {"number": number and string(number), "anchor": self.label(node)}
        findings = any("finding" in child["classes"] for child in node.children)
        opening: list[nodes.Node] = []
        if self.level <= self.chapter_level:
            close = "true" if findings else None
            opens, opening = opener(node, self.inlines)
            heading = call("chapter", self.inlines(title), level=self.level, close=close, **named, **opens)
        else:
            depth = self.level - self.chapter_level
            heading = call("section", self.inlines(title), level=self.level, depth=depth, **named)
        if findings:
            code = self._summary(heading, node, title)
        else:
            shown = [child for child in node.children if child is not title and child not in opening]
            above, below = floats.placed(shown, self._refers, before=self.level > self.chapter_level)
            code = [*map(self.translate, above), heading, *map(self.translate, below)]
        self.level -= 1
        return "\n".join(part for part in code if part)

    def _refers(self, node, ids):
        """Say whether a node has a link to one of some ids of its document."""
        links = node.findall(nodes.reference) if isinstance(node, nodes.Element) else ()
        return any(self._target(link, self.docname) in [(self.docname, name) for name in ids] for link in links)

    def _section_number(self, node):
        """Return the number of a section as Sphinx counts it, or None."""
        numbers = self.builder.env.toc_secnumbers.get(self.docname, {})
        is_first = isinstance(node.parent, nodes.document) and node.parent.index(node) == _first_section(node.parent)
        number = numbers.get("" if is_first else "#" + node["ids"][0])
        return ".".join(map(str, number)) if number else None

    def _profile(self, node):
        """Set a section on pages of its own: a child of class ``overleaf`` begins the next, halves stand side by side."""
        self.level += 1
        self.in_profile = True
        title, *rest = node.children
        pages: list[list[str]] = [[]]
        halves: list[str] = []
        for child in rest:
            if "overleaf" in child.get("classes", ()):
                pages.append([])
            if isinstance(child, nodes.section):
                heading, *content = child.children
                body = block(self.translate(part) for part in content)
                made = call("profile-part", body, title=self.inlines(heading), level=self.level + 1)
            else:
                made = self.translate(child)
            if "half" not in child["classes"]:
                pages[-1].append(made)
                continue
            halves.append(made)
            if len(halves) == 2:
                pages[-1].append(call("profile-halves", *halves))
                halves = []
        named = {"title": self.inlines(title), "level": self.level, "anchor": self.label(node)}
        self.level -= 1
        self.in_profile = False
        return call("profile", *map(block, [*pages[:-1], [*pages[-1], *halves, *self.foot]]), **named)

    def _summary(self, heading, node, title):
        """Set what stands under the heading of a page of findings close, and the sources of their charts at its foot."""
        body = [self.translate(child) for child in node.children if child is not title]
        shown = [child for child in node.findall(nodes.container) if "source" in child]
        sources = call("sources", *(string(child["source"]) for child in shown)) if shown else ""
        return [heading, call("summary", block([*body, sources]))]

    def _finding(self, node):
        """Set a finding, its chart beside its text."""
        title, text, shown = (child for child in node.children if not isinstance(child, nodes.system_message))
        (picture,) = shown.findall(nodes.image)
        heads = (n for n in shown.findall(nodes.Element) if {"exhibit-title", "exhibit-subtitle"} & {*n["classes"]})
        return call(
            "finding", block(map(self.translate, text.children)), title=self.inlines(title), level=self.level + 1,
            anchor=self.label(node), picture=self._image(picture, "picture-data"),
            heads=array(map(self.inlines, heads)), mark=self.anchor(shown) or None,
        )  # fmt: skip

    # -- labels and links ------------------------------------------------------------------------------

    def _collect_labels(self, docname, doctree):
        """Map every id of a document to one label, that of the element that carries it in print."""
        for node in list(doctree.findall(nodes.Element)):
            identifiers, owner = node["ids"], node
            if not identifiers:
                continue
            # A heading is repeated in the contents, where a label inside it would exist a second time: it, or the
            # figure of a caption, carries the label of what stands inside.
            above = (node, *ancestors(node))
            heading = next((n for n in above if isinstance(n, nodes.title | nodes.caption)), None)
            if heading is not None:
                owner = heading.parent
                owner["ids"], node["ids"] = [*owner["ids"], *identifiers], []
            for identifier in identifiers:
                self.labels[docname, identifier] = f"{docname}#{owner['ids'][0]}"
            self.owners[f"{docname}#{owner['ids'][0]}"] = docname, owner
        first = next(doctree.findall(nodes.section), None)
        if first is not None:
            self.labels[docname, ""] = f"{docname}#{first['ids'][0]}"

    def _collect_stand_ins(self, docname, doctree):
        """Note what stands on a page for a place that is not in print, such as a source for its entry on a page of the web."""
        for node in doctree.findall(nodes.Element):
            if "stands_for" in node:
                self.stand_ins.setdefault((docname, node["stands_for"]), (docname, node["ids"][0]))

    def _targets(self, held):
        """Yield page and target of each link."""
        for docname, doctree in held.items():
            yield from ((docname, self._target(node, docname)) for node in doctree.findall(nodes.reference))

    def _place(self, target, docname):
        """Return document and id to which a link on a page leads in print: what stands for its target, if that is not there."""
        if target is None or target in self.labels:
            return target
        return self.stand_ins.get((docname, target[1]), target)

    def _collect_citing(self, held, links):
        """Note for each entry of the references which chapters cite it; a link leads to each of them."""
        entries = {
            (name, i) for name, tree in held.items() for node in tree.findall(nodes.citation) for i in node["ids"]
        }
        for docname, target in links:
            if target in entries and docname != target[0] and self._chapter_number(docname):
                self.citing.setdefault(target, {})[docname] = None
                self.linked.add(self.labels[docname, ""])

    def _chapter_number(self, docname):
        """Return the number of a document that has one, as its heading has it."""
        number = self.builder.env.toc_secnumbers.get(docname, {}).get("")
        return ".".join(map(str, number)) if number else ""

    def places(self) -> dict[str, str]:
        """Return the name of each place to which a link leads, by label, for those who hear the link and do not see it."""
        return {label: self._place_name(*self.owners[label]) for label in sorted(self.linked)}

    def _place_name(self, docname, node):
        """Name a place after the innermost thing around it that has a name."""
        outside, self.docname = self.docname, docname
        try:
            for around in (node, *ancestors(node)):
                name = around.astext() if "stands_for" in around else self._own_name(around)
                if name:
                    return " ".join(name.split())
        finally:
            self.docname = outside
        return self._title(docname) or docname

    def _own_name(self, node):
        if isinstance(node, nodes.section):
            number, title = self._section_number(node), node.next_node(nodes.title)
            return " ".join(filter(None, [number, title.astext() if title else ""]))
        if isinstance(node, nodes.citation):
            entry = " ".join(node.children[1].astext().split())
            return entry if len(entry) <= NAME_LENGTH else entry[:NAME_LENGTH].rsplit(" ", 1)[0] + " \u2026"
        if isinstance(node, nodes.definition_list_item | nodes.term):
            term = node if isinstance(node, nodes.term) else node.next_node(nodes.term)
            return term.astext()
        if isinstance(node, nodes.math_block) and node.get("number"):
            return f"Equation ({node['number']})"
        shown = node.next_node(lambda n: isinstance(n, nodes.figure | nodes.table)) if _is_exhibit(node) else node
        if isinstance(shown, nodes.figure | nodes.table):
            title = next((child for child in shown.children if isinstance(child, nodes.caption | nodes.title)), None)
            titles = title is not None and [
                n for n in title.children if "exhibit-title" in getattr(n, "attributes", {}).get("classes", ())
            ]
            said = (titles[0] if titles else title).astext() if title is not None else ""
            return ": ".join(filter(None, [self._plain_number(shown), said]))
        return ""

    def _collect_exhibits(self, docname, doctree):
        """Note which exhibits the volume shows, and what they are called."""
        for node in doctree.findall(nodes.Element):
            identifier = node["cited"]["id"] if "cited" in node else node.get("exhibit")
            if identifier and (isinstance(node, nodes.image) or "cited" in node):
                self.exhibits.setdefault(identifier, self._place_name(docname, node))

    def _target(self, node, docname):
        """Return document and id to which a reference leads, or None if it leads out of the book."""
        if "refid" in node:
            return docname, node["refid"]
        uri = node.get("refuri", "")
        return tuple(uri[1:].partition("#")[::2]) if uri.startswith("%") else None

    def label(self, node: nodes.Element) -> str | None:
        """Return the label of a node as code, to be attached to it; None if no link leads to it."""
        label = self.labels.get((self.docname, node["ids"][0])) if node["ids"] else None
        if label is None or label not in self.linked:
            return None
        self.marked.add(label)
        return string(label)

    def anchor(self, node: nodes.Element) -> str:
        """Mark the place of a node that has nothing else to attach its label to."""
        label = self.label(node)
        return call("anchor", label) if label else ""

    def translate_reference(self, node: nodes.Element) -> str:
        """Link within the book, to the web edition for what is not in print, or elsewhere."""
        if pictures.is_linked(node) and not isinstance(node.parent, nodes.TextElement):
            return block([self.anchor(node), self._linked(node, self._image(node.children[0], "picture"))])
        return self._linked(node, self.inlines(node))

    def _linked(self, node, body):
        """Write a link around what is written already."""
        target = self._target(node, self.docname)
        if target is not None and self.register and self.indexed:
            mark = self.register.of_link(node, *target)
            return block([mark, self._link(node, target, body)])
        return self._link(node, target, body)

    def _link(self, node, target, body):
        target = self._place(target, self.docname)
        if target in self.labels:
            quiet = "true" if self.quiet_links else None
            return call("inward", string(PLACE + self.labels[target]), body, quiet=quiet)
        if target is not None:
            return self._to_web(body, f"{target[0]}.html" + (f"#{target[1]}" if target[1] else ""))
        if re.match(r"[a-z]+:", node["refuri"]):
            return call("outward", string(node["refuri"]), body)
        return self._to_web(body, node["refuri"].lstrip("/"))

    def _to_web(self, body, path):
        """Link to a page of the web edition; while that has no address, the words stand alone."""
        base = self.config.html_baseurl
        if not base:
            self.unlinked += 1
            return body
        return call("outward", string(f"{base.rstrip('/')}/{path}"), body)

    def translate_download_reference(self, node: nodes.Element) -> str:
        """Link to the file of the web edition."""
        if "filename" not in node:
            return call("outward", string(node["refuri"]), self.inlines(node))
        return self._to_web(self.inlines(node), f"_downloads/{node['filename']}")

    def translate_footnote_reference(self, node: nodes.Element) -> str:
        """Set the note at its first reference; Typst finds the foot of the page."""
        name = string(f"{self.docname}#{node['refid']}")
        note = self.footnotes.get(node["refid"])
        if note is None:
            return call("again", name)
        self.footnotes[node["refid"]] = None
        return call("note", self.body(note), name)

    def translate_footnote(self, node: nodes.Element) -> str:
        """Print nothing here: a note stands where the text refers to it."""
        return ""

    def translate_citation(self, node: nodes.Element) -> str:
        """Set an entry of the references, without its label where the text cites by author and year."""
        # bibtex adds label and entry to the same node whenever a builder resolves the page: take the first.
        label, entry = node.children[:2]
        by_author = str(getattr(self.config, "bibtex_reference_style", "")).startswith("author")
        shown = None if by_author else self.inlines(label)
        chapters = [
            call("inward", string(PLACE + self.labels[docname, ""]), string(self._chapter_number(docname)))
            for docname in self.citing.get((self.docname, node["ids"][0]), ())
        ]
        return call(
            "citation",
            self.inlines(entry),
            anchor=self.label(node),
            mark=shown,
            cited=array(chapters) if chapters else None,
        )

    # -- the walk --------------------------------------------------------------------------------------

    def translate(self, node: nodes.Node) -> str:
        """Translate one node.

        Parameters
        ----------
        node : docutils.nodes.Node

        Returns
        -------
        str
            A Typst expression, or nothing for a node that shows nothing.

        Raises
        ------
        BookError
            If there is no rule for this kind of node, or if the node cannot be printed.
        """
        for kind in type(node).__mro__:
            method = getattr(self, f"translate_{kind.__name__}", None)
            if method is not None:
                return method(node)
        raise self.error(node, f"has a {type(node).__name__!r} node, for which print has no rule")

    def error(self, node: nodes.Node | None, message: str) -> BookError:
        """Make an error that names the source of the node."""
        while node is not None and not getattr(node, "line", None):
            node = node.parent
        line = f":{node.line}" if node is not None else ""
        return BookError(message, f"{self.builder.env.doc2path(self.docname, base=False)}{line}")

    def children(self, node: nodes.Element) -> list[str]:
        """Translate all children, after an anchor if a link leads to the node."""
        return [self.anchor(node), *(self.translate(child) for child in node.children)]

    def inlines(self, node: nodes.Element) -> str:
        """Translate the children of a node to one expression."""
        return block(self.children(node))

    def body(self, node: nodes.Element) -> str:
        """Translate the content of a note, item or cell, where a lone paragraph is no block of its own."""
        children = _content(node)
        parts = [self.inlines(children[0])] if _is_line(node) else [self.translate(child) for child in children]
        return block([self.anchor(node), *parts])

    def translate_Text(self, node: nodes.Text) -> str:
        """Keep the text as it is; as in HTML, any run of blanks and line ends is one space."""
        text = re.sub(r"[ \t\r\n]+", " ", node.astext())
        if {"std-numref"} & set(node.parent["classes"]) and isinstance(node.parent, nodes.inline):
            text = text.replace(" ", "\u00a0")  # "Figure" and its number stay on one line
        return "\n".join(self.register.parts(node, text)) if self.register and self.indexed else string(text)

    def _pass(self, node):
        return "\n".join(part for part in self.children(node) if part)

    def _nothing(self, node):
        return ""

    translate_document = translate_compound = translate_only = translate_glossary = _pass
    translate_inline = translate_page_link = translate_title_reference = translate_generated = _pass
    translate_hlist = translate_hlistcol = _pass
    translate_legend = translate_caption = translate_compact_paragraph = translate_decoration = _pass
    # These say how a page is made and show nothing, on the web either.
    translate_comment = translate_substitution_definition = translate_meta = _nothing
    translate_exhibit_tools = translate_highlightlang = translate_tabular_col_spec = translate_colspec = (
        translate_header
    ) = _nothing

    def translate_index(self, node: nodes.Element) -> str:
        """Mark the place for the index."""
        return self.register.asked(node) if self.register and self.indexed else ""

    @staticmethod
    def _function(name: str) -> Callable[[Translator, nodes.Element], str]:
        def method(self: Translator, node: nodes.Element) -> str:
            return call(name, self.inlines(node))

        return method

    translate_emphasis = translate_literal_emphasis = _function("emph")
    # What sphinx-design wraps a link of a card in, so that it may stand between blocks.
    translate_PassthroughTextElement = _function("paragraph")
    translate_strong = translate_literal_strong = _function("strong")
    translate_subscript = _function("sub")
    translate_superscript = _function("super")
    translate_rubric = _function("rubric")
    translate_line_block = _function("lines")
    translate_centered = _function("centred")

    def translate_value(self, node: nodes.Element) -> str:
        """Set a number, whose link is not seen: a page full of coloured numbers would be restless."""
        outside, self.quiet_links = self.quiet_links, True
        code = self._pass(node)
        self.quiet_links = outside
        return code

    translate_quoted = translate_value

    def translate_abbreviation(self, node: nodes.Element) -> str:
        """Say what an abbreviation stands for where the page has it first, as nobody can point at paper."""
        known = self.docname, node.astext()
        if not node.get("explanation") or known in self.explained:
            return self._pass(node)
        self.explained.add(known)
        return block([self._pass(node), string(f" ({node['explanation']})")])

    def translate_target(self, node: nodes.Element) -> str:
        """Mark a place; most targets are empty and lend their name to what follows."""
        return self._pass(node)

    def translate_paragraph(self, node: nodes.Element) -> str:
        """Set a paragraph, or just the picture if it is alone in it."""
        shown = pictures.alone(node)
        if shown:
            placed = [self._placed(child) for child in shown]
            anchors = [
                self.anchor(part)
                for part in (node, *(part for child in shown for part in child.findall(nodes.Element)))
            ]
            return block([*anchors, placed[0] if len(placed) == 1 else call("picture-row", *placed)])
        if "exhibit-permalink" in node["classes"]:
            return self._pointer(node)
        beneath = any(name.startswith("exhibit-") for name in node["classes"])
        return call("fine" if beneath and not self.in_profile else "paragraph", self.inlines(node))

    def _pointer(self, node):
        """Say where the data of an exhibit are: at an address, or in the variant of the book that carries them."""
        base, identifier = self.config.html_baseurl.rstrip("/"), node["exhibit"]
        if base:
            address = f"{base}/exhibits/{identifier}/"
            said = block([string("Data, code and citation: "), call("outward", string(address), string(address))])
        elif self.config.typst_with_data:
            said = string(f"Data: {identifier}.csv, attached to {self.config.typst_filename}{WITH_DATA}.pdf.")
        else:
            return ""
        return call("paragraph" if self.in_profile else "fine", said)

    def _placed(self, node):
        """Set a picture that stands between blocks, with its link."""
        image = node if isinstance(node, nodes.image) else node.children[0]
        code = self._image(image, "picture")
        return code if image is node else self._linked(node, code)

    def translate_line(self, node: nodes.Element) -> str:
        """Set one line of verse or of an address."""
        return self._pass(node) + "\nlinebreak()"

    def translate_block_quote(self, node: nodes.Element) -> str:
        """Set a quotation with its source."""
        source = next((child for child in node.children if isinstance(child, nodes.attribution)), None)
        body = block([self.anchor(node), *(self.translate(child) for child in node.children if child is not source)])
        return call("quotation", body, attribution=source and self.inlines(source))

    def translate_transition(self, node: nodes.Element) -> str:
        """Set a break; the one that MyST adds above footnotes has no place in print."""
        return "" if "footnotes" in node["classes"] else call("transition")

    def translate_raw(self, node: nodes.Element) -> str:
        """Set what of HTML has a form on paper; what would vanish, and code for Typst itself, stops the build."""
        formats, text = node["format"].split(), re.sub(r"<!--.*?-->", "", node.astext(), flags=re.DOTALL).strip()
        if "typst" in formats:
            raise self.error(
                node, "raw Typst is off: it could read any file and would look otherwise; write it in Markdown"
            )
        if "html" not in formats or not text:
            return ""  # what is for other formats; comments
        if re.fullmatch(r"(?:<br\s*/?>\s*)+", text):
            return "linebreak()"
        if re.fullmatch(r'<input[^>]*\btype="checkbox"[^>]*>', text):
            return string("\u2611" if "checked=" in text else "\u2610")
        if is_authored(text, self.builder.env.doc2path(self.docname)):
            raise self.error(
                node, f"{text.splitlines()[0][:60]!r} is HTML, which is lost in print; write it in Markdown"
            )
        return ""  # what directives make for the web

    # -- lists -----------------------------------------------------------------------------------------

    def _items(self, node):
        items = [child for child in node.children if isinstance(child, nodes.list_item)]
        tight = all(len(item.children) <= 1 for item in items)
        return [self.body(item) for item in items], "true" if tight else "false"

    def translate_bullet_list(self, node: nodes.Element) -> str:
        """Set a list, or the numbers that carry a chapter."""
        if "key-numbers" in node["classes"]:
            return block([self.anchor(node), f"key-numbers(..{key_numbers(node, self.inlines)})"])
        items, tight = self._items(node)
        return block([self.anchor(node), call("list", *items, tight=tight)])

    def translate_enumerated_list(self, node: nodes.Element) -> str:
        """Set a numbered list with the author's kind of number and first number."""
        pattern = {"loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}
        pattern = node.get("prefix", "") + pattern.get(node.get("enumtype"), "1") + node.get("suffix", ".")
        items, tight = self._items(node)
        code = call("enum", *items, tight=tight, numbering=string(pattern), start=node.get("start", 1))
        return block([self.anchor(node), code])

    def translate_definition_list(self, node: nodes.Element) -> str:
        """Set terms with what they mean."""
        return call("definitions", *(self._definition(item) for item in node.children))

    def _definition(self, item):
        meanings = [child for child in item.children if isinstance(child, nodes.definition)]
        terms = [child for child in item.children if child not in meanings]
        words: list[str] = []
        for term in terms:
            # Several terms of one entry stand beside each other; what kind of thing one is, has a mark of its own.
            words += [string(", ")] if words and isinstance(term, nodes.term) else []
            words.append(self.inlines(term) if isinstance(term, nodes.term) else self.translate(term))
        bodies = [self.body(meaning) for meaning in meanings]
        if len(meanings) > 1:
            # Lone paragraphs, which are no blocks of their own, would run into each other.
            bodies = [
                call("paragraph", body) if _is_line(meaning) else body
                for meaning, body in zip(meanings, bodies, strict=True)
            ]
        return array([block([self.anchor(item), *words]), block(bodies)])

    def translate_classifier(self, node: nodes.Element) -> str:
        """Set what kind of thing a term is."""
        return block([string(" : "), self.inlines(node)])

    def translate_field_list(self, node: nodes.Element) -> str:
        """Set fields as terms."""
        pairs = ((field.children[0], field.children[1]) for field in node.children)
        return call("definitions", *(array([self.inlines(name), self.body(body)]) for name, body in pairs))

    def translate_option_list(self, node: nodes.Element) -> str:
        """Set options of a command as terms."""
        pairs = ((item.children[0].astext(), item.children[1]) for item in node.children)
        return call("definitions", *(array([call("raw", string(name)), self.body(body)]) for name, body in pairs))

    # -- boxes -----------------------------------------------------------------------------------------

    def translate_Admonition(self, node: nodes.Element) -> str:
        """Set a box: the general one with its own title, the others with that of their kind."""
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        kind = node.tagname if node.tagname in admonitionlabels else " ".join(node["classes"])
        heading = self.inlines(title) if title is not None else string(str(admonitionlabels.get(kind, "")))
        body = block([self.anchor(node), *(self.translate(child) for child in node.children if child is not title)])
        return call("box-out", body, kind=string(kind), title=heading)

    translate_topic = translate_sidebar = translate_Admonition

    # -- code and formulas -----------------------------------------------------------------------------

    def translate_literal(self, node: nodes.Element) -> str:
        """Set code within a line."""
        return call("raw", string(re.sub(r"\s*\n\s*", " ", node.astext())))

    def translate_literal_block(self, node: nodes.Element) -> str:
        """Set code as a block."""
        return block([self.anchor(node), listing(node)])

    translate_doctest_block = translate_literal_block

    def translate_math(self, node: nodes.Element) -> str:
        """Set a formula within a line."""
        return call("equation", self._formula(node, False), alt=string(node.astext()))

    def translate_math_block(self, node: nodes.Element) -> str:
        """Set a formula on its own, with the number that Sphinx gave it."""
        number = self._find_number(node, "displaymath") if self.config.math_numfig else None
        number = number or node.get("number")
        return call(
            "equation",
            self._formula(node, True),
            alt=string(node.astext()),
            display="true",
            number=string(f"({number})") if number else None,
            anchor=self.label(node),
        )

    def _formula(self, node, as_block):
        try:
            mathml = tex.to_mathml(node.astext(), as_block=as_block)
        except MathError as error:
            raise self.error(node, f"cannot read the formula \u201c{node.astext().strip()}\u201d: {error}") from error
        try:
            return "$" + formula(ElementTree.fromstring(mathml.replace("&ApplyFunction;", ""))) + "$"
        except ValueError as error:
            raise self.error(node, f"cannot print the formula {node.astext()!r}: {error}") from error

    # -- pictures, figures, tables ---------------------------------------------------------------------

    def _picture(self, node):
        """Return file, alternative text and size of a picture as named arguments."""
        if not node.get("alt"):
            raise self.error(node, f"the picture {node['uri']} has no alternative text; add one")
        if node["uri"] not in self.builder.images:
            raise self.error(node, f"the picture {node['uri']} is not a file of the book")
        try:
            asked = pictures.size(node)
        except ValueError as error:
            raise self.error(node, f"the picture {node['uri']}: {error}") from None
        # From the root of what is set: the template, which opens it, lies elsewhere.
        file = f"/images/{self.builder.images[node['uri']]}"
        return {"file": string(file), "alt": string(node["alt"]), **asked}

    def _length(self, node, name):
        try:
            return pictures.length(node[name])
        except ValueError as error:
            raise self.error(node, f"{name}: {error}") from None

    def _image(self, node, function):
        return call(function, **self._picture(node))

    def translate_image(self, node: nodes.Element) -> str:
        """Set a picture, in the line if that is where it stands."""
        code = self._image(node, "glyph" if isinstance(node.parent, nodes.TextElement) else "picture")
        return block([self.anchor(node), code])

    def _number(self, node):
        number = self._plain_number(node)
        return string(number) if number else None

    def _plain_number(self, node):
        """Return "Figure 1.3" as Sphinx numbers it, or None if it does not."""
        kind = self.builder.env.get_domain("std").get_enumerable_node_type(node)
        number = self._find_number(node, kind)
        return self.config.numfig_format.get(kind, "%s") % number if number else None

    def _find_number(self, node, kind):
        numbered = self.builder.env.toc_fignumbers.get(self.docname, {}).get(kind, {})
        number = next((numbered[name] for name in node["ids"] if name in numbered), None)
        return ".".join(map(str, number)) if number and self.config.numfig else None

    def translate_figure(self, node: nodes.Element) -> str:
        """Set a figure that is no exhibit."""
        return self._exhibit(node, node, [])

    def translate_container(self, node: nodes.Element) -> str:
        """Set an exhibit as one thing; other containers only group."""
        if "exhibit" in node["classes"]:
            shown = [child for child in node.findall() if isinstance(child, nodes.figure | nodes.table)]
            if len(shown) != 1:
                raise self.error(node, f"an exhibit holds one figure or table, this one holds {len(shown)}")
            return self._exhibit(node, shown[0], [child for child in node.children if child is not shown[0]])
        if "literal-block-wrapper" in node["classes"]:
            caption, *code = node.children
            body = block(self.translate(child) for child in code)
            named = {"number": self._number(node), "title": self.inlines(caption), "anchor": self.label(node)}
            return call("exhibit", body, kind=string("listing"), **named)
        if "in-brief" in node["classes"]:
            return call("box-out", self.inlines(node), kind=string("in-brief"))
        made = CARDS.get(node.get("design_component", ""))
        if made:
            parts = filter(None, self.children(node))
            return call(made, *(block([part]) for part in parts))
        return self._pass(node)

    def _exhibit(self, outer, shown, foot):
        """Set a figure or table with its number, title, subtitle and what stands beneath.

        Parameters
        ----------
        outer : docutils.nodes.Element
            What a link may lead to besides the figure itself: the exhibit's container.
        shown : docutils.nodes.figure or docutils.nodes.table
        foot : list of docutils.nodes.Node
            What else the exhibit holds: note, source, permalink.
        """
        subtitles = [n for n in outer.findall(nodes.Element) if "exhibit-subtitle" in n["classes"]]
        # Taken out for as long as the rest is translated: a page may be in a volume and in a brief.
        places = [(node, node.parent, node.parent.index(node)) for node in subtitles]
        for node in subtitles:
            node.parent.remove(node)
        try:
            return self._without_subtitles(outer, shown, foot, subtitles)
        finally:
            for node, around, index in reversed(places):
                around.insert(index, node)

    def _without_subtitles(self, outer, shown, foot, subtitles):
        foot = [child for child in foot if child not in subtitles]
        title = next((c for c in shown.children if isinstance(c, nodes.caption | nodes.title)), None)
        body = [child for child in shown.children if child is not title]
        titles = [n for n in shown.findall(nodes.Element) if "exhibit-title" in n["classes"]]
        anchors = [self.label(node) for node in {id(n): n for n in (shown, outer)}.values()]
        anchors = [anchor for anchor in anchors if anchor]
        named = {
            "number": self._number(shown),
            # A caption that names its parts has punctuation between them that print does with space.
            "title": self.inlines(titles[0] if titles else title) if title is not None else None,
            "subtitle": block(self.inlines(node) for node in subtitles) if subtitles else None,
            "anchor": anchors[0] if anchors else None,
        }
        if isinstance(shown, nodes.table):
            code, landscape = self._table(shown)
        else:
            pictures = [child for child in body if isinstance(child, nodes.image)]
            alone = pictures[0] if len(pictures) == 1 and isinstance(body[0], nodes.image) else None
            foot = [*([child for child in body if child is not alone] if alone else []), *foot]
            code = self._image(alone, "picture-data") if alone else block(map(self.translate, body))
            landscape = False
        kind = string("table" if isinstance(shown, nodes.table) else "figure" if alone else "other")
        parts = [*(call("anchor", a) for a in anchors[1:] if a), *(self.translate(child) for child in foot)]
        named["foot"] = array(block([part]) for part in parts if part) if any(parts) else None
        flow = nodes.section | nodes.document | nodes.container | nodes.compound
        named["nested"] = None if all(isinstance(n, flow) for n in ancestors(outer)) else "true"
        if self.in_profile:
            return call("profile-exhibit", code, kind=kind, **{**named, "nested": None})
        return call("exhibit", code, kind=kind, landscape="true" if landscape else None, **named)

    def translate_table(self, node: nodes.Element) -> str:
        """Set a table that is no exhibit."""
        return self._exhibit(node, node, [])

    def _table(self, table):
        """Return a table as code, and whether it needs the page turned."""
        placed, head, columns = tables.described(table)
        cells = [
            self._cell(entry, columns[column]["kind"], breaks=breaks)
            for row in placed
            for breaks in [any(len(entry.astext()) > tables.WHOLE for _, entry in row)]
            for column, entry in row
        ]
        heads = sum(len(row) for row in placed[:head])
        described = [
            array(
                [
                    *(f"{name}: {string(c[name])}" for name in ("kind", "word", "short", "usual", "line")),
                    f"share: {share}",
                ]
            )
            for c, share in zip(columns, tables.shares(table), strict=True)
        ]
        asked = self._length(table, "width") if table.get("width") else None
        code = call(
            "table-data", columns=array(described), head=array(cells[:heads]), body=array(cells[heads:]), width=asked
        )
        if tables.characters(columns) > tables.LANDSCAPE_CHARACTERS:
            raise self.error(
                table.next_node(nodes.tgroup),
                f"a table of {len(columns)} columns is too wide for a page; shorten its longest words or divide it",
            )
        return code, tables.is_turned(columns)

    def _cell(self, entry, kind, *, breaks):
        align = next((name[5:] for name in entry["classes"] if name.startswith("text-")), None)
        align = align if align in ("left", "center", "right") else {"number": "right"}.get(kind)
        spans = {"colspan": entry.get("morecols", 0) + 1, "rowspan": entry.get("morerows", 0) + 1}
        breakable = "true" if breaks else None
        spans = {name: count for name, count in spans.items() if count > 1}
        return call("table.cell", self.body(entry), align=align, breakable=breakable, **spans)


def _is_exhibit(node):
    return isinstance(node, nodes.container) and "exhibit" in node["classes"]


def _content(node):
    return [child for child in node.children if not isinstance(child, nodes.comment | nodes.label)]


def _is_line(node):
    content = _content(node)
    return len(content) == 1 and isinstance(content[0], nodes.paragraph)


def _first_section(document):
    return document.first_child_matching_class(nodes.section)
