"""The case library: what is in it keeps the contract, and what breaks the contract is named by file and field."""

import copy
import shutil
from pathlib import Path

import pytest
import yaml

from crossroads.evidence import cases, package

DATA = Path(__file__).parents[2] / "data"
SHARED = DATA.parents[1] / "shared" / "data" / "cases" / "cases-research.yaml"


@pytest.fixture(scope="module")
def library():
    return cases.load(DATA)


@pytest.fixture
def folder(tmp_path):
    """A data folder with two cases."""
    (tmp_path / "cases").mkdir()
    for name in ("schema.json", "agora-roermond.yaml", "the-met.yaml"):
        shutil.copy(DATA / "cases" / name, tmp_path / "cases" / name)
    shutil.copytree(DATA / "code-lists", tmp_path / "code-lists")
    return tmp_path


@pytest.fixture
def case():
    return yaml.safe_load((DATA / "cases" / "agora-roermond.yaml").read_text("utf-8"))


def write(folder, name, case):
    text = case if isinstance(case, str) else yaml.safe_dump(case, allow_unicode=True, sort_keys=False)
    (folder / "cases" / name).write_text(text, "utf-8")


def put(case, path, value):
    """Set a nested entry, such as ``sources.0.year``; a value of ``KeyError`` takes it out."""
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in parents:
        case = case[part]
    if value is KeyError:
        del case[last]
    else:
        case[last] = value


# -- the 53 cases ----------------------------------------------------------------------------------


def test_all_cases_are_there_and_valid(library):
    assert len(library) == 53


def test_every_statement_leads_to_a_source_with_an_address(library):
    for identifier, case in library.items():
        addresses = {source["id"]: cases.address(source) for source in case["sources"]}
        for field in (*cases.CLAIMS, "evidence", "level"):
            if cases.field_text(case, field):
                claim = case["elements"][field] if field in cases.ELEMENTS else case[field]
                assert claim["sources"], (identifier, field)
                assert all(addresses[cited].startswith("http") for cited in claim["sources"])


def test_draft_that_is_not_to_be_cited_is_cited_nowhere(library):
    text = "".join(path.read_text("utf-8") for path in (DATA / "cases").glob("*.yaml"))
    assert "kipdf.com" not in text
    (source,) = library["lobdeburg-jena"]["sources"]
    assert (source["doi"], source["caveat"]) == ("10.1787/9789264203488-en", "not-yet-read")
    assert library["lobdeburg-jena"]["confidence"] == "low"


def test_mirrored_programme_documents_name_the_programme(library):
    mirrored = [
        source
        for case in library.values()
        for source in case["sources"]
        if source["caveat"] == "mirror" and "ILE" in source["title"]
    ]
    assert len(mirrored) >= 6
    assert {source["programme_doi"] for source in mirrored} == {"10.1787/9789264203488-en"}


def test_unknown_stays_unknown(library):
    """Nothing has been filled in that the research did not find."""
    assert library["institut-beatenberg"]["elements"]["learners"] is None
    assert library["lobdeburg-jena"]["partners"] is None
    assert library["future-classroom-lab"]["evidence"]["text"] is None
    assert all(case["checked"] is None and case["place"]["coordinates"] is None for case in library.values())


@pytest.mark.skipif(not SHARED.exists(), reason="the research notes are not at hand")
def test_cases_say_what_the_research_notes_say(library):
    notes = yaml.safe_load(SHARED.read_text("utf-8"))
    assert sorted(note["id"] for note in notes) == sorted(library)
    for note in notes:
        case = library[note["id"]]
        for field in (*cases.CLAIMS, "evidence", "level"):
            assert cases.field_text(case, field) == note[field], (note["id"], field)
        assert (case["start"] and case["start"]["year"]) == note["start_year"]
        assert sorted(note["partners"]) == (case["partners"]["kinds"] if case["partners"] else [])
        if note["id"] != "lobdeburg-jena":
            found = [(s["title"], s["publisher"], s["year"], s["url"] or s["doi"]) for s in case["sources"]]
            wanted = [(s["title"], s["publisher"], s["year"] or "undated", s["doi_or_url"]) for s in note["sources"]]
            assert found == wanted


def test_strength_is_never_above_what_the_text_says(library):
    """A trial is called one only where the text speaks of chance."""
    strong = [case for case in library.values() if case["evidence"]["strength"] == "experimental"]
    assert {case["id"] for case in strong} == {"career-academies", "harlem-childrens-zone", "p-tech-nyc"}
    assert all("ottery" in c["evidence"]["text"] or "andom" in c["evidence"]["text"] for c in strong)
    silent = [case for case in library.values() if case["evidence"]["text"] is None]
    assert {case["evidence"]["strength"] for case in silent} == {"none-found"}


