"""Failure guarded against: a picture that was drawn from other data, other words or other code than the chart's.

And the reverse, which costs time only: what has not changed is drawn again.
"""

import importlib
import os
import subprocess
import sys

import grimp
import numpy as np
import pandas as pd
import pytest

from crossroads import charts, exhibits
from crossroads.charts import drawings, house
from crossroads.charts.pictures import pictures
from crossroads.evidence import package


def frame(**changes):
    return pd.DataFrame({"name": ["Austria", "Belgium", "Chile"], "points": [1.0, 2.5, np.nan]} | changes)


LONG = np.arange(5000.0)
OTHER = np.where(LONG == 2500, -1, LONG)
DIFFERENT = {
    "a number and its text": (1, "1"),
    "a whole number and another kind of one": (1, 1.0),
    "a number and a truth": (1, True),
    "nothing and no number": (None, float("nan")),
    "no number and a missing one": (float("nan"), pd.NA),
    "texts cut elsewhere": (["ab", "c"], ["a", "bc"]),
    "lists nested elsewhere": ([[1], 2], [[1, 2]]),
    "a list and a tuple": ([1, 2], (1, 2)),
    "another order": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "a name of a column": (frame(), frame().rename(columns={"points": "score"})),
    "an order of columns": (frame(), frame()[["points", "name"]]),
    "an order of rows": (frame(), frame().iloc[[1, 0, 2]].reset_index(drop=True)),
    "an index": (frame(), frame().set_axis([1, 2, 3])),
    "a name of an index": (frame(), frame().rename_axis("row")),
    "a value": (frame(), frame(points=[1.0, 2.5, 3.0])),
    "the last digit": (frame(), frame(points=[1.0, 2.5 + 1e-15, np.nan])),
    "a type of a column": (frame(points=[1, 2, 3]), frame(points=[1.0, 2.0, 3.0])),
    "a missing text": (frame(name=["a", "b", None]), frame(name=["a", "b", "None"])),
    "a value amid a long array": (LONG, OTHER),
    "a value amid a long array in a cell": (pd.Series([LONG]), pd.Series([OTHER])),
    "a shape": (LONG, LONG.reshape(2, -1)),
    "an order of categories": (
        pd.Series(pd.Categorical(["a", "b"], ["a", "b"])), pd.Series(pd.Categorical(["a", "b"], ["b", "a"])),
    ),
    "categories that have one": (
        pd.Series(pd.Categorical(["a"], ["a"])), pd.Series(pd.Categorical(["a"], ["a"], ordered=True)),
    ),
    "the name of a series": (pd.Series([1], name="a"), pd.Series([1], name="b")),
    "what a frame says of itself": (frame(), frame().assign(**{}).pipe(lambda it: (it.attrs.update(a=1), it)[1])),
}  # fmt: skip


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_differs_has_another_key(what):
    one, other = DIFFERENT[what]
    assert drawings.key("f", one) != drawings.key("f", other)


def test_what_is_equal_has_the_same_key_in_every_process():
    """Hash order and the places of objects in memory are of one process."""
    program = (
        "import pandas as pd; from crossroads.charts import drawings; print(drawings.key('f', [pd.DataFrame({'name':"
        " ['Austria', 'Belgium', 'Chile'], 'points': [1.0, 2.5, float('nan')]}), {'focus': 'AUT'}]))"
    )
    here = drawings.key("f", [frame(), {"focus": "AUT"}])
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
        )
        assert done.stdout.strip() == here


@pytest.mark.parametrize("argument", [print, lambda x: x, {"by": len}, [object()], {1, 2}])
def test_what_has_no_digest_is_drawn_always(argument):
    """The name of a function says nothing of what it does."""
    assert drawings.key("f", argument) == ""


def test_another_function_has_another_key():
    assert drawings.key("f", [1]) != drawings.key("g", [1])


def test_all_that_decides_how_charts_look_is_in_the_key():
    """Of a form its own module, and what all forms share: no form draws with another one."""
    graph = grimp.build_graph("crossroads")
    shared = {
        path.relative_to(drawings.PACKAGE).as_posix() for it in drawings.MADE_WITH for path in drawings.PACKAGE.glob(it)
    }
    own = {name: name.removeprefix("crossroads.").replace(".", "/") + ".py" for name in graph.modules}
    forms = {name for name in graph.find_children("crossroads.charts") if own[name] not in shared}
    assert {"crossroads.charts.maps", "crossroads.charts.ranked"} < forms
    for name in graph.find_children("crossroads.charts"):
        used = {own[other] for other in graph.find_upstream_modules(name) - {"crossroads", "crossroads.charts"}}
        assert used - shared == set(), name
    assert {"charts/__init__.py", "charts/style.mplstyle"} < shared
    assert len([name for name in shared if name.endswith(".ttf")]) == len(list(house.FONTS.glob("*.ttf"))) > 0


