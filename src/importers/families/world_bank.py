"""World Bank: World Development Indicators, and the education statistics that stop in 2015.

Not here: the PISA means that the World Bank copies (they only serve to check ``pisa``), UNESCO's own series
(``unesco``).
"""

from pathlib import Path

import pandas as pd

from importers import countries, files
from importers.declaration import CodeList, Comparison, Family, Measure, Source, Spot, Table

FOLDER = "country/worldbank"
# Aggregates that the project has a code for; the others of the file are dropped.
KEPT = {"OED": "OECD", "EUU": "EU27_2020", "WLD": "W"}
OUTSIDE = "aggregate of the World Bank, or an area outside ISO 3166"

INDICATORS = {
    "rd_expenditure": ("API_GB.XPD.RSDV.GD.ZS_DS2_en_csv_v2_232.csv", "GB.XPD.RSDV.GD.ZS", "2026-07-13"),
    "researchers": ("API_SP.POP.SCIE.RD.P6_DS2_en_csv_v2_37695.csv", "SP.POP.SCIE.RD.P6", "2026-07-13"),
    "education_expenditure": ("wb_education_spending_pct_gdp.csv", "SE.XPD.TOTL.GD.ZS", "2026-04-08"),
    "gini": ("wb_gini_index.csv", "SI.POV.GINI", "2026-04-08"),
    "top_10_income_share": ("wb_top10_income_share.csv", "SI.DST.10TH.10", "2026-04-08"),
    "internet_users": ("wb_internet_users_pct.csv", "IT.NET.USER.ZS", "2026-04-08"),
    "unemployment": ("wb_unemployment_pct.csv", "SL.UEM.TOTL.ZS", "2026-04-08"),
    "journal_articles": ("wb_journal_articles.csv", "IP.JRN.ARTC.SC", "2026-04-08"),
}


def _development(edition, repository):
    return Source(
        publisher="World Bank",
        dataset="World Development Indicators",
        edition=f"last updated {edition}",
        url="https://databank.worldbank.org/source/world-development-indicators",
        licence="CC BY 4.0",
        files=tuple(f"{FOLDER}/{file}" for file, _, updated in INDICATORS.values() if updated == edition),
        obtained=repository,
        retrieved=edition,
    )


JULY = _development(
    "2026-07-13",
    "public repository Zavvnr/Zavier-ISS-Presentation-Data, data, commit 9a5363315fc6a11d498114dd639bc3ddbe6fd0d5",
)
APRIL = _development(
    "2026-04-08",
    "public repository IlyaMich/country-compare, data/raw, commit 658864e8af41399bf5f693bc3ee1cfe3612b1521",
)
EDUCATION = Source(
    publisher="World Bank",
    dataset="Education Statistics (EdStats)",
    edition="OECD members, years to 2015",
    url="https://databank.worldbank.org/source/education-statistics-^-all-indicators",
    licence="CC BY 4.0",
    files=(f"{FOLDER}/edstats_selected_oecd.csv",),
    obtained="public repository open-numbers/ddf--wb--edu, commit d9aad9390e692c63b13072928f85d673acd63e49",
)
SKILL_DOMAIN = CodeList(
    "adult-skill-domain",
    "Domain of adult skills",
    {
        "literacy": "Literacy",
        "numeracy": "Numeracy",
        "problem_solving": "Problem solving in technology-rich environments",
    },
)
SKILLS = {
    "lo_piaac_lit": ("mean_score", "literacy"),
    "lo_piaac_num": ("mean_score", "numeracy"),
    "lo_piaac_lit_be": ("below_level_1", "literacy"),
    "lo_piaac_lit_1": ("level_1", "literacy"),
    "lo_piaac_lit_4": ("level_4", "literacy"),
    "lo_piaac_lit_5": ("level_5", "literacy"),
    "lo_piaac_num_be": ("below_level_1", "numeracy"),
    "lo_piaac_num_1": ("level_1", "numeracy"),
    "lo_piaac_num_4": ("level_4", "numeracy"),
    "lo_piaac_num_5": ("level_5", "numeracy"),
    "lo_piaac_tec_2": ("level_2", "problem_solving"),
    "lo_piaac_tec_3": ("level_3", "problem_solving"),
}
VOCATIONAL = {"uis_gtvp_3_v": "upper_secondary", "se_sec_enrl_vo_zs": "secondary"}
PUPILS = {"uis_ptrhc_2": "lower_secondary", "uis_ptrhc_3": "upper_secondary", "se_sec_enrl_tc_zs": "secondary"}
SECONDARY = CodeList(
    "secondary-level",
    "Level of secondary education",
    {"lower_secondary": "Lower secondary", "upper_secondary": "Upper secondary", "secondary": "Secondary, all"},
)
SALARIES = {
    "oecd_tsal_1_e15": ("primary", "after_15_years"),
    "oecd_tsal_2_e0": ("lower_secondary", "start"),
    "oecd_tsal_2_e15": ("lower_secondary", "after_15_years"),
    "oecd_tsal_2_etop": ("lower_secondary", "top_of_scale"),
    "oecd_tsal_3_e15": ("upper_secondary", "after_15_years"),
}
TAUGHT = CodeList(
    "level-taught",
    "Level of education taught",
    {"primary": "Primary", "lower_secondary": "Lower secondary", "upper_secondary": "Upper secondary"},
)
CAREER = CodeList(
    "career-point",
    "Point in the career",
    {"start": "Starting salary", "after_15_years": "After 15 years", "top_of_scale": "Top of the scale"},
)


