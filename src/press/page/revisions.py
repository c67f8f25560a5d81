"""The dated list of corrections and revisions, read from ``CHANGELOG.md``, so that it is kept in one place.

    ```{revisions}```     every entry, the newest first, with links to the exhibits that it touches

An entry is one item of a list in ``CHANGELOG.md``::

    - **Correction** (2026-12-01). What was wrong and what is right. Exhibits: `ch1-spending`, `ch2-old` (withdrawn).

Not here: the policy, which is prose of ``book/corrections.md``.
"""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from press.errors import BookError
from press.page.directives import place, record_use, unknown
from press.session import session

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FILE = "CHANGELOG.md"
LABEL = "list-of-revisions"  # by which others find the list
ENTRY = re.compile(
    r"\*\*(First edition|Correction|Revision)\*\* \((\d{4}-\d\d-\d\d)\)\. (.+?) Exhibits: ((?:all|none|`[\w-]+`).*)\."
)
EXHIBIT = re.compile(r"`([\w-]+)`( \(withdrawn\))?")


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("revisions", RevisionsDirective)


def read(text: str) -> list[tuple[str, date, str, str]]:
    """Read the entries of the file of changes.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of (str, datetime.date, str, str)
        Kind, date, what changed, and which exhibits, in the order of the file.

    Raises
    ------
    BookError
        If an item of a list is not an entry.
    """
    entries = []
    lines: dict[str, int] = {}
    for match in re.finditer(r"^(?:- .*(?:\n  .*)*|## .*)", text, re.MULTILINE):
        line = text[: match.start()].count("\n") + 1
        item = " ".join(match.group().removeprefix("- ").split())
        if (before := lines.setdefault(item, line)) != line:
            raise BookError(
                f"stands in line {before} already; take one out, as after a merge that kept both", f"{FILE}:{line}"
            )
        if item.startswith("## "):
            continue
        found = ENTRY.fullmatch(item)
        if not found:
            raise BookError(
                f"this entry is \u201c{item[:60]}\u2026\u201d; expected \u201c- **Correction** (2026-12-01). What was"
                " wrong and what is right. Exhibits: `id`, `id`.\u201d, with First edition, Correction or Revision, and"
                " with ids, all or none",
                f"{FILE}:{line}",
            )
        kind, day, what, which = found.groups()
        try:
            entries.append((kind, date.fromisoformat(day), what, which))
        except ValueError:
            raise BookError(f"there is no day {day}; expected a date such as 2026-12-01", f"{FILE}:{line}") from None
    return entries


class RevisionsDirective(SphinxDirective):
    """```{revisions}```: the dated list of corrections and revisions."""

    def run(self) -> list[nodes.Node]:
        """Return one list item an entry."""
        path = Path(self.env.srcdir) / FILE
        self.env.note_dependency(str(path))
        record_use(self.env, "registry")
        if not path.is_file():
            raise BookError(
                f"there is no file {FILE}, of which the list of revisions is made; bring it back with `git checkout -- {FILE}`,"
                " or write an empty one",
                place(self),
            )
        text = path.read_text("utf-8")
        entries = sorted(read(text), key=lambda entry: entry[1], reverse=True)
        lines = []
        for kind, day, what, which in entries:
            shown = EXHIBIT.sub(partial(self._reference, text), which)
            lines.append(f"- **{day.day} {day:%B %Y}, {kind.lower()}.** {what} Exhibits: {shown}.")
        container = nodes.container(classes=["registry", "revisions"], names=[LABEL])
        self.state.document.note_explicit_target(container, container)
        self.state.nested_parse(StringList(lines, FILE), 0, container)
        return [container]

    def _reference(self, text, match):
        """Return a reference to an exhibit, or just the name of one that is no longer published."""
        identifier, withdrawn = match.groups()
        known = session(self.env.app).published.exhibits
        if withdrawn:
            return match.group()
        if identifier not in known:
            hint = "; write (withdrawn) after it if it is gone"
            line = f"{FILE}:{text[: text.find(f'`{identifier}`')].count(chr(10)) + 1}"
            raise BookError(unknown("exhibit", identifier, known) + hint, line)
        if known[identifier].get("collection"):
            return f"{{ref}}`{known[identifier]['title']} <{identifier}>`"  # it has no number
        return f"{{numref}}`{identifier}`"
