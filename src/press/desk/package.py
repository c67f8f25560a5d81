"""One archive from which a stranger makes the same bytes, with an index of packages alone.

    README.md                   after the template of the social-science data editors: data, requirements, programs, steps
    ro-crate-metadata.json      the same for machines, as RO-Crate
    exhibits.csv  values.csv    which cell of which notebook makes what, from which tables, into which file
    sbom.json                   the libraries, as a bill of materials in CycloneDX
    expected.sha256             the digest of every file that the build makes, for `sha256sum --check`
    checksums.sha256            the digest of every file of the archive
    sources/                    the commit, as git archives it, and commit.json, which says which one it is

The archive of a commit is the same, byte for byte, whenever and wherever it is made.

Not here: the words of the README (``replication``), the descriptions for machines (``crate``), building (``command``).
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from press import contract, lint, published, run
from press.archive import CHECKSUMS, pack, sha256, write_checksums
from press.contract import NOTEBOOKS
from press.desk import crate, replication
from press.errors import BookError
from press.fresh import complete
from press.page import citing, colophon
from press.session import memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

FOLDER = Path("_build") / "package"
SOURCES = "sources/"
SHOWN = 5


@dataclass(frozen=True)
class Facts:
    """What the archive says of a book.

    Attributes
    ----------
    root : pathlib.Path
    about : dict
        The fields of ``CITATION.cff``.
    colophon : dict of str to str
        As :func:`press.page.colophon.read` returns it.
    resources : list of dict
        The entries of the descriptor of ``data/``.
    notice : str
        What the descriptor says of all of them.
    notebooks : dict of str to dict
        By name: ``title``, and the tables that it ``reads``.
    exhibits, values : list of dict
        By what is printed: ``id, number, title, notebook, cell, files, tables``.
    sources : dict of str to bytes
        The files of the commit.
    made : dict of str to str
        SHA-256 of every file that the build makes, by path.
    """

    root: Path
    about: dict[str, Any]
    colophon: dict[str, str]
    resources: list[dict[str, Any]]
    notice: str
    notebooks: dict[str, dict[str, Any]]
    exhibits: list[dict[str, Any]]
    values: list[dict[str, Any]]
    sources: dict[str, bytes]
    made: dict[str, str]


def package(root: Path) -> Path:
    """Write the archive of the current commit.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project: a checkout without changes, in which the commit is built.

    Returns
    -------
    pathlib.Path
        The archive, in ``_build/package``.

    Raises
    ------
    BookError
        If the checkout has changes, so that its files are not those of the commit, or libraries are missing.
    """
    require_commit(root)
    facts = gather(root)
    files = {f"{SOURCES}{path}": content for path, content in facts.sources.items()}
    files |= {
        "README.md": replication.readme(facts).encode(),
        "exhibits.csv": _table(facts.exhibits),
        "values.csv": _table(facts.values),
        "sbom.json": crate.bill_of_materials(root),
        "expected.sha256": write_checksums(facts.made),
    }
    files[crate.NAME] = crate.describe(facts, files)
    files[CHECKSUMS] = write_checksums({path: sha256(content) for path, content in files.items()})
    target = root / FOLDER / f"{name(root)}.zip"
    published.write_if_changed(target, pack(files, name(root)))
    return target


def name(root: Path) -> str:
    """Return the name of the archive without its suffix: the package and the edition."""
    return f"{contract.read(root).package}-{citing.read(root)['edition']}"


def require_commit(root: Path) -> None:
    """Refuse a checkout whose files are not those of its commit.

    Parameters
    ----------
    root : pathlib.Path

    Raises
    ------
    BookError
        With the first files that differ.
    """
    answer = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise BookError(f"{root} is no checkout of git ({answer.stderr.strip()}); the archive is that of a commit")
    changed = [line[3:] for line in answer.stdout.splitlines()]
    if changed:
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise BookError(
            f"the archive is that of a commit, and these files are not in it as they are here: {', '.join(changed[:SHOWN])}"
            f"{more}; commit them, or put them aside"
        )


def gather(root: Path) -> Facts:
    """Read everything that the archive says of a book.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project, with a current build.

    Returns
    -------
    Facts
    """
    results = run.execute(root)
    content = published.read(results)
    descriptor = json.loads((root / "data" / "datapackage.json").read_bytes())
    paths = {entry["name"]: f"data/{entry['path']}" for entry in descriptor["resources"]}
    sources = dict(_committed(root))
    sources[colophon.ORIGIN] = (json.dumps(colophon.origin(root, sources), indent=1) + "\n").encode()
    made = [Path(path) for path in complete.files(root, complete.MADE)]
    return Facts(
        root=root,
        about=yaml.safe_load((root / citing.FILE).read_text("utf-8")),
        colophon=colophon.read(root),
        resources=descriptor["resources"],
        notice=descriptor.get("notice", ""),
        notebooks=dict(_notebooks(results, sources)),
        exhibits=[*_exhibits(root, content, paths)],
        values=[*_values(content, paths)],
        sources=sources,
        made={path.relative_to(root).as_posix(): sha256(path.read_bytes()) for path in made
              if path.name not in complete.BOOKKEEPING},
    )  # fmt: skip


def _committed(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the commit."""
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=root, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as committed:
        for member in committed:
            if member.issym() or member.islnk():
                raise BookError("this is a link; not every system can unpack one: commit the file itself", member.name)
            file = committed.extractfile(member)
            if file is not None:
                yield member.name, file.read()


