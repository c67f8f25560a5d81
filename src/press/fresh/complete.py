"""A build that has nothing to do need not start Sphinx: it compares what is there with what the last build left.

At the end of a build that got there, a manifest is written with the digest of every file that a build may read, as it
was before the build began, and with size and time of every file that it made. While all of them are as the manifest
says, the book is current. It is taken away before anything is built, so that an interrupted build leaves none.

Not here: which pages a change concerns (``press.fresh.freshness``).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from press.page import colophon
from press.run.dependencies import environment, file_digest, files_below

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# Everything else in a checkout may be read, by a page that includes a file for instance.
UNREAD = {"_build", "tests", "benchmarks"}
MADE = ("_build/html", "_build/pdf")
PRESS = Path(__file__).parents[1]
# Sphinx's note to itself on the settings of the last build, which no reader gets.
BOOKKEEPING = {".buildinfo"}


def sources(root: Path, known: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the digests of everything that a build of the book may read, and its colophon.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project, whose files hold what they must.
    known : dict, optional
        As :func:`digests` returned it; asked for when not given.

    Returns
    -------
    dict of str to object
        Digests of files by path, and what else pages depend on.
    """
    return {**(known or digests(root)), "colophon": colophon.read(root)}


def digests(root: Path) -> dict[str, Any]:
    """Return the digests of everything that a build of the book may read, whatever the files hold.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    dict of str to object
        Digests of files by path, of the environment and of the press.
    """
    return {
        "files": _digests(root),
        "environment": environment(root),
        "press": {path.relative_to(PRESS).as_posix(): file_digest(path) for path in sorted(PRESS.rglob("*.py"))},
    }


def _digests(root: Path) -> dict[str, str]:
    names = [name for name in os.listdir(root) if name not in UNREAD and not name.startswith(".")]
    return {path: file_digest(Path(path)) for path in files(root, names) if "__pycache__" not in path}


def files(root: Path, names: Iterable[str]) -> list[str]:
    """Return the paths of all files of some folders."""
    found = []
    for name in names:
        path = os.path.join(root, name)
        found += [path] if os.path.isfile(path) else files_below(path)
    return sorted(found)


def made(root: Path) -> dict[str, list[int]]:
    """Return size and time of every file that a build makes."""
    stats = {path: os.stat(path) for path in files(root, MADE)}
    return {path: [stat.st_size, stat.st_mtime_ns] for path, stat in stats.items()}


def holds(root: Path, now: dict[str, Any], *, with_pdf: bool) -> bool:
    """Say whether the book is current.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    now : dict
        As :func:`sources` returns it.
    with_pdf : bool
        Whether the PDF has to be current, too.

    Returns
    -------
    bool
    """
    then = _last(root)
    return bool(then) and then["sources"] == now and then["made"] == made(root) and (then["pdf"] or not with_pdf)


def changed(root: Path, now: dict[str, Any]) -> set[str]:
    """Return the paths of the files that are others than those of the last build, from the root; all where none is known.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    now : dict
        As :func:`digests` returns it.

    Returns
    -------
    set of str
    """
    last = _last(root)
    then = last["sources"]["files"] if last else {}
    differ = {name for name in then.keys() | now["files"].keys() if then.get(name) != now["files"].get(name)}
    return {os.path.relpath(name, root) for name in differ}


def looked(root: Path, now: dict[str, Any]) -> bool:
    """Say whether the last build got to its end with this very press: what has not changed since was looked at and found right.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    now : dict
        As :func:`digests` returns it.

    Returns
    -------
    bool
    """
    then = _last(root)
    return bool(then) and all(then["sources"].get(part) == now[part] for part in ("environment", "press"))


def _last(root: Path) -> dict[str, Any]:
    """Return the manifest of the last build that got to its end; nothing where there is none."""
    path = manifest(root)
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def forget(root: Path) -> None:
    """Take the manifest away before anything is built."""
    manifest(root).unlink(missing_ok=True)


def remember(root: Path, before: dict[str, Any], *, with_pdf: bool) -> None:
    """Write the manifest.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    before : dict
        What :func:`sources` returned before the build began: what was saved meanwhile may not be in the pages.
    with_pdf : bool
        Whether the PDF was set.
    """
    content = {"sources": before, "made": made(root), "pdf": with_pdf}
    part = manifest(root).with_suffix(".part")
    part.write_text(json.dumps(content), "utf-8")
    part.replace(manifest(root))


def manifest(root: Path) -> Path:
    """Return the path of the manifest."""
    return Path(root) / "_build" / "complete.json"
