"""What the notebooks have published, as the pages need it.

Reads the current results of all notebooks from the result store, refuses what two notebooks claim, and lays the
files out under stable names in ``_build/published``, from where the pages take pictures and downloads. Each
exhibit, value and notebook has a digest here: a page that shows it is rendered again when the digest changes.

Not here: execution and the store itself (``press.run``), docutils nodes (``press.page.directives``).
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import BookError
from press.run.dependencies import file_digest, files_below

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sphinx.application import Sphinx

SHOWN = 20  # mistakes of a kind


@dataclass(frozen=True)
class Published:
    """Everything that notebooks published, by id.

    Attributes
    ----------
    exhibits, values, statements, tests : dict of str to dict
        Published metadata, with the name of the publishing notebook added as ``notebook``.
    executed : dict of str to pathlib.Path
        The executed notebook of each analysis, by name.
    digests : dict of str to str
        Digest of everything a page may show: ``exhibit:<id>``, ``value:<id>``, ``statements:<id>``, ``tests:<id>``,
        ``notebook:<name>``, and ``registry`` for the pages that list all of it.
    """

    exhibits: dict
    values: dict
    statements: dict
    tests: dict
    executed: dict
    digests: dict


def read(results: Iterable[Any]) -> Published:
    """Read what the notebooks have published.

    Parameters
    ----------
    results : iterable of press.run.Result
        The current result of each notebook.

    Returns
    -------
    Published

    Raises
    ------
    BookError
        If two notebooks publish the same id.
    """
    # Its record names the digest of every file of a result, with which the store has compared them.
    current = tuple((result.name, result.folder, file_digest(result.folder / "record.json")) for result in results)
    found = (_read_all if all(record for _, _, record in current) else _read_all.__wrapped__)(current)
    return replace(found, digests={**found.digests})  # to which others add theirs


@lru_cache(maxsize=1)
def _read_all(current: tuple[tuple[str, Path, str], ...]) -> Published:
    """Read what the results of these records hold, once for each state of them: a preview asks after each saving."""
    exhibits: dict[str, dict[str, Any]] = {}
    executed, digests = {}, {}
    many: dict[str, dict[str, dict[str, Any]]] = {"value": {}, "statements": {}, "tests": {}}
    for notebook, folder, _ in current:
        executed[notebook] = folder / "notebook.ipynb"
        digests[f"notebook:{notebook}"] = files_digest([executed[notebook]])
        for name, files in _by_exhibit(folder / "exhibits").items():
            path = folder / "exhibits" / f"{name}.json"
            metadata = {**_content(path), "notebook": notebook, "folder": path.parent, "files": files}
            _require_id(metadata, path)
            _claim(exhibits, metadata, "exhibit")
            # Pages name the notebook, too, which may be renamed, as the metadata of values and statements below do.
            found = f"{files_digest(files)} {notebook}"
            digests[f"exhibit:{metadata['id']}"] = hashlib.sha256(found.encode()).hexdigest()
        for kind, name in (("value", "values.json"), ("statements", "statements.json"), ("tests", "tests.json")):
            path = folder / name
            for metadata, found in _entries(path, file_digest(path), notebook) if path.exists() else ():
                _claim(many[kind], metadata, kind)
                digests[f"{kind}:{metadata['id']}"] = found
    taken = sorted(set(exhibits) & set(many["value"]))
    if taken:
        raise BookError(f"{taken[0]!r} is the id of an exhibit and of a value; rename one of them")
    registry = [entry for entry in sorted(digests.items()) if not entry[0].startswith("notebook:")]
    digests["registry"] = hashlib.sha256(repr(registry).encode()).hexdigest()
    return Published(exhibits, many["value"], many["statements"], many["tests"], executed, digests)


def _by_exhibit(folder: Path) -> dict[str, list[Path]]:
    """Return the files of each exhibit in a folder, which is listed once: a preview asks after each saving."""
    names = sorted(os.listdir(folder)) if folder.is_dir() else []
    return {identifier: [folder / name for name in found] for identifier, found in groupby(names, key=_identifier)}


def _identifier(name: str) -> str:
    return name.partition(".")[0]


def require_shown(published: Published, media_type: str) -> None:
    """Refuse an exhibit that its notebook does not show, and a picture that is none, before any page is read.

    Parameters
    ----------
    published : Published
    media_type : str
        That of a published exhibit among the outputs of a cell.

    Raises
    ------
    BookError
        That names each with its cell.
    """
    wrong = []
    for name, path in published.executed.items():
        wanted = {key: entry for key, entry in published.exhibits.items() if entry["notebook"] == name}
        shown, bare = _shown(path, published.digests[f"notebook:{name}"], media_type)
        wrong += [
            f"notebooks/{name}.py, code cell {metadata['cell']}: the exhibit {identifier!r} is published but not shown;"
            " make the call the last line of its cell, and begin a new cell for the next with # %%"
            for identifier, metadata in wanted.items()
            if identifier not in shown and not metadata.get("collection")
        ]
        wrong += [
            f"notebooks/{name}.py, code cell {number}: shows a picture that is no exhibit and has neither source nor"
            " alternative text; publish it with exhibits.figure, or take it out"
            for number in bare
        ]
    if wrong:
        raise BookError("\n".join(wrong))


def require_loaded(published: Published, root: Path) -> None:
    """Refuse what names a table as its source that its notebook has not loaded: readers would be led to another one.

    Parameters
    ----------
    published : Published
    root : pathlib.Path
        Of the project.

    Raises
    ------
    BookError
        That names each with its cell.
    """
    paths = _tables((root / "data" / "datapackage.json").read_bytes())
    loaded = {
        name: _content(record)["dependencies"]
        for name, path in published.executed.items()
        if (record := path.with_name("record.json")).is_file()
    }
    kinds = (published.exhibits, published.values, published.statements, published.tests)
    wrong = [
        f"notebooks/{metadata['notebook']}.py, code cell {metadata['cell']}: {identifier!r} names the table {source!r} as its"
        " source, which the notebook never loads; name those that it was computed from"
        for kind in kinds
        for identifier, metadata in kind.items()
        for source in metadata["indicators"]
        if source in paths and paths[source] not in loaded.get(metadata["notebook"], paths.values())
    ]
    if wrong:
        raise BookError("\n".join(wrong[:SHOWN]))


@lru_cache(maxsize=2)
def _tables(descriptor: bytes) -> dict[str, str]:
    """Return the paths of all tables by name."""
    return {entry["name"]: f"data/{entry['path']}" for entry in json.loads(descriptor)["resources"]}


@lru_cache(maxsize=1024)
def _shown(path: Path, digest: str, media_type: str) -> tuple[frozenset[str | None], tuple[int, ...]]:
    """Return the exhibits that a notebook shows, and the code cells with a picture that is none; once for each state of it."""
    cells = [cell for cell in _content(path)["cells"] if cell["cell_type"] == "code"]
    shown = frozenset(exhibit_of(output, media_type) for cell in cells for output in cell.get("outputs", []))
    bare = tuple(
        number
        for number, cell in enumerate(cells, start=1)
        if not cell["metadata"].get("mystnb", {}).get("image", {}).get("alt")
        and any(_is_picture(output) and not exhibit_of(output, media_type) for output in cell.get("outputs", []))
    )
    return shown, bare


def _is_picture(output: dict[str, Any]) -> bool:
    return any(kind.startswith("image/") for kind in output.get("data", ()))


def exhibit_of(output: dict[str, Any], media_type: str) -> str | None:
    """Return the id of the exhibit that a cell's output shows, or None."""
    entry = output.get("data", {}).get(media_type)
    return json.loads(entry)["id"] if isinstance(entry, str) else (entry or {}).get("id")


