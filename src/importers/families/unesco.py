"""UNESCO Institute for Statistics: money, vocational enrolment, computers in schools, completion and skills (SDG 4).

Not here: series that mix surveys or sources (adult participation, bullying, minimum proficiency), which were left out.
"""

from pathlib import Path

import pandas as pd

from importers import codes, countries, files
from importers.declaration import CodeList, Comparison, Family, Measure, Source, Spot, Table

SDG4 = Source(
    publisher="UNESCO Institute for Statistics",
    dataset="SDG 4 bulk data",
    edition="state of 8 October 2024",
    url="https://databrowser.uis.unesco.org",
    licence="CC BY-SA 3.0 IGO",
    files=("country/unesco/uis_sdg4_selected_oecd.csv",),
    obtained="public repository open-numbers/ddf--unesco--education, national_datapoints, commit "
    "9ebe8204713bdcc166593d89f84087af72a09c86",
    retrieved="2024-10-08",
)
SPENDING = {
    "xgdp_fsgov": "government_share_of_gdp",
    "xgdp_fsgov_ffntr": "government_initial_share_of_gdp",
    "xgdp_fshh_ffntr": "household_share_of_gdp",
    "xgovexp_imf": "share_of_government_expenditure",
}
FUNDER = CodeList("funder", "Who pays", {"government": "Government", "household": "Households"})
LEVEL = CodeList(
    "funded-level",
    "Level of education",
    {
        "primary": "Primary",
        "lower_secondary": "Lower secondary",
        "upper_secondary": "Upper secondary",
        "secondary": "Secondary",
        "tertiary": "Tertiary",
    },
)
LEVELS = {"1": "primary", "2": "lower_secondary", "3": "upper_secondary", "2t3": "secondary", "5t8": "tertiary"}
FUNDS = {"fsgov": "government", "fshh": "household"}
PER_STUDENT = {"pppconst": "funding_per_student", "gdpcap": "funding_per_student_relative"}
FUNDING = {
    f"xunit_{unit}_{level}_{fund}_ffntr": (PER_STUDENT[unit], LEVELS[level], FUNDS[fund])
    for unit, fund, levels in (
        ("pppconst", "fsgov", ("1", "2", "2t3", "3", "5t8")),
        ("pppconst", "fshh", ("1", "2t3", "5t8")),
        ("gdpcap", "fsgov", ("1", "2t3", "5t8")),
    )
    for level in levels
}
VOCATIONAL = {"ev1524p_2t5_v": "total", "ev1524p_2t5_v_f": "female", "ev1524p_2t5_v_m": "male"}
EQUIPMENT = {
    f"schbsp_{level}_{what}": (measure, LEVELS[level])
    for level in ("1", "2", "3", "2t3")
    for what, measure in (("wcomput", "computers"), ("wintern", "internet"))
}
PATHWAYS = {"rofst_3_cp": "out_of_school", "cr_3": "completion"}
SKILLS = {
    "yadult_profiliteracy": "literacy",
    "yadult_profinumeracy": "numeracy",
    "dl": "digital_literacy",
    "ictskillcopi": "copied_a_file",
    "ictskillformula": "used_a_formula",
    "ictskillproglang": "wrote_a_program",
}


def _selected(raw, wanted):
    """Read indicators, by code of the indicator."""
    path = raw / SDG4.files[0]
    frame = files.csv(path)
    if list(frame) != ["indicator_id", "iso3", "year", "value"]:
        raise files.LayoutError(f"{path.name}, row 1: columns {list(frame)}, expected indicator_id, iso3, year, value")
    absent = sorted(set(wanted) - set(frame["indicator_id"]))
    if absent:
        raise files.LayoutError(f"{path.name}: no indicator {absent}")
    frame = frame[frame["indicator_id"].isin(wanted)].reset_index(drop=True)
    return frame["indicator_id"], pd.DataFrame(
        {
            "ref_area": countries.code(frame["iso3"]),
            "time_period": frame["year"].astype(int),
            "obs_value": pd.to_numeric(frame["value"]).astype(float),
        }
    )


