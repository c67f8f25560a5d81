"""Regions: find one, with its country highlighted and Europe around it, on a map and in a ranked strip."""

from __future__ import annotations

from typing import Any

from report.explorers.base import Explorer, Rows, number, records

POINT = ("longitude", "latitude")


class Regions(Explorer):
    """```{explore-regions} series values```: a map of regions by series and year."""

    kind = "regions"
    label = "Regions of Europe"
    needs = ("list of series", "values of regions")
    required_arguments = 2
    form = (
        '<form><label>Series <select name="series"></select></label><label>Year <select name="year"></select></label>'
        '<label>Find a region <input type="search" name="find" list="explorer-regions" autocomplete="off"></label>'
        '<datalist id="explorer-regions"></datalist></form><div class="explorer-chart explorer-map"></div>'
        '<div class="explorer-chart explorer-strip"></div><label class="explorer-walk">Walk through the regions, from the'
        ' lowest value to the highest <input type="range" name="walk" min="0" step="1"></label>'
        '<p class="explorer-said" role="status"></p><div class="explorer-result"></div>'
    )

    def content_from(self, *tables: Rows) -> dict[str, Any]:
        """Return regions with their places, and each series with a list of values along the regions for every year."""
        series, regions = tables
        areas, codes = self.areas(), sorted({row["ref_area"] for row in regions})
        at = {(row["series"], row["time_period"], row["ref_area"]): number(row["obs_value"]) for row in regions}
        listed = records(series, ["series", "label", "unit", "table", "compared"], ["direction"])
        for entry in listed:
            periods = sorted({period for name, period, _ in at if name == entry["series"]})
            entry["years"] = {period: [at.get((entry["series"], period, code)) for code in codes] for period in periods}
        places = [
            [code, areas[code]["name"], areas[code]["country"], *(number(areas[code][name]) for name in POINT)]
            for code in codes
        ]
        names = {country: areas[country]["name"] for country in sorted({areas[code]["country"] for code in codes})}
        return {"regions": places, "countries": names, "series": listed}
