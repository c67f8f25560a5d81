"""Failure guarded against: a message that names the first line of a paragraph, where the mistake stands in its third."""

import pytest

from press.places import lead_to_line

TEXT = """# Title

Costs rise, as {cite:p}`smith2020` says,
and by 14 points in 2014, or
4 in {numref}`ch1-costs` and
“every” school.

Another 7.
"""
LED = {
    "a work": ("no bibliography has a work 'smith2020'; did you mean 'smith2021'?", 3),
    "a number, and not the one that holds its digit": ("the number '4' is typed in: \u201cor 4 in\u201d", 5),
    "what only the advice names": ("there is no such thing; did you mean 'ch1-costs'?", 5),
    "a word in quotation marks": ("the book does not say \u201cschool\u201d", 6),
    "a role": ("{numref}`ch1-costs` refers to an exhibit that no page shows", 5),
    "what stands in the next paragraph only": ("the number '7' is typed in", 3),
    "what stands nowhere": ("the heading 'Trees' carries no verb", 3),
    "nothing quoted": ("the paragraph is too long", 3),
}


@pytest.mark.parametrize("what", LED)
def test_message_leads_to_the_line_that_holds_what_it_quotes(tmp_path, what):
    words, line = LED[what]
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "one.md").write_text(TEXT, "utf-8-sig")
    assert lead_to_line(f"book/one.md:3: {words}", tmp_path) == f"book/one.md:{line}: {words}"


@pytest.mark.parametrize(
    "message", ["book/gone.md:3: no 'x'", "notebooks/a.py:3: no 'x'", "no place, 'x'", "a.md:99: 'x'"]
)
def test_message_without_a_line_in_a_page_stays_as_it_is(tmp_path, message):
    (tmp_path / "a.md").write_text(TEXT, "utf-8")
    assert lead_to_line(message, tmp_path) == message


NOTEBOOK = """# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Title

# %%
a = 1

# %% [markdown]
# More.

# %% a mark with a title
b = 2
"""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("notebooks/one.py, code cell 1: 'x'", "notebooks/one.py:12, code cell 1: 'x'"),
        (
            "'x' is taken by notebooks/one.py, code cell 2; rename",
            "'x' is taken by notebooks/one.py:18, code cell 2; rename",
        ),
        ("a\nnotebooks/one.py, code cell 1: b", "a\nnotebooks/one.py:12, code cell 1: b"),
        ("notebooks/one.py, code cell 3: 'x'", "notebooks/one.py, code cell 3: 'x'"),
        ("notebooks/gone.py, code cell 1: 'x'", "notebooks/gone.py, code cell 1: 'x'"),
    ],
)
def test_code_cell_is_told_with_its_line(tmp_path, said, told):
    """An editor goes to a line; who counts cells?"""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "one.py").write_text(NOTEBOOK, "utf-8")
    assert lead_to_line(said, tmp_path) == told
