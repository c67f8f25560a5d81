r"""TeX to MathML, for the web and for print alike, so that both read a formula in one way or refuse it in one way.

docutils does the work. It knows few environments, breaks off with errors of Python where a formula is not complete, and
takes an open brace for a closed one: what is common is brought into its words first, and what is not well-formed is told.

Not here: formulae on a page (``press.page.mathml``) or on paper (``press.paper.formulas``).
"""

from __future__ import annotations

import re

from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml

# Environments of aligned lines; a number that alignat is given says what the ampersands say anyhow.
LINES = {"align", "alignat", "alignedat", "eqnarray", "flalign", "gather", "gathered", "multline", "split"}
RENAMED = dict.fromkeys(LINES, "aligned") | {"array": "matrix", "dcases": "cases", "subarray": "matrix"}
WRAPPERS = {"displaymath", "equation", "math"}
TAKES_ARGUMENT = {"alignat", "alignedat", "array", "subarray"}
# Letters in text that is no formula: the mark in front stays with the text through docutils.
STYLES = {"textbf": "bold", "textit": "italic", "emph": "italic"}
MARKS = {"bold": "\ue000", "italic": "\ue001"}
PLAIN = {"textnormal", "textsf", "texttt", "textup"}
# Commands by others that mean the same; numbers and labels are set by the page.
SAME = {"dots": r"\ldots", "stackrel": r"\overset", "middle": "", "nonumber": "", "notag": "", "bm": r"\boldsymbol", "hline": "",
    "iff": r"\Longleftrightarrow", "lt": "<", "gt": ">", "big": r"\bigl", "Big": r"\Bigl",
    "bigg": r"\biggl", "Bigg": r"\Biggl"}  # fmt: skip
# Signs as keyboards and other programs write them.
SIGNS = str.maketrans({
    "\u2264": r"\leq ", "\u2265": r"\geq ", "\u2260": r"\neq ", "\u2248": r"\approx ", "\u00d7": r"\times ", "\u00b7": r"\cdot ",
    "\u00b1": r"\pm ", "\u2212": "-", "\u2192": r"\to ", "\u221e": r"\infty ", "\u2026": r"\ldots ", "\u2208": r"\in ",
})  # fmt: skip
# The sign of the dollar would end the words of a formula.
DOLLAR, WORDS = "\ue002", re.compile(r"\\(?:mbox|text(?:bf|it|rm)?)\{[^{}]*\}")
TEXT = re.compile(r"(<mtext[^>]*>)(.*?)(</mtext>)", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+)\*?\}")
COMMAND = re.compile(r"\\([A-Za-z]+)(\*?)")


def to_mathml(tex: str, *, as_block: bool) -> str:
    """Translate a formula.

    Parameters
    ----------
    tex : str
        The formula in TeX, without the signs around it.
    as_block : bool
        Whether it stands on lines of its own.

    Returns
    -------
    str
        A ``math`` element.

    Raises
    ------
    docutils.utils.math.MathError
        If the formula is not well-formed, or holds a command that is not known.
    """
    _check_groups(tex)
    try:
        mathml = str(tex2mathml(_in_known_words(tex), as_block=as_block))
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, MathError):
            raise
        raise MathError("a command lacks what it needs, or a bracket its partner") from error
    mathml = TEXT.sub(lambda found: found[1] + _words(found[2]) + found[3], mathml)
    for style, mark in MARKS.items():
        shown = f'<mtext mathvariant="{style}" style="font-{"weight" if style == "bold" else "style"}: {style}">'
        mathml = mathml.replace(f"<mtext>{mark}", shown)
    return mathml


def _words(text):
    """Return words of a formula without what TeX makes of them and docutils leaves: escapes, ties and quotation marks."""
    text = re.sub(r"\\(&amp;|[%#_${}])", r"\1", text).replace("~", "\u00a0")
    return text.replace(DOLLAR, "$").replace("``", "\u201c").replace("''", "\u201d")


