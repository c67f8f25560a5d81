"""Explorers: places of the web edition where readers choose what to look at.

    ```{explore-weights} methods-composite-pillars methods-composite-ranks```   an index with the reader's own weights
    ```{explore-pairs} explore-indicators ...```      any two indicators side by side
    ```{explore-regions} explore-series ...```        one region, its country, Europe
    ```{explore-curve} methods-robustness-curve ...```  one specification on the curve of all

Each directive names the exhibits that it shows, and their data are shipped in the page: an explorer can show nothing that
is not published. It is hidden until its script has something to show; without script, and in print, the exhibits say it
all. What one view shows is in the address of the page, so that it can be sent to somebody.

Not here: how numbers come about (the notebooks and ``crossroads``), and what they mean (the pages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.explorers import curve, pairs, regions, weights

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("explore-weights", weights.Weights)
    app.add_directive("explore-pairs", pairs.Pairs)
    app.add_directive("explore-regions", regions.Regions)
    app.add_directive("explore-curve", curve.Curve)
