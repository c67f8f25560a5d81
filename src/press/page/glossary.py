"""Terms of the glossary are linked where a page first uses them; nobody has to remember to do it.

The links are made as each page is written, for every builder alike, from what ``book/glossary.md`` defines at that
time. Terms match whatever their case and number: "Standard errors" leads to "standard error".

Not here: the definitions, which are prose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import StandardDomain
from sphinx.transforms.post_transforms import SphinxPostTransform

from press import settings
from press.page.directives import ancestors, value
from press.session import session

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

SKIPPED = (nodes.reference, addnodes.pending_xref, nodes.literal, nodes.math, nodes.raw, nodes.table, value)


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(LinkTerms)


class LinkTerms(SphinxPostTransform):
    """Link the first use of each term on a page of prose to its definition."""

    # Before Sphinx resolves cross-references, since this makes some.
    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        """Go through the paragraphs in their order."""
        terms = defined(self.env)
        if not terms or not settings.tells(self.env.docname, self.config.press_lists):
            return
        pattern = matcher(terms)
        for block in list(self.document.findall(nodes.paragraph)):
            for text in [node for node in block.findall(nodes.Text) if not _is_apart(node, session(self.app).apart)]:
                self._link(text, pattern, terms)

    def _link(self, text, pattern, terms):
        """Replace a text by itself with links at the terms that are not linked yet, which are then taken off."""
        parts, end = [], 0
        for match in pattern.finditer(text):
            term = terms.pop(normal(match.group()), None)
            if term:
                content = nodes.inline("", match.group(), classes=["glossary-term"])
                reference = addnodes.pending_xref(
                    "", content, refdomain="std", reftype="term", reftarget=term, refdoc=self.env.docname,
                    refexplicit=True, refwarn=True,
                )  # fmt: skip
                parts += [nodes.Text(text[end : match.start()]), reference]
                end = match.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(text[end:])])


def defined(env: BuildEnvironment) -> dict[str, str]:
    """Return the terms of the glossary by their normal form."""
    standard = cast(StandardDomain, env.get_domain("std"))
    return {normal(name): name for kind, name in standard.objects if kind == "term"}


def normal(words: str) -> str:
    """Bring a term into the form in which it is compared: small letters, one space, singular, plain apostrophe."""
    words = re.sub(r"\s+", " ", words.replace("\u2019", "'")).casefold()
    return f"{words.removesuffix('ies')}y" if words.endswith("ies") else words.removesuffix("s")


def matcher(terms: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds terms, the longest first."""
    longest = (re.escape(term) for term in sorted(terms, key=len, reverse=True))
    plural = (f"{term[:-1]}(?:y|ies)" if term.endswith("y") else f"{term}s?" for term in longest)
    choices = "|".join(plural).replace(r"\ ", r"\s+").replace("'", "['\u2019]")
    return re.compile(rf"(?<![\w-])(?:{choices})(?![\w-])", re.IGNORECASE)


def _is_apart(node, apart):
    """Say whether a text is in something that is no prose, or that leads elsewhere already."""
    return any(isinstance(around, SKIPPED) or apart & set(around["classes"]) for around in ancestors(node))
