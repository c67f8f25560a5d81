"""All cases on one page, with filters on the web, and the code book.

    ```{case-index}                 the index of all cases with its filters; in print, the list with short entries
    ```{case-code-book}             the codes, scales and their meaning

Not here: the page of one case (``page``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from report.cases.downloads import downloads
from report.cases.page import ELEMENT_LABELS, PURPOSIVE, LibraryDirective, case_link, paragraph, section, short_text
from report.filters import classes, form

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from crossroads.evidence.cases import Case
    from report.cases.library import Library


class CaseIndexDirective(LibraryDirective):
    """```{case-index}```: all cases, with filters on the web."""

    def run(self) -> list[nodes.Node]:
        """Return the filters (web only) and the list, which is complete without them."""
        library = self.library()
        entries = nodes.bullet_list(classes=["case-list"])
        for identifier, case in sorted(library.cases.items(), key=lambda entry: entry[1]["name"].casefold()):
            known = ", ".join(filter(None, [library.label("kinds", case["kind"]), library.place(case)]))
            since = f", since {case['start']['year']}" if case["start"] else ""
            strength = library.label("evidence-strengths", case["evidence"]["strength"]).lower()
            code = (case["status"] or {}).get("code")
            became = f" {library.label('statuses', code)}." if code else ""
            line = paragraph(
                nodes.strong("", "", case_link(library, identifier)), f". {known}{since}. ", short_text(case),
                nodes.inline("", f" Evidence: {strength}.{became}", classes=["case-strength"]),
            )  # fmt: skip
            entries += nodes.list_item("", line, classes=["case-entry", *classes(facets(library, case))])
        n = len(library.cases)
        container = nodes.container(classes=["case", "case-index"])
        container += nodes.raw("", filters(library), format="html")
        container += entries
        container += paragraph(f"{n} cases. {PURPOSIVE}", classes=["case-purposive"])
        container += nodes.raw("", downloads(self.env.docname), format="html")
        return [container]


class CaseCodeBookDirective(LibraryDirective):
    """```{case-code-book}```: what the codes and scales mean."""

    def run(self) -> list[nodes.Node]:
        """Return one definition list a group of codes and a scale."""
        library = self.library()
        made = []
        scales = {
            "evidence-strengths": "Strength of evidence",
            "confidences": "Confidence in the account",
            "kinds": "Kinds of case",
            "levels": "Levels of education",
            "statuses": "What became of it",
            "partner-kinds": "Kinds of partner",
            "source-kinds": "Kinds of source",
            "source-readings": "What was read of a source",
            "source-caveats": "Remarks on sources",
        }
        for name, title in scales.items():
            entries = [(entry["label"], entry["definition"]) for entry in library.lists[name].values()]
            made.append(self._list(title, name, entries))
        for group, title in library.code_book["groups"].items():
            entries = [
                (code["label"], f"{code['definition']} Coded from: {', '.join(code['fields'])}")
                for code in library.code_book["codes"].values()
                if code["group"] == group
            ]
            made.append(self._list(title, f"codes-{group}", entries))
        return made

    @staticmethod
    def _list(title, name, entries):
        items = nodes.definition_list()
        for label, definition in entries:
            body = nodes.definition("", paragraph(definition.rstrip(".") + "."))
            items += nodes.definition_list_item("", nodes.term("", label), body)
        # The names of classes carry no number and no code of a case: two sections may have one title.
        made = section(title, f"case-scale-{name}", items)
        made["classes"].append("case")
        return made


def facets(library: Library, case: Case) -> dict[str, list[str]]:
    """Return what a case can be filtered by: codes per facet."""
    return {
        "country": [case["place"]["country"]],
        "kind": [case["kind"]],
        "level": case["level"]["codes"] if case["level"] else ["unknown"],
        "element": library.regrouped(case["id"]) or ["unknown"],
        "partner": case["partners"]["kinds"] if case["partners"] else ["unknown"],
        "strength": [case["evidence"]["strength"]],
        "status": [(case["status"] or {}).get("code") or "unknown"],
    }


def filters(library: Library) -> str:
    """Write the filter form, hidden until the script that serves it has run."""
    titles = {
        "country": "Country",
        "kind": "Kind",
        "level": "Level",
        "element": "Element regrouped",
        "partner": "Partner",
        "strength": "Evidence",
        "status": "What became of it",
    }
    lists = {
        "kind": "kinds", "level": "levels", "partner": "partner-kinds", "strength": "evidence-strengths",
        "status": "statuses",
    }  # fmt: skip
    entries = [facets(library, case) for case in library.cases.values()]
    found = {facet: dict.fromkeys(code for entry in entries for code in entry[facet]) for facet in titles}
    labels = {}
    for facet in titles:
        unknown = {"unknown": "Not known"} if "unknown" in found[facet] else {}
        if facet == "country":
            names = {code: library.lists["areas"][code]["name"] for code in found[facet]}
            labels[facet] = dict(sorted(names.items(), key=lambda entry: entry[1]))
        elif facet == "element":
            labels[facet] = {**ELEMENT_LABELS, **unknown}
        else:
            labels[facet] = {code: entry["label"] for code, entry in library.lists[lists[facet]].items()} | unknown
    return form(entries, titles, labels, listed=".case-list > li", noun="cases")


def setup(app: Sphinx) -> None:
    """Register directives."""
    app.add_directive("case-index", CaseIndexDirective)
    app.add_directive("case-code-book", CaseCodeBookDirective)
