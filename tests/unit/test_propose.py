"""``crossroads new case`` writes only what the library accepts."""

import shutil
from pathlib import Path

import pytest

from crossroads.evidence import cases
from press.errors import BookError
from report.propose import check_cases, dump, new_case, slug

DATA = Path(__file__).parents[2] / "data"
ANSWERS = {
    "Name": "Ørestad Night School",
    "Short id": "",
    "Kind": "school",
    "Title of source 1": "A night at school",
    "Title of source": "",
    "  its publisher": "A newspaper",
    "  its year": "undated",
    "  its address": "https://example.org/a?b=1&copy=2",
    "Country": "dnk",
    "City": "Copenhagen",
    "Level": "adults: evening classes",
    "Levels": "adult",
    "Partners": "business, culture",
    "Strength": "none-found",
    "How sure": "low",
}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "book" / "cases").mkdir(parents=True)
    (tmp_path / "data" / "cases").mkdir(parents=True)
    shutil.copytree(DATA / "code-lists", tmp_path / "data" / "code-lists")
    for name in ("schema.json", "orestad-gymnasium.yaml"):
        shutil.copy(DATA / "cases" / name, tmp_path / "data" / "cases" / name)
    return tmp_path


class Author:
    """Answers questions by how they begin; a list is used up one by one."""

    def __init__(self, **changed):
        self.answers = {**ANSWERS, **changed}
        self.shown = []

    def read(self, question):
        beginning = max((key for key in self.answers if question.startswith(key)), key=len, default=None)
        answer = self.answers.get(beginning, "")
        return answer.pop(0) if isinstance(answer, list) else answer

    def write(self, root):
        return new_case(root, self.read, self.shown.append)


def test_written_case_is_valid_and_unknown_stays_unknown(root):
    path = Author().write(root)
    case = cases.load(root / "data")["restad-night-school"]
    assert path.name == "restad-night-school.yaml"
    assert case["place"]["country"] == "DNK"
    assert case["partners"] == {"kinds": ["business", "culture"], "sources": ["s1"]}
    assert case["elements"] == dict.fromkeys(cases.ELEMENTS)
    assert case["evidence"]["text"] is case["start"] is case["checked"] is None
    assert case["sources"][0]["year"] == "undated"
    page = root / "book" / "cases" / "restad-night-school.md"
    assert page.read_text("utf-8") == "```{case-page} restad-night-school\n```\n"


def test_each_bad_answer_is_refused_and_asked_again(root):
    author = Author(
        Kind=["college", "school"], Country=["DK", "DNK"], Learners=["<b>All</b>", "All"],
        **{"  its year": ["", "last year", "2020"], "  its address": ["example.org", "10.1787/abc"],
           "Year in": ["20", "2020"], "Partners": ["firms", ""], "Short id": ["orestad-gymnasium", "Night", "night"]},
    )  # fmt: skip
    author.write(root)
    case = cases.load(root / "data")["night"]
    assert (case["kind"], case["start"]["year"], case["partners"]) == ("school", 2020, None)
    assert case["sources"][0]["doi"] == "10.1787/abc"
    assert case["elements"]["learners"]["text"] == "All"
    shown = "\n".join(author.shown)
    for words in ("expected one of school", "three letters", "HTML", "the word undated", "begins with https",
                  "a year such as", "firms is not one of", "is taken by Ørestad Gymnasium", "lower-case"):  # fmt: skip
        assert words in shown


def test_sources_can_be_told_apart_by_field(root):
    titles = {"Title of source 1": "One", "Title of source 2": "Two", "Title of source 3": ""}
    author = Author(Learners="All", **titles, **{"  sources for learners": ["3", "2"]})
    author.write(root)
    case = cases.load(root / "data")["restad-night-school"]
    assert case["elements"]["learners"]["sources"] == ["s2"]
    assert case["place"]["sources"] == ["s1", "s2"]
    assert "s3 is no source; there are s1, s2" in "\n".join(author.shown)


def test_second_file_for_a_place_is_not_written(root):
    with pytest.raises(BookError, match="the same place as orestad-gymnasium"):
        Author(Name="Ørestad Gymnasium (again)", **{"Short id": "again"}).write(root)
    assert not (root / "data" / "cases" / "again.yaml").exists()


def test_broken_library_is_mended_first(root):
    (root / "data" / "cases" / "broken.yaml").write_text("id: [", "utf-8")
    with pytest.raises(BookError, match=r"mend the library first: broken\.yaml"):
        Author().write(root)


def test_files_of_the_library_are_written_as_this_command_writes_them():
    """Otherwise a case edited by hand and one written by the command differ in ways that mean nothing."""
    for identifier, case in cases.load(DATA).items():
        assert dump(case) == (DATA / "cases" / f"{identifier}.yaml").read_text("utf-8"), identifier


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Ao Tawhiti (Discovery 1)", "ao-tawhiti"), ("Escola Nova 21", "escola-nova-21"), ("学校", "")],
)
def test_id_made_of_a_name(name, wanted):
    assert slug(name) == wanted


@pytest.fixture
def coded(root):
    """The one case of the root with its codings."""
    shutil.copy(DATA / "cases" / "codebook.yaml", root / "data" / "cases")
    for name in ("coding-first.csv", "coding-second.csv"):
        lines = (DATA / "cases" / name).read_text("utf-8").splitlines()
        kept = [line for line in lines if line.startswith(("case,", "orestad-gymnasium,"))]
        (root / "data" / "cases" / name).write_text("\n".join(kept) + "\n", "utf-8")
    return root


def test_check_names_every_mistake_with_its_file(coded):
    shown = []
    assert check_cases(coded, shown.append) == 0
    (coded / "data" / "cases" / "broken.yaml").write_text("id: [", "utf-8")
    assert check_cases(coded, shown.append) == 1
    assert shown[0] == "1 cases, 0 mistakes"
    assert shown[1].startswith("data/cases/broken.yaml: not readable as YAML")


def test_check_finds_a_coding_that_the_text_no_longer_gives(coded):
    path, shown = coded / "data" / "cases" / "orestad-gymnasium.yaml", []
    path.write_text(path.read_text("utf-8").replace("laptops", "tables"), "utf-8")
    assert check_cases(coded, shown.append) == 0, "digital materials are still a digital tool"
    path.write_text(path.read_text("utf-8").replace("All-digital materials", "Paper"), "utf-8")
    assert check_cases(coded, shown.append) == 1
    assert "coding-second.csv: orestad-gymnasium: not what the rules give" in shown[1]


def test_check_gives_the_row_of_a_case_that_is_not_coded(coded):
    Author().write(coded)
    shown = []
    assert check_cases(coded, shown.append) == 0
    row = shown[1].splitlines()[1]
    with (coded / "data" / "cases" / "coding-second.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    shown.clear()
    check_cases(coded, shown.append)
    assert [line.split(":")[0] for line in shown] == ["coding-first.csv", "2 cases, 0 mistakes"]