def folder_of(app: Sphinx) -> Path:
    """Return the folder in which published files have stable names."""
    return Path(app.srcdir) / "_build" / "published"


def lay_out(published: Published, folder: Path) -> None:
    """Write the exhibits' files under stable names, touching only what changed.

    Parameters
    ----------
    published : Published
    folder : pathlib.Path
        The folder ``_build/published``.
    """
    # Thousands of paths, of which pathlib would make objects after each saving.
    exhibits, notebooks = os.path.join(folder, "exhibits"), os.path.join(folder, "notebooks")
    wanted = {
        os.path.join(exhibits, path.name): path
        for metadata in published.exhibits.values()
        for path in metadata["files"]
    }
    kept = {*wanted, *(os.path.join(notebooks, f"{name}.ipynb") for name in published.executed)}
    for path in {*files_below(exhibits), *files_below(notebooks)} - kept:
        os.unlink(path)
    for path, source in wanted.items():
        copy_if_changed(source, path)


def copy_tree(folder: Path, target: Path) -> None:
    """Make the folders of published files in the site the same as the ones laid out.

    Parameters
    ----------
    folder, target : pathlib.Path
        The folder ``_build/published`` and the root of the site.
    """
    laid = {path: f"{target}{path.removeprefix(str(folder))}" for path in files_below(folder)}
    for source, copy in laid.items():
        copy_if_changed(source, copy)
    kept = set(laid.values())
    for path in [*(target / "exhibits").glob("*"), *(target / "notebooks").glob("*.ipynb")]:
        # Workbooks are made of what was laid out, and laid beside it by whoever makes them.
        if str(path) not in kept and path.is_file() and path.suffix != ".xlsx":
            path.unlink()


