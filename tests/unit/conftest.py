"""A small book with published results, on which the Sphinx extension is tried without executing notebooks."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]

CONTRACT = """
[tool.press]
package = "crossroads"
loaders = ["evidence.package", "evidence.cases"]
commands = ["report.command", "importers.command"]
command = "crossroads"
"""

CITATION = """
title: "A small book: with a subtitle"
authors: [{name: The team}, {family-names: Author, given-names: Ada}]
version: "1.2"
date-released: "2026-01-02"
"""


@dataclass
class FakeResult:
    """What ``press.run`` returns, as far as the book reads it."""

    name: str
    folder: Path
    state: str = "fresh"


class SmallBook:
    """A book of one chapter and one analysis in a temporary folder."""

    def __init__(self, root):
        self.root = root
        self.results = []
        for folder in ["book/static", "notebooks", "data", "_build"]:
            (root / folder).mkdir(parents=True)
        config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
        config["sphinx"]["config"]["html_css_files"] = []
        config["sphinx"]["config"]["typst_font_paths"] = [str(ROOT / "src" / "crossroads" / "fonts")]
        config["sphinx"]["config"]["typst_cover"] = ""
        config["html"].pop("favicon")
        (root / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
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
        (root / "pyproject.toml").write_text(CONTRACT, "utf-8")
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
            "indicator": "pisa",
            "publisher": "OECD",
            "dataset": "PISA",
            "edition": "2023",
            "licence": "CC BY 4.0",
        }
        common = {"indicators": ["pisa"], "sources": [source], "cell": 1, "note": ""}
        exhibit = {
            **common, "id": identifier, "kind": "figure", "title": "Austria leads", "subtitle": "Mean, points",
            "alt": f"Dots where Austria has {number}.", "limits": "", "licence": "CC BY 4.0", "n_rows": 1,
        }  # fmt: skip
        value = {
            **common, "id": value_identifier, "obs_value": number, "unit": "", "format": ".1f", "time_period": "2022",
            "std_error": 0.4, "n_obs": 38, "exhibit": identifier,
        }  # fmt: skip
        stem = folder / "exhibits" / identifier
        stem.with_suffix(".json").write_text(json.dumps(exhibit), "utf-8")
        stem.with_suffix(".csv").write_text(f"ref_area,obs_value\nAUT,{number}\n", "utf-8")
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
            "application/vnd.crossroads.exhibit+json": {"id": identifier, "kind": "figure"},
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


@pytest.fixture
def small_book(tmp_path, monkeypatch):
    """A small book whose notebooks need no execution."""
    from press import run

    book = SmallBook(tmp_path)
    monkeypatch.setattr(run, "execute", lambda root, names=None: book.results)
    return book
