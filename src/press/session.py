"""What one build knows, and what is remembered of all pages from build to build.

One object each, in place of attributes that anybody may hang on Sphinx's own.

:func:`session` belongs to the application and ends with the build. :func:`memory` belongs to the environment, which
Sphinx keeps in ``_build/.doctrees``. The order in which both are filled is the table of ``press.stages``.

Not here: what a book's own pages need to know, which its own extension keeps the same way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press import contract
from press.areas import Areas

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from press.lint import Offence
    from press.lint.pages import Page
    from press.page.collection import Collection
    from press.published import Published
    from press.takeaway.making import Job
    from press.web.editions import Edition
    from press.web.search import Entry, Passage


@dataclass
class Session:
    """What one build knows.

    Attributes
    ----------
    contract : press.contract.Contract
    built_with : list of pathlib.Path
        Sources of the code that pages are made with, those of the book's own extensions among them.
    collections : list of press.page.collection.Collection
        Pages made by rule.
    lock : contextlib.ExitStack
        Keeps other builds out until it is closed.
    unfinished : dict
        What an interrupted build has left: ``pages`` and whether any may be half-``writing``.
    sources : dict of str to str
        Digests of the files that are being read, taken before they were.
    about : dict
        The fields of :class:`press.page.citing.Work` that all parts of the book share.
    colophon : dict of str to str
        From which commit, data and environment the book is built, as :func:`press.page.colophon.read` returns it.
    published : press.published.Published
        What the notebooks publish.
    quotable : dict of str to dict
        The numbers of other works that prose may quote, by ``work:number``.
    causal : set of str
        Keys of works whose design can carry a causal word.
    source_links : callable
        Takes the names of an exhibit's sources and returns the nodes that follow its source line, such as links to what the
        book says of them.
    areas : press.areas.Areas
        Those that a reader may choose as theirs.
    joined : frozenset of str
        Names of the style sheets that are laid into one.
    editions : list of press.web.editions.Edition
        Published editions whose exhibits are frozen.
    frozen : callable
        Takes the id of an exhibit and the path from a page to the root of the site, and returns HTML: where the frozen forms
        of the exhibit are.
    from_elsewhere : list of callable
        Functions of environment and name of a page, which return what stands on the page but comes from other pages,
        beyond what the press knows of.
    findable : list of callable
        Functions of the application, which return what else the search finds.
    common : str
        Digest of what stands on all pages, such as the titles of all.
    apart : set of str
        Classes of nodes whose text carries sources of its own and is no prose.
    clock : float
        When the pages were begun.
    drawing : multiprocessing.Process or None
        Draws small pictures.
    printing : sphinx.util.parallel.ParallelTasks or None
        The task that sets the PDF.
    portable : list of str
        The pages whose exhibits can be taken away.
    making : sphinx.util.parallel.ParallelTasks or None
        The tasks that make slides, workbooks and the ePub.
    takeaway : list of press.takeaway.making.Job
        What these have to make, or have made before.
    misprints : list of BaseException
        What went wrong in any of them.
    """

    contract: contract.Contract
    built_with: list[Path] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    lock: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    unfinished: dict[str, Any] = field(default_factory=lambda: {"pages": [], "writing": False})
    sources: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    colophon: dict[str, str] = field(default_factory=dict)
    published: Published = None  # type: ignore[assignment]  # set before any page is read
    quotable: dict[str, dict[str, Any]] = field(default_factory=dict)
    causal: set[str] = field(default_factory=set)
    source_links: Callable[[list[str]], list[nodes.Node]] = field(default=lambda names: [])
    areas: Areas = field(default_factory=Areas)
    joined: frozenset[str] = frozenset()
    editions: list[Edition] = field(default_factory=list)
    frozen: Callable[[str, str], str] = field(default=lambda identifier, root: "")
    from_elsewhere: list[Callable[[BuildEnvironment, str], object]] = field(default_factory=list)
    findable: list[Callable[[Sphinx], Iterable[Entry]]] = field(default_factory=list)
    common: str = ""
    apart: set[str] = field(default_factory=lambda: {"exhibit", "registry"})
    clock: float = 0.0
    drawing: Any = None
    printing: Any = None
    portable: list[str] = field(default_factory=list)
    making: Any = None
    takeaway: list[Job] = field(default_factory=list)
    misprints: list[BaseException] = field(default_factory=list)


@dataclass
class Memory:
    """What is remembered of all pages.

    Attributes
    ----------
    uses : dict of str to dict
        By page, the digest of everything that it was read from and that it shows.
    homes : dict of str to tuple
        By exhibit, the page that shows it, and where.
    references : dict of str to list
        By page, what it refers to: domain, kind and target.
    frames : dict of str to str
        By page, the digest of all that stands on it but comes from other pages.
    outlines : dict of str to docutils.nodes.Element
        By page, what is numbered on it.
    pages, offences, measures : dict
        By page of prose, what the checks read, what they found, and how long and easy it is to read.
    passages : dict of str to list
        By page, what the search finds of it.
    periods : dict of str to str
        By value, the period of its data.
    reading : list
        The lines of the table of reading ease that was last printed.
    """

    uses: dict[str, dict[str, str]] = field(default_factory=dict)
    homes: dict[str, tuple[str, str]] = field(default_factory=dict)
    references: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    outlines: dict[str, nodes.Element] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    offences: dict[str, list[Offence]] = field(default_factory=dict)
    measures: dict[str, Any] = field(default_factory=dict)
    passages: dict[str, list[Passage]] = field(default_factory=dict)
    periods: dict[str, str] = field(default_factory=dict)
    reading: list[Any] = field(default_factory=list)


def session(app: Sphinx) -> Session:
    """Return what the build of an application knows."""
    # An attribute of our own, which Sphinx does not declare.
    if not hasattr(app, "press"):
        app.press = Session(contract.read(Path(app.srcdir)))  # type: ignore[attr-defined]
    return app.press  # type: ignore[attr-defined]


def memory(env: BuildEnvironment) -> Memory:
    """Return what an environment remembers of its pages."""
    # As above; it is pickled with the environment.
    if not hasattr(env, "press"):
        env.press = Memory()  # type: ignore[attr-defined]
    return env.press  # type: ignore[attr-defined]
