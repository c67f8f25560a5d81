"""No statistic is typed into prose, neither in digits nor in words.

Every number has to come from a notebook through the ``value`` role, from the record of another work through the
``study`` role, or be one of the few kinds that are no statistics: names and structure (chapter, level, age group) and years.
To cite a work in the sentence is not enough, since nobody could trace the number.

Not here: where the exceptions are listed and how mistakes are told (``press.lint``).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from press.lint.pages import shorten
from press.settings import PLAIN, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from press.lint.pages import Block, Page

ADVICE = (
    "publish it in a notebook and write {value}`id`, quote it from the record of its work and write {study}`work:number`,"
    " or list the exception with its reason in book/allowed-numbers.yml"
)
ADVICE_NOTEBOOK = "compute it in the cell, or list the exception with its reason in book/allowed-numbers.yml"

NUMBER = re.compile(r"(?<!\w)(?<!\d[.,])[.,]?\d[\d\u202f\u00a0 ,.]*(?:\s?%|\s?per cent|\s?percent)?")
YEAR = re.compile(r"(?:1[89]|20)\d\d")
RANGE = r"(?: ?(?:to|and|or|,|-|\u2013) ?)"
# A number directly after one of these words is a name or a structure, not a statistic.
NAMES = [
    *("chapters?", "figures?", "tables?", "parts?", "steps?", "levels?", "volume", "edition", "version", "python"),
    *(
        "article",
        r"no\.",
        "page",
        "pages",
        "cc by",
        "wcag",
        "goal",
        "issue",
        "iso",
        "ages?",
        "aged",
        "age group",
        r"ch\.",
    ),
]
NAMES_AFTER = re.compile(rf"^(?:-year-olds?|-point scale|th\b|st\b|nd\b|rd\b|-?{RANGE}\d+-year-olds?)")
# The second half of a span such as 2012-22 or 25-64.
SPAN = re.compile(r"(?:(?:1[89]|20)\d\d|(?:ages?|aged|people|adults|men|women) \d+)[\u2013-]$")
# What a test or an interval was made with: 95% intervals, significant at 5%, p below 0.05, 100 permutations.
PARAMETERS = [
    *("at", "p below", "p <", "discovery rate of", "intervals?:?(?: of)?", r"20\d\d =", "mean", "deviation", "1 to"),
    "interval holds",
]
PARAMETERS_AFTER = re.compile(
    r"^(?: \w+)?,? (?:intervals?|confidence|band|limits?|uncertainty|permutations|draws|bootstrap samples"
    r"|replicate weights|Fay|times|samples of|to 100\b)",
    re.IGNORECASE,
)
PARAMETER = re.compile(r"^(?:(?:90|95|99|5|1) ?(?:%|per cent)?|0\.05|0\.01|0\.001|0|1|100)$")
ROUNDS = re.compile(r"^(?:\d0{1,4}|1[, \u202f]?[09]00|\d0?[, \u202f]000|1[, \u202f]999)$")
# A limit of a selection, and the step that a slope is told for, are no results.
LIMIT_AFTER = re.compile(r"^ or (?:more|fewer|less|lower|higher)\b")
LIMIT_BEFORE = re.compile(r"\b(?:(?:fewer|less|more) than|below|above|at least) $", re.IGNORECASE)
STEP = re.compile(r"^(?:ten|one) percentage points? (?:more|higher|of)\b", re.IGNORECASE)
STEP_BEFORE = re.compile(r"\bfor $")
COUNTED = "percentage points?"
NUMBERS = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|hundreds?|thousands?|dozens?)"
)
PARTS = r"(?:thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|hundredths?)"
NEVER = re.compile(r"(?!)")


class Patterns:
    """What is a statistic and what is a name, in the words of one book.

    Parameters
    ----------
    words : press.settings.Words
    """

    def __init__(self, words: Words) -> None:
        counted = f"(?:{'|'.join([COUNTED, *words.counted])})"
        # Statistics in words: shares, multiples, percentages and counts of what is studied.
        self.in_words = re.compile(
            rf"\b(?:(?:one|two|three|four|five|seven|nine)[ -]{PARTS}"
            rf"|a {PARTS} of(?! an? (?:century|year|hour|mile))|(?:by|than|about|nearly|almost|over|under|only|least|most|around|roughly) (?:an? )?(?:half|{PARTS})"
            rf"|(?<!first )(?<!second )(?<!other )(?<!lower )(?<!upper )half (?:of|the|as|again|their|its|all)"
            rf"|(?:one|{NUMBERS}) (?:in|out of) (?:every )?{NUMBERS}|(?:twice|thrice|{NUMBERS} times|\w+fold) (?:as|that|the|their|its|more|higher)"
            rf"|an? {PARTS} (?:more|less|fewer|higher|lower)|every (?:second|third|fourth|fifth|tenth|other) {counted}|by a factor of {NUMBERS}"
            rf"|{NUMBERS} of (?:the|all|them|these|those|{NUMBERS})|minus {NUMBERS}|{NUMBERS} (?:rose|fell|grew|shrank|points)"
            rf"|doubl(?:ed?|es|ing)|tripl(?:ed?|es|ing)|trebl(?:ed?|es|ing)|halv(?:ed|ing)|halves (?:the|its|their)|quadrupl\w+"
            rf"|(?:one|{NUMBERS}) (?:per cent|percent|percentage)|(?<!few ){NUMBERS} (?:[\w-]+ )?{counted})\b",
            re.IGNORECASE,
        )
        # "2000 lamps" counts; "in 2000 lamps were" does not, and is told by the word before.
        self.counts = re.compile(rf" (?:(?!of |in |for |the |at )[\w-]+ )?{counted}\b")
        self.dated = re.compile(
            rf"\b(?:{'|'.join(['in', 'of', 'since', 'and', 'to', *words.dated, 'by'])}) $", re.IGNORECASE
        )
        names = "|".join([*NAMES, *words.numbered])
        self.names_before = re.compile(rf"(?:{names}) ?(?:\d[\d.]*{RANGE})*$", re.IGNORECASE)
        bases = [rf"{base}(?: in 20\d\d)? =" for base in words.bases]
        self.parameters_before = re.compile(rf"(?:\b(?:{'|'.join([*PARAMETERS, *bases])}) )$", re.IGNORECASE)
        self.spans = re.compile(rf"\b(?:{'|'.join(words.spans)})\b") if words.spans else NEVER


patterns = cache(Patterns)


def typed_in(sentence: str, limits: bool = False, words: Words = PLAIN) -> list[str]:
    """Find the statistics in a sentence that are typed in.

    Parameters
    ----------
    sentence : str
        Text with marks, as in :class:`press.lint.pages.Block`.
    limits : bool, optional
        Whether limits such as "fewer than 3,000" may stand, as they do where a notebook says what it selects.
    words : press.settings.Words, optional

    Returns
    -------
    list of str
    """
    found, known = [], patterns(words)
    for match in known.in_words.finditer(sentence):
        before, after = sentence[: match.start()], sentence[match.end() :]
        step = STEP.match(match.group() + after) or (
            STEP_BEFORE.search(before) and STEP.match(f"{match.group()} points of")
        )
        if not (step or LIMIT_AFTER.match(after) or (limits and LIMIT_BEFORE.search(before))):
            found.append(match.group())
    for match in NUMBER.finditer(sentence):
        number = match.group().strip(" ,.\u00a0")
        before, after = sentence[: match.start()], sentence[match.start() :].partition(number)[2]
        if not (_let_through(number, before, after, known) or (limits and LIMIT_BEFORE.search(before))):
            found.append(number)
    return found


# Of each sentence once: a preview asks again of a whole chapter after each saving.
_typed_in = lru_cache(maxsize=1 << 14)(typed_in)


def check(page: Page, words: Words = PLAIN) -> Iterator[tuple[Block, str, str]]:
    """Find the typed-in statistics of a page.

    Parameters
    ----------
    page : press.lint.pages.Page
    words : press.settings.Words, optional

    Yields
    ------
    block, sentence, message
    """
    advice = ADVICE if page.name.startswith("book/") else ADVICE_NOTEBOOK
    for block in page.blocks:
        for sentence in block.sentences:
            # What a notebook finds is computed; what it selects is said in its text and in the notes.
            limits = page.name.startswith("notebooks/") and block.kind in ("text", "note")
            for number in _typed_in(sentence, limits, words) if block.kind != "exhibit" else ():
                said = shorten(sentence, number)
                yield block, sentence, f"the number {number!r} is typed in: \u201c{said}\u201d; {advice}"


def _let_through(number, before, after, known):
    if all(YEAR.fullmatch(part) for part in re.split(r"[ ,]+", number)):
        return not known.counts.match(after) or known.dated.search(before)
    if PARAMETER.match(number) and (known.parameters_before.search(before) or PARAMETERS_AFTER.match(after)):
        return True
    if ROUNDS.match(number) and PARAMETERS_AFTER.match(after):
        return True
    if number.endswith(("%", "cent")):
        return False
    return (
        known.names_before.search(before)
        or NAMES_AFTER.match(after)
        or SPAN.search(before)
        or known.spans.search(before[-3:] + number + after[:3])
    )
