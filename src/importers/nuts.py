"""Regions of the NUTS classification, version 2021: which codes belong to it, their names, countries and centroids.

Publishers' files mix the versions of 2010 to 2024. A row is kept if its code is one of 2021, carried over if the files
show that an older code was only renamed, and otherwise dropped with its code and the reason.

Not here: values of regions, boundaries as shapes (their licence does not let others hand them on), the OECD's regions.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd

from importers import countries, files, layouts_eurostat

BOUNDARIES = "geo/NUTS_RG_60M_2021_4326_LEVL_2.geojson"
# A file that labels codes of older versions as such: "Alsace (NUTS 2013)".
LABELLED = "regional/eurostat/eurostat_tgs00042_gerd_rd_expenditure.csv"
# A file that holds the same years under old and new labels.
TWICE = "regional/eurostat/edat_lfse_04.xlsx"
OLDER = r"\((?:NUTS (?:2003|2006|2010|2013|2016)|statistical region \d{4})\)$"
# Names of regions of the first level.
NAMED = "regional/eurostat/eurostat_nama_10r_2gdp.csv"
NAMED_BY_OECD = "regional/oecd/oecd_regional_wellbeing_2016.csv"
FILES = (BOUNDARIES, LABELLED, TWICE, NAMED, NAMED_BY_OECD)
LABEL = "Geopolitical entity (reporting)"

# Publishers' files spell this name in three ways, two of them without its accent.
SPELLED = dict.fromkeys(["Ile de France", "Ile-de-France"], "Île-de-France")

OTHER_VERSION = "code of another NUTS version than 2021, and not shown to be a mere renaming"
OUTSIDE = "territory that belongs to no region (extra-regio)"


@cache
def regions(raw: Path) -> pd.DataFrame:
    """Return the regions of NUTS 2021, levels 1 and 2.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.

    Returns
    -------
    pandas.DataFrame
        Columns ``code, name, area_type`` (``NUTS1`` or ``NUTS2``), ``country`` (ISO 3166 alpha-3), ``longitude``,
        ``latitude`` in degrees: area centroid of the generalised boundaries (1:60 million) in geographical
        coordinates, rounded to two decimals; empty for regions of level 1 whose parts lie in several oceans.
    """
    features = files.json(raw / BOUNDARIES)["features"]
    parts = pd.DataFrame(
        [(f["properties"]["NUTS_ID"], f["properties"]["NAME_LATN"], *_moments(f["geometry"])) for f in features],
        columns=["code", "name", "area", "x", "y"],
    )
    upper = parts.assign(code=parts["code"].str[:3]).groupby("code", as_index=False)[["area", "x", "y"]].sum()
    upper["name"] = upper["code"].map(_names_of_level_1(raw, parts))
    frame = pd.concat([parts.assign(area_type="NUTS2"), upper.assign(area_type="NUTS1")], ignore_index=True)
    frame["name"] = frame["name"].map(lambda name: " ".join(name.replace("/ ", "/").split()))
    frame["name"] = frame["name"].replace(SPELLED)
    frame["country"] = countries.from_iso2(frame["code"].str[:2])
    scattered = frame["code"] == "FRY"
    frame["longitude"] = (frame["x"] / frame["area"]).round(2).mask(scattered)
    frame["latitude"] = (frame["y"] / frame["area"]).round(2).mask(scattered)
    columns = ["code", "name", "area_type", "country", "longitude", "latitude"]
    return frame[columns].sort_values("code", ignore_index=True)


def _moments(geometry):
    """Return the signed area of a geometry and its first moments, in degrees (the centroid is their ratio)."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    area = x = y = 0.0
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            ring_area = ring_x = ring_y = 0.0
            for (x0, y0), (x1, y1) in pairwise(ring):
                cross = x0 * y1 - x1 * y0
                ring_area += cross / 2
                ring_x += (x0 + x1) * cross / 6
                ring_y += (y0 + y1) * cross / 6
            # The first ring is the outline, the others are holes, whichever way they run.
            sign = (1 if ring_area > 0 else -1) * (1 if number == 0 else -1)
            area, x, y = area + sign * ring_area, x + sign * ring_x, y + sign * ring_y
    return area, x, y


def _names_of_level_1(raw, parts):
    """Name the regions of level 1: as Eurostat labels them, as their only part, or as the OECD names them (British)."""
    labels = files.csv(raw / NAMED)[["geo", LABEL]].drop_duplicates()
    named = dict(labels[labels["geo"].str.len() == 3].values)
    above = parts["code"].str[:3]
    alone = parts[~above.duplicated(keep=False)]
    british = files.csv(raw / NAMED_BY_OECD)[["Code", "Region"]]
    names = dict(british.values) | dict(zip(alone["code"].str[:3], alone["name"], strict=True)) | named
    return {code: names[code] for code in above.unique()}


