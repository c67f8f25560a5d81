"""What all explorers have in common: published tables as data of the page, a form, and files for the pages that use them.

Not here: what one explorer shows (its own module and its script in ``book/static``).
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from crossroads import numbers
from press.errors import BookError
from press.page.directives import place, record_use, unknown
from press.session import session
from report.cases.library import KEY
from report.shelf import shelf

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Rows = list[dict[str, str]]
# Of what is no prose of the book, so that its checks leave it alone.
CLASS = "explorer-place"
MARK = re.compile(r'data-explorer="([a-z]+)"')
ACTIONS = (
    '<p class="explorer-actions"><button type="button" name="download">Download what is shown (CSV)</button>'
    '<button type="button" name="link">Copy a link to this view</button>'
    ' <span role="status"></span></p>'
)


class Explorer(SphinxDirective):
    """An explorer on a page, hidden until its script has something to show."""

    optional_arguments = 9
    kind: ClassVar[str]
    label: ClassVar[str]
    form: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]  # what the exhibits are to the explorer, in the order of the directive's arguments
    several = False  # the last may be followed by more of its kind

    def run(self) -> list[nodes.Node]:
        """Return the explorer as text for the web alone."""
        names = self.arguments
        if len(names) < len(self.needs) or (len(names) > len(self.needs) and not self.several):
            raise BookError(f"{self.name} names {len(names)} exhibits; expected {', '.join(self.needs)}", place(self))
        published = session(self.env.app).published.exhibits
        for name in names:
            if name not in published:
                raise BookError(unknown("exhibit", name, published), place(self))
            record_use(self.env, f"exhibit:{name}")
        exhibits = [published[name] for name in names]
        content = {"exhibits": [about(metadata) for metadata in exhibits], "sources": sources(exhibits)}
        content |= self.content_from(*(rows(metadata) for metadata in exhibits))
        return [nodes.raw("", section(self.kind, self.label, self.form, content), format="html", classes=[CLASS])]

    def areas(self) -> dict[str, dict[str, str]]:
        """Return the list of areas by code; the page is made from it, too."""
        record_use(self.env, KEY)
        return shelf(self.env.app).library.lists["areas"]

    def content_from(self, *tables: Rows) -> dict[str, Any]:
        """Return the data of the explorer from the published tables."""
        raise NotImplementedError


def rows(metadata: Mapping[str, Any]) -> Rows:
    """Read the published data of an exhibit."""
    with (metadata["folder"] / f"{metadata['id']}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def about(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Return what a download says of an exhibit: title, source, licence, and the notice of its publisher."""
    lines = {
        "source": numbers.source_line(metadata),
        "licence": numbers.licence_line(metadata),
        "notice": numbers.notice_line(metadata),
    }
    return {name: metadata[name] for name in ("id", "title", "subtitle")} | lines


def sources(exhibits: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the source line of each indicator table that exhibits were made from."""
    each = {source["indicator"]: source for metadata in exhibits for source in metadata["sources"]}
    return {name: numbers.source_line({"sources": [source]}) for name, source in sorted(each.items())}


def records(table: Rows, columns: Sequence[str], figures: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return some columns of a table, those named figures as numbers."""
    return [
        {name: row[name] for name in columns} | {name: number(row[name]) for name in figures} for row in table
    ]  # fmt: skip


def number(text: str) -> float | int | None:
    """Return a published number, or nothing where a value is missing."""
    if text in ("", "m"):
        return None
    value = float(text)
    return int(value) if value.is_integer() else value


def section(kind: str, label: str, form: str, content: Mapping[str, Any]) -> str:
    """Write an explorer with its data.

    Parameters
    ----------
    kind : str
        Names its script, ``explore-<kind>.js``.
    label : str
        Name of the section for screen readers.
    form : str
        What readers choose from and see, empty of data.
    content : mapping
        The data.

    Returns
    -------
    str
        HTML without anything that a strict content security policy forbids: the data are no script.
    """
    # Nothing in a name may end the element.
    shipped = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<section class="explorer" hidden data-explorer="{kind}" aria-label="{html.escape(label)}">'
        f'<script type="application/json">{shipped}</script>{form}{ACTIONS}</section>'
    )


def add_assets(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Load style and scripts on pages that hold an explorer, and there only."""
    kinds = sorted(set(MARK.findall(context.get("body", ""))))
    if kinds:
        app.add_css_file("explorers.css")
        for name in ["explore", *(f"explore-{kind}" for kind in kinds)]:
            app.add_js_file(f"{name}.js", loading_method="defer")
