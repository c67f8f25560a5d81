"""OECD Regional Well-Being, editions of 2016 and 2022: eleven topics in large regions of the OECD.

Not here: national well-being (``oecd_portal``), Eurostat's regions (``eurostat_regional``).
"""

import re
from functools import cache
from pathlib import Path

import pandas as pd

from importers import countries, files, nuts
from importers.declaration import CodeList, Family, Measure, Source, Spot, Table

EDITION_2022 = Source(
    publisher="OECD",
    dataset="Regional Well-Being (database)",
    edition="November 2022",
    url="https://www.oecdregionalwellbeing.org",
    licence="OECD Terms and Conditions",
    files=("regional/oecd/OECD-Regional-Well-Being-Data-File.xlsx",),
    obtained="public repository DavideTortorella/European-Regional-Inequalities-Clustering, data, commit "
    "220d26db4b310b69993195611ffb7ad3bafa48cf",
)
EDITION_2016 = Source(
    publisher="OECD",
    dataset="Regional Well-Being (database)",
    edition="June 2016",
    url="https://www.oecdregionalwellbeing.org",
    licence="OECD Terms and Conditions",
    files=("regional/oecd/oecd_regional_wellbeing_2016.csv",),
    obtained="public repository sebastiansauer/pradadata, data-raw/wellbeing.csv, commit "
    "0446498cb730e79ca0e737aaaac074fcd46a965f",
)
EDITION = CodeList("well-being-edition", "Edition", {"2016": "June 2016", "2022": "November 2022"})
# Countries whose regions in this database are small ones (TL3).
SMALL = ("EST", "LVA", "LTU")
SLIPPED = ("EE009", "EE00A")
SLIP = "slip of the publisher: the share of people with someone to count on repeats life satisfaction (6.1 and 5.8)"
# Income of this country is withheld: it is nearly three times that of the edition of 2016, elsewhere up to twice, and a
# quarter above that of the United States. The workbook says US dollars; what it holds cannot be that.
STRANGE_INCOME, STRANGE_FROM = "CHE", 50000
HEADER, UNITS = 7, 8

# Measure: (header of 2022, unit of 2022, header of the sheet of reference years, header of 2016)
INDICATORS = {
    "upper_secondary": (
        "Population with at least secondary education",
        "%",
        "Population with at least secondary education",
        "Labour",
    ),
    "employment_rate": ("Employment rate", "%", "Employment rate", "Employment"),
    "unemployment_rate": ("Unemploy-ment rate", "%", "Unemployment rate", "Unemployment"),
    "disposable_income": (
        "Household disposable income per capita",
        "constant USD PPP (refer. year 2015)",
        "Disposable income per capita",
        "income_capita",
    ),
    "homicide_rate": ("Homicide rate", "per 100-000 people", "Homicide rate", "Homicide"),
    "mortality_rate": ("Mortality rate", "per 1-000 people", "Mortality rate", "Mortality"),
    "life_expectancy": ("Life expectancy", "Number of years", "Life expectancy", "Life_expectancy"),
    "air_pollution": ("Air pollution (level of PM2.5)", "µg/m³", "Air quality (PM2.5)", "PM25)"),
    "voter_turnout": ("Voter turnout", "%", "Voter turnout", "Voter"),
    "broadband": ("Broadband access", "% of households", "Households broadband access", "Broadband"),
    "internet_speed": ("Internet download speed 2021-Q4", "deviation from OECD average (%)", "Internet speed", None),
    "rooms_per_person": ("Number of rooms per person", "rooms per person", "Number of rooms per capita", "Rooms"),
    "someone_to_count_on": ("Perceived social network support", "%", "Perceived social network support", "Support"),
    "life_satisfaction": ("Self assessment of life satisfaction", "index 0 to 10", "Life satisfaction", "Satisfaction"),
}
# What the edition of 2016 measures otherwise, and so has a measure of its own.
OTHERWISE_2016 = {
    "upper_secondary": "upper_secondary_labour_force",
    "disposable_income": "disposable_income_2016_edition",
}
TOPICS = {
    "education": "Education",
    "jobs": "Jobs",
    "income": "Income",
    "safety": "Safety",
    "health": "Health",
    "environment": "Environment",
    "civic_engagement": "Civic engagement",
    "services": "Accessiblity to services",
    "housing": "Housing",
    "community": "Community",
    "life_satisfaction": "Life satisfaction",
}


