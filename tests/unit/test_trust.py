"""Failures guarded against: a result of a trial that is older than it looks, that nobody can repeat, or that was never tried."""

import json
import re
import shlex
from pathlib import Path

import pytest
import trust

from crossroads import data
from crossroads.evidence import package

ROOT = Path(__file__).parents[2]
TRIAL = {"asks": "Is it the same?", "command": "make verify", "said": "files differ"}


@pytest.fixture
def results(tmp_path, monkeypatch):
    """An empty file of results."""
    monkeypatch.setattr(trust, "RESULT", tmp_path / "trust.json")
    return trust.RESULT


def test_a_new_result_takes_the_place_of_the_older_one_and_leaves_the_others(results):
    trust.record("verify", n=2684, wrong=1, **TRIAL)
    trust.record("faults", n=500, wrong=0, **TRIAL)
    trust.record("verify", n=2700, wrong=0, **TRIAL)
    found = json.loads(results.read_bytes())
    assert [*found] == ["faults", "verify"]
    assert found["verify"]["result"] == "0 of 2,700 files differ"
    assert found["verify"].keys() == {"asks", "command", "n", "wrong", "result", "date", "commit", "machine"}


@pytest.mark.parametrize(("n", "wrong"), [(0, 0), (3, 4), (3, -1)])
def test_what_was_not_tried_is_no_result(results, n, wrong):
    with pytest.raises(ValueError, match="verify"):
        trust.record("verify", n=n, wrong=wrong, **TRIAL)
    assert not results.exists()


def test_every_command_that_is_shown_can_be_called():
    """A command that is gone shows nothing."""
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    for command in data.trust()["command"]:
        first, second, *_ = shlex.split(command)
        if first == "make":
            assert second in targets, command
        else:
            assert first == "python", command
            assert (ROOT / second).exists() or second == "-m", command


def test_result_is_that_of_its_numbers():
    """Whoever edits the file by hand would have to edit both."""
    for row in data.trust().itertuples():
        assert row.result.startswith(f"{row.wrong:,} of {row.n:,} "), row.item


@pytest.mark.parametrize("entry", ['{"verify": {"n": 1}}', '{"verify": []}', "[]", "{"])
def test_a_damaged_file_of_results_is_named(tmp_path, monkeypatch, entry):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "trust.json").write_text(entry, "utf-8")
    monkeypatch.setattr(package, "read", lambda path: (tmp_path / path).read_bytes())
    with pytest.raises(package.DataError, match=r"data/trust\.json"):
        data.trust()
