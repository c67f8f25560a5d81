"""Findings of a summary: each a heading, a few sentences, and beside them the small chart that shows their numbers.

    :::{finding} summary-results        the exhibit of the finding
    :title: Results fell

    Mathematics fell in ...
    :::

The first page of the book is the home of these exhibits: there their notes, data and citations are. Everywhere else, as in a
summary that takes one printed page, a finding shows the chart with its source, and leads there. In print the page is set
close, and the sources of all its charts stand at its foot.

Not here: looks, which style sheets and ``book.typ`` decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import directives

from press.errors import BookError
from press.page.directives import ExhibitDirective, caption, link, place, record_use, unknown, words
from press.session import session

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# By which a page notes that it shows exhibits whose home is another.
AGAIN = "shows-again"
MORE = "Note, source and data"


class FindingDirective(ExhibitDirective):
    """:::{finding} id: a finding with the exhibit of this id."""

    has_content = True
    option_spec = {"title": directives.unchanged_required}  # noqa: RUF012 - docutils reads a class attribute

    def run(self) -> list[nodes.Node]:
        """Return the finding as a section of its title, its text and its exhibit."""
        identifier = self.arguments[0]
        if not self.options.get("title"):
            raise BookError("a finding needs a title; write `:title:` and the finding in one line", place(self))
        parsed, messages = self.state.inline_text(self.options["title"], self.lineno)
        title = nodes.title("", "", *parsed)
        title.source, title.line = self.get_source_info()
        text = nodes.container(classes=["finding-text"])
        self.state.nested_parse(self.content, self.content_offset, text)
        shown = self._at_home(identifier) if self.env.docname == self.config.root_doc else self._again(identifier)
        made = nodes.section("", title, text, shown, *messages, classes=["finding"])
        made["names"].append(nodes.fully_normalize_name(title.astext()))
        self.state.document.note_implicit_target(made, made)
        return [made]

    def _at_home(self, identifier):
        """Return the whole exhibit, what stands beneath it folded."""
        (shown,) = self.show(identifier)
        shown.insert(1, nodes.raw("", f"<details><summary>{MORE}</summary>", format="html"))
        shown += nodes.raw("", "</details>", format="html")
        return shown

    def _again(self, identifier):
        """Return the chart with its source, and the way to what else belongs to it."""
        metadata = session(self.env.app).published.exhibits.get(identifier)
        if metadata is None:
            raise BookError(unknown("exhibit", identifier, session(self.env.app).published.exhibits), place(self))
        record_use(self.env, f"exhibit:{identifier}")
        self.env.metadata[self.env.docname][AGAIN] = "yes"
        shown = self._body(metadata, titled=False)
        shown += nodes.caption("", "", *caption(metadata))
        source = words(self).source_line(metadata)
        told = nodes.paragraph("", f"Source: {source}.", classes=["exhibit-source", "only-web"])
        home = nodes.paragraph("", "", link(identifier, nodes.inline("", MORE)), classes=["exhibit-home", "only-web"])
        kinds = ["exhibit", f"exhibit-{metadata['kind']}"]
        # Print names the sources of all charts together.
        return nodes.container("", shown, told, home, classes=kinds, source=source)


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("finding", FindingDirective)
