"""Regions: centroids, versions of the classification, and codes that must not be taken for others."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from importers import nuts

RAW = Path(os.environ.get("CROSSROADS_RAW", ""))
needs_files = pytest.mark.skipif(
    not os.environ.get("CROSSROADS_RAW"), reason="set CROSSROADS_RAW to the folder of publishers' files"
)


def _square(x, y, side):
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def test_the_centroid_of_a_square_is_its_middle_whichever_way_its_outline_runs():
    for ring in (_square(2, 4, 2), _square(2, 4, 2)[::-1]):
        area, x, y = nuts._moments({"type": "Polygon", "coordinates": [ring]})
        assert (area, x / area, y / area) == pytest.approx((4, 3, 5))


def test_a_hole_is_taken_off_and_parts_weigh_by_their_area():
    hole = {"type": "Polygon", "coordinates": [_square(0, 0, 4), _square(2, 0, 2)]}
    area, x, y = nuts._moments(hole)
    assert area == pytest.approx(12)
    assert (x / area, y / area) == pytest.approx(((16 * 2 - 4 * 3) / 12, (16 * 2 - 4 * 1) / 12))
    parts = {"type": "MultiPolygon", "coordinates": [[_square(0, 0, 1)], [_square(10, 0, 3)]]}
    area, x, _ = nuts._moments(parts)
    assert (area, x / area) == pytest.approx((10, (0.5 + 9 * 11.5) / 10))


def test_names_are_compared_without_accents_dashes_and_polish_l():
    assert nuts._plain("Łódzkie") == nuts._plain("Lódzkie")
    assert nuts._plain("Provence-Alpes-Côte d’Azur") == nuts._plain("Provence-Alpes-Côte d'Azur")
    assert nuts._plain("Centro (PT)") != nuts._plain("Centro (ES)")


@needs_files
def test_centroids_lie_where_the_cities_are():
    known = nuts.regions(RAW).set_index("code")[["longitude", "latitude"]]
    for code, place in {
        "AT13": (16.37, 48.21),
        "DE30": (13.40, 52.52),
        "FR10": (2.5, 48.7),
        "FRY4": (55.5, -21.1),
    }.items():
        assert tuple(known.loc[code]) == pytest.approx(place, abs=0.3), code
    assert known.loc["FRY"].isna().all(), "the oceans have no middle"
    features = json.loads((RAW / nuts.BOUNDARIES).read_text(encoding="utf-8"))["features"]
    assert len(features) == (nuts.regions(RAW)["area_type"] == "NUTS2").sum() == 334


@needs_files
def test_only_renamings_that_the_values_prove_are_carried_over():
    changes = nuts.changes(RAW).set_index("code")["nuts_2021"]
    assert (changes != "").sum() == 26, "21 French and 5 Polish regions"
    assert changes["FR42"] == "FRF1" and changes["FR24"] == "FRB0" and changes["PL11"] == "PL71"
    for redrawn in ("NO05", "SI01", "SI02", "UKM2", "PL12", "NL35", "PT19", "PT1C"):
        assert changes[redrawn] == "", f"{redrawn} shares its name with a region of NUTS 2021 but not its territory"


@needs_files
def test_codes_find_their_kind_or_a_reason():
    codes = pd.Series(["EL", "EU27_2020", "EA19", "AT13", "BE1", "FR42", "NL35", "FRZZ", "HUZ"])
    placed = nuts.place(codes, RAW)
    assert placed["ref_area"].tolist() == ["GRC", "EU27_2020", "EA19", "AT13", "BE1", "FRF1", "NL35", "FRZZ", "HUZ"]
    assert placed["ref_area_type"].tolist()[:6] == ["country", "aggregate", "aggregate", "NUTS2", "NUTS1", "NUTS2"]
    reasons = placed["dropped"].tolist()
    assert reasons == [""] * 6 + [nuts.OTHER_VERSION, nuts.OUTSIDE, nuts.OUTSIDE]
    with pytest.raises(ValueError, match="QX"):
        nuts.place(pd.Series(["QX"]), RAW)


@needs_files
def test_a_name_that_stands_beside_its_namesake_of_2021_is_not_that_region():
    names = pd.Series(
        ["Centro (PT)", "Centro (PT) (NUTS 2021)", "Alsace (NUTS 2013)", "Vestlandet (statistical region 2016)"]
    )
    assert nuts.by_name(names, RAW).tolist() == ["", "PT16", "FRF1", ""]
    assert nuts.by_name(names[:1], RAW).tolist() == ["PT16"], "in a file of NUTS 2021 it is"
