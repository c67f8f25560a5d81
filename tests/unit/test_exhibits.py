"""The contract for what is published: what breaks it must not reach a reader."""

import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from crossroads import charts, exhibits, numbers
from crossroads.evidence import package

DESCRIPTOR = {
    "publisher": "OECD",
    "dataset": "PISA",
    "edition": "2023",
    "doi": "10.1787/x",
    "licence": "CC BY 4.0",
}


@pytest.fixture(autouse=True)
def one_indicator(monkeypatch):
    def indicator(name):
        if name != "pisa":
            raise package.DataError(f"no indicator {name}")
        return DESCRIPTOR | {"coverage": {"periods": ["2018", "2022"]}}

    monkeypatch.setattr(package, "facts", indicator)


@pytest.fixture
def chart():
    return charts.ranked_dots(
        pd.DataFrame({"country": ["Austria", "Belgium"], "obs_value": [1.2, -2500.0]}),
        label="country",
        value="obs_value",
    )


@pytest.fixture
def published(tmp_path, monkeypatch):
    """The folder that the runner names."""
    monkeypatch.setenv("PRESS_PUBLISH", str(tmp_path))
    return tmp_path


@pytest.fixture
def frame():
    return pd.DataFrame({"ref_area": ["AUT", "BEL"], "obs_value": [1.23456789, -2500.0], "note": ["", None]})


PARTS = {
    "title": "Belgium is below Austria",
    "subtitle": "Mean, points, two countries, 2022",
    "shows": "means of two countries",
    "finding": "Belgium is lower",
    "indicators": ["pisa"],
}


def publish_all(folder, chart, frame, monkeypatch):
    folder.mkdir()
    monkeypatch.setenv("PRESS_PUBLISH", str(folder))
    exhibits.figure("ch1-figure", chart, data=frame, **PARTS)
    exhibits.table("ch1-table", frame, columns={"obs_value": "Points"}, formats={"obs_value": ",.1f"}, **PARTS)
    exhibits.value("ch1-value", 12.3456789, unit="%", format=".1f", n_obs=2, indicators=["pisa"])
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_runs_publish_the_same_bytes(tmp_path, chart, frame, monkeypatch):
    first = publish_all(tmp_path / "first", chart, frame, monkeypatch)
    second = publish_all(tmp_path / "second", chart, frame, monkeypatch)
    assert sorted(first) == [
        "drawings.json", "exhibits/ch1-figure.csv", "exhibits/ch1-figure.json", "exhibits/ch1-figure.narrow.svg",
        "exhibits/ch1-figure.png", "exhibits/ch1-figure.svg", "exhibits/ch1-figure.wide.svg",
        "exhibits/ch1-table.csv", "exhibits/ch1-table.json", "values.json",
    ]  # fmt: skip
    assert [name for name in first if first[name] != second[name]] == []


def test_alternative_text_source_and_cells_are_derived(tmp_path, chart, frame, monkeypatch):
    files = publish_all(tmp_path / "out", chart, frame, monkeypatch)
    figure = json.loads(files["exhibits/ch1-figure.json"])
    assert figure["alt"] == "Ranked dot plot of means of two countries where Belgium is lower."
    assert figure["sources"][0]["publisher"] == "OECD"
    assert json.loads(files["exhibits/ch1-table.json"])["rows"] == [["1.2"], ["\u22122\u202f500.0"]]


def test_a_figure_says_what_it_plots_at_full_precision(tmp_path, chart, frame, monkeypatch):
    """What is made of it, such as a native chart, must not show rounded numbers."""
    figure = json.loads(publish_all(tmp_path / "out", chart, frame, monkeypatch)["exhibits/ch1-figure.json"])
    assert figure["plot"]["form"] == "dots"
    (series,) = figure["plot"]["series"]
    assert [figure["reading"]["rows"][row][0] for row in series["rows"]] == ["Austria", "Belgium"]
    assert series["values"] == [1.2, -2500]


