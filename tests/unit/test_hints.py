"""Failure guarded against: an error of Python that says what is wrong, and leaves a beginner alone with what to do."""

import re

import pytest

from press.run import hints

# fmt: off
TOLD = {
    "a frame without rows": ("ValueError", "attempt to get argmax of an empty sequence", "nothing is left of what was selected"),
    "a row that is not there": ("IndexError", "single positional indexer is out-of-bounds", "nothing is left"),
    "a word too much": (
        "TypeError", "ranked_bars() got an unexpected keyword argument 'units'", r"help\(ranked_bars\) in a cell"),
    "a word too few": (
        "TypeError", "figure() missing 1 required keyword-only argument: 'shows'", r"help\(figure\) .* what each is for"),
    "words without names": (
        "TypeError", "ranked_bars() takes 1 positional argument but 3 were given", r"as in label=\.\.\., value="),
    "a function that is none": (
        "AttributeError", "module 'crossroads.charts' has no attribute 'rankedbars'", r"help\(crossroads\.charts\)"),
    "quotation marks of a word processor": (
        "SyntaxError", "invalid character '\u201c' (U+201C)", "write straight quotation marks"),
    "a bracket": ("SyntaxError", "incomplete input", "never closed"),
    "a file": ("FileNotFoundError", "[Errno 2] No such file or directory: 'a.csv'", "`new table` brings one in"),
    "an end before the end": ("SystemExit", "0", "runs to its end; take the call of exit or quit out"),
    "a question to nobody": (
        "StdinNotImplementedError", "raw_input was called, but this frontend does not support input requests.", "write the value into the cell"),
    "what nobody defines": ("NameError", "name 'load' is not defined", "give it a value, or import it"),
}
# fmt: on


@pytest.mark.parametrize("error", TOLD)
def test_error_is_told_with_what_to_do(error):
    name, told, hint = TOLD[error]
    assert re.search(hint, hints.hint(name, told, "x = 1", "y = 2"))


@pytest.mark.parametrize(
    "later",
    ["gardens = 1", "def gardens():\n    pass", "from x import gardens", "gardens: int = 3", "if x:\n    gardens = 2"],
)
def test_name_that_a_later_cell_gives_is_told_so(later):
    said = hints.hint("NameError", "name 'gardens' is not defined", "", f"x = 1\n{later}\n")
    assert said == "it gets its value in a later cell; move that cell above this one"
    assert hints.hint("NameError", "name 'garden' is not defined", "", later).startswith("give it a value")
    assert hints.hint("NameError", "name 'gardens' is not defined", later, "gardens == 1").startswith("a cell above")


@pytest.mark.parametrize(("name", "told"), [("ValueError", "x"), ("ZeroDivisionError", "division by zero")])
def test_nothing_is_said_where_nothing_is_known(name, told):
    assert hints.hint(name, told, "", "") == ""
