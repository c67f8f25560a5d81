"""The command line: authors' commands answer plainly, and a mistake is one line."""

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import build as benchmark
import pytest
from small_book import SECOND, copy_second

from press import run, scan
from press.desk import command, templates
from press.errors import BookError
from press.fresh import complete
from press.run import launch


def test_help_names_every_command(capsys, monkeypatch):
    monkeypatch.chdir(SECOND)
    with pytest.raises(SystemExit) as stop:
        command.main(["--help"])
    assert stop.value.code == 0
    shown = capsys.readouterr().out
    for name in [
        "build",
        "execute",
        "check",
        "why",
        "exhibits",
        "new",
        "prose",
        "serve",
        "reference",
    ]:
        assert re.search(rf"^    {name}\b", shown, re.M)


def test_commands_do_not_wait_for_what_they_do_not_use():
    """Every command once imported Sphinx, and took a second to say that nothing is stale."""
    code = "import sys, press.desk.command; print(*{'sphinx', 'pandas', 'myst_nb'} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


class Begun(Exception):
    """The build has begun; no more of it is wanted."""


@pytest.mark.parametrize(
    ("edited", "warm"),
    [
        (None, True),
        ("README.md", False),
        ("book/page.md", False),
        ("notebooks/a.py", True),
        ("data/a.csv", True),
        ("src/a.py", True),
    ],
)
def test_kernels_imports_go_on_beside_those_of_a_build_that_needs_them(checkout, monkeypatch, edited, warm):
    """Nothing is built yet, or something is edited. A build of text alone needs no kernel."""
    started = []
    monkeypatch.setattr(launch, "warm_up", lambda *_: started.append("imports"))
    monkeypatch.setattr(complete, "forget", lambda root: (_ for _ in ()).throw(Begun))
    if edited is None:
        complete.manifest(checkout).unlink()
    else:
        Path(checkout, edited).write_text("another", "utf-8")
    with run.lock(checkout), pytest.raises(Begun):
        command.make_current(checkout, with_pdf=False, quiet=True)
    assert bool(started) == warm


def test_outside_a_book_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookError, match="no book here"):
        command.main(["check"])


@pytest.mark.parametrize(("kind", "path"), [("analysis.py", "notebooks/new_one.py"), ("page.md", "book/new_one.md")])
def test_template_is_written_once(tmp_path, kind, path):
    for folder in ["notebooks", "book", "start"]:
        (tmp_path / folder).mkdir()
    contract = '[tool.press]\npackage = "coast"\nloaders = ["data"]\ntemplates = "start"\n'
    (tmp_path / "pyproject.toml").write_text(contract, "utf-8")
    (tmp_path / "start" / kind).write_text("# {title}\n", "utf-8")
    (tmp_path / "start" / "notes.txt").write_text("no kind of file\n", "utf-8")
    ((name, write),) = templates.kinds(tmp_path).items()
    assert name == kind.partition(".")[0]
    assert "_toc.yml" in write(tmp_path, "new_one")
    assert (tmp_path / path).read_text("utf-8") == "# New one\n"
    with pytest.raises(BookError, match="is there already"):
        write(tmp_path, "new_one")
    with pytest.raises(BookError, match="is no name"):
        write(tmp_path, "New One")


def test_a_book_without_templates_has_nothing_to_write():
    assert templates.kinds(SECOND) == {}


def test_unknown_id_is_told_in_one_line(small_book, monkeypatch):
    monkeypatch.chdir(small_book.root)
    with pytest.raises(BookError, match="nothing"):
        command.main(["why", "nothing"])


# Nothing to do


