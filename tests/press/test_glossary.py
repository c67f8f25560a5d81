"""Terms lead to their definitions at their first use, and only there."""

import re

import pytest
import yaml

from press.page import glossary

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

TERMS = {
    glossary.normal(name): name
    for name in ["standard error", "error", "career academy", "Theil's index", "fixed effects"]
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Standard errors are small.", ["standard error"]),
        ("the standard\nerror", ["standard error"]),
        ("two career academies", ["career academy"]),
        ("Theil\u2019s index with a fixed effect", ["Theil's index", "fixed effects"]),
        ("terrors, an error-prone way, fixed effectsize", []),
    ],
)
def test_terms_are_found_in_any_form_and_never_inside_other_words(text, found):
    assert [TERMS[glossary.normal(match.group())] for match in glossary.matcher(TERMS).finditer(text)] == found


def test_first_use_is_linked_and_a_new_term_reaches_pages_that_use_it(small_book):
    contents = yaml.safe_load((small_book.root / "_toc.yml").read_text("utf-8"))
    contents["parts"].append({"caption": "Back", "chapters": [{"file": "book/glossary"}]})
    (small_book.root / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")
    path = small_book.root / "book" / "glossary.md"
    path.write_text("# Glossary\n\n```{glossary}\nmean\n  The middle.\n```\n", "utf-8")
    text = "## The mean\n\nThe `mean`, the [mean](index.md), a mean and the mean; {value}`ch1-mean`. Some noise.\n"
    small_book.chapter(f"```{{exhibit}} ch1-small\n```\n\n{text}")
    assert small_book.build() == 0
    link = re.compile(
        r'<a class="reference internal" href="glossary\.html#term-(\w+)"><span class="glossary-term">(\w+)<'
    )
    page = small_book.page("book/chapter1")
    assert link.findall(page) == [("mean", "mean")]
    assert re.search(r"</a>, a <a [^>]*glossary\.html", page)
    path.write_text("# Glossary\n\n```{glossary}\nmean\n  The middle.\n\nnoise\n  What is no signal.\n```\n", "utf-8")
    assert small_book.build() == 0
    assert link.findall(small_book.page("book/chapter1")) == [("mean", "mean"), ("noise", "noise")]
