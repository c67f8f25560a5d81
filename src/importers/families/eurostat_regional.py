"""Eurostat's regional series: attainment, research and development, income, work, patents.

Regions are those of NUTS 2021 (``nuts``); rows of other versions are dropped and listed in the descriptor.

Not here: Eurostat's national series (``eurostat``), the Commission's scoreboards (``commission``).
"""

from pathlib import Path

import pandas as pd

from importers import files, layouts_eurostat, nuts
from importers.declaration import CodeList, Comparison, Family, Measure, Source, Spot, Sum, Table

COHESION = "public repository Chappuis5/EUcohesion, data/raw, commit 8747b9ac0ce0519bd876f80d5999b21b35b0b889"


def _dataset(code, title, file, obtained=COHESION, edition=""):
    return Source(
        publisher="Eurostat",
        dataset=f"{title} ({code})",
        edition=edition,
        url=f"https://ec.europa.eu/eurostat/databrowser/view/{code}",
        licence="CC BY 4.0",
        files=(f"regional/eurostat/{file}",),
        obtained=obtained,
    )


TERTIARY = _dataset(
    "tgs00109",
    "Persons aged 25-64 with tertiary educational attainment level by NUTS 2 region",
    "eurostat_tgs00109_tertiary_education_25_64.csv",
)
RESEARCH = _dataset(
    "tgs00042",
    "Intramural R&D expenditure (GERD) by NUTS 2 region",
    "estat_tgs00042.tsv",
    obtained="public repository santosines/projeto-vis-dados, data_raw/estat_tgs00042.tsv, commit "
    "9a93fc3dfc5350b88b558e47a8e182ff46f1a914",
    edition="extraction of spring 2026",
)
RESEARCH_EARLIER = "regional/eurostat/eurostat_tgs00042_gerd_rd_expenditure.csv"
INCOME = _dataset(
    "nama_10r_2gdp",
    "Gross domestic product per inhabitant in purchasing power standards, EU27 = 100, by NUTS 2 region",
    "eurostat_gdp_pc_pps_rel_eu_nuts2.csv",
    obtained=f"{COHESION} (download from Eurostat's interface by that project)",
)
GDP = _dataset(
    "nama_10r_2gdp",
    "Gross domestic product at current market prices by NUTS 2 region",
    "eurostat_nama_10r_2gdp.csv",
)
EMPLOYMENT = _dataset(
    "tgs00007", "Employment rate (persons aged 15-64) by NUTS 2 region", "eurostat_tgs00007_employment_rate.csv"
)
UNEMPLOYMENT = _dataset("tgs00010", "Unemployment rate by NUTS 2 region", "eurostat_tgs00010_unemployment_rate.csv")
THESIS = (
    "public repository EliaDG/Master-Thesis, Project/01_data-input/Eurostat, "
    "commit b9cf8654b76b01e14058f600acb629b4c74aad9a"
)
ATTAINMENT = _dataset(
    "edat_lfse_04",
    "Population by educational attainment level, sex and NUTS 2 region",
    "edat_lfse_04.xlsx",
    obtained=THESIS,
    edition="extraction of 22 June 2024",
)
NEET = _dataset(
    "edat_lfse_22",
    "Young people neither in employment nor in education and training by sex and NUTS 2 region",
    "edat_lfse_22.xlsx",
    obtained=THESIS,
    edition="extraction of 22 June 2024",
)
PATENTS = _dataset(
    "tgs00040",
    "Patent applications to the European Patent Office by priority year by NUTS 2 region",
    "tgs00040_epo_patents_nuts2.csv",
    obtained="extracted from public repository andrea-ballatore/open-geo-data-education, eu_all_geo_data.rds, "
    "commit a9f68c60b0088e1b34cfc35b985513cfdcaba05e",
    edition="extraction of December 2020; discontinued",
)
PERSONNEL = _dataset(
    "rd_p_persreg",
    "R&D personnel by sector of performance, professional position, sex and NUTS 2 region",
    "rd_p_persreg_total_fte_2009_2018.csv",
    obtained="converted from public repository rOpenGov/regions, data/regional_rd_personnel.rda, commit "
    "0890afe9ffd3e0d05372a2b1eb6bfa00d20d7cb5",
)
ISCED_GROUP = CodeList(
    "isced-group",
    "Educational attainment (ISCED 2011)",
    {
        "0-2": "Less than primary, primary and lower secondary education (levels 0-2)",
        "3-4": "Upper secondary and post-secondary non-tertiary education (levels 3 and 4)",
        "3-8": "Upper secondary, post-secondary non-tertiary and tertiary education (levels 3-8)",
        "5-8": "Tertiary education (levels 5-8)",
    },
)
NEET_AGE = CodeList("neet-age", "Age", {"15-29": "15 to 29 years", "18-29": "18 to 29 years"})

