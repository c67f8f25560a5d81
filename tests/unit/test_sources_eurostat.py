"""Eurostat's layouts: flags and missing values are read as what they are, and anything unforeseen is refused."""

from pathlib import Path

import pandas as pd
import pytest

from importers import files
from importers import layouts_eurostat as eurostat

HEADER = "STRUCTURE,freq,unit,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"


def _csv(tmp_path, *rows):
    path = tmp_path / "table.csv"
    path.write_text(HEADER + "".join(f"dataflow,{row}\n" for row in rows), encoding="utf-8")
    return path


def test_a_value_withheld_is_told_from_one_that_is_not_there(tmp_path):
    path = _csv(
        tmp_path, "A,PC,T,AT11,2020,1.5,bu,", "A,PC,T,AT12,2020,,,C", "A,PC,T,AT13,2020,,u,", "A,PC,T,AT21,2020,,,"
    )
    frame = eurostat.sdmx_csv(path, unit="PC", sex="T")
    assert frame["obs_status"].tolist() == ["bu", "c", "cu", "m"]
    assert frame["obs_value"].tolist()[0] == 1.5 and frame["obs_value"].isna().sum() == 3


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("A,PC,T,AT11,2020,1.5,q,", "unexpected flags"),
        ("A,PC,F,AT11,2020,1.5,,", "column sex: 'F', expected 'T'"),
        ("Q,PC,T,AT11,2020,1.5,,", "column freq: 'Q', expected 'A'"),
        ("A,THS,T,AT11,2020,1500,,", "column unit: 'THS', expected 'PC'"),
        ("A,PC,T,AT11,2020,1.5,,N", "CONF_STATUS"),
    ],
)
def test_another_flag_sex_frequency_or_unit_is_refused(tmp_path, row, message):
    with pytest.raises(files.LayoutError, match=message):
        eurostat.sdmx_csv(_csv(tmp_path, row), unit="PC", sex="T")


def test_a_decimal_comma_is_refused(tmp_path):
    with pytest.raises(ValueError, match="1;5"):
        eurostat.sdmx_csv(_csv(tmp_path, "A,PC,T,AT11,2020,1;5,,"), unit="PC", sex="T")


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("freq,geo,TIME_PERIOD\nA,AT,2020\n", encoding="utf-8")
    with pytest.raises(files.LayoutError, match="OBS_VALUE"):
        eurostat.sdmx_csv(path)


def test_the_grid_of_a_tsv_yields_values_flags_and_withheld_cells_only(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text(
        "freq,unit,geo\\TIME_PERIOD\t2020 \t2021 \nA,PC,AT11\t0.89 b\t: \nA,PC,AT12\t: @C\t1.2 \n", encoding="utf-8"
    )
    frame = eurostat.wide_tsv(path, unit="PC").sort_values(["geo", "time_period"])
    expected = [("AT11", 2020, "b"), ("AT12", 2020, "c"), ("AT12", 2021, "")]
    assert list(frame[["geo", "time_period", "obs_status"]].itertuples(index=False, name=None)) == expected
    path.write_text("freq,unit,geo\\TIME_PERIOD\t2020 \nA,PC,AT11\t0,89 b\n", encoding="utf-8")
    with pytest.raises(files.LayoutError, match="AT11, 2020: cannot read '0,89 b'"):
        eurostat.wide_tsv(path, unit="PC")


def test_flags_come_in_alphabetical_order_and_once():
    flags, values = pd.Series(["ub", "pb", ""]), pd.Series([1.0, None, 2.0])
    assert eurostat.status(flags, values, Path("x.csv")).tolist() == ["bu", "bmp", ""]
