"""Charts: what is drawn is what the data say, and everybody can read it."""

import io
import itertools
import re

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.colors import to_hex
from matplotlib.text import Text

from crossroads import areas, charts, load
from crossroads.charts import house, maps, small

NAMES = ["Türkiye", "United Kingdom", "Slovak Republic", "Côte d'Ivoire", "Japan", "Korea"]


def countries():
    """Return six rows with one missing, one negative and two equal values."""
    value = np.array([12.4, -3.0, np.nan, 7.5, 7.5, 30.0])
    return pd.DataFrame(
        {
            "code": ["TUR", "GBR", "SVK", "CIV", "JPN", "KOR"],
            "country": NAMES,
            "value": value,
            "lower": value - 2,
            "upper": value + 3,
            "significant": [True, False, False, True, True, True],
            "obs_status": ["", "", "c", "", "", ""],
            "year": 2012,
        }
    )


def shares():
    """Return three parts of a whole for every country."""
    rows = [(name, part, 20.0 + 10 * i) for name in NAMES for i, part in enumerate(["Public", "Private", "Other"])]
    return pd.DataFrame(rows, columns=["country", "part", "value"])


def trend():
    """Return three years for every country, the last of one missing."""
    rows = [(name, year, 480.0 + 5 * i - (year - 2012)) for i, name in enumerate(NAMES) for year in (2012, 2018, 2022)]
    frame = pd.DataFrame(rows, columns=["country", "year", "value"])
    frame.loc[2, "value"] = np.nan
    return frame.assign(lower=frame["value"] - 4, upper=frame["value"] + 4)


def regions():
    """Return regions with coordinates, two of them at one place."""
    generator = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "longitude": generator.uniform(-8, 25, 60),
            "latitude": generator.uniform(38, 64, 60),
            "value": generator.normal(30, 9, 60),
            "population": generator.lognormal(0, 0.5, 60),
            "country": np.repeat(["ES", "FR", "DE"], 20),
            "kind": np.tile(["Growing", "Shrinking"], 30),
        }
    )
    frame.loc[1, ["longitude", "latitude"]] = frame.loc[0, ["longitude", "latitude"]]
    frame.loc[3, "value"] = np.nan
    return frame


def specifications():
    """Return all specifications of two dimensions."""
    frame = pd.DataFrame(itertools.product(["None", "Income"], ["All", "Europe", "No outliers"]))
    frame = frame.set_axis(["controls", "sample"], axis=1).assign(value=np.linspace(-0.05, 0.3, 6))
    return frame.assign(
        lower=frame["value"] - 0.1, upper=frame["value"] + 0.1, significant=frame["value"] > 0.1,
        preferred=frame["sample"].eq("All") & frame["controls"].eq("Income"),
    )  # fmt: skip


LAYOUT = pd.DataFrame({"code": countries()["code"], "tile_row": [3, 0, 1, 3, 1, 2], "tile_column": [3, 0, 2, 0, 4, 4]})
INTERVAL = {"lower": "lower", "upper": "upper"}
ROWS = {"label": "country", "value": "value"}
FIT = pd.DataFrame({"x": [10.0, 40], "y": [0.0, 20], "lower": [-2.0, 17], "upper": [2.0, 23]})

