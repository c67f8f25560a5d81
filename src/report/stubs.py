"""The pages of countries and cases, which are made by rule: one a member of the OECD, one a case of the library.

Not here: what stands on them (``report.countries``, ``report.cases.page``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from press.page.collection import Collection
from press.session import session
from report import countries
from report.cases import library
from report.shelf import shelf

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def make(app: Sphinx, config: Config) -> None:
    """Make the pages of a library; a book without one has none."""
    if shelf(app).library.cases:
        members = {
            f"{countries.PAGES}{code.lower()}": f"```{{country}} {code}\n```\n" for code in countries.members(app)
        }
        cases = {
            f"{library.PAGES}{name}": f"```{{case-page}} {name}\n```\n" for name in sorted(shelf(app).library.cases)
        }
        session(app).collections += [
            Collection(pages.rpartition("/")[0], texts)
            for pages, texts in ((countries.PAGES, members), (library.PAGES, cases))
        ]
