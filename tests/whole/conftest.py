"""What tests of the built book share: the book, built once, and its parts."""

import pickle
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import articles
import pypdfium2
import pytest
from pypdf import PdfReader

from press import published, run

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"


class Pages(Mapping):
    """All pages by path, each parsed when first asked for: parsing takes longer than most tests."""

    def __init__(self, parse):
        paths = [path for path in sorted(SITE.rglob("*.html")) if "_static" not in path.parts]
        self.parse, self.parsed = parse, dict.fromkeys(paths)

    def __getitem__(self, path):
        if self.parsed[path] is None:
            self.parsed[path] = self.parse(path)
        return self.parsed[path]

    def __iter__(self):
        return iter(self.parsed)

    def __len__(self):
        return len(self.parsed)


@pytest.fixture(scope="session")
def pages(built):
    """The articles of all pages, parsed, by path; tests must not change them."""
    return Pages(articles.parse)


@pytest.fixture(scope="session")
def trees(built):
    """All pages whole, for what is asked of each of them: lxml parses twenty times as fast; tests must not change them."""
    return Pages(articles.tree)


@pytest.fixture(scope="session")
def content(built):
    """What the notebooks published."""
    return published.read(run.execute(ROOT))


VOLUMES = [
    ROOT / "_build" / "pdf" / f"schools-at-the-crossroads{name}.pdf"
    for name in ("", "-country-profiles", "-methods-and-studies")
]


@pytest.fixture(scope="session")
def pdf(built):
    """The book on paper."""
    return PdfReader(VOLUMES[0])


@pytest.fixture(scope="session")
def profiles_pdf(built):
    """The companion volume of country profiles."""
    return PdfReader(VOLUMES[1])


@pytest.fixture(scope="session")
def paper_pages(built):
    """The text of each page of the book on paper, words that lines divide joined again."""
    return page_texts(VOLUMES[0])


@pytest.fixture(scope="session")
def method_pages(built):
    """The text of each page of the companion volume on methods and studies."""
    return page_texts(VOLUMES[2])


@pytest.fixture(scope="session")
def profile_pages(built):
    """The text of each page of the companion volume."""
    return page_texts(VOLUMES[1])


def page_texts(path):
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [re.sub("\ufffe\\s*", "", text) for text in texts]


@pytest.fixture(scope="session")
def memory(built):
    """What is remembered of all pages from build to build."""
    return pickle.loads((ROOT / "_build" / ".doctrees" / "environment.pickle").read_bytes()).press


@pytest.fixture
def project_copy(tmp_path):
    """Copy what version control knows, or would, to a folder of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
        check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in [*listed, ".git"]:
        source, copy = ROOT / name, tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy)
        elif source.exists():
            shutil.copy2(source, copy)
    return tmp_path
