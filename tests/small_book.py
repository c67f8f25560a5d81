"""A book of two pages whose notebook need not be executed: what it publishes is written by hand.

It has the settings of the second book (``tests/press/book``), or those of the report, for tests of the report's own pages.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import yaml

from press import contract

ROOT = Path(__file__).parents[1]
SECOND = ROOT / "tests" / "press" / "book"

CITATION = """
title: "A small book: with a subtitle"
authors: [{name: The team}, {family-names: Author, given-names: Ada}]
version: "1.2"
date-released: "2026-01-02"
"""


def copy_second(root):
    """Copy the sources of the second book; returns the folder."""
    return shutil.copytree(SECOND, root, ignore=shutil.ignore_patterns("__pycache__", "_build"))


def settings_of(root):
    """Return the settings of a book, as Sphinx's configuration holds them."""
    return SimpleNamespace(**yaml.safe_load((root / "_config.yml").read_text("utf-8"))["sphinx"]["config"])


@dataclass
class FakeResult:
    """What ``press.run`` returns, as far as the book reads it."""

    name: str
    folder: Path
    state: str = "fresh"


class SmallBook:
    """A book of one chapter and one analysis in a temporary folder.

    Parameters
    ----------
    root : pathlib.Path
        The folder, which is empty.
    like : pathlib.Path
        The root of a book whose settings and contract this one has.
    extensions : list of str
        Those of the settings' own that are wanted.
    source : str
        Name of the table that all is said to come from.
    """

    def __init__(self, root, like=SECOND, extensions=("press.extension",), source="lights"):
        self.root, self.source = root, source
        self.results = []
        for folder in ["book/static", "notebooks", "data", "_build"]:
            (root / folder).mkdir(parents=True)
        config = yaml.safe_load((like / "_config.yml").read_text("utf-8"))
        config["sphinx"]["extra_extensions"] = [*extensions]
        settings = config["sphinx"]["config"]
        settings |= {"html_css_files": [], "typst_cover": "", "typst_volumes": {}, "typst_briefs": {}}
        settings["typst_font_paths"] = [str(like / folder) for folder in settings.get("typst_font_paths", [])]
        config["html"].pop("favicon", None)
        (root / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
        served = contract.read(like)
        self.media_type = served.media_type
        lines = [f"package = {json.dumps(served.package)}", f"loaders = {json.dumps(served.loaders)}"]
        lines += [f"literature = {json.dumps(served.literature)}"] if served.literature else []
        (root / "pyproject.toml").write_text("\n".join(["[tool.press]", *lines]), "utf-8")
        toc = {
            "format": "jb-book",
            "root": "book/index",
            "parts": [
                {"caption": "Report", "numbered": 1, "chapters": [{"file": "book/chapter1"}]},
                {"caption": "Analyses", "chapters": [{"file": "notebooks/small"}]},
            ],
        }
        (root / "_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
        (root / "CITATION.cff").write_text(CITATION, "utf-8")
        (root / "requirements.lock").write_text("none\n", "utf-8")
        (root / "data" / "datapackage.json").write_text('{"resources": []}', "utf-8")
        (root / "book" / "references.bib").write_text("", "utf-8")
        (root / "book" / "index.md").write_text("# A small book\n\nSee {numref}`ch1-small`.\n", "utf-8")
        self.chapter("```{exhibit} ch1-small\n```\n\nThe mean is {value}`ch1-mean`.\n")
        source = "# %% [markdown]\n# # Small analysis\n\n# %%\nprint(1)\n"
        (root / "notebooks" / "small.py").write_text(source, "utf-8")
        self.publish("small", number=12.34)

    def chapter(self, text):
        """Write the chapter below a heading of two lines."""
        (self.root / "book" / "chapter1.md").write_text(f"# Chapter one\n\n{text}", "utf-8")

    def publish(self, name, number, identifier="ch1-small", value_identifier="ch1-mean"):
        """Write what an executed notebook would have published."""
        folder = self.root / "_build" / "runs" / f"{name}-{number}"
        (folder / "exhibits").mkdir(parents=True)
        source = {
            "indicator": self.source,
            "publisher": "Nobody",
            "dataset": "Lights",
            "edition": "2023",
            "licence": "CC BY 4.0",
        }
        common = {"indicators": [self.source], "sources": [source], "cell": 1, "note": ""}
        exhibit = {
            **common, "id": identifier, "kind": "figure", "title": "Ness leads", "subtitle": "Mean, points",
            "alt": f"Dots where Ness has {number}.", "limits": "", "licence": "CC BY 4.0", "n_rows": 1,
        }  # fmt: skip
        value = {
            **common, "id": value_identifier, "obs_value": number, "unit": "", "format": ".1f", "time_period": "2022",
            "std_error": 0.4, "n_obs": 38, "exhibit": identifier,
        }  # fmt: skip
        stem = folder / "exhibits" / identifier
        stem.with_suffix(".json").write_text(json.dumps(exhibit), "utf-8")
        stem.with_suffix(".csv").write_text(f"light,obs_value\nNESS,{number}\n", "utf-8")
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><desc>{number}</desc></svg>'
        stem.with_suffix(".svg").write_text(drawing, "utf-8")
        (folder / "values.json").write_text(json.dumps({value_identifier: value}), "utf-8")
        tests = {
            **common, "id": f"{identifier}-family", "question": "Is it zero?", "n_tests": 38, "n_significant": 12,
            "adjustment": "false-discovery rate", "exhibit": identifier,
        }  # fmt: skip
        (folder / "tests.json").write_text(json.dumps({tests["id"]: tests}), "utf-8")
        data = {
            "text/plain": "x",
            self.media_type: {"id": identifier, "kind": "figure"},
        }
        output = {"output_type": "execute_result", "execution_count": 1, "data": data, "metadata": {}}
        cell = {
            "cell_type": "code", "execution_count": 1, "id": "cell-1", "metadata": {}, "outputs": [output],
            "source": "print(1)",
        }  # fmt: skip
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
        (folder / "notebook.ipynb").write_text(json.dumps(notebook), "utf-8")
        self.results = [result for result in self.results if result.name != name] + [FakeResult(name, folder)]

    def build(self, **overrides):
        """Build the web pages; return Sphinx's exit code or the error."""
        from jupyter_book.sphinx import build_sphinx

        return build_sphinx(
            self.root,
            self.root / "_build" / "html",
            noconfig=True,
            path_config=self.root / "_config.yml",
            confoverrides={
                "external_toc_path": (self.root / "_toc.yml").as_posix(),
                "latex_individualpages": False,
                "press_pdf": False,
                **overrides,
            },
        )

    def page(self, name):
        """Return the HTML of a page."""
        return (self.root / "_build" / "html" / f"{name}.html").read_text("utf-8")
