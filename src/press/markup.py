"""Markdown that is not what its author meant: it stands on the page as it was typed, becomes something else, or vanishes.

MyST makes something of almost any text and warns of little: a table drops the cells that it has no column for, a line that
begins with a percent sign is a comment, two prices in dollars are a formula. Each such slip has a rule here, which goes by
the lines of a source, so that it can name the one to mend.

Not here: which sources are looked at, and what else may be wrong with them (``press.scan``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FENCE = re.compile(r"(?P<mark>`{3,}(?=[^`]*$)|~{3,}|:{3,})(?P<info>.*)")
DIRECTIVE = re.compile(r"\s*\{([\w:.-]+)\}")
OPTION = re.compile(r":([\w-]+):(?:\s|$)")
# Below the head of a table.
RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
# Directives whose content is shown as it stands.
VERBATIM = {"code", "code-block", "code-cell", "sourcecode", "literalinclude", "math", "raw", "parsed-literal"}
# Options of running text, which an author breaks over two lines; after another option a text may begin at once.
SENTENCES = {"alt", "caption", "title", "subtitle"}
LINK = re.compile(r"\]\(<?\s*((?:javascript|vbscript|data|file):[^)\n]*)", re.IGNORECASE)
SCHEMES = {"doi", "http", "https", "mailto"}
# What a block may begin behind: entries of lists and quotations.
BEFORE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
# A fence of backticks cannot hold one behind it: the line would be text, and its end the beginning of a block.
BROKEN = re.compile(r"`{3,}[ \t]*\{[\w:.-]+\}(?=[^`]*`)(?!.*```).*")
PARAGRAPH = re.compile(r"(?:^[^\n]*\S[^\n]*\n?)+", re.MULTILINE)
ROLE = re.compile(r"\{[\w:.-]+\}`")
# The first word of a block of code that would be one of these directives, had it braces.
BARE = {
    *("admonition", "bibliography", "caution", "csv-table", "dropdown", "exhibit", "figure", "finding", "glossary"),
    *("hint", "image", "important", "include", "list-table", "margin", "math", "note", "seealso", "tip", "toctree"),
    *("value-list", "warning"),
}
# What code within a line is replaced by, sign by sign: no author types it.
BLANK = "\ue000"
# Roles that stand without their text where a backtick is missing.
ROLES = r"(?:cite(?::\w+)?|doc|eq|numref|ref|term|tests|value)"
# What stands as it was typed, with what to write; code within a line and formulas are replaced before. First slips of a
# finger, then what other dialects of Markdown, LaTeX and reStructuredText write.
TYPED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), said)
    for pattern, said in [
        (rf"{{[a-z][\w:.-]*}}[ \t]+{BLANK}+", "has a blank before its text; write the backtick right after the brace"),
        (
            rf"(?<![\\\w{{$]){{{ROLES}}}(?![`{{}}]|[ \t]+{BLANK})\S*",
            "has no text between backticks; write {role}`text`",
        ),
        (r"(?<![\w`]){[a-z][\w:.-]*}`[^`]*\Z", "has no backtick at its end"),
        (r"^ {0,3}#{1,6}(?=[^\W\d_])\S+", "is no heading; write a blank after the #, or \\# for the sign itself"),
        (
            rf"^ {{0,3}}#{{1,6}} [^\n]*?(?:{{(?:cite(?::\w+)?|doc|eq|numref|ref)}}{BLANK}?`?|\[\^[^\]\s]+\])[^\n]*",
            "is a heading with a reference, which contents and sidebars cannot show; say it in the first sentence",
        ),
        (r"^ {0,3}#{1,6}[ \t]*$", "is a heading without words; write some, or take it out"),
        (
            r"^[ \t>]*(?:a|i)[.)][ \t]+\S[^\n]*\n(?:[^\n]+\n)*?[ \t>]*(?:b|ii)[.)][ \t]+\S[^\n]*",
            "is no list, and its lines would run together; number it with 1. and 2.",
        ),
        (
            r"^[ \t>]*\|[ \t]+[^|\n]+(?:\n[ \t>]*\|[ \t]+[^|\n]+)+$",
            "would stand with its bars, in one line; end each line but the last with a \\, without bars",
        ),
        (
            r"^[ \t>]*(?P<dot>[\u2022\u00b7\u25e6\u25aa\u2023\u2013\u2014])[ \t]+\S[^\n]*\n(?:[^\n]+\n)*?[ \t>]*(?P=dot)[ \t]+\S[^\n]*",
            "is no list, and its lines would run together; begin each with - and a blank",
        ),
        (
            r"(?<!\\)!\[[^\[\]\n]*\]\((?!<)(?=[^()\n]*[ \t])[^()\"'\n]+\.[A-Za-z]{3,4}\)",
            "has a blank in the name of its file and would stand as it is; write <...> around the name, or rename the file",
        ),
        (
            r"(?<!\\)\[[^\[\]^]+\][ \t]+\((?:https?://|mailto:|\.{0,2}/|#)[^)\s]*\)",
            "has a blank before its address and is no link; write the round bracket right after the square one",
        ),
        (r"(?<!\\)\[-?@[\w:.-]+[^\]\n]*\]", "would stand as it is; write {cite:p}`key` to cite"),
        (
            r"(?<![\w/.@(<\\\[-])@(?:(?:eq|fig|lst|sec|tbl)-[\w-]+|[a-z][\w-]*\d{4}[a-z]?\b)",
            "would stand as it is; write {cite:p}`key`, or {numref}`label`",
        ),
        (rf"(?<![\w{{:}}`]){ROLES}{BLANK}+", "has no braces; write {role}`text`"),
        (
            r"^(?![ >]*(?:[-*+]|\d+[.)])\t[^\t\n]*$)[^\n\t]*\S\t+\S[^\n]*(?:\n[^\n]*\t[^\n]*)*",
            "has cells between tabs and is no table; write | a | b |, with | - | - | below the head",
        ),
        (
            r"\\(?:auto|eq|page)?(?:cite[tp]?|ref)\*?\{[^}\n]*\}",
            "would stand as it is; write {cite:p}`key` or {numref}`label`",
        ),
        (
            r"\\(?:emph|footnote|href|label|section|subsection|textbf|textit|url)\{|\\(?:clearpage|newpage|noindent|pagebreak)\b",
            "is LaTeX and would stand as it is; write it in Markdown",
        ),
        (
            r"^[ >\t]*\[!(?:CAUTION|IMPORTANT|NOTE|TIP|WARNING)\]",
            "would stand as it is; write a block that begins with :::{note}",
        ),
        (
            r"(?<!\\)\^\[[^\]\n]+\]",
            "would stand as it is; write [^name] here, and [^name]: with the note on a line of its own",
        ),
        (r"(?<![\\\[])\[\[[^\[\]\n]+\]\](?!\()", "would stand as it is; write [words](page.md) to link"),
        (r"(?<![\\~])~~[^~\n]+~~(?!~)", "would stand as it is; no medium strikes text out"),
        (r"(?<![\\=])==\w[^=\n]*==(?!=)", "would stand as it is; write *words* to stress them"),
        (r"(?<=\w)~\w+~", "would stand as it is; write {sub}`text`"),
        (r"(?<=\w)\^\w+\^", "would stand as it is; write {sup}`text`"),
        (
            rf"(?<![\w:]):[a-z]+(?::[a-z]+)?:{BLANK}+",
            "is reStructuredText and would stand as it is; write {role}`text`",
        ),
        (rf"{BLANK}+__?(?!\w)", "is reStructuredText and no link; write [words](address)"),
        (
            r"^\s*\.\. [\w-]+::",
            "is reStructuredText and would stand as it is; write a block that begins with ```{name}",
        ),
        (
            r"^[ \t>]*\\begin\{[a-z]+\*?\}",
            "is LaTeX and would stand as it is; write $$ above and below it",
        ),
        (
            r"\\\((?:\s*\w\s*|(?=[^()\n]*(?:[=+^_<>]|\\[a-z]))[^()\n]*)\\\)",
            "is a formula as LaTeX writes it and would stand as it is; write $...$",
        ),
        (
            r"\\\[(?=[^\]\n]*(?:[=+^_<>]|\\[a-z]))[^\]\n]*\\\]|^\s*\\\[\s*$",
            "is a formula as LaTeX writes it and would stand as it is; write $$ above and below it",
        ),
        (
            r"(?<=\S )[ \t]*:[a-z][a-z\d_+-]*:(?=[\s.,;!?)]|\Z)",
            "would stand as it is; write words, or the sign itself",
        ),
        (
            r"(?:^|(?<=[\s(\[]))\*\*(?=\S)[^*\n]*[^\w\s*]\*\*(?=\w)",
            "ends before a letter, and its stars would stand as they are; write a blank after it",
        ),
        (
            r"(?:^|(?<=[\s(\[]))\*\*(?=[^\s*])[^*\n]*\s\*\*(?!\*)",
            "has a blank before its last stars, which would stand as they are; take it out",
        ),
        (
            r"\A[ \t]*\|[^\n]*\|[^\n]*\|[ \t]*\Z",
            "is a row without a table; delete the empty line before it",
        ),
        (
            r"(?:^|(?<=[\s(\[]))\*\*(?=[^\s*])[^*]*\Z",
            "has ** at its beginning and none at its end; write them, or \\*\\*",
        ),
        (r"(?:^|(?<=[\s(\[]))\*(?=[^\s*])[^*]*\Z", "has * at its beginning and none at its end; write it, or \\*"),
        (r"(?<!\\)!?\[[^\[\]]*\]\([^()\s]+[^()]*\Z", "is no link without the bracket at its end; write it"),
        (
            r"^ {0,3}#{1,6} [^\n]*\{[#.][\w-]+[^}\n]*\}[ \t]*$",
            "would have its braces in the heading; write (name)= in a line above it",
        ),
        (
            r"(?<=\))\{[^}\n]*=\d+%[^}\n]*\}",
            "would stand as it is; write the value between quotation marks",
        ),
        (
            r"\A[ \t]*\|[^\n]*\|[ \t]*\n(?![ \t]*\|?[ \t]*:?-)[ \t]*\|[^\n]*\|[ \t]*$",
            "is no table without a line such as | - | - | below its head",
        ),
        (
            r"^\+(?:[-=]+\+)+[ \t]*$",
            "is a table as other programs draw them; write | a | b |, with | - | - | below the head",
        ),
        (
            r"^(?:Table)?: [^\n]*\{#tbl-[\w-]+[^\n]*",
            "would stand as it is; write a block that begins with ```{list-table} title",
        ),
        (r"\[\^[^\]\n]*[ \t][^\]\n]*\](?!\()", "is no footnote; write its name without a blank"),
        (
            rf"!\[[^\]\n]*{BLANK}[^\]\n]*\]\(",
            "has code or a formula in its alternative text, where it would be lost; say it in words",
        ),
        (r"\{\{[<%]", "is a shortcode and would stand as it is; write it in Markdown"),
    ]
)
# A footnote, and the mark of one.
NOTE = re.compile(r"^\[\^([^\]\s]+)\]:", re.MULTILINE)
MARK = re.compile(r"(?!^\[\^[^\]\s]+\]:)\[\^([^\]\s]+)\]", re.MULTILINE)
# Code that R Markdown and Quarto replace by its result.
CHUNKS = {"julia", "python", "r"}
CHUNK = re.compile(r"(?<!`)`(?:r |\{(?:python|r|julia)\} )[^`\n]+`(?!`)")
DISPLAYED = re.compile(r"\$\$[^$\n]+\$\$")
FORMULA = re.compile(r"\$\$[^$]*\$\$|(?<![\\$])\$[^$]*\$")
# Code within a line; with what stands before it, the text of a role.
WITHIN_LINE = re.compile(r"(\{[\w:.-]+\})?(?<!`)(`+)(?!`)(.+?)(?<!`)\2(?!`)", re.DOTALL)
# Words that are none of a formula, which says \\text{} for them.
WORDS = re.compile(r"[^\\{]*\b[A-Za-z]{2,}\s+[A-Za-z]{2,}\b[^\\{]*|\s[^\\{]*\b[a-z]{3,}\b[^\\{]*")
LONE = re.compile(r"(?<![\\`}])`(?!`)[^`]*\Z")
# From a price in dollars to the next sign of the dollar.
PRICE = re.compile(r"(?<![\\$])\$(?P<said>\d[^$\\]*)\$(?P<next>\d?)")


def slips(lines: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Find every slip that the lines of a page, or of a cell of prose, tell.

    Parameters
    ----------
    lines : iterable of (int, str)
        Lines of Markdown with their numbers.

    Returns
    -------
    list of (int, str)
        Line and message. Where a block is open, that alone: what would be in it is not known.
    """
    known = list(lines)
    return [*_broken(known)] or [*blocks(known)] or sorted({*tables(known), *marks(known)})


