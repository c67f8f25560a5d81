"""Every figure of the book: the table behind it says what the data say, and its pictures show all of it."""

import csv
import re
from collections import Counter

import pytest
from fragments import TELEPHONE, marked_rows, outside, overlaps, type_size

SIZE = 64_000  # bytes of a picture in a page; a quarter of that and less when it is sent
NUMBER = re.compile(r"[+\u2212]?[\d\u202f]+(?:\.\d+)?%?")


@pytest.fixture(scope="module")
def figures(content):
    found = {name: metadata for name, metadata in content.exhibits.items() if metadata["kind"] == "figure"}
    assert len(found) > 100
    return found


@pytest.fixture(scope="module")
def pictures(figures):
    """Both pictures of each figure, by id and variant."""
    return {
        (name, variant): (metadata["folder"] / f"{name}.{variant}.svg").read_text("utf-8")
        for name, metadata in figures.items()
        for variant in ("wide", "narrow")
    }


def numbers(entries):
    """Return all numbers of a published table."""
    found = set()
    for entry in entries:
        try:
            found.add(float(entry))
        except ValueError:
            continue
    return found


def half_digit(text):
    """Return the number that a cell prints, and half of its last digit."""
    plain = text.replace("\u2212", "-").replace("\u202f", "").removesuffix("%")
    places = len(plain.partition(".")[2]) + 2 * text.endswith("%")
    return float(plain) / (100 if text.endswith("%") else 1), 0.5 * 10.0**-places


def counts_rows(reading, n_rows):
    """Say whether the values of a table count the rows of what is published."""
    places = [place for place, column in enumerate(reading["columns"]) if column["role"] == "value"]
    values = [half_digit(row[place])[0] for place in places for row in reading["rows"] if NUMBER.fullmatch(row[place])]
    return len(values) > 2 and sum(values) == n_rows


def test_tables_behind_figures_print_numbers_of_the_data(figures):
    """A table of a figure that prints what is not published would be a second source of truth."""
    wrong = []
    for name, metadata in figures.items():
        with (metadata["folder"] / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            rows = [*csv.reader(lines)]
        published = sorted(numbers(entry for row in rows for entry in row))
        if counts_rows(metadata["reading"], len(rows) - 1):
            continue
        for place, column in enumerate(metadata["reading"]["columns"]):
            if column["role"] not in ("value", "value2", "lower", "upper", "std_error", "n"):
                continue
            for row in metadata["reading"]["rows"]:
                if NUMBER.fullmatch(row[place]):
                    number, half = half_digit(row[place])
                    if not any(abs(number - known) <= half * 1.001 for known in published):
                        wrong.append(f"{name}: {column['label']}: {row[place]}")
    assert not wrong, wrong[:20]


def test_every_table_behind_a_figure_has_a_label_and_a_reading_of_each_row(figures):
    for name, metadata in figures.items():
        told = metadata["reading"]
        roles = Counter(column["role"] for column in told["columns"])
        assert roles["label"] == 1 and all(column["label"] for column in told["columns"]), name
        assert roles["value"] or roles["group"], name
        assert len(told["rows"]) == len(told["areas"]) > 1, name
        assert all(len(row) == len(told["columns"]) for row in told["rows"]), name


def test_marks_of_figures_name_the_rows_of_their_tables(figures, pictures):
    for (name, variant), picture in pictures.items():
        assert marked_rows(picture) == set(range(len(figures[name]["reading"]["rows"]))), (name, variant)


def test_figures_show_all_on_a_telephone_and_on_a_desk(pictures):
    for (name, variant), picture in pictures.items():
        assert outside(picture) == [] and overlaps(picture) == [], (name, variant)
        assert variant == "wide" or type_size(picture) >= 10.99, (name, TELEPHONE)


def test_pictures_in_pages_are_small_and_leave_style_and_colour_to_the_page(pictures):
    for (name, variant), picture in pictures.items():
        assert len(picture.encode()) < SIZE, (name, variant)
        assert not re.search(r"\sstyle=|\bid=|href|url\(|#[0-9a-f]{3}|<defs|<use", picture), (name, variant)
