"""Tests that build a book or start a kernel are marked ``builds``, so that `make check` can leave them out.

The folders whose tests it runs take these hooks and the fixture into their ``conftest.py``.
"""

import pytest
from sphinx.application import Sphinx

from press.run import launch

WHAT_TAKES_LONG = [(Sphinx, "__init__"), (launch.ForkServer, "__init__"), (launch, "start_process")]
current = {"builds": True}


def pytest_collection_modifyitems(items):
    """Whoever asks for the small book builds it."""
    for item in items:
        if "small_book" in getattr(item, "fixturenames", ()):  # cells of notebooks have none
            item.add_marker("builds")


@pytest.fixture(autouse=True, scope="session")
def marked():
    """Let only tests marked ``builds`` build or start a kernel."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in WHAT_TAKES_LONG:
            patch.setattr(owner, name, _guarded(getattr(owner, name)))
        yield


def _guarded(function):
    def call(*arguments, **settings):
        assert current["builds"], "this test builds a book or starts a kernel: mark it with pytest.mark.builds"
        return function(*arguments, **settings)

    return call


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    current["builds"] = item.get_closest_marker("builds") is not None


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown():
    current["builds"] = True
