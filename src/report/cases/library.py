"""The case library as the pages need it: read once in a build, with what makes two cases similar.

Not here: what a valid case is (``crossroads.evidence.cases``), analysis (``crossroads.coding``), nodes (``page``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

from crossroads.evidence import cases, package
from press.errors import BookError
from press.published import SHOWN, files_digest, folder_of, write_if_changed
from press.run.dependencies import digest
from press.session import memory, session
from press.web.search import Entry, address_of, beginning
from report.cases import downloads
from report.shelf import shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from crossroads.evidence.cases import Case

logger = logging.getLogger(__name__)

KEY = "cases"
PAGES = "book/cases/"
SIMILAR = 3


@dataclass(frozen=True)
class Library:
    """Everything that pages say of cases.

    Attributes
    ----------
    cases : dict of str to dict
        By id.
    codings : dict of str to dict
        The codings ``first``, on which the pages rest, and ``second``: per case and code 1, 0 or None.
    code_book : dict
    lists : dict of str to dict
        The code lists of cases by name, without ``case-``, and ``areas``.
    digest : str
        Digest of the files that all this was read from.
    """

    cases: dict[str, Case]
    codings: dict[str, dict[str, dict[str, int | None]]]
    code_book: dict[str, Any]
    lists: dict[str, dict[str, dict[str, str]]]
    digest: str

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What is offered to take away, by the name of the file: made once as long as a preview shows the same cases."""
        return downloads.files(self)

    @cached_property
    def digests(self) -> dict[str, str]:
        """That of the library and of each case, by the keys with which pages note that they show them."""
        labels = digest(repr(self.lists).encode())
        own = {use(name): digest(repr([case, labels]).encode()) for name, case in self.cases.items()}
        return {KEY: self.digest, **own}

    def label(self, name: str, code: str) -> str:
        """Return the label of a code."""
        return self.lists[name][code]["label"]

    def place(self, case: Case) -> str:
        """Write a place: locality, region, country."""
        parts = [case["place"]["locality"], case["place"]["region"]]
        country = self.lists["areas"][case["place"]["country"]]["name"]
        return ", ".join(dict.fromkeys(part for part in [*parts, country] if part))

    def given(self, identifier: str) -> set[str]:
        """Return the codes that a case was given, without those of a field that is not known."""
        return {code for code, value in self.codings["first"].get(identifier, {}).items() if value}

    def regrouped(self, identifier: str) -> list[str]:
        """Return the elements of the pedagogical core that a case regroups."""
        groups = {self.code_book["codes"][code]["group"] for code in self.given(identifier)}
        return [element for element in cases.ELEMENTS if element in groups]

    def similar(self, identifier: str) -> list[tuple[str, set[str]]]:
        """Return the cases most similar to one: by Jaccard's index of codes and kinds of partner.

        Parameters
        ----------
        identifier : str

        Returns
        -------
        list of (str, set of str)
            Id and shared traits of at most three cases that share at least two; most similar first.
        """
        own = self._traits(identifier)
        ranked = []
        for other in self.cases:
            shared = own & self._traits(other)
            if other != identifier and len(shared) >= 2:
                ranked.append((-len(shared) / len(own | self._traits(other)), other, shared))
        return [(other, shared) for _, other, shared in sorted(ranked, key=lambda entry: entry[:2])[:SIMILAR]]

    def _traits(self, identifier):
        partners = self.cases[identifier]["partners"]
        return self.given(identifier) | {f"partner:{kind}" for kind in (partners["kinds"] if partners else [])}

    def likeness(self, traits: set[str]) -> str:
        """Say in words what two cases share: "In both: projects and inquiry. Both work with business".

        Parameters
        ----------
        traits : set of str
            As :meth:`similar` names them.

        Returns
        -------
        str
        """
        kinds = sorted(trait.removeprefix("partner:") for trait in traits if trait.startswith("partner:"))
        labels = [code["label"] for name, code in self.code_book["codes"].items() if name in traits]
        said = [f"In both: {_listed(labels)}."] if labels else []
        if kinds:
            said.append(f"Both work with {_listed([self.label('partner-kinds', kind) for kind in kinds])}.")
        return " ".join(said)


