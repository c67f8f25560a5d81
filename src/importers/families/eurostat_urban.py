"""Cities, towns and countryside in 2025, and regions in 2024 and 2025, from the maps of Eurostat's yearbooks.

The files are those behind Eurostat's own maps: one number an area, without flags except in footnotes.

Not here: Eurostat's data sets (``eurostat``, ``eurostat_regional``).
"""

from pathlib import Path

import numpy as np
import pandas as pd

from importers import codes, countries, files, nuts
from importers.declaration import CodeList, Comparison, Family, Measure, Source, Spot, Sum, Table
from importers.families import eurostat_regional

FOLDER = "new/eurostat/"
MAPS = "public repository eurostat/eurostat-map, {}, commit dbc724fbe6bb88c50238f3f431f07bbf6e1109db"
URBAN = "examples/URE/2026/data and examples/cartogram/grid/data/degurba"


def _yearbook(title, codes_, files, path, edition):
    return Source(
        publisher="Eurostat",
        dataset=f"{title} ({codes_})",
        edition=edition,
        url="https://ec.europa.eu/eurostat/databrowser/view/" + codes_.split(",")[0],
        licence="CC BY 4.0",
        files=tuple(FOLDER + file for file in files),
        obtained=MAPS.format(path),
        retrieved="2026-08-18",
    )


# Measure: file, whether it has a total, label, typical median, direction.
BY_DEGREE = {
    "participation": (
        "degurba_participation_education_training_18-64_2025.json",
        "Takes part in education or training, ages 18 to 64",
        (10, 35),
        "higher",
    ),
    "unemployment": ("degurba_unemployment_15-74_2025.json", "Unemployed, ages 15 to 74", (2, 12), "lower"),
    "social_networks": ("degurba_social_networks_2025.json", "Takes part in social networks", (50, 90), "neither"),
}
BY_PLACE = {
    "poverty_or_exclusion": ("URE2026_F2A_arope_degurba_2025.json", "At risk of poverty or social exclusion", (10, 30)),
    "poverty_risk": ("URE2026_F2B_arop_degurba_2025.json", "At risk of poverty", (8, 25)),
    "deprivation": ("URE2026_F2C_smsd_degurba_2025.json", "Severe material and social deprivation", (1, 15)),
    "low_work_intensity": (
        "URE2026_F2D_low_work_intensity_degurba_2025.json",
        "In a household with very low work intensity",
        (3, 15),
    ),
}
BY_SEX = "URE2026_F14_unemployment_degurba_sex_2025.json"
DEGREE = CodeList(
    "degree-of-urbanisation",
    "Degree of urbanisation",
    {
        "total": "All places",
        "cities": "Cities",
        "towns_suburbs": "Towns and suburbs",
        "rural": "Rural areas",
    },
)
DEGREES = {"TOTAL": "total", "DEG1": "cities", "DEG2": "towns_suburbs", "DEG3": "rural"}
NO_ANSWER = "NRP"  # who live nowhere that was classified
OTHER_AGGREGATES = ("EU28", "EU27_2007", "EU25", "EU15", "EA")

LEVELS = {
    "bachelor": "RYB2026_CH03M02_tertiary_students_bachelors_nuts2_2024.json",
    "master": "RYB2026_CH03M02_tertiary_students_masters_nuts2_2024.json",
    "doctorate": "RYB2026_CH03M02_tertiary_students_phd_nuts2_2024.json",
}
LEVEL = CodeList(
    "tertiary-level",
    "Level of tertiary education",
    {"bachelor": "Bachelor or equivalent", "master": "Master or equivalent", "doctorate": "Doctorate or equivalent"},
)
EMPLOYMENT_FILE = "RYB2026_CH04M03_employment_by_attainment_nuts2_2025.json"
GROUPS = {
    "No more than lower secondary education": "0-2",
    "Upper secondary and post-secondary non-tertiary education": "3-4",
    "Tertiary education": "5-8",
}
# The footnote of the file, which the reader compares: who is of another year, and of low reliability.
FOOTNOTE = (
    "Note: Iceland, 2024. Corse (FRM0) and Åland (FI20): low reliability. Trier (DEB2), Dresden (DED2), Chemnitz (DED4), "
    "Grad Zagreb (HR05), Lubuskie (PL43) and Opolskie (PL52): low reliability for no more than lower secondary education."
)
UNRELIABLE = ("FRM0", "FI20")
UNRELIABLE_LOW = ("DEB2", "DED2", "DED4", "HR05", "PL43", "PL52")

