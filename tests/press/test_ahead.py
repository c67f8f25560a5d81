"""What Sphinx remembers of all pages is whole though another process writes it, and never that of another file."""

import json
import os
import pickle
import signal
from io import StringIO

import pytest
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.util.docutils import docutils_namespace

from press import published
from press.fresh import ahead

pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]
PAGES = {"index": "# One\n\n```{toctree}\ntwo\n```\n", "two": "# Two\n\nSome words.\n"}


@pytest.fixture
def built(tmp_path):
    """Return a function that builds a small book with the changes of Sphinx's own behaviour, and what it has left."""

    def build():
        for name, text in PAGES.items():
            (tmp_path / f"{name}.md").write_text(text, "utf-8")
        settings = {"extensions": ["myst_parser", "press.fresh.patches"]}
        with docutils_namespace():
            app = Sphinx(tmp_path, None, tmp_path / "html", tmp_path / "trees", "html", settings, None, StringIO())
            app.build()
        ahead.end(app)
        return pickle.loads((tmp_path / "trees" / ENV_PICKLE_FILENAME).read_bytes())

    return build


def killed(*arguments):
    """End this process as a system without memory does."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_is_remembered_is_whole_at_the_end_of_a_build(built):
    """A build that ended before it was written would leave half of it."""
    assert built().all_docs.keys() == PAGES.keys()
    assert ahead.writing() == []


def test_a_process_that_is_killed_leaves_nothing_half_written(built, monkeypatch):
    """The next build would begin from nothing, and nobody would know why."""
    monkeypatch.setattr(ahead, "_write_aside", killed)
    assert built().all_docs.keys() == PAGES.keys()


def test_what_cannot_be_written_is_told(built, monkeypatch):
    """The other process fails where nobody reads of it, as for a full disk."""

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ahead, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        built()


@pytest.fixture
def remembered(tmp_path):
    """Return the file of what is remembered, of a project that was built."""
    path = tmp_path / "_build" / ".doctrees" / ENV_PICKLE_FILENAME
    path.parent.mkdir(parents=True)
    path.write_bytes(pickle.dumps(["first"]))
    return path


def taken(path):
    """Take what is remembered, as Sphinx does."""
    with path.open("rb") as file:
        return ahead.take(file)


def test_what_was_read_ahead_is_taken_once(remembered, tmp_path):
    """A build changes what it has taken: the next one must not get it again."""
    ahead.read(tmp_path)
    first = taken(remembered)
    first.append("changed by a build")
    assert taken(remembered) == ["first"]


def test_of_a_file_that_another_build_has_written_nothing_old_is_taken(remembered, tmp_path):
    """Who builds in a terminal beside a preview writes the same file."""
    ahead.read(tmp_path)
    remembered.write_bytes(pickle.dumps(["other"]))
    assert taken(remembered) == ["other"]


def test_a_project_without_pages_has_nothing_to_read(tmp_path):
    """The preview would end at its first build, which failed."""
    ahead.read(tmp_path)


def test_no_build_changes_what_the_next_one_in_a_preview_is_given_again(small_book):
    """What notebooks publish is read once for each state of its files, and handed to all builds of a process."""
    assert small_book.build() == 0
    folder = small_book.results[0].folder
    for path in [*folder.glob("exhibits/*.json"), *folder.glob("*.json")]:
        known = json.loads(path.read_text("utf-8"))
        assert published._content(path) == known
        assert published._content(path) is published._content(path)
        if path.parent == folder:
            entries = published._entries(path, published.file_digest(path), "small")
            assert [entry for entry, _ in entries] == [{**one, "notebook": "small"} for one in known.values()]