def test_nothing_is_written_outside_a_build(tmp_path, chart, frame, monkeypatch):
    monkeypatch.delenv("PRESS_PUBLISH", raising=False)
    monkeypatch.chdir(tmp_path)
    exhibits.figure("ch1-figure", chart, data=frame, **PARTS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": "one two three four five six seven eight nine ten eleven"}, "11 words"),
        ({"title": "A sentence."}, "full stop"),
        ({"subtitle": ""}, "subtitle is empty"),
        ({"indicators": []}, "name the indicator tables"),
        ({"data": pd.DataFrame()}, "data are empty: 0 rows of 0 columns"),
        ({"data": pd.DataFrame([[1, 2]], columns=["a", "a"])}, "two columns 'a'"),
        ({"note": "See **the site**."}, r"note holds '\*\*t', which would be printed as it stands"),
        ({"note": "See [the site](https://example.org)."}, r"note holds '\]\('"),
        ({"limits": "Not *all* of it."}, r"limits holds '\*all\*'"),
        ({"subtitle": "Mean of `score`"}, "subtitle holds '`score`'"),
        ({"title": "Water is H<sub>2</sub>O"}, "title holds '<sub>'"),
        ({"note": "Schools &amp; cities"}, "note holds '&amp;'"),
        ({"note": "A slope of $\\beta$."}, r"note holds '\$"),
    ],
)
def test_exhibit_that_breaks_the_contract_is_refused(chart, frame, changes, message):
    with pytest.raises(exhibits.ExhibitError, match=message):
        exhibits.figure("ch1-figure", chart, **{"data": frame, **PARTS, **changes})


@pytest.mark.parametrize("cell", ["[site](https://example.org)", "<a href='https://example.org'>x</a>", "**Wien**"])
def test_markup_in_a_cell_is_refused(frame, cell):
    """Links in cells stood on the page as they were typed."""
    with pytest.raises(
        exhibits.ExhibitError, match=r"row 1 of the column 'place' holds .* would be printed as it stands"
    ):
        exhibits.table("ch1-table", frame.assign(place=cell), columns={"place": "Place"}, **PARTS)


def test_signs_that_are_no_markup_are_let_through(chart, frame):
    note = "* p < 0.05, 5 > 3; 2 * 3 * 4; R&D; from $5 to $7 a day; a_b and c_d; see table (2)"
    assert exhibits.figure("ch1-figure", chart, data=frame, **PARTS, note=note).metadata["note"] == note


@pytest.mark.parametrize("areas", [["FIN", "BEL"], ["AUT", "BEL", "FIN", "DNK", "CHE"]])
def test_data_of_other_areas_than_the_chart_shows_are_refused(chart, frame, areas):
    """Four hundred rows of a table were published beside a chart of five of its countries."""
    data = pd.concat([frame] * 3).head(len(areas)).assign(ref_area=areas).reset_index(drop=True)
    with pytest.raises(
        exhibits.ExhibitError, match=rf"ch1-figure: the chart shows 2 areas and the data hold {len(areas)}"
    ):
        exhibits.figure("ch1-figure", chart, data=data, **PARTS)
    more = pd.concat([frame, frame.head(1).assign(ref_area="FIN")]).reset_index(drop=True)
    assert exhibits.figure("ch1-figure", chart, data=more, **PARTS).metadata["n_rows"] == 3


@pytest.mark.parametrize("identifier", ["Ch1-x", "spending", "ch1 x", "ch1-"])
def test_id_that_is_no_permalink_is_refused(chart, frame, identifier):
    with pytest.raises(exhibits.ExhibitError, match="is no id"):
        exhibits.figure(identifier, chart, data=frame, **PARTS)


def test_unknown_indicator_and_foreign_chart_and_column_are_refused(chart, frame):
    with pytest.raises(package.DataError, match="no indicator nothing"):
        exhibits.figure("ch1-figure", chart, data=frame, **{**PARTS, "indicators": ["nothing"]})
    with pytest.raises(exhibits.ExhibitError, match=r"made by crossroads\.charts"):
        exhibits.figure("ch1-figure", "a chart", data=frame, **PARTS)
    with pytest.raises(exhibits.ExhibitError, match="no column 'score'"):
        exhibits.table("ch1-table", frame, columns={"score": "Score"}, **PARTS)


def test_value_that_is_a_text_without_a_letter_is_refused():
    with pytest.raises(exhibits.ExhibitError, match="the value is a text without a letter"):
        exhibits.value("ch1-value", " ", indicators=["pisa"])


