"""With what and at which pages the tests look: the Chromium of the system, and one page of each kind."""

import shutil
from pathlib import Path

SITE = Path(__file__).parents[2] / "_build" / "html"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
# A page of each kind. Faults are those of kinds: what makes one page makes its siblings.
KINDS = {
    "landing": "book/index.html",
    "summary": "book/executive-summary.html",
    "chapter": "book/chapter2.html",
    "countries": "book/countries.html",
    "country": "book/countries/est.html",
    "cases": "book/cases.html",
    "case": "book/cases/*.html",
    "studies": "book/studies.html",
    "catalogue": "book/catalogue.html",
    "exhibits": "book/exhibits.html",
    "methods": "book/methods-survey.html",
    "explorer": "book/explore/indicators.html",
    "regions": "book/explore/regions.html",
    "notebook": "notebooks/chapter2_results.html",
    "search": "search.html",
    "exhibit": "exhibits/ch2-*/index.html",
    "numbers": "book/numbers.html",
    "not found": "404.html",
}


def page_of(kind):
    """Return the address of the page of a kind, from the root of the site."""
    return sorted(SITE.glob(KINDS[kind]))[0].relative_to(SITE).as_posix()