FORMS = {
    "ranked_dots": lambda **more: charts.ranked_dots(
        countries(), **ROWS, **INTERVAL, significant="significant", status="obs_status", average=8.0,
        average_label="OECD average (5)", focus="United Kingdom", unit="Score points", **more
    ),
    "ranked_dots of groups": lambda **more: charts.ranked_dots(shares(), **ROWS, group="part", unit="%", **more),
    "ranked_bars": lambda **more: charts.ranked_bars(
        countries(), **ROWS, **INTERVAL, status="obs_status", average=8.0, focus=["Japan"], unit="%", **more
    ),
    "ranked_bars of parts": lambda **more: charts.ranked_bars(shares(), **ROWS, group="part", unit="%", **more),
    "change_arrows": lambda **more: charts.change_arrows(
        countries().assign(end=[10.0, 4, 3, np.nan, 9, 22], change=[-2.4, 7, np.nan, np.nan, 1.5, -8]),
        label="country", start="value", end="end", start_label="2012", end_label="2022", change="change",
        significant="significant", unit="Score points", **more
    ),
    "rank_intervals": lambda **more: charts.rank_intervals(
        countries().assign(low=[1, 1, 3, 3, 5, 6], high=[2, 4, 4, 5, 6, 6], rank=[1, 2, 3, 4, 5, 6]),
        label="country", lower="low", upper="high", rank="rank", focus="Korea", **more
    ),
    "forest_plot": lambda **more: charts.forest_plot(
        countries().dropna(subset="value").assign(kind=["A", "A", "B", "B", "C"], pooled=[False] * 4 + [True]),
        **ROWS, **INTERVAL, group="kind", pooled="pooled", unit="Effect size", directions=("worse", "better"), **more
    ),
    "small_bars": lambda **more: charts.small_bars(
        countries().query("value >= 0").head(3), **ROWS, **INTERVAL, focus="Japan", unit="%", **more
    ),
    "small_multiples": lambda **more: charts.small_multiples(
        trend(), panel="country", x="year", value="value", **INTERVAL, unit="Score points",
        reference=trend().query("country == 'Japan'"), reference_label="OECD average (29)", **more
    ),
    "small_multiples of groups": lambda **more: charts.small_multiples(
        trend().query("country in ['Japan', 'Korea']").assign(panel="All"), panel="panel", x="year", value="value",
        group="country", **more
    ),
    "distribution_strips": lambda **more: charts.distribution_strips(
        regions().assign(capital=[True] + [False] * 59, middle=31.0), label="country", value="value",
        highlight="capital", middle="middle", average=30.0, unit="%", **more
    ),
    "scatter_within": lambda **more: charts.scatter_within(
        regions().assign(y=range(60), name=["North"] * 4 + [""] * 56), x="value", y="y", fit=FIT, fit_label="Within",
        group="kind", label="name", focus="North", x_unit="% of adults", y_unit="Index", x_average=25.0, **more
    ),
    "specification_curve": lambda **more: charts.specification_curve(
        specifications(), value="value", **INTERVAL, dimensions={"controls": "Controls", "sample": "Sample"},
        significant="significant", highlight="preferred", median=0.12, unit="Standard deviations", **more
    ),
    "heat_matrix": lambda **more: charts.heat_matrix(
        shares().assign(value=np.linspace(-2, 2, 18)).replace({"value": {-2.0: np.nan}}), row="country",
        column="part", value="value", centre=0, focus="Korea", number="+.1f", unit="Standard deviations", **more
    ),
    "combination_matrix": lambda **more: charts.combination_matrix(
        pd.DataFrame({"a": [True, False, True], "b": [True, True, False], "n": [3, 9, 1]}),
        sets={"a": "Learners", "b": "Educators"}, value="n", n=13, unit="Cases", **more
    ),
    "tile_grid": lambda **more: charts.tile_grid(
        countries(), layout=LAYOUT, code="code", value="value", bins=[0, 10], focus="JPN", unit="Points", **more
    ),
    "tile_grid of types": lambda **more: charts.tile_grid(
        countries().assign(kind=["A", "B", None, "B", "A", "C"]), layout=LAYOUT, code="code", group="kind", **more
    ),
    "region_map": lambda **more: charts.region_map(
        regions(), longitude="longitude", latitude="latitude", value="value", bins=[20, 30, 40], size="population",
        country="country", unit="% of adults", **more
    ),
    "region_map of types": lambda **more: charts.region_map(
        regions(), longitude="longitude", latitude="latitude", group="kind", **more
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=FORMS)
def chart(request):
    """Every form, drawn once."""
    return FORMS[request.param]()


def svg(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def texts(figure):
    """Return all texts that a reader sees: Matplotlib keeps ticks beyond the ends of an axis, but draws none."""
    beyond = {
        label
        for axes in figure.axes
        for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim())))
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if not low - 1e-9 <= tick.get_loc() <= high + 1e-9
    }
    found = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    return [text for text in found if text not in beyond]


