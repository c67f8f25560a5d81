"""Freezes the exhibits of the edition that is about to be published: one archive in ``editions/``, for all builds to come.

Of each exhibit it keeps what a reader may have cited: a page, the data, the description and the picture. A page needs nothing
but the files beside it, so that no later change of theme, data or code touches it.

Not here: laying it out (``press.web.editions``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from press import contract, lint, published, run, web
from press.archive import CHECKSUMS, pack, read_checksums, sha256, write_checksums
from press.errors import BookError
from press.page import citing, colophon, reading
from press.web import editions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment

# Pictures as dots and workbooks can be made from these, and weigh more than all else.
SUFFIXES = ("csv", "json", "svg")
STYLE = "frozen.css"


def freeze(root: Path) -> Path:
    """Freeze the exhibits of the current edition.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project: a checkout without changes, in which the commit is built.

    Returns
    -------
    pathlib.Path
        The archive, which is to be committed with the list of digests beside it.

    Raises
    ------
    BookError
        If the edition is frozen already.
    """
    edition = str(citing.read(root)["edition"])
    target = root / editions.FOLDER / f"{edition}.zip"
    if target.exists():
        raise BookError(
            f"edition {edition} is frozen already; give the next edition its number in {citing.FILE}, or delete the archive and"
            f" its line in {CHECKSUMS} if nobody has seen it yet",
            f"{editions.FOLDER}/{target.name}",
        )
    files = dict(_files(root, edition))
    files[CHECKSUMS] = write_checksums({path: sha256(content) for path, content in files.items()})
    packed = pack(files)
    listed = target.with_name(CHECKSUMS)
    known = read_checksums(listed.read_bytes(), f"{editions.FOLDER}/{CHECKSUMS}") if listed.exists() else {}
    published.write_if_changed(target, packed)
    published.write_if_changed(listed, write_checksums({**known, target.name: sha256(packed)}))
    return target


def _files(root: Path, edition: str) -> Iterator[tuple[str, bytes]]:
    """Yield all files of the archive but the list of their digests."""
    environment = lint.stored_environment(root)
    templates = Environment(
        loader=FileSystemLoader(web.TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    known = colophon.read(root)
    shared = {"language": environment.config.language, "colophon": colophon.text(known)}
    numbers = contract.read(root).numbers
    works = []
    content = published.read(run.execute(root))
    for identifier, metadata in sorted(content.exhibits.items()):
        work = exhibit(root, environment, metadata, edition)
        works.append(work)
        folder = f"exhibits/{identifier}/"
        files = [path for suffix in SUFFIXES if (path := metadata["folder"] / f"{identifier}.{suffix}").exists()]
        yield from ((folder + path.name, path.read_bytes()) for path in files)
        page = templates.get_template("frozen.html").render(
            work=work,
            metadata=metadata,
            reading=reading.read(metadata),
            files=[path.name for path in files],
            source=f"{numbers.source_line(metadata)}.",
            licence=numbers.licence_line(metadata),
            **shared,
        )
        yield f"{folder}index.html", page.encode()
    about = citing.read(root)
    page = templates.get_template("frozen-edition.html").render(
        edition=edition, book=about["book"], works=works, **shared
    )
    yield "index.html", page.encode()
    yield STYLE, (web.STATIC / STYLE).read_bytes()
    yield "edition.json", (json.dumps({"edition": edition, **known}, indent=1) + "\n").encode()


def exhibit(root: Path, environment: BuildEnvironment, metadata: dict[str, Any], edition: str) -> citing.Work:
    """Return an exhibit of the built book as a work whose address is its frozen one.

    Parameters
    ----------
    root : pathlib.Path
    environment : sphinx.environment.BuildEnvironment
        What Sphinx remembers of the build.
    metadata : dict
        What was published of the exhibit.
    edition : str

    Returns
    -------
    press.page.citing.Work
    """
    identifier = metadata["id"]
    number = citing.number_of(environment, metadata)
    base = environment.config.html_baseurl.rstrip("/")
    place = f"{base}/{editions.FOLDER}/{edition}/exhibits/{identifier}/" if base else ""
    return citing.Work(
        identifier, metadata["kind"], metadata["title"], ".".join(map(str, number)), place, **citing.read(root)
    )
