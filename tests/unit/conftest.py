"""A small book with the settings of the report, for tests of the report's own pages."""

import pytest
from small_book import ROOT, SmallBook
from sphinx.application import Sphinx

from press import run
from press.run import launch

WHAT_TAKES_LONG = [(Sphinx, "__init__"), (launch.ForkServer, "__init__"), (launch, "start_process")]


def pytest_collection_modifyitems(items):
    """Whoever asks for the small book builds it."""
    for item in items:
        if "small_book" in item.fixturenames:
            item.add_marker("builds")


@pytest.fixture(autouse=True, scope="session")
def marked():
    """Let only tests marked ``builds`` build or start a kernel, so that `make check` stays quick."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in WHAT_TAKES_LONG:
            patch.setattr(owner, name, _guarded(getattr(owner, name)))
        yield


def _guarded(function):
    def call(*arguments, **settings):
        assert current["builds"], "this test builds a book or starts a kernel: mark it with pytest.mark.builds"
        return function(*arguments, **settings)

    return call


current = {"builds": True}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    current["builds"] = item.get_closest_marker("builds") is not None


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown():
    current["builds"] = True


@pytest.fixture
def small_book(tmp_path, monkeypatch):
    """A small book whose notebook needs no execution."""
    book = SmallBook(tmp_path, ROOT, ["press.extension", "report.extension"], source="pisa")
    monkeypatch.setattr(run, "execute", lambda root, names=None: book.results)
    return book
