"""OECD indicators downloaded from its data portal: education spending, young people, labour force, trust, life.

Not here: PISA (``pisa``), TALIS (``talis``), the STI scoreboard.
"""

from pathlib import Path

import pandas as pd

from importers import codes, countries, files
from importers.declaration import Average, CodeList, Comparison, Family, Measure, Source, Spot, Table

SPENDING = Source(
    publisher="OECD",
    dataset="Education spending (indicator)",
    edition="OECD data portal, before mid-2024",
    doi="10.1787/ca274bac-en",
    url="https://www.oecd.org/en/data/indicators/education-spending.html",
    licence="OECD Terms and Conditions",
    files=("country/oecd/education_spending_eduexp_dp_live.csv",),
    obtained="public repository mlbt500/education.health.comparison, data/Education_OECD.csv, "
    "commit 812cca5ba28225b2735b8d2341aa58326d96a656",
)

YFF = "public repository open-innovations/yff-data-pipelines, {}, commit 233e00358bfe310d30455a2566a79b8ce5ba1d0d"
OWID = (
    "public repository owid/owid-datasets, commit 48c9992ae317b35ed327fc36d2af75fe8b3ef7ed, as tabulated by Our World "
    "in Data"
)
NEET = Source(
    publisher="OECD",
    dataset="Youth not in employment, education or training (indicator)",
    edition="OECD data portal, ages 15 to 29",
    doi="10.1787/72d1033a-en",
    url="https://www.oecd.org/en/data/indicators/youth-not-in-employment-education-or-training-neet.html",
    licence="OECD Terms and Conditions",
    files=("country/oecd/neet_15_29_dp_live.csv",),
    obtained=YFF.format("data/processed/oecd/neet.csv"),
)
NEET_BY_AGE = Source(
    publisher="OECD",
    dataset="Youth not in employment, education or training (indicator)",
    edition="OECD data portal, ages 15 to 19 and 20 to 24",
    doi="10.1787/72d1033a-en",
    url="https://www.oecd.org/en/data/indicators/youth-not-in-employment-education-or-training-neet.html",
    licence="OECD Terms and Conditions",
    files=("country/oecd/neet_by_age_2019_2022_dp_live.csv",),
    obtained=YFF.format("data/reference/oecd-neet-rate.csv"),
)
LABOUR_FORCE = Source(
    publisher="OECD",
    dataset="Labour force statistics, indicators (DSD_LFS@DF_IALFS_INDIC)",
    edition="annual, 2010 to 2023",
    url="https://data-explorer.oecd.org/?fs[0]=Topic&df[id]=DSD_LFS%40DF_IALFS_INDIC",
    licence="OECD Terms and Conditions",
    files=("country/oecd/lfs_rates_by_sex_age.csv",),
    obtained=YFF.format("data/processed/oecd/lfs_by_sex_and_age.csv"),
)
TRUST = Source(
    publisher="OECD",
    dataset="Trust in government (indicator), from the Gallup World Poll",
    doi="10.1787/1de9675e-en",
    url="https://data.oecd.org/gga/trust-in-government.htm",
    licence="OECD Terms and Conditions",
    files=("country/oecd/trust_in_government.csv",),
    obtained="public repository pscllbssr/oecd-trust-dataviz, public/trust_data.csv, "
    "commit 759b39c781d7cd44de666bdc3eaf9fbaaf1cfc90",
)
BETTER_LIFE = Source(
    publisher="OECD",
    dataset="Better Life Index",
    edition="2019 or 2020",
    doi="10.1787/data-00823-en",
    url="https://www.oecdbetterlifeindex.org",
    licence="OECD Terms and Conditions",
    files=("country/oecd/better_life_index.csv",),
    obtained="public repository ageron/data, lifesat/oecd_bli.csv, commit 2ea73147454d2ff8c8a933913be4606f05b352ca",
)
GLANCE_EMPLOYMENT = Source(
    publisher="OECD",
    dataset="Education at a Glance 2017, employment by educational attainment",
    edition="2017",
    doi="10.1787/eag-2017-en",
    url="https://doi.org/10.1787/eag-2017-en",
    licence="OECD Terms and Conditions",
    files=("country/oecd/eag2017_employment_25_34_by_education.csv",),
    obtained=OWID,
)
GLANCE_EARNINGS = Source(
    publisher="OECD",
    dataset="Education at a Glance 2017, relative earnings by educational attainment",
    edition="2017",
    doi="10.1787/eag-2017-en",
    url="https://doi.org/10.1787/eag-2017-en",
    licence="OECD Terms and Conditions",
    files=("country/oecd/eag2017_relative_earnings_tertiary.csv",),
    obtained=OWID,
)
# Members when Education at a Glance 2017 appeared.
MEMBERS_2017 = tuple(code for code in countries.members() if code not in ("COL", "CRI", "LTU"))