def areas(raw: Path) -> pd.DataFrame:
    """Return the OECD's regions that are not regions of NUTS 2021, for the code list of areas."""
    frame = _sheet(raw, "Indicator_Last")[["Country", "Region", "Code"]]
    known = {*nuts.regions(raw)["code"], *countries.table()["code"]}
    frame = frame[~frame["Code"].isin(known)]
    country = countries.code(frame["Country"])
    return pd.DataFrame(
        {
            "code": frame["Code"],
            "name": frame["Region"],
            "area_type": country.isin(SMALL).map({True: "TL3", False: "TL2"}),
            "country": country,
        }
    )


@cache
def _sheet(raw, name):
    """Read a sheet of the workbook: header in row 7, units in row 8; returns text and numbers as found."""
    path = raw / EDITION_2022.files[0]
    rows = files.sheet(path, name)
    header = [" ".join(str(cell).split()) if cell is not None else "" for cell in rows[HEADER - 1]]
    if header[1:4] != ["Country", "Region", "Code"]:
        raise files.LayoutError(
            f"{path.name}, sheet {name}, row {HEADER}: {header[1:4]}, expected Country, Region, Code"
        )
    frame = pd.DataFrame(rows[HEADER - 1 :], columns=[title or f"_{i}" for i, title in enumerate(header)])
    units = frame.iloc[1]
    body = frame.iloc[2:]
    body = body[body["Code"].notna() & (body["Code"] != "Code")].reset_index(drop=True)
    # Rows of whole countries have their code only.
    body["Country"] = body["Country"].fillna(body["Code"])
    body.attrs["units"] = {title: str(units[title]).strip() for title in header if title and units[title] is not None}
    return body


def _reference_years(raw):
    """Return the year of each indicator by country: ``{(indicator, country): year}``."""
    path = raw / EDITION_2022.files[0]
    rows = files.sheet(path, "Reference_year")
    header = [" ".join(str(cell).split()) if cell else "" for cell in rows[2]]
    years = {}
    for measure, (_, _, title, _) in INDICATORS.items():
        position = header.index(title)
        for row in rows[3:]:
            found = re.match(r"\d{4}", str(row[position]))
            if row[0] and found:
                years[measure, str(row[0]).strip()] = int(found[0])
    return years


def _values(cells):
    """Return numbers and status of cells, in which two dots stand for a missing value."""
    missing = cells.map(lambda cell: cell is None or str(cell).strip() in ("..", ""))
    return pd.to_numeric(cells.mask(missing)).astype(float), missing.map({True: "m", False: ""})


def _kind(codes, names):
    """Return the kind of area: country, small region or large region."""
    country = countries.code(names)
    small = country.isin(SMALL)
    kind = small.map({True: "TL3", False: "TL2"})
    return kind.mask(codes.isin(countries.table()["code"]), "country"), country


@cache
def renamed(raw: Path) -> dict[str, str]:
    """Return the codes of the edition of 2016 that stand for a region of the edition of 2022 under another code.

    A code is carried over if Eurostat's files show the renaming (``nuts.changes``), or if its whole country was
    numbered anew: as many regions, all with the same names (East and Eastern count as the same), and none that kept its
    code. Where only some codes of a country changed (Estonia), or Eurostat shows that territories did (Slovenia), names
    are no evidence.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.

    Returns
    -------
    dict of str to str
    """
    new = _sheet(raw, "Indicator_Last")[["Country", "Region", "Code"]]
    new = new.assign(country=countries.code(new["Country"]), plain=new["Region"].map(_plain))
    old = _regions_2016(raw)
    old = old.assign(plain=old["Region"].map(_plain))
    changes = nuts.changes(raw)
    shown = {a: b for a, b in changes[["code", "nuts_2021"]].values if b in set(new["Code"])}
    pairs = {code: shown[code] for code in old["Code"] if code in shown}
    for country, before in old.groupby("country"):
        after = new[(new["country"] == country) & ~new["Code"].isin(countries.table()["code"])]
        same = sorted(before["plain"]) == sorted(after["plain"]) and before["plain"].is_unique
        kept = {*before["Code"]} & {*after["Code"], *changes["code"]}
        if same and not kept:
            codes_by_name = dict(after[["plain", "Code"]].values)
            pairs |= {code: codes_by_name[name] for code, name in before[["Code", "plain"]].values}
    return pairs


def _plain(name):
    words = nuts._plain(name).split()
    ends = {"east": "eastern", "west": "western", "north": "northern", "south": "southern"}
    return " ".join(ends.get(word, word) for word in words if word != "region")


