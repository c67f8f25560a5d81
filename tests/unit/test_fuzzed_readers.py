"""Failures guarded against: a reader of outside data that ends in a library's traceback, or reads something else than stands there.

``benchmarks/trust_fuzz.py`` tries each reader many thousand times; here a few, the same in every run.
"""

import re

import fuzzing
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossroads.evidence import package, record_files
from importers import files
from press import notation
from press.errors import BookError


@pytest.mark.parametrize("reader", fuzzing.READERS, ids=lambda reader: reader.name)
def test_damaged_input_is_refused_in_words_or_read_right(reader):
    @settings(suppress_health_check=list(HealthCheck))
    @given(fuzzing.damaged(reader.seeds(), reader.kind))
    def attempt(content):
        fuzzing.attempt(reader, content)

    attempt()


@pytest.mark.parametrize("reader", fuzzing.READERS, ids=lambda reader: reader.name)
def test_valid_input_is_read(reader):
    """A reader that refuses everything would pass the test above."""
    states = [fuzzing.attempt(reader, content) for content in reader.seeds()]
    assert "read" in states, states


YAML = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text("abc: -#,[]{}'\"\n", max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcd", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcd", min_size=1, max_size=4), YAML, min_size=1, max_size=4))
def test_yaml_of_a_book_is_read_as_its_library_reads_it(content):
    """What is looked for in the marks must change nothing of what is read."""
    import yaml

    for style in (False, True):
        text = yaml.safe_dump(content, default_flow_style=style, allow_unicode=True)
        assert notation.read_yaml("x.yml", text) == yaml.safe_load(text)


BOMBS = {
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{n}: &{n} [{', '.join([f'*{o}'] * 10)}]\n" for o, n in zip("abcdefgh", "bcdefghi", strict=True)),
    "brackets": "a: " + "[" * 500_000,
    "braces": "a: " + "{b: " * 200_000,
    "hyphens": "a:\n  " + "- " * 100_000 + "x\n",
    "questions": "? " * 100_000 + "x\n",
    "indents": "\n".join(" " * depth + "a:" for depth in range(3_000)),
    "a number": "a: " + "9" * 1_000_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_yaml_that_would_fill_memory_or_stack_is_refused(bomb, tmp_path):
    with pytest.raises(BookError, match=r"^Book error: x\.yml"):
        assert len(repr(notation.read_yaml("x.yml", BOMBS[bomb]))) < 0
    path = tmp_path / "x.yaml"
    path.write_text(BOMBS[bomb], "utf-8")
    _, mistakes = record_files.read_files([path], lambda record: ["is no record"], "record")
    assert len(mistakes) == 1 and re.match(r"x\.yaml(:\d+)?: ", mistakes[0])


def test_text_cut_at_a_comma_is_told_in_records(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("sources:\n- {title: Schools, small and large, year: 2017}\n", "utf-8")
    _, mistakes = record_files.read_files([path], lambda record: [], "case")
    assert "'small and large' has no value: a text was cut at a comma" in mistakes[0]
    assert mistakes[0].startswith("x.yaml:2: ")


def test_xml_that_explodes_is_not_parsed(tmp_path):
    path = tmp_path / "x.xml"
    entities = "".join(f'<!ENTITY {n} "{f"&{o};" * 10}">' for o, n in zip("abcdefgh", "bcdefghi", strict=True))
    path.write_text(f'<!DOCTYPE x [<!ENTITY a "x">{entities}]><x>&i;</x>', "utf-8")
    with pytest.raises(files.LayoutError, match=r"x\.xml: it declares a document type"):
        files.xml(path)


def test_workbook_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path, monkeypatch):
    import openpyxl

    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    book.active.append([1])
    book.save(path)
    assert files.sheet(path, "Sheet") == [(1,)]
    monkeypatch.setattr(files, "MOST_UNPACKED", 1000)
    files._workbook.cache_clear()
    with pytest.raises(files.LayoutError, match=r"x\.xlsx: unpacks to \d+ bytes, expected at most 1000"):
        files.workbook(path)


CODES = {
    "no column of codes": ("name,label\na,b\n", "row 2 has no code"),
    "a code twice": ("code,label\na,b\na,c\n", "row 3, column code: 'a' stands in a row above"),
    "a cell too many": ("code,label\na,b,c\n", "row 2 has more or fewer cells"),
    "a cell too few": ("code,label\na\n", "row 2 has more or fewer cells"),
    "a blank row": ("code,label\na,b\n\nc,d\n", "row 3 has more or fewer cells"),
    "no header": ("\ncode,label\na,b\n", "row 1 is empty"),
    "nothing": ("", "row 1 is empty"),
}


@pytest.mark.parametrize("slip", CODES)
def test_code_list_that_is_damaged_is_told_by_row(slip, tmp_path):
    (tmp_path / "code-lists").mkdir()
    (tmp_path / "code-lists" / "sex.csv").write_text(CODES[slip][0], "utf-8")
    with pytest.raises(package.DataError, match=CODES[slip][1]):
        package.code_list("sex", tmp_path)
