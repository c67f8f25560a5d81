"""The numbers that carry a chapter, large at its beginning.

    ```{key-numbers}
    - {value}`ch1-weak` of people asked had no answer in 2025
    - {study}`lamp2014:seen` miles from which a light is seen
    ```

Each begins with a number that is published or quoted: none can be typed. They are a list, and read as one wherever nothing
makes them large.

Not here: looks, which style sheets and ``book.typ`` decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from press.errors import BookError
from press.page.directives import place, value

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MOST = 3
# Class of the line of a number, which opens with it as no sentence does.
KEY_LINE = "key-line"


class KeyNumbersDirective(SphinxDirective):
    """```{key-numbers}```: up to three numbers, each with what it is."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the list, each number in an element of its own."""
        around = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, around)
        listed = around.children[0] if len(around.children) == 1 else None
        if not isinstance(listed, nodes.bullet_list) or not 1 <= len(listed.children) <= MOST:
            raise BookError(
                f"key numbers are one list of at most {MOST} lines, each beginning with a number such as {{value}}`id`",
                place(self),
            )
        for item in listed.children:
            self._enlarge(item)
        listed["classes"].append("key-numbers")
        return [listed]

    def _enlarge(self, item: nodes.Element) -> None:
        """Put the number of an item into an element of its own."""
        paragraph = item.children[0] if len(item.children) == 1 else None
        if (
            not isinstance(paragraph, nodes.paragraph)
            or len(paragraph.children) < 2
            or not isinstance(paragraph.children[0], value)
        ):
            raise BookError(
                f"a key number begins with a published or quoted number and says in a few words what it is; found"
                f" {item.astext()[:40]!r}; write - {{value}}`id` of those asked ...",
                place(self),
            )
        number = paragraph.children[0]
        paragraph["classes"].append(KEY_LINE)
        paragraph.replace(number, nodes.inline("", "", number, classes=["key-number"]))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("key-numbers", KeyNumbersDirective)