@cache
def changes(raw: Path) -> pd.DataFrame:
    """Find the codes of older versions that were only renamed.

    Eurostat publishes some years of attainment under the old and the new label of a region. An older region counts as
    renamed if one region of NUTS 2021 has the same value in every cell in which both have one, and there are at least
    eight such cells. A common name is no evidence: Vestlandet and Vzhodna Slovenija kept theirs when they were redrawn.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.

    Returns
    -------
    pandas.DataFrame
        One row a code of another version: ``code``, ``label`` as published, ``nuts_2021`` (empty if it was not merely
        renamed) and ``reason``.
    """
    labels = files.csv(raw / LABELLED)[["geo", LABEL]].drop_duplicates()
    valid = set(regions(raw).query("area_type == 'NUTS2'")["code"])
    labels = labels[~labels["geo"].isin(valid) & ~labels["geo"].str.endswith("Z")]
    same, names = _same_values(raw), _codes_by_name(raw)
    rows = []
    for code, label in sorted(labels.itertuples(index=False, name=None)):
        new, cells = same.get(label, ("", 0))
        target = names.get(_plain(new), "")
        reason = f"renamed: all {cells} values published under both labels are equal" if target else OTHER_VERSION
        rows.append((code, label, target, reason))
    return pd.DataFrame(rows, columns=["code", "label", "nuts_2021", "reason"])


def _same_values(raw):
    """Return, for labels of older versions, the one other label with the same values and the number of these."""
    sheets = [
        layouts_eurostat.browser_sheet(raw / TWICE, f"Sheet {number}")[0].assign(sheet=number) for number in range(1, 5)
    ]
    wide = pd.concat(sheets).pivot(index="geo", columns=["sheet", "time_period"], values="obs_value")
    older = wide.index.str.contains(OLDER)
    found = {}
    for label, values in wide[older].iterrows():
        both = wide[~older].notna() & values.notna()
        cells = both.sum(axis=1)
        equal = cells[(wide[~older].eq(values) & both).sum(axis=1).eq(cells) & cells.ge(8)]
        if len(equal) == 1:
            found[label] = (equal.index[0], int(equal.iloc[0]))
    return found


def _plain(name):
    """Reduce a name to letters and digits without accents."""
    name = unicodedata.normalize("NFKD", name.replace("Ł", "L").replace("ł", "l")).casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(c for c in name if not unicodedata.combining(c))).split())


def place(codes: pd.Series, raw: Path) -> pd.DataFrame:
    """Translate NUTS codes of any version to areas of this project.

    Parameters
    ----------
    codes : pandas.Series of str
        Codes of countries (``EL``), aggregates (``EU27_2020``) and regions of levels 1 and 2.
    raw : pathlib.Path
        Folder of publishers' files.

    Returns
    -------
    pandas.DataFrame
        With the index of `codes`: ``ref_area``, ``ref_area_type`` and ``dropped``, which says why a row has no place
        (the code is then the publisher's).
    """
    known = dict(regions(raw)[["code", "area_type"]].values)
    renamed = {old: new for old, new in changes(raw)[["code", "nuts_2021"]].values if new}
    found = {}
    for code in codes.unique():
        new = renamed.get(code, code)
        if new in known:
            found[code] = (new, known[new], "")
        elif code in countries.AGGREGATES:
            found[code] = (code, "aggregate", "")
        elif re.fullmatch(r"[A-Z]{2}ZZ?", code):
            found[code] = (code, "NUTS2", OUTSIDE)
        elif re.fullmatch(r"[A-Z]{2}[0-9A-Z]{1,2}", code):
            found[code] = (code, "NUTS2", OTHER_VERSION)
        else:
            found[code] = (countries.from_iso2(pd.Series([code])).iloc[0], "country", "")
    columns = ["ref_area", "ref_area_type", "dropped"]
    return pd.DataFrame([found[code] for code in codes], index=codes.index, columns=columns)


def by_name(names: pd.Series, raw: Path) -> pd.Series:
    """Find regions of NUTS 2021, level 2, by the labels of a file that gives no codes.

    Parameters
    ----------
    names : pandas.Series of str
        Labels as Eurostat prints them, e.g. ``Alsace`` or ``Alsace (NUTS 2013)``.
    raw : pathlib.Path
        Folder of publishers' files.

    Returns
    -------
    pandas.Series of str
        Codes; empty where no region or more than one has this name, where the label is of an older version and not a
        mere renaming, and where the file has the same name noted as of 2021 beside it (it is then of a later version).
    """
    codes, renamed = _codes_by_name(raw), dict(changes(raw)[["label", "nuts_2021"]].values)
    labels, found = set(names), {}
    for label in labels:
        later = f"{label} (NUTS 2021)" in labels
        plain = "" if later else codes.get(_plain(label.removesuffix(" (NUTS 2021)")), "")
        found[label] = plain or renamed.get(label, "")
    return names.map(found)


@cache
def _codes_by_name(raw):
    """Return the codes of NUTS 2021, level 2, by plain name, where the name is of one region only."""
    valid = regions(raw).query("area_type == 'NUTS2'")
    codes: dict[str, set[str]] = {}
    for code, name in [*valid[["code", "name"]].values, *_labels(raw, set(valid["code"]))]:
        codes.setdefault(_plain(name), set()).add(code)
    return {name: next(iter(found)) for name, found in codes.items() if len(found) == 1}


def _labels(raw, valid):
    """Return Eurostat's own labels of valid codes, without a note of the version."""
    labels = files.csv(raw / LABELLED)[["geo", LABEL]].drop_duplicates()
    labels = labels[labels["geo"].isin(valid)]
    return labels.assign(name=labels[LABEL].str.replace(r" \(NUTS \d{4}\)$", "", regex=True))[["geo", "name"]].values
