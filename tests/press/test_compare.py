"""What changed between two editions must be found without building any, and nothing else must be told."""

import json
import shutil
import subprocess

import pytest
from small_book import SECOND

from press.desk import command, compare
from press.errors import BookError

VALUES = {"ch1-mean": {"obs_value": 4.04, "unit": "", "std_error": None, "n_obs": None, "time_period": "2024"}}
TEXT = "# Harbours\n\nText. The mean was {value}`ch1-mean:.1f` metres,\nwhich is much. Once {value}`ch1-mean:.0f`.\n\nNo number here.\n"


@pytest.fixture
def edition(tmp_path):
    """A folder with what an edition keeps."""

    def write(folder, rows, mean=4.04, exhibits=("a,b\n1,2\n",), says=("kind: Old.",)):
        root = tmp_path / folder
        (root / "data" / "indicators").mkdir(parents=True)
        (root / "book").mkdir()
        (root / "tests" / "reference" / "exhibits").mkdir(parents=True)
        (root / "data" / "indicators" / "tides.csv").write_text("port,year,height\n" + rows, "utf-8")
        entry = {"name": "tides", "path": "indicators/tides.csv", "schema": {"primaryKey": ["port", "year"]}}
        (root / "data" / "datapackage.json").write_text(json.dumps({"resources": [entry]}), "utf-8")
        (root / "book" / "chapter1.md").write_text(TEXT, "utf-8")
        shutil.copy(SECOND / "pyproject.toml", root)
        reference = root / "tests" / "reference"
        values = {"ch1-mean": {**VALUES["ch1-mean"], "obs_value": mean}}
        (reference / "values.json").write_text(json.dumps(values), "utf-8")
        (reference / "statements.json").write_text(json.dumps({"said": list(says)}), "utf-8")
        for number, content in enumerate(exhibits):
            (reference / "exhibits" / f"ch1-e{number}.csv").write_text(content, "utf-8")
        return root

    return write


def test_same_edition_has_no_change(edition):
    one, other = edition("old", "Oban,2024,4\n"), edition("new", "Oban,2024,4\n")
    found = compare.compare(SECOND, str(one), str(other))
    assert found == compare.Comparison()
    assert found.entry("2026-11-29") == "- **Revision** (2026-11-29). No table moved. Exhibits: none."


def test_rows_cells_exhibits_and_sentences_are_each_told_where_they_moved(edition):
    one = edition("old", "Oban,2023,4\nOban,2024,4.0000000001\nLeith,2024,5\n", exhibits=["a,b\n1,2\n", "a\n1\n"])
    other = edition("new", "Oban,2024,4\nLeith,2024,5.5\nWick,2024,3\n", mean=4.14, says=["kind: New."],
                    exhibits=["a,b\n1,3\n", "a\n1\n", "c\n1\n"])  # fmt: skip
    found = compare.compare(SECOND, str(one), str(other))
    (change,) = found.tables
    assert (change.added, change.removed) == (["Wick 2024"], ["Oban 2023"])
    assert change.revised == ["Leith 2024, height: was 5, is 5.5"]
    assert found.exhibits == {"ch1-e0": "row 1 (1), b: was 2, is 3", "ch1-e2": "new"}
    # The second sentence prints whole metres, which did not move.
    assert found.sentences == [
        "book/chapter1.md:3: ch1-mean was 4.0, is 4.1: The mean was [ch1-mean] metres, which is much."
    ]
    assert found.statements == ["statements said: no longer say 'kind: Old.'", "statements said: now say 'kind: New.'"]
    assert "Exhibits: `ch1-e0`, `ch1-e2` (new)." in found.entry("2026-11-29")
    assert list(found.lines())[1] == "  tides: rows 1 added, 1 removed, 1 revised"


def test_table_that_moved_alone_says_what_the_rest_is_compared_with(edition):
    """Who had built the book read of no sentence that moved, as the outputs agreed on were the old ones."""
    old, new = edition("old", "Oban,2024,4\n"), edition("new", "Oban,2024,5\n")
    assert (
        "tests/reference: after a change of numbers, renew it first"
        in list(compare.compare(SECOND, str(old), str(new)).lines())[-1]
    )
    same = list(compare.compare(SECOND, str(old), str(old)).lines())
    assert not any("renew" in line for line in same)


def test_table_that_is_withdrawn_loses_all_its_rows(edition):
    one, other = edition("old", "Oban,2024,4\n"), edition("new", "Oban,2024,4\n")
    (other / "data" / "datapackage.json").write_text(json.dumps({"resources": []}), "utf-8")
    (change,) = compare.compare(SECOND, str(one), str(other)).tables
    assert change.removed == ["Oban 2024"]


def test_commit_is_compared_with_the_folder(edition, monkeypatch, capsys):
    root = edition("book", "Oban,2024,4\n")
    for words in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "1"],
    ):
        subprocess.run(["git", *words], cwd=root, check=True)
    (root / "data" / "indicators" / "tides.csv").write_text("port,year,height\nOban,2024,4.5\n", "utf-8")
    monkeypatch.chdir(root)
    (root / "_toc.yml").write_text("root: book/chapter1\n", "utf-8")
    assert command.main(["compare", "HEAD"]) == 0
    assert "revised: Oban 2024, height: was 4, is 4.5" in capsys.readouterr().out
    with pytest.raises(BookError, match="'v9' is neither a folder nor a commit"):
        compare.compare(root, "v9", ".")
    with pytest.raises(BookError, match=r"holds no data/datapackage\.json"):
        compare.compare(root, str(root / "book"), ".")


def test_number_of_another_work_that_was_mended_is_told_in_its_sentence(edition):
    """A sentence may go wrong although no notebook computes another number."""
    one, other = edition("old", "Oban,2024,4\n"), edition("new", "Oban,2024,4\n")
    text = "# Lights\n\nIt is seen from {study}`lamp2014:seen` miles, {study}`lamp2014:seen:range` by others.\n"
    for root, low in ((one, 12), (other, 11)):
        number = {"value": 17, "low": low, "high": 22, "text": "Miles"}
        works = {"lamp2014": {"title": "On lights", "numbers": {"seen": number}}}
        (root / "data" / "works.json").write_text(json.dumps(works), "utf-8")
        (root / "book" / "chapter1.md").write_text(text, "utf-8")
    found = compare.compare(SECOND, str(one), str(other))
    assert found.sentences == [
        "book/chapter1.md:3: lamp2014:seen was 17 (12 to 22), is 17 (11 to 22): It is seen from [lamp2014:seen] miles,"
        " [lamp2014:seen] by others."
    ]
    number["value"] = "seventeen"
    (one / "data" / "works.json").write_text(
        json.dumps({"lamp2014": {"title": "", "numbers": {"seen": number}}}), "utf-8"
    )
    found = compare.compare(SECOND, str(one), str(other))
    assert found.sentences == []
    assert found.untold[0].startswith(f"Numbers of other works are not compared: those of {one} are of another form (")
