"""The explorers: their arithmetic against Python's, their layout, and that a page without them loads nothing of them."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from docutils import nodes

from crossroads import intervals, models
from report.explorers import base, curve, pairs, regions, weights

STATIC = Path(__file__).parents[2] / "book" / "static"
EXPLORERS = [weights.Weights, pairs.Pairs, regions.Regions, curve.Curve]
node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node to run the scripts of the pages")


def run(script, expression, **given):
    """Evaluate an expression with what a script exports."""
    program = "\n".join(
        [f"const it = require({json.dumps(str(STATIC / script))});"]
        + [f"const {name} = {json.dumps(value)};" for name, value in given.items()]
        + [f"console.log(JSON.stringify({expression}));"]
    )
    done = subprocess.run(["node", "-"], input=program, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# -- own weights -----------------------------------------------------------------------------------

COUNTRIES = [
    {"country": "Even", "scores": {"a": 50, "b": 50}, "lower": 1, "upper": 2},
    {"country": "Steep", "scores": {"a": 90, "b": 0}, "lower": 2, "upper": 3},
    {"country": "Also even", "scores": {"a": 50, "b": 50}, "lower": 2, "upper": 3},
]


@node
@pytest.mark.parametrize(
    ("given", "order"),
    [
        ({"a": 5, "b": 5}, [[1, "Also even", 50, "above"], [1, "Even", 50, ""], [3, "Steep", 45, ""]]),
        ({"a": 10, "b": 0}, [[1, "Steep", 90, "above"], [2, "Also even", 50, ""], [2, "Even", 50, ""]]),
        ({"a": 0, "b": 10}, [[1, "Also even", 50, "above"], [1, "Even", 50, ""], [3, "Steep", 0, ""]]),
        ({"a": 0, "b": 0}, []),
    ],
)
def test_order_is_that_of_the_weighted_mean_and_equal_scores_share_a_place(given, order):
    found = "it.ordered(countries, given).map((row) => [row.place, row.country, row.score, row.leaves])"
    assert run("explore-weights.js", found, countries=COUNTRIES, given=given) == order


# -- any two indicators ----------------------------------------------------------------------------


def countries(seed, n):
    """Return a table of two measures whose spread is uneven, as that of countries is."""
    generator = np.random.default_rng(seed)
    x = generator.normal(50, 12, n)
    frame = pd.DataFrame({"x": x, "y": 3 + 0.4 * x + generator.normal(0, 1, n) * np.abs(x - 30)})
    return frame.assign(name=[f"c{i:02}" for i in range(n)], error=generator.uniform(0.5, 3, n))


RESULT = ["obs_value", "std_error", "lower", "upper", "p_value", "n_obs"]
FOUND = "[it_.slope, it_.error, it_.lower, it_.upper, it_.p, it_.n]"


@node
@pytest.mark.parametrize(("seed", "n"), [(1, 6), (2, 20), (3, 38)])
def test_association_across_countries_is_that_of_the_models(seed, n):
    frame = countries(seed, n)
    expected = models.association(frame, "y", "x", standardise=True, errors="robust").iloc[0]
    found = run("explore-pairs.js", f"((it_) => {FOUND})(it.association(x, y))", x=[*frame["x"]], y=[*frame["y"]])
    assert found == pytest.approx([*expected[RESULT]], rel=1e-8)


@node
@pytest.mark.parametrize(("seed", "n", "groups"), [(4, 60, 7), (5, 240, 25)])
def test_association_within_countries_is_that_of_the_models(seed, n, groups):
    frame = countries(seed, n).assign(country=lambda rows: [f"g{(i * i) % groups:02}" for i in range(len(rows))])
    frame.loc[0, "country"] = "alone"  # says nothing about differences within, and is left out
    frame["y"] += 20 * frame["country"].str[-1].map(ord)
    expected = models.association(
        frame, "y", "x", group="country", design="within", standardise=True, errors="cluster"
    ).iloc[0]
    given = {"x": [*frame["x"]], "y": [*frame["y"]], "groups": [*frame["country"]]}
    found = run("explore-pairs.js", f"((it_) => [...{FOUND}, it_.groups])(it.within(x, y, groups))", **given)
    assert found == pytest.approx([*expected[[*RESULT, "n_groups"]]], rel=1e-8)


@node
def test_range_without_each_country_is_that_of_the_models():
    frame = countries(6, 30)
    table = models.influence(frame, "y", "x", "name", standardise=True).sort_values("obs_value")
    expected = [
        [row.obs_value, row.name_] for row in table.rename(columns={"name": "name_"}).iloc[[0, -1]].itertuples()
    ]
    given = {"x": [*frame["x"]], "y": [*frame["y"]], "names": [*frame["name"]]}
    found = run("explore-pairs.js", "it.influence(x, y, names).map((row) => [row.slope, row.name])", **given)
    assert [name for _, name in found] == [name for _, name in expected]
    assert [slope for slope, _ in found] == pytest.approx([slope for slope, _ in expected], rel=1e-9)


@node
def test_reliability_is_that_of_errors_in_variables_and_unknown_without_errors():
    frame = countries(7, 30)
    expected = models.errors_in_variables(frame, "y", "x", "error")["reliability"].iloc[0]
    given = {"x": [*frame["x"]], "e": [*frame["error"]]}
    found = run("explore-pairs.js", "[it.reliability(x, e), it.reliability(x, [null, ...e.slice(1)])]", **given)
    assert found == [pytest.approx(expected, rel=1e-9), None]


@node
def test_adjustment_and_students_t_are_those_of_the_house():
    p_values = [*np.random.default_rng(8).uniform(0, 1, 200) ** 3]
    assert run("explore-pairs.js", "it.adjusted(p)", p=p_values) == pytest.approx(
        [*intervals.adjusted(np.array(p_values))]
    )
    freedoms = [2, 3, 10, 25, 300]
    found = run("explore-pairs.js", "f.map((d) => [it.critical(d), it.pValue(1.7, d)])", f=freedoms)
    expected = [[intervals.critical_value(d), intervals.p_value(1.7, 1.0, d)] for d in freedoms]
    assert np.array(found) == pytest.approx(np.array(expected), rel=1e-9)


# -- regions ---------------------------------------------------------------------------------------


@node
def test_map_loses_no_region_and_no_circle_hides_another():
    """Capital regions lie within others, and islands outside of any map of Europe."""
    generator = np.random.default_rng(9)
    around = [[f"R{i}", f"Region {i}", "AAA", *place] for i, place in
              enumerate(generator.uniform([-8, 37], [30, 66], (250, 2)).tolist())]  # fmt: skip
    crowd = [[f"C{i}", "Capital", "BBB", 16.4 + 0.01 * i, 48.2] for i in range(12)]
    far = [[f"F{i}", "Overseas", "CCC", -61.0 + 40 * i, -10.0] for i in range(3)]
    given = [*around, *crowd, *far]
    for width in (320, 760):
        found = run(
            "explore-regions.js",
            f"((l) => [[...l.at], l.radius, l.height])(it.layout(regions, {width}))",
            regions=given,
        )
        places, radius, height = {code: place for code, place in found[0]}, found[1], found[2]
        assert set(places) == {region[0] for region in given}
        points = np.array([*places.values()])
        apart = np.hypot(*(points[:, None] - points[None]).T) + 1e9 * np.eye(len(points))
        assert apart.min() > 1.6 * radius
        assert (points > 0).all() and points[:, 0].max() < width and points[:, 1].max() < height


REGIONS = [
    ["AT13", "Wien", "AUT", 16, 48], ["DE11", "Stuttgart", "DEU", 9, 48], ["DE30", "Berlin", "DEU", 13, 52],
    ["FRK2", "Rhône-Alpes", "FRA", 5, 45],
]  # fmt: skip


@node
@pytest.mark.parametrize(
    ("words", "code"),
    [("berlin", "DE30"), ("rhone", "FRK2"), (" AT13 ", "AT13"), ("Stuttgart (DE11), Germany", "DE11"), ("germany", "DE11"),
     ("nowhere", None), ("  ", None)],
)  # fmt: skip
def test_a_region_is_found_by_name_code_or_country_with_and_without_accents(words, code):
    names = {"AUT": "Austria", "DEU": "Germany", "FRA": "France"}
    assert (
        run("explore-regions.js", "it.meant(regions, names, words)", regions=REGIONS, names=names, words=words) == code
    )


@node
def test_limits_of_quarters_are_quantiles():
    values = [*np.random.default_rng(10).normal(size=37)]
    assert run("explore-regions.js", "it.quarters(v)", v=values) == pytest.approx(
        [*np.quantile(values, [0.25, 0.5, 0.75])]
    )


# -- the curve -------------------------------------------------------------------------------------


@node
def test_specification_is_looked_up_and_its_neighbours_differ_in_one_choice():
    rows = [{"outcome": o, "design": d, "obs_value": i} for i, (o, d) in
            enumerate([("a", "w"), ("a", "p"), ("b", "w"), ("b", "p")])]  # fmt: skip
    given = {"curve": {"choices": {"outcome": "Outcome", "design": "Design"}, "rows": rows}}
    found = run(
        "explore-curve.js",
        '[it.row(curve, {outcome: "b", design: "w"}), it.row(curve, {outcome: "c", design: "w"})]',
        **given,
    )
    assert found == [rows[2], None]
    near = run(
        "explore-curve.js", "it.neighbours(curve, curve.rows[2]).map((one) => [one.name, one.obs_value])", **given
    )
    assert near == [["outcome", 0], ["design", 3]]


# -- pages and files -------------------------------------------------------------------------------


@node
def test_numbers_are_written_and_files_quoted_as_the_book_does():
    found = run(
        "explore.js",
        "[it.number(-1234567.891, 1), it.number(-0.001, 2), it.number(null, 1), it.withUnit(it.number(12.345, 1), '%')]",
    )
    assert found == ["\u22121\u202f234\u202f567.9", "0.00", "m", "12.3%"]
    text = run("explore.js", 'it.csv(["Source: A\\nB", null], ["a", "b"], [["x, y", null], [\'"z"\', 1.5]])')
    assert text == '# Source: A B\na,b\n"x, y",\n"""z""",1.5\n'


@pytest.mark.parametrize("explorer", EXPLORERS)
def test_explorer_is_hidden_until_its_script_runs_and_can_be_named_by_a_screen_reader(explorer):
    text = base.section(explorer.kind, explorer.label, explorer.form, {"name": "</script><b>"})
    assert text.startswith(
        f'<section class="explorer" hidden data-explorer="{explorer.kind}" aria-label="{explorer.label}">'
    )
    assert "</script><b>" not in text and 'role="status"' in text
    assert not re.search(r" style=| on[a-z]+=", text)
    for field in re.findall(r"<(?:select|input)[^>]*>", text):
        assert re.search(r"<label[^>]*>[^<]*" + re.escape(field), text), f"{field} has no label"


@pytest.mark.parametrize("script", sorted(path.name for path in STATIC.glob("explore*.js")))
def test_scripts_ask_no_other_site_set_no_inline_style_and_are_small(script):
    content = (STATIC / script).read_bytes()
    text = content.decode().replace("http://www.w3.org/2000/svg", "")
    assert (
        "http" not in text and "fetch(" not in text and not re.search(r"innerHTML|\bstyle:|setAttribute\(.style", text)
    )
    assert len(gzip.compress(content)) <= 12 * 1024


class App:
    def __init__(self):
        self.files = []

    def add_css_file(self, name):
        self.files.append(name)

    def add_js_file(self, name, loading_method):
        self.files.append(name)


@pytest.mark.parametrize(
    ("body", "files"),
    [
        (base.section("curve", "", "", {}), ["explorers.css", "explore.js", "explore-curve.js"]),
        ("<p>text</p>", []),
    ],
)
def test_scripts_are_loaded_only_where_the_explorer_is(body, files):
    app = App()
    base.add_assets(app, "page", "page.html", {"body": body}, nodes.Text(""))
    assert app.files == files
    assert all((STATIC / name).exists() for name in files)
