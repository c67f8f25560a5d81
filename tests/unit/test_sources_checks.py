"""Checks must bite: each finds the fault that it is there for, and says where."""

import pandas as pd
import pytest

from importers import checks
from importers.declaration import Average, Spot, Sum


@pytest.fixture
def frame():
    rows = [
        ("AUT", 2018, "score", 500.0, 3.0),
        ("BEL", 2018, "score", 510.0, 4.0),
        ("OECD-average", 2018, "score", 505.0, 2.5),
        ("AUT", 2022, "score", 490.0, 3.0),
        ("BEL", 2022, "score", 500.0, 4.0),
        ("BRA", 2022, "score", 400.0, 3.0),
        ("OECD-average", 2022, "score", 495.0, 2.5),
    ]
    return pd.DataFrame(rows, columns=["ref_area", "time_period", "measure", "obs_value", "std_error"])


def test_an_average_of_members_and_its_error_are_recomputed(frame):
    """By hand: (500 + 510) / 2 = 505, and the error of a mean of two is sqrt(3^2 + 4^2) / 2 = 2.5."""
    entries = checks.average_check("table", frame, Average("OECD-average", std_error=True))
    assert [entry["passed"] for entry in entries] == [True, True]
    assert entries[0]["cells"] == 2 and entries[0]["members"] == "2-2", "Brazil is no member"
    assert entries[0]["largest"] == 0 and entries[1]["largest"] == 0


def test_a_wrong_average_fails_and_its_place_is_named(frame):
    frame.loc[6, "obs_value"] = 495.3
    entry = checks.average_check("table", frame, Average("OECD-average"))[0]
    assert not entry["passed"] and entry["largest"] == 0.3 and "time_period 2022" in entry["where"]
    left_out = Average("OECD-average", but=(({"time_period": 2022}, "known error"),))
    entry = checks.average_check("table", frame, left_out)[0]
    assert entry["passed"] and entry["cells"] == 1 and entry["left_out"][0]["reason"] == "known error"


def test_an_average_without_members_does_not_pass(frame):
    """Nothing compared is not a success."""
    for average in (Average("OECD-average", members=("FIN",)), Average("EU27_2020")):
        assert not checks.average_check("table", frame, average)[0]["passed"]


def test_a_spot_check_needs_exactly_one_row_and_both_numbers(frame):
    good = {"ref_area": "AUT", "time_period": 2018}
    assert checks.spot_check("table", frame, Spot(good, 500.04, 3.04))["passed"]
    assert not checks.spot_check("table", frame, Spot(good, 500.06))["passed"]
    assert not checks.spot_check("table", frame, Spot(good, 500.0, 3.1))["passed"]
    assert not checks.spot_check("table", frame, Spot({"ref_area": "AUT"}, 500.0))["passed"]
    assert not checks.spot_check("table", frame, Spot({"ref_area": "FIN"}, 500.0))["passed"]


def test_parts_that_do_not_add_up_fail():
    parts = {"a": 30.0, "b": 60.0, "all": 90.0}
    rows = [("AUT", 2018, "share", kind, value) for kind, value in parts.items()]
    frame = pd.DataFrame(rows, columns=["ref_area", "time_period", "measure", "kind", "obs_value"])
    assert checks.sum_check("table", frame, Sum("kind", ("a", "b"), "all", 0.01))["passed"]
    entry = checks.sum_check("table", frame, Sum("kind", ("a", "b"), 100.0, 0.01))
    assert not entry["passed"] and entry["largest"] == 10
    frame.loc[0, "obs_value"] = float("nan")
    assert not checks.sum_check("table", frame, Sum("kind", ("a", "b"), "all", 0.01))["passed"], "nothing compared"


def test_a_failed_check_is_one_readable_line(frame):
    report = {"spots": [checks.spot_check("table", frame, Spot({"ref_area": "FIN"}, 500.0))]}
    (line,) = checks.failures(report)
    assert line.startswith("spot check: table table") and "0 rows have this key" in line
    assert checks.summary(report) == "Checks passed: spots 0/1"
