"""The loader: a table is read as it stands, or refused with one error that lets a person mend it."""

import contextlib
import io
import re

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crossroads.evidence import package, tables
from importers import codes, countries, remake
from importers.accept import accept
from importers.declaration import CodeList, Measure, Source, Table

FILE = "data/indicators/made-up.csv"
HEADER = "ref_area,time_period,measure,sex,obs_value,std_error,n_obs,obs_status,unit_measure"
MEASURES = {
    "share": Measure("A share", "PERCENT", (0, 100), typical=(20, 80)),
    "score": Measure("A score", "PISA_SCORE", (200, 700), typical=(400, 600)),
}


def _frame():
    """Twenty rows of two measures, with a flag, a missing value and a missing error among them."""
    rows = [
        (area, year, measure, sex, value + step, 1.5, 900, "")
        for step, (area, year) in enumerate(
            [("AUT", 2018), ("AUT", 2022), ("FIN", 2018), ("FIN", 2022), ("OECD", 2022)]
        )
        for measure, value in (("share", 41.25), ("score", 501.125))
        for sex in ("female", "male")
    ]
    columns = ["ref_area", "time_period", "measure", "sex", "obs_value", "std_error", "n_obs", "obs_status"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["n_obs"] = frame["n_obs"].astype("Int64")
    frame.loc[3, ["obs_value", "std_error"]] = np.nan
    frame.loc[3, "obs_status"] = "c"
    frame.loc[7, "std_error"] = np.nan
    frame.loc[7, "obs_status"] = "bu"
    return frame


def _write(folder, frame):
    source = Source("Nobody", "Made up", "https://example.org", "CC BY 4.0", ())
    table = Table("made-up", "Made up", "Nothing.", MEASURES, source, lambda raw: frame, dimensions={"sex": codes.SEX})
    tidy, dropped = remake.tidy(table, frame)
    content = remake.table_bytes(tidy)
    contents = {FILE.removeprefix("data/"): content}
    resources = [remake.resource(table, tidy, content, folder, dropped)]
    lists = {
        "areas": countries.areas().reindex(columns=list(remake.AREA_COLUMNS)).astype(object).fillna(""),
        "units": pd.DataFrame(
            [(code, *words) for code, words in codes.UNITS.items()], columns=["code", "label", "symbol"]
        ),
        "sex": pd.DataFrame(codes.SEX.codes.items(), columns=["code", "label"]),
    }
    for name, listed in lists.items():
        contents[f"code-lists/{name}.csv"] = remake.table_bytes(listed)
        resources.append(remake._code_list_resource(name, name, listed, contents[f"code-lists/{name}.csv"]))
    contents["datapackage.json"] = remake.as_json(remake.package(resources))
    remake.replace(folder / "data", contents)
    return content


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project of one small table; the working directory of the tests of this module."""
    folder = tmp_path_factory.mktemp("project")
    content = _write(folder, _frame())
    with contextlib.chdir(folder):
        yield folder, content


def _load(project, content):
    folder, sound = project
    (folder / FILE).write_bytes(content)
    try:
        return tables.load("made-up")
    finally:
        (folder / FILE).write_bytes(sound)


def test_a_sound_table_comes_back_with_values_types_and_order(project):
    frame = _load(project, project[1])
    assert ",".join(frame) == HEADER
    assert len(frame) == 20
    assert frame["time_period"].dtype == "int64" and frame["n_obs"].dtype == "Int64"
    assert frame["obs_value"].dtype == "float64" and frame["std_error"].dtype == "float64"
    first = frame.iloc[0]
    assert (first["ref_area"], first["time_period"], first["measure"], first["sex"]) == ("AUT", 2018, "score", "female")
    assert first["obs_value"] == 501.125 and first["obs_status"] == ""
    missing = frame[frame["obs_value"].isna()]
    assert missing["obs_status"].tolist() == ["c"] and missing["std_error"].isna().all()


def _replace(content, row, column, value):
    """Put a value into a cell; rows as an editor numbers them."""
    lines = content.decode().split("\n")
    cells = lines[row - 1].split(",")
    cells[HEADER.split(",").index(column)] = value
    lines[row - 1] = ",".join(cells)
    return "\n".join(lines).encode()


def _scaled(content, factor, measure="share"):
    """Give a measure in another unit throughout."""
    frame = pd.read_csv(
        io.BytesIO(content), dtype={"n_obs": "Int64"}, keep_default_na=False, na_values={"obs_value": [""]}
    )
    frame.loc[frame["measure"] == measure, "obs_value"] *= factor
    return frame.to_csv(index=False, lineterminator="\n").encode()


CELL_DAMAGES = {
    "decimal comma in quotes": ("obs_value", '"12,5"', "a number with a decimal point"),
    "text in a number": ("obs_value", "n/a", "a number with a decimal point"),
    "thousands separator": ("obs_value", "1 250", "a number with a decimal point"),
    "percent sign": ("obs_value", "41 %", "a number with a decimal point"),
    "unit off by 100": ("obs_value", "4125", "a value between"),
    "unit off by 1000": ("obs_value", "501125", "a value between"),
    "not a number": ("obs_value", "nan", "a number with a decimal point"),
    "infinity": ("obs_value", "inf", "a number with a decimal point"),
    "unknown country": ("ref_area", "XYZ", "a code of data/code-lists/areas.csv"),
    "name for a code": ("ref_area", "Finland", "a code of data/code-lists/areas.csv"),
    "code in lower case": ("ref_area", "fin", "a code of data/code-lists/areas.csv"),
    "space after a code": ("ref_area", "FIN ", "a code of data/code-lists/areas.csv"),
    "unknown measure": ("measure", "shares", "one of share, score"),
    "unit of another measure": ("unit_measure", "RATIO", "the unit of the measure"),
    "unit in lower case": ("unit_measure", "percent", "a code of data/code-lists/units.csv"),
    "unknown dimension code": ("sex", "F", "a code of data/code-lists/sex.csv"),
    "two-digit year": ("time_period", "22", "a year such as 2022"),
    "year as a decimal": ("time_period", "2022.0", "a year such as 2022"),
    "date for a year": ("time_period", "2022-01-01", "a year such as 2022"),
    "negative error": ("std_error", "-1.5", "a standard error of at least 0"),
    "error as text": ("std_error", "(1.5)", "a number with a decimal point"),
    "fraction of persons": ("n_obs", "900.5", "a whole number"),
    "flag that does not exist": ("obs_status", "z", "flags of obs-status.csv"),
    "flags out of order": ("obs_status", "ub", "flags of obs-status.csv"),
    "reason without a gap": ("obs_status", "m", "none of a, c, m, x"),
    "empty key": ("ref_area", "", "a value: this column is part of the key"),
    "gap without a reason": ("obs_value", "", "exactly one of a, c, m, x"),
}


@pytest.mark.parametrize("damage", CELL_DAMAGES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 21).filter(lambda row: row != 3))  # row 3 is the one whose value is missing
def test_a_damaged_cell_is_refused_with_file_row_column_value_and_expectation(project, damage, row):
    column, value, expected = CELL_DAMAGES[damage]
    with pytest.raises(package.DataError) as caught:
        _load(project, _replace(project[1], row, column, value))
    message = str(caught.value)
    assert message.startswith(f"{FILE}: row {row}, column "), message
    assert expected in message, message
    if column != "obs_value" or value:
        assert value.strip('"') in message or "obs_status" in message, message
    assert "make data" in message and "\n" not in message, message


def _with_line(content, row, line):
    lines = content.decode().split("\n")
    return "\n".join([*lines[: row - 1], line, *lines[row - 1 :]]).encode()


def _workbook():
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.create_sheet("hidden").sheet_state = "hidden"
    book.save(stream)
    return stream.getvalue()


FILE_DAMAGES = {
    "semicolons": (lambda c: c.replace(b",", b";"), "the delimiter is a semicolon, expected a comma"),
    "tabs": (lambda c: c.replace(b",", b"\t"), "the delimiter is a tab, expected a comma"),
    "bars": (lambda c: c.replace(b",", b"|"), "the delimiter is a bar, expected a comma"),
    "byte-order mark": (lambda c: b"\xef\xbb\xbf" + c, "row 1 begins with a byte-order mark"),
    "UTF-16": (lambda c: c.decode().encode("utf-16"), "row 1 begins with a byte-order mark"),
    "mixed encodings": (lambda c: c.replace(b"OECD", "Türkiye".encode("latin-1"), 1), "holds the byte 0xfc"),
    "Windows line ends": (lambda c: c.replace(b"\n", b"\r\n"), "the lines end as on Windows (CRLF)"),
    "one of them": (lambda c: c.replace(b"\n", b"\r\n", 1), "row 1 holds a carriage return"),
    "zero byte": (lambda c: c.replace(b"OECD", b"OE\0D", 1), "holds a zero byte"),
    "empty file": (lambda c: b"", "the file is empty"),
    "header only": (lambda c: c[: c.index(b"\n") + 1], "there are no rows below the header"),
    "Excel with a hidden sheet": (lambda c: _workbook(), "this is an Excel workbook"),
    "title above the header": (lambda c: b"Share of nothing\n" + c, "row 1 is 'Share of nothing'"),
    "header gone": (lambda c: c[c.index(b"\n") + 1 :], "row 1 is 'AUT,2018,score,female"),
    "header shifted": (lambda c: b"," + c, "row 1 is ',ref_area"),
    "blank line": (lambda c: _with_line(c, 9, ""), "row 9"),
    "column gone": (
        lambda c: (
            pd.read_csv(io.BytesIO(c), dtype=str).drop(columns="sex").to_csv(index=False, lineterminator="\n").encode()
        ),
        "missing sex",
    ),
    "column renamed": (lambda c: c.replace(b"obs_value", b"value", 1), "missing obs_value; unexpected 'value'"),
    "columns swapped": (
        lambda c: c.replace(b"ref_area,time_period", b"time_period,ref_area", 1),
        "the order of the columns differs",
    ),
    "decimal commas": (lambda c: c.replace(b"501.125", b"501,125", 1), "row 2 has 10 fields"),
    "field too many": (lambda c: c.replace(b"\n", b",\n").replace(b",\n", b"\n", 1), "row 2 has 10 fields"),
    "field missing": (lambda c: c.replace(b"AUT,2022,", b"AUT,", 1), "fields"),
    "row repeated": (lambda c: _with_line(c, 8, c.decode().split("\n")[6]), "row 8, column ref_area, time_period"),
    "total in the data": (lambda c: _with_line(c, 22, "Total,,,,,,,,"), "row 22"),
    "quotation mark": (lambda c: c.replace(b"OECD", b'"OECD', 1), "row 18"),
    "share as a fraction": (lambda c: _scaled(c, 0.01), "the unit is off"),
    "score in thousands": (lambda c: _scaled(c, 1000, "score"), "a value between 200 and 700"),
}


@pytest.mark.parametrize("damage", FILE_DAMAGES)
def test_a_damaged_file_is_refused_and_the_error_says_what_is_wrong(project, damage):
    change, expected = FILE_DAMAGES[damage]
    content = change(project[1])
    assert content != project[1], "the damage does nothing"
    with pytest.raises(package.DataError) as caught:
        _load(project, content)
    message = str(caught.value)
    assert message.startswith(f"{FILE}: "), message
    assert expected in message, message
    assert "\n" not in message, message


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1300), st.integers(0, 40), st.binary(max_size=12))
@example(0, 0, b"\n")
@example(1200, 2000, b"")
def test_nothing_but_the_sound_file_is_ever_read(project, start, length, inserted):
    """Any cut, overwriting or insertion ends in the loader's own error: none is read as something else."""
    sound = project[1]
    content = sound[:start] + inserted + sound[start + length :]
    if content == sound:
        return
    with pytest.raises(package.DataError, match=re.escape(FILE)):
        _load(project, content)


def test_an_edited_value_is_refused_and_the_message_says_how_to_accept_it(project):
    """A plausible edit passes every rule; only the hash tells it."""
    with pytest.raises(package.DataError, match=r"edited by hand.*crossroads accept made-up"):
        _load(project, project[1].replace(b"501.125", b"501.126", 1))


def test_a_truncated_file_that_ends_with_a_row_is_refused(project):
    sound = project[1]
    with pytest.raises(package.DataError, match="is not the one that"):
        _load(project, sound[: sound.rindex(b"\n", 0, len(sound) - 1) + 1])


def test_a_missing_file_is_named(project):
    folder, sound = project
    (folder / FILE).unlink()
    try:
        with pytest.raises(package.DataError, match=re.escape(f"{FILE}: the file is missing")):
            tables.load("made-up")
    finally:
        (folder / FILE).write_bytes(sound)


def test_an_unknown_name_is_refused_with_the_nearest_names(project):
    with pytest.raises(package.DataError, match="no indicator table is named 'made-upp': did you mean 'made-up'"):
        tables.load("made-upp")
    own = project[0] / "data" / "indicators" / "own.csv"
    own.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(
        package.DataError, match=r"data/indicators/own\.csv: the file is there, but .* does not describe it"
    ):
        tables.load("own")
    own.unlink()
    with pytest.raises(package.DataError, match="no code list is named"):
        tables.code_list("colours")


def test_a_damaged_code_list_is_refused(project):
    folder, _ = project
    file = folder / "data/code-lists/sex.csv"
    sound = file.read_bytes()
    for content, expected in ((sound + b"male,Again\n", "row 5, column code"), (sound[:-2], "is cut off")):
        file.write_bytes(content)
        with pytest.raises(package.DataError, match=re.escape(expected)):
            tables.code_list("sex")
    file.write_bytes(sound)
    assert tables.code_list("sex")["code"].tolist() == ["female", "male", "total"]


def test_a_broken_descriptor_is_refused(project):
    file = project[0] / package.DESCRIPTOR
    sound = file.read_bytes()
    file.write_bytes(sound[:-20])
    try:
        with pytest.raises(package.DataError, match="not valid JSON"):
            tables.load("made-up")
    finally:
        file.write_bytes(sound)


def test_without_a_project_the_error_says_where_it_looked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(package, "__file__", str(tmp_path / "site-packages" / "crossroads" / "package.py"))
    with pytest.raises(package.DataError, match=re.escape(str(tmp_path))):
        package.project_root()


def test_what_was_read_is_recorded(project):
    package.loaded.clear()
    tables.load("made-up")
    assert {FILE, f"{package.DESCRIPTOR}#made-up", "data/code-lists/areas.csv"} <= package.loaded
    assert package.DESCRIPTOR not in package.loaded, "a table must not depend on the descriptor of all others"
    package.loaded.clear()
    package.code_list("sex")
    assert package.loaded == {"data/code-lists/sex.csv"}, "a list read from the cache must count as well"
    with pytest.raises(package.DataError, match=r"colours\.csv: the file is missing"):
        package.code_list("colours")


def test_a_caller_cannot_change_the_descriptor(project):
    package.indicator("made-up")["licence"] = "mine"
    assert package.indicator("made-up")["licence"] == "CC BY 4.0"
    listed = tables.code_list("sex")
    listed["code"] = "?"
    assert tables.code_list("sex")["code"].tolist() == ["female", "male", "total"]


def _write_cells(frame):
    frame.loc[0, "obs_value"] = -1.0
    frame["sex"] = "?"


def _write_values_below(frame):
    frame["obs_value"].to_numpy()[:] = -1.0


@pytest.mark.parametrize("change", [
    _write_cells, _write_values_below,
    lambda frame: frame.insert(0, "own", 1),
    lambda frame: setattr(frame.index, "name", "own"),
    lambda frame: setattr(frame, "columns", range(frame.shape[1])),
    lambda frame: frame.attrs.update(own=1),
])  # fmt: skip
def test_what_a_caller_does_to_a_table_stays_with_the_caller(project, change):
    """A table is checked once for each state of its file, and every caller gets a frame of their own."""
    sound = tables.load("made-up").copy()
    with contextlib.suppress(ValueError):  # pandas gives out what is below a frame to be read only
        change(tables.load("made-up"))
    again = tables.load("made-up")
    pd.testing.assert_frame_equal(again, sound)
    assert (again.index.name, again.columns.name, again.attrs) == (None, None, {})


def test_a_table_is_checked_again_when_a_code_of_it_is_gone(project):
    """Its own file and its entry have not changed."""
    folder, _ = project
    tables.load("made-up")
    file = folder / "data/code-lists/sex.csv"
    sound = file.read_bytes()
    file.write_bytes(re.sub(rb"^female,.*\n", b"", sound, flags=re.M))
    try:
        with pytest.raises(package.DataError):
            tables.load("made-up")
    finally:
        file.write_bytes(sound)


@pytest.mark.parametrize(("side", "wanted"), [("higher", 1), ("lower", -1), ("neither", 0)])
def test_which_way_is_better_comes_from_the_descriptor(monkeypatch, project, side, wanted):
    entry = tables.indicator("made-up")
    entry["measures"][1]["direction"] = side
    monkeypatch.setattr(tables, "indicator", lambda name: entry)
    assert tables.direction("made-up", "measure == 'score'") == wanted
    assert tables.direction("made-up", "measure == 'share'") == 0


def test_direction_of_measures_that_differ_or_of_no_row_is_refused(monkeypatch, project):
    entry = tables.indicator("made-up")
    entry["measures"][1]["direction"] = "higher"
    monkeypatch.setattr(tables, "indicator", lambda name: entry)
    with pytest.raises(tables.DataError, match=r"made-up: .* several directions: score, share; name one measure"):
        tables.direction("made-up")
    with pytest.raises(tables.DataError, match=r"made-up: .* selects no rows"):
        tables.direction("made-up", "ref_area == 'MEX'")


def test_the_catalogue_describes_every_table(project):
    row = tables.catalogue().iloc[0]
    assert (row["name"], row["areas"], row["oecd_members"], row["rows"], row["values"]) == ("made-up", 3, 2, 20, 19)
    assert (row["first"], row["last"], row["dimensions"]) == ("2018", "2022", "sex")


def test_spans_are_years_or_pairs_of_years_only():
    """A table with spans keeps them as text and refuses everything else."""
    frame = pd.DataFrame({"ref_area": ["AUT", "FIN"], "time_period": ["2019-2021", "2020"], "obs_value": [50.0, 60.0]})
    source = Source("Nobody", "Made up", "https://example.org", "CC BY 4.0", ())
    table = Table("spans", "Spans", "Nothing.", {"share": MEASURES["share"]}, source, None, spans=True)
    tidy, dropped = remake.tidy(table, frame)
    content = remake.table_bytes(tidy)
    entry = remake.resource(table, tidy, content, None, dropped)
    known = {"areas": {"AUT", "FIN"}, "units": {"PERCENT"}}
    assert tables.validate(content, entry, "spans.csv", known)["time_period"].tolist() == ["2019-2021", "2020"]
    with pytest.raises(package.DataError, match="row 2, column time_period: '2019/21', expected a year or span"):
        tables.validate(content.replace(b"2019-2021", b"2019/21"), entry, "spans.csv", known)


def test_code_lists_of_one_name_must_agree():
    """Two families that give one list other codes would overwrite each other."""
    source = Source("Nobody", "Made up", "https://example.org", "CC BY 4.0", ())
    declared = {
        name: Table(
            name, name, name, MEASURES, source, None, dimensions={"kind": CodeList("kind", "Kind", {"a": label})}
        )
        for name, label in (("one", "A"), ("two", "Alpha"))
    }
    with pytest.raises(remake.RemakeError, match="two different code lists are named 'kind'"):
        remake.dimension_lists(declared)


def test_an_edit_is_accepted_by_name_and_stays_visible(tmp_path, monkeypatch):
    """Accepting renews the hash, keeps every other rule, and marks the table as edited."""
    _write(tmp_path, _frame())
    monkeypatch.chdir(tmp_path)
    file = tmp_path / FILE
    with pytest.raises(package.DataError, match=rf"{FILE}: nothing was edited"):
        accept("made-up")
    assert "edited" not in package.indicator("made-up")
    sound = file.read_bytes()
    file.write_bytes(sound.replace(b"501.125", b"501.126", 1))
    accept("made-up")
    assert tables.load("made-up")["obs_value"].iloc[0] == 501.126
    assert package.indicator("made-up")["edited"] is True
    file.write_bytes(sound.replace(b"501.125", b"5011.25", 1))
    with pytest.raises(package.DataError, match="a value between 200 and 700"):
        accept("made-up")
    file.write_bytes(sound.replace(b"501.125", b"99999999", 1))
    with pytest.raises(package.DataError, match="column obs_value: '99999999', expected"):
        accept("made-up")
    file.write_bytes(sound)
    both = rf"restore both files .*`git checkout {FILE} data/datapackage.json`"
    with pytest.raises(package.DataError, match=both):
        tables.load("made-up")


def test_labels_and_measures_are_those_of_list_and_descriptor(project):
    assert tables.labels("sex").to_dict() == codes.SEX.codes
    measures = tables.measures("made-up")
    assert measures["unit"].to_dict() == {"share": "PERCENT", "score": "PISA_SCORE"}
    assert measures.loc["score", "label"] == "A score"
    with pytest.raises(package.DataError, match="no indicator table"):
        tables.measures("unmade")
