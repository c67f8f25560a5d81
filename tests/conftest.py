"""What all tests share: kernels as the runner starts them, and a Sphinx that does not remember earlier tests."""

import gc
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from press.run.launch import PINNED

# Before numpy is imported: on a machine whose cores are all at work, threads of small sums wait for each other most of the
# time. Kernels compute with one thread, too.
os.environ.update({name: number for name, number in PINNED.items() if name.endswith("_NUM_THREADS")})

import forked
import nbval.kernel
import pytest
from hypothesis import settings
from sphinx.config import Config

# A build adds the suffixes of its book to Sphinx's own defaults, and so to every later book of the process.
SUFFIXES = Config.config_values["source_suffix"].default
PRISTINE = dict(SUFFIXES)


def pytest_configure():
    """Let kernels that nbval starts print as wide as those of the runner do, and slow machines take their time.

    Made-up examples are the same in every run: a test of what nobody changed must not fail one day by chance.
    ``--hypothesis-profile exploring`` looks for new ones, and for many more.
    """
    # pytest-xdist tells its workers how wide the terminal is, and pandas would break its lines there.
    for name in ["COLUMNS", "LINES"]:
        os.environ.pop(name, None)
    nbval.kernel.start_new_kernel = forked.start_new_kernel
    # What tests read stays: Python looks for garbage in it as seldom as in a build, which sets a limit of its own.
    gc.set_threshold(10_000)
    settings.register_profile("exploring", deadline=None, max_examples=500)
    settings.register_profile("patient", deadline=None, derandomize=True, max_examples=25)
    settings.load_profile("patient")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Let one more worker than cores run: many tests wait for a kernel, a browser or a build of their own."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else None


def pytest_collection_modifyitems(items):
    """Compare also what each notebook publishes."""
    items[:] = forked.with_published(items)


def pytest_terminal_summary(terminalreporter):
    """Say in one line for each reason what was not run: a number of skipped tests tells nobody what to do."""
    skipped = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])]
    for reason, count in sorted(Counter(map(why_not_run, skipped)).items()):
        terminalreporter.write_line(f"Not run: {count} {'test' if count == 1 else 'tests'}: {reason}")


def why_not_run(reason):
    """Return why a test was skipped; whatever asks for publishers' files is one reason while none are named."""
    if "CROSSROADS_RAW" in reason and not os.environ.get("CROSSROADS_RAW"):
        return (
            "publishers' files, which may not all be passed on, are not at hand; set CROSSROADS_RAW to the folder that holds"
            " them (data/README.md says where each comes from)"
        )
    return reason.removeprefix("Skipped: ")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Give each test Sphinx's defaults as in a new process, and take what others left out of the sight of one that builds a book.

    The defaults come before any fixture: a book of a whole module was once read with the suffixes of another one.
    sphinx-external-toc looks at every object of the process in each build, as does each search for garbage: beside the
    pages that other tests had parsed, a small book took seven times as long.
    """
    SUFFIXES.clear()
    SUFFIXES.update(PRISTINE)
    # Marks are kept where `make check` leaves tests out (``marked``).
    if item.get_closest_marker("builds") or item.path.parent.name == "whole":
        gc.collect()
        gc.freeze()


@pytest.fixture(scope="session")
def built():
    """Build the book, or what of it is stale."""
    answer = subprocess.run(
        [Path(sys.executable).with_name("crossroads"), "build"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-3000:]
    return answer.stdout
