"""Formulae as MathML, made when the book is built, so that no page asks another site for a renderer.

A labelled formula carries its number and the id to which references lead, as other renderers of Sphinx write them.

Not here: how TeX becomes MathML (``press.page.tex``), formulae in print (``press.paper.translator``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math import MathError
from sphinx.util.math import get_node_equation_number

from press.errors import BookError
from press.page import tex

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Register the renderer; ``html_math_renderer: mathml`` chooses it."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))


def visit_math(translator: Any, node: nodes.Element) -> None:
    """Write an inline formula."""
    translator.body.append(_mathml(translator, node, as_block=False))
    raise nodes.SkipNode


def visit_math_block(translator: Any, node: nodes.Element) -> None:
    """Write a displayed formula."""
    translator.body.append(translator.starttag(node, "div", "", CLASS="math"))
    if node.get("number"):
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(f"{_mathml(translator, node, as_block=True)}</div>")
    raise nodes.SkipNode


def _mathml(translator: Any, node: nodes.Element, as_block: bool) -> str:
    try:
        return tex.to_mathml(node.astext(), as_block=as_block)
    except MathError as error:
        around: Any = node
        while around is not None and not around.line:
            around = around.parent
        path = translator.builder.env.doc2path(translator.builder.current_docname, base=False)
        place = f"{path}:{around.line}" if around is not None else path
        raise BookError(f"cannot read the formula \u201c{node.astext().strip()}\u201d: {error}", place) from None