@pytest.mark.parametrize("obs_value", [float("nan"), float("inf"), None, [1], True, np.bool_(False)])
def test_value_that_is_no_number_is_refused(obs_value):
    with pytest.raises(exhibits.ExhibitError, match="expected a finite number"):
        exhibits.value("ch1-value", obs_value, indicators=["pisa"])


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"format": ".1"}, r"the format '\.1' has no letter .* write '\.1f'"),
        ({"format": "0.0"}, r"write '\.0f'"),
        ({"format": ".0%", "unit": "%"}, "prints hundredfold with a per cent sign"),
        ({"format": ".1%", "unit": "percentage points"}, "beside the unit 'percentage points'"),
        ({"format": ",f"}, r"the format ',f' says no number of decimals"),
        *(
            ({"format": form}, "may print powers of ten, or signs that fill")
            for form in (".3g", "010.1f", "*^20.1f", ".1n")
        ),
        ({"unit": 5}, "the unit is 5; expected a text"),
        ({"note": "mean\u200b"}, "which nobody can see; type the text anew"),
        ({"unit": "PERCENT"}, "the unit is the code 'PERCENT'; write it as readers get it"),
        ({"std_error": -1.0}, r"the standard error is -1\.0; expected a number that is not negative"),
        ({"std_error": float("nan")}, "the standard error is nan"),
        ({"n_obs": 3.5}, r"n_obs is 3\.5; expected a whole number"),
        ({"n_obs": 0}, "n_obs is 0; expected a whole number from 1"),
        ({"n_obs": float("nan")}, "n_obs is nan"),
        ({"interval": (2.0, 1.0)}, r"the interval 2\.0 to 1\.0 does not hold the value 1\.5"),
        ({"interval": (2.0, 3.0)}, "give lower and upper end"),
        ({"interval": (float("nan"), 3.0)}, "does not hold the value"),
        ({"time_period": "last year"}, "the period is 'last year'; expected a year"),
        ({"time_period": "2052"}, r"the period is '2052', and pisa has \d+ to \d+; write the year that was selected"),
        ({"unit": "%", "obs_value": 1052.4}, "more than a thousand per cent; it is multiplied by a hundred already"),
        ({"indicators": []}, "name the indicator tables"),
        ({"note": f"slope of {float('nan'):.1f}"}, "note holds 'nan'"),
        ({"note": "mean of **all** schools"}, r"note holds '\*\*a', which would be printed as it stands"),
    ],
)
def test_what_cannot_be_said_of_a_value_is_refused(told, message):
    """Each was published without a word: a number of digits as 2e+00, an interval beside its value, an n of minus three."""
    with pytest.raises(exhibits.ExhibitError, match=f"ch1-value: .*{message}"):
        exhibits.value("ch1-value", **{"obs_value": 1.5, "indicators": ["pisa"], **told})


def test_decimal_numbers_of_python_are_published(published):
    exhibits.value("ch1-value", Decimal("1.5"), indicators=["pisa"])
    assert json.loads((published / "values.json").read_text("utf-8"))["ch1-value"]["obs_value"] == 1.5


def test_number_with_all_its_digits_is_refused(published):
    """A third was printed in prose as 0.3333333."""
    with pytest.raises(
        numbers.WordingError, match=r"ch1-value: without a format .* as 0\.3333333; write \{value\}`ch1-value:\.1f`"
    ):
        exhibits.value("ch1-value", 1 / 3, indicators=["pisa"])
    exhibits.value("ch1-other", 12.5, indicators=["pisa"])
    exhibits.value("ch1-more", 1234567, indicators=["pisa"])


def test_comma_of_a_cell_that_is_no_number_stays(frame):
    """An interval of pandas, (0, 3], was printed without its comma, as if that parted thousands."""
    data = frame.assign(between=pd.IntervalIndex.from_tuples([(0, 3), (3, 6)]))
    table = exhibits.table(
        "ch1-table", data, columns={"between": "Years", "obs_value": "Points"}, formats={"obs_value": ",.0f"}, **PARTS
    )
    assert table.metadata["rows"] == [["(0, 3]", "1"], ["(3, 6]", "\u22122\u202f500"]]


def test_column_of_code_is_printed_as_it_stands_and_marked(frame):
    """Of a column of commands those with options alone were set as code."""
    data = frame.assign(command=["make verify", "python try.py --times 8"])
    columns = {"command": "Command", "obs_value": "Points"}
    table = exhibits.table("ch1-table", data, columns=columns, formats={"command": "code", "obs_value": ".1f"}, **PARTS)
    assert [row[0] for row in table.metadata["rows"]] == list(data["command"])
    assert [column.get("code", False) for column in table.metadata["columns"].values()] == [True, False]


