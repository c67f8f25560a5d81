"""Failures guarded against: a result of a trial that is older than it looks, that nobody can repeat, or that was never tried."""

import csv
import json
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest
import trust
import trust_coverage
import trust_mutants
import trust_tests
import trust_versions

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


@pytest.mark.parametrize("place", sorted({place for _, places in trust_tests.PROMISES.values() for place in places}))
def test_a_promise_names_tests_that_are_there(place):
    """A promise is kept by nothing if the test that it names has another name now."""
    file, _, name = place.partition("::")
    assert f"def {name or 'test_'}" in (ROOT / "tests" / file).read_text("utf-8")


def test_tests_are_counted_for_the_promises_that_name_them():
    report = ElementTree.fromstring("""<testsuite>
      <testcase classname="tests.press.test_a" name="test_one[x[0]-y]"/>
      <testcase classname="tests.press.test_a" name="test_one[z]"><failure/></testcase>
      <testcase classname="tests.press.test_a" name="test_one_more"><error/></testcase>
      <testcase classname="tests.press.test_ab" name="test_one"><failure/></testcase>
      <testcase classname="tests.unit.test_a" name="test_one"><skipped/></testcase></testsuite>""")
    found = trust_tests.count(report.iter("testcase"))
    assert trust_tests.kept(found, ["press/test_a.py::test_one"]) == {True: 1, False: 1}
    assert trust_tests.kept(found, ["press/test_a.py", "unit/test_a.py"]) == {True: 1, False: 2}


def test_share_of_a_package_counts_its_lines_and_branches_and_not_its_files():
    """The mean of shares of files would let a long file that nobody tests hide behind short ones."""

    def file(lines, of_lines, branches, of_branches):
        counts = [lines, of_lines, branches, of_branches]
        names = ["covered_lines", "num_statements", "covered_branches", "num_branches"]
        return {"summary": dict(zip(names, counts, strict=True))}

    files = {
        "src/press/a.py": file(60, 90, 10, 10),
        "src/press/b.py": file(0, 0, 0, 0),
        "src/crossroads/charts/c.py": file(9, 9, 0, 1),
    }
    assert trust_coverage.shares(files) == {"crossroads": 90, "press": 70}


def test_outcome_of_a_version_counts_what_was_run(tmp_path):
    report = tmp_path / "tests.xml"
    report.write_text('<testsuites><testsuite tests="10" skipped="2" failures="1" errors="1"/></testsuites>', "utf-8")
    assert trust_versions.outcome(report) == (8, 2)


@pytest.mark.parametrize("entry", ['{"verify": {"n": 1}}', '{"verify": []}', "[]", "{"])
def test_a_damaged_file_of_results_is_named(tmp_path, monkeypatch, entry):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "trust.json").write_text(entry, "utf-8")
    monkeypatch.setattr(package, "read", lambda path: (tmp_path / path).read_bytes())
    with pytest.raises(package.DataError, match=r"data/trust\.json"):
        data.trust()


SMALL = """
def half(x: int = 2, *, strict: bool = True) -> float:
    if not x > 0 or strict:
        raise ValueError(f"{x} is {0}")
    return x / 2
"""


def test_faults_are_put_into_what_computes_and_not_into_types_and_messages(tmp_path, monkeypatch):
    monkeypatch.setattr(trust_mutants, "SOURCE", tmp_path)
    (tmp_path / "small.py").write_text(SMALL, "utf-8")
    found = [(mutant.was, mutant.becomes) for mutant in trust_mutants.mutants(tmp_path / "small.py")]
    assert found == [
        ("x: int=2, *, strict: bool=True", "x: int=2, *, strict: bool=False"),
        ("x: int=2, *, strict: bool=True", "x: int=3, *, strict: bool=True"),
        ("x: int=2, *, strict: bool=True", "x: int=1, *, strict: bool=True"),
        ("not x > 0 or strict", "not x > 0 and strict"),
        ("not x > 0 or strict", "x > 0 or strict"),
        ("not x > 0", "not x >= 0"),
        ("x > 0", "x > 1"),
        ("x > 0", "x > -1"),
        ("raise ValueError(f'{x} is {0}')", "pass"),
        ("return x / 2", "return None"),
        ("x / 2", "x * 2"),
        ("x / 2", "x / 3"),
        ("x / 2", "x / 1"),
    ]


def test_a_fault_is_put_into_the_function_that_others_hold(tmp_path, monkeypatch):
    """A copy of the module beside the one that the tests have imported would kill nothing."""
    monkeypatch.setattr(trust_mutants, "SOURCE", tmp_path / "smallpackage")
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "smallpackage" / "small.py"
    file.parent.mkdir()
    kept = "from functools import cached_property\n\nclass Kept:\n    @cached_property\n    def seven(self):\n        return 7\n"
    file.write_text(f"HALF = 2\n\ndef half(x):\n    return x / HALF\n\n{kept}", "utf-8")
    from smallpackage.small import Kept, half

    faults = {mutant.becomes: mutant.key for mutant in trust_mutants.mutants(file)}
    (in_function,) = [m for m in trust_mutants.mutants(file, {faults["x * HALF"]}) if m.code]
    assert trust_mutants.put_into(in_function)
    assert half(6) == 12
    (in_constant,) = [m for m in trust_mutants.mutants(file, {faults["3"]}) if m.code]
    assert trust_mutants.put_into(in_constant)
    assert half(6) == 2
    (in_property,) = [m for m in trust_mutants.mutants(file, {faults["8"]}) if m.code]
    assert trust_mutants.put_into(in_property)
    assert Kept().seven == 8


def test_every_survivor_that_is_explained_is_a_fault_of_the_code_as_it_is():
    """An explanation of what was changed since would let the next one through."""
    with trust_mutants.EXPLAINED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [tuple(row.values())[:5] for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(len(row["reason"]) > 20 for row in rows)
    there = {m.key for name in {key[0] for key in keys} for m in trust_mutants.mutants(trust_mutants.SOURCE / name)}
    assert sorted(set(keys) - there) == []
