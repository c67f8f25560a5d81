"""Whoever writes must see the true page within seconds, and a mistake must not end the preview."""

import http.client
import re
import threading
import time
import urllib.error
import urllib.request
from argparse import Namespace
from functools import partial

import pytest
import watchfiles

from press.desk import command, serve
from press.errors import BookError

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")


@pytest.fixture
def preview(tmp_path):
    """A preview whose build does what the test tells."""
    pages = tmp_path / "_build" / "html"
    pages.mkdir(parents=True)
    (pages / "index.html").write_text("<html><body>First</body></html>", "utf-8")
    preview = serve.Preview(tmp_path, 0, build=lambda show: preview.outcome())
    preview.outcome = lambda: 0
    preview.thread.start()
    yield preview
    preview.close()


def read(address):
    with urllib.request.urlopen(address) as answer:
        return answer.read().decode()


def test_page_is_served_with_the_script_and_stays_as_it_was_built(preview):
    assert read(preview.address) == f"<html><body>First{serve.MARK}</body></html>"
    assert "script" not in (preview.pages / "index.html").read_text("utf-8")


def test_script_is_a_file_as_the_policy_of_pages_lets_no_other_run(preview):
    assert re.fullmatch(r'<script src="(/-/[\w.]+)" defer></script>', serve.MARK)[1] == serve.RELOAD
    assert serve.CHANGES in read(preview.address.rstrip("/") + serve.RELOAD)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""])
def test_request_for_another_site_is_not_answered(preview, host, method):
    """A site whose name leads to this machine could read the book as its own."""
    port = preview.server.server_port
    for wanted, status in [(host.format(port=port), 421), (f"localhost:{port}", 200)]:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request(method, "/index.html", headers={"Host": wanted})
        answer = connection.getresponse()
        assert answer.status == status, wanted
        assert status == 200 or b"First" not in answer.read()
        connection.close()


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/a/../../secret.txt", "//secret.txt"])
def test_nothing_outside_the_pages_is_served(preview, path):
    (preview.pages.parent / "secret.txt").write_text("secret", "utf-8")
    connection = http.client.HTTPConnection("127.0.0.1", preview.server.server_port)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 404
    assert b"secret\n" not in answer.read()
    connection.close()


def test_other_files_are_served_as_they_are(preview):
    (preview.pages / "data.csv").write_bytes(b"a\n1\n")
    assert read(preview.address + "data.csv") == "a\n1\n"


def test_page_that_is_not_built_waits_for_it(preview):
    with pytest.raises(urllib.error.HTTPError) as answer:
        read(preview.address + "chapter.html")
    with answer.value as error:
        body = error.read().decode()
    assert "not built" in body
    assert serve.MARK in body


def test_browser_is_told_of_a_build_and_not_of_a_failed_one(preview):
    connection = http.client.HTTPConnection("127.0.0.1", preview.server.server_port)
    connection.request("GET", serve.CHANGES)
    stream = connection.getresponse()
    first = stream.readline()
    assert first.startswith(b"data: ")
    assert stream.readline() == b"\n"
    preview.outcome = lambda: 1
    assert not preview.rebuild()
    failed = preview.version
    preview.outcome = lambda: 0
    assert preview.rebuild()
    second = stream.readline()
    assert second == f"data: {preview.version}\n".encode()
    assert first == f"data: {failed}\n".encode() != second
    stream.close()
    connection.close()


def test_browser_is_told_once_and_before_what_lies_beside_the_pages_is_made(preview, capsys):
    """An author waited for the index of the search and for the PDF before the sentence was shown."""
    seen = []

    def build(show):
        seen.append(preview.version)
        show()
        show()
        seen.append(preview.version)
        return 0

    preview.build = build
    assert preview.rebuild()
    assert seen[0] != seen[1] == preview.version
    assert capsys.readouterr().out.count("Shown") == 1


def test_mistake_after_the_pages_were_shown_is_told_as_what_it_is(preview, capsys):
    def build(show):
        show()
        raise BookError("no room for the PDF")

    preview.build = build
    assert not preview.rebuild()
    told = capsys.readouterr().out
    assert "no room for the PDF" in told
    assert "Shown, but not whole: mend the mistake above and save" in told
    assert "Not shown" not in told


def mistake():
    raise BookError("no notebook publishes the value 'x'", "book/chapter1.md:3")


def failure():
    raise OSError("disk full")


@pytest.mark.parametrize(("build", "told"), [(mistake, "book/chapter1.md:3"), (failure, "OSError: disk full")])
def test_mistake_is_told_and_survived(preview, capsys, build, told):
    before, preview.outcome = preview.version, build
    assert not preview.rebuild()
    captured = capsys.readouterr()
    assert told in captured.out + captured.err
    assert "mend the mistake above and save" in captured.out
    assert preview.version == before
    assert "First" in read(preview.address)


@pytest.mark.parametrize(
    "name",
    [
        "#chapter1.md#",
        "4913",
        ".chapter1.md.swp",
        ".#chapter1.md",
        "chapter1.md~",
        "chapter1.md.tmp",
        "map.ipynb",
        "sedQ3xZ1a",
    ],
)
def test_what_editors_lay_beside_a_source_starts_no_build(name):
    """A paired notebook that JupyterLab saved had everything looked at again, and temporary files were told as saved."""
    assert not serve.Sources()(watchfiles.Change.added, f"/book/notebooks/{name}")


@pytest.mark.parametrize(
    "name", ["chapter1.md", "map.py", "_config.yml", "references.bib", "cases", "a.csv", "py.typed"]
)
def test_source_that_is_saved_starts_a_build(name):
    assert serve.Sources()(watchfiles.Change.modified, f"/book/notebooks/{name}")


def test_taken_port_does_not_stop_an_author(preview, tmp_path):
    other = serve.Preview(tmp_path, preview.server.server_port, preview.build)
    assert other.server.server_port != preview.server.server_port
    other.server.server_close()


def test_change_of_the_builder_itself_starts_it_again(preview, monkeypatch):
    restarts = []
    monkeypatch.setattr(serve, "restart", lambda: restarts.append(True))
    monkeypatch.setattr(preview, "rebuild", lambda: pytest.fail("built with the old code"))
    monkeypatch.setattr(preview, "root", serve.Path(serve.__file__).parents[3])
    serve.respond(preview, [serve.Path(serve.__file__)])
    assert restarts == [True]


def test_saved_chapter_is_shown_and_a_mistake_in_it_survived(small_book, monkeypatch, capfd):
    monkeypatch.chdir(small_book.root)
    stop = threading.Event()
    preview = serve.Preview(small_book.root, 0, partial(command.build, Namespace(no_pdf=True, quiet=True)))
    thread = threading.Thread(target=serve.serve, args=[preview, stop])
    thread.start()

    def wait_for(word):
        """Wait until the preview tells it; how long that takes is for the benchmarks to say."""
        told = ""
        while word not in told:
            assert thread.is_alive(), told
            told += capfd.readouterr().out
            time.sleep(0.05)

    try:
        wait_for("Shown (")
        small_book.chapter("```{exhibit} ch1-small\n```\n\nA new sentence.\n")
        wait_for("Shown (")
        assert "A new sentence." in read(preview.address + "book/chapter1.html")
        small_book.chapter("```{exhibit} ch1-small\n```\n\nThe mean is {value}`ch1-typo`.\n")
        wait_for("Not shown")
        small_book.chapter("```{exhibit} ch1-small\n```\n\nMended.\n")
        wait_for("Shown (")
        assert "Mended." in read(preview.address + "book/chapter1.html")
    finally:
        stop.set()
        thread.join()