def test_numbers_of_observations_that_a_frame_made_decimals_are_whole(published):
    exhibits.value(
        "ch1-value", 1.5, n_obs=np.float64(25), interval=(1.5, 1.5), time_period="mixed", indicators=["pisa"]
    )
    assert json.loads((published / "values.json").read_text("utf-8"))["ch1-value"]["n_obs"] == 25


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data": [1, 2]}, "the data are of the type list"),
        ({"columns": ["obs_value"]}, "write each with its header"),
        ({"formats": {"obs_value": "1,f"}}, r"column 'obs_value': the format '1,f' says no number of decimals"),
        ({"formats": {"obs_value": ".1x"}}, r"column 'obs_value': the format '\.1x' may print powers of ten"),
        ({"formats": {"obs_value": "d"}}, "the format 'd' does not fit the column 'obs_value'"),
        ({"columns": {"span": "Span"}}, "'span' is of the type timedelta64"),
        ({"columns": {"root": "Root"}}, "'root' is of the type complex128"),
        ({"columns": {"name": "Name"}}, "row 2 has no name in the column 'name'; name it"),
        ({"columns": {"torn": "Torn"}}, r"row 1 of the column 'torn' holds '\\x07', which nobody can see"),
        ({"shows": ""}, "shows is empty"),
        ({"finding": "."}, "finding is empty"),
        ({"finding": f"Austria has {float('nan')}"}, "alt holds 'nan'"),
        ({"title": "Austria has {score}"}, "title holds '{'"),
        ({"columns": {"flag": "Flag"}}, "'flag' is of the type bool and would be printed as True"),
        ({"columns": {"day": "Day"}}, "'day' is of the type datetime64.* printed as 2020-01-01 00:00:00"),
        (
            {"columns": {"obs_value": "Points"}, "formats": {}},
            r"'obs_value': its numbers would be printed as .*; write formats=",
        ),
        ({"columns": {"flat": "Of all", "note": "Of all "}}, "'note' is headed 'Of all' as another one is"),
        ({"columns": {"flat": " "}}, "the column 'flat' has no head"),
        ({"columns": {"flat": "Flat"}}, "row 2 of the table is printed twice, a; drop one"),
    ],
)
def test_table_that_says_what_nobody_meant_is_refused(frame, changes, message):
    data = frame.assign(
        flag=[True, False], day=pd.Timestamp("2020-01-01"), flat="a", span=pd.Timedelta("1D"), root=1j, name=["a", ""]
    )
    if "torn" in changes.get("columns", ()):
        data = data.assign(torn="Ger\x07many")
    with pytest.raises(exhibits.ExhibitError, match=f"ch1-table(, |: ).*{message}"):
        exhibits.table(
            "ch1-table",
            **{"data": data, "columns": {"obs_value": "Points"}, "formats": {"obs_value": ".1f"}, **PARTS, **changes},
        )


def test_id_used_twice_in_one_notebook_is_refused(tmp_path, chart, frame, monkeypatch):
    publish_all(tmp_path / "out", chart, frame, monkeypatch)
    with pytest.raises(exhibits.ExhibitError, match="two exhibits of that id"):
        exhibits.figure("ch1-figure", chart, data=frame, **PARTS)
    with pytest.raises(exhibits.ExhibitError, match="two values of that name"):
        exhibits.value("ch1-value", 1.0, indicators=["pisa"])


def sentences(*texts):
    return pd.DataFrame({"kind": "strength", "text": list(texts)})


def test_statements_are_published_in_order_with_their_source(tmp_path, monkeypatch):
    monkeypatch.setenv("PRESS_PUBLISH", str(tmp_path))
    exhibits.statements("country-nld-sentences", sentences("It was 5.", "Why?"), indicators=["pisa"])
    entry = json.loads((tmp_path / "statements.json").read_text("utf-8"))["country-nld-sentences"]
    assert [part["text"] for part in entry["sentences"]] == ["It was 5.", "Why?"]
    assert entry["sources"][0]["publisher"] == "OECD"
    with pytest.raises(exhibits.ExhibitError, match="publishes two statements of that name"):
        exhibits.statements("country-nld-sentences", sentences("It was 5."), indicators=["pisa"])


