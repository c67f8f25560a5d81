"""Two works must not hide behind one reference."""

import re

import pytest
from pybtex.database import parse_string

from press.page.bibliography import mark_years

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

WORKS = """
@book{late, author={{Coast}}, title={Zebras}, publisher={P}, year={2014}}
@book{early, author={{Coast}}, title={Apes}, publisher={P}, year={2014}}
@book{alone, author={{Coast}}, title={Cats}, publisher={P}, year={2015}}
@book{many, author={Lee, A. and Roy, B. and Kim, C.}, title={One}, publisher={P}, year={2014}}
@book{others, author={Lee, A. and Fox, D. and Kim, C.}, title={Two}, publisher={P}, year={2014}}
"""


def years(entries):
    return {key: entry.fields["year"] for key, entry in entries.items()}


def test_works_that_would_be_cited_alike_get_letters_in_the_order_of_the_list():
    entries = parse_string(WORKS, "bibtex").entries
    mark_years(entries)
    marked = {"late": "2014b", "early": "2014a", "alone": "2015", "many": "2014b", "others": "2014a"}
    assert years(entries) == marked
    # The next build finds them as this one left them.
    mark_years(entries)
    assert years(entries) == marked
    del entries["late"]
    mark_years(entries)
    assert years(entries)["early"] == "2014"


def test_letter_stands_in_the_text_and_in_the_list_and_follows_the_file(small_book):
    path = small_book.root / "book" / "references.bib"
    path.write_text(WORKS, "utf-8")
    small_book.chapter("```{exhibit} ch1-small\n```\n\nSee {cite:p}`late,early`; {value}`ch1-mean`.\n")
    (small_book.root / "book" / "index.md").write_text("# A small book\n\n```{bibliography}\n```\n", "utf-8")
    assert small_book.build() == 0
    page = small_book.page("book/chapter1")
    assert [re.search(rf">Coast, 2014{letter}</a>", page) is not None for letter in "ab"] == [True, True]
    assert re.search(r"Coast\. <em>Zebras</em>\. P, 2014b\.", small_book.page("book/index"))
    path.write_text(WORKS.replace("{2014}}\n@book{early", "{2013}}\n@book{early"), "utf-8")
    assert small_book.build() == 0
    page = small_book.page("book/chapter1")
    assert ">Coast, 2013</a>" in page
    assert "2014a" not in page
