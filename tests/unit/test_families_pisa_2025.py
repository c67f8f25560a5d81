"""Typed files of PISA 2025, creative thinking, adults and Canada: what must not pass as a number."""

import pandas as pd
import pytest

from importers import countries, files
from importers.declaration import Source
from importers.families import cmec, piaac, pisa_2025, pisa_creative


@pytest.fixture
def raw(tmp_path):
    (tmp_path / "new/oecd").mkdir(parents=True)
    return tmp_path


def write(raw, source, frame):
    (raw / source.files[0]).write_text(frame.to_csv(index=False), encoding="utf-8")


def members(**columns):
    """Return a file with a row for each member and the average, in which every column has one value."""
    codes = ["OECD", *countries.members()]
    return pd.DataFrame({"iso3": codes, "sampling_caveat": "", **{name: [cell] * 39 for name, cell in columns.items()}})


def read(raw, frame):
    write(raw, pisa_2025.CLIMATE, frame)
    return pisa_2025.read_summary(raw, pisa_2025.CLIMATE, {"belonging": "belonging_index"})


def test_a_member_that_was_not_typed_is_named(raw):
    frame = members(belonging_index="0.1").query("iso3 != 'AUT'")
    with pytest.raises(files.LayoutError, match=r"no row for \['AUT'\]"):
        read(raw, frame)


def test_an_average_that_was_not_typed_is_named(raw):
    with pytest.raises(files.LayoutError, match=r"no row for \['OECD-average'\]"):
        read(raw, members(belonging_index="0.1").query("iso3 != 'OECD'"))


def test_a_row_that_was_typed_twice_is_named_with_its_line(raw):
    frame = members(belonging_index="0.1")
    with pytest.raises(files.LayoutError, match=r"row 41: {'iso3': 'USA'} is there twice"):
        read(raw, pd.concat([frame, frame.tail(1)]).reset_index(drop=True))


@pytest.mark.parametrize("cell", ["", "0,1", "n.a."])
def test_a_cell_that_is_no_number_and_no_letter_code_is_refused(raw, cell):
    frame = members(belonging_index="0.1")
    frame.loc[3, "belonging_index"] = cell
    with pytest.raises(files.LayoutError, match="belonging_index"):
        read(raw, frame)


def test_a_caveat_other_than_a_star_is_refused(raw):
    frame = members(belonging_index="0.1")
    frame.loc[2, "sampling_caveat"] = "yes"
    with pytest.raises(files.LayoutError, match=r"row 4, column sampling_caveat: 'yes'"):
        read(raw, frame)


def test_a_star_flags_values_and_no_missing_cell(raw):
    """A missing value has one reason; the star is no second one."""
    frame = members(belonging_index="0.1")
    frame.loc[frame["iso3"].isin(["CAN", "NLD"]), "sampling_caveat"] = "*"
    frame.loc[frame["iso3"] == "NLD", "belonging_index"] = "m"
    found = read(raw, frame).set_index("ref_area")["obs_status"]
    assert found["CAN"] == "s" and found["NLD"] == "m" and found["AUT"] == ""


def test_a_column_that_is_not_there_is_named(raw):
    with pytest.raises(files.LayoutError, match="no column 'belonging_index'"):
        read(raw, members(other="1"))


def test_a_region_that_nobody_placed_is_refused(raw):
    frame = pd.DataFrame({"iso3": ["ESP"], "region": ["Catalonia"], "sampling_caveat": [""]})
    write(raw, pisa_2025.REGIONS, frame)
    with pytest.raises(files.LayoutError, match=r"Catalonia.*AREAS"):
        pisa_2025.read_regions(raw)


def test_averages_leave_out_the_countries_that_the_volume_leaves_out():
    assert pisa_2025._members_of_average("change_gap") == pisa_2025._CHANGE_MEMBERS
    assert not {"CRI", "LUX", "ESP"} & set(pisa_2025._CHANGE_MEMBERS) and len(pisa_2025._CHANGE_MEMBERS) == 35
    assert len(pisa_2025._members_of_average("non_immigrant_mean")) == 29
    assert pisa_2025._members_of_average("variance_explained") == ()


def test_the_country_of_a_part_of_it_is_refused_among_adults(raw):
    """Flanders is not Belgium."""
    frame = pd.DataFrame(
        {"iso3": ["BEL"], "country": ["Belgium"], "literacy": ["275"], "numeracy": [""], "decimals": ["0"]}
    ).assign(adaptive_problem_solving="")
    write(raw, piaac.SURVEY, frame)
    with pytest.raises(files.LayoutError, match="expected the system that took part"):
        piaac.read_adults(raw)


def test_rounded_values_of_adults_are_flagged_and_absent_ones_missing(raw):
    frame = pd.DataFrame(
        {
            "iso3": ["BEL", "FIN"],
            "country": ["Belgium (Flanders)", "Finland"],
            "literacy": ["275", "296.5"],
            "numeracy": ["", "293.8"],
            "adaptive_problem_solving": ["", "276.5"],
            "decimals": ["0", "1"],
        }
    )
    write(raw, piaac.SURVEY, frame)
    found = piaac.read_adults(raw).set_index(["ref_area", "domain"])["obs_status"]
    assert found["BE-VLG", "literacy"] == "r" and found["BE-VLG", "numeracy"] == "m" and found["FIN", "literacy"] == ""


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("subject", "History", "'history', expected"),
        ("caution", "maybe", "column caution"),
        ("year", "2003", "before the first cycle"),
    ],
)
def test_a_strange_row_of_a_province_is_refused(raw, column, cell, message):
    row = {"geo_code": "QC", "year": "2022", "subject": "Science", "score": "500", "se": "3", "caution": "False"}
    write(raw, cmec.MEASURING_UP, pd.DataFrame([row | {column: cell}]))
    with pytest.raises(files.LayoutError, match=message):
        cmec.read_provinces(raw)


def test_the_mean_of_creative_thinking_is_of_the_members_that_took_the_test():
    """A member lost on the way would move the mean by less than the rounding of the published one."""
    table = pd.DataFrame({"ref_area": ["AUT", "BEL"], "obs_value": [33.0, 33.0]})
    with pytest.raises(ValueError, match="2 members of the OECD, expected 28"):
        pisa_creative.compare(None, {"pisa-creative-thinking": table})


def test_typed_files_name_one_publication_each():
    sources = [value for value in vars(pisa_2025).values() if isinstance(value, Source)]
    assert len({source.files for source in sources}) == len(sources) == 8
