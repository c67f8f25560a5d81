"""Two builds of one commit are the same in every byte; what is not is named, with the notebook that made it."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile

import committed
import pikepdf
import psutil
import pytest
from PIL import Image

from press.desk import verify
from press.errors import BookError

RESTLESS = """
# %% [markdown]
# # Restless

# %%
print("nothing")

# %%
from coast import data, exhibits

data.load("tides")
exhibits.table(
    "restless-means", [{"part": "first", "mean": {which}}], {"part": "Part", "mean": "Mean"}, title="Means", subtitle="Means",
    source="tides",
)
"""


@pytest.fixture
def book(tmp_path):
    """The second book, committed."""
    return committed.book(tmp_path / "book")


def add_notebook(book, which):
    """Add a notebook whose table holds what an expression gives, and commit it."""
    (book / "notebooks" / "restless.py").write_text(RESTLESS.replace("{which}", which), "utf-8")
    chapter = book / "book" / "chapter2.md"
    text = chapter.read_text("utf-8").replace(
        "```{exhibit} tides-level", "```{exhibit} restless-means\n```\n\n```{exhibit} tides-level"
    )
    chapter.write_text(text, "utf-8")
    contents = book / "_toc.yml"
    contents.write_text(
        contents.read_text("utf-8").replace("notebooks/tides", "notebooks/tides\n      - file: notebooks/restless")
    )
    committed.commit(book)


@pytest.mark.builds
def test_two_builds_of_a_commit_are_the_same_whatever_is_not_committed(book):
    """Under another locale, time zone, hash seed, number of cores and home, in a folder with a blank and an accent."""
    (book / "book" / "chapter1.md").write_text("Not finished, and not committed", "utf-8")
    verdict = verify.verify(book)
    assert verdict.differences == []
    assert verdict.notebooks == 2
    assert verdict.files > 50
    (line,) = verdict.lines()
    assert line.endswith(f"commit {committed.git(book, 'rev-parse', 'HEAD')[:10]}: every byte is the same")


@pytest.mark.builds
def test_a_notebook_that_computes_something_else_each_time_is_named_before_what_follows_from_it(book):
    # A clock, a process id or a draw without a seed are refused before anything is built.
    add_notebook(book, "id(object())")
    verdict = verify.verify(book)
    first, *_ = verdict.differences
    assert first.notebook == "restless"
    said = [str(difference) for difference in verdict.differences]
    assert any(
        line.startswith("notebooks/restless.py, exhibits/restless-means.csv: published by code cell 2, line 2: 'first,")
        for line in said
    )
    assert any(line.startswith("html/book/chapter2.html: line ") for line in said)
    within = re.compile(r"html/exhibits/restless-means\.xlsx: (xl/\S+\.xml|docProps/\S+) in it, line ")
    assert any(map(within.match, said)), [line for line in said if "xlsx" in line]
    assert {difference.notebook for difference in verdict.differences} == {"", "restless"}
    assert "give each random number a seed" in [*verdict.lines()][-1]


@pytest.mark.builds
def test_a_build_that_fails_is_no_verdict(book):
    """Nothing would differ between two builds that made nothing."""
    add_notebook(book, "1 / 0")
    with pytest.raises(BookError, match=r"(?s)the build in .* failed with exit code 1:.*ZeroDivisionError"):
        verify.verify(book)


@pytest.mark.builds
def test_nothing_stays_at_work_when_it_is_ended(book):
    """Both builds went on, for minutes, in folders that nobody would remove."""
    variables = {**os.environ, "PYTHONPATH": str(book / "src")}
    command = [sys.executable, "-m", "press.desk.command", "verify"]
    with subprocess.Popen(
        command, cwd=book, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        while len(started := builds_of(process)) < 2:
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.05)
        process.terminate()
        assert process.wait() == 143
    assert psutil.wait_procs(started, timeout=600)[1] == []


def builds_of(process):
    """Return the builds that a process has started; git, which comes before them, may end while it is looked at."""
    found = []
    for child in psutil.Process(process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [child] if "cpu_count" in " ".join(child.cmdline()) else []
    return found


def test_without_a_commit_there_is_nothing_to_verify(tmp_path):
    committed.git(tmp_path, "init", "--quiet")
    with pytest.raises(BookError, match="expected a checkout with a commit"):
        verify.verify(tmp_path)


def test_builds_are_kept_in_a_new_folder_only(book, tmp_path):
    with pytest.raises(BookError, match="is not empty"):
        verify.verify(book, keep=book)


@pytest.mark.parametrize(
    ("name", "first", "second", "place"),
    [
        ("a.html", b"<p>\nSame 1 here\n", b"<p>\nSame 2 here\n", "line 2: 'Same 1 here' in the first build, 'Same 2 here' in the second"),
        ("a.csv", b"a\n1\n", b"a\n1\n2\n", "line 3: '' in the first build, '2' in the second"),
        ("a.json", None, b"{}", "only the second build has it"),
        ("a.ttf", b"\xff\x00\x01", b"\xff\x00\x02", "byte 3 of 3 and 3"),
    ],
)  # fmt: skip
def test_first_place_is_told_in_words(name, first, second, place):
    assert verify.first_place(first, second, name) == place


def notebook(*outputs):
    cells = [{"cell_type": "markdown", "source": "# Title"}]
    cells += [{"cell_type": "code", "source": "x", "outputs": [{"text": text}]} for text in outputs]
    return json.dumps({"cells": cells}).encode()


def test_cell_of_a_notebook_is_named():
    found = verify.first_place(notebook("1", "17"), notebook("1", "18"), "notebook.ipynb")
    assert found.startswith("code cell 2: ") and "17" in found and "18" in found


def packed(files, date=(2026, 1, 1, 0, 0, 0)):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, date), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("second", "place"),
    [
        (packed([("a.xml", "<a/>"), ("b.xml", "<c/>")]), "b.xml in it, line 1: '<b/>' in the first build, '<c/>' in the second"),
        (packed([("b.xml", "<b/>"), ("a.xml", "<a/>")]), "the same files in another order: a.xml in the first build, b.xml in the second"),
        (packed([("a.xml", "<a/>"), ("b.xml", "<b/>")], (2026, 1, 2, 0, 0, 0)), "a.xml in it has another date: (2026, 1, 1, 0, 0, 0)"),
        (packed([("a.xml", "<a/>")]), "b.xml in it, only the first build has it"),
    ],
)  # fmt: skip
def test_file_within_an_archive_is_named(second, place):
    assert verify.first_place(packed([("a.xml", "<a/>"), ("b.xml", "<b/>")]), second, "a.xlsx").startswith(place)


def printed(*widths):
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        for width in widths:
            page = pdf.add_blank_page()
            page.Contents = pdf.make_stream(f"{width} w".encode())
        pdf.save(buffer, static_id=True)
    return buffer.getvalue()


def test_page_of_a_pdf_is_named():
    assert verify.first_place(printed(1, 2, 3), printed(1, 2, 4), "a.pdf") == "page 3"
    assert verify.first_place(printed(1), printed(1, 2), "a.pdf") == "1 pages in the first build, 2 in the second"


def drawn(dot):
    buffer = io.BytesIO()
    picture = Image.new("RGB", (20, 10))
    picture.putpixel(dot, (255, 0, 0))
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def test_dots_of_a_picture_are_named():
    assert verify.first_place(drawn((1, 2)), drawn((3, 4)), "a.png") == "the dots from (1, 2) to (4, 5)"
