"""What tests of the built book share: the book, built once, and its parts."""

import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from press import published, run

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def built():
    """Build the book, or what of it is stale."""
    answer = subprocess.run([BIN / "crossroads", "build"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-3000:]
    return answer.stdout


@pytest.fixture(scope="session")
def pages(built):
    """All pages, parsed, by path."""
    paths = [path for path in sorted(SITE.rglob("*.html")) if "_static" not in path.parts]
    return {path: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in paths}


@pytest.fixture(scope="session")
def content(built):
    """What the notebooks published."""
    return published.read(run.execute(ROOT))


@pytest.fixture(scope="session")
def pdf(built):
    return PdfReader(next((ROOT / "_build" / "pdf").glob("*.pdf")))
