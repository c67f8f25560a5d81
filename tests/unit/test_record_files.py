"""Records come from strangers: each file is read right or refused in a line that names it, within memory and time."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossroads.evidence import record_files

BOMBS = {
    "an anchor that explodes": (
        "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b]\n",
        ":2: not readable as YAML: an alias is not read",
    ),
    "brackets without end": ("[" * 50_000, "brackets or indents go deeper"),
    "lists in a line": ("- " * 20_000 + "x", "brackets or indents go deeper"),
    "keys in a line": ("? " * 20_000 + "x", "brackets or indents go deeper"),
    "steps of indents": ("\n".join(" " * n + "a:" for n in range(400)), "brackets or indents go deeper"),
    "brackets that go deep": ("[" * 5_000 + "]" * 5_000, "brackets or indents go deeper"),
    "a number of ten thousand digits": ("a: " + "9" * 10_000, "a number or date cannot be read"),
    "a file that fills the memory": ("a: " + "x" * 300_000, "300003 bytes"),
    "a key given twice": ("a: 1\na: 2\n", "the field 'a' is given twice"),
    "another encoding": (b"a: \xff\xfe", "not UTF-8"),
    "a null byte": ("a: \x00", "not readable as YAML"),
    "code of Python": ("!!python/object/apply:os.system ['ls']", "not readable as YAML"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_file_made_to_break_the_reader_is_refused_by_name(tmp_path, bomb):
    content, words = BOMBS[bomb]
    path = tmp_path / "bomb.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    records, mistakes = record_files.read_files([path], lambda record: [], "case")
    assert (records, len(mistakes)) == ({}, 1)
    assert re.match(r"bomb\.yaml(:\d+)?: ", mistakes[0])
    assert words in mistakes[0]
    assert len(mistakes[0]) < 500


@pytest.mark.parametrize(
    ("content", "line", "advice"),
    [
        ("a:\n   b: 1\n  c: 2\n", 3, "the line stands further in or out"),
        ("- a\nb: 1\n", 2, "the line stands further in or out"),
        ("a: 'it's'\n", 1, "a quotation mark within a text ends it"),
        ("a: 1\nb\nc: 2\n", 3, "a name without a colon and a blank"),
        ("a: b: c\n", 1, "a text that holds a colon and a blank"),
        ("a: 1\n  b: 2\n", 2, "a line further in than the one before continues it"),
        ("a: [1, 2\nb: 3\n", 2, "a square bracket above is never closed"),
        ("a: {b: 1\nc: 2\n", 2, "a curly bracket above is never closed"),
        ('a: "x\n', 2, "is opened and never closed"),
        ("a:\n\tb: 1\n", 2, "indent with blanks"),
        ("a: @x\n", 1, "a text that begins with a sign"),
        ("a: - b\n", 1, "on a line of its own"),
        ("a: !x y\n", 1, "a text that begins with !"),
        ("a: 1\n---\nb: 2\n", 2, "take out the line ---"),
        ("name: School #1 of Paris\n", 1, "'#1 of Paris'; put the text in quotation marks"),
        ("text: many\n  went on #metoo and\n  more\n", 2, "'#metoo and'; put the text in quotation marks"),
        ("a: 1\nb: 010\n", 2, "010 is read as the number 8;"),
        ("a: 1_000\n", 1, "1_000 is read as the number 1000;"),
        ("a: 12:30\n", 1, "12:30 is read as the number 750;"),
        ("- {latitude: 35,2, longitude: 1}\n", 1, "a number has a point"),
        ("a: 1\n<<<<<<< mine\nb: 2\n=======\nb: 3\n>>>>>>> theirs\n", 2, "marks of an unfinished merge"),
    ],
)
def test_what_the_library_of_yaml_says_comes_with_what_to_do(tmp_path, content, line, advice):
    """It says "did not find expected key" where a line is a blank too far in."""
    path = tmp_path / "a.yaml"
    path.write_text(content, "utf-8")
    (mistake,) = record_files.read_files([path], lambda record: [], "case")[1]
    assert re.match(rf"a\.yaml:{line}: not readable as YAML: ", mistake)
    assert advice in mistake


@pytest.mark.parametrize(
    "content",
    [
        "a: School X  # a comment\n",
        "a: null # none\n",
        "a: 'School #1'\n",
        "a: [s1] # one\n",
        "a: |\n  no #1\n",
        "# a\n #b\na: b#c\n",
    ],
)
def test_comment_is_none_of_a_text(tmp_path, content):
    path = tmp_path / "a.yaml"
    path.write_text(content, "utf-8")
    assert record_files.read_files([path], lambda record: [], "case")[1] == []


def test_file_with_another_ending_is_told_of(tmp_path):
    """A file .YAML was left out without a word."""
    for name in ("a.yaml", "b.YAML", "c.yml", "notes.md"):
        (tmp_path / name).write_text("a: 1\n", "utf-8")
    paths = record_files.record_paths(tmp_path)
    assert [path.name for path in paths] == ["a.yaml", "b.YAML", "c.yml"]
    _, mistakes = record_files.read_files(paths, lambda record: [], "case")
    assert mistakes == [f"{name}: the name of a case file ends in .yaml" for name in ("b.YAML", "c.yml")]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|'/c calc'!A0", "-2+3|x", "\tx", "+x", "-x"])
def test_text_that_a_spreadsheet_would_run_is_refused(text):
    assert "formula" in " ".join(record_files.check_text(text)) or "control" in " ".join(record_files.check_text(text))


@pytest.mark.parametrize("text", ["+4.2 (3.5 to 4.9)", "-12 points", "a = b", "5+5", "e@x.org", ""])
def test_text_that_no_spreadsheet_runs_passes(text):
    assert list(record_files.check_text(text)) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode),
       st.text(alphabet="{}[]&*!|>'\"%@`:,-? \n#<ab1.", max_size=200).map(str.encode)))  # fmt: skip
def test_any_bytes_are_read_or_refused_with_their_name(tmp_path, content):
    path = tmp_path / "any.yaml"
    path.write_bytes(content)
    records, mistakes = record_files.read_files([path], lambda record: [], "case")
    assert set(records) <= {"any"}
    assert all(re.match(r"any\.yaml(:\d+)?: ", mistake) for mistake in mistakes)