@cache
def _export_2016(raw):
    path = raw / EDITION_2016.files[0]
    frame = files.csv(path)
    wanted = {"Country", "Region", "region_type", "Code"} | {old for *_, old in INDICATORS.values() if old}
    if wanted - set(frame):
        raise files.LayoutError(f"{path.name}, row 1: no column {sorted(wanted - set(frame))}")
    frame["country"] = countries.code(frame["Country"].str.removesuffix(" TL3"))
    return frame


def _regions_2016(raw):
    frame = _export_2016(raw)
    return frame[frame["region_type"] == "country_part"]


def _placed_2016(raw):
    """Return area, kind and reason for dropping of the rows of 2016."""
    frame = _export_2016(raw)
    now = set(_sheet(raw, "Indicator_Last")["Code"])
    code = frame["Code"].replace(renamed(raw))
    kind, _ = _kind(code, frame["Country"].str.removesuffix(" TL3"))
    reason = code.isin(now).map(
        {True: "", False: "region of the edition of 2016 that the edition of 2022 does not have"}
    )
    return pd.DataFrame({"ref_area": code, "ref_area_type": kind, "dropped": reason})


def read_indicators(raw: Path) -> pd.DataFrame:
    """Read the indicators of both editions."""
    sheet, years = _sheet(raw, "Indicator_Last"), _reference_years(raw)
    kind, country = _kind(sheet["Code"], sheet["Country"])
    export, placed = _export_2016(raw), _placed_2016(raw)
    frames = []
    for measure, (title, unit, _, old) in INDICATORS.items():
        if sheet.attrs["units"].get(title) != unit:
            raise files.LayoutError(f"{title}: unit {sheet.attrs['units'].get(title)!r}, expected {unit!r}")
        value, status = _values(sheet[title])
        if measure == "disposable_income":
            value, status = _withhold_income(value, status, country)
        # Where the publisher names no year, the year is that of the edition.
        year = [years.get((measure, code), 2022) for code in country]
        slip = sheet["Code"].isin(SLIPPED if measure == "someone_to_count_on" else ())
        if not value[slip].lt(10).all():
            raise files.LayoutError(f"{title}: {SLIPPED} are no longer printed as life satisfaction; remove SLIPPED")
        now = {"ref_area": sheet["Code"], "ref_area_type": kind, "time_period": year, "edition": "2022"}
        now["dropped"] = slip.map({True: SLIP, False: ""})
        frames.append(pd.DataFrame(now | {"measure": measure, "obs_value": value, "obs_status": status}))
        if old:
            value, status = _values(export[old])
            then = {
                "time_period": 2016,
                "edition": "2016",
                "measure": OTHERWISE_2016.get(measure, measure),
                "obs_value": value,
                "obs_status": status,
            }
            frames.append(placed.assign(**then))
    return pd.concat(frames, ignore_index=True)


def _withhold_income(value, status, country):
    """Withhold incomes that are not in the unit of the sheet, and say so once the publisher has mended them."""
    strange = country.eq(STRANGE_INCOME)
    if not value[strange].gt(STRANGE_FROM).all():
        raise files.LayoutError(
            f"disposable income of {STRANGE_INCOME}: {value[strange].min():g}, expected values above {STRANGE_FROM}, which are"
            " withheld; if the publisher has mended them, remove STRANGE_INCOME and the caveat"
        )
    return value.mask(strange), status.mask(strange, "c")


def read_scores(raw: Path) -> pd.DataFrame:
    """Read the scores of both editions."""
    sheet = _sheet(raw, "Score_Last")
    kind, _ = _kind(sheet["Code"], sheet["Country"])
    export, placed = _export_2016(raw), _placed_2016(raw)
    frames = []
    for measure, title in TOPICS.items():
        value, status = _values(sheet[title])
        slip = sheet["Code"].isin(SLIPPED if measure == "community" else ()).map({True: SLIP, False: ""})
        now = {"ref_area": sheet["Code"], "ref_area_type": kind, "time_period": 2022, "dropped": slip}
        frames.append(pd.DataFrame(now | {"measure": measure, "obs_value": value, "obs_status": status}))
        value, status = _values(export[title.replace(" ", "_")])
        frames.append(placed.assign(time_period=2016, measure=measure, obs_value=value, obs_status=status))
    return pd.concat(frames, ignore_index=True)