def _broken(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Find blocks that are none, so that what ends them would begin one."""
    for number, line in _told(lines):
        if BROKEN.fullmatch(line.strip()):
            yield (
                number,
                f"the block {line.strip()[:60]!r} has a backtick in its first line and would be text; begin and end it with"
                " ::: in place of backticks",
            )


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a page that are no code shown as it stands, without code within them.

    Parameters
    ----------
    text : str
        Of a page in Markdown.

    Yields
    ------
    line, text
    """
    for number, line in _told(enumerate(text.splitlines(), start=1)):
        yield number, WITHIN_LINE.sub(lambda code: code[0] if code[1] else "", line)


def _told(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the lines that stand in no block of code, and those that open one."""
    around: list[str] = []  # marks of the blocks that are open
    code = False
    for number, line in lines:
        fence = _fence(line)
        closes = fence is not None and bool(around) and _closes(line, around[-1])
        opens = fence is not None and not code and not closes
        if closes:
            around.pop()
            code = False
        elif fence and opens:
            around.append(fence["mark"])
            code = _is_code(fence)
        if opens or not (code or closes):
            yield number, line


def blocks(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Find blocks that are never closed, and options that go on in a second line, where they are cut and become the text.

    Parameters
    ----------
    lines : iterable of (int, str)
        Lines of Markdown with their numbers.

    Yields
    ------
    line, message
    """
    left = list(lines)
    while left:
        number, line = left.pop(0)
        fence = _fence(line)
        if not fence:
            continue
        end = next((at for at, (_, text) in enumerate(left) if _closes(text, fence["mark"])), len(left))
        shown = _is_code(fence)
        inner = None if shown else next((at for at in range(end) if _begins(left[at][1], fence["mark"])), None)
        if inner is not None:
            # Its end would be taken for that of this one; which of the rest are open is not known.
            yield (
                number,
                f"the block {line.strip()!r} is not closed before {left[inner][1].strip()!r} begins in line"
                f" {left[inner][0]}; write {fence['mark']} below it, or, if it holds that block, begin and end it with"
                f" {fence['mark'][0] * (len(fence['mark']) + 1)}",
            )
            return
        if end == len(left):
            yield (
                number,
                f"the block {line.strip()!r} is never closed and would hold all that follows; write {fence['mark']} below it",
            )
        content, left = left[:end], left[end + 1 :]
        if shown:
            continue
        given = []
        while content and (found := OPTION.match(content[0][1].strip())):
            given.append((content.pop(0)[0], found[1]))
        head = []
        for _, text in content:
            if not text.strip():
                break
            head.append(text.strip())
        again = next((OPTION.match(text) for text in head if OPTION.match(text)), None)
        if given and head and (again or given[-1][1] in SENTENCES or content[0][1].startswith((" ", "\t"))):
            rest = f", and :{again[1]}: after it is lost" if again else ""
            yield (
                given[-1][0],
                f"the option :{given[-1][1]}: goes on in the next line ({head[0][:40]!r}), which would become the text{rest};"
                " write an option in one line, and an empty line before the text",
            )
        yield from blocks(content)


def _fence(line: str) -> re.Match[str] | None:
    """Return the mark of a block and what follows it, where a line is one."""
    return FENCE.fullmatch(BEFORE.sub("", line, count=1).strip())


def _closes(line: str, mark: str) -> bool:
    """Say whether a line ends a block; one that begins an entry of a list does not."""
    return re.fullmatch(rf"[ \t>]*{re.escape(mark)}{re.escape(mark[0])}*\s*", line) is not None


def _is_code(fence: re.Match[str]) -> bool:
    """Say whether a block is shown as it stands, so that nothing within it is prose."""
    directive = DIRECTIVE.match(fence["info"])
    return fence["mark"][0] != ":" if directive is None else directive[1] in VERBATIM


def _begins(line: str, mark: str) -> bool:
    """Say whether a line begins a directive whose mark is of the kind of another one, and no shorter."""
    fence = _fence(line)
    return fence is not None and fence["mark"].startswith(mark) and DIRECTIVE.match(fence["info"]) is not None


def _without_code(text: str) -> str:
    """Return a page with blanks for code that is shown as it stands, so that all else keeps its line."""
    told = dict(_told(enumerate(text.splitlines())))
    lines = [told.get(number, "") for number in range(text.count("\n") + 1)]
    # The marks of a block are no code within a line.
    left = "\n".join(line.replace(fence["mark"], "") if (fence := _fence(line)) else line for line in lines)
    return PARAGRAPH.sub(lambda paragraph: WITHIN_LINE.sub(_unless_role, paragraph[0]), left)


def _unless_role(code: re.Match[str]) -> str:
    return code[0] if code[1] else re.sub(r"[^\n]", " ", code[0])


def tables(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Find rows with more cells than their table has columns: Markdown drops the last ones without a word.

    Parameters
    ----------
    lines : iterable of (int, str)
        Lines of Markdown with their numbers.

    Yields
    ------
    line, message
    """
    before, columns = "", 0
    for number, line in _told(lines):
        cells = _cells(line)
        if not line.strip():
            columns = 0
        elif columns and len(cells) > columns:
            yield (
                number,
                f"the row has {len(cells)} cells and its table {columns} columns, so that {cells[columns].strip()!r} would vanish;"
                " add a column to the head, or write \\| for a line within a cell",
            )
        elif not columns and "|" in line and "|" in before and RULE.fullmatch(line.strip()):
            columns = len(cells)
            if len(_cells(before)) != columns:
                yield (
                    number,
                    f"the head of the table has {len(_cells(before))} cells and the line below it {columns}, so that it would"
                    " be no table; write as many in both",
                )
        before = line


def _cells(line: str) -> list[str]:
    """Return the cells of a row of a table; a line after a backslash parts none."""
    return re.split(r"(?<!\\)\|", re.sub(r"^\||(?<!\\)\|$", "", line.strip()))


def notes(text: str) -> Iterator[tuple[int, str]]:
    """Find marks of footnotes without a note, which stand as they were typed, and notes without a mark, which vanish.

    Parameters
    ----------
    text : str
        Of a page in Markdown.

    Yields
    ------
    line, message
    """
    text = _without_code(text)
    told = {found[1]: found.start() for found in NOTE.finditer(text)}
    marks: dict[str, int] = {}
    for found in MARK.finditer(text):
        marks.setdefault(found[1], found.start())
    for name in sorted(told.keys() ^ marks.keys(), key=(told | marks).__getitem__):
        said = (
            "has no text; write `[^{0}]: ...` on a line of its own"
            if name in marks
            else "is referred to nowhere and would vanish"
        )
        line = text.count("\n", 0, (told | marks)[name]) + 1
        yield line, f"the footnote [^{name}] {said.format(name)}"
    yield from _nested(text.splitlines())


def _nested(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Find marks of footnotes within the text of a footnote."""
    note, before = "", ""
    for number, line in enumerate(lines, start=1):
        begins = NOTE.match(line)
        if begins or (line.strip() and not before.strip() and not line.startswith((" ", "\t"))):
            note = begins[1] if begins else ""
        for mark in MARK.findall(line) if note else ():
            yield number, f"the footnote [^{note}] holds the mark [^{mark}]; a note cannot have a note, say it in one"
        before = line


def links(text: str) -> Iterator[tuple[int, str]]:
    """Find links that Markdown leaves standing as they were typed, because their address is none that a page may lead to.

    Parameters
    ----------
    text : str
        Of a page in Markdown.

    Yields
    ------
    line, message
    """
    text = _without_code(text)
    for found in LINK.finditer(text):
        said = foreign(found[1])
        if said:
            yield text.count("\n", 0, found.start()) + 1, said


def foreign(address: str) -> str:
    """Say what is wrong with an address that leads out of the book; nothing where all is well.

    Parameters
    ----------
    address : str
        As it would stand in a page; where a program reads it, a letter of ``javascript`` may be a tab.

    Returns
    -------
    str
    """
    scheme = re.match(r"[\s\x00-\x1f]*([a-z][a-z0-9+.\s-]*):", address, re.IGNORECASE)
    if scheme is None or scheme[1].lower() in SCHEMES:
        return ""
    return f"the address {address[:60]!r} is none that a book links to; expected one of {', '.join(sorted(SCHEMES))}"


def marks(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Find what stands on the page as it was typed, is taken for a formula, or vanishes as a comment.

    Parameters
    ----------
    lines : iterable of (int, str)
        Lines of Markdown with their numbers.

    Yields
    ------
    line, message
    """
    for blank, paragraph in groupby(_told(lines), key=lambda entry: not entry[1].strip()):
        if not blank:
            numbers, texts = zip(*paragraph, strict=True)
            yield from ((numbers[at], said) for at, said in _marks(texts))


@lru_cache(maxsize=1 << 14)
def _marks(lines: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Look at the lines of one paragraph, once: a preview asks again of a whole chapter after each saving."""
    return tuple(_marks_in(lines))


def _marks_in(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    text, before, given = [], False, False
    for number, line in enumerate(lines):
        fence = _fence(line)
        if before and line.lstrip().startswith("%"):
            yield (
                number,
                f"the line {line.strip()[:40]!r} would be a comment and vanish; begin it with the last word of the line before,"
                " or write an empty line above a comment",
            )
        elif fence and re.match(r"\s*\{[\w:.-]+\}\S", fence["info"]):
            yield number, f"the block {line.strip()[:40]!r} has no blank after its brace; write one"
        elif fence and (name := _bare(fence["info"])):
            yield (
                number,
                f"the block {line.strip()[:40]!r} names no directive; write {fence['mark']}{{{name}}}",
            )
        elif fence and fence["info"].lstrip().startswith("{") and fence["info"].split()[0].strip("{},") in CHUNKS:
            yield number, f"the block {line.strip()[:40]!r} is a chunk of another program; code stands in notebooks/"
        elif given and re.match(r"\s*:[a-z-]+[ \t]+[^:]*$", line):
            yield (
                number,
                f"the option {line.strip()[:40]!r} has no colon after its name; write :{line.strip()[1:].split()[0]}: ...",
            )
        given = bool(fence and DIRECTIVE.match(fence["info"])) or (given and line.lstrip().startswith(":"))
        before = not fence and not line.lstrip().startswith("%")
        # Every line keeps its place; a fence holds backticks that are none of the text.
        text.append("" if fence else line)
    told = "\n".join(text)
    whole = WITHIN_LINE.sub(lambda code: code[0] if code[1] else _blank(code), told)
    words_alone = FORMULA.sub(_blank, whole)
    found = [(*said.span(), words) for pattern, words in TYPED for said in pattern.finditer(words_alone)]
    found += [
        (*said.span(), "is executed by other programs, and would stand as it is; write {value}`id`")
        for said in CHUNK.finditer(told)
    ]
    found += [
        (*price.span(), "would be set as a formula; write \\$ for a dollar")
        for price in PRICE.finditer(whole)
        if re.search(r"[a-z]{2}" if price["next"] else r"\s[a-z]{3,}\s", price["said"])
    ]
    found += [
        (*said.span(), "would be set as a formula; write \\$ for a dollar, and \\text{...} for words within a formula")
        for said in FORMULA.finditer(whole)
        if WORDS.fullmatch(said[0].strip("$")) and not PRICE.match(whole, said.start())
    ]
    found += [
        (*said.span(), "has a backtick at its beginning and none at its end; write it, or \\`")
        for said in LONE.finditer(WITHIN_LINE.sub(_blank, told))
    ]
    found += [
        (*formula.span(), "is a formula of its own, which within a line would stand as it is; write $...$")
        for formula in DISPLAYED.finditer(whole)
        if not _stands_alone(whole, formula)
    ]
    for start, end, words in sorted(found):
        yield told.count("\n", 0, start), f"{' '.join(told[start:end].split())[:60]!r} {words}"


def _blank(found: re.Match[str]) -> str:
    """Replace what is no text, sign by sign, so that all else keeps its place."""
    return re.sub(r"[^\n]", BLANK, found[0])


def _stands_alone(text: str, formula: re.Match[str]) -> bool:
    """Say whether nothing but a label stands beside a formula in its line."""
    before, after = text[: formula.start()].rpartition("\n")[2], text[formula.end() :].partition("\n")[0]
    return not before.strip(" \t>") and not re.sub(r"^\s*\([\w:-]+\)", "", after).strip()


def _bare(info: str) -> str:
    """Return the directive that a fence names without its braces, or with a brace in the wrong place; empty where all is well."""
    first = next(iter(info.split()), "")
    if first.startswith("{.callout-"):
        return first[len("{.callout-") :].strip("}")
    if first.startswith("{"):
        name = first.strip("{},")
        return name if "}" not in first and name in BARE else ""
    return first if first in BARE else ""
