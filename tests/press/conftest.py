"""A small book with the settings of the second one, which is about something else than the report."""

import pytest

# The hooks and the fixture of marks are taken from here by pytest itself.
from marked import marked, pytest_collection_modifyitems, pytest_runtest_setup, pytest_runtest_teardown  # noqa: F401
from small_book import SmallBook

from press import run


@pytest.fixture
def small_book(tmp_path, monkeypatch):
    """A small book whose notebook needs no execution."""
    book = SmallBook(tmp_path)
    monkeypatch.setattr(run, "execute", lambda root, names=None: book.results)
    return book