def read_development(raw: Path) -> pd.DataFrame:
    """Read the indicators of the World Development Indicators."""
    frames = []
    for measure, (file, code, updated) in INDICATORS.items():
        path = raw / FOLDER / file
        head, wide = _download(path)
        if head.get("Last Updated Date") != updated:
            raise files.LayoutError(f"{file}: last updated {head.get('Last Updated Date')!r}, expected {updated!r}")
        found = sorted(set(wide["Indicator Code"]))
        if found != [code]:
            raise files.LayoutError(f"{file}: indicators {found}, expected {code!r}")
        years = [column for column in wide if column.isdigit()]
        long = wide.melt("Country Code", years, "time_period", "cell")
        frames.append(long[long["cell"] != ""].assign(measure=measure))
    frame = pd.concat(frames, ignore_index=True)
    area = frame["Country Code"].replace(KEPT)
    return pd.DataFrame(
        {
            "ref_area": area,
            "time_period": frame["time_period"].astype(int),
            "measure": frame["measure"],
            "obs_value": pd.to_numeric(frame["cell"]).astype(float),
            "dropped": area.isin([*countries.table()["code"], *KEPT.values()]).map({True: "", False: OUTSIDE}),
        }
    )


def _download(path):
    """Read a download of the World Bank: four lines that say what it is, then years across."""
    rows = files.rows(path)
    start = next((number for number, row in enumerate(rows[:10]) if row[:2] == ["Country Name", "Country Code"]), None)
    if start is None:
        raise files.LayoutError(f"{path.name}: no row begins with 'Country Name', 'Country Code' among the first ten")
    head = {row[0]: row[1] for row in rows[:start] if len(row) > 1}
    widths = {len(row) for row in rows[start:]}
    if len(widths) != 1:
        raise files.LayoutError(
            f"{path.name}: rows of {sorted(widths)} cells, expected one length; the file is cut or damaged"
        )
    return head, pd.DataFrame(rows[start + 1 :], columns=rows[start])


def _selected(raw, wanted):
    """Read indicators of the education statistics, by code of the indicator."""
    path = raw / EDUCATION.files[0]
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


def read_skills(raw: Path) -> pd.DataFrame:
    """Read the results of the Survey of Adult Skills, first cycle."""
    indicator, frame = _selected(raw, SKILLS)
    measure, domain = (indicator.map({code: words[i] for code, words in SKILLS.items()}) for i in range(2))
    return frame.assign(measure=measure, skill_domain=domain)


