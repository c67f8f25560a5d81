"""What Sphinx remembers of all pages: written beside the pages, and read ahead of the next build of a preview.

It is a file of megabytes. Sphinx writes it before it writes any page, while other cores wait, and reads it before all else,
though a preview has time for it while its author reads.

Not here: what is remembered (``press.session``), and which of it is current (``press.fresh.freshness``).
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any, cast

import sphinx.application
import sphinx.builders
from sphinx.environment import BuildEnvironment

from press import aside
from press.run.launch import can_fork

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from sphinx.application import Sphinx

# Of each at most one.
_read: list[tuple[tuple[int, ...], Any]] = []  # state of the file, and what was read
_writing: list[BaseProcess] = []


def read(root: Path) -> None:
    """Read what Sphinx remembers, for the build that comes next in this process.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project, which this process has built.
    """
    _read.clear()
    path = root / "_build" / ".doctrees" / sphinx.application.ENV_PICKLE_FILENAME
    if path.exists() and sphinx.application.pickle is not pickle:
        with path.open("rb") as file:
            _read.append((_state(file), pickle.load(file)))


def take(file: IO[bytes]) -> Any:
    """Return what was read of a file, once, or read it where it is another one now.

    Parameters
    ----------
    file : binary file
        As ``pickle.load`` takes it.

    Returns
    -------
    object
    """
    state, known = _read.pop() if _read else ((), None)
    return known if state == _state(file) else pickle.load(file)


def write(what: Any, file: IO[bytes], protocol: int) -> None:
    """Write a page as it is; what is remembered of all pages in a process of its own, which the end of the build waits for.

    Parameters
    ----------
    what : object
    file : binary file
    protocol : int
        As ``pickle.dump`` takes them.
    """
    if not isinstance(what, BuildEnvironment) or not can_fork():
        pickle.dump(what, file, protocol)
        return
    process = multiprocessing.get_context("fork").Process(target=_write_aside, args=[what, Path(file.name)])
    process.start()
    _writing[:] = [process]


def _write_aside(env: BuildEnvironment, path: Path) -> None:
    """Write what is remembered, behind the pages."""
    os.nice(aside.BEHIND)
    _write(env, path)


def _write(env: BuildEnvironment, path: Path) -> None:
    with path.open("wb") as file:
        pickle.dump(env, file, pickle.HIGHEST_PROTOCOL)


def end(app: Sphinx) -> None:
    """Wait until what is remembered is written; write it here where the other process could not, to tell why.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    """
    for process in writing():
        process.join()
        if process.exitcode:
            _write(app.env, Path(app.doctreedir, sphinx.application.ENV_PICKLE_FILENAME))
    _writing.clear()


def writing() -> list[BaseProcess]:
    """Return the process that writes what is remembered, while there is one."""
    return [*_writing]


def use(app: Sphinx) -> None:
    """Have Sphinx write beside its pages what it remembers of them, and take what was read ahead."""
    _writing.clear()  # the end of a build that failed has waited for it
    cast(Any, sphinx.application).pickle = SimpleNamespace(load=take)
    cast(Any, sphinx.builders).pickle = SimpleNamespace(**(vars(pickle) | {"dump": write}))


def _state(file: IO[bytes]) -> tuple[int, ...]:
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