def circles():
    """Return the circles of a map without the pale ground beneath them."""
    return [patch for patch in FORMS["region_map"]().axes[0].patches if patch.zorder > 1]


def shown(figure):
    return {text.get_text() for text in texts(figure)}


def row_names(axes):
    """Return the names left of the axes, from top to bottom."""
    return [text.get_text() for text in axes.texts if text.get_position()[0] == 0 and text.get_ha() == "right"]


def markers(axes):
    """Return the markers of a chart as (x, y, filled)."""
    return [
        (*point, to_hex(line.get_markerfacecolor()) != "#ffffff")
        for line in axes.lines
        if line.get_marker() in house.MARKERS
        for point in line.get_xydata()
    ]


# -- everybody can read it ----------------------------------------------------------------------------------


def test_contrast_is_that_of_the_guidelines():
    """The other contrast tests are worth nothing if the ratio is computed wrongly."""
    assert house.contrast("black") == pytest.approx(21)
    assert house.contrast("#767676") == pytest.approx(4.54, abs=0.005)
    assert house.contrast("#12436D") == pytest.approx(10.25, abs=0.01)


@pytest.mark.parametrize("colour", [*house.PALETTE, house.CONTEXT])
def test_marks_and_the_text_in_their_colour_stand_out_from_white(colour):
    assert house.contrast(colour) >= 3
    assert house.contrast(house.TEXT[colour]) >= 4.5


@pytest.mark.parametrize("colours", [house.STEPS, house.DIVERGING, house.CATEGORIES])
def test_text_stands_out_from_every_filled_area(colours):
    scale = mpl.colors.LinearSegmentedColormap.from_list("test", colours)
    for place in np.linspace(0, 1, 101):
        face = to_hex(scale(place))
        assert house.contrast(house.text_on(face), face) >= 4.5


def test_every_text_is_large_and_dark_enough(chart):
    """At 390 pixels a point of a 6.3 inch figure is 0.86 pixels: 10 points are 8.6 pixels."""
    width = chart.get_size_inches()[0]
    assert width in (house.WIDTH, small.WIDTH)
    for text in texts(chart):
        assert text.get_fontsize() * 390 / (72 * width) >= 8
        colour = to_hex(text.get_color())
        assert colour == "#ffffff" or house.contrast(colour) >= 4.5, text.get_text()


def test_small_chart_is_readable_in_print():
    """Beside a finding it is 56 millimetres wide, as `book.typ` says."""
    for text in texts(FORMS["small_bars"]()):
        assert text.get_fontsize() * 56 / 25.4 / small.WIDTH >= 7.5


def test_no_text_is_cut_off_at_the_edge(chart):
    chart.savefig(io.BytesIO(), format="png")
    edge = chart.bbox
    for text in texts(chart):
        box = text.get_window_extent()
        assert box.x0 >= edge.x0 - 1 and box.x1 <= edge.x1 + 1, text.get_text()
        assert box.y0 >= edge.y0 - 1 and box.y1 <= edge.y1 + 1, text.get_text()


def test_background_is_opaque_white(chart):
    buffer = io.BytesIO()
    chart.savefig(buffer, format="png", dpi=40)
    buffer.seek(0)
    pixels = mpl.image.imread(buffer)
    assert pixels.shape[2] == 3 or pixels[..., 3].min() == 1
    assert pixels[-1, -1, :3].tolist() == [1, 1, 1]


def test_text_is_drawn_with_the_vendored_font(chart):
    for text in texts(chart):
        assert font_manager.findfont(text.get_fontproperties()).startswith(str(house.FONTS))
    assert set(re.findall(rb"font-family: ([^;\"]*)", svg(chart))) == {b"'Open Sans'"}


def test_licence_lies_beside_the_fonts():
    assert "Apache License" in (house.FONTS / "LICENSE.txt").read_text("utf-8")