URBAN_DATA = _yearbook(
    "Urban-rural Europe 2026: living conditions by degree of urbanisation",
    "lfst_r_urgau, ilc_peps13n, ilc_li43, ilc_mdsd19, ilc_lvhl23n and others",
    [*(row[0] for row in BY_DEGREE.values()), *(row[0] for row in BY_PLACE.values()), BY_SEX],
    URBAN,
    "2026",
)
EMPLOYMENT = _yearbook(
    "Regional Yearbook 2026, employment rate by educational attainment and NUTS 2 region",
    "lfst_r_lfe2eedu, lfst_r_lfsd2pop",
    [EMPLOYMENT_FILE],
    "examples/RYB/2026/CH04/data/CH04M03.json",
    "2026",
)
STUDENTS = _yearbook(
    "Regional Yearbook 2026, students in tertiary education by level and NUTS 2 region",
    "educ_uoe_enrt06",
    LEVELS.values(),
    "examples/RYB/2026/CH03/data",
    "2026",
)


def _json(raw, file):
    return files.json(raw / FOLDER / file)


def number(cell: object, where: str) -> float:
    """Return the number in a cell of a map's file.

    Parameters
    ----------
    cell : float or str
        A number, or ``:`` where there is none.
    where : str
        For messages.

    Returns
    -------
    float

    Raises
    ------
    importers.files.LayoutError
        If the cell is anything else.
    """
    if cell == ":":
        return np.nan
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise files.LayoutError(f"{where}: {cell!r}, expected a number or ':'")
    return float(cell)


def _with_status(frame):
    return frame.assign(obs_status=frame["obs_value"].isna().map({True: "m", False: ""}))


def read_urban(raw: Path) -> pd.DataFrame:
    """Read living conditions by degree of urbanisation."""
    rows = []
    for measure, (file, *_) in BY_DEGREE.items():
        for area, cells in _json(raw, file).items():
            unknown = set(cells) - set(DEGREES) - {NO_ANSWER}
            if unknown:
                raise files.LayoutError(f"{file}, {area}: unexpected {sorted(unknown)}, expected {list(DEGREES)}")
            rows += [
                (area, measure, "total", DEGREES[code], number(cell, f"{file}, {area}, {code}"))
                for code, cell in cells.items()
                if code != NO_ANSWER
            ]
    frame = pd.DataFrame(rows, columns=["geo", "measure", "sex", "degree", "obs_value"])
    other = frame["geo"].isin(OTHER_AGGREGATES)
    frame["dropped"] = other.map({True: "aggregate of other members than today's", False: ""})
    frame["ref_area"] = frame["geo"].where(other, countries.from_iso2(frame.loc[~other, "geo"]).reindex(frame.index))
    frame = pd.concat([frame.drop(columns="geo"), _by_place(raw)], ignore_index=True)
    # The footnote of the figure: Switzerland is of the year before.
    earlier = (frame["measure"] == "low_work_intensity") & (frame["ref_area"] == "CHE")
    return _with_status(frame.assign(time_period=np.where(earlier, 2024, 2025)))


def _by_place(raw):
    """Read the figures that name countries and have no total; unemployment of women and men."""
    rows = []
    for measure, (file, *_) in BY_PLACE.items():
        for entry in _json(raw, file)["data"]:
            rows += [
                (entry["country"], measure, "total", code, entry[code], file) for code in entry if code != "country"
            ]
    for entry in _json(raw, BY_SEX)["data"]:
        rows += [
            (entry["country"], "unemployment", sex, code, cell, BY_SEX)
            for sex in ("female", "male")
            for code, cell in entry[sex].items()
        ]
    frame = pd.DataFrame(rows, columns=["country", "measure", "sex", "degree", "cell", "file"])
    unknown = sorted(set(frame["degree"]) - set(DEGREE.codes))
    if unknown:
        raise files.LayoutError(
            f"figures of Urban-rural Europe 2026: unexpected {unknown}, expected {list(DEGREE.codes)}"
        )
    frame["obs_value"] = [number(row.cell, f"{row.file}, {row.country}, {row.degree}") for row in frame.itertuples()]
    frame["ref_area"] = countries.code(frame["country"].replace("EU", "EU27_2020"))
    return frame[["ref_area", "measure", "sex", "degree", "obs_value"]].assign(dropped="")


