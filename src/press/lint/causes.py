"""No causal word for what only goes together.

A causal word in prose is a mistake, unless the sentence asks, doubts or denies it, or cites a work that can carry
it by its design. Which works these are the book's records of them say (``press.page.quoted``); reviewed exceptions are
listed in ``book/allowed-causes.yml``.

Not here: whether a claim is true. The rule reads words, one sentence at a time.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from press.lint.pages import shorten
from press.settings import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from press.lint.pages import Block, Page
    from press.settings import Words

ADVICE = (
    "write that one thing goes with another, cite a work whose design can carry it, or list the exception with its"
    " reason in book/allowed-causes.yml"
)
CAUSAL = (
    r"cause[sd]?|causing|leads? to|leading to|led to|rais(?:es?|ed|ing)|improv(?:es?|ing)|improved (?:the|their|its|results|scores|learning|teaching|outcomes|achievement)|boost(?:s|ed|ing)?"
    r"|driv(?:es?|en|ing)|drove|drivers?|because of|due to|thanks to|owing to|effects? (?:of|on)|impacts?|impacted"
    r"|(?:it|that|this|which|and) results in|result(?:ed|ing) in"
    r"|(?:brings?|bringing|brought) (?:it |this |them |that )?about|contribut(?:es?|ed|ing) to|affect(?:s|ed|ing)?"
    r"|influenc(?:es?|ed|ing)|produc(?:es|ed)|reduc(?:es?|ed|ing)|lowers|lowered|lowering|strengthen(?:s|ed|ing)?"
    r"|weaken(?:s|ed|ing)|foster(?:s|ed|ing)?|yield(?:s|ed)|helps|helped|spurs|spurred|prompts|prompted|triggers|triggered|generates|generated|enhanc(?:es?|ed|ing)|transforms|hurts"
    r"|harms|benefits (?!of|from|for|to|and|or|in)|increases (?:the|their|its|\w+s\b)|decreases (?:the|their|its|\w+s\b)"
    r"|push(?:es|ed) (?:up|down)|translat(?:es?|ed) into|the reasons? (?:for|why)|explains (?:why|the (?:rise|fall|gap|difference|result)s?)|explained by"
    r"|determines|determined|shapes?|shaped|makes? (?:\w+ ){1,2}possible"
    r"|pays? off|paid off|as a result|hence"
    r"|makes? (?:a|the|all the|no) difference|made (?:a|the|all the|no) difference"
    r"|makes? (?:\w+ ){1,3}(?:better|worse|more|less|higher|lower|easier|harder|stronger|weaker|richer|poorer|happier)"
    r"|made (?:\w+ ){1,3}(?:better|worse|more|less|higher|lower|easier|harder|stronger|weaker|richer|poorer|happier)"
)
# Asked, doubted or denied before the causal word.
DENIED = re.compile(
    r"\b(?:no|not|cannot|never|nor|neither|nothing|none|nobody|without|whether|may|might|could|claim|hope)\b",
    re.IGNORECASE,
)


@cache
def pattern(words: Words) -> re.Pattern[str]:
    """Return what finds a causal word in the words of a book: that something makes what it is about do something, too."""
    moved = f"makes (?:{'|'.join(words.moved)})|" if words.moved else ""
    return re.compile(rf"\b(?:{moved}{CAUSAL})\b", re.IGNORECASE)


def causal_words(sentence: str, words: Words = PLAIN) -> list[str]:
    """Find the causal words in a sentence that are neither asked, doubted nor denied.

    Parameters
    ----------
    sentence : str
        Text with marks, as in :class:`press.lint.pages.Block`.
    words : press.settings.Words, optional

    Returns
    -------
    list of str
    """
    if sentence.rstrip(" \u201d\"'").endswith("?"):
        return []
    return [
        match.group() for match in pattern(words).finditer(sentence) if not DENIED.search(sentence[: match.start()])
    ]


# Of each sentence once: a preview asks again of a whole chapter after each saving.
_causal_words = lru_cache(maxsize=1 << 14)(causal_words)


def check(page: Page, words: Words = PLAIN) -> Iterator[tuple[Block, str, list[str], str]]:
    """Find the causal words of a page.

    Parameters
    ----------
    page : press.lint.pages.Page
    words : press.settings.Words, optional

    Yields
    ------
    block, sentence, keys, message
        The keys are those of the works that the sentence cites, any of which may have the right to the word.
    """
    for block in page.blocks:
        for sentence, keys in block.sentences_with_keys:
            for word in _causal_words(sentence, words) if block.kind != "exhibit" else ():
                said = shorten(sentence, word)
                yield block, sentence, keys, f"{word!r} claims a cause: \u201c{said}\u201d; {ADVICE}"
