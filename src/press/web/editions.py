"""Exhibits of published editions, as they were when they were published: ``editions/<edition>/exhibits/<id>/`` of the site.

An edition is one archive in the repository, ``editions/<edition>.zip``, with a page, data, description and picture of each exhibit,
all of them ready to be read. Each build lays it out without changing a byte, whatever has become of data, code and theme since,
and stops where a byte is not the one that was frozen. The page of an exhibit leads to its frozen ones.

Not here: freezing (``press.desk.freeze``).
"""

from __future__ import annotations

import html
import io
import shutil
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from press.archive import CHECKSUMS, read_checksums, sha256
from press.errors import BookError
from press.published import write_if_changed
from press.session import memory, session

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.config import Config

FOLDER = "editions"
ALTERED = "what is frozen does not change; take the file of the commit that froze it"


@dataclass(frozen=True)
class Edition:
    """A frozen edition.

    Attributes
    ----------
    name : str
        Such as ``2026.1``.
    path : pathlib.Path
        Its archive.
    exhibits : frozenset of str
        Their ids.
    """

    name: str
    path: Path
    exhibits: frozenset[str]


def check(app: Sphinx, config: Config) -> None:
    """Find the frozen editions and refuse one that has been altered, before anything is built."""
    session(app).editions = read(Path(app.srcdir))
    session(app).frozen = partial(links, app)
    session(app).from_elsewhere.append(
        lambda env, page: [
            (edition.name, identifier)
            for edition in session(env.app).editions
            for identifier, home in sorted(memory(env).homes.items())
            if home[0] == page and identifier in edition.exhibits
        ]
    )


def read(root: Path) -> list[Edition]:
    """Read the frozen editions, the oldest first.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    list of Edition

    Raises
    ------
    BookError
        If an archive is not the one that was frozen, is missing, or is one that nobody froze.
    """
    folder = root / FOLDER
    if not folder.is_dir():
        return []
    listed = f"{FOLDER}/{CHECKSUMS}"
    known = read_checksums((root / listed).read_bytes(), listed) if (root / listed).is_file() else {}
    there = {path.name: path for path in folder.glob("*.zip")}
    for name in sorted({*known, *there}):
        if name not in there:
            raise BookError(f"the archive is gone, which {CHECKSUMS} names; {ALTERED}", f"{FOLDER}/{name}")
        if name not in known:
            raise BookError(
                f"{CHECKSUMS} does not name this archive; freeze an edition with the command `freeze`",
                f"{FOLDER}/{name}",
            )
    found = []
    for name, path in sorted(there.items(), key=lambda one: [(len(part), part) for part in one[0].split(".")]):
        content = path.read_bytes()
        if sha256(content) != known[name]:
            raise BookError(_altered(content), f"{FOLDER}/{name}")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [entry.split("/") for entry in archive.namelist()]
        exhibits = frozenset(part[1] for part in parts if part[0] == "exhibits")
        found.append(Edition(path.stem, path, exhibits))
    return found


def lay_out(app: Sphinx, exception: Exception | None) -> None:
    """Lay the frozen editions beside the pages, and take away what is no edition."""
    if exception or app.builder.name != "html":
        return
    target = Path(app.outdir) / FOLDER
    for edition in session(app).editions:
        _unpack(edition.path, target / edition.name)
    for path in set(target.glob("*")) - {target / edition.name for edition in session(app).editions}:
        shutil.rmtree(path)


def links(app: Sphinx, identifier: str, root: str) -> str:
    """Write where the frozen forms of an exhibit are, for the page of today's.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    identifier : str
        Of the exhibit.
    root : str
        Path from the page to the root of the site.

    Returns
    -------
    str
        HTML; nothing where no edition holds it.
    """
    held = [edition.name for edition in session(app).editions if identifier in edition.exhibits]
    if not held:
        return ""
    shown = ", ".join(
        f'<a href="{root}{FOLDER}/{html.escape(name)}/exhibits/{identifier}/index.html">edition {html.escape(name)}</a>'
        for name in held
    )
    return f'<p class="frozen">As it was published, at an address that stays as it is: {shown}</p>'


def _unpack(path: Path, target: Path) -> None:
    """Lay out an archive where it is not laid out already."""
    with zipfile.ZipFile(path) as archive:
        wanted = {target / entry.filename: entry for entry in archive.infolist()}
        list_of_files = archive.read(CHECKSUMS)
        if not _is_there(wanted, target / CHECKSUMS, list_of_files):
            for file, entry in wanted.items():
                if file.name != CHECKSUMS:
                    write_if_changed(file, archive.read(entry))
            # Last, so that a build that is interrupted does not take the others for whole.
            write_if_changed(target / CHECKSUMS, list_of_files)
    for file in [found for found in target.rglob("*") if found.is_file() and found not in wanted]:
        file.unlink()


def _is_there(wanted: dict[Path, Any], checksums: Path, content: bytes) -> bool:
    if not checksums.is_file() or checksums.read_bytes() != content:
        return False
    return all(file.is_file() and file.stat().st_size == entry.file_size for file, entry in wanted.items())


def _altered(content: bytes) -> str:
    """Name the first file of an archive that is not what was frozen."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            known = read_checksums(archive.read(CHECKSUMS), CHECKSUMS)
            names = {*archive.namelist()} - {CHECKSUMS}
            for name in sorted({*known, *names}):
                if name not in names or name not in known or sha256(archive.read(name)) != known[name]:
                    return f"{name} in it is not the file that was frozen; {ALTERED}"
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        return f"{error}; {ALTERED}"
    return f"it was packed again; {ALTERED}"