EDUCATION_LEVEL = CodeList(
    "education-level",
    "Level of education",
    {
        "early_childhood": "Early childhood education",
        "primary": "Primary education",
        "secondary": "Secondary education",
        "primary_to_post_secondary": "Primary to post-secondary non-tertiary education",
        "tertiary": "Tertiary education",
    },
)
SPENDING_LEVELS = {
    "EARLYCHILDEDU": "early_childhood",
    "PRY": "primary",
    "SRY": "secondary",
    "PRY_NTRY": "primary_to_post_secondary",
    "TRY": "tertiary",
}
SPENDING_MEASURES = {"USD_STUDENT": "spending_per_student", "PC_GDP": "spending_share_of_gdp"}


def _export(path, columns):
    """Read a portal export as text and require its columns."""
    frame = files.csv(path)
    if list(frame) != columns:
        raise files.LayoutError(f"{path.name}, row 1: columns {list(frame)}, expected {columns}")
    return frame


def _translate(column, meanings, where):
    """Translate codes, and refuse one that is not foreseen."""
    unknown = sorted(set(column) - set(meanings))
    if unknown:
        raise files.LayoutError(
            f"{where}: unexpected codes {unknown} in column {column.name}, expected {sorted(meanings)}"
        )
    return column.map(meanings)


DP_LIVE = ["LOCATION", "INDICATOR", "SUBJECT", "MEASURE", "FREQUENCY", "TIME", "Value", "Flag Codes"]


def read_spending(raw: Path) -> pd.DataFrame:
    """Read expenditure on educational institutions; totals that lack a level are withheld (flag c)."""
    path = raw / SPENDING.files[0]
    frame = _export(path, DP_LIVE)
    table = pd.DataFrame(
        {
            "ref_area": countries.code(frame["LOCATION"]),
            "time_period": files.years(frame["TIME"], path),
            "measure": _translate(frame["MEASURE"], SPENDING_MEASURES, path.name),
            "education_level": _translate(frame["SUBJECT"], SPENDING_LEVELS, path.name),
            "obs_value": files.numbers(frame["Value"], path),
            "obs_status": _translate(frame["Flag Codes"], {"": ""}, path.name),
        }
    )
    lacking = totals_without_primary(table)
    found = sorted({(row.ref_area, row.time_period) for row in table[lacking].itertuples()})
    if found != WITHOUT_PRIMARY:
        raise files.LayoutError(
            f"{path.name}: totals without primary education in {found}, expected {WITHOUT_PRIMARY}; change WITHOUT_PRIMARY"
            " and the caveat of education-spending"
        )
    return table.assign(obs_value=table["obs_value"].mask(lacking), obs_status=table["obs_status"].mask(lacking, "c"))


# Whose totals lack primary education, and when: the caveat of the table names them.
WITHOUT_PRIMARY = [("CHE", 2016), ("CHE", 2017)]


