"""The case library as the pages need it: read once in a build, with what makes two cases similar.

Not here: what a valid case is (``crossroads.evidence.cases``), analysis (``crossroads.coding``), nodes (``page``).
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sphinx.util import logging

from crossroads.evidence import cases
from press.errors import BookError
from press.published import files_digest
from report.cases.downloads import write_downloads
from report.shelf import kept, shelf

logger = logging.getLogger(__name__)

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
        Code lists by name: kinds, levels, partner-kinds, evidence-strengths, confidences, source-caveats, areas.
    digest : str
        Digest of the files that all this was read from.
    """

    cases: dict
    codings: dict
    code_book: dict
    lists: dict
    digest: str

    def label(self, name, code):
        """Return the label of a code."""
        return self.lists[name][code]["label"]

    def place(self, case):
        """Write a place: locality, region, country."""
        parts = [case["place"]["locality"], case["place"]["region"]]
        country = self.lists["areas"][case["place"]["country"]]["name"]
        return ", ".join(dict.fromkeys(part for part in [*parts, country] if part))

    def given(self, identifier):
        """Return the codes that a case was given, without those of a field that is not known."""
        return {code for code, value in self.codings["first"].get(identifier, {}).items() if value}

    def regrouped(self, identifier):
        """Return the elements of the pedagogical core that a case regroups."""
        groups = {self.code_book["codes"][code]["group"] for code in self.given(identifier)}
        return [element for element in cases.ELEMENTS if element in groups]

    def similar(self, identifier):
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

    def trait_label(self, trait):
        """Return the label of a trait that :meth:`similar` names."""
        mode, _, kind = trait.partition(":")
        if mode == "partner":
            return f"{self.label('partner-kinds', kind).lower()} as partner"
        return self.code_book["codes"][trait]["label"].lower()


def read(folder):
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
    names = ("kinds", "levels", "partner-kinds", "evidence-strengths", "confidences", "source-caveats")
    try:
        content, book = cases.load(folder), cases.code_book(folder)
        codings = {name: cases.coding(name, folder, content) for name in ("first", "second")}
    except cases.CaseError as error:
        more = f" (and {len(error.mistakes) - 1} more mistakes)" if len(error.mistakes) > 1 else ""
        raise BookError(error.mistakes[0] + more, "data/cases") from None
    lists = {name: cases.code_list(f"case-{name}", folder) for name in names}
    lists["areas"] = cases.code_list("areas", folder)
    return Library(content, codings, book, lists, digest)


def load_library(app):
    """Read the library and lay out its downloads before any page is read."""
    folder = Path(app.srcdir) / "data"
    has_library = (folder / "cases").is_dir()
    shelf(app).library = read(folder) if has_library else Library({}, {}, {}, {}, "")
    if has_library:
        write_downloads(shelf(app).library, Path(app.srcdir) / "_build" / "published" / "cases")


def find_outdated_pages(app, env, added, changed, removed):
    """Name the pages made from cases when any file of the library is another one."""
    before = kept(env).case_shown.get("digest")
    kept(env).case_shown["digest"] = shelf(app).library.digest
    return sorted(kept(env).case_pages & env.found_docs) if before != shelf(app).library.digest else []


def forget_page(app, env, page):
    """Forget what a page used, before it is read again."""
    kept(env).case_uses.pop(page, None)
    kept(env).case_pages.discard(page)


def used_by(env):
    """Return the pages that use each case.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment

    Returns
    -------
    dict of str to list of str
        Per case the pages of the report that show or mention it, in alphabetical order; empty where none does.
    """
    uses: dict[str, list[str]] = {identifier: [] for identifier in shelf(env.app).library.cases}
    for page, identifiers in sorted(kept(env).case_uses.items()):
        for identifier in identifiers:
            if identifier in uses:
                uses[identifier].append(page)
    return uses


def check(app, env):
    """Find cases without a page, say which no chapter uses, and name the pages whose list of uses changed."""
    known = shelf(app).library.cases
    for identifier in known:
        if f"{PAGES}{identifier}" not in env.found_docs:
            raise BookError(
                f"the case {identifier!r} has no page; add {PAGES}{identifier} to _toc.yml and let the file"
                f" {PAGES}{identifier}.md hold one directive, ```{{case-page}} {identifier}```",
                f"data/cases/{identifier}.yaml",
            )
    uses = used_by(env)
    unused = [identifier for identifier, pages in uses.items() if not pages]
    if unused:
        logger.info("%d of %d cases are used by no chapter: %s", len(unused), len(known), ", ".join(unused))
    shown = kept(env).case_shown.get("uses", {})
    titles = {page: env.titles[page].astext() for pages in uses.values() for page in pages}
    current = {identifier: [(page, titles[page]) for page in pages] for identifier, pages in uses.items()}
    kept(env).case_shown["uses"] = current
    return [f"{PAGES}{identifier}" for identifier in known if current[identifier] != shown.get(identifier)]
