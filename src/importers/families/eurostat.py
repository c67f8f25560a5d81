"""Eurostat's national series on education and training.

Not here: regional series (``eurostat_regional``), Cedefop (``cedefop``), layouts of files (``layouts_eurostat``).
"""

from pathlib import Path

import pandas as pd

from importers import codes, countries, files
from importers.declaration import Family, Measure, Source, Spot, Table
from importers.layouts_eurostat import sdmx_csv

ADULT_LEARNING = Source(
    publisher="Eurostat",
    dataset="Participation rate in education and training, last four weeks (trng_lfse_01)",
    url="https://ec.europa.eu/eurostat/databrowser/view/trng_lfse_01",
    licence="CC BY 4.0",
    files=("country/eurostat/trng_lfse_01_25_74.csv",),
    obtained="public repository mxiilian/data-analytics-project, data/raw/trng_lfse_01_page_linear_2_0.csv, "
    "commit ec2083d64968beb0d6d28f1cb09407560abd0ca3",
)
EARLY_LEAVERS = Source(
    publisher="Eurostat",
    dataset="Early leavers from education and training by sex (sdg_04_10)",
    edition="extraction of 2025",
    url="https://ec.europa.eu/eurostat/databrowser/view/sdg_04_10",
    licence="CC BY 4.0",
    files=("country/eurostat/sdg_04_10_early_leavers_2023_by_sex.csv",),
    obtained="public repository nilsr-spec/Python-Introduction-Smoking-Prevalence, "
    "data/raw/sdg_04_10_early_educ_leavers.csv, commit bb7c137380e99fe2d5fa654dfa8a48eec810fa26",
)


def read_adult_learning(raw: Path) -> pd.DataFrame:
    """Read the share of adults in education or training."""
    frame = sdmx_csv(raw / ADULT_LEARNING.files[0], unit="PC", sex="T", age="Y25-74")
    return frame.drop(columns="geo").assign(ref_area=countries.from_iso2(frame["geo"]))


def read_early_leavers(raw: Path) -> pd.DataFrame:
    """Read early leavers, women and men."""
    path = raw / EARLY_LEAVERS.files[0]
    frame = sdmx_csv(path, unit="PC", wstatus="POP", age="Y18-24")
    sexes = {"F": "female", "M": "male"}
    if set(frame["sex"]) != set(sexes):
        raise files.LayoutError(f"{path.name}, column sex: {sorted(set(frame['sex']))}, expected {sorted(sexes)}")
    return frame.drop(columns="geo").assign(ref_area=countries.from_iso2(frame["geo"]), sex=frame["sex"].map(sexes))


TABLES = (
    Table(
        name="adult-learning-25-74",
        label="Adults in education and training, ages 25 to 74",
        definition="Share of people aged 25 to 74 in formal or non-formal education or training in the last four "
        "weeks.",
        measures={"adults_in_learning": Measure("Adults in learning", "PERCENT", (0, 60), (5, 15), "higher")},
        source=ADULT_LEARNING,
        read=read_adult_learning,
        caveats=(
            "Ages 25 to 74, not the usual 25 to 64, which vocational-education-europe has.",
            "Break in 2021 and national breaks, flagged b. Four weeks, not twelve months.",
        ),
        spots=(
            Spot({"ref_area": "EU27_2020", "time_period": 2015}, 8.9),
            Spot({"ref_area": "EU27_2020", "time_period": 2024}, 11.8),
            Spot({"ref_area": "SWE", "time_period": 2024}, 34.5),
        ),
    ),
    Table(
        name="early-leavers-by-sex",
        label="Early leavers from education and training by sex, 2023",
        definition="Share of women and men aged 18 to 24 with at most lower secondary education who were in no "
        "education or training in the last four weeks.",
        measures={"early_leavers": Measure("Early leavers", "PERCENT", (0, 60), (5, 13), "lower")},
        dimensions={"sex": codes.SEX},
        source=EARLY_LEAVERS,
        read=read_early_leavers,
        caveats=("One year, women and men, no total; women in Luxembourg are missing.",),
        spots=(
            Spot({"ref_area": "NOR", "time_period": 2023, "sex": "female"}, 10.4),
            Spot({"ref_area": "NOR", "time_period": 2023, "sex": "male"}, 14.6),
        ),
    ),
)

FAMILY = Family(TABLES)