def totals_without_primary(table: pd.DataFrame) -> pd.Series:
    """Find totals from primary to post-secondary education in which no money for primary education is counted.

    Parameters
    ----------
    table : pandas.DataFrame
        The export in the columns of the table.

    Returns
    -------
    pandas.Series of bool
        Rows of such totals, as a share of GDP and for a student.

    Notes
    -----
    As a share of GDP the total is what secondary education has alone, and for a student it is less than a student of
    secondary education has: pupils of primary education are counted, what is spent on them is not. Where primary education
    is included in secondary education the shares are equal, too, but so are the amounts for a student.
    """
    key = ["ref_area", "time_period"]
    wide = table.pivot(index=key, columns=["measure", "education_level"], values="obs_value")
    shares, amounts = wide["spending_share_of_gdp"], wide["spending_per_student"]
    same = (shares["primary_to_post_secondary"] - shares["secondary"]).abs() < 1e-6
    less = amounts["primary_to_post_secondary"] < 0.99 * amounts["secondary"]
    known = shares["primary"].gt(0) | amounts["primary"].gt(0)
    lacking = (same & less & ~known).rename("lacking")
    joined = table[key].join(lacking, on=key)["lacking"]
    return joined & table["education_level"].eq("primary_to_post_secondary")


YOUTH_AGE = CodeList("youth-age", "Age", {"15-19": "15 to 19", "20-24": "20 to 24", "15-29": "15 to 29"})
LABOUR_AGE = CodeList(
    "labour-age", "Age", {"15-24": "15 to 24", "25-54": "25 to 54", "55-64": "55 to 64", "15-64": "15 to 64"}
)
SEXES = {"Male": "male", "Female": "female", "Total": "total"}
SUBJECT_SEX = {"MEN": "male", "WOMEN": "female", "": "total"}


def read_neet(raw: Path) -> pd.DataFrame:
    """Read shares of young people who are neither in employment nor in education or training."""
    columns = ["LOCATION", "INDICATOR", "SUBJECT", "Subject", "MEASURE", "FREQUENCY", "TIME_PERIOD", "OBS_VALUE"]
    older = _export(raw / NEET.files[0], columns).rename(columns={"TIME_PERIOD": "TIME", "OBS_VALUE": "Value"})
    newer = _export(raw / NEET_BY_AGE.files[0], DP_LIVE)
    frame = pd.concat([older, newer], ignore_index=True)
    subject = frame["SUBJECT"].str.extract(r"^(\d\d)_(\d\d)(?:_(MEN|WOMEN))?$").fillna("")
    return pd.DataFrame(
        {
            "ref_area": countries.code(frame["LOCATION"]),
            "time_period": frame["TIME"].astype(int),
            "age": subject[0] + "-" + subject[1],
            "sex": _translate(subject[2], SUBJECT_SEX, "NEET"),
            "obs_value": pd.to_numeric(frame["Value"]),
        }
    )


LABOUR_AGES = {
    "From 15 to 24 years": "15-24",
    "From 25 to 54 years": "25-54",
    "From 55 to 64 years": "55-64",
    "From 15 to 64 years": "15-64",
    "From 15 to 74 years": "",
    "15 years or over": "",
}
LABOUR_MEASURES = {
    "Employment rate": "employment_rate",
    "Unemployment rate": "unemployment_rate",
    "Labour force participation rate": "participation_rate",
    "Inactivity rate": "",
}


def _labour(raw):
    path = raw / LABOUR_FORCE.files[0]
    columns = ["country_code", "country", "measure", "sex", "age", "frequency", "time_period", "value", "units"]
    return _export(path, columns)


