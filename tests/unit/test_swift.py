"""What is done once instead of again and again must not change a byte of the pages."""

from io import StringIO

import pybtex.plugin
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from crossroads.book import swift

PAGES = {
    "index": "# Book\n\n```{toctree}\n:caption: First\n\none\ntwo\n```\n\n```{toctree}\n:caption: Second\n\nthree\n```\n",
    "one": "# One\n\n## A heading\n\n### Deeper\n\n## Another\n",
    "two": "# Two\n\n## Pages below a heading\n\n```{toctree}\n\nfour\nfive\n```\n\n## A heading after them\n",
    "three": "---\ntocdepth: 1\n---\n# Three\n\n## Not shown\n\n```{toctree}\n\nsix\n```\n",
    "four": "# Four\n\n## Only here\n\n# A second title\n\n## Below it\n",
    "five": "# Five\n\n```{toctree}\n\nseven\n```\n",
    "six": "# Six\n\n```{only} html\n## Of the web\n```\n",
    "seven": "# Seven *of* seven\n",
}


def site(folder, extensions):
    """Build the pages and return each by its name."""
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    settings = {"extensions": ["myst_parser", *extensions], "html_theme": "sphinx_book_theme", "project": "Book"}
    with docutils_namespace():
        app = Sphinx(folder, None, folder / "html", folder / "trees", "html", settings, None, StringIO(), freshenv=True)
        app.build()
    return {path.name: path.read_text("utf-8") for path in (folder / "html").glob("*.html")}


def test_titles_alone_give_the_same_list_of_pages(tmp_path):
    """A page that sits below a heading, or that cuts its own contents, could be lost or moved."""
    own = site(tmp_path / "own", ["crossroads.book.swift"])
    stock = site(tmp_path / "stock", [])
    assert own.keys() == stock.keys() and len(own) > len(PAGES)
    assert [name for name in stock if own[name] != stock[name]] == []
    assert "Seven" in own["one.html"]


def test_a_citation_does_not_search_through_all_packages(tmp_path, monkeypatch):
    """Registered without force, the plug-in was refused in silence and searched for at each citation."""
    site(tmp_path / "own", ["crossroads.book.swift"])
    monkeypatch.setattr(pybtex.plugin, "entry_points", lambda **_: pytest.fail("all packages were searched"))
    assert pybtex.plugin.find_plugin("pybtex.backends", "plaintext").__name__ == "Backend"


def test_the_environment_is_otherwise_the_same():
    class Environment:
        master_doctree, tocs, titles = "tree", {}, {"index": "Book"}

    assert swift.Titles(Environment()).titles == {"index": "Book"}
