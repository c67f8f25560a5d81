"""Failures guarded against: a source that is a table which the notebook never saw; a notebook under a name that it had before."""

import json
from types import SimpleNamespace

import pytest

from press.errors import BookError
from press.published import Published, read, require_loaded


@pytest.fixture
def published(tmp_path):
    """One notebook that has loaded the tides, of two tables that are described."""
    (tmp_path / "data").mkdir()
    described = [{"name": "tides", "path": "tides.csv"}, {"name": "lights", "path": "own/lights.csv"}]
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps({"resources": described}), "utf-8")
    (tmp_path / "run").mkdir()
    used = {"dependencies": {"data/tides.csv": "1", "data/code-lists/areas.csv": "2"}}
    (tmp_path / "run" / "record.json").write_text(json.dumps(used), "utf-8")
    (tmp_path / "run" / "notebook.ipynb").write_text("{}", "utf-8")

    def make(*sources, kind="values"):
        entry = {"indicators": [*sources], "notebook": "one", "cell": 2}
        kinds = {
            name: {"one-a": entry} if name == kind else {} for name in ("exhibits", "values", "statements", "tests")
        }
        return Published(**kinds, executed={"one": tmp_path / "run" / "notebook.ipynb"}, digests={})

    return make


@pytest.mark.parametrize("kind", ["exhibits", "values", "statements", "tests"])
def test_source_that_was_never_loaded_is_refused(published, tmp_path, kind):
    with pytest.raises(
        BookError, match=r"notebooks/one\.py, code cell 2: 'one-a' names the table 'lights' as its source, which"
    ):
        require_loaded(published("tides", "lights", kind=kind), tmp_path)


def test_sources_that_were_loaded_and_those_that_are_no_tables_pass(published, tmp_path):
    require_loaded(published("tides", "cases"), tmp_path)
    (tmp_path / "run" / "record.json").unlink()  # a result of a test's own
    require_loaded(published("lights"), tmp_path)


def test_what_a_renamed_notebook_publishes_has_another_digest(tmp_path):
    """Pages name the notebook of a value, too, and kept its old name: only exhibits told that it was another one."""
    (tmp_path / "exhibits").mkdir()
    (tmp_path / "notebook.ipynb").write_text("{}", "utf-8")
    (tmp_path / "exhibits" / "one-a.json").write_text('{"id": "one-a"}', "utf-8")
    for name in ["values", "statements", "tests"]:
        (tmp_path / f"{name}.json").write_text(json.dumps({name: {"id": f"one-{name}"}}), "utf-8")
    first, second = (read([SimpleNamespace(name=name, folder=tmp_path)]).digests for name in ["one", "other"])
    kinds = {"exhibit:one-a", "value:one-values", "statements:one-statements", "tests:one-tests"}
    assert kinds < first.keys()
    assert [key for key in kinds if first[key] == second[key]] == []
