"""Failure guarded against: Markdown that nobody refuses and that is not what was meant, or a rule that refuses what is.

Each text was published as it was typed, as a formula, or not at all, without a word.
"""

import pytest

from press import markup

# fmt: off
SLIPS = {
    "a cell too many": ("| a | b |\n| --- | --- |\n| 1 | 2 | 3 |", 3, "'3' would vanish"),
    "a line in code in a table": ("| a |\n| - |\n| `x|y` |", 3, "'y`' would vanish"),
    "a head that is none": ("| a | b |\n| --- | --- | --- |\n| 1 | 2 |", 2, "would be no table"),
    "a blank in a role": ("It is\n{value} `ch1-mean` here.", 2, "'{value} `ch1-mean`' has a blank before its text"),
    "a role in quotation marks": ("It is {value}'ch1-mean'.", 1, "has no text between backticks"),
    "a role of a citation without text": ("So {cite:p}(ito2020).", 1, "has no text between backticks"),
    "a role that does not end": ("It is {value}`ch1-mean, and\nso on.", 1, "has no backtick at its end"),
    "the second role that does not end": ("A {value}`a`,\nand {value}`b here.", 2, "has no backtick at its end"),
    "a heading without a blank": ("##Costs rise\n\nText.", 1, "is no heading"),
    "a picture with a blank": ("![A field](My Screenshot.PNG)", 1, "has a blank in the name of its file"),
    "a link with a blank": ("See [the site] (https://example.org/a).", 1, "is no link"),
    "a comment within a paragraph": ("Of all schools 12\n% said so.", 2, "would be a comment and vanish"),
    "two prices": ("It cost $5 million, then US$6 million.", 1, "would be set as a formula"),
    "two prices over two lines": ("It cost\n$5 million in one year\nand $6 in another.", 2, "would be set as a formula"),
    "a price and a sign": ("Some $5 per pupil spent, in $ of today.", 1, "would be set as a formula"),
    "a directive without braces": ("```exhibit ch1-x\n```", 1, "write ```{exhibit}"),
    "a box without braces": (":::note\nText.\n:::", 1, "write :::{note}"),
    "a directive with one brace": ("```{exhibit ch1-x\n```", 1, "write ```{exhibit}"),
    "a citation as Pandoc writes it": ("So it is [@ito2020, p. 4].", 1, "write {cite:p}`key` to cite"),
    "a note as Pandoc writes it": ("So it is.^[As told.]", 1, "write [^name] here"),
    "what is low as Pandoc writes it": ("Of H~2~O.", 1, "write {sub}`text`"),
    "what is high as Pandoc writes it": ("The 2^nd^ time.", 1, "write {sup}`text`"),
    "what is struck out": ("It is ~~not~~ so.", 1, "no medium strikes text out"),
    "what is marked": ("It is ==so== here.", 1, "write *words*"),
    "a citation as LaTeX writes it": ("So\nit is \\citep{ito}.", 2, "write {cite:p}`key`"),
    "a reference as LaTeX writes it": ("In Figure \\ref{ch1-x}.", 1, "{numref}`label`"),
    "words as LaTeX writes them": ("It is \\emph{so}.", 1, "is LaTeX"),
    "a page as LaTeX begins it": ("\\newpage", 1, "is LaTeX"),
    "a box as GitHub writes it": ("> [!NOTE]\n> So.", 1, "begins with :::{note}"),
    "a link as a wiki writes it": ("See [[Other page]].", 1, "write [words](page.md)"),
    "a role of reStructuredText": ("See :ref:`label`.", 1, "is reStructuredText"),
    "a role of a domain of reStructuredText": ("See :cite:p:`ito`.", 1, "is reStructuredText"),
    "a link of reStructuredText": ("See `this <https://example.org>`_.", 1, "and no link"),
    "a directive of reStructuredText": (".. note::\n   So.", 1, "is reStructuredText"),
    "a reference as Quarto writes it": ("See @fig-one.", 1, "{numref}`label`"),
    "a bare citation as Pandoc writes it": ("As @walker2020 says.", 1, "write {cite:p}`key`"),
    "a role without braces": ("It is value`ch1-mean`.", 1, "write {role}`text`"),
    "a number as R Markdown writes it": ("It is `r mean(x)`.", 1, "write {value}`id`"),
    "a number as Quarto writes it": ("It is `{python} mean`.", 1, "write {value}`id`"),
    "a table from a spreadsheet": ("Country\tLate\nAustria\t12", 1, "is no table"),
    "a formula of its own in a sentence": ("It is $$x = 1$$ here.", 1, "write $...$"),
    "a sentence after a formula of its own": ("$$x = 1$$ is it.", 1, "write $...$"),
    "a box as Quarto writes it": ("::: {.callout-note}\nSo.\n:::", 1, "write :::{note}"),
    "no blank after the brace": ("```{figure}x.svg\n:alt: A door\n```", 1, "has no blank after its brace"),
    "a brace after the id": ("```{exhibit ch1-x}\n```", 1, "write ```{exhibit}"),
    "a chunk": ("```{r, echo=FALSE}\n1\n```", 1, "code stands in notebooks/"),
    "an option without its second colon": ("```{figure} x.svg\n:alt A door\n```", 2, "write :alt: ..."),
    "a formula as LaTeX writes it": ("So \\(x^2 + y\\) is.", 1, "write $...$"),
    "an environment of LaTeX": ("\\begin{align*}\na &= b\n\\end{align*}", 1, "write $$ above and below it"),
    "a sign as LaTeX writes it": ("So \\(n\\) is.", 1, "write $...$"),
    "a formula of its own as LaTeX writes it": ("\\[ x = y \\]", 1, "write $$ above and below it"),
    "a formula of some lines as LaTeX writes it": ("\\[\nx = y\n\\]", 1, "write $$ above and below it"),
    "a name of a picture": ("Well done :smile: all.", 1, "write words, or the sign itself"),
    "a backtick in the first line": ("```{list-table} Of `code`\n- a\n```", 1, "has a backtick in its first line"),
    "a block in a list that is open": ("- ~~~\n  code\n\nText.", 1, "is never closed"),
    "a heading with a note": ("## Costs[^a]\n\n[^a]: So.", 1, "is a heading with a reference"),
    "a heading with a citation": ("## As {cite:t}`ito` says", 1, "is a heading with a reference"),
    "a heading without words": ("##", 1, "is a heading without words"),
    "a line block": ("| one\n| two", 1, "would stand with its bars, in one line; end each line but the last"),
    "a list by letters": ("a. one\nb. two", 1, "number it with 1."),
    "a list by letters in brackets": ("i) one\nand more\nii) two", 1, "number it with 1."),
    "a list by dots": ("\u2022 one\n\u2022 two", 1, "begin each with - and a blank"),
    "a list by dashes": ("\u2013 one\n\u2013 two", 1, "begin each with - and a blank"),
    "signs of the dollar": ("A price of $ and US$ and a$b.", 1, "would be set as a formula"),
    "two currencies": ("Prices in US$ and C$ are alike.", 1, "would be set as a formula"),
    "words of a formula": ("So $mean of values$ it is.", 1, "\\text{...} for words"),
    "bold before a letter": ("So **Note:**text.", 1, "write a blank after it"),
    "bold without an end": ("It costs\n**more and more.", 2, "none at its end"),
    "stress without an end": ("It *costs much.", 1, "none at its end"),
    "code without an end": ("A `code that goes on.", 1, "has a backtick at its beginning"),
    "a link without an end": ("See [it](https://example.org and more.", 1, "is no link without the bracket"),
    "a picture without an end": ("![A door](door.svg", 1, "is no link without the bracket"),
    "an id of a heading": ("## Costs {#costs}", 1, "write (name)= in a line above"),
    "a width without quotation marks": ("![A door](door.svg){width=50%}", 1, "between quotation marks"),
    "a table as it is drawn": ("+---+---+\n| a | b |", 1, "is a table as other programs draw them"),
    "a title of a table of Pandoc": ("Table: Costs {#tbl-costs}", 1, "write a block that begins"),
    "a note of two words": ("So it is.[^my note]", 1, "without a blank"),
    "code in an alternative text": ("![A `door` of $x$](door.svg)", 1, "in its alternative text, where it would be lost"),
    "a table without the line below its head": ("| a | b |\n| 1 | 2 |\n| 3 | 4 |", 1, "is no table without a line"),
    "a blank within bold": ("The **Ministries ** could.", 1, "has a blank before its last stars"),
    "a row below an empty line": ("| a | b |\n| - | - |\n| 1 | 2 |\n\n| 3 | 4 |", 5, "is a row without a table"),
    "a shortcode": ("So {{< youtube x >}}.", 1, "is a shortcode"),
}
FINE = {
    "a table": "| a | b |\n|:--|--:|\n| 1 | x \\| y |\n| 2 |\n\nText | with a line.",
    "a line of a text": "Text | with\n--- | ---",
    "roles": "A {value}`a`, {cite:p}`b` and ``code `x` `` or `{value} 'x'`, {value}`b`.",
    "a role in code": "Write `{value}` and ``{value} `x` ``.",
    "a role over two lines": "It {abbr}`is\nso` here.",
    "a formula with words": "$\\text{cost} = 5 \\times \\text{price of } 6$ and $x_{value}$ and $2n$ to $3n$.",
    "prices with escapes": "It cost \\$5 million, then US\\$6 million.",
    "one price": "It cost $5 million.",
    "a displayed formula": "$$\n5 a b\n$$",
    "a sign of a heading": "Text.\n\n\\#tag\n\n# Heading\n\n#1 of all, and # alone",
    "a link": "See [the site](https://example.org), [it] (that is, all) and [^1] (so).",
    "comments": "% A comment.\n% Another.\n\nText.\n\n% One more.",
    "a comment in a block": "```{exhibit} ch1-x\n% why\n:alt: x\n```",
    "per cent": "Of all schools 12%\nsaid so.",
    "code": "```python\nx = {value} \n# note\n$5 million for $6\n```",
    "code that shows a directive": "````md\n```note\n```\n:::note\n````",
    "an attribute": "A [word]{.small} and ![door](door.png){width=20}.",
    "a substitution": "It is {{ value }}, {{value}}.",
    "signs of other dialects": "It is ~5 to ~6 km, a == b, 2^3, [me@example.org], *x*_y_, (a_b_) and \\[@x], \\~~x\\~~.",
    "signs of other dialects in formulas": "$x^2^$ and $[a] (b)$ and $\\label{x}$ and `\\cite{a}` and `[[x]]`.",
    "hours": "At 10:30:`x` or a:b:c.",
    "options": "```{figure} x.svg\n:alt: A door\n:width: 20px\n\nSo: it is.\n```",
    "addresses with a sign": "See https://example.org/@me2020 and me@walker2020.org, the value `x` and {numref}`x`.",
    "formulas of their own": "$$x = 1$$\n\n$$\ny\n$$ (eq-y)\n\n$$z$$ (eq-z)",
    "brackets that stand": "See \\[that\\] and \\(so it is\\).\n\n\\[a\\](b_c)",
    "an environment": "$$\n\\begin{align}\na &= b\n\\end{align}\n$$",
    "bars": "| a | b |\n| - | - |\n| c | d |\n\na | b\n- | -\nc | d\n\n| one line alone",
    "letters and dashes": "a. one\n\nA. B. Miller said\nB. Lee did.\n\n\u2013 so it is\n\n# A\n\nI. Kant\nand (ii) Marx",
    "formulas of letters": "$a b$, $xy = z$, $\\operatorname{mean of} x$, $\\text{all of them}$, $ x $ and $\\mathrm{ab\\ cd}$.",
    "stars": "5 * 3 * 2, **bold**, *stress*, **a *b* c**, ***both***, \\*p < 0.05, a ** b, f(*x) and `*` and `**kwargs`, **a**, (**b**) and c**.",
    "stars over lines": "It is **so\nand so** and\n*more\nso*.\n\n* an entry\n* another *one*\n\n***",
    "links over lines": "See [it](https://example.org\n\"title\") and [a\nb](c.md), [1] (so) and f[x](y).",
    "a list with tabs": "-\ttab item\n-\ttab two\n\n1.\tone",
    "a title with code": ":::{admonition} About `x`\nText.\n:::\n\n:::{tip} One {value}`x`.\n:::",
    "attributes": "![A door](door.svg){width=\"50%\"} and [a]{.small} {#x}\n\n## Costs (in {sub}`x`)",
    "code in a list": "- ~~~\n  $5 for $6 and [@x]\n  ~~~\n\n1. ```\n   {value} \n   - ```\n   ```\n\n> ```\n> ##x\n> ```\n\nText.",
    "a list of tasks": "- [x] done\n- [ ] open",
    "colons": "So a :b and c: d, at 10:30:15; e::f: and `:smile:`.\n\n- [word](page.md)\n- [ x",
    "a label": "(a-label)=\n\n## Title",
}
# fmt: on


