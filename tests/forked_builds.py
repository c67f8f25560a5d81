"""Builds of whole books, each in a process of its own, forked from one that has imported Sphinx and its extensions.

Most of the time of building a small book anew is the import of libraries. Nothing of the press nor of a book is imported
before the fork, so that each build sees the code of its own checkout and nothing that an earlier build has left.

Not here: kernels, which the press itself forks.
"""

import multiprocessing
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import build as benchmark
from sphinx.application import builtin_extensions

LIBRARIES = [
    *builtin_extensions,
    "PIL.Image",
    "jupyter_book.sphinx",
    "jupytext",
    "myst_nb.sphinx_ext",
    "nbclient",
    "pikepdf",
    "pybtex.plugin",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_design.extension",
    "sphinx_external_toc",
    "sphinx_multitoc_numbering",
    "sphinx_thebe",
    "sphinx_togglebutton",
    "sphinxcontrib.bibtex",
    "typst",
    "yaml",
]
OWN = re.compile(r"press|coast|keeper|crossroads|importers|report")
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(LIBRARIES)


def work(book, variables, said):
    """Build the book in this process, as the command line does."""
    log = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(book)
    os.environ.update(variables)
    sys.path.insert(0, f"{book}/src")
    own = {name.partition(".")[0] for name in sys.modules} & {"press", "coast", "keeper", "crossroads", "report"}
    assert not own, f"{own} imported before the build"
    from press.desk import command

    code = command.main(["build"])
    imported = {name.partition(".")[0] for name in sys.modules}
    print("imported:", *sorted(name for name in imported if OWN.fullmatch(name)))
    sys.exit(code)


class Build:
    """A build at work, with the part of the interface of ``subprocess.Popen`` that is needed for one."""

    def __init__(self, book, variables):
        self.said = Path(f"{book}.said")
        self.process = context.Process(target=work, args=(str(book), {"NO_COLOR": "1", **variables}, str(self.said)))
        self.process.start()

    def wait(self, timeout=None):
        """Wait for the end; returns the exit code."""
        self.process.join(timeout)
        if self.process.is_alive():
            raise subprocess.TimeoutExpired("build", timeout)
        return self.process.exitcode

    def kill(self):
        """End it at once."""
        self.process.kill()


class Forked(benchmark.Ours):
    """As the benchmarks build a book, without waiting for imports."""

    def start(self, book, **variables):
        """Begin a build."""
        return Build(book, variables)

    def build(self, book, **variables):
        """Build web pages and PDF; return the wall time."""
        started = time.perf_counter()
        build = self.start(book, **variables)
        code, said = build.wait(), build.said.read_text("utf-8")
        assert code == 0, said[-6000:]
        return time.perf_counter() - started