def read_labour_force(raw: Path) -> pd.DataFrame:
    """Read employment, unemployment and participation rates; two ages and one rate are left out, with a count."""
    frame = _labour(raw)
    age = _translate(frame["age"], LABOUR_AGES, "labour force")
    measure = _translate(frame["measure"], LABOUR_MEASURES, "labour force")
    dropped = pd.Series("", index=frame.index)
    dropped[age == ""] = "ages 15 to 74 and 15 or over: nothing in the report uses them"
    dropped[measure == ""] = "inactivity rate: 100 minus the participation rate"
    return pd.DataFrame(
        {
            "ref_area": countries.code(frame["country_code"]),
            "time_period": frame["time_period"].astype(int),
            "measure": measure,
            "sex": _translate(frame["sex"], SEXES, "labour force"),
            "age": age,
            "obs_value": pd.to_numeric(frame["value"]),
            "dropped": dropped,
        }
    )


def read_trust(raw: Path) -> pd.DataFrame:
    """Read shares of people who have confidence in their national government."""
    frame = _export(raw / TRUST.files[0], ["Unnamed: 0", "country", "year", "trust_pct"])
    return pd.DataFrame(
        {
            "ref_area": countries.code(frame["country"]),
            "time_period": frame["year"].astype(int),
            "obs_value": pd.to_numeric(frame["trust_pct"]),
        }
    )


BETTER_LIFE_GROUPS = CodeList(
    "better-life-group",
    "Group of people",
    {
        "total": "All",
        "male": "Men",
        "female": "Women",
        "high": "High socio-economic status",
        "low": "Low socio-economic status",
    },
)
BETTER_LIFE_UNITS = {
    "PC": "PERCENT",
    "AVSCORE": "SCORE",
    "RATIO": "RATIO",
    "USD": "USD",
    "YR": "YEARS",
    "MICRO_M3": "MICROGRAM_PER_M3",
    "HOUR": "HOURS",
}
# Publisher's code: our code, unit, label, bounds, whether higher is better.
BETTER_LIFE_MEASURES = {
    "SW_LIFS": ("life_satisfaction", "SCORE", "Life satisfaction, 0 to 10", (0, 10), "higher"),
    "SC_SNTWS": ("support_network", "PERCENT", "Has someone to count on", (0, 100), "higher"),
    "CG_VOTO": ("voter_turnout", "PERCENT", "Voter turnout", (0, 100), "higher"),
    "CG_SENG": ("stakeholder_engagement", "SCORE", "Stakeholder engagement in regulation, 0 to 4", (0, 4), "higher"),
    "ES_EDUA": (
        "educational_attainment",
        "PERCENT",
        "At least upper secondary education, ages 25 to 64",
        (0, 100),
        "higher",
    ),
    "ES_EDUEX": ("years_in_education", "YEARS", "Expected years in education, ages 5 to 39", (5, 30), "higher"),
    "ES_STCS": ("student_skills", "SCORE", "Student skills (PISA, mean of three domains)", (300, 650), "higher"),
    "JE_EMPL": ("employment_rate", "PERCENT", "Employment rate, ages 15 to 64", (0, 100), "higher"),
    "JE_LTUR": ("long_term_unemployment", "PERCENT", "Long-term unemployment rate", (0, 100), "lower"),
    "JE_LMIS": ("labour_market_insecurity", "PERCENT", "Labour market insecurity", (-20, 100), "lower"),
    "JE_PEARN": ("personal_earnings", "USD", "Personal earnings a year", (2000, 200000), "higher"),
    "IW_HADI": (
        "disposable_income",
        "USD",
        "Household net adjusted disposable income a year",
        (2000, 200000),
        "higher",
    ),
    "IW_HNFW": ("household_wealth", "USD", "Household net wealth", (2000, 2000000), "higher"),
    "HO_BASE": ("no_basic_facilities", "PERCENT", "Dwellings without basic facilities", (0, 100), "lower"),
    "HO_HISH": ("housing_expenditure", "PERCENT", "Spending on housing, share of income", (0, 100), "lower"),
    "HO_NUMR": ("rooms_per_person", "RATIO", "Rooms per person", (0.3, 5), "higher"),
    "EQ_AIRP": ("air_pollution", "MICROGRAM_PER_M3", "Air pollution, PM2.5", (0, 150), "lower"),
    "EQ_WATER": ("water_quality", "PERCENT", "Satisfied with water quality", (0, 100), "higher"),
    "HS_LEB": ("life_expectancy", "YEARS", "Life expectancy at birth", (40, 95), "higher"),
    "HS_SFRH": ("self_reported_health", "PERCENT", "Good or very good health", (0, 100), "higher"),
    "PS_FSAFEN": ("safe_at_night", "PERCENT", "Feels safe walking alone at night", (0, 100), "higher"),
    "PS_REPH": ("homicide_rate", "RATIO", "Homicides per 100,000 people", (0, 200), "lower"),
    "WL_EWLH": ("long_hours", "PERCENT", "Employees who work very long hours", (0, 100), "lower"),
    "WL_TNOW": ("leisure_time", "HOURS", "Leisure and personal care, hours a day", (5, 24), "higher"),
}