def told(text):
    return markup.slips(enumerate(text.splitlines(), start=1))


@pytest.mark.parametrize("slip", SLIPS)
def test_slip_is_told_with_its_line(slip):
    text, line, words = SLIPS[slip]
    found = told(f"Before.\n\n{text}\n\nAfter.")
    assert [(number - 2, words in said) for number, said in found] == [(line, True)], found


@pytest.mark.parametrize("text", FINE)
def test_what_is_no_slip_is_not_told(text):
    assert told(FINE[text]) == []


@pytest.mark.parametrize(
    "text",
    [
        "```{figure} x.svg\nA caption.[^a]\n```\n\n[^a]: So.",
        "```{list-table} A title[^a]\n* - b\n```\n\n[^a]: So.",
        "A [^a].\n\n```{note}\nText.\n```\n\n[^a]: So, `x`.\n\n```{note}\nText.\n```",
        "T.[^e]: so.\n\n[^e]: Text.",
        "Write `[^b]`.\n\n```\n[^c]: So.\n```\n\n- ```\n  [^d]\n  ```",
    ],
)
def test_note_is_found_in_a_caption_and_not_in_code(text):
    """Blocks of directives were taken for code, and the note of a caption was said to be referred to nowhere."""
    assert list(markup.notes(text)) == []


def test_note_of_a_block_without_its_mark_is_told():
    assert [line for line, _ in markup.notes("```{note}\nText.[^a]\n```\n\n```{note}\nText.[^b]\n```")] == [2, 6]


@pytest.mark.parametrize(
    "note", ["[^b]: So.[^a]", "[^b]: So\n    it is.[^a]", "[^b]: So\nit is.[^a]", "[^b]: So.\n\n    It is.[^a]"]
)
def test_note_of_a_note_is_told(note):
    """docutils says neither page nor line of it."""
    text = f"A.[^a] B.[^b]\n\n[^a]: One.\n{note}\n\nMore.[^c]\n\n[^c]: Text."
    assert [said for _, said in markup.notes(text)] == [
        "the footnote [^b] holds the mark [^a]; a note cannot have a note, say it in one"
    ]


def test_slip_that_stands_twice_is_told_with_both_lines():
    """A paragraph is looked at once, wherever it stands: the second one would be told with the line of the first."""
    text = "##Costs rise\n\nText.\n\n##Costs rise"
    assert [line for line, _ in markup.slips(enumerate(text.splitlines(), start=1))] == [1, 5]