def test_chart_names_its_form(chart):
    """The alternative text begins with it, so that it must read as the start of a sentence."""
    assert chart.form[0].isupper() and not chart.form.endswith(".")


def test_colour_never_tells_alone():
    drawn = FORMS["ranked_dots of groups"]().axes[0].lines
    looks = {(line.get_color(), line.get_marker()) for line in drawn if line.get_marker() in house.MARKERS}
    assert len(looks) == len({marker for _, marker in looks}) == 3


# -- the same data give the same bytes ----------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_same_bytes_whatever_the_settings_of_the_session(name):
    first = svg(FORMS[name]())
    with mpl.rc_context({"font.size": 21, "font.family": "DejaVu Sans", "svg.hashsalt": None, "axes.grid": True}):
        assert svg(FORMS[name]()) == first


def test_drawing_leaves_the_settings_of_the_session_alone():
    before = dict(mpl.rcParams)
    FORMS["ranked_dots"]()
    assert dict(mpl.rcParams) == before


def test_order_of_rows_does_not_matter_where_the_chart_sorts():
    frame = countries()
    options = ROWS | INTERVAL
    assert svg(charts.ranked_dots(frame[::-1], **options)) == svg(charts.ranked_dots(frame, **options))


def test_data_are_left_as_they_were():
    frame = countries()
    before = frame.copy()
    charts.ranked_dots(frame, **ROWS, **INTERVAL)
    charts.tile_grid(frame, layout=LAYOUT, code="code", value="value", bins=[5])
    pd.testing.assert_frame_equal(frame, before)


# -- what is drawn is what the data say ---------------------------------------------------------------------


def test_dots_are_at_their_values_sorted_with_the_missing_last():
    figure = FORMS["ranked_dots"]()
    axes = figure.axes[0]
    labels = row_names(axes)
    # Equal values by name: Côte d'Ivoire before Japan.
    assert labels == ["Korea", "Türkiye", "Côte d'Ivoire", "Japan", "United Kingdom", "Slovak Republic"]
    assert sorted((y, x) for x, y, _ in markers(axes)) == [(0, 30), (1, 12.4), (2, 7.5), (3, 7.5), (4, -3)]
    assert "c" in shown(figure) and "OECD average (5)" in shown(figure) and "−3" in shown(figure)
    assert figure.form == "Ranked dot plot with 95 % intervals"


def test_what_is_not_significant_is_hollow_and_the_key_says_so():
    figure = FORMS["ranked_dots"]()
    assert {y for _, y, filled in markers(figure.axes[0]) if not filled} == {4}
    assert {"Different from the average", "Not significantly different"} <= shown(figure)


def test_ascending_puts_the_lowest_first_and_the_missing_still_last():
    axes = charts.ranked_dots(countries(), **ROWS, ascending=True).axes[0]
    labels = row_names(axes)
    assert (labels[0], labels[-1]) == ("United Kingdom", "Slovak Republic")


def test_bars_begin_at_zero_even_if_all_values_are_far_from_it():
    frame = countries().assign(value=[500.0, 510, 520, 530, 540, 550])
    axes = charts.ranked_bars(frame, **ROWS).axes[0]
    assert axes.get_xlim()[0] == 0
    assert all(bar.get_x() == 0 for bar in axes.patches)
    assert sorted(bar.get_width() for bar in axes.patches) == sorted(frame["value"])


def test_bars_keep_the_order_of_ordered_categories_when_asked():
    axes = charts.ranked_bars(countries(), **ROWS, sort=False).axes[0]
    assert row_names(axes) == NAMES


def test_stacked_parts_follow_each_other_and_add_up():
    axes = FORMS["ranked_bars of parts"]().axes[0]
    bars = [bar for bar in axes.patches if bar.get_y() < 0]
    assert [(bar.get_x(), bar.get_width()) for bar in bars] == [(0, 20), (20, 30), (50, 40)]