def _listed(labels):
    """Join labels as a sentence does: one, two and three."""
    labels = [label[0].lower() + label[1:] for label in dict.fromkeys(labels)]
    return " and ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))


def read(folder: Path) -> Library:
    """Read the library.

    Parameters
    ----------
    folder : pathlib.Path
        The folder ``data``.

    Returns
    -------
    Library

    Raises
    ------
    BookError
        If a file breaks the contract of cases.
    """
    paths = [*(folder / "cases").iterdir(), *(folder / "code-lists").glob("case-*.csv")]
    return _read(folder, files_digest([*sorted(paths), folder / "code-lists" / "areas.csv", Path(__file__)]))


@lru_cache(maxsize=1)  # for the preview, in which chapters are saved far more often than cases
def _read(folder, digest):
    names = (
        "kinds", "levels", "statuses", "partner-kinds", "evidence-strengths", "confidences", "source-kinds",
        "source-readings", "source-caveats",
    )  # fmt: skip
    try:
        content, book = cases.load(folder), cases.code_book(folder)
        codings = {name: cases.coding(name, folder, content) for name in ("first", "second")}
    except cases.CaseError as error:
        raise BookError("\n".join(f"data/cases/{mistake}" for mistake in error.mistakes[:SHOWN])) from None
    lists = {name: package.code_list(f"case-{name}", folder) for name in names}
    lists["areas"] = package.code_list("areas", folder)
    return Library(content, codings, book, lists, digest)


def load_library(app: Sphinx, config: Config) -> None:
    """Read the library, from which pages are made by rule, and lay out its downloads."""
    folder = Path(app.srcdir) / "data"
    has_library = (folder / "cases").is_dir()
    shelf(app).library = read(folder) if has_library else Library({}, {}, {}, {}, "")
    if has_library:
        for name, content in shelf(app).library.files.items():
            write_if_changed(folder_of(app) / "cases" / name, content)


def take_digests(app: Sphinx) -> None:
    """Give the library and each case the digest by which pages know that they show something else."""
    session(app).published.digests.update(shelf(app).library.digests)


def use(identifier: str) -> str:
    """Return the key by which a page notes that it shows or mentions a case."""
    return f"case:{identifier}"


def used_by(env: BuildEnvironment, identifier: str) -> list[str]:
    """Return the pages that use a case.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        Once all pages have been read.
    identifier : str

    Returns
    -------
    list of str
        The pages of the report that show or mention it, in alphabetical order.
    """
    return sorted(page for page, uses in memory(env).uses.items() if use(identifier) in uses)


def from_elsewhere(env: BuildEnvironment, page: str) -> list[str]:
    """Return what stands on the page of a case but comes from other pages: the list of those that use it."""
    return used_by(env, page.removeprefix(PAGES)) if page.startswith(PAGES) else []


def tell_unused(app: Sphinx, env: BuildEnvironment) -> None:
    """Say which cases no chapter uses."""
    known = shelf(app).library.cases
    unused = [identifier for identifier in known if not used_by(env, identifier)]
    if unused:
        logger.info("%d of %d cases are used by no chapter: %s", len(unused), len(known), ", ".join(unused))


def findable(app: Sphinx) -> Iterator[Entry]:
    """Yield the cases for the search, with their place."""
    library = shelf(app).library
    for identifier, case in sorted(library.cases.items()):
        address = address_of(app, f"case-{identifier}").partition("#")[0]
        if address:
            place = ", ".join(
                filter(None, [case["place"]["locality"], library.lists["areas"][case["place"]["country"]]["name"]])
            )
            page = memory(app.env).passages[f"{PAGES}{identifier}"][0]
            told = beginning(" ".join(sentence["text"] for sentence in case["story"] or ()))
            yield Entry("Case", case["name"], address, f"{place}. {told or page.about}", "", page.words)
