"""A stranger makes the same bytes from the archive, and finds in it what each of them was made from."""

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import committed
import pytest
from rocrate.rocrate import ROCrate

from press import archive
from press.desk import command, replication
from press.errors import BookError
from press.page import colophon

pytestmark = pytest.mark.builds
LOCK = "numpy==2.4.6 \\\n    --hash=sha256:{0}\npyyaml==6.0.3 ; sys_platform == 'linux' \\\n    --hash=sha256:{1}\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The second book, with libraries in its lock, built and packed."""
    book = committed.book(tmp_path_factory.mktemp("packed") / "book")
    (book / "requirements.lock").write_text(LOCK.format("a" * 64, "b" * 64), "utf-8")
    committed.commit(book, "Libraries")
    done = call(book, "package")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "coast-1.2.zip" in done.stdout
    return book


@pytest.fixture(scope="module")
def unpacked(book, tmp_path_factory):
    """What the archive holds, elsewhere."""
    folder = tmp_path_factory.mktemp("ailleurs é")
    with zipfile.ZipFile(book / "_build" / "package" / "coast-1.2.zip") as packed:
        packed.extractall(folder)
    return folder / "coast-1.2"


def call(root, *words):
    """Call the command line in a process of its own, with the code of the folder."""
    variables = {**os.environ, "PYTHONPATH": str(root / "src"), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "press.desk.command", *words]
    return subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)


def entries(path):
    return {name: digest for digest, name in (line.split("  ", 1) for line in path.read_text("utf-8").splitlines())}


def digests(root, names):
    return {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in names}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def test_same_bytes_come_from_the_archive(unpacked, tmp_path):
    """Without history and in another place; the foot of each page names the commit nevertheless."""
    sources = shutil.copytree(unpacked / "sources", tmp_path / "anywhere")
    done = call(sources, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    expected = entries(unpacked / "expected.sha256")
    assert digests(sources, expected) == expected
    assert {name.split("/")[1] for name in expected} == {"html", "pdf"}


def test_change_to_an_unpacked_file_is_told_in_the_colophon(book, unpacked, tmp_path):
    sources = shutil.copytree(unpacked / "sources", tmp_path / "changed")
    known = colophon.read(book)["commit"]
    assert colophon.read(sources)["commit"] == known
    with (sources / "data" / "tides.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert colophon.read(sources)["commit"] == f"{known}+"


@pytest.mark.parametrize("content", ["{", "[]", '{"commit": "a"}'])
def test_damaged_origin_is_named(unpacked, tmp_path, content):
    sources = shutil.copytree(unpacked / "sources", tmp_path / "damaged")
    (sources / colophon.ORIGIN).write_text(content, "utf-8")
    with pytest.raises(BookError, match=r"commit\.json: .*unpack the archive again"):
        colophon.read(sources)


def test_every_file_has_its_checksum_and_no_other_is_named(unpacked):
    told = entries(unpacked / "checksums.sha256")
    there = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert there - {"checksums.sha256"} == told.keys()
    assert digests(unpacked, told) == told


def test_archive_is_the_same_when_it_is_made_again(book, monkeypatch):
    monkeypatch.chdir(book)
    path = book / "_build" / "package" / "coast-1.2.zip"
    before = path.read_bytes()
    path.unlink()
    done = call(book, "package")
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == before


def test_readme_has_the_sections_of_the_template_and_every_exhibit(book, unpacked):
    text = (unpacked / "README.md").read_text("utf-8")
    headings = re.findall(r"(?m)^## (.+)$", text)
    assert headings == [
        "Overview", "Data availability and provenance statements", "Dataset list", "Computational requirements",
        "Description of programs", "Instructions to replicators", "List of exhibits and programs", "References",
    ]  # fmt: skip
    listed = re.findall(
        r"(?m)^\| ((?:Figure|Table)[ .\d]*?) \| (.+?) \| `(.+?)`, code cell (\d+) \| (.+?) \| (.+?) \|$", text
    )
    published = sorted((book / "_build" / "html" / "exhibits").glob("*.csv"))
    assert len(listed) == len(published) > 3
    told = {row["id"]: row for row in rows(unpacked / "exhibits.csv")}
    assert told.keys() == {path.stem for path in published}
    one = told["tides-level"]
    assert (one["number"], one["program"], one["tables"]) == ("Figure 2.1", "notebooks/tides.py", "data/tides.csv")
    assert "_build/html/exhibits/tides-level.svg" in one["files"].split()
    assert "Nobody. Tides of a coast that is not. 2025." in text
    assert "Retrieved: 2025-12-31." in text and "Licence: CC0 1.0." in text


def test_files_and_tables_that_the_lists_name_are_there(book, unpacked):
    for row in rows(unpacked / "exhibits.csv"):
        assert all((book / path).is_file() for path in row["files"].split()), row["id"]
        assert all((unpacked / "sources" / path).is_file() for path in row["tables"].split()), row["id"]
        assert (unpacked / "sources" / row["program"]).is_file()
    values = {row["id"]: row for row in rows(unpacked / "values.csv")}
    assert values["lights-mean"]["program"] == "notebooks/lights.py"


def test_crate_can_be_read_and_leads_from_exhibit_to_source(unpacked):
    crate = ROCrate(unpacked)
    assert crate.name == "Lights and tides: a coast that is not"
    for entity in crate.data_entities:
        assert (unpacked / entity.id).exists(), entity.id
    action = crate.get("#execution-of-tides")
    assert action["instrument"].id == "sources/notebooks/tides.py"
    made = {entity.id for entity in action["result"]}
    assert {"#tides-level", "#tides-small"} <= made
    assert [entity.id for entity in crate.get("#tides-level")["isBasedOn"]] == ["sources/data/tides.csv"]


def test_bill_of_materials_names_every_library_of_the_lock_and_no_time(unpacked):
    told = json.loads((unpacked / "sbom.json").read_bytes())
    lock = replication.locked((unpacked / "sources" / "requirements.lock").read_text("utf-8"))
    assert (
        {entry["name"]: entry["version"] for entry in told["components"]}
        == lock
        == {"numpy": "2.4.6", "pyyaml": "6.0.3"}
    )
    assert "timestamp" not in told["metadata"] and "serialNumber" not in told


def test_what_is_not_committed_is_not_packed(book, tmp_path, monkeypatch):
    """The archive would hold other files than those that its digests are of."""
    copy = shutil.copytree(book, tmp_path / "book", ignore=shutil.ignore_patterns("_build"))
    (copy / "book" / "chapter1.md").write_text("# Other\n", "utf-8")
    (copy / "notebooks" / "new.py").write_text("1\n", "utf-8")
    monkeypatch.chdir(copy)
    with pytest.raises(BookError, match=r"book/chapter1\.md, notebooks/new\.py; commit them"):
        command.main(["package"])


def test_archive_depends_on_the_files_alone():
    files = {"b": b"2", "a": b"1", "sources/run": b"#!/bin/sh\n"}
    assert archive.pack(files, "x") == archive.pack(dict(reversed(files.items())), "x")
