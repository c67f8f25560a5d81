"""A small book with the settings of the report, for tests of the report's own pages."""

import pytest
from small_book import ROOT, SmallBook

from press import run


@pytest.fixture
def small_book(tmp_path, monkeypatch):
    """A small book whose notebook needs no execution."""
    book = SmallBook(tmp_path, ROOT, ["press.extension", "report.extension"], source="pisa")
    monkeypatch.setattr(run, "execute", lambda root, names=None: book.results)
    return book
