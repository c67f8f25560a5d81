"""The SDMX-XML feed of the STI scoreboard: flags, the year 2999, repeated and missing observations, damaged files."""

import pytest

from importers.families import oecd_sti

MESSAGE = '<?xml version="1.0"?><DataSet xmlns:s="urn:x">{}</DataSet>'


def _feed(tmp_path, *observations):
    path = tmp_path / "G_XGDP_V8.xml"
    series = "".join(f'<s:Series LOCATION="{area}"><s:Obs {words} /></s:Series>' for area, words in observations)
    path.write_text(MESSAGE.format(series), encoding="utf-8")
    return path


def test_flags_are_kept_and_a_missing_value_says_so(tmp_path):
    frame = oecd_sti._observations(
        _feed(
            tmp_path,
            ("KOR", 'TIME_PERIOD="2023" OBS_VALUE="4.9" OBS_STATUS="E" OBS_STATUS_2="B"'),
            ("FIN", 'TIME_PERIOD="2023" OBS_STATUS="B"'),
            ("USA", 'TIME_PERIOD="2023" OBS_VALUE="3.4" OBS_STATUS="A"'),
        )
    )
    assert frame["obs_status"].tolist() == ["be", "bm", ""]


def test_the_pseudo_year_repetitions_and_areas_without_code_are_dropped_with_a_reason(tmp_path):
    frame = oecd_sti._observations(
        _feed(
            tmp_path,
            ("KOR", 'TIME_PERIOD="2021" OBS_VALUE="4.9"'),
            ("KOR", 'TIME_PERIOD="2021" OBS_VALUE="4.9"'),
            ("KOR", 'TIME_PERIOD="2999" OBS_VALUE="4.9"'),
            ("XKV", 'TIME_PERIOD="2021" OBS_VALUE="1"'),
        )
    )
    assert [reason != "" for reason in frame["dropped"]] == [False, True, True, True]
    assert "2999" in frame["dropped"][2] and "Kosovo" in frame["dropped"][3]


@pytest.mark.parametrize(
    ("observation", "message"),
    [
        (("KOR", 'TIME_PERIOD="2021" OBS_VALUE="4.9" OBS_STATUS="Q"'), "unexpected flags"),
        (("KOR", 'TIME_PERIOD="2021" OBS_VALUE="4,9"'), "4,9"),
        (("XYZ", 'TIME_PERIOD="2021" OBS_VALUE="4.9"'), "XYZ"),
        (("KOR", 'OBS_VALUE="4.9"'), "TIME_PERIOD"),
    ],
)
def test_an_unknown_flag_number_area_or_period_is_refused(tmp_path, observation, message):
    with pytest.raises(ValueError, match=message):
        oecd_sti._observations(_feed(tmp_path, observation))


def test_a_feed_that_breaks_off_is_refused(tmp_path):
    path = _feed(tmp_path, ("KOR", 'TIME_PERIOD="2021" OBS_VALUE="4.9"'))
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    with pytest.raises(ValueError, match="no complete XML"):
        oecd_sti._observations(path)