def read_better_life(raw: Path) -> pd.DataFrame:
    """Read the indicators of the Better Life Index."""
    path = raw / BETTER_LIFE.files[0]
    frame = files.csv(path)
    wanted = ["LOCATION", "INDICATOR", "MEASURE", "INEQUALITY", "Unit Code", "PowerCode Code", "Value", "Flag Codes"]
    if not set(wanted) <= set(frame):
        raise files.LayoutError(f"{path.name}, row 1: columns {list(frame)}, expected at least {wanted}")
    _translate(frame["MEASURE"], {"L": ""}, path.name)
    _translate(frame["PowerCode Code"], {"0": ""}, path.name)
    measure = _translate(frame["INDICATOR"], {code: row[0] for code, row in BETTER_LIFE_MEASURES.items()}, path.name)
    unit = frame["INDICATOR"].map({code: row[1] for code, row in BETTER_LIFE_MEASURES.items()})
    other = unit != _translate(frame["Unit Code"], BETTER_LIFE_UNITS, path.name)
    if other.any():
        raise files.LayoutError(
            f"{path.name}: unit {frame['Unit Code'][other].iloc[0]} of {measure[other].iloc[0]} is not expected"
        )
    # One score of student skills is 0, which no scale of PISA reaches: the publisher's blank.
    value = files.numbers(frame["Value"], path)
    blank = (measure == "student_skills") & (value == 0)
    groups = {"TOT": "total", "MN": "male", "WMN": "female", "HGH": "high", "LW": "low"}
    return pd.DataFrame(
        {
            "ref_area": countries.code(frame["LOCATION"]),
            "time_period": "2019-2020",
            "measure": measure,
            "group": _translate(frame["INEQUALITY"], groups, path.name),
            "obs_value": value.mask(blank),
            "obs_status": _translate(frame["Flag Codes"], {"": ""}, path.name).mask(blank, "m"),
        }
    )


ATTAINMENT = CodeList(
    "attainment",
    "Educational attainment",
    {
        "below_upper_secondary": "Below upper secondary",
        "upper_secondary_vocational": "Upper secondary or post-secondary non-tertiary, vocational",
        "upper_secondary_general": "Upper secondary or post-secondary non-tertiary, general or no distinction",
        "tertiary": "Tertiary",
    },
)
EMPLOYMENT_COLUMNS = {
    "below upper secondary education": "below_upper_secondary",
    "upper secondary or post-secondary non-tertiary (vocational) education": "upper_secondary_vocational",
    "upper secondary or post-secondary non-tertiary (general or no-distinction) education": "upper_secondary_general",
    "tertiary education": "tertiary",
}


