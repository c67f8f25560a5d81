"""Any two indicators: a scatter of countries with what goes with what, across and within countries.

The script computes what ``crossroads.models.association`` and ``influence`` compute, and is tested to be equal to them.
"""

from __future__ import annotations

from typing import Any

from report.explorers.base import Explorer, Rows, number, records


class Pairs(Explorer):
    """```{explore-pairs} indicators values series regions```: two indicators side by side."""

    kind = "pairs"
    label = "Any two indicators"
    needs = ("list of indicators", "values of countries", "list of series", "values of regions")
    required_arguments = 4
    form = (
        '<form><label>Across (horizontal) <select name="x"></select></label><label>Upwards (vertical) <select name="y"></select></label>'
        '<label>Show <select name="show"><option value="countries">Countries</option><option value="regions">Regions of'
        ' Europe, less the mean of their country</option></select></label><p><button type="button" name="swap">Swap the'
        ' two</button></p></form><div class="explorer-chart"></div><label class="explorer-walk">Walk through the marks,'
        ' from left to right <input type="range" name="walk" min="0" step="1"></label>'
        '<p class="explorer-said" role="status"></p><div class="explorer-result" aria-live="polite"></div>'
    )

    def content_from(self, *tables: Rows) -> dict[str, Any]:
        """Return indicators with a list of values, errors, years and flags along the countries; regions likewise."""
        indicators, values, series, regions = tables
        names = {row["ref_area"]: row["country"] for row in sorted(values, key=lambda row: row["country"])}
        known = {(row["indicator"], row["ref_area"]): row for row in values}
        listed = records(indicators, ["indicator", "topic", "label", "unit", "table", "regional"], ["direction"])
        for entry in listed:
            found = [known.get((entry["indicator"], code), {}) for code in names]
            entry["values"] = [number(row.get("obs_value", "")) for row in found]
            entry["errors"] = [number(row.get("std_error", "")) for row in found]
            entry["years"] = [row.get("time_period", "") for row in found]
            entry["flags"] = [row.get("obs_status", "") for row in found]
        compared = {row["series"]: row["compared"] for row in series}
        rows = [row for row in regions if row["time_period"] == compared[row["series"]]]
        areas = self.areas()
        places = {row["ref_area"]: [areas[row["ref_area"]][name] for name in ("name", "country")] for row in rows}
        abroad = {country: areas[country]["name"] for _, country in places.values()}
        at = {(row["series"], row["ref_area"]): number(row["obs_value"]) for row in rows}
        sets = records(series, ["series", "label", "unit", "compared", "table"], ["direction"])
        for entry in sets:
            entry["values"] = [at.get((entry["series"], code)) for code in places]
        return {"countries": names, "indicators": listed, "regions": places, "abroad": abroad, "series": sets}