def test_records_keep_every_case_and_leave_unknown_empty(library):
    rows = cases.records(library)
    assert [row["id"] for row in rows] == sorted(library)
    assert len({tuple(row) for row in rows}) == 1
    beatenberg = next(row for row in rows if row["id"] == "institut-beatenberg")
    assert beatenberg["learners"] == beatenberg["start_year"] == beatenberg["partner_kinds"] == ""


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "field", "words"),
    [
        ("partners.kinds", ["busines"], "partners.kinds[0]", "did you mean 'business'?"),
        ("kind", "kindergarten", "kind", "expected one of school, network"),
        ("evidence.strength", "strong", "evidence.strength", "unknown evidence strength 'strong'"),
        ("place.country", "NLX", "place.country", "unknown country 'NLX'"),
        ("place.oecd_region", "NL99", "place.oecd_region", "unknown region 'NL99'"),
        ("place.oecd_region", "NLD", "place.oecd_region", "unknown region 'NLD'"),
        ("place.nuts2", "AT31", "place.nuts2", "lies in AUT, but place.country is NLD"),
        ("sources.0.year", None, "sources[0].year", "the word undated"),
        ("sources.0.year", "2012", "sources[0].year", "expected a year"),
        ("sources.0.title", KeyError, "sources[0].title", "is missing"),
        ("sources.0.title", " ", "sources[0].title", "not empty"),
        ("sources.0.url", "www.example.org", "sources[0].url", "expected a text of the form"),
        ("sources.0.url", "javascript:alert(1)", "sources[0].url", "expected"),
        ("sources.0.url", None, "sources[0]", "neither url nor doi"),
        ("elements.learners", {"text": "They learn.", "sources": []}, "elements.learners.sources", "no source"),
        ("elements.learners", {"text": "They learn."}, "elements.learners.sources", "is missing"),
        ("elements.learners", "They learn.", "elements.learners", "expected object or null"),
        ("organisation.sources", ["s9"], "organisation.sources", "'s9' is no source of this case; it has s1, s2, s3"),
        ("partners.sources", [], "partners.sources", "no source"),
        ("start.year", 20014, "start.year", "20014"),
        ("leader", "someone", "leader", "unknown field (did you mean 'leadership'?)"),
        ("technology", KeyError, "technology", "is missing (write null where it is not known)"),
        ("organisation.text", "No <b>classes</b>", "organisation.text", "HTML"),
        ("name", "Agora <script>alert(1)</script>", "name", "HTML"),
        ("place.region", "Limburg&nbsp;(NL)", "place.region", "HTML"),
        ("sources.0.title", "<img src=x onerror=alert(1)>", "sources[0].title", "HTML"),
        ("evidence.note", "see javascript:alert(1)", "evidence.note", "HTML"),
        ("sources.0.publisher", "a\u202eb", "sources[0].publisher", "control character U+202E"),
        ("checked", "last week", "checked", "expected"),
        ("id", "Agora", "id", "expected"),
    ],
)  # fmt: skip
def test_mistake_is_named_by_file_and_field(folder, case, path, value, field, words):
    put(case, path, value)
    write(folder, "agora-roermond.yaml", case)
    with pytest.raises(cases.CaseError) as caught:
        cases.load(folder)
    (mistake, *others) = caught.value.mistakes
    assert mistake.startswith(f"agora-roermond.yaml: {field}: ")
    assert words in mistake
    assert all(line.startswith("agora-roermond.yaml: ") for line in others)


def test_numbers_compared_in_text_are_no_markup(folder, case):
    case["evidence"]["text"] = "An early sign (p<0.05, 3 < 4, Q&A, R&D) at a school: data: none"
    write(folder, "agora-roermond.yaml", case)
    assert len(cases.load(folder)) == 2


def test_source_that_nothing_cites_is_named(folder, case):
    case["sources"].append({**case["sources"][0], "id": "s4"})
    write(folder, "agora-roermond.yaml", case)
    with pytest.raises(cases.CaseError, match=r"sources\[3\]: no statement cites 's4'"):
        cases.load(folder)


def test_source_id_given_twice_is_named(folder, case):
    case["sources"][1]["id"] = "s1"
    write(folder, "agora-roermond.yaml", case)
    with pytest.raises(cases.CaseError, match=r"sources\[1\].id: 's1' is taken"):
        cases.load(folder)


