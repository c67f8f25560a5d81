"""A proposal of a study: the template asks for every field, and the check says what is missing."""

import re

import pytest
import yaml
from made_up_studies import STUDY, lay_down, study

from press.errors import BookError
from report import propose_study


@pytest.fixture
def root(tmp_path):
    """A project with one study, and with two works in its bibliography."""
    lay_down(tmp_path, {"lamp2014": study(), "wick2015": study("wick2015")})
    (tmp_path / "data" / "studies" / "wick2015.yaml").unlink()
    return tmp_path


def test_template_has_every_field_of_the_contract_and_no_other(root):
    propose_study.new_study(root, "wick2015")
    written = yaml.safe_load((root / "data" / "studies" / "wick2015.yaml").read_text("utf-8"))
    assert written.keys() == STUDY.keys()
    assert written["findings"][0].keys() == STUDY["findings"][0].keys()
    assert written["id"] == "wick2015"


def test_check_says_what_the_template_lacks(root):
    propose_study.new_study(root, "wick2015")
    lines = []
    assert propose_study.check_studies(root, lines.append) > 5
    said = "\n".join(lines)
    assert re.search(r"^data/studies/wick2015\.yaml:6: name: is not filled in; expected a text$", said, re.MULTILINE)
    assert re.search(r"yaml:9: kind: is not filled in; expected one of study, .*framework", said)
    assert lines[-1].startswith("2 studies, ")


def test_filled_in_template_is_a_valid_study(root):
    propose_study.new_study(root, "wick2015")
    path = root / "data" / "studies" / "wick2015.yaml"
    filled = {**yaml.safe_load(path.read_text("utf-8")), **study("wick2015")}
    path.write_text(yaml.safe_dump(filled), "utf-8")
    assert propose_study.check_studies(root, lambda line: None) == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Wick 2015", "is no name for a study"),
        ("lamp2014", "is there already; add your finding to it"),
        ("wick2016", r"has no work 'wick2016' \(did you mean 'wick2015'\?\); add the work there first"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused(root, name, said):
    with pytest.raises(BookError, match=said):
        propose_study.new_study(root, name)
