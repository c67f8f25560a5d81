"""The explorer of weights: its order, and that the page without it loses nothing."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from docutils import nodes

from report.weights import FORM, add_assets

SCRIPT = Path(__file__).parents[2] / "book" / "static" / "weights.js"
COUNTRIES = [
    {"name": "Even", "scores": {"a": 50, "b": 50}, "lower": 1, "upper": 2},
    {"name": "Steep", "scores": {"a": 90, "b": 0}, "lower": 2, "upper": 3},
    {"name": "Also even", "scores": {"a": 50, "b": 50}, "lower": 2, "upper": 3},
]


def run(weights):
    program = (
        f"const {{ordered, outside}} = require({json.dumps(str(SCRIPT))});"
        f"const rows = ordered({json.dumps(COUNTRIES)}, {json.dumps(weights)});"
        "console.log(JSON.stringify([rows.map((row) => [row.place, row.name, row.score]), outside(rows)]));"
    )
    return json.loads(subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node to run the script of the page")
@pytest.mark.parametrize(
    ("weights", "order", "outside"),
    [
        ({"a": 5, "b": 5}, [[1, "Also even", 50], [1, "Even", 50], [3, "Steep", 45]], 1),
        ({"a": 10, "b": 0}, [[1, "Steep", 90], [2, "Also even", 50], [2, "Even", 50]], 1),
        ({"a": 2, "b": 6}, [[1, "Also even", 50], [1, "Even", 50], [3, "Steep", 22.5]], 1),
        ({"a": 0, "b": 0}, [], 0),
    ],
)
def test_order_is_that_of_the_weighted_mean_and_equal_scores_share_a_place(weights, order, outside):
    assert run(weights) == [order, outside]


def test_explorer_is_hidden_until_the_script_runs_and_asks_no_other_site():
    assert '<section class="weights" hidden' in FORM
    assert "http" not in SCRIPT.read_text("utf-8")


class App:
    def __init__(self):
        self.files = []

    def add_css_file(self, name):
        self.files.append(name)

    def add_js_file(self, name, loading_method):
        self.files.append(name)


@pytest.mark.parametrize(("body", "files"), [(FORM, ["weights.css", "weights.js"]), ("<p>text</p>", [])])
def test_script_is_loaded_only_where_the_explorer_is(body, files):
    app = App()
    add_assets(app, "page", "page.html", {"body": body}, nodes.Text(""))
    assert app.files == files
