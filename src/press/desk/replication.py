"""The README of the archive, after the template that data editors of journals in the social sciences agreed on.

Its sections and their order are the template's (https://social-science-data-editors.github.io/template_README/); what they say is
computed from the descriptor of the data, the results of the notebooks and the lock. What nobody can compute, such as whether data
may be passed on and how long a machine is busy, the book says itself in :data:`OWN`, which is set in after them.

Not here: what is in the archive (``package``).
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from press import contract
from press.run.dependencies import LOCK
from press.run.launch import PINNED

if TYPE_CHECKING:
    from typing import Any

    from press.desk.package import Facts

TEMPLATE = Path(__file__).with_name("replication.md.jinja")
OWN = "docs/replication.md"
LOCKED = re.compile(r"(?m)^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)")


def readme(facts: Facts) -> str:
    """Write the README.

    Parameters
    ----------
    facts : press.desk.package.Facts

    Returns
    -------
    str
        Markdown.
    """
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters |= {"cell": cell, "suffixes": suffixes}
    project = tomllib.loads(facts.sources[contract.FILE].decode()).get("project", {})
    statements = [statement(entry) for entry in facts.resources]
    own = facts.sources.get(OWN, b"").decode()
    return environment.from_string(TEMPLATE.read_text("utf-8")).render(
        facts=facts,
        authors=[author(entry) for entry in facts.about["authors"]],
        statements=statements,
        citations=sorted({source["cited"] for entry in statements for source in entry["sources"]}),
        python=project.get("requires-python", "3 of the kind that the lock names"),
        libraries=len(locked(facts.sources[LOCK].decode())),
        pinned=PINNED,
        command=contract.read(facts.root).command,
        makes="Makefile" in facts.sources,
        size=sum(map(len, facts.sources.values())) / 1e6,
        own=re.sub(r"\A# .*\n+", "", own),
        of_programs=sorted(
            {path.split("/")[1] for path in facts.sources if path.startswith("src/") and path.count("/") > 1}
        ),
        documents=[
            path for path in sorted(facts.sources) if path in {"README.md", "CONTRIBUTING.md", "data/README.md"}
        ],
        licences=[path for path in sorted(facts.sources) if path.startswith("LICENSE")],
    )


def locked(lock: str) -> dict[str, str]:
    """Return the libraries of a lock with their versions; the first one where a library has several for several systems."""
    found: dict[str, str] = {}
    for name, version in LOCKED.findall(lock):
        found.setdefault(name.lower(), version)
    return found


def author(entry: dict[str, Any]) -> str:
    """Return the name of an author of ``CITATION.cff``."""
    parts = ("given-names", "name-particle", "family-names", "name-suffix")
    return str(entry.get("name") or " ".join(entry[part] for part in parts if entry.get(part)))


def statement(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what the descriptor says of a table, as the README lists it.

    Parameters
    ----------
    entry : dict
        Of the descriptor. A table of one source may say itself what ``sources`` says of several.

    Returns
    -------
    dict
        ``name, title, file, format, licence, publishes`` (whether it comes from somebody else) and ``sources``.
    """
    sources = entry.get("sources") or [entry]
    title = entry.get("title") or entry.get("dataset") or entry["name"]
    known = [_source(source) for source in sources]
    return {
        "name": entry["name"], "title": title, "file": f"data/{entry['path']}",
        "format": entry["path"].rpartition(".")[2].upper(), "publishes": bool(entry.get("publisher") or entry.get("sources")),
        "licence": "; ".join(dict.fromkeys(source["licence"] for source in known)), "dropped": len(entry.get("dropped", [])),
        "caveats": entry.get("caveats", []), "notice": entry.get("notice", ""),
        "sources": known if entry.get("publisher") or entry.get("sources") else [],
    }  # fmt: skip


def _source(source: dict[str, Any]) -> dict[str, Any]:
    licence = source.get("licence", "")
    licence = licence["name"] if isinstance(licence, dict) else licence
    doi = source.get("doi", "")
    address = (
        f"https://doi.org/{doi}"
        if doi
        else source.get("url") or (source["path"] if "://" in source.get("path", "") else "")
    )
    dataset = source.get("dataset") or source.get("title", "")
    named = [source.get("publisher", ""), dataset, source.get("edition", "")]
    return {
        "cited": f"{'. '.join(filter(None, named))}.{f' {address}' if address else ''}",
        "licence": licence or "none stated", "retrieved": source.get("retrieved", ""), "obtained": source.get("obtained", ""),
        "files": source.get("files", []),
    }  # fmt: skip


def suffixes(paths: list[str]) -> list[str]:
    """Return the kinds of files of an exhibit; that a picture is there for wide and for narrow pages is no kind."""
    return sorted({path.rpartition(".")[2] for path in paths})


def cell(text: object) -> str:
    """Write something into a cell of a table."""
    return str(text).replace("|", "\\|").replace("\n", " ")