def test_arrows_point_the_way_of_the_change():
    frame = pd.DataFrame({"country": ["Up", "Down"], "start": [1.0, 5], "end": [4.0, 2]})
    axes = charts.change_arrows(
        frame, label="country", start="start", end="end", start_label="2012", end_label="2022"
    ).axes[0]
    heads = {line.get_xdata()[0]: line.get_marker() for line in axes.lines if not isinstance(line.get_marker(), str)}
    # The tip lies on the value: the body of a head that points right lies left of it.
    assert heads[4].vertices[:, 0].min() < 0 and heads[2].vertices[:, 0].max() > 0


def test_one_year_without_the_other_is_a_dot_and_the_key_says_which():
    assert {"2012 only", "2022 only"} <= shown(FORMS["change_arrows"]())


def test_gap_in_a_series_breaks_its_line():
    axes = charts.small_multiples(trend(), panel="country", x="year", value="value").axes[0]
    assert np.isnan(axes.lines[0].get_ydata()).tolist() == [False, False, True]


def test_specifications_are_sorted_and_their_choices_lie_below_them():
    top, bottom = FORMS["specification_curve"]().axes
    frame = specifications().sort_values("value", ignore_index=True)
    rows = row_names(bottom)
    chosen = {(x, y) for line in bottom.lines for x, y in line.get_xydata() if line.get_marker() == "|"}
    for column in ("controls", "sample"):
        for place, choice in enumerate(frame[column]):
            assert (place, rows.index(choice)) in chosen
    estimates = {tuple(point) for line in top.lines if line.get_marker() in "oD" for point in line.get_xydata()}
    assert {(place, value) for place, value in enumerate(frame["value"])} <= estimates


def test_matrix_shows_every_number_in_its_cell():
    frame = shares().assign(value=range(18))
    axes = charts.heat_matrix(frame, row="country", column="part", value="value").axes[0]
    cells = {(text.get_position()[1] - 0.5, text.get_position()[0] - 0.5): text.get_text() for text in axes.texts}
    assert cells == {(i, j): str(3 * i + j) for i in range(6) for j in range(3)}


def test_tile_on_the_limit_of_a_class_belongs_to_the_higher_one():
    names, _, place = maps._classes(pd.DataFrame({"v": [9.9, 10.0, np.nan]}), "v", [10.0], None, None, ".0f")
    assert names == ["below 10", "10 and over"] and place.tolist() == [0, 1, -1]


def test_circles_of_regions_do_not_overlap_even_from_one_place():
    patches = circles()
    centre = np.array([patch.center for patch in patches])
    radius = np.array([patch.radius for patch in patches])
    distance = np.hypot(*(centre[:, None] - centre[None]).transpose(2, 0, 1)) + np.diag([np.inf] * len(radius))
    assert (distance >= 0.99 * (radius[:, None] + radius[None])).all()


def test_areas_of_circles_are_in_proportion_to_the_size():
    patches = circles()
    ratio = np.array([patch.radius**2 for patch in patches]) / regions()["population"]
    assert ratio.std() / ratio.mean() < 1e-9


def test_projection_keeps_areas():
    """A degree cell shrinks with the cosine of its latitude on the globe, and must on the map."""
    areas = []
    for latitude in (38.0, 50.0, 66.0):
        side = 1e-3
        corner = np.array([[0, 0], [side, 0], [side, side], [0, side]]) + np.array([18.0, latitude])
        # The far points hold the middle of the projection in one place.
        points = np.vstack([corner, [-10.0, 35.0], [30.0, 70.0]])
        x, y = maps._project(points[:, 0], points[:, 1])[:4].T
        area = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
        areas.append(area / np.cos(np.radians(latitude + side / 2)) / np.radians(side) ** 2)
    assert areas == pytest.approx([1, 1, 1], rel=1e-5)


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [(-0.04, ".1f", "0.0"), (0.04, "+.1f", "0.0"), (-3.25, ".1f", "−3.2"), (12345, ",.0f", "12\u202f345")],
)
def test_numbers_have_a_true_minus_and_no_negative_zero(number, form, text):
    assert house.amount(number, form) == text


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Dual programmes, employment at 25", ["Dual programmes,", "employment at 25"]),
        ("Türkiye", ["Türkiye"]),
        ("Berufsbildungszusammenarbeitsverordnung", ["Berufsbildungszusammenarbeitsverordnung"]),
    ],
)
def test_long_labels_break_into_lines_of_like_length(label, lines):
    assert house.wrap(label, 32).split("\n") == lines


