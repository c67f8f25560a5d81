"""What tests of the press share: the second book, whose package is imported from its own folder."""

import pytest
from small_book import SmallBook

from press import run


@pytest.fixture
def small_book(tmp_path, monkeypatch):
    """A small book whose notebook needs no execution."""
    book = SmallBook(tmp_path)
    monkeypatch.setattr(run, "execute", lambda root, names=None: book.results)
    return book
