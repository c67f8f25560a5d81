"""Failure guarded against: a verdict of our own in the text whose family of tests, and its adjustment, nobody can find."""

import re
from pathlib import Path

import pytest

CHAPTERS = sorted((Path(__file__).parents[2] / "book").glob("chapter*.md"))
# Of other people's studies, of a word's meaning, and of the lists that only repeat what the text says further down.
NOT_OURS = re.compile(r"cite|ch\d-grade-|\{study\}|differs significantly|\*\*Limits\.\*\*|^[-|*]", re.MULTILINE)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_verdict_names_its_family_of_tests(path):
    paragraphs = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    verdicts = [text for text in paragraphs if "significant" in text and not NOT_OURS.search(text)]
    unnamed = [text for text in verdicts if "{tests}" not in text]
    assert not unnamed, f"{path.name}: name the family by the role tests in {unnamed[0]!r}"


def test_the_chapters_have_verdicts():
    assert sum("significant" in path.read_text(encoding="utf-8") for path in CHAPTERS) >= 4
