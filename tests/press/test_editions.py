"""What an edition published stays as it was, whatever becomes of data, code and theme; what was altered is named."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import committed
import pytest
from bs4 import BeautifulSoup

from press import archive
from press.errors import BookError
from press.web import editions

pytestmark = pytest.mark.builds
FROZEN = "editions/1.2/exhibits/tides-level/index.html"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The second book with its edition frozen, then with a tide that is another one, and built again."""
    book = committed.book(tmp_path_factory.mktemp("frozen") / "book")
    call(book, "freeze")
    committed.commit(book, "Edition 1.2")
    tides = book / "data" / "tides.csv"
    tides.write_text(tides.read_text("utf-8").replace("4.9", "5.9"), "utf-8")
    style = book / "book" / "static" / "coast.css"
    style.write_text(style.read_text("utf-8") + "h1 { color: red }\n", "utf-8")
    call(book, "build", "--no-pdf")
    return book


def call(root, *words, good=True):
    """Call the command line in a process of its own, with the code of the folder."""
    variables = {**os.environ, "PYTHONPATH": str(root / "src"), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "press.desk.command", *words]
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == good, done.stdout + done.stderr
    return done.stdout + done.stderr


def page(book, address):
    return BeautifulSoup((book / "_build" / "html" / address).read_text("utf-8"), "html.parser")


def test_frozen_exhibit_keeps_every_byte_when_its_data_change(book):
    site = book / "_build" / "html"
    with zipfile.ZipFile(book / "editions" / "1.2.zip") as frozen:
        for name in frozen.namelist():
            assert (site / "editions" / "1.2" / name).read_bytes() == frozen.read(name), name
    now, then = (
        (site / folder / "tides-level.csv").read_text("utf-8")
        for folder in ("exhibits", "editions/1.2/exhibits/tides-level")
    )
    assert "5.9" in now and "5.9" not in then and "4.9" in then


def test_frozen_page_is_whole_and_says_what_it_is(book):
    frozen = page(book, FROZEN)
    assert frozen.html["lang"] == "en"
    assert frozen.h1.get_text() == "Figure 2.1. The tide is highest in spring"
    assert "edition 1.2, as it was published" in frozen.header.get_text()
    assert frozen.img["alt"]
    assert [cell.get_text() for cell in frozen.select("thead th")] == ["Month", "Level (m)"]
    text = " ".join(frozen.main.get_text().split())
    assert "Source: Nobody, Tides of a coast that is not (2025)." in text
    assert "code cell" in text and "notebooks/tides.py" in text and "Built from commit" in text
    assert frozen.select_one('meta[http-equiv="Content-Security-Policy"]')
    assert not frozen.select("script, style, [style]")


def test_every_link_of_frozen_pages_leads_somewhere(book):
    """Nothing that may be withdrawn later is linked: only what is frozen too, and the first page."""
    site = book / "_build" / "html"
    for path in sorted((site / "editions").rglob("*.html")):
        for tag in BeautifulSoup(path.read_text("utf-8"), "html.parser").select("[href], [src]"):
            target = (path.parent / (tag.get("href") or tag.get("src"))).resolve()
            assert target.is_file(), f"{path}: {tag}"
            assert site / "editions" in target.parents or target == site / "index.html", tag


def test_page_of_today_names_its_frozen_one(book):
    for address, prefix in (("book/chapter2.html", "../"), ("exhibits/tides-level/index.html", "../../")):
        (link,) = page(book, address).select(f'a[href="{prefix}{FROZEN}"]')
        assert link.get_text() == "edition 1.2", address
    withdrawn = page(book, "editions/1.2/index.html")
    assert len(withdrawn.select("li a")) == len(list((book / "_build" / "html" / "exhibits").glob("*.csv")))


def test_the_archive_holds_the_digest_of_each_file(book):
    with zipfile.ZipFile(book / "editions" / "1.2.zip") as frozen:
        known = archive.read_checksums(frozen.read(archive.CHECKSUMS), "")
        assert known == {
            name: archive.sha256(frozen.read(name)) for name in frozen.namelist() if name != archive.CHECKSUMS
        }
        commit = json.loads(frozen.read("edition.json"))["commit"]
    assert re.fullmatch(r"[0-9a-f]{10}", commit)


def test_an_edition_is_frozen_once(book, tmp_path):
    copy = shutil.copytree(book, tmp_path / "book")
    committed.commit(copy, "Another tide")
    assert "edition 1.2 is frozen already; give the next edition its number" in call(copy, "freeze", good=False)


def alter(path, change):
    with zipfile.ZipFile(path) as frozen:
        files = {name: frozen.read(name) for name in frozen.namelist()}
    path.write_bytes(archive.pack(change(files)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda files: files | {"exhibits/tides-level/tides-level.csv": b"month,level\n"}, "exhibits/tides-level/tides-level.csv in it is not"),
        (lambda files: files | {"exhibits/new/index.html": b""}, "exhibits/new/index.html in it is not"),
        (lambda files: {name: content for name, content in files.items() if "small" not in name}, "exhibits/tides-small/index.html in it is not"),
        (lambda files: {}, "checksums.sha256"),
        # With digests that fit: the list in the repository does not know it.
        (lambda files: {archive.CHECKSUMS: archive.write_checksums({"a": archive.sha256(b"")}), "a": b""}, "it was packed again"),
    ],
)  # fmt: skip
def test_an_altered_file_stops_the_build_with_its_name(book, tmp_path, change, told):
    shutil.copytree(book / "editions", tmp_path / "editions")
    alter(tmp_path / "editions" / "1.2.zip", change)
    with pytest.raises(BookError, match=re.escape(told)) as error:
        editions.read(tmp_path)
    assert str(error.value).startswith("Book error: editions/1.2.zip: ")
    assert "take the file of the commit that froze it" in str(error.value)


def test_archive_that_is_gone_or_that_nobody_froze_is_named(book, tmp_path):
    folder = tmp_path / "editions"
    shutil.copytree(book / "editions", folder)
    (folder / "1.2.zip").rename(folder / "1.3.zip")
    with pytest.raises(BookError, match=r"editions/1\.2\.zip: the archive is gone"):
        editions.read(tmp_path)
    shutil.copy(folder / "1.3.zip", folder / "1.2.zip")
    with pytest.raises(BookError, match=r"editions/1\.3\.zip: .* does not name this archive"):
        editions.read(tmp_path)
    (folder / archive.CHECKSUMS).write_text("nonsense\n", "utf-8")
    with pytest.raises(BookError, match=r"editions/checksums\.sha256:1: this is 'nonsense'"):
        editions.read(tmp_path)


def test_build_begins_with_the_check(book, tmp_path):
    copy = shutil.copytree(book, tmp_path / "book")
    (copy / "editions" / "1.2.zip").write_bytes(b"no archive")
    said = call(copy, "build", "--no-pdf", good=False)
    assert "editions/1.2.zip: File is not a zip file; what is frozen does not change" in said
    assert "Traceback" not in said


def test_what_lies_beside_the_frozen_files_goes_and_what_is_gone_comes_back(book, tmp_path):
    copy = shutil.copytree(book, tmp_path / "book")
    laid = copy / "_build" / "html" / "editions"
    (laid / "1.2" / "exhibits" / "tides-level" / "index.html").unlink()
    (laid / "1.2" / "new.html").write_text("", "utf-8")
    (laid / "0.9").mkdir()
    call(copy, "build", "--no-pdf")
    assert (copy / "_build" / "html" / FROZEN).is_file()
    assert [path.name for path in laid.iterdir()] == ["1.2"]
    assert not (laid / "1.2" / "new.html").exists()
