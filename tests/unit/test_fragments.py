"""Charts within the page: each mark names its row, the page gives the colours, and a telephone shows all of it."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fragments import marked_rows, outside, overlaps, points, type_size
from test_charts import FORMS, countries

from crossroads import charts
from crossroads.charts import house, reading
from crossroads.charts.fragment import FragmentError, fragment
from crossroads.charts.pictures import pictures, render
from crossroads.exhibits import _reading

SHEET = (Path(__file__).parents[2] / "book" / "static" / "charts.css").read_text("utf-8")
# What each scheme of the page gives to its colours: pairs of light and dark, in the style sheet of charts.
COLOURS = {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", SHEET)}
GROUND = dict(zip(("light", "dark"), COLOURS["paper"], strict=True))


@pytest.fixture(scope="module", params=FORMS)
def drawn(request):
    """Every form with its pictures for the page, drawn once."""
    chart = FORMS[request.param]()
    files = pictures(chart)
    return chart, {variant: files[f"{variant}.svg"].decode() for variant in ("wide", "narrow")}


def column(chart, role):
    """Return the printed numbers of a column of the reading."""
    place = next(i for i, entry in enumerate(chart.reading["columns"]) if entry["role"] == role)
    return [row[place].replace("\u2212", "-") for row in chart.reading["rows"]]


# -- marks and the table behind them -------------------------------------------------------------------------


def test_marks_name_the_rows_of_the_table_and_no_others(drawn):
    """A mark that names the wrong row would read out another country's number."""
    chart, pictures = drawn
    rows = set(range(len(chart.reading["rows"])))
    assert marked_rows(pictures["wide"]) == rows
    assert marked_rows(pictures["narrow"]) == rows


# Forms whose circles lie at a number: where the number is grows as what the table says does.
AT_A_NUMBER = ["ranked_dots", "rank_intervals", "forest_plot", "distribution_strips", "scatter_within"]


@pytest.mark.parametrize("variant", ["wide", "narrow"])
@pytest.mark.parametrize("form", AT_A_NUMBER)
def test_marks_lie_where_the_table_says(form, variant):
    chart = FORMS[form]()
    picture = pictures(chart)[f"{variant}.svg"].decode()
    told, places = [], []
    for row, number in enumerate(column(chart, "value")):
        middles = points(picture, row)
        if middles and number not in "cm":
            told.append(float(number))
            places.append(middles[0][0])
    assert len(told) >= 3
    slope, start = np.polyfit(told, places, 1)
    span = np.ptp(places)
    assert slope > 0
    # A rounded number lies within half its last digit, and a place within a twentieth of a point.
    assert np.abs(start + slope * np.array(told) - places).max() < 0.02 * span + 0.1


def test_the_table_says_what_the_data_say_as_the_chart_rounds():
    chart = FORMS["ranked_dots"]()
    frame = countries().set_index("country")
    for row in chart.reading["rows"]:
        number = frame["value"][row[0]]
        assert row[1] == ("c" if np.isnan(number) else house.amount(number, ".0f"))
        assert row[2] == ("" if np.isnan(number) else house.amount(number - 2, ".0f"))
    roles = [entry["role"] for entry in chart.reading["columns"]]
    assert roles == ["label", "value", "lower", "upper", "text", "average"]


def test_errors_counts_and_periods_join_only_the_number_they_belong_to():
    """The error of one number beside another would be read as its error."""
    frame = countries().rename(columns={"value": "obs_value"}).assign(std_error=1.23, n_obs=12345, time_period=2022)
    frame = frame.assign(other=frame["obs_value"] / 2).drop(columns=["lower", "upper"])
    own = charts.ranked_dots(frame, label="country", value="obs_value", number=".1f").reading
    assert [entry["role"] for entry in own["columns"]] == ["label", "value", "std_error", "n", "period"]
    assert own["rows"][0][2:] == ["1.23", "12\u202f345", "2022"]
    other = charts.ranked_dots(frame, label="country", value="other").reading
    assert [entry["role"] for entry in other["columns"]] == ["label", "value", "period"]


@pytest.mark.parametrize(
    ("form", "finer"), [(".0f", ".1f"), ("+.1f", ".2f"), (",.0f", ",.1f"), (".1%", ".2%"), ("", "")]
)
def test_errors_have_one_decimal_more(form, finer):
    assert reading.finer(form) == finer


@pytest.mark.parametrize(
    ("values", "form"),
    [([500.5, 380.0], ".0f"), ([12.5, 55.0], ".1f"), ([0.31, 0.92], ".3f"), ([7.5, 7.5], ".2f"), ([2e4, 9e4], ",.0f")],
)
def test_numbers_that_no_chart_prints_have_three_digits_of_their_spread(values, form):
    assert reading.fitting(pd.Series(values)) == form


def test_whole_numbers_behind_a_chart_have_no_decimals():
    """Changes that a publisher gives in whole points were printed as 24.0."""
    assert reading.fitting(pd.Series([24.0, 17.0, -5.0, np.nan])) == ".0f"


def test_areas_are_those_given_else_those_of_the_countries_named(monkeypatch):
    frame = pd.DataFrame({"ref_area": ["AT11", "OECD"], "country": ["Burgenland", "Estonia"], "obs_value": [1.0, 2.0]})
    chart = charts.ranked_dots(frame, label="country", value="obs_value")
    assert _reading(chart)["areas"] == ["EST", "AT11"]