def test_form_in_another_module_has_another_key_when_that_one_is_changed(tmp_path, monkeypatch):
    """Other forms keep theirs: a change of one had all charts of the book drawn anew."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in ["tide_forms", "wind_forms"]:
        (tmp_path / f"{name}.py").write_text("", "utf-8")
        importlib.import_module(name)
    keys = []
    for text in ["", "WIDTH = 1\n"]:
        (tmp_path / "tide_forms.py").write_text(text, "utf-8")
        drawings._code.cache_clear()
        keys.append([drawings.key(f"{name}.draw", [1]) for name in ["tide_forms", "wind_forms"]])
    assert keys[0][0] != keys[1][0]
    assert keys[0][1] == keys[1][1]


ABOUT = {
    "title": "Belgium is above Austria", "subtitle": "Mean, points, three countries, 2022", "shows": "means",
    "finding": "Belgium is higher", "indicators": ["pisa"],
}  # fmt: skip


def draw(**settings):
    return charts.ranked_dots(frame(), label="name", value="points", **settings)


@pytest.fixture
def drawn(monkeypatch):
    """How often anything was drawn."""
    counted = []
    canvas = house.canvas
    monkeypatch.setattr(house, "canvas", lambda *arguments: counted.append(1) or canvas(*arguments))
    return counted


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """Publish as a notebook does, whose last result is in ``before``."""
    facts = dict.fromkeys(("publisher", "dataset", "edition", "doi", "url", "licence", "notice", "retrieved"), "x")
    monkeypatch.setattr(package, "facts", lambda name: facts)

    def run(name, chart, before=""):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setenv("PRESS_PUBLISH", str(folder))
        monkeypatch.setenv("PRESS_BEFORE", str(before and tmp_path / before))
        exhibits.figure("ch1-points", chart(), data=frame(), **ABOUT)
        return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    return run


def test_what_was_drawn_before_is_not_drawn_and_has_the_same_bytes(publish, drawn):
    first = publish("first", draw)
    assert len(drawn) == 2  # wide and narrow
    assert publish("second", draw, before="first") == first
    assert publish("third", draw, before="second") == first
    assert len(drawn) == 2


CHANGES = {"another look": {"unit": "Points"}, "another order": {"ascending": True}}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_drawn(publish, drawn, change):
    first = publish("first", draw)
    other = publish("second", lambda: draw(**CHANGES[change]), before="first")
    assert len(drawn) == 4
    assert other["ch1-points.svg"] != first["ch1-points.svg"]


def test_another_house_style_draws_all(publish, drawn, monkeypatch):
    publish("first", draw)
    monkeypatch.setattr(drawings, "_code", lambda module: b"other")
    publish("second", draw, before="first")
    assert len(drawn) == 4


@pytest.mark.parametrize("before", ["", "first"])
def test_chart_whose_figure_may_have_been_changed_is_not_published(publish, before):
    """A title that an author added stood in the wide picture and not in that for telephones."""

    def changed():
        chart = draw()
        chart.axes[0].set_title("Added")
        return chart

    publish("first", draw)
    with pytest.raises(
        exhibits.ExhibitError, match=r"ch1-points: the chart was asked for its 'axes'.*arguments of the form"
    ):
        publish("second", changed, before)


def test_without_an_earlier_result_all_is_drawn(monkeypatch, drawn):
    monkeypatch.delenv("PRESS_BEFORE", raising=False)
    assert set(pictures(draw())) == set(drawings.SUFFIXES)
    assert len(drawn) == 2


def test_chart_shows_itself_in_a_notebook_and_libraries_may_ask_it_anything():
    """IPython asks every object for names that it does not have; the answer must not count as a look at the figure."""
    chart = draw()
    assert chart._repr_png_().startswith(b"\x89PNG")
    assert not hasattr(chart, "_repr_mimebundle_")
    assert not chart.asked
    assert [name for name in dir(chart) if not name.startswith("_")] == [
        "asked", "before", "form", "key", "narrow", "plot", "reading",
    ]  # fmt: skip
    assert not hasattr(chart, "no_such_thing")
    assert chart.asked == "no_such_thing"
