"""World Bank downloads: the head is read, a cut file is refused, areas outside ISO 3166 do not pass."""

import pytest

from importers.families import world_bank

HEAD = '\ufeff"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-07-13",\n\n'
COLUMNS = '"Country Name","Country Code","Indicator Name","Indicator Code","2020","2021",\n'


def _file(tmp_path, rows, head=HEAD):
    path = tmp_path / "api.csv"
    path.write_text(head + COLUMNS + rows, encoding="utf-8")
    return path


def test_the_head_says_when_the_file_was_updated(tmp_path):
    head, frame = world_bank._download(_file(tmp_path, '"Korea, Rep.","KOR","R&D","GB","4.8","4.9",\n'))
    assert head["Last Updated Date"] == "2026-07-13"
    assert frame[["Country Code", "2021"]].values.tolist() == [["KOR", "4.9"]]


def test_a_row_that_breaks_off_is_refused(tmp_path):
    with pytest.raises(ValueError, match="cut or damaged"):
        world_bank._download(_file(tmp_path, '"Korea, Rep.","KOR","R&D"\n'))


def test_a_file_without_the_header_is_refused(tmp_path):
    path = tmp_path / "api.csv"
    for content, words in (
        ("<html>429 Too many requests</html>\n", "page of HTML"),
        ("Country,2020\n", "Country Name"),
    ):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match=words):
            world_bank._download(path)
