"""What is done once instead of again and again must not change a byte of the pages."""

import glob
import importlib.metadata
from functools import partial
from io import StringIO

import nbformat
import pybtex.plugin
import pytest
from pybtex.database import Entry
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from press.fresh import patches

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]

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
    own = site(tmp_path / "own", ["press.fresh.patches"])
    stock = site(tmp_path / "stock", [])
    assert own.keys() == stock.keys() and len(own) > len(PAGES)
    assert [name for name in stock if own[name] != stock[name]] == []
    assert "Seven" in own["one.html"]


SOUGHT = {
    "plain": "# Plain\n\nNothing is sought here, and `code` is no key.\n",
    "components": """# Components

````{dropdown} Folded
Beneath it.
````

````{tab-set}
```{tab-item} One
First.
```
```{tab-item} Two
Second.
```
````

````{card} A card
With {kbd}`Control+x`.
````

```{aside}
Beside it.
```
""",
    "code": """# Code

```{highlight} python
```

```
>>> 1 + 1  # doctest: +SKIP
2
```

```{py:function} tide(place)
Its level.
```

```{c:function} int level(int place)
```

```{c:alias} level
```

```{cpp:function} int height(int place)
```

```{cpp:alias} height
```
""",
    "badges": """# Badges

{bdg-ref-primary}`The code <code> ; where code stands`

```{button-ref} plain
:ref-type: doc
Read *nothing*
```
""",
    "pictures": "# Pictures\n\n![A dot](data:image/gif;base64,R0lGODlhAQABAAAAACw=)\n",
    "media": "# Media\n\n```{only} html\nOn the web.\n```\n\n```{only} latex\nOn paper.\n```\n",
    "works": "# Works\n\nSeen by {cite}`lamp`.\n\n```{bibliography}\n```\n",
    "statistics": "# Statistics\n\n```{nb-exec-table}\n```\n\n```{glue:any} tide\n:doc: levels.ipynb\n```\n",
}


def notebook(path):
    """Write a notebook with a hidden input and outputs of several kinds, one of them glued."""
    html = nbformat.v4.new_output("display_data", {"text/html": "<b>high</b>", "text/plain": "high"})
    glued = nbformat.v4.new_output(
        "display_data", {"text/plain": "'low'"}, metadata={"scrapbook": {"name": "tide", "mime_prefix": ""}}
    )
    cells = [
        nbformat.v4.new_markdown_cell("# Levels"),
        nbformat.v4.new_code_cell("level()", outputs=[html], metadata={"tags": ["hide-input"]}),
        nbformat.v4.new_code_cell("glue()", outputs=[glued]),
        nbformat.v4.new_markdown_cell("The tide is {glue}`tide`."),
    ]
    for cell in cells:
        cell.pop("id", None)
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells, nbformat_minor=4)), "utf-8")


def pages_of_all_kinds(folder):
    """Build a page for each thing that a transform looks for, and return each page by its name."""
    folder.mkdir()
    for name, text in SOUGHT.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    notebook(folder / "levels.ipynb")
    (folder / "works.bib").write_text("@misc{lamp, title={The lamp}, author={Keeper, A.}, year={1900}}\n", "utf-8")
    names = "\n".join([*SOUGHT, "levels"])
    (folder / "index.md").write_text(f"# Book\n\n```{{toctree}}\n{names}\n```\n", "utf-8")
    settings = {
        "extensions": ["myst_nb", "sphinx_design", "sphinxcontrib.bibtex"], "html_theme": "sphinx_book_theme",
        "project": "Book", "nb_execution_mode": "off", "bibtex_bibfiles": ["works.bib"],
    }  # fmt: skip
    told = StringIO()
    with docutils_namespace():
        app = Sphinx(folder, None, folder / "html", folder / "trees", "html", settings, None, told, freshenv=True)
        app.build()
        added = {f"{one.__module__}.{one.__qualname__}" for one in app.registry.get_post_transforms()}
        idle = {page: patches.idle_transforms(app.env.get_doctree(page)) for page in app.env.found_docs}
    assert "rror" not in told.getvalue(), told.getvalue()
    return {path.name: path.read_text("utf-8") for path in (folder / "html").glob("*.html")}, added, idle


def test_transforms_are_left_out_of_pages_without_what_they_look_for_and_of_no_other(tmp_path, monkeypatch):
    # The class is that of all builds of this process, and has been changed by whatever built before.
    monkeypatch.setattr(patches.SphinxTransformer, "add_transforms", patches.Transformer.add_transforms)
    stock, _, _ = pages_of_all_kinds(tmp_path / "stock")
    monkeypatch.setattr(patches.SphinxTransformer, "add_transforms", patches.add_transforms)
    own, added, idle = pages_of_all_kinds(tmp_path / "own")
    assert [name for name in stock if own[name] != stock[name]] == [] and own.keys() == stock.keys()
    assert patches.SEEKERS.keys() <= added, "a library has renamed a transform: look at what it seeks now"
    assert idle["plain"] == patches.SEEKERS.keys()
    assert set.intersection(*idle.values()) == set(), "no page has what these look for"