def drop_old_pictures(folder: Path, images: Path) -> None:
    """Remove pictures that have changed or are no longer published from the site.

    Sphinx complains of each that it overwrites, and never takes one away.

    Parameters
    ----------
    folder, images : pathlib.Path
        The folder ``_build/published`` and the site's folder of pictures.
    """
    for path in images.glob("*"):
        now, before = (place / "exhibits" / path.name for place in (folder, images.parent))
        changed = now.exists() and file_digest(now) != file_digest(path)
        withdrawn = before.exists() and not now.exists()
        if changed or withdrawn:
            path.unlink()


def write_if_changed(path: Path, content: bytes) -> None:
    """Write a file unless it holds these bytes already, so that its time stamp tells of real changes.

    Parameters
    ----------
    path : pathlib.Path
    content : bytes
    """
    path = Path(path)
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Of this process alone: one whose parent was killed may still be at work.
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        temporary.write_bytes(content)
        temporary.replace(path)


def copy_if_changed(source: Path | str, path: Path | str) -> None:
    """Copy a file unless the other holds its bytes already.

    Parameters
    ----------
    source, path : pathlib.Path or str
    """
    there = file_digest(path)
    if not there or there != file_digest(source):
        write_if_changed(Path(path), Path(source).read_bytes())


def files_digest(paths: Iterable[Path]) -> str:
    """Return a digest of names and contents of files.

    Parameters
    ----------
    paths : iterable of pathlib.Path

    Returns
    -------
    str
    """
    found = hashlib.sha256()
    for path in paths:
        found.update(f"{path.name}\0{file_digest(path)}\0".encode())
    return found.hexdigest()


def _content(path: Path) -> dict[str, Any]:
    """Return what a notebook published, not to be changed: it is read once for each state of its file."""
    return _read(path, file_digest(path))


@lru_cache(maxsize=4096)
def _read(path: Path, digest: str) -> dict[str, Any]:
    """Read what a notebook published; its file was whole when the result was stored."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BookError(f"cannot be read ({error}); delete {path.parent.parent}, and build again", str(path)) from None
    if not isinstance(found, dict):
        raise BookError(f"holds {type(found).__name__}; delete {path.parent.parent}, and build again", str(path))
    return found


@lru_cache(maxsize=1024)
def _entries(path: Path, digest: str, notebook: str) -> list[tuple[dict[str, Any], str]]:
    """Return what a notebook published in one file, each with its digest."""
    found = [{**content, "notebook": notebook} for content in _read(path, digest).values()]
    for metadata in found:
        _require_id(metadata, path)
    return [(metadata, hashlib.sha256(repr(metadata).encode()).hexdigest()) for metadata in found]


def _require_id(metadata: Any, path: Path) -> None:
    if not isinstance(metadata, dict) or not isinstance(metadata.get("id"), str):
        raise BookError(f"what was published has no id; delete {path.parent.parent}, and build again", str(path))


def _claim(claimed, metadata, kind):
    first = claimed.setdefault(metadata["id"], metadata)
    if first is not metadata:
        raise BookError(
            f"notebooks/{metadata['notebook']}.py, code cell {metadata['cell']}: the {kind} id {metadata['id']!r}"
            f" is taken by notebooks/{first['notebook']}.py, code cell {first['cell']}; rename one of them"
        )
