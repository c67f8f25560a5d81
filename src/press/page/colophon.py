"""The colophon: from which commit, data and environment a book was built.

It stands at the foot of every page and in the imprint of the PDF. Commits change without any page changing, so
the pages carry a constant mark: the text is put there when a page is written, and stamped into all others after each build.
An archive of a commit has no history: it
brings the file :data:`ORIGIN`, which names its commit and the digest of each file, and is of that commit as git would say it.

Not here: dates of building, which would make two builds of one commit differ.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from press import notation
from press.errors import BookError
from press.published import write_if_changed
from press.run.dependencies import digest, file_digest, files_below
from press.session import session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from docutils import nodes
    from sphinx.application import Sphinx

MARK = re.compile(r"<!--colophon-->.*?<!--/colophon-->", re.DOTALL)
# Where a page wants the colophon besides its foot.
EMPTY = "<!--colophon--><!--/colophon-->"
ORIGIN = "commit.json"
# How much of a commit is printed. What git takes for short depends on how many objects a repository holds.
DIGITS = 10


def read(root: Path) -> dict[str, str]:
    """Find out from what a book is built.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    dict of str to str
        ``commit`` (with ``+`` where the checkout has changes), ``committed`` (date of the commit, ISO 8601),
        ``data`` (date of the newest retrieval) and ``lock`` (first digits of the lock's SHA-256). What cannot
        be known, as in a download without history that was not made by the press, is ``"unknown"``; the date is then that
        of the edition.

    Raises
    ------
    BookError
        If one of the files that it is read from is not there.
    """
    commit, committed, changed = _from_git(root) or _from_origin(root) or ("", "", False)
    edition = str(
        notation.read_yaml("CITATION.cff", _content(root, "CITATION.cff").decode("utf-8-sig"))["date-released"]
    )
    package = json.loads(_content(root, "data/datapackage.json"))
    retrieved = [resource["retrieved"] for resource in package["resources"] if resource.get("retrieved")]
    return {
        "commit": f"{commit}{'+' if changed else ''}" if commit else "unknown",
        "committed": committed or edition,
        "data": max(retrieved, default="unknown"),
        "lock": hashlib.sha256(_content(root, "requirements.lock")).hexdigest()[:12],
    }


def _content(root: Path, name: str) -> bytes:
    """Return the content of a file of which every page says something at its foot."""
    if not (root / name).is_file():
        raise BookError(
            f"there is no file {name}, of which the foot of each page tells; bring it back with `git checkout -- {name}`"
        )
    return (root / name).read_bytes()


def text(entries: dict[str, str]) -> str:
    """Say the colophon in one line.

    Parameters
    ----------
    entries : dict
        As :func:`read` returns it.

    Returns
    -------
    str
    """
    return (
        f"Built from commit {entries['commit']} of {entries['committed']}, data retrieved up to"
        f" {entries['data']}, environment {entries['lock']}."
    )


def know(app: Sphinx) -> None:
    """Know it for all that a build makes; the command line has asked already."""
    session(app).colophon = app.config.press_colophon or read(Path(app.srcdir))


def _stamp(app: Sphinx) -> str:
    return f"<!--colophon-->{html.escape(text(session(app).colophon))}<!--/colophon-->"


def sign_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Put the colophon where it stands on a page that is being written: a preview shows the page before all are stamped."""
    stamp = _stamp(app)
    for part in ("body", "footer"):
        context[part] = MARK.sub(lambda _: stamp, context.get(part) or "")


def stamp_pages(app: Sphinx, exception: Exception | None) -> None:
    """Write the colophon into every page."""
    if exception or app.builder.format != "html":
        return
    stamp = _stamp(app)
    # By stamp the times of the pages that bear it: the others have been written since.
    root, record = Path(app.outdir), Path(app.doctreedir, "stamped")
    known = json.loads(record.read_text("utf-8")).get(stamp, {}) if record.exists() else {}
    times = {}
    for path in sorted(Path(path) for path in files_below(root) if path.endswith(".html")):
        name = path.relative_to(root).as_posix()
        times[name] = path.stat().st_mtime_ns
        if times[name] != known.get(name):
            write_if_changed(path, MARK.sub(lambda _: stamp, path.read_text("utf-8")).encode())
            times[name] = path.stat().st_mtime_ns
    write_if_changed(record, json.dumps({stamp: times}).encode())


def origin(root: Path, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what an archive of the current commit says of where it comes from.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project, a checkout without changes.
    files : mapping of str to bytes
        The files of the archive.

    Returns
    -------
    dict
        For :data:`ORIGIN`: ``commit``, ``committed`` and ``files``, digests by path.
    """
    known = _from_git(root)
    assert known  # who makes an archive of a commit has one
    return {"commit": known[0], "committed": known[1], "files": {path: digest(files[path]) for path in sorted(files)}}


def _from_git(root: Path) -> tuple[str, str, bool] | None:
    """Return commit, its date, and whether the checkout has changes."""
    # A copy that lies inside another project's repository is none of its files.
    if not _git(root, "ls-files", "_toc.yml"):
        return None
    asked = (("log", "-1", "--format=%H %ct"), ("status", "--porcelain", "--untracked-files=no"))
    with ThreadPoolExecutor(len(asked)) as threads:  # each build of a preview asks
        said, changes = threads.map(lambda question: _git(root, *question), asked)
    if not said:
        return None
    commit, seconds = said.split()
    return commit[:DIGITS], datetime.fromtimestamp(int(seconds), UTC).date().isoformat(), bool(changes)


def _from_origin(root: Path) -> tuple[str, str, bool] | None:
    """Return the same of an archive, whose files tell whether they were changed."""
    path = root / ORIGIN
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_bytes())
        commit, committed, files = told["commit"], told["committed"], told["files"].items()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BookError(
            f"{type(error).__name__}: {error}; unpack the archive again, or delete the file", ORIGIN
        ) from None
    return commit, committed, any(file_digest(root / name) != expected for name, expected in files)


def _git(root, *arguments):
    """Return what git prints, or nothing where there is no git or no history."""
    try:
        answer = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