def test_id_of_another_file_is_refused(folder, case):
    write(folder, "bgora.yaml", case)
    with pytest.raises(cases.CaseError, match=r"bgora.yaml: id: 'agora-roermond' is taken by agora-roermond.yaml"):
        cases.load(folder)


def test_id_that_is_not_the_name_of_the_file_is_refused(folder, case):
    (folder / "cases" / "agora-roermond.yaml").unlink()
    write(folder, "agora.yaml", case)
    with pytest.raises(cases.CaseError, match=r"agora.yaml: id: found 'agora-roermond'; expected 'agora'"):
        cases.load(folder)


@pytest.mark.parametrize("name", ["Agora", "AGORA (second entry)", "Ágora"])
def test_two_files_for_one_place_are_refused(folder, case, name):
    write(folder, "agora-two.yaml", {**copy.deepcopy(case), "id": "agora-two", "name": name})
    with pytest.raises(cases.CaseError, match=r"agora-two.yaml: name: the same place as agora-roermond.yaml"):
        cases.load(folder)


def test_two_files_at_one_point_are_refused(folder, case):
    point = {"latitude": 51.19, "longitude": 5.99, "sources": ["s1"]}
    case["place"]["coordinates"] = point
    write(folder, "agora-roermond.yaml", case)
    write(folder, "other.yaml", {**copy.deepcopy(case), "id": "other", "name": "Another school"})
    with pytest.raises(cases.CaseError, match=r"other.yaml: place.coordinates: the same place as"):
        cases.load(folder)


def test_two_schools_of_one_town_are_two_places(library):
    assert library["jenaplan-jena"]["place"]["locality"] == library["lobdeburg-jena"]["place"]["locality"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: a\nid: b\n", "the field 'id' is given twice"),
        ("id: [a\n", "not readable as YAML"),
        ("just a text\n", "expected object"),
        ("", "expected object"),
        ("!!python/object/apply:os.system [ls]\n", "not readable as YAML"),
    ],
)
def test_file_that_is_no_case_is_named(folder, text, words):
    write(folder, "broken.yaml", text)
    with pytest.raises(cases.CaseError, match=r"broken\.yaml") as caught:
        cases.load(folder)
    assert words in str(caught.value)


def test_wrong_encoding_is_named(folder):
    (folder / "cases" / "latin.yaml").write_bytes("id: Ørestad".encode("latin-1"))
    with pytest.raises(cases.CaseError, match=r"latin.yaml: not UTF-8"):
        cases.load(folder)


def test_all_mistakes_of_all_files_come_at_once(folder, case):
    case["kind"], case["confidence"] = "shop", "sure"
    write(folder, "agora-roermond.yaml", case)
    write(folder, "broken.yaml", "id: [")
    with pytest.raises(cases.CaseError) as caught:
        cases.load(folder)
    assert len(caught.value.mistakes) == 3


def test_empty_library_is_refused(tmp_path):
    (tmp_path / "cases").mkdir()
    with pytest.raises(cases.CaseError, match="no case files"):
        cases.load(tmp_path)


# -- the codings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["first", "second"])
def test_every_case_is_coded_twice(library, name):
    assert sorted(cases.coding(name, DATA)) == sorted(library)


@pytest.fixture
def coded(folder):
    for path in (DATA / "cases").iterdir():
        shutil.copy(path, folder / "cases" / path.name)
    return folder


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("the-met,0", "the-mat,0", "column case: 'the-mat' is no case"),
        ("the-met,0", "the-met,2", "column mixed-ages: found '2'; expected '1' or '0'"),
        (
            "the-met,0",
            "the-met,",
            "column mixed-ages: found ''; expected '1' or '0', because the field 'learners' is known",
        ),
        (
            "institut-beatenberg,,",
            "institut-beatenberg,0,",
            "expected '1' or '', because the field 'learners' is not known",
        ),
        ("institut-beatenberg,,", "institut-beatenberg,,1", "column target-group: found '1'; expected ''"),
        ("mixed-ages,", "mixed-age,", "the columns are not the codes of codebook.yaml"),
    ],
)
def test_coding_that_contradicts_text_or_code_book_is_refused(coded, old, new, words):
    path = coded / "cases" / "coding-first.csv"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(cases.CaseError) as caught:
        cases.coding("first", coded)
    assert words in str(caught.value)


def test_code_book_names_groups_fields_and_strengths_that_exist():
    book = cases.code_book(DATA)
    assert {code["group"] for code in book["codes"].values()} == set(book["groups"])
    assert {field for code in book["codes"].values() for field in code["fields"]} <= set(cases.CLAIMS)
    assert set(book["evidence_phrases"]) | {"none-found"} == set(package.code_list("case-evidence-strengths", DATA))