def read_vocational(raw: Path) -> pd.DataFrame:
    """Read the share of students in vocational programmes."""
    indicator, frame = _selected(raw, VOCATIONAL)
    return frame.assign(secondary_level=indicator.map(VOCATIONAL))


def read_pupils(raw: Path) -> pd.DataFrame:
    """Read pupil-teacher ratios."""
    indicator, frame = _selected(raw, PUPILS)
    return frame.assign(secondary_level=indicator.map(PUPILS))


def read_salaries(raw: Path) -> pd.DataFrame:
    """Read statutory salaries of teachers."""
    indicator, frame = _selected(raw, SALARIES)
    level, point = (indicator.map({code: words[i] for code, words in SALARIES.items()}) for i in range(2))
    return frame.assign(level_taught=level, career_point=point)


LEVELS = {"below_level_1": "Below level 1", "level_1": "Level 1", "level_2": "Level 2", "level_3": "Level 3"}
LEVELS |= {"level_4": "Level 4", "level_5": "Level 5"}
# Medians over literacy, numeracy and problem solving, which have different levels; each is far above a fraction.
TYPICAL = {
    "below_level_1": (1, 15),
    "level_1": (5, 30),
    "level_2": (10, 50),
    "level_3": (2, 45),
    "level_4": (2, 30),
    "level_5": (0.2, 5),
}
COPY_CAVEAT = "A copy of the World Bank of 2016 for OECD members, without flags; the series ends in 2015 or before."

