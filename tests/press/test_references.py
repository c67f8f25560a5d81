"""Reference outputs: a number that moves must be named, with old and new; noise of the last bit must not."""

import json

import pytest

from press import published
from press.desk import references


@pytest.fixture
def agreed(small_book, monkeypatch):
    """The small book with its numbers agreed on."""
    from press import run

    monkeypatch.setattr(run, "execute", lambda root, names=None: small_book.results)
    (small_book.root / "tests" / "reference").mkdir(parents=True)
    references.renew(small_book.root)
    return small_book


def moved(book):
    return references.differences(book.root, published.read(book.results))


def test_nothing_moved_right_after_agreement(agreed):
    assert moved(agreed) == []


def test_moved_number_is_named_with_old_and_new(agreed):
    agreed.publish("small", number=12.35)
    assert moved(agreed) == [
        "exhibit ch1-small, row 1 (NESS), obs_value: was 12.34, is 12.35",
        "value ch1-mean: obs_value was 12.34, is 12.35",
    ]


def test_last_bits_of_a_float_do_not_count(agreed):
    agreed.publish("small", number=12.340000001)
    assert moved(agreed) == []


def test_exhibits_and_values_that_come_and_go_are_named(agreed):
    agreed.publish("small", number=12.34001, identifier="ch1-other", value_identifier="ch1-else")
    assert moved(agreed) == [
        "exhibit ch1-small: is no longer published",
        "exhibit ch1-other: has no reference yet",
        "value ch1-mean: is no longer published",
        "value ch1-else: has no reference yet",
        "tests ch1-small-family: is no longer published",
        "tests ch1-other-family: has no reference yet",
    ]


def test_renewal_says_what_moved(agreed):
    agreed.publish("small", number=12.5)
    assert references.renew(agreed.root)[-1] == "value ch1-mean: obs_value was 12.34, is 12.5"
    assert moved(agreed) == []


def test_table_of_another_shape_is_described(agreed):
    agreed.publish("small", number=12.3400001)
    path = agreed.results[0].folder / "exhibits" / "ch1-small.csv"
    path.write_text("light,obs_value\nNESS,12.34\nWICK,1\n", "utf-8")
    assert moved(agreed) == ["exhibit ch1-small: had 1 rows, has 2"]


def test_reference_keeps_code_and_text_and_leaves_pictures_out():
    output = {"output_type": "display_data", "data": {"text/plain": "x", "image/png": "AAAA"}, "metadata": {"a": 1}}
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": "prose", "metadata": {}},
            {"cell_type": "code", "source": "f()", "outputs": [output], "metadata": {"b": 2}},
        ],
        "metadata": {},
    }
    kept = json.dumps(references.text_only(notebook))
    assert "prose" not in kept
    assert "AAAA" not in kept
    assert '"text/plain": "x"' in kept


@pytest.mark.parametrize(
    ("old", "new", "agree"),
    [("1.0", "1.0000000001", True), (1.0, 1.001, False), (None, None, True), ("", "m", False), ("NESS", "NESS", True)],
)
def test_entries_agree_within_the_stated_tolerance(old, new, agree):
    assert references.same(old, new) is agree


def test_sentence_that_says_something_else_is_named(agreed):
    content = published.read(agreed.results)
    content.statements["light-ness-told"] = {"sentences": [{"kind": "strength", "text": "It was 5."}]}
    assert references.differences(agreed.root, content) == ["statements light-ness-told: has no reference yet"]
    path = agreed.root / "tests" / "reference" / "statements.json"
    path.write_text(json.dumps({"light-ness-told": ["strength: It was 4."]}), "utf-8")
    assert references.differences(agreed.root, content) == [
        "statements light-ness-told: no longer say 'strength: It was 4.'",
        "statements light-ness-told: now say 'strength: It was 5.'",
    ]