# Revisions between the extractions of 2024 and later, percentage points.
ATTAINMENT_REVISIONS = 1.05
SECOND = "second row of a renamed region that is there under both codes, empty or with the same value"
NUTS_CAVEAT = (
    "Regions of NUTS 2021. Rows under codes of other versions are carried over only where the files show a mere "
    "renaming, "
    "and otherwise dropped; so Utrecht, Zuid-Holland and mainland Portugal without the North and the Algarve "
    "have no values "
    "where Eurostat publishes them for NUTS 2024 only."
)


def areas(raw: Path) -> pd.DataFrame:
    """Return the regions of NUTS 2021 for the code list of areas."""
    return nuts.regions(raw)


def _located(frame, raw):
    """Replace the column ``geo`` by area, kind of area and reason for dropping."""
    return _settled(pd.concat([nuts.place(frame["geo"], raw), frame.drop(columns="geo")], axis=1))


def _settled(frame):
    """Drop the second of two rows of a renamed region that is there under both codes, if it is empty or the same."""
    key = [c for c in frame if c not in ("obs_value", "obs_status")]
    full_first = frame.sort_values("obs_value", na_position="last", kind="stable")
    first = full_first.groupby(key)["obs_value"].transform("first")
    same = full_first["obs_value"].isna() | (full_first["obs_value"] == first)
    second = full_first.duplicated(key) & same & (full_first["dropped"] == "")
    frame["dropped"] = frame["dropped"].mask(second.reindex(frame.index), SECOND)
    return frame


def read_tertiary(raw: Path) -> pd.DataFrame:
    """Read the share of persons with tertiary education."""
    path = raw / TERTIARY.files[0]
    return _located(layouts_eurostat.sdmx_csv(path, unit="PC", isced11="ED5-8", age="Y25-64", sex="T"), raw)


def read_research(raw: Path) -> pd.DataFrame:
    """Read expenditure on research and development, from the later of the two extractions."""
    path = raw / RESEARCH.files[0]
    return _located(layouts_eurostat.wide_tsv(path, sectperf="TOTAL", unit="PC_GDP"), raw)


def read_income(raw: Path) -> pd.DataFrame:
    """Read gross domestic product per inhabitant relative to the European Union."""
    path = raw / INCOME.files[0]
    frame = files.csv(path)
    layouts_eurostat.require(
        frame, path, ["freq", "unit", "geo", "time", "obs_value"], freq="A", unit="PPS_HAB_EU27_2020"
    )
    return _located(
        pd.DataFrame(
            {
                "geo": frame["geo"],
                "time_period": files.years(frame["time"], path),
                "obs_value": files.numbers(frame["obs_value"], path),
            }
        ),
        raw,
    )


def read_gdp(raw: Path) -> pd.DataFrame:
    """Read gross domestic product."""
    return _located(layouts_eurostat.sdmx_csv(raw / GDP.files[0], unit="MIO_EUR"), raw)


