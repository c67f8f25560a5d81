"""Reader's own weights: the index of conditions on the web, with the weights of its pillars in the reader's hand.

    ```{weights} methods-composite-pillars methods-composite-ranks```     sliders above the order that they give

The directive names the exhibit with the scores of the pillars and the one with the intervals of ranks; both stand on the
same page, and the script reads the tables of data beneath them. So the explorer can show nothing that the page does not
publish. Without the script, and in print, there is no explorer: the exhibits say it all.

Not here: how scores and intervals come about (``crossroads.composite``), and what the order would mean (the page says).
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MARK = 'class="weights"'
FORM = """<section class="weights" hidden data-scores="{scores}" data-ranks="{ranks}" aria-label="Your own weights">
<form><div class="weights-sliders"></div><p><button type="reset">Equal weights</button></p></form>
<p class="weights-said" role="status"></p>
<div class="weights-order" tabindex="0" role="region" aria-label="Order by your weights"><table>
<caption>Order by your weights, beside the interval of ranks over all ways to build the index</caption>
<thead><tr><th scope="col">Place</th><th scope="col">Country</th><th scope="col">Score</th>
<th scope="col">Interval</th></tr></thead><tbody></tbody></table></div></section>"""


class WeightsDirective(SphinxDirective):
    """Place the explorer on the web page, hidden until its script has something to show."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return the form as text for the web alone."""
        scores, ranks = (html.escape(name, quote=True) for name in self.arguments)
        return [nodes.raw("", FORM.format(scores=scores, ranks=ranks), format="html")]


def add_assets(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Load style and script on pages that hold the explorer."""
    if MARK in context.get("body", ""):
        app.add_css_file("weights.css")
        app.add_js_file("weights.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("weights", WeightsDirective)
