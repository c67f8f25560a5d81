"""What a chart plots must be what it shows, and a native chart must plot just that."""

import io

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from taken_away import dots, exhibit

from crossroads import charts
from press.takeaway import plots

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
NAMES = ["Austria", "Belgium", "Chile"]


def frame(**columns):
    return pd.DataFrame({"country": NAMES, "obs_value": [1.25, -2500.0, float("nan")], **columns})


def cached(element):
    """Return the numbers that a chart holds of a range."""
    return [float(point.findtext(f"{C}v")) for point in element.iter(f"{C}pt")]


def test_dots_are_told_by_row_with_gaps_and_intervals():
    data = frame(lower=[1.0, -2600, None], upper=[1.5, -2400, None])
    plot = charts.ranked_dots(data, label="country", value="obs_value", lower="lower", upper="upper", average=3.0).plot
    (series,) = plot["series"]
    assert (series["rows"], series["values"], series["lower"]) == ([0, 1, 2], [1.25, -2500, None], [1, -2600, None])
    assert plot["average"] == {"label": "OECD average", "value": 3}


def test_what_is_not_significant_is_a_series_of_its_own():
    """One series would tell by colour alone, or not at all."""
    data = frame(tested=[True, False, None])
    plot = charts.ranked_dots(data, label="country", value="obs_value", significant="tested").plot
    assert [(one["label"], one.get("hollow", False), one["rows"]) for one in plot["series"]] == [
        ("Different from the average", False, [0]), ("Not significantly different", True, [1, 2]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("chart", "form", "labels"),
    [
        (lambda data: charts.ranked_bars(data, label="country", value="obs_value"), "bars", [""]),
        (
            lambda data: charts.ranked_bars(
                pd.concat([data.assign(part="a"), data.assign(part="b")]).assign(obs_value=2.0), label="country",
                value="obs_value", group="part",
            ),
            "stack",
            ["a", "b"],
        ),
        (
            lambda data: charts.change_arrows(
                data.assign(before=0.5, tested=[True, False, True]), label="country", start="before", end="obs_value",
                start_label="2015", end_label="2025", significant="tested",
            ),
            "dots",
            ["2015", "2025: significant change", "2025: no significant change"],
        ),
        (
            lambda data: charts.small_multiples(
                pd.DataFrame({"all": "x", "year": [2000, 2003, 2010], "obs_value": [1.0, 2, 3]}), panel="all", x="year",
                value="obs_value",
            ),
            "lines",
            [""],
        ),
        (
            lambda data: charts.scatter_within(
                pd.DataFrame({"x": [1.0, 2], "y": [3.0, 4], "country": ["Austria", ""]}), x="x", y="y", label="country",
                fit=pd.DataFrame({"x": [1.0, 2], "y": [3.0, 4]}), fit_label="Line",
            ),
            "scatter",
            [""],
        ),
    ],
    ids=["bars", "stack", "arrows", "lines", "scatter"],
)  # fmt: skip
def test_each_form_says_its_series(chart, form, labels):
    plot = chart(frame()).plot
    assert plot["form"] == form
    assert [one["label"] for one in plot["series"]] == labels


def test_forms_that_programs_do_not_have_are_told_by_none():
    data = pd.DataFrame({"panel": ["a", "b"], "year": [2000, 2000], "obs_value": [1.0, 2]})
    assert charts.small_multiples(data, panel="panel", x="year", value="obs_value").plot is None
    assert plots.read({"reading": {}, "plot": None}) is None
    many = [f"Light {number}" for number in range(plots.MOST_CATEGORIES + 1)]
    assert plots.read(dots(many, [1.0] * len(many))) is None


def test_a_native_chart_holds_the_numbers_and_reaches_of_its_intervals():
    plot = plots.read(dots(["Ness", "Wick"], [1.25, -2.5], [1.0, -3.0], [1.75, -1.0]))
    drawing, workbook = plots.embedded(plot, 12, "en-GB")
    chart = etree.fromstring(drawing)
    (series,) = chart.iter(f"{C}ser")
    assert cached(series.find(f"{C}val")) == [1.25, -2.5]
    assert cached(series.find(f"{C}errBars/{C}minus")) == [0.25, 0.5]
    assert cached(series.find(f"{C}errBars/{C}plus")) == [0.5, 1.5]
    assert series.find(f"{C}errBars/{C}errValType").get("val") == "cust"
    sheet = openpyxl.load_workbook(io.BytesIO(workbook))["Data"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["Ness", 1.25, 0.25, 0.5], ["Wick", -2.5, 0.5, 1.5],
    ]  # fmt: skip
    assert b'lang="en-US"' not in drawing and b"printSettings" not in drawing


def test_a_name_without_a_number_shows_the_letter_that_says_why():
    plot = plots.read(dots(["Ness", "Wick"], [1.25, None]))
    assert plot.categories == ["Ness", "Wick (m)"]
    assert plot.series[0].values == [1.25, None]


@pytest.mark.parametrize(("values", "place"), [([3.0, 1.0], 1), ([1.0, 3.0], 1), ([3.0, 2.5, 4.0], 3)])
def test_an_average_stands_among_bars_by_its_size(values, place):
    """Beside bars that lie there is no line that a program would draw."""
    names = [f"Light {number}" for number in range(len(values))]
    told = dots(names, values, average={"label": "Mean", "value": 2.0})
    told["plot"]["form"] = "bars"
    drawing, _ = plots.embedded(plots.read(told), 12, "en")
    first, second = etree.fromstring(drawing).iter(f"{C}ser")
    order = [point.findtext(f"{C}v") for point in first.find(f"{C}cat").iter(f"{C}pt")]
    assert order.index("Mean") == place
    assert cached(first.find(f"{C}val")) == values and cached(second.find(f"{C}val")) == [2.0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.2, 4.9], (0, 5, 1)),
        ([-13, 22], (-20, 30, 10)),
        ([5.0, 5.0], (4, 6, 1)),
        ([0.001, 0.0024], (0.001, 0.0025, 0.0005)),
    ],
)
def test_axes_end_at_round_numbers_that_hold_all(values, expected):
    low, high, step = plots.limits(values)
    assert low <= min(values) and high >= max(values)
    assert (low, high, step) == pytest.approx(expected)


def test_exhibits_of_tests_are_as_published(tmp_path):
    assert exhibit(tmp_path).numbered