def read_employment(raw: Path) -> pd.DataFrame:
    """Read employment and unemployment rates."""
    employed = layouts_eurostat.sdmx_csv(raw / EMPLOYMENT.files[0], unit="PC", sex="T", age="Y15-64")
    jobless = layouts_eurostat.sdmx_csv(raw / UNEMPLOYMENT.files[0], unit="PC", sex="T", age="Y15-74", isced11="TOTAL")
    both = [employed.assign(measure="employment_rate"), jobless.assign(measure="unemployment_rate")]
    return _located(pd.concat(both, ignore_index=True), raw)


def _named(frame, raw):
    """Replace labels by areas; labels that name no region of NUTS 2021 stay, with the reason."""
    codes = nuts.by_name(frame["geo"], raw)
    unknown = codes == ""
    frame = frame.drop(columns="geo").assign(
        ref_area=codes.where(~unknown, frame["geo"]),
        ref_area_type="NUTS2",
        dropped=unknown.map({True: "label that names no region of NUTS 2021, or more than one", False: ""}),
    )
    return _settled(frame)


def read_attainment(raw: Path) -> pd.DataFrame:
    """Read attainment in four groups of levels from the export of the data browser."""
    path = raw / ATTAINMENT.files[0]
    levels = {label: code for code, label in ISCED_GROUP.codes.items()}
    frames = []
    for number in range(1, 5):
        frame, about = layouts_eurostat.browser_sheet(path, f"Sheet {number}")
        level = about["International Standard Classification of Education (ISCED 2011)"]
        frames.append(frame.assign(isced_group=levels[level]))
    return _named(pd.concat(frames, ignore_index=True), raw)


def read_neet(raw: Path) -> pd.DataFrame:
    """Read the share of young people without employment, education and training."""
    path = raw / NEET.files[0]
    ages = {"From 15 to 29 years": "15-29", "From 18 to 29 years": "18-29"}
    frames = []
    for name in ("Data", "Data_other"):
        frame, about = layouts_eurostat.browser_sheet(path, name)
        frames.append(frame.assign(age=ages[about["Age class"]]))
    return _named(pd.concat(frames, ignore_index=True), raw)


def read_patents(raw: Path) -> pd.DataFrame:
    """Read patent applications to the European Patent Office."""
    path = raw / PATENTS.files[0]
    frame = files.csv(path)
    layouts_eurostat.require(frame, path, ["geo", "time", "values"], input_var_code="tgs00040", unit="P_MHAB")
    return _located(_plain_values(frame), raw)


def read_personnel(raw: Path) -> pd.DataFrame:
    """Read personnel in research and development."""
    path = raw / PERSONNEL.files[0]
    frame = files.csv(path)
    layouts_eurostat.require(
        frame, path, ["geo", "time", "values"], prof_pos="TOTAL", sex="T", sectperf="TOTAL", unit="FTE"
    )
    outside = frame["geo"] == "CN_X_HK"
    placed = _located(_plain_values(frame[~outside].reset_index(drop=True)), raw)
    china = _plain_values(frame[outside]).rename(columns={"geo": "ref_area"})
    china = china.assign(ref_area_type="country", dropped="China without Hong Kong, which is no area of the code list")
    return pd.concat([placed, china], ignore_index=True)


def _plain_values(frame):
    """Read values of files that were reduced to codes, year and number; an empty cell is a missing value."""
    values = pd.to_numeric(frame["values"].mask(frame["values"] == "")).astype(float)
    return pd.DataFrame(
        {
            "geo": frame["geo"],
            "time_period": frame["time"].astype(int),
            "obs_value": values,
            "obs_status": values.isna().map({True: "m", False: ""}),
        }
    )