# -- what cannot be drawn is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="value"), "no column 'value' in the data; it has"),
        (lambda f: f.iloc[:0], "have no rows"),
        (lambda f: f.assign(value="12"), "column 'value' holds str, not numbers"),
        (lambda f: f.assign(value=np.inf), "infinite"),
        (lambda f: f.assign(country="Japan"), "two rows for {'country': 'Japan'}"),
        (lambda f: f.assign(country=[None, *NAMES[1:]]), "column 'country' has no value in row 0"),
        (lambda f: f.assign(lower=f["upper"] + 1), "expected lower <= value <= upper"),
        (lambda f: f.assign(lower=np.nan), "expected lower <= value <= upper"),
        (lambda f: f.to_dict(), "expected a DataFrame, not dict"),
    ],
)
def test_bad_data_are_refused_with_what_was_found(change, message):
    with pytest.raises(charts.ChartError) as caught:
        charts.ranked_dots(change(countries()), **ROWS, **INTERVAL)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: charts.ranked_dots(countries(), **ROWS, lower="lower"), "both columns, lower and upper"),
        (lambda: charts.ranked_dots(countries(), **ROWS, focus="Narnia"), "no row 'Narnia'"),
        (lambda: charts.ranked_dots(shares().assign(part=range(18)), **ROWS, group="part"), "at most 4"),
        (lambda: charts.ranked_bars(shares().assign(value=-1), **ROWS, group="part"), "negative"),
        (lambda: charts.small_bars(countries().dropna(subset="value"), **ROWS), "at most 4, none below zero"),
        (
            lambda: charts.ranked_bars(shares(), **ROWS, group="part", group_order=["Public", "Private"]),
            "differ in ['Other']",
        ),
        (
            lambda: charts.rank_intervals(
                countries().assign(low=0, high=2), label="country", lower="low", upper="high"
            ),
            "ranks begin at 1",
        ),
        (
            lambda: charts.forest_plot(
                countries().dropna(subset="value").assign(kind=list("ABABA")), **ROWS, **INTERVAL, group="kind"
            ),
            "do not follow each other",
        ),
        (
            lambda: charts.specification_curve(
                specifications(), value="value", **INTERVAL, dimensions={"preferred": "P", "lower": "L"}, null=0
            )
            and charts.specification_curve(
                specifications().assign(controls="None"), value="value", **INTERVAL, dimensions={"controls": "C"}
            ),
            "has the one choice 'None'",
        ),
        (
            lambda: charts.tile_grid(
                countries(), layout=LAYOUT.query("code != 'JPN'"), code="code", value="value", bins=[5]
            ),
            "no tile for ['JPN']",
        ),
        (lambda: charts.tile_grid(countries(), layout=LAYOUT, code="code", value="value"), "give value with bins"),
        (
            lambda: charts.tile_grid(countries(), layout=LAYOUT, code="code", value="value", bins=[9, 5]),
            "in rising order",
        ),
        (
            lambda: charts.region_map(
                regions().assign(population=0), longitude="longitude", latitude="latitude", group="kind",
                size="population",
            ),
            "must be positive",
        ),
        (
            lambda: charts.combination_matrix(
                pd.DataFrame({"a": [True, None], "b": True, "n": 1}), sets={"a": "A", "b": "B"}, value="n"
            ),
            "no value in row 1",
        ),
        (
            lambda: charts.scatter_within(countries().assign(y=np.nan), x="value", y="y"),
            "no row has both 'value' and 'y'",
        ),
        (
            lambda: charts.change_arrows(
                countries().assign(end=np.nan), label="country", start="value", end="end", start_label="a",
                end_label="b",
            ),
            "no row has both values",
        ),
    ],
)  # fmt: skip
def test_what_a_form_cannot_show_is_refused(draw, message):
    with pytest.raises(charts.ChartError) as caught:
        draw()
    assert message in str(caught.value)