def _reader(meanings):
    """Make the reader of a table whose indicators are measures."""

    def read(raw):
        indicator, frame = _selected(raw, meanings)
        return frame.assign(measure=indicator.map(meanings))

    return read


def read_funding(raw: Path) -> pd.DataFrame:
    """Read funding per student."""
    indicator, frame = _selected(raw, FUNDING)
    words = (indicator.map({code: words[i] for code, words in FUNDING.items()}) for i in range(3))
    return frame.assign(**dict(zip(("measure", "funded_level", "funder"), words, strict=True)))


def read_vocational(raw: Path) -> pd.DataFrame:
    """Read the share of young people in vocational education."""
    indicator, frame = _selected(raw, VOCATIONAL)
    return frame.assign(sex=indicator.map(VOCATIONAL))


def read_equipment(raw: Path) -> pd.DataFrame:
    """Read the share of schools with computers and internet."""
    indicator, frame = _selected(raw, EQUIPMENT)
    words = (indicator.map({code: words[i] for code, words in EQUIPMENT.items()}) for i in range(2))
    return frame.assign(**dict(zip(("measure", "funded_level"), words, strict=True)))


PROVISIONAL = (
    "The last year is often provisional (Germany 2022: 4.5, 2021: 5.5 per cent of GDP). The file has no flags."
)
ZERO = "A value of zero can stand for a magnitude that is nil or negligible."
TABLES = (
    Table(
        name="education-expenditure-unesco",
        label="Expenditure on education, UNESCO",
        definition="Expenditure of governments and households on education as a share of gross domestic product, "
        "and of governments as a share of all their expenditure.",
        measures={
            "government_share_of_gdp": Measure("Government expenditure on education", "PERCENT_GDP", (0, 12), (4, 6)),
            "government_initial_share_of_gdp": Measure(
                "Initial government expenditure on education", "PERCENT_GDP", (0, 12), (4, 6)
            ),
            "household_share_of_gdp": Measure(
                "Initial household expenditure on education", "PERCENT_GDP", (0, 5), (0.2, 1.5)
            ),
            "share_of_government_expenditure": Measure(
                "Education in all government expenditure", "PERCENT", (2, 40), (9, 16)
            ),
        },
        source=SDG4,
        read=_reader(SPENDING),
        caveats=(PROVISIONAL, ZERO),
        spots=(
            Spot({"ref_area": "FIN", "time_period": 2020, "measure": "government_share_of_gdp"}, 6.6),
            Spot({"ref_area": "KOR", "time_period": 2020, "measure": "government_share_of_gdp"}, 4.8),
            Spot({"ref_area": "DEU", "time_period": 2022, "measure": "government_share_of_gdp"}, 4.5),
            Spot({"ref_area": "DEU", "time_period": 2021, "measure": "government_share_of_gdp"}, 5.5),
        ),
    ),
    Table(
        name="education-funding-per-student",
        label="Funding per student, UNESCO",
        definition="Initial funding of governments and households per student, at constant purchasing power "
        "parities and relative to gross domestic product per head.",
        measures={
            "funding_per_student": Measure(
                "Funding per student, constant prices", "USD_PPP_PER_STUDENT", (0, 70000), (5000, 12000)
            ),
            "funding_per_student_relative": Measure("Funding per student", "PERCENT_GDP_PER_HEAD", (0, 90), (18, 30)),
        },
        dimensions={"funded_level": LEVEL, "funder": FUNDER},
        source=SDG4,
        read=read_funding,
        caveats=(PROVISIONAL, ZERO, "Household funding covers 29 to 32 OECD members."),
    ),
    Table(
        name="vocational-enrolment",
        label="Young people in vocational education",
        definition="Share of people aged 15 to 24 who are enrolled in vocational education (ISCED 2011 levels 2 to 5).",
        measures={"vocational_enrolment": Measure("Share of people aged 15 to 24", "PERCENT", (0, 60), (10, 20))},
        dimensions={"sex": codes.SEX},
        source=SDG4,
        read=read_vocational,
        caveats=(ZERO, "The file has no flags."),
        spots=(
            Spot({"ref_area": "DEU", "time_period": 2020, "sex": "total"}, 20.7),
            Spot({"ref_area": "FIN", "time_period": 2020, "sex": "total"}, 19.2),
        ),
    ),
    Table(
        name="school-computers-internet",
        label="Schools with computers and internet",
        definition="Share of schools with computers, and with access to the internet, for teaching.",
        measures={
            "computers": Measure("Schools with computers", "PERCENT", (0, 100), (95, 100), "higher"),
            "internet": Measure("Schools with internet", "PERCENT", (0, 100), (95, 100), "higher"),
        },
        dimensions={"funded_level": LEVEL},
        source=SDG4,
        read=read_equipment,
        caveats=(
            "At or near 100 per cent in most OECD members: says who lags, not who leads.",
            "The file has no flags.",
        ),
    ),
    Table(
        name="upper-secondary-completion",
        label="Upper secondary education: out of school and completion",
        definition="Share of young people of upper secondary age who are out of school; share who completed upper "
        "secondary education, household surveys.",
        measures={
            "out_of_school": Measure("Out of school", "PERCENT", (0, 100), (4, 15), "lower"),
            "completion": Measure("Completed upper secondary education", "PERCENT", (0, 100), (75, 92), "higher"),
        },
        source=SDG4,
        read=_reader(PATHWAYS),
        caveats=(ZERO, "The file has no flags."),
    ),
    Table(
        name="skills-of-youth-and-adults",
        label="Skills of young people and adults, SDG 4",
        definition="Share of young people and adults with at least a fixed level of literacy, numeracy and "
        "digital literacy, and share who did a task with a computer.",
        measures={
            "literacy": Measure("Fixed level of literacy", "PERCENT", (0, 100), (70, 92), "higher"),
            "numeracy": Measure("Fixed level of numeracy", "PERCENT", (0, 100), (65, 90), "higher"),
            "digital_literacy": Measure("Minimum level of digital literacy", "PERCENT", (0, 100), (20, 45), "higher"),
            "copied_a_file": Measure("Copied or moved a file or folder", "PERCENT", (0, 100), (45, 75), "higher"),
            "used_a_formula": Measure("Used a formula in a spreadsheet", "PERCENT", (0, 100), (30, 55), "higher"),
            "wrote_a_program": Measure("Wrote a computer program", "PERCENT", (0, 40), (4, 10), "higher"),
        },
        source=SDG4,
        read=_reader(SKILLS),
        caveats=(
            "Literacy, numeracy and digital literacy come from the Survey of Adult Skills.",
            "The file has no flags.",
        ),
    ),
)


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare government expenditure on education with the copy in the World Development Indicators."""
    ours = tables["education-expenditure-unesco"].query("measure == 'government_share_of_gdp'")
    copy = tables["world-development-indicators"].query("measure == 'education_expenditure'")
    both = ours.merge(copy, on=["ref_area", "time_period"]).dropna(subset=["obs_value_x", "obs_value_y"])
    difference = (both["obs_value_x"] - both["obs_value_y"]).abs()
    worst = both.loc[difference.idxmax()]
    return [
        Comparison(
            "Government expenditure on education: UNESCO and its copy at the World Bank, median difference",
            len(both),
            float(difference.median()),
            0.01,
            "",
            f"Editions of 2024 and 2026; largest {difference.max():.2f} ({worst['ref_area']} "
            f"{worst['time_period']}), "
            f"{int((difference < 0.01).sum())} pairs differ by less than 0.01.",
        )
    ]


FAMILY = Family(TABLES, compare=compare)