REGIONS_CAVEAT = (
    "Large regions (TL2), in Estonia, Latvia and Lithuania small ones (TL3); codes are those of the edition of "
    "2022. Regions of "
    "2016 that it does not have are dropped and listed."
)
TABLES = (
    Table(
        name="regional-well-being",
        label="Well-being in OECD regions",
        definition="Fourteen indicators of well-being in large regions and countries of the OECD, last available "
        "year of two editions.",
        measures={
            "upper_secondary": Measure("At least upper secondary education", "PERCENT", (10, 100), (65, 92), "higher"),
            "upper_secondary_labour_force": Measure(
                "At least upper secondary education, labour force (edition of 2016)",
                "PERCENT",
                (10, 100),
                (65, 92),
                "higher",
            ),
            "disposable_income_2016_edition": Measure(
                "Household disposable income per head (edition of 2016, prices not stated)",
                "USD_PPP",
                (1500, 80000),
                (10000, 30000),
                "higher",
            ),
            "employment_rate": Measure("Employment rate", "PERCENT", (10, 95), (60, 76), "higher"),
            "unemployment_rate": Measure("Unemployment rate", "PERCENT", (0, 45), (3, 10), "lower"),
            "disposable_income": Measure(
                "Household disposable income per head", "USD_PPP_2015", (1500, 80000), (10000, 30000), "higher"
            ),
            "homicide_rate": Measure("Homicides", "PER_100000", (0, 160), (0.5, 6), "lower"),
            "mortality_rate": Measure("Deaths, adjusted for age", "PER_1000", (2, 25), (6, 11), "lower"),
            "life_expectancy": Measure("Life expectancy at birth", "YEARS", (55, 90), (76, 84), "higher"),
            "air_pollution": Measure(
                "Fine particles in the air (PM2.5)", "MICROGRAM_PER_M3", (0.2, 50), (6, 18), "lower"
            ),
            "voter_turnout": Measure("Voter turnout", "PERCENT", (20, 100), (55, 80), "higher"),
            "broadband": Measure("Households with broadband", "PERCENT", (0, 100), (60, 95), "higher"),
            "internet_speed": Measure(
                "Internet download speed, deviation from the OECD average", "PERCENT", (-100, 200), (-40, 40), "higher"
            ),
            "rooms_per_person": Measure("Rooms per person", "ROOMS_PER_PERSON", (0.5, 4), (1, 2.4), "higher"),
            "someone_to_count_on": Measure(
                "People who have someone to count on", "PERCENT", (40, 100), (85, 95), "higher"
            ),
            "life_satisfaction": Measure("Life satisfaction, 0 to 10", "INDEX", (2, 10), (6, 7.5), "higher"),
        },
        dimensions={"edition": EDITION},
        source=EDITION_2022,
        further=(EDITION_2016,),
        read=read_indicators,
        caveats=(
            REGIONS_CAVEAT,
            "Edition of 2022: the year is that of the publisher's list of reference years, by country and "
            "indicator (mostly 2017 to 2021; community and life satisfaction 2018). Edition of 2016: the file "
            "names no years, so all stand under 2016.",
            "Education: at least upper secondary, ages 25 to 64; in the edition of 2016 as a share of the labour "
            "force. Income: at prices of 2015 in the edition of 2022; those of the edition of 2016 are not stated.",
            "Disposable income of Switzerland and its seven regions in the edition of 2022 is withheld (flag c): the file has "
            "59 315 US dollars for 2016, nearly three times the value of the edition of 2016, where other members have up to "
            "twice, and a quarter more than in the United States; another currency or concept is likely. The scores of income "
            "in regional-well-being-scores rest on these values.",
        ),
        spots=(
            Spot({"ref_area": "DE2", "edition": "2022", "measure": "upper_secondary"}, 87.6),
            Spot({"ref_area": "DE2", "edition": "2022", "measure": "life_satisfaction"}, 7.0),
        ),
    ),
    Table(
        name="regional-well-being-scores",
        label="Well-being in OECD regions: scores by topic",
        definition="Scores of eleven topics, rescaled by the publisher from the lowest to the highest region to 0 "
        "to 10.",
        measures={
            code: Measure(label.replace("Accessiblity", "Access"), "SCORE_0_10", (0, 11), (2, 9.8), "higher")
            for code, label in TOPICS.items()
        },
        source=EDITION_2022,
        further=(EDITION_2016,),
        read=read_scores,
        caveats=(
            REGIONS_CAVEAT,
            "The year is that of the edition. Scores of two editions cannot be compared; some exceed 10 slightly.",
        ),
    ),
)

FAMILY = Family(TABLES, areas=areas)