@pytest.fixture
def checkout(tmp_path):
    """A checkout with one page, built."""
    for name in [
        "book/page.md",
        "notebooks/a.py",
        "data/a.csv",
        "src/a.py",
        "_build/html/page.html",
        "_build/pdf/a.pdf",
    ]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("first", "utf-8")
    (tmp_path / "_toc.yml").write_text("root: book/page\nchapters: [{file: notebooks/a}]\n", "utf-8")
    (tmp_path / "CITATION.cff").write_text(
        "{title: A book, authors: [{name: A}], version: '1', date-released: '2026-01-02'}\n", "utf-8"
    )
    (tmp_path / "data" / "datapackage.json").write_text('{"resources": []}', "utf-8")
    (tmp_path / "requirements.lock").write_text("none\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.press]\npackage = "coast"\nloaders = []\n', "utf-8")
    complete.remember(tmp_path, complete.sources(tmp_path), with_pdf=True)
    return tmp_path


def current(root, **settings):
    return complete.holds(root, complete.sources(root), **{"with_pdf": True, **settings})


def test_book_is_current_while_nothing_is_another(checkout):
    assert current(checkout)
    (checkout / "book" / "page.md").touch()
    assert current(checkout)


@pytest.mark.parametrize(
    "name",
    ["book/page.md", "notebooks/a.py", "data/a.csv", "src/a.py", "requirements.lock", "_toc.yml", "book/static/new.css", "CHANGELOG.md",
     "_build/html/page.html", "_build/html/new.html", "_build/pdf/a.pdf"],
)  # fmt: skip
def test_book_is_not_current_after_any_change_with_or_without_its_time(checkout, name):
    path = checkout / name
    stat = path.stat() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text("other!", "utf-8")
    if stat:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert not current(checkout)


def test_sources_are_looked_at_unless_they_are_those_of_the_last_build(checkout, monkeypatch):
    """To look at them took a second of a build that had nothing to do."""
    monkeypatch.setattr(scan, "check", raise_looked)
    assert command.make_current(checkout, with_pdf=True, quiet=True)[1] == 0
    (checkout / "book" / "page.md").write_text("other", "utf-8")
    with pytest.raises(LookupError, match="looked"):
        command.make_current(checkout, with_pdf=True, quiet=True)


def raise_looked(root, names):
    raise LookupError("looked")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("data/datapackage.json", '{"resources": [\n{"name"', r"data/datapackage\.json:2: .*; it is no JSON"),
        ("data/datapackage.json", "{\n<<<<<<< HEAD\n}", r"data/datapackage\.json:2: marks of an unfinished merge"),
        ("data/datapackage.json", '{"resources": ["x"]}', r"data/datapackage\.json: resources\[1\] is \"x\""),
        ("CITATION.cff", "title: x\n", r"CITATION\.cff: the entry 'authors' is missing"),
        ("CITATION.cff", None, r"there is no file CITATION\.cff, .* `git checkout -- CITATION\.cff`"),
        ("data/datapackage.json", None, r"there is no file data/datapackage\.json"),
        ("requirements.lock", None, r"there is no file requirements\.lock"),
    ],
)
def test_what_the_colophon_is_read_of_is_looked_at_first(checkout, monkeypatch, name, content, told):
    """It was read before anything had been looked at, and a descriptor cut off ended in a traceback."""
    monkeypatch.setattr(launch, "warm_up", lambda *_: None)
    complete.forget(checkout)
    for page in ("book/page.md", "notebooks/a.py"):
        (checkout / page).write_text("# x\n", "utf-8")
    if content is None:
        (checkout / name).unlink()
    else:
        (checkout / name).write_text(content, "utf-8")
    with run.lock(checkout), pytest.raises(BookError, match=told):
        command.make_current(checkout, with_pdf=False, quiet=True)


@pytest.mark.parametrize("another", ["", "press", "environment", "build"])
def test_only_what_changed_is_looked_at_unless_others_looked_at_the_rest(checkout, monkeypatch, another):
    """What an older press found right this one may refuse, and a build that failed has found nothing right."""
    asked = []
    monkeypatch.setattr(scan, "check", lambda root, names: asked.append(names))
    monkeypatch.setattr(launch, "warm_up", lambda *_: None)
    monkeypatch.setattr(complete, "forget", lambda root: (_ for _ in ()).throw(Begun))
    (checkout / "book" / "page.md").write_text("other", "utf-8")
    manifest = complete.manifest(checkout)
    if another == "build":
        manifest.unlink()
    elif another:
        content = json.loads(manifest.read_text("utf-8"))
        content["sources"][another] = {}
        manifest.write_text(json.dumps(content), "utf-8")
    with run.lock(checkout), pytest.raises(Begun):
        command.make_current(checkout, with_pdf=False, quiet=True)
    assert asked == [None if another else {"book/page.md"}]


def test_book_is_not_current_when_a_page_is_gone_or_the_pdf_was_not_set(checkout):
    complete.remember(checkout, complete.sources(checkout), with_pdf=False)
    assert current(checkout, with_pdf=False)
    assert not current(checkout)
    (checkout / "_build" / "html" / "page.html").unlink()
    assert not current(checkout, with_pdf=False)


def test_file_saved_during_a_build_makes_the_next_one_look(checkout):
    before = complete.sources(checkout)
    (checkout / "book" / "page.md").write_text("saved while it was built", "utf-8")
    complete.remember(checkout, before, with_pdf=True)
    assert not current(checkout)


def test_interrupted_build_leaves_no_manifest(checkout):
    complete.forget(checkout)
    assert not current(checkout)


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, True), (errno.EROFS, True), (errno.EIO, False)])
def test_full_disk_is_told_in_one_line(small_book, monkeypatch, number, told):
    def fail(root):
        raise OSError(number, "the disk", "complete.json")

    monkeypatch.chdir(small_book.root)
    monkeypatch.setattr(complete, "forget", fail)
    with pytest.raises(BookError if told else OSError, match="make room" if told else "the disk"):
        command.main(["build"])


@pytest.mark.builds
def test_start_that_the_benchmark_times_is_one(tmp_path):
    """It named modules that had moved, and the benchmark ended in it after twenty minutes."""
    root = tmp_path / "book"
    copy_second(root)
    paths = os.pathsep.join([str(root / "src"), *filter(None, sys.path)])
    command = [sys.executable, "-c", benchmark.START_ONLY]
    done = subprocess.run(
        command, cwd=root, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert not (root / "_build" / "html" / "book" / "chapter1.html").exists()
