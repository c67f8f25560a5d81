"""The one table of area names: what publishers write for a country, and the code under which we keep it.

Names are matched whole (without case, footnote stars and doubled spaces), never by pattern: a name that is not
listed is an error, so that no new entity is taken for a country that it resembles.

Not here: regions (they come with the families that publish them), values.
"""

from functools import cache
from importlib.resources import files

import pandas as pd

from importers.files import LayoutError

AGGREGATES = {
    "OECD": "OECD",
    "OECD-average": "OECD average",
    "OECD-average-23": "OECD average, 23 countries",
    "OECD-average-26": "OECD average, 26 countries",
    "OECD-average-35": "OECD average, 35 countries",
    "OECD-average-24": "OECD average, 24 countries",
    "OECD-average-25": "OECD average, 25 countries",
    "OECD-average-27": "OECD average, 27 countries",
    "OECD-average-29": "OECD average, 29 countries and regions",
    "OECD-total": "OECD total",
    "EU22-total": "European Union, total of 22 members",
    "TALIS-average-49": "TALIS average, 49 countries and regions",
    "TALIS-average-12": "TALIS average of primary education, 12 countries and regions",
    "TALIS-average-8": "TALIS average of upper secondary education, 8 countries and regions",
    "TALIS-average-7": "TALIS average of upper secondary education, 7 countries and regions",
    "EU27_2020": "European Union, 27 countries",
    "EU28": "European Union, 28 countries",
    "EA21": "Euro area, 21 countries",
    "EA20": "Euro area, 20 countries",
    "EA19": "Euro area, 19 countries",
    "EU22-average": "Average of 22 EU members of the OECD",
    "EU23-average": "Average of 23 EU members of the OECD",
    "EU25": "EU25 average of Education at a Glance",
    "W": "World",
    "G7": "G7",
    "G20": "G20",
}

