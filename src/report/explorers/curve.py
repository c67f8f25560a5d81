"""One specification on the curve of all: readers choose the assumptions and see the estimate move.

Nothing is estimated here or in the script: every point is a row of a published specification curve, as
``crossroads.models.specification_curve`` returned it.
"""

from __future__ import annotations

from typing import Any

from report.explorers.base import Explorer, Rows, number, records

# The choices that make a specification, with what they are called.
CHOICES = {
    "outcome": "Outcome", "predictor": "Predictor", "controls": "Controls", "sample": "Sample", "weights": "Weights",
    "design": "Comparison",
}  # fmt: skip
RESULT = ["obs_value", "lower", "upper", "p_value", "n_obs", "n_groups"]


class Curve(Explorer):
    """```{explore-curve} curve ...```: published specification curves, to choose one and a specification on it."""

    kind = "curve"
    label = "The specification curve"
    needs = ("specification curve",)
    required_arguments = 1
    several = True
    form = (
        '<form><label>Finding <select name="finding"></select></label><div class="explorer-choices"></div></form>'
        '<div class="explorer-chart"></div><label class="explorer-walk">Walk through the curve, from the lowest estimate'
        ' to the highest <input type="range" name="walk" min="0" step="1"></label>'
        '<p class="explorer-said" role="status"></p><div class="explorer-result"></div>'
    )

    def content_from(self, *tables: Rows) -> dict[str, Any]:
        """Return each curve with the choices that differ in it, and its rows in order."""
        curves = []
        for table in tables:
            differ = [name for name in CHOICES if len({row[name] for row in table}) > 1]
            found = records(table, differ, RESULT)
            for row, entry in zip(table, found, strict=True):
                entry["preferred"] = row.get("preferred") == "True"
                entry["rank"] = number(row["rank"])
            curves.append({"choices": {name: CHOICES[name] for name in differ}, "rows": found})
        return {"curves": curves}
