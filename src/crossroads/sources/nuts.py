"""Regions of the NUTS classification, version 2021: which codes belong to it, their names, countries and centroids.

Publishers' files mix the versions of 2010 to 2024. A row is kept if its code is one of 2021, carried over if the files
show that an older code was only renamed, and otherwise dropped with its code and the reason.

Not here: values of regions, boundaries as shapes (their licence does not let others hand them on), the OECD's regions.
"""

import json
import re
import unicodedata
from functools import cache

import pandas as pd

from crossroads.sources import countries

BOUNDARIES = "geo/NUTS_RG_60M_2021_4326_LEVL_2.geojson"
# A file that labels codes of older versions as such: "Alsace (NUTS 2013)".
LABELLED = "regional/eurostat/eurostat_tgs00042_gerd_rd_expenditure.csv"
# Names of regions of the first level.
NAMED = "regional/eurostat/eurostat_nama_10r_2gdp.csv"
NAMED_BY_OECD = "regional/oecd/oecd_regional_wellbeing_2016.csv"
LABEL = "Geopolitical entity (reporting)"

OTHER_VERSION = "code of another NUTS version than 2021, and not a mere renaming"
NO_NAMESAKE = "no region of NUTS 2021 in the country has this name"
OUTSIDE = "territory that belongs to no region (extra-regio)"


@cache
def regions(raw):
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
    features = json.loads((raw / BOUNDARIES).read_text(encoding="utf-8"))["features"]
    parts = pd.DataFrame(
        [(f["properties"]["NUTS_ID"], f["properties"]["NAME_LATN"], *_moments(f["geometry"])) for f in features],
        columns=["code", "name", "area", "x", "y"],
    )
    upper = parts.assign(code=parts["code"].str[:3]).groupby("code", as_index=False)[["area", "x", "y"]].sum()
    upper["name"] = upper["code"].map(_names_of_level_1(raw, parts))
    frame = pd.concat([parts.assign(area_type="NUTS2"), upper.assign(area_type="NUTS1")], ignore_index=True)
    frame["name"] = frame["name"].map(lambda name: " ".join(name.replace("/ ", "/").split()))
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
            for (x0, y0), (x1, y1) in zip(ring[:-1], ring[1:], strict=True):
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
    labels = pd.read_csv(raw / NAMED, dtype=str, keep_default_na=False)[["geo", LABEL]].drop_duplicates()
    named = dict(labels[labels["geo"].str.len() == 3].values)
    above = parts["code"].str[:3]
    alone = parts[~above.duplicated(keep=False)]
    british = pd.read_csv(raw / NAMED_BY_OECD, dtype=str, keep_default_na=False)[["Code", "Region"]]
    names = dict(british.values) | dict(zip(alone["code"].str[:3], alone["name"], strict=True)) | named
    return {code: names[code] for code in above.unique()}


@cache
def changes(raw):
    """Find the codes of older versions that were only renamed.

    An older code counts as renamed if its label without the note of the version equals the name of exactly one region
    of NUTS 2021 in the country; if no year has values for both codes, for where Eurostat publishes both, they are two
    territories with one name; and if at most one older code of the country has no namesake, for where several regions
    were redrawn, a name may have stayed with another territory (Vestlandet in Norway).

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.

    Returns
    -------
    pandas.DataFrame
        One row a labelled code of another version: ``code``, ``label`` as published, ``nuts_2021`` (empty if it was not
        merely renamed) and ``reason``.
    """
    frame = pd.read_csv(raw / LABELLED, dtype=str, keep_default_na=False)
    valid = regions(raw).query("area_type == 'NUTS2'")
    plain = valid.assign(plain=valid["name"].map(_plain))
    years = frame[frame["OBS_VALUE"] != ""].groupby("geo")["TIME_PERIOD"].agg(set)
    rows = []
    for code, label in sorted(set(frame[["geo", LABEL]].itertuples(index=False, name=None))):
        if code in set(valid["code"]) or code.endswith("Z"):
            continue
        version = re.search(r" \((?:NUTS|statistical region) (\d{4})\)$", label)
        name = _plain(label[: version.start()] if version else label)
        same = plain[(plain["plain"] == name) & plain["code"].str.startswith(code[:2])]["code"].tolist()
        target, reason = "", NO_NAMESAKE
        if not version:
            reason = "code of a later version"
        elif len(same) == 1 and years.get(code, set()) & years.get(same[0], set()):
            reason = f"{same[0]} has the same name but is published beside it for the same year"
        elif len(same) == 1:
            target, reason = same[0], "renamed: same name, never published for the same year"
        rows.append((code, label, target, reason))
    table = pd.DataFrame(rows, columns=["code", "label", "nuts_2021", "reason"])
    orphans = table[table["reason"] == NO_NAMESAKE]["code"].str[:2].value_counts()
    redrawn = (table["nuts_2021"] != "") & table["code"].str[:2].isin(orphans[orphans > 1].index)
    table.loc[redrawn, ["nuts_2021", "reason"]] = ["", "namesake in NUTS 2021, but the regions of the country were redrawn"]
    return table


def _plain(name):
    """Reduce a name to letters and digits without accents."""
    name = unicodedata.normalize("NFKD", name.replace("Ł", "L").replace("ł", "l")).casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(c for c in name if not unicodedata.combining(c))).split())


def place(codes, raw):
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


def by_name(names, raw):
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
    valid = regions(raw).query("area_type == 'NUTS2'")
    codes = {}
    for code, name in [*valid[["code", "name"]].values, *_labels(raw, set(valid["code"]))]:
        codes.setdefault(_plain(name), set()).add(code)
    renamed = dict(changes(raw)[["label", "nuts_2021"]].values)
    labels, found = set(names), {}
    for label in labels:
        name = label.removesuffix(" (NUTS 2021)")
        same = codes.get(_plain(name), set())
        later = f"{label} (NUTS 2021)" in labels
        found[label] = next(iter(same)) if len(same) == 1 and not later else renamed.get(label, "")
    return names.map(found)


def _labels(raw, valid):
    """Return Eurostat's own labels of valid codes, without a note of the version."""
    labels = pd.read_csv(raw / LABELLED, dtype=str, keep_default_na=False)[["geo", LABEL]].drop_duplicates()
    labels = labels[labels["geo"].isin(valid)]
    return labels.assign(name=labels[LABEL].str.replace(r" \(NUTS \d{4}\)$", "", regex=True))[["geo", "name"]].values