TABLES = (
    Table(
        name="regional-tertiary-attainment",
        label="Tertiary attainment in regions",
        definition="Share of people aged 25 to 64 who have completed tertiary education (ISCED 2011 levels 5 to "
        "8), NUTS 2 regions.",
        measures={"tertiary_attainment": Measure("Tertiary attainment", "PERCENT", (0, 80), (20, 45), "higher")},
        source=TERTIARY,
        read=read_tertiary,
        caveats=(
            NUTS_CAVEAT,
            "EU labour force survey: breaks in 2014 and 2021, flagged b; values flagged u rest on few persons.",
            "The United Kingdom ends in 2019.",
        ),
    ),
    Table(
        name="regional-rd-expenditure",
        label="Research and development in regions",
        definition="Gross domestic expenditure on research and development, all sectors, as a share of gross "
        "domestic product, NUTS 2 regions.",
        measures={"rd_expenditure": Measure("Expenditure on R&D", "PERCENT_GDP", (0, 20), (0.5, 2.5))},
        source=RESEARCH,
        read=read_research,
        caveats=(
            NUTS_CAVEAT,
            "Odd years are fuller than even ones; the United Kingdom ends in 2018.",
            "Values flagged c are confidential.",
        ),
        spots=(Spot({"ref_area": "AT13", "time_period": 2021}, 4.04, tolerance=0.005),),
    ),
    Table(
        name="regional-gdp-per-head",
        label="Income of regions",
        definition="Gross domestic product per inhabitant in purchasing power standards, European Union of 27 = "
        "100; countries and regions of NUTS levels 1 and 2.",
        measures={"gdp_per_head": Measure("GDP per head, EU27 = 100", "INDEX_EU27_100", (5, 600), (70, 110), "higher")},
        source=INCOME,
        read=read_income,
        caveats=(
            NUTS_CAVEAT,
            "Commuters produce where they do not live: regions such as Luxembourg and Inner London stand out.",
            "The download gives no flags.",
        ),
        spots=(
            Spot({"ref_area": "LU00", "time_period": 2022}, 252, tolerance=0.5),
            Spot({"ref_area": "DE60", "time_period": 2022}, 202, tolerance=0.5),
            Spot({"ref_area": "BG31", "time_period": 2022}, 41, tolerance=0.5),
        ),
    ),
    Table(
        name="regional-gdp",
        label="Gross domestic product of regions",
        definition="Gross domestic product at current market prices in million euro; countries and regions of "
        "NUTS levels 1 and 2.",
        measures={"gdp": Measure("Gross domestic product", "MILLION_EUR", (-100, 2e7), (10000, 80000))},
        source=GDP,
        read=read_gdp,
        caveats=(NUTS_CAVEAT, "Current prices: a change over time holds inflation. 2023 is often provisional (p)."),
    ),
    Table(
        name="regional-employment",
        label="Employment and unemployment in regions",
        definition="Employed persons as a share of the population aged 15 to 64; unemployed persons as a share of "
        "the labour force aged 15 to 74; NUTS 2 regions.",
        measures={
            "employment_rate": Measure("Employment rate, ages 15 to 64", "PERCENT", (15, 95), (60, 75), "higher"),
            "unemployment_rate": Measure("Unemployment rate, ages 15 to 74", "PERCENT", (0, 50), (3, 10), "lower"),
        },
        source=EMPLOYMENT,
        further=(UNEMPLOYMENT,),
        read=read_employment,
        caveats=(
            NUTS_CAVEAT,
            "EU labour force survey: break in 2021, flagged b; values flagged u rest on few persons, and those "
            "that are missing for that reason have cu.",
        ),
    ),
    Table(
        name="regional-attainment",
        label="Educational attainment in regions, 2000 to 2019",
        definition="Share of people aged 25 to 64 by highest level of education completed, NUTS 2 regions.",
        measures={"attainment_share": Measure("Share of people aged 25 to 64", "PERCENT", (0, 100), (25, 60))},
        dimensions={"isced_group": ISCED_GROUP},
        source=ATTAINMENT,
        read=read_attainment,
        caveats=(
            "The export gives labels and no codes: regions were found by name in NUTS 2021, the others dropped.",
            "An extraction of 2024: for recent years use regional-tertiary-attainment.",
        ),
        sums=(
            Sum("isced_group", ("0-2", "3-8"), 100.0, 0.11),
            Sum("isced_group", ("3-4", "5-8"), "3-8", 0.11),
        ),
    ),
    Table(
        name="regional-neet",
        label="Young people not in employment, education or training in regions",
        definition="Share of people aged 15 to 29 (18 to 29) who are neither employed nor in formal or non-formal "
        "education or training, NUTS 2 regions, 2000 to 2019.",
        measures={
            "neet_rate": Measure("Neither employed nor in education or training", "PERCENT", (0, 80), (8, 20), "lower")
        },
        dimensions={"age": NEET_AGE},
        source=NEET,
        read=read_neet,
        caveats=(
            "The export gives labels and no codes: regions were found by name in NUTS 2021, the others dropped.",
            "Not the ages 18 to 24.",
        ),
    ),
    Table(
        name="regional-patents",
        label="Patent applications of regions, 2001 to 2012",
        definition="Applications to the European Patent Office by priority year and residence of the inventor, "
        "per million inhabitants, NUTS 2 regions.",
        measures={"patent_applications": Measure("Patent applications", "PER_MILLION", (0, 2000), (10, 120), "higher")},
        source=PATENTS,
        read=read_patents,
        caveats=(NUTS_CAVEAT, "Discontinued by Eurostat; the last years were not complete. The file has no flags."),
    ),
    Table(
        name="regional-rd-personnel",
        label="Personnel in research and development of regions, 2009 and 2018",
        definition="Personnel in research and development, all sectors and positions, in full-time equivalents; "
        "countries and regions of NUTS levels 1 and 2.",
        measures={"rd_personnel": Measure("Personnel in R&D", "FULL_TIME_EQUIVALENT", (0, 5e6), (1000, 20000))},
        source=PERSONNEL,
        read=read_personnel,
        caveats=(NUTS_CAVEAT, "Two years only; the file has no flags. A number, not a rate."),
    ),
)


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare the two extractions of R&D expenditure, and attainment in the two series that hold it."""
    path = raw / RESEARCH_EARLIER
    earlier = layouts_eurostat.sdmx_csv(path, sectperf="TOTAL", unit="PC_GDP")
    later = read_research(raw).assign(
        geo=layouts_eurostat.wide_tsv(raw / RESEARCH.files[0], sectperf="TOTAL", unit="PC_GDP")["geo"]
    )
    both = earlier.merge(later, on=["geo", "time_period"], suffixes=("", "_later")).query("time_period < 2022")
    difference = (both["obs_value"] - both["obs_value_later"]).abs().dropna()
    worst = both.loc[difference.idxmax()]
    return [
        Comparison(
            "Eurostat tgs00042: extraction of spring 2026 and an earlier one, 2013 to 2021",
            len(difference),
            float(difference.max()),
            0.0,
            f"{worst['geo']}, {worst['time_period']}",
            "The later extraction revises values of 2022 and 2023, which are not compared.",
        ),
        *_attainment_twice(tables),
    ]


def _attainment_twice(tables):
    """Compare tertiary attainment in tgs00109 with edat_lfse_04, of which it is an extract."""
    older = tables["regional-attainment"].query("isced_group == '5-8'")
    both = older.merge(tables["regional-tertiary-attainment"], on=["ref_area", "time_period"]).set_index("ref_area")
    found = []
    for year in (2015, 2018, 2019):
        pairs = both[both["time_period"] == year]
        difference = (pairs["obs_value_x"] - pairs["obs_value_y"]).abs().dropna()
        found.append(
            Comparison(
                f"Eurostat edat_lfse_04 and tgs00109, tertiary attainment {year}",
                len(difference),
                float(difference.max()),
                ATTAINMENT_REVISIONS,
                str(difference.idxmax()),
                f"{int((difference > 0.05).sum())} values were revised between the two extractions.",
            )
        )
    return found


FAMILY = Family(TABLES, areas=areas, compare=compare, beside=nuts.FILES)