def _notebooks(results: Iterable[Any], sources: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    for result in results:
        record = json.loads((result.folder / "record.json").read_bytes())
        executed = json.loads((result.folder / "notebook.ipynb").read_bytes())
        text = "".join("".join(cell["source"]) + "\n" for cell in executed["cells"] if cell["cell_type"] == "markdown")
        title = next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), result.name)
        read = {dependency.partition("#")[0].rstrip("/") for dependency in record["dependencies"]}
        # A folder that was read as a whole stands for the files in it.
        own = {path for path in read if path.startswith("data/") and path.rpartition("/")[0] not in read}
        yield result.name, {"title": title, "reads": sorted(own)}


def _exhibits(root: Path, content: published.Published, paths: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the exhibits in the order in which the book numbers them; those of collections have no number."""
    environment = lint.stored_environment(root)
    rows = []
    for identifier, metadata in content.exhibits.items():
        page, _ = memory(environment).homes[identifier]
        number = citing.number_of(environment, metadata)
        key = (
            not number,
            [(isinstance(part, str), str(part).zfill(4)) for part in number],
            metadata["kind"],
            identifier,
        )
        files = [f"_build/html/exhibits/{path.name}" for path in metadata["files"]]
        rows.append((key, {
            "id": identifier, "number": f"{metadata['kind'].capitalize()} {'.'.join(map(str, number))}".strip(),
            "title": metadata["title"], **_made_by(metadata, paths), "page": f"_build/html/{page}.html", "files": files,
        }))  # fmt: skip
    yield from (row for _, row in sorted(rows, key=lambda row: row[0]))


def _values(content: published.Published, paths: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for identifier, metadata in sorted(content.values.items()):
        yield {"id": identifier, "value": metadata["obs_value"], "unit": metadata["unit"], **_made_by(metadata, paths)}


def _made_by(metadata: Mapping[str, Any], paths: Mapping[str, str]) -> dict[str, Any]:
    """Return program and sources of what was published; a source that is no table keeps its name."""
    tables = [paths.get(source, source) for source in metadata["indicators"]]
    return {"program": f"{NOTEBOOKS}{metadata['notebook']}.py", "cell": metadata["cell"], "tables": tables}


def _table(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({key: " ".join(cell) if isinstance(cell, list) else cell for key, cell in row.items()})
    return text.getvalue().encode()
