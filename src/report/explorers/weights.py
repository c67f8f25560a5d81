"""The reader's own weights: an index with the weights of its pillars in the reader's hand.

Not here: how scores and intervals of ranks come about (``crossroads.composite``).
"""

from __future__ import annotations

from typing import Any

from report.explorers.base import Explorer, Rows, records

WHOLE = "index"  # the code of the mean of all pillars among their scores


class Weights(Explorer):
    """```{explore-weights} scores ranks```: the order of countries by own weights, beside the interval of ranks."""

    kind = "weights"
    label = "The index with your own weights"
    needs = ("scores of pillars", "intervals of ranks")
    required_arguments = 2
    form = (
        '<form><fieldset><legend>Weights of the pillars</legend><div class="explorer-sliders"></div></fieldset>'
        '<p><button type="reset">Equal weights</button></p></form><p class="explorer-said" role="status"></p>'
        '<div class="explorer-table" tabindex="0" role="region" aria-label="Order by your weights"><table><caption>Order'
        " by your weights, beside the interval of ranks over all ways to build the index</caption><thead><tr>"
        '<th scope="col">Place</th><th scope="col">Country</th><th scope="col">Score</th><th scope="col">Interval</th>'
        '<th scope="col">Leaves it</th></tr></thead><tbody></tbody></table></div>'
    )

    def content_from(self, *tables: Rows) -> dict[str, Any]:
        """Return pillars with their names, and countries with their scores and interval."""
        scores, ranks = tables
        scores = [row for row in scores if row["code"] != WHOLE]
        countries = records(ranks, ["ref_area", "country"], ["lower", "upper"])
        by_area: dict[str, dict[str, float]] = {row["ref_area"]: {} for row in countries}
        for row in scores:
            by_area[row["ref_area"]][row["code"]] = float(row["score"])
        return {
            "pillars": {row["code"]: row["pillar"] for row in scores},
            "countries": [country | {"scores": by_area[country["ref_area"]]} for country in countries],
        }
