"""The colophon: from which commit, data and environment a book was built.

It stands at the foot of every page and in the imprint of the PDF. Commits change without any page changing, so
the pages carry a constant mark, and the text is stamped into them after each build.

Not here: dates of building, which would make two builds of one commit differ.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from press.published import write_if_changed

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MARK = re.compile(r"<!--colophon-->.*?<!--/colophon-->", re.DOTALL)
# Where a page wants the colophon besides its foot.
EMPTY = "<!--colophon--><!--/colophon-->"


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
        be known, as in a download without history, is ``"unknown"``; the date is then that of the edition.
    """
    # A copy that lies inside another project's repository is none of its files.
    own = bool(_git(root, "ls-files", "_toc.yml"))
    commit, committed = (_git(root, "log", "-1", f"--format=%{what}") if own else "" for what in ("h", "ct"))
    changes = _git(root, "status", "--porcelain", "--untracked-files=no") if commit else ""
    edition = str(yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))["date-released"])
    package = json.loads((root / "data" / "datapackage.json").read_bytes())
    retrieved = [resource["retrieved"] for resource in package["resources"] if resource.get("retrieved")]
    return {
        "commit": f"{commit}{'+' if changes else ''}" if commit else "unknown",
        "committed": datetime.fromtimestamp(int(committed), UTC).date().isoformat() if committed else edition,
        "data": max(retrieved, default="unknown"),
        "lock": hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest()[:12],
    }


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


def stamp_pages(app: Sphinx, exception: Exception | None) -> None:
    """Write the colophon into every page."""
    if exception or app.builder.format != "html":
        return
    stamp = f"<!--colophon-->{html.escape(text(read(Path(app.srcdir))))}<!--/colophon-->"
    for path in Path(app.outdir).rglob("*.html"):
        write_if_changed(path, MARK.sub(lambda _: stamp, path.read_text("utf-8")).encode())


def _git(root, *arguments):
    """Return what git prints, or nothing where there is no git or no history."""
    try:
        answer = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
