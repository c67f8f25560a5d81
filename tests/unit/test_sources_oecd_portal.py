"""Totals of spending in the OECD's portal: one that lacks primary education would make a country look poor."""

import pandas as pd
import pytest

from importers import files
from importers.families import oecd_portal, oecd_regional

LEVELS = ("primary", "secondary", "primary_to_post_secondary")


def spending(area, shares, amounts):
    """One country and year: shares of GDP and amounts for a student at three levels, None where the file has no row."""
    rows = [
        (area, 2016, measure, level, value)
        for measure, values in (("spending_share_of_gdp", shares), ("spending_per_student", amounts))
        for level, value in zip(LEVELS, values, strict=True)
        if value is not None
    ]
    return pd.DataFrame(rows, columns=["ref_area", "time_period", "measure", "education_level", "obs_value"])


@pytest.mark.parametrize(
    ("shares", "amounts", "lacking"),
    [
        # Pupils of primary education counted, spending on them not: as Switzerland's total of 2016.
        ((None, 1.27, 1.27), (None, 11733, 6482), True),
        ((0.0, 1.27, 1.27), (None, 11733, 6482), True),
        # Primary education is included in secondary education, pupils and money: as in Belgium.
        ((None, 4.09, 4.09), (None, 7583, 7583), False),
        ((1.41, 2.29, 3.70), (15447, 17872, 16862), False),
        ((None, 2.29, 3.70), (None, 17872, 16862), False),
    ],
)
def test_total_without_primary_education_is_found_and_no_other(shares, amounts, lacking):
    table = pd.concat([spending("AAA", shares, amounts), spending("BBB", (1.0, 2.0, 3.0), (8000, 9000, 8500))])
    found = table[oecd_portal.totals_without_primary(table)]
    assert found["ref_area"].tolist() == ["AAA", "AAA"] * lacking
    assert set(found["education_level"]) <= {"primary_to_post_secondary"}


def test_total_that_newly_lacks_primary_education_stops_the_making(tmp_path):
    """The caveat names whose totals are withheld: it must not go stale in silence."""
    path = tmp_path / oecd_portal.SPENDING.files[0]
    path.parent.mkdir(parents=True)
    codes = {code: level for level, code in oecd_portal.SPENDING_LEVELS.items()}
    measures = {name: code for code, name in oecd_portal.SPENDING_MEASURES.items()}
    table = spending("FIN", (0.0, 1.27, 1.27), (0.0, 11733, 6482))
    table["code"], table["unit"] = table["education_level"].map(codes), table["measure"].map(measures)
    lines = [f"FIN,EDUEXP,{row.code},{row.unit},A,2016,{row.obs_value}," for row in table.itertuples()]
    path.write_text("\n".join([",".join(oecd_portal.DP_LIVE), *lines]) + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"totals without primary education in \[\('FIN', 2016\)\]"):
        oecd_portal.read_spending(tmp_path)


def test_income_that_the_publisher_mended_is_not_withheld_in_silence():
    country, status = pd.Series(["CHE", "AUT"]), pd.Series(["", ""])
    value, flags = oecd_regional._withhold_income(pd.Series([59315.0, 25698.0]), status, country)
    assert value.isna().tolist() == [True, False] and flags.tolist() == ["c", ""]
    with pytest.raises(files.LayoutError, match="if the publisher has mended them, remove STRANGE_INCOME"):
        oecd_regional._withhold_income(pd.Series([37000.0, 25698.0]), status, country)
