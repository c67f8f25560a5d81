"""``crossroads new case`` writes a file that says what belongs where; ``crossroads cases`` says what is wrong in any."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from crossroads.evidence import cases, package
from press.errors import BookError
from report.propose import check_cases, new_case

DATA = Path(__file__).parents[2] / "data"
FILLED = {
    "name": "Night School", "kind": "school", "  country": "DNK", "  strength": "none-found", "    title": "A night",
    "    kind": "independent", "    read": "opening",
    "    publisher": "A newspaper", "    year": "undated", "    url": "https://example.org/a?b=1&copy=2", "confidence": "low",
}  # fmt: skip


@pytest.fixture
def root(tmp_path):
    (tmp_path / "data" / "cases").mkdir(parents=True)
    shutil.copytree(DATA / "code-lists", tmp_path / "data" / "code-lists")
    for name in ("schema.json", "orestad-gymnasium.yaml"):
        shutil.copy(DATA / "cases" / name, tmp_path / "data" / "cases" / name)
    return tmp_path


def write(root, **changed):
    """Write a new case and fill in what cannot be unknown, as an author does in an editor."""
    new_case(root, "night-school")
    path = root / "data" / "cases" / "night-school.yaml"
    text = path.read_text("utf-8")
    for field, value in {**FILLED, **changed}.items():
        text, found = re.subn(rf"(?m)^{field}: null\b.*$", f"{field}: {value}", text)
        assert found == 1, field
    path.write_text(text, "utf-8")
    return path


def test_new_case_asks_for_what_cannot_be_unknown_and_for_nothing_else(root):
    assert "data/cases/night-school.yaml is written" in new_case(root, "night-school")
    _, mistakes = cases.read(root / "data")
    wanted = {"name", "kind", "place.country", "evidence.strength", "confidence", "sources[0].title",
              "sources[0].publisher", "sources[0].year", "sources[0].kind", "sources[0].read"}  # fmt: skip
    assert {mistake.split(": ")[1] for mistake in mistakes} == wanted


def test_filled_case_is_valid_and_unknown_stays_unknown(root):
    write(root)
    case = cases.load(root / "data")["night-school"]
    assert case["elements"] == dict.fromkeys(cases.ELEMENTS)
    unknown = [case[name] for name in ("start", "story", "facts", "status", "lesson", "partners", "checked")]
    assert unknown == [None] * len(unknown)
    assert {case["evidence"][name] for name in cases.FINDINGS} == {None}
    assert case["sources"][0]["year"] == "undated"


def test_every_code_and_every_field_has_a_comment(root):
    """A code that the template does not name, or a field without a word, sends the author to the schema."""
    path = write(root)
    text = path.read_text("utf-8")
    for name in ("kinds", "levels", "statuses", "partner-kinds", "evidence-strengths", "source-kinds",
                 "source-readings", "source-caveats", "confidences"):  # fmt: skip
        missing = [
            code for code in package.code_list(f"case-{name}", root / "data") if not re.search(rf"\b{code}\b", text)
        ]
        assert not missing, name
    new_case(root, "another")
    lines = (root / "data" / "cases" / "another.yaml").read_text("utf-8").splitlines()
    assert [line for line in lines if re.fullmatch(r"\s*\w+: null\s*", line)] == []


def test_examples_in_the_comments_are_valid(root):
    """An author takes the marks of a comment away and has a field as the check wants it."""
    path = write(root)
    text = path.read_text("utf-8")
    text = re.sub(r"(?m)^#     (#   .*|#     .*)\n", "", text)  # the codes of the status, explained within its example
    for field in ("level", "facts", "status", "partners"):
        text = re.sub(
            rf"(?m)^{field}: null.*\n((?:#   .*\n)+)", lambda m, f=field: f"{f}:\n" + m[1].replace("#   ", "  "), text
        )
    text = text.replace("checked: null", "checked: 2026-01-31")
    example = text.partition("written as\n#\n")[2].partition("#\n")[0].replace("#   ", "  ").replace("[s1, s2]", "[s1]")
    text = re.sub(r"(?m)^  learners: null.*\n", example, text)
    path.write_text(text, "utf-8")
    case = cases.load(root / "data")["night-school"]
    assert case["level"]["codes"] and case["partners"]["kinds"] and case["elements"]["learners"]["text"]
    assert case["facts"][0]["value"] == "About 120 (2019)"
    assert case["status"]["code"] == "running"


def test_example_of_a_story_is_one_sentence_and_too_short(root):
    path = write(root)
    text = re.sub(
        r"(?m)^story: null.*\n((?:#   .*\n)+)",
        lambda m: "story:\n" + m[1].replace("#   ", "  ") * 3,
        path.read_text("utf-8"),
    )
    path.write_text(text, "utf-8")
    with pytest.raises(cases.CaseError, match=r"story: found 15 words; expected 120 to 220"):
        cases.load(root / "data")


@pytest.mark.parametrize("name", ["Night", "night school", "night_school", "-night", "../night", ""])
def test_name_that_is_no_address_is_refused(root, name):
    with pytest.raises(BookError, match="no name for a case"):
        new_case(root, name)


def test_case_that_is_there_is_not_written_over(root):
    before = (root / "data" / "cases" / "orestad-gymnasium.yaml").read_bytes()
    with pytest.raises(BookError, match=r"orestad-gymnasium\.yaml is there already"):
        new_case(root, "orestad-gymnasium")
    assert (root / "data" / "cases" / "orestad-gymnasium.yaml").read_bytes() == before


def test_second_file_for_a_place_is_found(root):
    path = write(root)
    case = yaml.safe_load((root / "data" / "cases" / "orestad-gymnasium.yaml").read_text("utf-8"))
    path.write_text(yaml.safe_dump({**case, "id": "night-school", "name": f"{case['name']} (again)"}), "utf-8")
    with pytest.raises(cases.CaseError, match="the same place as"):
        cases.load(root / "data")


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
    assert re.match(r"data/cases/broken\.yaml(:\d+)?: not readable as YAML", shown[1])


def test_day_of_a_check_that_is_to_come_is_told(coded):
    path, shown = coded / "data" / "cases" / "orestad-gymnasium.yaml", []
    path.write_text(re.sub(r"(?m)^checked: .*", "checked: 2999-01-31", path.read_text("utf-8")), "utf-8")
    assert check_cases(coded, shown.append) == 1
    assert shown[0] == (
        "data/cases/orestad-gymnasium.yaml: checked: found 2999-01-31, which is to come; expected the day on which it was compared"
    )


def test_year_that_is_to_come_is_told(coded):
    path, shown = coded / "data" / "cases" / "orestad-gymnasium.yaml", []
    case = path.read_text("utf-8")
    status = case.index("status:")
    path.write_text(case[:status] + re.sub(r"(?m)^  year: \d+", "  year: 2099", case[status:], count=1), "utf-8")
    assert check_cases(coded, shown.append) == 1
    assert "orestad-gymnasium.yaml: status.year: found 2099, which is to come" in shown[0]


def test_check_finds_a_coding_that_the_text_no_longer_gives(coded):
    path, shown = coded / "data" / "cases" / "orestad-gymnasium.yaml", []
    path.write_text(path.read_text("utf-8").replace("laptops", "tables"), "utf-8")
    assert check_cases(coded, shown.append) == 0, "digital materials are still a digital tool"
    path.write_text(path.read_text("utf-8").replace("All-digital materials", "Paper"), "utf-8")
    assert check_cases(coded, shown.append) == 1
    assert "coding-second.csv: orestad-gymnasium: not what the rules give" in shown[1]


def test_check_gives_the_row_of_a_case_that_is_not_coded(coded):
    write(coded)
    shown = []
    assert check_cases(coded, shown.append) == 0
    row = shown[1].splitlines()[1]
    with (coded / "data" / "cases" / "coding-second.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    shown.clear()
    check_cases(coded, shown.append)
    assert [line.split(":")[0] for line in shown] == ["data/cases/coding-first.csv", "2 cases, 0 mistakes"]