# -- the fragment --------------------------------------------------------------------------------------------


def test_fragment_has_no_style_id_or_colour_of_its_own(drawn):
    """The page's security policy drops styles, ids of two charts clash, and a colour would not change with the scheme."""
    for picture in drawn[1].values():
        assert not re.search(
            r"\sstyle=|<style|\bid=|href|url\(|#[0-9a-f]{3}|rgb|clip|<use|role=|<defs|font-family", picture
        )
        assert re.match(r'<svg class="(wide|narrow)" viewBox="0 0 [\d.]+ [\d.]+" ', picture)


def test_every_class_of_a_picture_is_in_the_style_sheet(drawn):
    for picture in drawn[1].values():
        for name in set(re.findall(r"\b((?:f|s|on)-[\w-]+)", " ".join(re.findall(r'class="([^"]*)"', picture)))):
            assert f".chart .{name} {{" in SHEET, name


def test_pictures_are_small(drawn):
    assert all(len(picture) < 64_000 for picture in drawn[1].values())


def test_same_chart_gives_the_same_pictures():
    assert pictures(FORMS["ranked_dots"]()) == pictures(FORMS["ranked_dots"]())


def test_downloads_name_a_font_that_every_reader_has_and_no_row():
    """Without a last resort a reader without the house font sees serifs; rows of two marks would be one id twice."""
    picture = pictures(FORMS["ranked_dots"]())["svg"].decode()
    assert set(re.findall(r"font-family: ([^;\"]*)", picture)) == {"'Open Sans', sans-serif"}
    ids = re.findall(r'\bid="([^"]*)"', picture)
    assert len(ids) == len(set(ids)) and not any(name.startswith("row-") for name in ids)


def test_colour_without_a_name_is_refused():
    chart = FORMS["ranked_dots"]()
    chart.axes[0].axvline(0, color="#123456")
    with pytest.raises(FragmentError, match="#123456 has no name"):
        fragment(render(chart, "svg"), "wide")


# -- on a telephone ------------------------------------------------------------------------------------------


def test_letters_on_a_telephone_are_eleven_pixels_high(drawn):
    assert type_size(drawn[1]["narrow"]) >= 10.99


def test_nothing_is_cut_and_nothing_covers_another(drawn):
    for picture in drawn[1].values():
        assert outside(picture) == []
        assert overlaps(picture) == []


@pytest.mark.parametrize("variant", ["wide", "narrow"])
def test_long_words_are_not_cut(variant):
    """Long names, a long title of the axis and a long key at once, as real data have them."""
    frame = countries().assign(
        country=[f"{name}, in schools and firms that take part in it" for name in countries()["country"]]
    )
    chart = charts.ranked_dots(
        frame, label="country", value="value", lower="lower", upper="upper", significant="significant",
        significance=("Different from what the average of all countries is", "Not significantly different from it"),
        average=28.0, average_label="Average of the OECD members (38)", number=",.1f",
        unit="Share of the teachers in lower secondary schools who use it, in percentage points more or less than before",
    )  # fmt: skip
    picture = pictures(chart)[f"{variant}.svg"].decode()
    assert outside(picture) == [] and overlaps(picture) == []


# -- colours of the page -------------------------------------------------------------------------------------

MARKS = ["context", "navy", "teal", "plum", "orange", "violet"]
TEXTS = ["ink", "muted", "plum", "navy", "teal-text", "orange-text", "violet-text"]
GROUNDS = [name.removeprefix("on-") for name in COLOURS if name.startswith("on-")]


@pytest.mark.parametrize(("scheme", "place"), [("light", 0), ("dark", 1)])
def test_marks_and_text_stand_out_in_both_schemes(scheme, place):
    for name in MARKS:
        assert house.contrast(COLOURS[name][place], GROUND[scheme]) >= 3, name
    for name in TEXTS:
        assert house.contrast(COLOURS[name][place], GROUND[scheme]) >= 4.5, name


@pytest.mark.parametrize("place", [0, 1])
def test_text_on_an_area_stands_out_from_it(place):
    assert len(GROUNDS) > 15
    for name in GROUNDS:
        assert house.contrast(COLOURS[f"on-{name}"][place], COLOURS[name][place]) >= 4.5, name


def test_every_colour_of_the_house_has_a_class_in_the_style_sheet():
    for name in house.NAMES.values():
        assert name in COLOURS and f".chart .f-{name} {{" in SHEET and f".chart .s-{name} {{" in SHEET, name
    for name in {house.NAMES[shade] for shade in (*house.SHADES, *house.OPPOSITES)}:
        assert f".chart .on-{name} {{" in SHEET, name


def test_light_colours_are_those_of_the_downloads():
    """One chart must not look like two."""
    for colour, name in house.NAMES.items():
        assert colour == "#000000" or COLOURS[name][0] == colour


def test_steps_rise_in_both_schemes():
    """The higher class stands out more from the page, whatever its colour is."""
    for place, ground in enumerate(GROUND.values()):
        told = [house.contrast(COLOURS[house.NAMES[shade]][place], ground) for shade in house.SHADES]
        assert told == sorted(told)