def _placed(frame, raw):
    return pd.concat([nuts.place(frame["geo"], raw), frame.drop(columns="geo")], axis=1)


def read_employment(raw: Path) -> pd.DataFrame:
    """Read employment rates by attainment and region, with the flags of the footnote."""
    rows = []
    for option in _json(raw, EMPLOYMENT_FILE)["options"]:
        if option["label"] not in GROUPS or option["footnote"] != FOOTNOTE:
            raise files.LayoutError(
                f"{EMPLOYMENT_FILE}: label {option['label']!r} or footnote {option['footnote']!r} changed; read it and "
                "adapt GROUPS, FOOTNOTE and the flags"
            )
        group = GROUPS[option["label"]]
        rows += [(geo, group, number(cell, f"{EMPLOYMENT_FILE}, {geo}")) for geo, cell in option["data"].items()]
    frame = pd.DataFrame(rows, columns=["geo", "isced_group", "obs_value"])
    low = frame["geo"].isin(UNRELIABLE) | (frame["geo"].isin(UNRELIABLE_LOW) & (frame["isced_group"] == "0-2"))
    frame = _with_status(frame).assign(time_period=np.where(frame["geo"] == "IS00", 2024, 2025))
    frame["obs_status"] = frame["obs_status"].mask(low & frame["obs_value"].notna(), "u")
    return _placed(frame, raw)