# Code, name, country: systems within a country that take part on their own. ISO 3166-2 where it has a code.
PARTICIPANTS = (
    ("AE-AZ", "Abu Dhabi (United Arab Emirates)", "ARE"),
    ("AE-DU", "Dubai (United Arab Emirates)", "ARE"),
    ("AR-C", "Buenos Aires (Argentina)", "ARG"),
    ("AZ-BA", "Baku (Azerbaijan)", "AZE"),
    ("BE-VLG", "Flemish Community (Belgium)", "BEL"),
    ("BE-WAL", "French Community (Belgium)", "BEL"),
    ("BE-DG", "German-speaking Community (Belgium)", "BEL"),
    ("CA-NL", "Newfoundland and Labrador (Canada)", "CAN"),
    ("CA-PE", "Prince Edward Island (Canada)", "CAN"),
    ("CA-NS", "Nova Scotia (Canada)", "CAN"),
    ("CA-NB", "New Brunswick (Canada)", "CAN"),
    ("CA-QC", "Quebec (Canada)", "CAN"),
    ("CA-ON", "Ontario (Canada)", "CAN"),
    ("CA-MB", "Manitoba (Canada)", "CAN"),
    ("CA-SK", "Saskatchewan (Canada)", "CAN"),
    ("CA-AB", "Alberta (Canada)", "CAN"),
    ("CA-BC", "British Columbia (Canada)", "CAN"),
    ("CHN-BSJG", "Beijing, Shanghai, Jiangsu and Guangdong (China)", "CHN"),
    ("CHN-BSJZ", "Beijing, Shanghai, Jiangsu and Zhejiang (China)", "CHN"),
    ("CN-SH", "Shanghai (China)", "CHN"),
    ("DE-NW", "North Rhine-Westphalia (Germany)", "DEU"),
    ("ES-AN", "Andalusia (Spain)", "ESP"),
    ("ES-AR", "Aragon (Spain)", "ESP"),
    ("ES-AS", "Asturias (Spain)", "ESP"),
    ("ES-CB", "Cantabria (Spain)", "ESP"),
    ("ES-CE", "Ceuta (Spain)", "ESP"),
    ("ES-CL", "Castile and Leon (Spain)", "ESP"),
    ("ES-CM", "Castile-La Mancha (Spain)", "ESP"),
    ("ES-CN", "Canary Islands (Spain)", "ESP"),
    ("ES-CT", "Catalonia (Spain)", "ESP"),
    ("ES-EX", "Extremadura (Spain)", "ESP"),
    ("ES-GA", "Galicia (Spain)", "ESP"),
    ("ES-IB", "Balearic Islands (Spain)", "ESP"),
    ("ES-MC", "Murcia (Spain)", "ESP"),
    ("ES-MD", "Madrid (Spain)", "ESP"),
    ("ES-ML", "Melilla (Spain)", "ESP"),
    ("ES-NC", "Navarre (Spain)", "ESP"),
    ("ES-PV", "Basque Country (Spain)", "ESP"),
    ("ES-RI", "La Rioja (Spain)", "ESP"),
    ("ES-VC", "Valencian Community (Spain)", "ESP"),
    ("GB-ENG", "England (United Kingdom)", "GBR"),
    ("GB-NIR", "Northern Ireland (United Kingdom)", "GBR"),
    ("GB-SCT", "Scotland (United Kingdom)", "GBR"),
    ("GB-WLS", "Wales (United Kingdom)", "GBR"),
    ("IT-BZ", "Bolzano (Italy)", "ITA"),
    ("IT-centre", "Centre (Italy)", "ITA"),
    ("IT-north-east-rest", "North-east without Bolzano (Italy)", "ITA"),
    ("IT-north-west", "North-west (Italy)", "ITA"),
    ("IT-south", "South (Italy)", "ITA"),
    ("IT-south-islands", "South and islands (Italy)", "ITA"),
    ("KAZ-cities", "Kazakhstan (limited coverage)", "KAZ"),
    ("RU-PER", "Perm (Russia)", "RUS"),
    ("RU-MOS", "Moscow region (Russia)", "RUS"),
    ("RU-TA", "Tatarstan (Russia)", "RUS"),
    ("UKR-18", "Ukrainian regions (18 of 27)", "UKR"),
    ("US-MA", "Massachusetts (United States)", "USA"),
    ("US-NC", "North Carolina (United States)", "USA"),
    ("US-PR", "Puerto Rico (United States)", "USA"),
)

# Publishers' further spellings.
SPELLINGS = {
    "EU22 average": "EU22-average",
    "OECD - Total": "OECD",
    "OECD average-23": "OECD-average-23",
    "OECD average-24": "OECD-average-24",
    "OECD average-25": "OECD-average-25",
    "OECD average-26": "OECD-average-26",
    "OECD average-27": "OECD-average-27",
    "OECD average-35": "OECD-average-35",
    "OECD PIAAC average-29": "OECD-average-29",
    "EU total-22": "EU22-total",
    "TALIS average-49": "TALIS-average-49",
    "TALIS ISCED 1 average-12": "TALIS-average-12",
    "TALIS ISCED 3 average-8": "TALIS-average-8",
    "TALIS ISCED 3 average-7": "TALIS-average-7",
    "Flemish Region (Belgium)": "BE-VLG",
    "International Average (OECD)": "OECD-average",
    "OAVG": "OECD-average",
    "EU27": "EU27_2020",
    "B-S-J-G (China)": "CHN-BSJG",
    "B-S-J-Z (China)": "CHN-BSJZ",
    "CABA (Argentina)": "AR-C",
    "Belgium: Flemish Community": "BE-VLG",
    "Flemish Comm. (Belgium)": "BE-VLG",
    "Flemish Community of Belgium": "BE-VLG",
    "French Comm. (Belgium)": "BE-WAL",
    "French Community of Belgium": "BE-WAL",
    "England (UK)": "GB-ENG",
    "Russian Federation: Moscow region": "RU-MOS",
    "Russian Federation: Republic of Tatarstan": "RU-TA",
    "Spain: Comunidad Valenciana": "ES-VC",
}


