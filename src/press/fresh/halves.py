"""A whole book, read by two processes: one that is forked from the build reads every other page.

To read takes one core, and once the notebooks are done the other one waits. Sphinx can read in parallel, too, but then tells a
mistake without its place, and nobody notices a name that two processes give to two things. Here such a doubt about what the
other process has read is not carried over: all pages are read again, one after the other, and the mistake is told as ever.

Not here: which pages are read (``press.fresh.freshness``), and how they are written, which Sphinx does in parallel itself.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import pickle
from typing import TYPE_CHECKING, Any

from sphinx.util.logging import LogCollector, WarningSuppressor

from press import aside
from press.run.launch import can_fork
from press.session import memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

NAME = "second reader"  # of the process
SILENT = {"sphinx_multitoc_numbering"}  # extensions that declare nothing, and keep nothing while pages are read
MANY = 8  # pages that are worth a process of their own


def read(builder: Builder, pages: list[str], one_by_one: Callable[[list[str]], None]) -> None:
    """Read pages, by two processes if they are all that the book has.

    Parameters
    ----------
    builder : sphinx.builders.Builder
    pages : list of str
    one_by_one : callable
        Sphinx's own way, which takes the pages.
    """
    # Of a few that are read again nobody could tell which names were given before and which are given twice.
    whole = len(pages) >= MANY and set(pages) == builder.env.found_docs
    if not whole or not can_fork() or (os.cpu_count() or 1) < 2 or not all_can_merge(builder.app):
        one_by_one(pages)
        return
    here, there = pages[::2], pages[1::2]
    forget(builder.env, pages)  # which also lays out what the domains know before the other process has a copy of it
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_read_there, args=[builder, there, receiver, sender], daemon=True, name=NAME)
    process.start()
    sender.close()
    try:
        one_by_one(here)
        found = _received(receiver)
    finally:
        process.terminate()
        process.join()
        receiver.close()
    if found is None or doubtful(builder.env, found):
        forget(builder.env, here)
        one_by_one(pages)
    else:
        builder.env.merge_info_from(there, found, builder.app)


def all_can_merge(app: Sphinx) -> bool:
    """Say whether each extension can join what two processes have read, as it declares to Sphinx.

    Parameters
    ----------
    app : sphinx.application.Sphinx

    Returns
    -------
    bool
    """
    return all(known.parallel_read_safe or name in SILENT for name, known in app.extensions.items())


def forget(env: BuildEnvironment, pages: list[str]) -> None:
    """Forget pages, as Sphinx does before it reads one.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
    pages : list of str
    """
    for page in pages:
        env.events.emit("env-purge-doc", env, page)
        env.clear_doc(page)


def _read_there(builder: Builder, pages: list[str], receiver: Connection, sender: Connection) -> None:
    """Read pages in the other process, and send what is known of them; nothing if one cannot be read without a warning."""
    # Open here, it would keep this process waiting for ever for a build that was killed to take what is sent.
    receiver.close()
    said, heard = LogCollector(), WarningSuppressor(builder.app)
    try:
        with said.collect():  # Sphinx itself keeps warnings until all is read
            for page in aside.while_built(pages, behind=0):
                builder.read_doc(page, _cache=False)
        warned = any(record.levelno >= logging.WARNING and heard.filter(record) for record in said.logs)
        sent = b"" if warned else pickle.dumps(builder.env, pickle.HIGHEST_PROTOCOL)
    except Exception:  # of any kind: the build reads all again and stops at it, with words and place
        sent = b""
    with contextlib.suppress(BrokenPipeError):  # the build is gone
        sender.send_bytes(sent)


def _received(receiver: Connection) -> BuildEnvironment | None:
    """Return what the other process has sent, or None if it could not read its pages or was killed."""
    try:
        sent = receiver.recv_bytes()
    except EOFError:
        return None
    return pickle.loads(sent) if sent else None


def doubtful(own: BuildEnvironment, other: BuildEnvironment) -> bool:
    """Say whether two processes have given the same name to two things, of which one must be refused or called otherwise.

    Parameters
    ----------
    own, other : sphinx.environment.BuildEnvironment
        Each once it has read its pages.

    Returns
    -------
    bool
    """
    known = _named(own)
    return any(known.get(name, thing) != thing for name, thing in _named(other).items())


def _named(env: BuildEnvironment) -> dict[tuple[Any, ...], Any]:
    """Return all that an environment knows by name: of each domain, of the press, and the names of pictures."""
    kinds = [
        *((domain, kind, things) for domain, data in env.domaindata.items() for kind, things in data.items()),
        *(("press", kind, things) for kind, things in vars(memory(env)).items()),
        ("pictures", "", {name: path for path, (_, name) in env.images.items()}),
    ]
    return {
        (domain, kind, name): thing
        for domain, kind, things in kinds
        if isinstance(things, dict)
        for name, thing in things.items()
    }


def take_over(app: Sphinx, env: BuildEnvironment, pages: set[str], other: BuildEnvironment) -> None:
    """Take over what the press remembers of the pages that another process has read."""
    for name, things in vars(memory(other)).items():
        if isinstance(things, dict):
            known = getattr(memory(env), name)
            known.update({key: thing for key, thing in things.items() if key not in known})
