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
    description = _Description(facts, files)
    description.tell_about()
    description.tell_programs(description.tell_tables())
    return description.written()


class _Description:
    """An RO-Crate that is being filled."""

    def __init__(self, facts: Facts, files: Mapping[str, bytes]) -> None:
        from rocrate.rocrate import ROCrate

        self.facts, self.files, self.crate = facts, files, ROCrate()

    def entity(self, identifier: str, kind: str, **properties: Any) -> Any:
        """Add something that is no file."""
        from rocrate.model.contextentity import ContextEntity

        return self.crate.add(ContextEntity(self.crate, identifier, properties={"@type": kind, **properties}))

    def file(self, path: str, kind: str | list[str] = "File", **properties: Any) -> Any:
        """Add a file of the archive."""
        suffix = path.rpartition(".")[2]
        told = {"@type": kind, "contentSize": str(len(self.files[path])), **properties}
        told |= {"encodingFormat": KINDS[suffix]} if suffix in KINDS else {}
        return self.crate.add_file(dest_path=path, source=None, properties=told)

    def tell_about(self) -> None:
        """Say what the whole is, who wrote it, and what its files are."""
        about = self.facts.about
        self.crate.name = str(about["title"])
        self.crate.description = (
            f"Sources, data and descriptions from which edition {about['version']} is made again, byte for byte."
        )
        self.crate.datePublished = str(about["date-released"])
        self.crate.root_dataset["version"] = str(about["version"])
        self.crate.root_dataset["identifier"] = self.facts.colophon["commit"]
        named = about.get("license", [])
        self.crate.license = [
            self.entity(f"https://spdx.org/licenses/{name}", "CreativeWork", name=name)
            for name in ([named] if isinstance(named, str) else named)
        ]
        self.crate.root_dataset["author"] = [
            self.entity(
                f"#author-{number}", "Organization" if "name" in entry else "Person", name=replication.author(entry)
            )
            for number, entry in enumerate(about["authors"], 1)
        ]
        for path, description in ABOUT.items():
            self.file(path, name=path, description=description)
        told = {"name": "The commit: data, notebooks, code, prose, tests"}
        self.crate.add_dataset(dest_path="sources/", source=None, properties=told)

    def tell_tables(self) -> dict[str, Any]:
        """Say what each table is; returns them by their path in the sources."""
        tables = {}
        for statement in map(replication.statement, self.facts.resources):
            path = f"sources/{statement['file']}"
            if path in self.files:
                cited = [source["cited"] for source in statement["sources"]]
                told = {"license": statement["licence"], "isBasedOn": cited} if cited else {}
                tables[statement["file"]] = self.file(path, name=statement["title"], **told)
        return tables

    def tell_programs(self, tables: Mapping[str, Any]) -> None:
        """Say what each notebook took and made."""
        for name, notebook in self.facts.notebooks.items():
            kinds = ["File", "SoftwareSourceCode"]
            path = f"notebooks/{name}.py"
            program = self.file(f"sources/{path}", kinds, name=notebook["title"], programmingLanguage="Python")
            results = [self.exhibit(row, tables) for row in self.facts.exhibits if row["program"] == path]
            read = [tables[path] for path in notebook["reads"] if path in tables]
            told = {"name": f"Execution of {name}", "instrument": program, "object": read, "result": results}
            self.entity(f"#execution-of-{name}", "CreateAction", **told)

    def exhibit(self, row: Mapping[str, Any], tables: Mapping[str, Any]) -> Any:
        """Add an exhibit; a source that is no table of the archive is named."""
        based = [tables.get(path, path) for path in row["tables"]]
        return self.entity(
            f"#{row['id']}", "CreativeWork", name=row["title"], alternateName=row["number"], isBasedOn=based
        )

    def written(self) -> bytes:
        """Return the description in an order that depends on nothing else."""
        described = self.crate.metadata.generate()
        described["@graph"].sort(key=lambda one: (one["@id"] not in {NAME, "./"}, one["@id"]))
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