def test_only_the_names_asked_for_stand_beside_points_and_an_unknown_one_is_refused():
    frame = countries().assign(y=range(len(countries())))
    figure = charts.scatter_within(frame, x="value", y="y", label="country", named=["Japan"])
    assert "Japan" in shown(figure) and "Korea" not in shown(figure)
    with pytest.raises(charts.ChartError, match="no point 'Utopia'"):
        charts.scatter_within(frame, x="value", y="y", label="country", named=["Utopia"])


def test_labels_of_a_categorical_type_are_drawn_as_what_they_stand_for():
    """The chart ended in Python's own error, that a Categorical cannot be multiplied."""
    plain, frame = countries(), countries()
    frame["country"] = frame["country"].astype("category")
    drawn, other = (charts.ranked_bars(rows, label="country", value="value") for rows in (frame, plain))
    assert drawn.reading == other.reading


def test_values_that_would_all_be_printed_as_zero_or_one_are_refused():
    """Shares of one were published as a table of zeros, since the format of the chart has no decimals."""
    frame = countries().assign(value=[0.1, 0.2, np.nan, 0.3, 0.05, 0.45])
    with pytest.raises(
        charts.ChartError, match=r"all values of 'value' would be printed as 0, the largest is 0\.45; .* number='\.3f'"
    ):
        charts.ranked_bars(frame, label="country", value="value")
    some = frame.assign(value=[0.1, 0.2, np.nan, 0.3, 0.05, 0.6])
    with pytest.raises(
        charts.ChartError, match=r"all values of 'value' would be printed as 0 or 1, the largest is 0\.6; "
    ):
        charts.ranked_bars(some, label="country", value="value")
    charts.ranked_bars(frame, label="country", value="value", number=".2f")
    charts.ranked_bars(frame.assign(value=0.0), label="country", value="value")
    charts.ranked_bars(frame.assign(value=[0, 1, np.nan, 1, 0, 1]), label="country", value="value")


def test_line_from_a_name_passes_behind_no_other_mark():
    """The name of the region with the lowest share led to its neighbour, behind which its line passed."""
    box = np.array([[10.0, -1, 20, 1], [-1, 10, 1, 20]])  # to the right of the place, and above it
    markers, half = np.array([[0.0, 0], [5, 0.5], [5, 5]]), np.array([2.0, 2, 2])
    assert house._crossed(np.array([0.0, 0]), box, markers, half).tolist() == [1, 0]


def test_name_of_the_lowest_region_leads_to_no_other_one():
    """Sud-Muntenia lies around Bucharest, which has three times its share; a line goes around it."""
    rows = load("regional-tertiary-attainment").query("time_period == 2023 and obs_value.notna()")
    frame = areas.add(rows, "name", "longitude", "latitude").query("-25 < longitude < 45 and 34 < latitude < 72")
    frame["named"] = frame["name"].where(frame["ref_area"] == "RO31")
    chart = charts.region_map(frame, value="obs_value", longitude="longitude", latitude="latitude", bins=[25, 35, 45],
                              label="named", unit="%")  # fmt: skip
    (axes,) = chart.axes
    (line,) = axes.lines
    ends = np.column_stack(line.get_data())
    steps = ends[0] + np.linspace(0, 1, 50)[:, None] * (ends[1] - ends[0])
    circles = [patch for patch in axes.patches if patch.get_zorder() == 2]
    reached = [circle for circle in circles if np.hypot(*(steps - circle.center).T).min() < 1.01 * circle.radius]
    assert len(reached) == 1
    assert np.hypot(*(ends - reached[0].center).T).min() == pytest.approx(reached[0].radius, rel=0.02)
    assert line.get_zorder() > reached[0].get_zorder()