TABLES = (
    Table(
        name="world-development-indicators",
        label="World Development Indicators",
        definition="Research, education spending, income inequality, internet use, unemployment and scientific "
        "articles, as the World Bank collects them from other producers.",
        measures={
            "rd_expenditure": Measure("Expenditure on R&D", "PERCENT_GDP", (0, 8), (0.3, 1.5)),
            "researchers": Measure("Researchers per million people", "PER_MILLION", (0, 25000), (500, 4000), "higher"),
            "education_expenditure": Measure("Government expenditure on education", "PERCENT_GDP", (0, 70), (3, 6)),
            "gini": Measure("Gini index of income, 0 to 100", "INDEX", (15, 80), (28, 45), "lower"),
            "top_10_income_share": Measure("Income share of the richest tenth", "PERCENT", (10, 70), (22, 36), "lower"),
            "internet_users": Measure("Individuals using the internet", "PERCENT", (0, 100), (5, 60), "higher"),
            "unemployment": Measure("Unemployment (ILO model)", "PERCENT", (0, 50), (4, 11), "lower"),
            "journal_articles": Measure("Scientific and technical journal articles", "NUMBER", (0, 5e6), (50, 5000)),
        },
        source=JULY,
        further=(APRIL,),
        read=read_development,
        caveats=(
            "Producers behind the series: UNESCO, ILO, ITU, National Science Foundation, Luxembourg Income Study "
            "and the World Bank's poverty platform.",
            "The download gives no flags; areas outside ISO 3166 and the World Bank's own aggregates are left out.",
        ),
    ),
    Table(
        name="adult-skills-2012-2015",
        label="Skills of adults, Survey of Adult Skills, first cycle",
        definition="Mean scores of adults aged 16 to 65 in literacy and numeracy (0 to 500), and shares of adults "
        "at levels of proficiency, 2012 and 2015.",
        measures={"mean_score": Measure("Mean score", "SCORE", (150, 350), (255, 280), "higher")}
        | {code: Measure(label, "PERCENT", (0, 60), TYPICAL[code]) for code, label in LEVELS.items()},
        dimensions={"skill_domain": SKILL_DOMAIN},
        source=EDUCATION,
        read=read_skills,
        caveats=(COPY_CAVEAT, "Without standard errors."),
        spots=(
            Spot({"ref_area": "FIN", "measure": "mean_score", "skill_domain": "literacy"}, 288, tolerance=0.5),
            Spot({"ref_area": "DEU", "measure": "mean_score", "skill_domain": "literacy"}, 270, tolerance=0.5),
            Spot({"ref_area": "USA", "measure": "mean_score", "skill_domain": "numeracy"}, 253, tolerance=0.5),
        ),
    ),
    Table(
        name="vocational-students",
        label="Students in vocational programmes, to 2015",
        definition="Share of students in secondary (upper secondary) education who are enrolled in vocational "
        "programmes.",
        measures={"vocational_share": Measure("Share of students", "PERCENT", (0, 100), (15, 50))},
        dimensions={"secondary_level": SECONDARY},
        source=EDUCATION,
        read=read_vocational,
        caveats=(COPY_CAVEAT, "ISCED 2011 replaced ISCED 1997 in about 2012 and 2013: a break that is not flagged."),
        spots=(Spot({"ref_area": "FIN", "time_period": 2014, "secondary_level": "upper_secondary"}, 70.4),),
    ),
    Table(
        name="pupil-teacher-ratio",
        label="Pupils per teacher, to 2015",
        definition="Students divided by teachers, headcounts, by level of secondary education.",
        measures={"pupils_per_teacher": Measure("Pupils per teacher", "PUPILS_PER_TEACHER", (3, 60), (10, 18))},
        dimensions={"secondary_level": SECONDARY},
        source=EDUCATION,
        read=read_pupils,
        caveats=(COPY_CAVEAT, "Not the size of classes."),
    ),
    Table(
        name="teacher-salaries",
        label="Statutory salaries of teachers, to 2015",
        definition="Annual statutory salaries of teachers in public institutions, in US dollars converted with "
        "purchasing power parities, OECD.",
        measures={"salary": Measure("Annual salary", "USD_PPP", (3000, 200000), (20000, 50000))},
        dimensions={"level_taught": TAUGHT, "career_point": CAREER},
        source=EDUCATION,
        read=read_salaries,
        caveats=(COPY_CAVEAT, "Current prices: a change over time holds inflation."),
    ),
)


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare the World Bank's copies with the OECD's own series."""
    ours = tables["rd-expenditure"].query("measure == 'gross_expenditure'")
    copy = tables["world-development-indicators"].query("measure == 'rd_expenditure'")
    members = ours["ref_area"].isin(countries.members())
    both = ours[members].merge(copy, on=["ref_area", "time_period"]).dropna(subset=["obs_value_x", "obs_value_y"])
    difference = (both["obs_value_x"] - both["obs_value_y"]).abs()
    korea = both[(both["ref_area"] == "KOR") & (both["time_period"] == 2023)]
    worst = both.loc[difference.idxmax()]
    found = [
        Comparison(
            "Expenditure on R&D: World Bank and OECD, Korea 2023",
            len(korea),
            float((korea["obs_value_x"] - korea["obs_value_y"]).abs().max()),
            0.0001,
        ),
        Comparison(
            "Expenditure on R&D: World Bank and OECD, median difference over all countries and years",
            len(both),
            float(difference.median()),
            0.005,
            "",
            f"Largest {difference.max():.2f} ({worst['ref_area']} {worst['time_period']}): the World Bank takes "
            f"UNESCO's series, "
            f"which revises later and elsewhere; {int((difference < 0.01).sum())} pairs differ by less than 0.01.",
        ),
    ]
    for domain, code in (("mathematics", "lo_pisa_mat"), ("reading", "lo_pisa_rea"), ("science", "lo_pisa_sci")):
        _, theirs = _selected(raw, [code])
        pairs = tables[f"pisa-{domain}"].merge(theirs, on=["ref_area", "time_period"]).dropna(subset=["obs_value_x"])
        difference = (pairs["obs_value_x"] - pairs["obs_value_y"]).abs()
        worst = pairs.loc[difference.idxmax()]
        found.append(
            Comparison(
                f"PISA means in {domain}: OECD workbook and the World Bank's copy",
                len(pairs),
                float(difference.max()),
                0.51,
                f"{worst['ref_area']}, {worst['time_period']}",
                "Whole points in the rows that come from the PISA Data Explorer.",
            )
        )
    return found


FAMILY = Family(TABLES, compare=compare)
