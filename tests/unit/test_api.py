"""The reference of the package: nothing public is left out, listed twice, or unreadable."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from press.errors import BookError
from press.page import api

MODULES = [
    "evidence.tables",
    "evidence.package",
    "evidence.areas",
    "columns",
    "intervals",
    "numbers",
    "indicators",
    "profiles",
    "models",
    "regions",
    "composite",
    "clusters",
    "survey",
    "evidence.studies",
    "strength",
    "charts",
    "exhibits",
]
PAGE = Path(__file__).parents[2] / "book" / "api.md"
PACKAGE = Path(__file__).parents[2] / "src" / "crossroads"


def test_page_lists_every_module_that_notebooks_import():
    assert re.findall(r"```\{api\} ([\w.]+)", PAGE.read_text("utf-8")) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_every_public_docstring_can_be_read_and_none_is_missing(module):
    introduction, definitions = api.public(PACKAGE, module)
    assert api.parse(introduction, module)
    for definition in definitions:
        assert api.described(api.parse(ast.get_docstring(definition), f"{module}.{definition.name}"))


def test_public_names_of_a_package_are_those_of_its_front_once_each():
    names = [definition.name for definition in api.public(PACKAGE, "survey")[1]]
    assert "ratio" in names
    assert len(names) == len(set(names))


def test_signature_shows_defaults_and_leaves_types_to_the_words_below():
    definition = ast.parse("def f(frame: DataFrame, by: Sequence[str] = (), *, k=2) -> DataFrame: ...").body[0]
    assert api.signature(definition) == "f(frame, by=(), *, k=2)"


def test_parameters_come_with_type_and_text_and_markup_is_not_run():
    text = "Do it.\n\nParameters\n----------\nname_ : {'a', 'b'}\n    Say `it` <b>so</b>.\n"
    heading, named = api.described(api.parse(text, "f"))[1:]
    assert heading.astext() == "Parameters"
    assert named.astext().split("\n\n") == ["name_ : {'a', 'b'}", "Say it <b>so</b>."]


def test_malformed_docstring_stops_the_build_and_is_named():
    with pytest.raises(BookError, match=r"models\.f is not well-formed"):
        api.parse("Do it.\n\n    Indented for no reason, then *emphasis without end.", "models.f")


# What makes the page another one

SOURCE = '"""Charts."""\n\ndef bars(frame):\n    """Draw bars."""\n    return frame\n\n\ndef lines(frame):\n    """Draw lines."""\n'
NOTEBOOKS = {"chapter1": 'charts.bars(frame)\nexhibits.figure("bars-1", chart, title="Bars")\n', "more": "# Nothing\n"}
FIGURE = {"id": "bars-1", "kind": "figure", "title": "Bars", "alt": "Bars of three areas"}


@pytest.fixture
def digest(tmp_path, monkeypatch):
    """What the digest is of a module of charts, given its source, the notebooks, and the figure that was drawn with it."""
    contract = SimpleNamespace(charts="charts")
    monkeypatch.setattr(api, "package_folder", lambda root: tmp_path)
    (tmp_path / "__init__.py").write_text("", "utf-8")

    def take(source=SOURCE, notebooks=NOTEBOOKS, **figure):
        (tmp_path / "charts.py").write_text(source, "utf-8")
        published = SimpleNamespace(exhibits={"bars-1": FIGURE | figure})
        monkeypatch.setattr(api, "session", lambda app: SimpleNamespace(contract=contract, published=published))
        return api.digest(api.told(SimpleNamespace(srcdir=tmp_path), "charts", notebooks))

    return take


@pytest.mark.parametrize(
    "change",
    [
        {"source": SOURCE.replace("return frame", "return frame.copy()")},
        {"notebooks": NOTEBOOKS | {"more": "# Nothing at all\n", "new": "print(1)\n"}},
        {"notebooks": NOTEBOOKS | {"chapter1": NOTEBOOKS["chapter1"].replace("Bars", "Other bars")}},
        {"title": "Other bars"},
    ],
)
def test_page_is_not_read_again_for_what_it_does_not_say(digest, change):
    """Each edit of a notebook had the page read, which took half of the time of all that was read."""
    assert digest(**change) == digest()


@pytest.mark.parametrize(
    "change",
    [
        {"source": SOURCE.replace("Draw bars", "Draw wide bars")},
        {"source": SOURCE.replace("def bars(frame)", "def bars(frame, wide=False)")},
        {"source": SOURCE.replace("Charts.", "Charts of the house.")},
        {"source": SOURCE + '\n\ndef maps(frame):\n    """Draw maps."""\n'},
        {"notebooks": NOTEBOOKS | {"more": "charts.lines(frame)\n"}},
        {"notebooks": {"chapter1": "charts.bars(frame)\n"}},
        {"notebooks": {"chapter2": NOTEBOOKS["chapter1"]}},
        {"alt": "Bars of four areas"},
        {"collection": "areas"},
    ],
)
def test_page_is_read_again_for_what_it_says(digest, change):
    assert digest(**change) != digest()


@pytest.mark.parametrize(
    ("source", "name", "found"),
    [
        ("indicators.latest(frame)", "indicators.latest", True),
        ("crossroads.indicators.latest(frame)", "indicators.latest", True),
        ("latest = indicators.latest", "latest", True),
        ("indicators.latest_of(frame)", "indicators.latest", False),
        ("my_indicators.latest(frame)", "indicators.latest", False),
        ("indicators\nlatest(frame)", "indicators.latest", False),
    ],
)
def test_notebook_uses_a_function_by_its_whole_name(source, name, found):
    assert (name in api.mentioned(source)) == found
