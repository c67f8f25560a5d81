"""Whatever an author edits, an incremental build must give what a build from scratch gives, in every byte."""

import edits
import forked_builds
import pytest
import random_edits

pytestmark = pytest.mark.builds


def test_random_edits_leave_no_stale_page(tmp_path, capsys):
    assert random_edits.compare(tmp_path, edits=4, seed=5, subject=edits, system=forked_builds.Forked()) == 0, (
        capsys.readouterr().out
    )


def test_edits_of_what_stands_on_many_pages_leave_no_stale_page(tmp_path, capsys):
    """A term, a work, a page made by rule, a setting: each stands on pages that have not changed themselves.

    PDFs kept the old word for figures after a change of settings, and lists led to a notebook that had been renamed.
    """
    kinds = [
        ("terms of the glossary", "a reference", "the first page"),
        ("a page made by rule", "citations of a chapter"),
        ("title of a page made by rule", "numbers of a page made by rule", "a definition"),
        ("how figures are called",),
        ("name of a notebook", "name of a chapter"),
        ("a function", "a remark of a module"),
    ]
    wrong = random_edits.compare(
        tmp_path, edits=len(kinds), seed=2, subject=edits, kinds=kinds, system=forked_builds.Forked()
    )
    assert wrong == 0, capsys.readouterr().out
