"""Numbers of other works in running text, as traceable as the book's own.

    {study}`lamp2014:height`             the number ``height`` of the work ``lamp2014``
    {study}`lamp2014:height:interval`    in another form, which the book's package knows: here with its interval

The module that the contract names as ``literature`` hands out all that may be quoted: ``quotable(folder)`` takes the folder
``data`` and returns by ``work:number`` a mapping with at least ``work``, the key in the bibliography, and ``target``, the label
of a place in the book that says more of the work. ``format_quoted`` and ``describe_quoted`` of the module of numbers write
it. ``causal(folder)`` returns the keys of the works whose design can carry a causal word. A page that shows such a number is
rendered again when any of that changes.

Not here: what a work found (the book's package), and the pages on works (the book's own).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from press.errors import BookError
from press.page.directives import depart_value, link, place, record_use, unknown, value, visit_value, words
from press.session import session

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class quoted(value):
    """A number of another work; no value of a notebook, though it looks like one."""


def know(app: Sphinx) -> None:
    """Read what may be quoted before any page asks, and give each number its digest."""
    module = session(app).contract.literature_module
    if module is None:
        return
    try:
        session(app).quotable = module.quotable(Path(app.srcdir, "data"))
        session(app).causal = set(module.causal(Path(app.srcdir, "data")))
    except ValueError as error:
        raise BookError(str(error)) from None
    for identifier, metadata in session(app).quotable.items():
        session(app).published.digests[use(identifier)] = hashlib.sha256(repr(metadata).encode()).hexdigest()


def use(identifier: str) -> str:
    """Return the key by which a page notes that it quotes a number."""
    return f"quoted:{identifier}"


class StudyRole(SphinxRole):
    """``{study}`work:number``` or ``{study}`work:number:form```: a number of another work."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, linked to what the book says of the work."""
        work, _, rest = self.text.partition(":")
        name, _, specification = rest.partition(":")
        identifier, known = f"{work}:{name}", session(self.env.app).quotable
        if identifier not in known:
            raise BookError(_unknown(work, identifier, known), place(self))
        try:
            text = words(self).format_quoted(known[identifier], specification or None)
        except words(self).WordingError as error:
            raise BookError(str(error), place(self)) from None
        record_use(self.env, use(identifier))
        card = {"said": {"what": words(self).describe_quoted(known[identifier]), "record": "yes"}}
        number = quoted(self.rawtext, "", classes=["value"], card=card)
        number += link(known[identifier]["target"], nodes.inline("", text))
        return [number], []


def _unknown(work, identifier, known):
    """Say which numbers a work has, or which work may be meant."""
    own = [name.partition(":")[2] for name, metadata in known.items() if metadata["work"] == work]
    if own:
        return f"the work {work!r} has no number {identifier.partition(':')[2]!r}; it has {', '.join(own)}"
    return unknown("number of a work", identifier, known).replace("no notebook publishes", "nothing read has")


def setup(app: Sphinx) -> None:
    """Register node and role."""
    app.add_node(quoted, html=(visit_value, depart_value))
    app.add_role("study", StudyRole())
