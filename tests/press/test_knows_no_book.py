"""The press prints any book: no word of this report, or of any other, may stand in it."""

import re
import tomllib

import pytest
import yaml
from small_book import ROOT, SECOND

PRESS = ROOT / "src" / "press"
SUFFIXES = {".py", ".typ", ".css", ".js", ".html"}
# What this report is about, whom it quotes, how its packages, commands and pages are called.
WORDS = re.compile(
    r"schools?\b|teachers?\b|students?\b|pupils?\b|classrooms?\b|country\b|countries\b|\bcity\b|\bcities\b|\bregions\b|\bregional"
    r"|\bcase(?:s|[-_ ]library|[-_]page)\b|the[ _-]cases?\b|\bcrossroads\b|\bimporters\b|\bOECD\b|\bPISA\b|\bTALIS\b|\bISCED\b"
    r"|\bNUTS\b|\bSDG\b|\bEurostat\b|\bUNESCO\b|\bEU(?:27)?\b|\bAustria|country_profiles|\bcatalogue\b|code[-_]book"
    r"|\bfrom report\b|\bimport report\b|\breport\.\w+",
    re.IGNORECASE,
)
# The same letters in another meaning: an upper or lower case, the name of a class of docutils' own or of a setting, TeX's word,
# the field of BibTeX for where a thesis was written.
MEANT = re.compile(
    r"whatever their case|lower[- ]case|upper[- ]case|in any case|in case|\bcasefold|\"d?cases\"|\"school\"",
    re.IGNORECASE,
)


def sentences(path):
    """Return the lines of a file without what is meant otherwise."""
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        yield number, MEANT.sub("", line)


def test_no_word_of_this_report_stands_in_the_press():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for path in sorted(PRESS.rglob("*"))
        if path.suffix in SUFFIXES
        for number, line in sentences(path)
        for match in WORDS.finditer(line)
    ]
    assert found == []


def test_no_word_of_the_second_book_stands_in_the_press():
    """A constant that was moved from one book to another would be none of the press either."""
    own = re.compile(r"\bcoast\b|\bkeeper\.|\blights\b|\btides-|lights-and-tides", re.IGNORECASE)
    assert [path.name for path in PRESS.rglob("*.py") if own.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "sentence", ["from crossroads import load", "of 12 schools", "book/cases/", "the OECD's", "report.cases"]
)
def test_words_are_found(sentence):
    assert WORDS.search(sentence)


def test_every_setting_of_the_press_is_given_by_this_report_and_can_be_left_out():
    """A setting that nobody gives is a constant; one that must be given is no default."""
    given = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
    second = yaml.safe_load((SECOND / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
    named = {
        name
        for path in PRESS.rglob("*.py")
        for name in re.findall(r'"(press_(?!pdf|stages|built|current|shown|colophon)\w+)"', path.read_text("utf-8"))
    }
    assert named == {name for name in given if name.startswith("press_")}
    assert {"press_lists"} & second.keys() == set()
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["press"]
    assert (ROOT / contract["templates"]).is_dir()
    assert (ROOT / "src" / contract["package"] / contract["charts"] / "__init__.py").is_file()