def read_employment_by_education(raw: Path) -> pd.DataFrame:
    """Read employment rates by attainment."""
    levels = {f"Employment rate, ages 25-34, {words} (OECD (2017))": code for words, code in EMPLOYMENT_COLUMNS.items()}
    frame = _export(raw / GLANCE_EMPLOYMENT.files[0], ["Entity", "Year", *levels])
    frame = frame.melt(["Entity", "Year"], var_name="attainment", value_name="obs_value")
    missing = frame["obs_value"] == ""
    return pd.DataFrame(
        {
            "ref_area": countries.code(frame["Entity"]),
            "time_period": frame["Year"].astype(int),
            "attainment": frame["attainment"].map(levels),
            "obs_value": pd.to_numeric(frame["obs_value"].mask(missing)),
            "obs_status": missing.map({True: "m", False: ""}),
        }
    )


def read_earnings(raw: Path) -> pd.DataFrame:
    """Read relative earnings of people with tertiary education."""
    label = "Earnings of tertiary-educated workers relative to the earnings of workers with upper-secondary education"
    frame = _export(raw / GLANCE_EARNINGS.files[0], ["Entity", "Year", f"{label} (OECD 2017)"])
    return pd.DataFrame(
        {
            "ref_area": countries.code(frame["Entity"]),
            "time_period": frame["Year"].astype(int),
            "obs_value": pd.to_numeric(frame.iloc[:, 2]),
        }
    )


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare what the files say twice: inactivity and participation; student skills and the PISA means of 2015."""
    frame = _labour(raw)
    key = ["country_code", "sex", "age", "time_period"]
    wide = frame.assign(value=pd.to_numeric(frame["value"])).pivot(index=key, columns="measure", values="value")
    sums = (wide["Inactivity rate"] + wide["Labour force participation rate"] - 100).abs().dropna()
    sums = sums[sums.index.get_level_values("age").isin(["From 15 to 24 years", "From 25 to 54 years"])]
    life = tables["better-life-index"].query("measure == 'student_skills' and group == 'total'").set_index("ref_area")
    means = pd.concat(
        tables[f"pisa-{domain}"].query("time_period == 2015") for domain in ("mathematics", "reading", "science")
    )
    means = means[means["obs_value"].notna()].groupby("ref_area")["obs_value"].agg(["mean", "size"]).query("size == 3")
    both = life.join(means, how="inner")
    skills = (both["obs_value"] - both["mean"]).abs()
    return [
        Comparison(
            "OECD labour force: participation and inactivity rates add up to 100, ages 15 to 24 and 25 to 54",
            len(sums),
            float(sums.max()),
            0.5,
            ", ".join(sums.idxmax()),
            "Annual means of shorter periods and, for older ages, other populations make them differ.",
        ),
        Comparison(
            "Better Life Index: student skills and the mean of the three PISA means of 2015",
            len(skills),
            float(skills.max()),
            1.0,
            str(skills.idxmax()),
            "The index prints whole points.",
        ),
    ]


TABLES = (
    Table(
        name="education-spending",
        label="Spending on education",
        definition="Public and private expenditure on educational institutions per full-time equivalent student (US "
        "dollars "
        "at current prices, converted with purchasing power parities) and as a share of gross domestic product.",
        measures={
            "spending_per_student": Measure(
                "Spending per student", "USD_PPP_PER_STUDENT", (100, 80000), typical=(5000, 20000)
            ),
            "spending_share_of_gdp": Measure("Spending as a share of GDP", "PERCENT_GDP", (0, 8), typical=(0.3, 5)),
        },
        dimensions={"education_level": EDUCATION_LEVEL},
        source=SPENDING,
        read=read_spending,
        averages=(
            Average(
                "OECD-average",
                tolerance=0.01,
                but=(
                    (
                        {"time_period": 2018, "education_level": ("secondary", "primary_to_post_secondary")},
                        "the average includes a country whose value the file does not have",
                    ),
                    (
                        {"time_period": (2016, 2017), "education_level": "primary_to_post_secondary"},
                        "the average includes the totals of Switzerland that are withheld here",
                    ),
                ),
            ),
        ),
        caveats=(
            "Years at hand are 1995, 2000, 2005 and 2008 to 2020; there are breaks between editions of Education at a "
            "Glance "
            "that the export does not flag.",
            "Current prices and purchasing power parities: a change over time holds inflation.",
            "Four totals from primary to post-secondary education are withheld (flag c): in Switzerland in 2016 and 2017 the "
            "publisher's total is that of secondary education, while its pupils include those of primary education. In "
            "Belgium to 2011, Slovenia to 2009 and the Russian Federation primary education is included in secondary "
            "education, so that the totals are kept.",
        ),
        spots=(
            Spot(
                {
                    "ref_area": "OECD-average",
                    "time_period": 2019,
                    "education_level": "primary",
                    "measure": "spending_per_student",
                },
                9923,
                tolerance=0.5,
            ),
            Spot(
                {
                    "ref_area": "OECD-average",
                    "time_period": 2019,
                    "education_level": "secondary",
                    "measure": "spending_per_student",
                },
                11400,
                tolerance=0.5,
            ),
            Spot(
                {
                    "ref_area": "OECD-average",
                    "time_period": 2019,
                    "education_level": "tertiary",
                    "measure": "spending_per_student",
                },
                17559,
                tolerance=0.5,
            ),
            Spot(
                {
                    "ref_area": "NOR",
                    "time_period": 2019,
                    "education_level": "primary_to_post_secondary",
                    "measure": "spending_share_of_gdp",
                },
                4.6,
            ),
        ),
    ),
    Table(
        name="neet",
        label="Young people not in employment, education or training",
        definition="Share of an age group that is neither employed nor in formal education or training.",
        measures={
            "neet_rate": Measure("Neither employed nor in education or training", "PERCENT", (0, 70), (4, 25), "lower")
        },
        dimensions={"age": YOUTH_AGE, "sex": codes.SEX},
        source=NEET,
        further=(NEET_BY_AGE,),
        read=read_neet,
        averages=(Average("OECD-average"),),
        caveats=(
            "Concept of Education at a Glance, often of the first quarter and of formal education only: levels differ "
            "from "
            "those of Eurostat and the ILO.",
            "There is a break in 2021 for countries of the EU labour force survey, which the export does not flag.",
            "Ages 15 to 19 and 20 to 24: 2019 to 2022 and by sex only.",
            "Switzerland: from 2020 to 2022 the rate of ages 15 to 29 doubles, and that of ages 15 to 19 becomes four times what "
            "it was, without a flag in the export; a break is likely, so that its level in 2021 and 2022 should not be compared "
            "with earlier years.",
        ),
        spots=(
            Spot({"ref_area": "OECD-average", "time_period": 2022, "age": "15-29", "sex": "total"}, 12.6),
            Spot({"ref_area": "NLD", "time_period": 2022, "age": "15-29", "sex": "total"}, 4.5),
            Spot({"ref_area": "TUR", "time_period": 2022, "age": "15-29", "sex": "total"}, 27.9),
            Spot({"ref_area": "ITA", "time_period": 2022, "age": "15-29", "sex": "total"}, 22.9),
        ),
    ),
    Table(
        name="labour-force",
        label="Employment, unemployment and participation rates",
        definition="Employed persons as a share of the population, unemployed persons as a share of the labour force, "
        "and "
        "labour force as a share of the population, by sex and age, annual means.",
        measures={
            "employment_rate": Measure("Employment rate", "PERCENT", (0, 100), (50, 80), "higher"),
            "unemployment_rate": Measure("Unemployment rate", "PERCENT", (0, 80), (3, 15), "lower"),
            "participation_rate": Measure("Labour force participation rate", "PERCENT", (0, 100), (55, 90)),
        },
        dimensions={"sex": codes.SEX, "age": LABOUR_AGE},
        source=LABOUR_FORCE,
        read=read_labour_force,
        caveats=("The OECD aggregate is missing in 2010.",),
        spots=tuple(
            Spot(
                {"ref_area": area, "time_period": year, "measure": "unemployment_rate", "sex": "total", "age": "15-24"},
                value,
            )
            for area, year, value in (("ESP", 2013, 55.5), ("DEU", 2023, 5.9), ("JPN", 2023, 4.1), ("OECD", 2023, 10.6))
        ),
    ),
    Table(
        name="trust-in-government",
        label="Trust in government",
        definition="Share of people who say that they have confidence in their national government.",
        measures={"trust": Measure("Confidence in the national government", "PERCENT", (0, 100), (25, 65))},
        source=TRUST,
        read=read_trust,
        caveats=(
            "About 1,000 persons a country and year: single years are volatile.",
            "The Gallup World Poll, not the OECD Trust Survey; only the OECD's aggregates may be used again.",
        ),
        spots=(
            Spot({"ref_area": "USA", "time_period": 2022}, 31.0),
            Spot({"ref_area": "FIN", "time_period": 2022}, 77.5),
            Spot({"ref_area": "CHE", "time_period": 2021}, 83.8),
        ),
    ),
    Table(
        name="better-life-index",
        label="Better Life Index",
        definition="Twenty-four indicators of well-being in 11 topics, one cross-section, for all people and where "
        "available for "
        "men, women and people of high and low socio-economic status.",
        measures={
            code: Measure(label, unit, bounds, direction=direction)
            for code, unit, label, bounds, direction in BETTER_LIFE_MEASURES.values()
        },
        dimensions={"group": BETTER_LIFE_GROUPS},
        source=BETTER_LIFE,
        read=read_better_life,
        spans=True,
        caveats=(
            "The file does not state its edition; its values (PISA 2015 skills, incomes) identify that of 2019 or "
            "2020.",
            "The score 0 of student skills of the low group in one country stands for a missing value and is given as "
            "missing.",
            "One cross-section whose reference years differ by indicator and country: not for trends.",
        ),
        spots=(
            Spot({"ref_area": "EST", "measure": "student_skills", "group": "total"}, 524, tolerance=0.5),
            Spot({"ref_area": "USA", "measure": "disposable_income", "group": "total"}, 45284, tolerance=0.5),
        ),
    ),
    Table(
        name="employment-by-education",
        label="Employment of young adults by education",
        definition="Employment rate of people aged 25 to 34 by educational attainment, 2016 (a few countries earlier).",
        measures={
            "employment_rate": Measure("Employment rate, ages 25 to 34", "PERCENT", (20, 100), (60, 90), "higher")
        },
        dimensions={"attainment": ATTAINMENT},
        source=GLANCE_EMPLOYMENT,
        read=read_employment_by_education,
        caveats=("One year only. Tabulated by Our World in Data from the publication.",),
        averages=(
            Average(
                "OECD-average",
                MEMBERS_2017,
                but=(
                    (
                        {"attainment": "upper_secondary_general"},
                        "which of the countries without a distinction of programmes enter the average is not stated",
                    ),
                ),
            ),
        ),
    ),
    Table(
        name="relative-earnings-tertiary",
        label="Earnings of people with tertiary education",
        definition="Earnings of workers with tertiary education relative to those with upper secondary education (= "
        "100), 2015 "
        "(a few countries earlier).",
        measures={
            "relative_earnings": Measure(
                "Relative earnings, tertiary education", "INDEX_UPPER_SECONDARY_100", (100, 300), (130, 190)
            )
        },
        source=GLANCE_EARNINGS,
        read=read_earnings,
        caveats=("One year only. Tabulated by Our World in Data from the publication.",),
        averages=(Average("OECD-average", MEMBERS_2017, tolerance=0.1),),
    ),
)

FAMILY = Family(TABLES, compare=compare)
