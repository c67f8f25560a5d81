"""A whole book is read by two processes; what is wrong in it is told as if one had read it."""

import contextlib
import math
import multiprocessing
import os
import re
import shutil
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from forked_builds import Forked
from small_book import copy_second

from press.fresh import halves
from press.session import memory

NAMES = [f"page{number}" for number in range(10)]
HERE, THERE = NAMES[::2], NAMES[1::2]
LABEL = "\n(the-same-name)=\n\n## A part\n\nSome words.\n"
SHOWN = "\n```{exhibit} lights-heights\n```\n"


class Events:
    """Tells nobody."""

    def emit(self, event, env, page):
        """Tell of an event."""


class Environment:
    """What is known of pages, as far as its readers ask."""

    def __init__(self):
        self.found_docs, self.domaindata, self.images, self.read, self.merged = set(NAMES), {}, {}, [], None
        self.events = Events()

    def clear_doc(self, page):
        """Forget a page."""
        self.read = [known for known in self.read if known != page]

    def merge_info_from(self, pages, other, app):
        """Note what was taken over."""
        self.merged = pages, other.read


class Builder:
    """Reads pages by noting their names, but for one."""

    def __init__(self, bad="", fail=None):
        self.app = SimpleNamespace(extensions={"sphinx_multitoc_numbering": SimpleNamespace(parallel_read_safe=None)})
        self.env, self.bad, self.fail = Environment(), bad, fail

    def read_doc(self, page, **settings):
        """Read a page."""
        if page == self.bad:
            self.fail()
        self.env.read.append(page)

    def one_by_one(self, pages):
        """Read pages as Sphinx does."""
        for page in pages:
            self.read_doc(page)


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(halves.os, "cpu_count", lambda: 2)


def killed():
    """End this process as a system without memory does."""
    os.kill(os.getpid(), signal.SIGKILL)


def refused():
    """Fail as at a mistake of an author."""
    raise ValueError("a mistake")


def test_each_process_reads_every_other_page():
    builder = Builder()
    halves.read(builder, NAMES, builder.one_by_one)
    assert builder.env.read == HERE
    assert builder.env.merged == (THERE, THERE)


def test_pages_of_a_reader_that_was_killed_are_read_again():
    builder = Builder(THERE[2], killed)
    halves.read(builder, NAMES, lambda pages: builder.env.read.extend(pages))  # noqa: PLW0108 -- another list once pages are forgotten
    assert builder.env.read == NAMES
    assert builder.env.merged is None


def killed_build(told):
    """Read pages as a build that never comes to the end of its half, and tell who reads the others."""
    builder = Builder()
    builder.env.known = "x" * 1_000_000  # more than a pipe holds

    def wait(pages):
        (reader,) = multiprocessing.active_children()
        told.send(reader.pid)
        time.sleep(600)

    halves.read(builder, NAMES, wait)


def test_reader_whose_build_is_killed_does_not_wait_for_it():
    """It kept the lock of the build, so that none could begin until somebody killed it. Waiting again, this test would end with the suite's limit."""
    context = multiprocessing.get_context("fork")
    reading, writing = context.Pipe(duplex=False)
    build = context.Process(target=killed_build, args=[writing])
    build.start()
    reader = psutil.Process(reading.recv())
    build.kill()
    build.join()
    with contextlib.suppress(psutil.NoSuchProcess):
        while reader.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.05)


@pytest.mark.parametrize("bad", [HERE[2], THERE[2]])
def test_mistake_is_raised_by_the_build_itself(bad):
    builder = Builder(bad, refused)
    with pytest.raises(ValueError, match="a mistake"):
        halves.read(builder, NAMES, builder.one_by_one)
    assert builder.env.read == (HERE[:2] if bad in HERE else NAMES[: NAMES.index(bad)])


@pytest.mark.parametrize("why", ["one core", "few pages", "not all pages", "extension"])
def test_one_process_reads_what_two_would_not_read_sooner(why, monkeypatch):
    builder, pages = Builder(), NAMES
    if why == "one core":
        monkeypatch.setattr(halves.os, "cpu_count", lambda: 1)
    elif why == "few pages":
        pages = NAMES[: halves.MANY - 1]
        builder.env.found_docs = set(pages)
    elif why == "extension":  # one that would lose what the other process has read
        builder.app.extensions["keeper"] = SimpleNamespace(parallel_read_safe=False)
    else:
        builder.env.found_docs.add("another page")
    halves.read(builder, pages, builder.one_by_one)
    assert builder.env.read == pages


@pytest.mark.parametrize("kind", ["label", "exhibit", "picture"])
@pytest.mark.parametrize("same", [True, False])
def test_name_for_two_things_is_a_doubt(kind, same):
    own, other = Environment(), Environment()
    for env, page in ((own, "page1"), (other, "page1" if same else "page2")):
        if kind == "label":
            env.domaindata = {"std": {"labels": {"a-name": (page, "a-name", "A title")}, "version": 1}}
        elif kind == "exhibit":
            memory(env).homes["an-exhibit"] = (page, f"{page}.md:3")
        else:
            env.images[f"{page}/map.png"] = ({page}, "map.png")
    assert halves.doubtful(own, other) is not same


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The second book, built."""
    root = tmp_path_factory.mktemp("halves") / "book"
    copy_second(root)
    Forked().build(root)
    return root


@pytest.mark.builds
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core, on which one process reads all pages")
def test_build_itself_reads_half_of_the_pages(built):
    """Whatever is doubtful would be read twice, which nobody sees but by the clock."""
    said = Path(f"{built}.said").read_text("utf-8")
    pages = int(re.search(r"(\d+) added", said)[1])
    assert said.count("reading sources...") == math.ceil(pages / 2) >= 4


@pytest.mark.builds
@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ({"chapter1": "\n```{nonsense}\n```\n"}, r"book/chapter1\.md:\d+.*nonsense"),
        ({"chapter2": "\n```{nonsense}\n```\n"}, r"book/chapter2\.md:\d+.*nonsense"),
        ({"chapter1": LABEL, "chapter2": LABEL}, r"book/chapter2\.md:\d+.*the-same-name.*book/chapter1\.md"),
        # The lines that have always shown it are the later ones.
        ({"about": SHOWN}, r"book/chapter1\.md:\d+: .* is already shown at book/about\.md:\d+"),
    ],
)
def test_mistake_of_either_half_is_told_with_its_place(built, tmp_path, edits, told):
    """Told by the process that found it, a mistake would have no place, and a name given twice would not be noticed at all."""
    root = tmp_path / "book"
    shutil.copytree(built, root)
    shutil.rmtree(root / "_build" / ".doctrees")
    (root / "_build" / "complete.json").unlink()
    for name, text in edits.items():
        path = root / "book" / f"{name}.md"
        path.write_text(path.read_text("utf-8") + text, "utf-8")
    build = Forked().start(root)
    assert build.wait() != 0
    said = " ".join(Path(build.said).read_text("utf-8").split())
    assert "Traceback" not in said
    assert re.search(told, said), said[-3000:]
