"""The list of corrections: an entry that readers cannot follow to its exhibits is refused."""

from datetime import date

import pytest
import yaml

from press.errors import BookError
from press.page import revisions

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

ENTRY = "- **Correction** (2026-12-01). A sign was wrong,\n  now it is right. Exhibits: {}.\n"


def test_entries_are_read_over_lines():
    text = "# Changes\n\nProse.\n\n" + ENTRY.format("`ch1-small`, `old` (withdrawn)")
    what = "A sign was wrong, now it is right."
    assert revisions.read(text) == [("Correction", date(2026, 12, 1), what, "`ch1-small`, `old` (withdrawn)")]


@pytest.mark.parametrize(
    "entry",
    [
        "- Something.\n",
        "- **Correction** (2026-12-01). No exhibits.\n",
        "- **Error** (2026-12-01). A. Exhibits: all.\n",
    ],
)
def test_entry_without_kind_date_or_exhibits_is_refused_with_its_line(entry):
    with pytest.raises(BookError, match=r"CHANGELOG\.md:3: this entry is .*; expected "):
        revisions.read(f"# Changes\n\n{entry}")


@pytest.mark.parametrize("line", [ENTRY.format("all"), "## 2026.1 (2026-11-24)\n"])
def test_entry_that_a_merge_has_doubled_is_refused(line):
    with pytest.raises(BookError, match=r"CHANGELOG\.md:\d+: stands in line 3 already; take one out"):
        revisions.read(f"# Changes\n\n{line}\n{line}")


def test_list_shows_the_newest_first_and_follows_the_file(small_book):
    contents = yaml.safe_load((small_book.root / "_toc.yml").read_text("utf-8"))
    contents["parts"].append({"caption": "Back", "chapters": [{"file": "book/corrections"}]})
    (small_book.root / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")
    (small_book.root / "book" / "corrections.md").write_text("# Corrections\n\n```{revisions}\n```\n", "utf-8")
    path = small_book.root / "CHANGELOG.md"
    older = "- **First edition** (2026-11-01). All. Exhibits: all.\n"
    path.write_text(older + ENTRY.format("`ch1-small`"), "utf-8")
    assert small_book.build() == 0
    page = small_book.page("book/corrections")
    assert page.index("1 December 2026, correction.") < page.index("1 November 2026, first edition.")
    assert 'href="chapter1.html#ch1-small"' in page
    path.write_text(older, "utf-8")
    assert small_book.build() == 0
    assert "1 December 2026" not in small_book.page("book/corrections")
    path.write_text(older + ENTRY.format("`ch1-smal`"), "utf-8")
    with pytest.raises(
        SystemExit, match=r"CHANGELOG\.md:3: no notebook publishes the exhibit 'ch1-smal'; did you mean 'ch1-small'"
    ):
        small_book.build()
    path.unlink()
    with pytest.raises(
        SystemExit,
        match=r"book/corrections\.md:3: there is no file CHANGELOG\.md, of .*`git checkout -- CHANGELOG\.md`",
    ):
        small_book.build()