FIGURES = {
    "index": "# Book\n\n```{toctree}\n:numbered:\n\none\ntwo\n```\n",
    "one": """# One

```{figure} picture.png
:name: first

A caption *with* words
```

```{figure} picture.png
:name: without-caption
```

## A heading

> - ```{table} A table
>   :name: second
>
>   | a | b |
>   | - | - |
>   | 1 | 2 |
>   ```

```{admonition} Within
:name: not-numbered

```{code-block} python
:caption: Code
:name: third

pass
```

```{math}
:label: fourth

a = b
```
""",
    "two": "# Two\n\n```{toctree}\n\nthree\n```\n\n```{figure} picture.png\n:name: fifth\n\nLater\n```\n",
    "three": "# Three\n\n```{figure} picture.png\n:name: sixth\n\nBelow\n```\n",
}


def numbers(folder, extensions, texts):
    """Build and return the numbers of figures, tables, code and formulas."""
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    settings = {"extensions": ["myst_parser", *extensions], "numfig": True, "myst_enable_extensions": ["dollarmath"]}
    with docutils_namespace():
        app = Sphinx(folder, None, folder / "html", folder / "trees", "html", settings, None, StringIO())
        app.build()
    return app.env.toc_fignumbers


def test_outlines_give_the_same_numbers_as_whole_pages(tmp_path):
    """What an outline leaves out must not have had a number, or have given one, also once it was pickled."""
    found = {}
    for name, extensions in (("own", ["press.fresh.patches"]), ("stock", [])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "picture.png").write_bytes(b"")
        first = numbers(tmp_path / name, extensions, FIGURES)
        moved = FIGURES["one"].replace(
            "## A heading", "```{figure} picture.png\n:name: new\n\nNew\n```\n\n## A heading"
        )
        found[name] = [first, numbers(tmp_path / name, extensions, {"one": moved})]
    assert found["own"] == found["stock"]
    assert found["stock"][0]["one"] == {
        "figure": {"first": (1, 1)},
        "table": {"second": (1, 1)},
        "code-block": {"third": (1, 1)},
        "displaymath": {"equation-fourth": (1, 1)},
    }
    assert found["stock"][1]["one"]["figure"] == {"first": (1, 1), "new": (1, 2)}


def test_a_citation_does_not_search_through_all_packages(tmp_path, monkeypatch):
    site(tmp_path / "own", ["press.fresh.patches"])
    find = partial(pybtex.plugin.find_plugin, "pybtex.backends", "plaintext")
    plugin = find()
    monkeypatch.setattr(importlib.metadata, "distributions", lambda: pytest.fail("all packages were searched"))
    assert find() is plugin


def test_an_entry_is_formatted_again_once_it_is_another_one():
    """In a preview, a correction of a reference would not be seen."""
    style = patches.Entries()
    entry = Entry("misc", fields={"title": "Schools", "year": "2017"})
    first = style.format_entry("1", entry)
    assert style.format_entry("1", entry) is first
    entry.fields["year"] = "2018"
    assert "2018" in str(style.format_entry("1", entry).text)
    assert style.format_entry("2", entry).label == "2"


def test_the_environment_is_otherwise_the_same():
    class Environment:
        master_doctree, tocs, titles = "tree", {}, {"index": "Book"}

    assert patches.Titles(Environment()).titles == {"index": "Book"}


def test_formats_of_a_picture_are_those_of_the_folder_now(tmp_path):
    """A picture that is added or taken away while the preview runs, and names that are patterns."""
    listed = patches.Listings()
    pattern = str(tmp_path / "tide.*")

    def found():
        assert sorted(listed(pattern)) == sorted(glob.glob(pattern))
        return sorted(path.removeprefix(f"{tmp_path}/") for path in listed(pattern))

    assert found() == []
    for name in ["tide.svg", "tide.png", "tides.svg", "tide", ".tide.svg"]:
        (tmp_path / name).write_text("", "utf-8")
    assert found() == ["tide.png", "tide.svg"]
    (tmp_path / "tide.png").unlink()
    assert found() == ["tide.svg"]
    for pattern in [f"{tmp_path}/t*.*", f"{tmp_path}/tide.sv*", f"{tmp_path}/[t]ide.*", f"{tmp_path}/none/tide.*"]:
        assert sorted(listed(pattern)) == sorted(glob.glob(pattern))
