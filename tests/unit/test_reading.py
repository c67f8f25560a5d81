"""The table behind a chart as it stands in a page."""

import pytest
from bs4 import BeautifulSoup

from press.areas import Areas
from press.page import reading

AREAS = Areas(names={"EST": "Estonia", "FIN": "Finland"}, within={"FI1B": "FIN"})
COLUMNS = [
    {"name": "v", "label": "Share <of> teachers (%)", "role": "value", "numeric": True},
    {"name": "c", "label": "Country", "role": "label", "numeric": False},
    {"name": "e", "label": "Standard error", "role": "std_error", "numeric": True},
]
ROWS = [
    ["\u22123.4", "Estonia", "0.5"],
    ["7.1", "Helsinki", "0.6"],
    ["m", "Finland", "m"],
    ["5", "OECD average (2)", "0.1"],
]


@pytest.fixture
def metadata(tmp_path):
    """A figure as it is published."""
    (tmp_path / "a-b.csv").write_text("ref_area,obs_value\nEST,1.23456\nFIN,2\n", "utf-8")
    areas = ["EST", "FI1B", "FIN", "OECD-average-2"]
    return {
        "id": "a-b", "kind": "figure", "title": "More & less", "folder": tmp_path,
        "reading": {"columns": COLUMNS, "rows": ROWS, "areas": areas},
    }  # fmt: skip


def table(metadata):
    return BeautifulSoup(reading.table(metadata, AREAS), "html.parser")


def test_label_comes_first_and_heads_its_row(metadata):
    page = table(metadata)
    assert [(th["data-role"], th.text) for th in page.select("thead th[scope=col]")] == [
        ("label", "Country"), ("value", "Share <of> teachers (%)"), ("std_error", "Standard error"),
    ]  # fmt: skip
    assert [th.text for th in page.select("tbody th[scope=row]")] == [
        "Estonia",
        "Helsinki",
        "Finland",
        "OECD average (2)",
    ]
    assert page.select_one("summary").text == "Table behind %PART%"
    assert page.select_one("caption").text == "%PART%: More & less"


def test_row_names_its_area_and_the_one_that_a_reader_may_choose(metadata):
    """An average is no area to choose, and a region belongs to its country."""
    rows = table(metadata).select("tbody tr")
    assert [(tr.get("data-area"), tr.get("data-whole")) for tr in rows] == [
        ("EST", "EST"), ("FI1B", "FIN"), ("FIN", "FIN"), ("OECD-average-2", None),
    ]  # fmt: skip


def test_errors_stand_with_rows_that_can_be_compared(metadata):
    rows = table(metadata).select("tbody tr")
    assert [(tr.get("data-value"), tr.get("data-error")) for tr in rows] == [
        ("-3.4", "0.5"), ("7.1", "0.6"), (None, None), (None, None),
    ]  # fmt: skip


def test_full_precision_is_taken_where_the_publisher_gives_it(metadata):
    metadata["reading"]["errors"] = [[-3.41234, 0.51], None, None, None]
    rows = table(metadata).select("tbody tr")
    assert [(tr.get("data-value"), tr.get("data-error")) for tr in rows[:2]] == [("-3.41234", "0.51"), (None, None)]


def test_interval_without_error_is_none_that_a_test_can_use(metadata):
    metadata["reading"]["columns"] = [{**COLUMNS[0], "role": "value"}, COLUMNS[1], {**COLUMNS[2], "role": "lower"}]
    assert "data-error" not in reading.table(metadata, AREAS)


def test_data_stand_in_for_a_reading_that_is_not_there(metadata):
    del metadata["reading"]
    page = table(metadata)
    assert [th.text for th in page.select("thead th")] == ["ref_area", "obs_value"]
    assert [tr["data-whole"] for tr in page.select("tbody tr")] == ["EST", "FIN"]
    assert page.select_one("tbody td")["class"] == ["text-right"]


def test_long_table_says_how_many_rows_are_in_the_file_alone(metadata):
    metadata["reading"]["rows"] = ROWS * 200
    metadata["reading"]["areas"] *= 200
    page = table(metadata)
    assert len(page.select("tbody tr")) == reading.MOST_ROWS
    assert page.select_one("details > p").text == "200 more rows are in the file."