@pytest.mark.parametrize(
    ("text", "message"),
    [("It was nan points.", "'nan'"), ("In the the Netherlands.", "the the"), ("It was {value}.", "'{'"),
     ("Two  blanks.", "'  '"), ("No end", "does not end"), ("It was None.", "'None'"), ("It was 5 .", "' .'")],
)  # fmt: skip
def test_unfinished_sentence_is_refused(text, message):
    with pytest.raises(exhibits.ExhibitError, match=message):
        exhibits.statements("country-nld-sentences", sentences("It was 5.", text), indicators=["pisa"])


def test_collection_is_named_in_the_metadata_of_its_members_only(frame):
    table = {"columns": {"obs_value": "Points"}, "formats": {"obs_value": ".1f"}, **PARTS}
    assert (
        exhibits.table("country-nld-table", frame, collection="countries", **table).metadata["collection"]
        == "countries"
    )
    assert "collection" not in exhibits.table("ch1-table", frame, **table).metadata


def test_cells_of_a_table_lead_to_the_pages_of_another_column(frame):
    linked = frame.assign(page=["book/a?b=c", *[""] * (len(frame) - 1)], name="x")
    columns, formats = {"name": "Name", "obs_value": "Points"}, {"obs_value": ".1f"}
    made = exhibits.table(
        "ch1-table", linked, columns=columns, formats=formats, links={"name": "page"}, **PARTS
    ).metadata["links"]
    assert made == [["book/a?b=c", ""], *[["", ""]] * (len(frame) - 1)]
    with pytest.raises(exhibits.ExhibitError, match="no column 'pages' in the data"):
        exhibits.table("ch1-table", linked, columns=columns, links={"name": "pages"}, **PARTS)


def test_family_of_tests_is_counted_and_not_typed(published):
    """Rows without a p-value are no tests, and what counts is the adjusted value."""
    table = pd.DataFrame({"p_value": [0.01, 0.04, 0.2, np.nan], "p_adjusted": [0.03, 0.06, 0.2, np.nan]})
    made = exhibits.tests(
        "ch1-change", table, question="Is it zero?", indicators=["pisa"], adjust="fdr_bh", exhibit="ch1-x"
    )
    assert (made.metadata["n_tests"], made.metadata["n_significant"]) == (3, 1)
    assert repr(made) == (
        "Tests ch1-change: 3 tests, false-discovery rate of Benjamini and Hochberg; 1 significant at 5%"
    )
    assert json.loads((published / "tests.json").read_text("utf-8"))["ch1-change"]["exhibit"] == "ch1-x"


@pytest.mark.parametrize(
    ("table", "adjust", "told"),
    [
        (pd.DataFrame({"p_value": [np.nan]}), None, "0 tests"),
        (pd.DataFrame({"p_value": [1.2]}), None, "from 0 to 1"),
        (pd.DataFrame({"p_value": [0.2]}), "fdr_bh", "p_adjusted"),
        (pd.DataFrame({"p_value": [0.2], "p_adjusted": [0.2]}), "bonferroni-ish", "one of the methods"),
    ],
)
def test_family_without_tests_is_refused(published, table, adjust, told):
    with pytest.raises(exhibits.ExhibitError, match=told):
        exhibits.tests("ch1-change", table, question="Is it zero?", indicators=["pisa"], adjust=adjust)


def read_values(folder):
    return json.loads((folder / "values.json").read_text("utf-8"))


ESTIMATES = pd.DataFrame(
    {"obs_value": [1.25, -2.5], "std_error": [0.5, np.nan], "lower": [0.25, -3.5], "upper": [2.25, -1.5],
     "n_areas": [30, 31], "about": ["first", "second"], "name": ["Austria", "Belgium"]},
    index=["art_club", "tools"],
)  # fmt: skip


def test_rows_are_published_with_their_error_and_what_is_asked_for(published):
    exhibits.values(ESTIMATES, prefix="ch1-place", n_obs="n_areas", notes="about", unit="%", indicators=["pisa"])
    first, second = (read_values(published)[f"ch1-place-{name}"] for name in ("art-club", "tools"))
    assert (first["obs_value"], first["std_error"], first["n_obs"], first["note"]) == (1.25, 0.5, 30, "first")
    # A missing error is none: NaN would be no valid JSON, and a reader would be told of an error of nothing.
    assert (second["std_error"], second["n_obs"]) == (None, 31)