@cache
def table() -> pd.DataFrame:
    """Return the countries of ISO 3166 with their names here, membership of the OECD and place on the tile grid.

    Returns
    -------
    pandas.DataFrame
        Columns ``code, iso2, name, oecd_since, tile_row, tile_column, other_names``, all text.
    """
    with files("importers").joinpath("countries.csv").open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype=str, keep_default_na=False)


@cache
def members() -> tuple[str, ...]:
    """Return the ISO 3166 codes of the 38 OECD members."""
    countries = table()
    return tuple(countries.loc[countries["oecd_since"] != "", "code"])


@cache
def _codes_by_name():
    countries = table()
    pairs = list(zip(countries["name"], countries["code"], strict=True))
    for names, code in zip(countries["other_names"], countries["code"], strict=True):
        pairs += [(name, code) for name in names.split("|") if name]
    pairs += [(code, code) for code in countries["code"]]
    pairs += [(name, code) for code, name in AGGREGATES.items()] + [(code, code) for code in AGGREGATES]
    for code, name, _ in PARTICIPANTS:
        place, _, country = name.removesuffix(")").rpartition(" (")
        pairs += [(name, code), (f"{country}: {place}", code), (code, code)]
    pairs += list(SPELLINGS.items())
    return {_plain(name): code for name, code in pairs}


def _plain(name):
    return " ".join(name.replace("*", "").replace("\u2019", "'").split()).casefold()


def code(names: pd.Series) -> pd.Series:
    """Translate publishers' names or three-letter codes of areas to the codes of this project.

    Parameters
    ----------
    names : pandas.Series of str
        Names as printed; footnote stars are ignored.

    Returns
    -------
    pandas.Series of str
        Codes, with the index of `names`.

    Raises
    ------
    importers.files.LayoutError
        If a name is not in the table.
    """
    codes = _codes_by_name()
    unknown = sorted({name for name in names.unique() if _plain(name) not in codes})
    if unknown:
        raise LayoutError(
            f"unknown area names {unknown}: add the spelling to SPELLINGS, PARTICIPANTS or countries.csv in "
            "importers, or flag the rows as dropped with a reason"
        )
    return names.map({name: codes[_plain(name)] for name in names.unique()})


def from_iso2(codes_: pd.Series) -> pd.Series:
    """Translate Eurostat's two-letter country codes (``EL``, ``UK``) and aggregates to the codes of this project.

    Parameters
    ----------
    codes_ : pandas.Series of str
        Two-letter codes, or codes of aggregates such as ``EU27_2020``.

    Returns
    -------
    pandas.Series of str
        ISO 3166 alpha-3 or aggregate codes, with the index of `codes_`.

    Raises
    ------
    importers.files.LayoutError
        If a code is unknown.
    """
    countries = table()
    known = dict(zip(countries["iso2"], countries["code"], strict=True))
    known |= {"EL": "GRC", "UK": "GBR"} | {code: code for code in AGGREGATES}
    unknown = sorted(set(codes_) - set(known))
    if unknown:
        raise LayoutError(f"unknown two-letter country codes {unknown}; expected ISO 3166 alpha-2, EL or UK")
    return codes_.map(known)


def areas() -> pd.DataFrame:
    """Return countries, systems within countries and aggregates as rows of the code list of areas."""
    countries = table().drop(columns=["iso2", "other_names"]).assign(area_type="country")
    countries["country"] = countries["code"]
    systems = pd.DataFrame(PARTICIPANTS, columns=["code", "name", "country"]).assign(area_type="system")
    aggregates = pd.DataFrame(AGGREGATES.items(), columns=["code", "name"]).assign(area_type="aggregate")
    return pd.concat([countries, systems, aggregates], ignore_index=True).fillna("")
