"""The archive described for machines: RO-Crate for what is in it and how it was made, CycloneDX for the libraries.

Both say the same whenever they are written: no time of now, no random identifier.

Not here: what is in the archive (``package``), the same for people (``replication``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from press.desk import replication
from press.errors import BookError
from press.run.dependencies import LOCK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from press.desk.package import Facts

NAME = "ro-crate-metadata.json"
EXTRA = "package"
KINDS = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "py": "text/x-python",
    "sha256": "text/plain",
}
ABOUT = {
    "README.md": "Description for people, with statements on each source",
    "exhibits.csv": "Figures and tables with program, cell, source tables and files",
    "values.csv": "Numbers quoted in the text with program, cell and source tables",
    "sbom.json": "Libraries, as a bill of materials in CycloneDX",
    "expected.sha256": "Digests of what a build makes",
}


def describe(facts: Facts, files: Mapping[str, bytes]) -> bytes:
    """Describe the archive as RO-Crate.

    Each notebook is an action: its program is the instrument, the tables are what it takes, the exhibits its results.

    Parameters
    ----------
    facts : press.desk.package.Facts
    files : mapping of str to bytes
        What is in the archive so far.

    Returns
    -------
    bytes
        JSON-LD.

    Raises
    ------
    BookError
        If the library is missing.
    """
    require("rocrate")
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate()

    def entity(identifier: str, kind: str, **properties: Any) -> Any:
        return crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **properties}))

    def file(path: str, kind: str | list[str] = "File", **properties: Any) -> Any:
        told = {"@type": kind, "contentSize": str(len(files[path])), **properties}
        told |= {"encodingFormat": KINDS[suffix]} if (suffix := path.rpartition(".")[2]) in KINDS else {}
        return crate.add_file(dest_path=path, source=None, properties=told)

    crate.name = str(facts.about["title"])
    crate.description = (
        f"Sources, data and descriptions from which edition {facts.about['version']} is made again, byte for byte."
    )
    crate.datePublished = str(facts.about["date-released"])
    crate.root_dataset["version"] = str(facts.about["version"])
    crate.root_dataset["identifier"] = facts.colophon["commit"]
    crate.license = [
        entity(f"https://spdx.org/licenses/{name}", "CreativeWork", name=name) for name in _licences(facts)
    ]
    crate.root_dataset["author"] = [
        entity(f"#author-{number}", "Organization" if "name" in entry else "Person", name=replication.author(entry))
        for number, entry in enumerate(facts.about["authors"], 1)
    ]
    for path, description in ABOUT.items():
        file(path, name=path, description=description)
    crate.add_dataset(
        dest_path="sources/", source=None, properties={"name": "The commit: data, notebooks, code, prose, tests"}
    )
    tables = {}
    for statement in map(replication.statement, facts.resources):
        path = f"sources/{statement['file']}"
        if path in files:
            cited = [source["cited"] for source in statement["sources"]]
            told = {"license": statement["licence"], "isBasedOn": cited} if cited else {}
            tables[statement["file"]] = file(path, name=statement["title"], **told)
    for name, notebook in facts.notebooks.items():
        program = file(
            f"sources/notebooks/{name}.py",
            ["File", "SoftwareSourceCode"],
            name=notebook["title"],
            programmingLanguage="Python",
        )
        results = [
            entity(f"#{row['id']}", "CreativeWork", name=row["title"], alternateName=row["number"],
                   isBasedOn=[tables[path] for path in row["tables"] if path in tables] or row["tables"])
            for row in facts.exhibits if row["program"] == f"notebooks/{name}.py"
        ]  # fmt: skip
        read = [tables[path] for path in notebook["reads"] if path in tables]
        entity(
            f"#execution-of-{name}",
            "CreateAction",
            name=f"Execution of {name}",
            instrument=program,
            object=read,
            result=results,
        )
    described = crate.metadata.generate()
    described["@graph"] = sorted(described["@graph"], key=lambda one: (one["@id"] not in {NAME, "./"}, one["@id"]))
    return (json.dumps(described, indent=1, ensure_ascii=False) + "\n").encode()


def bill_of_materials(root: Path) -> bytes:
    """Write the libraries of the lock as a bill of materials.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    bytes
        CycloneDX, as JSON.

    Raises
    ------
    BookError
        If the library is missing, or refuses the lock.
    """
    require("cyclonedx_py")
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible", "--of", "JSON", LOCK]
    variables = {name: text for name, text in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    answer = subprocess.run(
        command, cwd=root, env=variables, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if answer.returncode:
        raise BookError(f"no bill of materials could be written: {answer.stderr.strip()}", LOCK)
    told = json.loads(answer.stdout)
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def require(library: str) -> None:
    """Say how to install what only an archive needs.

    Parameters
    ----------
    library : str
        What is imported.

    Raises
    ------
    BookError
        If it is not there.
    """
    if find_spec(library) is None:
        raise BookError(f"the archive needs {library}, which is not installed; install {LOCK}, or the extra {EXTRA!r}")


def _licences(facts: Facts) -> list[str]:
    """Return the licences of the whole, as ``CITATION.cff`` names them."""
    told = facts.about.get("license", [])
    return [told] if isinstance(told, str) else [*told]