def test_an_interval_is_told_in_the_format_and_unit_of_the_value(published):
    exhibits.values(ESTIMATES, prefix="ch1", interval=True, format="+.1f", unit="%", indicators=["pisa"])
    values = read_values(published)
    assert values["ch1-art-club"]["note"] == "95% interval 0.2 to 2.2%"
    assert values["ch1-art-club"]["std_error"] is None
    exhibits.value("ch1-other", 1.0, interval=(-1, 2), note="slope", format=".2f", indicators=["pisa"])
    assert read_values(published)["ch1-other"]["note"] == "slope; 95% interval -1.00 to 2.00"


def test_the_country_of_a_row_is_published_without_unit_and_format(published):
    rows = {"ch1-lowest": ESTIMATES.iloc[1]}
    exhibits.values(rows, country="name", unit="%", format=".1f", n_obs=9, indicators=["pisa"])
    name = read_values(published)["ch1-lowest-country"]
    assert (name["obs_value"], name["unit"], name["format"], name["n_obs"]) == ("Belgium", "", "", 9)


def test_numbers_and_names_share_what_is_said_of_all(published):
    shown = exhibits.values({"ch1-n": 3, "ch1-who": "Austria"}, n_obs=5, time_period=2022, indicators=["pisa"])
    values = read_values(published)
    assert [values[name]["n_obs"] for name in ("ch1-n", "ch1-who")] == [5, 5]
    assert repr(shown) == "Value ch1-n: 3, n = 5, 2022\nValue ch1-who: Austria, n = 5, 2022"


def test_a_value_published_twice_is_refused_among_several(published):
    with pytest.raises(exhibits.ExhibitError, match="two values of that name"):
        exhibits.values({"ch1-a_b": 1, "ch1-a-b": 2}, prefix="x", indicators=["pisa"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda data: data.set_index("ref_area"),
            r"the index 'ref_area' of the data is not published.*reset_index\(\)",
        ),
        (lambda data: data.set_index(["ref_area", "obs_value"]), "the index 'ref_area' and 'obs_value' of the data"),
        (lambda data: data.set_axis(["AUT", "BEL"]), "the index 'AUT' of the data is not published"),
        (
            lambda data: data.set_axis(pd.MultiIndex.from_product([["a"], [*data]]), axis=1),
            r"2 levels, first \('a', 'ref_area'\)",
        ),
        (lambda data: data.rename(columns={"note": "obs_value"}), "two columns 'obs_value'; rename one of them"),
        (lambda data: data.rename(columns={"note": 1.5}), r"the column 1\.5 of the data has no name"),
        (lambda data: data.assign(obs_value=[1, -np.inf]), r"-inf in row 2 of the column 'obs_value' is infinite"),
        (
            lambda data: data.assign(note=["", ["a", "b"]]),
            r"\['a', 'b'\] in row 2 of the column 'note' is no single value",
        ),
    ],
)
def test_what_a_file_cannot_hold_is_refused_with_its_place(frame, chart, published, change, message):
    """Names in an index were lost without a word; all else was told by a library, or as NoneType."""
    with pytest.raises(exhibits.ExhibitError, match=rf"ch1-figure: .*{message}"):
        exhibits.figure("ch1-figure", chart, data=change(frame), **PARTS)


def test_columns_named_by_years_are_published(frame, published):
    wide = frame.rename(columns={"obs_value": 2020, "note": np.int64(2021)})
    columns = {"ref_area": "Area", 2020: "2020", 2021: "2021"}
    shown = exhibits.table("ch1-years", wide, columns=columns, formats={2020: ".1f"}, **PARTS)
    assert "ref_area, 2020, 2021" in repr(shown)
    assert (published / "exhibits" / "ch1-years.csv").read_text("utf-8").startswith("ref_area,2020,2021\n")
    assert shown.metadata["rows"][0][1] == "1.2"


def test_rows_that_were_selected_keep_their_numbers_and_are_published(frame, published, chart):
    exhibits.figure("ch1-figure", chart, data=frame.loc[[1, 0]], **PARTS)
    assert (published / "exhibits" / "ch1-figure.csv").read_text("utf-8").count("\n") == 3


def test_one_name_of_a_table_is_no_list_of_names(frame):
    with pytest.raises(
        exhibits.ExhibitError, match=r"ch1-n: indicators is the text 'pisa'; write a list, .*\['pisa'\]"
    ):
        exhibits.value("ch1-n", 1, indicators="pisa")