def _check_groups(tex):
    """Refuse braces, environments and brackets that grow which lack their partner: docutils would close them unseen."""
    bare = re.sub(r"\\[\\{}%]", "", tex)
    missing = bare.count("{") - bare.count("}")
    if missing:
        raise MathError("a brace is not closed" if missing > 0 else "a brace is closed that was not opened")
    open_environments = []
    for kind, name in ENVIRONMENT.findall(tex):
        if kind == "begin":
            open_environments.append(name)
        elif not open_environments or open_environments.pop() != name:
            raise MathError(rf"\end{{{name}}} closes what was not opened last")
    if open_environments:
        raise MathError(rf"\begin{{{open_environments[-1]}}} has no \end")
    left, right = (len(re.findall(rf"\\{side}(?![A-Za-z])", tex)) for side in ("left", "right"))
    if left != right:
        raise MathError(rf"{left} \left, but {right} \right")


def _in_known_words(tex):
    """Write what is common, and docutils does not know, in words that it knows."""
    words = [found[0].replace(r"\$", DOLLAR) for found in WORDS.finditer(tex)]
    between = [part.translate(SIGNS) for part in WORDS.split(tex)]
    tex = "".join(part for pair in zip(between, [*words, ""], strict=True) for part in pair)
    tex = re.sub(r"^\s*(?=[\^_].)", "{}", tex)  # as in km$^2$, of which the letters stand in the text
    tex = ENVIRONMENT.sub(lambda found: _environment(tex, found), tex)
    tex = re.sub(r"(\\begin\{(?:aligned|matrix)\})\x00(?:\[[a-z]\])?\{[^{}]*\}", r"\1", tex).replace("\x00", "")
    tex = re.sub(r"\\label\s*\{[^{}]*\}", "", tex)
    made, place = "", 0
    for found in COMMAND.finditer(tex):
        if found.start() < place or _escaped(tex, found.start()):
            continue
        name, star = found.groups()
        written, end = _command(tex, name, star, found.end())
        if written is not None:
            made += tex[place : found.start()] + written
            place = end
    return made + tex[place:]


def _environment(tex, found):
    kind, name = found.groups()
    if name in WRAPPERS:
        return ""
    mark = "\x00" if kind == "begin" and name in TAKES_ARGUMENT else ""
    return rf"\{kind}{{{RENAMED.get(name, name)}}}{mark}"


def _command(tex, name, star, end):
    """Return how a command and its arguments are written, and where they end; None where they stay."""
    if name in SAME:
        return SAME[name] + (" " if SAME[name] and tex[end : end + 1].isalpha() else ""), end
    if name in STYLES or name in PLAIN:
        text, end = _group(tex, end)
        return (None, end) if text is None else (rf"\text{{{MARKS.get(STYLES.get(name, ''), '')}{text}}}", end)
    if name == "substack":
        text, end = _group(tex, end)
        return (None, end) if text is None else (rf"{{\begin{{matrix}}{text}\end{{matrix}}}}", end)
    if name == "operatorname" and star:
        operator, after = _group(tex, end)
        below, last = _group(tex, after + 1) if tex[after : after + 1] == "_" else (None, after)
        shown = rf"\operatorname{{{operator}}}"
        return (shown, after) if below is None else (rf"\underset{{{below}}}{{{shown}}}", last)
    return None, end


def _group(tex, start):
    """Return what stands in the braces that open at a place, and where they end; None where none open."""
    start += len(tex[start:]) - len(tex[start:].lstrip())
    if tex[start : start + 1] != "{":
        return None, start
    depth = 0
    for place in range(start, len(tex)):
        if tex[place] in "{}" and not _escaped(tex, place):
            depth += 1 if tex[place] == "{" else -1
            if depth == 0:
                return tex[start + 1 : place], place + 1
    return None, start


def _escaped(tex, place):
    """Say whether a character is part of the command of the backslash before it."""
    before = len(tex[:place]) - len(tex[:place].rstrip("\\"))
    return before % 2 == 1
