"""All cases on one page, with filters on the web, and the code book.

    ```{case-index}                 the index of all cases with its filters; in print, the list with short entries
    ```{case-code-book}             the codes, scales and their meaning

Not here: the page of one case (``page``).
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from docutils import nodes

from report.cases.downloads import downloads
from report.cases.page import ELEMENT_LABELS, PURPOSIVE, LibraryDirective, case_link, paragraph, section, short_text

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from crossroads.evidence.cases import Case
    from report.cases.library import Library

INDEX = "book/cases"


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
            found = facets(library, case).items()
            classes = [f"{facet}-{code}" for facet, codes in found for code in codes]
            entries += nodes.list_item("", line, classes=["case-entry", *classes])
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
    counts: dict[str, dict[str, int]] = {facet: {} for facet in titles}
    for case in library.cases.values():
        for facet, codes in facets(library, case).items():
            for code in codes:
                counts[facet][code] = counts[facet].get(code, 0) + 1
    fields = ['<label>Words <input type="search" name="words" autocomplete="off"></label>']
    for facet, title in titles.items():
        labels = {code: "Not known" for code in counts[facet] if code == "unknown"}
        if facet == "country":
            labels |= {code: library.lists["areas"][code]["name"] for code in counts[facet]}
            order = sorted(labels, key=labels.__getitem__)
        elif facet == "element":
            labels = {**ELEMENT_LABELS, **labels}
            order = list(labels)
        else:
            labels = {code: entry["label"] for code, entry in library.lists[lists[facet]].items()} | labels
            order = list(labels)
        options = "".join(
            f'<option value="{html.escape(code)}">{html.escape(labels[code])} ({counts[facet].get(code, 0)})</option>'
            for code in order
        )
        fields.append(f'<label>{title} <select name="{facet}"><option value="">All</option>{options}</select></label>')
    return (
        '<form class="case-filters" hidden aria-label="Filter the cases">'
        + "".join(fields)
        + '<button type="reset">Show all</button></form>'
        + '<p class="case-count" role="status" aria-live="polite" hidden></p>'
    )


def add_script(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Load the script of the filters on the one page that has them."""
    if page == INDEX:
        app.add_js_file("cases.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register directives."""
    app.add_directive("case-index", CaseIndexDirective)
    app.add_directive("case-code-book", CaseCodeBookDirective)