def read_students(raw: Path) -> pd.DataFrame:
    """Read shares of tertiary students by level and region."""
    rows = [
        (geo, level, number(cell, f"{file}, {geo}"))
        for level, file in LEVELS.items()
        for geo, cell in _json(raw, file).items()
    ]
    frame = pd.DataFrame(rows, columns=["geo", "level", "obs_value"])
    return _placed(_with_status(frame).assign(time_period=2024), raw)


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare the two files on unemployment, and require totals to lie among cities, towns and countryside."""
    table = tables["living-by-urbanisation"]
    figure = pd.DataFrame(
        [
            (entry["country"], degree, value)
            for entry in _json(raw, BY_SEX)["data"]
            for degree, value in entry["total"].items()
        ],
        columns=["country", "degree", "figure"],
    )
    figure["ref_area"] = countries.code(figure["country"].replace("EU", "EU27_2020"))
    rows = table.query("measure == 'unemployment' and sex == 'total'")
    both = figure.merge(rows, on=["ref_area", "degree"]).dropna(subset=["figure", "obs_value"])
    difference = (both["figure"] - both["obs_value"]).abs()
    found = [
        Comparison(
            name="Unemployment by degree of urbanisation: Urban-rural Europe 2026 and the grid of cartograms",
            pairs=len(difference),
            largest=float(difference.max()),
            tolerance=1e-9,
            where=str(both.loc[difference.idxmax(), "ref_area"]),
        )
    ]
    for measure in BY_DEGREE:
        wide = table.query("measure == @measure and sex == 'total'").pivot(
            index="ref_area", columns="degree", values="obs_value"
        )
        wide = wide.dropna()
        parts = wide[["cities", "towns_suburbs", "rural"]]
        outside = np.maximum(parts.min(axis=1) - wide["total"], wide["total"] - parts.max(axis=1)).clip(lower=0)
        found.append(
            Comparison(
                name=f"{measure} by degree of urbanisation: how far a total lies outside its three parts",
                pairs=len(outside),
                largest=float(outside.max()),
                tolerance=0.1 + 1e-9,
                where=str(outside.idxmax()),
                note="Values are rounded to one or two decimals.",
            )
        )
    return found


MAP_ONLY = (
    "From the files behind Eurostat's own maps and figures: values without standard errors, and without flags but those of "
    "footnotes, so that no difference can be tested."
)
TABLES = (
    Table(
        name="living-by-urbanisation",
        label="Cities, towns and countryside: learning, work, poverty, networks",
        definition="Per cent of people by degree of urbanisation of the place where they live, 2025.",
        measures={
            **{
                code: Measure(label, "PERCENT", (0, 100), typical, direction)
                for code, (_, label, typical, direction) in BY_DEGREE.items()
            },
            **{
                code: Measure(label, "PERCENT", (0, 100), typical, "lower")
                for code, (_, label, typical) in BY_PLACE.items()
            },
        },
        source=URBAN_DATA,
        read=read_urban,
        dimensions={"sex": codes.SEX, "degree": DEGREE},
        caveats=(
            MAP_ONLY,
            "Participation of ages 18 to 64 counts young people still at school or university: it is not adult learning.",
            "The files do not name the data sets of participation and of social networks.",
            "Women and men apart only for unemployment. Very low work intensity in Switzerland is of 2024.",
            "Left out: the population by degree of urbanisation, whose year the file does not say, and persons whose place was "
            "not classified.",
        ),
        spots=(
            Spot({"ref_area": "FIN", "measure": "participation", "degree": "cities"}, 37.1),
            Spot({"ref_area": "FIN", "measure": "participation", "degree": "rural"}, 25.4),
            Spot({"ref_area": "BEL", "measure": "unemployment", "degree": "towns_suburbs", "sex": "total"}, 4.6),
            Spot({"ref_area": "BGR", "measure": "poverty_or_exclusion", "degree": "rural"}, 40.8),
        ),
    ),
    Table(
        name="regional-employment-by-attainment",
        label="Employment by educational attainment in regions of Europe, 2025",
        definition="Employment rate of people aged 25 to 64 by educational attainment and region of NUTS level 2, 2025.",
        measures={
            "employment_rate": Measure("Employment rate, ages 25 to 64", "PERCENT", (10, 100), (60, 90), "higher")
        },
        source=EMPLOYMENT,
        read=read_employment,
        dimensions={"isced_group": eurostat_regional.ISCED_GROUP},
        caveats=(
            MAP_ONLY,
            "Regions of NUTS 2021. Regions of NUTS 2024 that are not of it are dropped and listed: Utrecht and Zuid-Holland, and "
            "in Portugal Centro, Lisboa, Setúbal, Alentejo, Oeste e Vale do Tejo. A national highest or lowest value leaves "
            "them out.",
            "Iceland is of 2024. Flag u: low reliability, by the footnote of the map.",
        ),
        spots=(
            Spot({"ref_area": "ES61", "isced_group": "0-2"}, 57.3),
            Spot({"ref_area": "ES61", "isced_group": "3-4"}, 70.6),
            Spot({"ref_area": "ES61", "isced_group": "5-8"}, 81.0),
        ),
    ),
    Table(
        name="regional-tertiary-students",
        label="Students in tertiary education by level in regions of Europe, 2024",
        definition="Share of the students of bachelor, master and doctoral programmes in a region who are at each of these "
        "levels, 2024; short programmes of tertiary education are not counted.",
        measures={"students": Measure("Students at the level", "PERCENT", (0, 100), (5, 60))},
        source=STUDENTS,
        read=read_students,
        dimensions={"level": LEVEL},
        caveats=(
            MAP_ONLY,
            "Students count where they study. Germany is given by its states (NUTS level 1), the Netherlands and Albania as a "
            "whole.",
            "Regions of NUTS 2021; Portuguese regions of NUTS 2024 that are not of it are dropped and listed.",
        ),
        spots=(
            Spot({"ref_area": "AT13", "level": "bachelor"}, 53.5),
            Spot({"ref_area": "AT13", "level": "master"}, 40.4),
            Spot({"ref_area": "AT13", "level": "doctorate"}, 6.1),
        ),
        sums=(Sum("level", tuple(LEVELS), 100, 0.11),),
    ),
)

FAMILY = Family(TABLES, compare=compare)
