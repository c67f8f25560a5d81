"""Every table remade from the publishers' files: the same bytes, and nothing written when something is wrong."""

import json
import os
from pathlib import Path

import pytest

import importers
from importers import remake

ROOT = Path(__file__).parents[2]
RAW = os.environ.get("CROSSROADS_RAW", "")
needs_files = pytest.mark.skipif(
    not RAW,
    reason="publishers' files are not at hand: set CROSSROADS_RAW to the folder that holds them; data/README.md and "
    "the entries of data/datapackage.json say where to get each file",
)


@pytest.fixture(scope="module")
def built():
    """Everything remade in memory."""
    return remake.build(Path(RAW), say=lambda line: None)


@needs_files
def test_remaking_every_table_changes_no_byte(built):
    _, contents, report = built
    changed = [path for path, content in contents.items() if (ROOT / "data" / path).read_bytes() != content]
    print(f"\n{len(contents)} files remade; {remake.checks.summary(report)}")
    assert changed == []


@needs_files
def test_no_table_covers_less_than_the_committed_one(built):
    assert remake.shrinkage(ROOT / "data", json.loads(built[1]["datapackage.json"])) == []


@needs_files
def test_the_publishers_files_are_those_that_the_descriptor_names(built):
    committed = json.loads((ROOT / "data/datapackage.json").read_bytes())
    again = json.loads(built[1]["datapackage.json"])
    files = [
        {
            file["path"]: file["hash"]
            for entry in package["resources"]
            for s in entry.get("sources", [])
            for file in s["files"]
        }
        for package in (committed, again)
    ]
    assert files[0] == files[1] and len(files[0]) > 10


def test_a_missing_publisher_s_file_is_named_and_nothing_is_written(tmp_path):
    with pytest.raises(remake.RemakeError, match=r"adult-attainment: .* is not in .*; get it from https://"):
        remake.remake(tmp_path / "raw", tmp_path / "data", say=lambda line: None)
    assert not (tmp_path / "data").exists()


def test_an_unknown_table_is_refused(tmp_path):
    with pytest.raises(remake.RemakeError, match="no table is named"):
        remake.remake(tmp_path, tmp_path, only=["pisa-arithmetic"], say=lambda line: None)


def test_a_table_that_shrinks_is_reported():
    """Fewer values, areas or years than before must not pass unseen."""
    committed = json.loads((ROOT / "data/datapackage.json").read_bytes())
    assert remake.shrinkage(ROOT / "data", committed) == []
    smaller = json.loads(json.dumps(committed))
    entry = next(entry for entry in smaller["resources"] if entry["name"] == "pisa-reading")
    entry["coverage"]["values"] -= 1
    entry["coverage"]["periods"].remove("2000")
    gone = next(entry for entry in smaller["resources"] if entry["name"] == "neet")
    smaller["resources"].remove(gone)
    lost = remake.shrinkage(ROOT / "data", smaller)
    assert any("pisa-reading: periods 2000 are gone" in line for line in lost), lost
    assert any("values, before" in line for line in lost) and any("neet: the whole table" in line for line in lost)


def test_every_declared_file_has_a_provenance():
    """A copy that did not come from the publisher says where it came from."""
    for table in importers.tables().values():
        for source in (table.source, *table.further):
            assert source.obtained or source.retrieved, f"{table.name}: {source.dataset} has no provenance"
