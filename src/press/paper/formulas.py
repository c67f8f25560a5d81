"""Formulas in print: the MathML that is made of TeX, as Typst's math mode.

Not here: how TeX becomes MathML (``press.page.tex``), and formulas on the web, which stay MathML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from press.paper.code import string

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ACCENTS = {"ˆ": "hat", "^": "hat", "ˉ": "overline", "¯": "overline", "‾": "overline", "_": "underline"}
ACCENTS |= {"~": "tilde", "˜": "tilde", "˙": "dot", "¨": "dot.double", "→": "arrow", "ˇ": "caron"}
ACCENTS |= {"⏞": "overbrace", "⏟": "underbrace"}
SCRIPTS = {"msub": "b", "msup": "t", "msubsup": "bt", "munder": "b", "mover": "t", "munderover": "bt"}
FENCES = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}


def formula(element: Element) -> str:
    r"""Translate MathML, as docutils makes it of LaTeX, to Typst's math mode.

    Parameters
    ----------
    element : xml.etree.ElementTree.Element

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the formula holds something for which there is no rule.
    """
    tag = _tag(element)
    if tag == "math" and [_tag(child) for child in element] == ["mtable"]:
        # Lines of one display, aligned where the author put the ampersands.
        return " \\ ".join("& ".join(map(formula, row)) for row in element[0])
    parts = [formula(child) for child in element]
    if tag in SCRIPTS:
        return _scripts(element, parts)
    rules = {
        **dict.fromkeys(("math", "mrow", "mstyle", "mpadded", "mtd"), lambda: _row(element, parts)),
        **dict.fromkeys(("mi", "mn", "mo", "mtext"), lambda: _token(tag, element)),
        "mspace": lambda: f"#h({_length(element.get('width', '0em'))})",
        "mphantom": lambda: f"#hide[${_row(element, parts)}$]",
        "menclose": lambda: f"#box(stroke: 0.5pt, inset: 0.25em, baseline: 0.25em)[${_row(element, parts)}$]",
        "mfrac": lambda: f"frac({parts[0]}, {parts[1]})",
        "msqrt": lambda: f"sqrt({' '.join(parts)})",
        "mroot": lambda: f"root({parts[1]}, {parts[0]})",
        "mtr": lambda: ", ".join(parts),
        "mtable": lambda: f"mat(delim: #none, {'; '.join(parts)})",
    }
    if tag not in rules:
        raise ValueError(f"there is no rule for the MathML element {tag}")
    return rules[tag]()


def _length(width):
    """Write a width of MathML as one of Typst."""
    found = re.fullmatch(r"(-?[\d.]+)(em|ex|cm|mm|in|pt|px)", width.strip())
    if not found:
        raise ValueError(f"the space {width!r} has no unit that print knows; expected em, ex, cm, mm, in or pt")
    amount, unit = float(found[1]), found[2]
    factor, unit = {"ex": (0.5, "em"), "px": (0.75, "pt")}.get(unit, (1, unit))
    return f"{amount * factor:g}{unit}"


def _tag(element):
    return element.tag.rpartition("}")[2]


def _scripts(element, parts):
    """Attach what stands above and below; an accent covers its base, and limits of sums find their own place."""
    places = list(SCRIPTS[_tag(element)])
    base, scripts = parts[0], parts[1:]
    last = (element[-1].text or "").strip()
    if _tag(element) in ("munder", "mover", "munderover"):
        if last in ACCENTS:
            base, scripts, places = f"{ACCENTS[last]}({base})", scripts[:-1], places[:-1]
        elif element[0].get("movablelimits") != "true":
            base = f"limits({base})"
    named = "".join(f", {place}: {part}" for place, part in zip(places, scripts, strict=True))
    return f"attach({base}{named})" if named else base


def _row(element, parts):
    """Join parts; brackets that open and close the whole grow with it."""
    joined = " ".join(parts) or '""'
    if len(element) < 2 or any(element[end].get("stretchy") == "false" for end in (0, -1)):
        return joined
    first, last = ((element[end].text or "").strip() for end in (0, -1))
    closed = FENCES.get(first) == last or (first in FENCES and _tag(element[-1]) == "mtable")
    return f"lr({joined})" if closed else joined


def _token(tag, element):
    text = element.text or ""
    if tag == "mtext":
        return {"bold": "upright(bold({}))", "italic": "italic({})"}.get(
            element.get("mathvariant"), "upright({})"
        ).format(string(text))
    text = text.strip()
    if tag == "mi" and (len(text) > 1 or element.get("mathvariant") == "normal"):
        return f"upright({string(text)})"
    escaped = "".join(f"\\{c}" if c.isascii() and not c.isalnum() else c for c in text)
    return f"bold({escaped})" if element.get("mathvariant") == "bold" else escaped
