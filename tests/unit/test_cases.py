"""The case library: what is in it keeps the contract, and what breaks the contract is named by file and field."""

import copy
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from crossroads.evidence import cases, package, record_files

DATA = Path(__file__).parents[2] / "data"


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


# -- the cases -------------------------------------------------------------------------------------


def test_all_cases_are_there_and_valid(library):
    """More may come, each as one file and nothing else."""
    assert len(library) >= 65
    assert sum(case["story"] is not None for case in library.values()) >= 51


def test_no_country_has_more_than_a_quarter_of_the_cases(library):
    """A library of one country's schools would say of that country what it seems to say of schools."""
    counts = Counter(case["place"]["country"] for case in library.values())
    assert max(counts.values()) <= len(library) / 4, counts.most_common(1)


def test_what_failed_or_was_stopped_is_among_the_cases(library):
    """Whoever reads only of what goes well learns nothing of the odds."""
    codes = Counter(case["status"]["code"] for case in library.values() if case["status"])
    assert codes["short-of-aims"] >= 5


def words(entry):
    """Every text of a case that is its own wording: titles and publishers of sources are others'."""
    return " ".join(text for path, text in record_files.texts(entry) if path[:1] != ("sources",))


PERSON = re.compile(r"\b(?:[Ll]ed|[Ff]ounded|[Ss]tarted|[Cc]haired|[Cc]onceived) by (?:Sir |Dr |Professor )?"
                    r"[A-Z][a-zà-ÿ]+ [A-Z][a-zà-ÿ]+\b|\b(?:Sir|Dr|Mr|Mrs|Ms) [A-Z]")  # fmt: skip


def test_nobody_is_named_but_authors_of_sources(library):
    named = {name: found.group() for name, case in library.items() if (found := PERSON.search(words(case)))}
    assert named == {}


@pytest.mark.parametrize(
    "text", ["Founded by Ada Byron.", "The commission was chaired by Sir Ada Byron.", "Led by Ada Byron and others."]
)
def test_a_name_would_be_found(text):
    assert PERSON.search(text)
    assert not PERSON.search("Founded by Shell and Philips; led by the ministry.")


def test_a_case_that_was_deepened_is_deepened_whole(library):
    """A story without the day of its check, or evidence without a reason for its grade, cannot be doubted."""
    for identifier, case in library.items():
        deepened = case["story"] is not None
        whole = [case[name] is not None for name in ("facts", "lesson", "checked")]
        assert not deepened or (all(whole) and case["evidence"]["reason"]), identifier


def test_a_changed_grade_says_what_it_was_and_why(library):
    changed = {name: case["evidence"] for name, case in library.items() if case["evidence"]["previous"]}
    assert len(changed) >= 20
    assert all(evidence["previous"] != evidence["strength"] and evidence["reason"] for evidence in changed.values())


def test_every_statement_leads_to_a_source_with_an_address(library):
    for identifier, case in library.items():
        addresses = {source["id"]: cases.address(source) for source in case["sources"]}
        statements = list(cases._citations(case))
        assert len(statements) >= 3, identifier
        for field, cited in statements:
            assert cited, (identifier, field)
            assert all(addresses[source].startswith("http") for source in cited), (identifier, field)


def test_draft_that_is_not_to_be_cited_is_cited_nowhere(library):
    text = "".join(path.read_text("utf-8") for path in (DATA / "cases").glob("*.yaml"))
    assert "kipdf.com" not in text
    source = library["lobdeburg-jena"]["sources"][0]
    assert (source["doi"], source["read"]) == ("10.1787/9789264203488-en", "unread")
    assert "not to be cited" in source["remark"]
    assert library["lobdeburg-jena"]["confidence"] != "high"


COPIES = ("docslib.org", "1library.net", "yumpu.com", "vdoc", "pdfslide", "5dok.info", "9dok.net")


def test_source_that_is_a_copy_or_that_anyone_can_edit_says_so(library):
    for identifier, case in library.items():
        for source in case["sources"]:
            where = (identifier, source["id"])
            assert "Wikipedia" not in source["publisher"] or source["caveat"] == "encyclopaedia", where
            assert "mirror" not in source["publisher"] or source["caveat"] == "mirror", where
            assert not any(copy in (source["url"] or "") for copy in COPIES) or source["caveat"], where


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
    assert library["institut-beatenberg"]["partners"] is None
    assert library["institut-beatenberg"]["story"] is None
    assert cases.field_text(library["stem-ecosystems"], "evidence") is None


def test_strength_is_never_above_what_the_text_says(library):
    """A trial is called one only where the text speaks of chance."""
    strong = [case for case in library.values() if case["evidence"]["strength"] == "experimental"]
    assert {case["id"] for case in strong} == {"career-academies", "harlem-childrens-zone", "p-tech-nyc"}
    assert all(re.search("ottery|andom|by chance", case["evidence"]["design"]) for case in strong)
    silent = [case for case in library.values() if cases.field_text(case, "evidence") is None]
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
        ("place.country", "FI", "place.country", "unknown country 'FI' (did you mean 'FIN'?)"),
        ("place.country", "UK", "place.country", "unknown country 'UK' (did you mean 'GBR'?)"),
        ("place.country", "ME", "place.country", "unknown country 'ME' (did you mean 'MNE'?)"),
        ("place.country", False, "place.country", "found False, as YAML reads words such as NO and ON; put quotation marks"),
        ("place.coordinates", {"latitude": 5.99, "longitude": 51.19, "sources": ["s1"]}, "place.coordinates", "lie in NLD when exchanged"),
        ("place.country", "germany", "place.country", "unknown country 'germany' (did you mean 'DEU'?)"),
        ("place.oecd_region", "NL99", "place.oecd_region", "unknown region 'NL99'"),
        ("place.oecd_region", "NLD", "place.oecd_region", "unknown region 'NLD'"),
        ("place.nuts2", "AT31", "place.nuts2", "lies in AUT, but place.country is NLD"),
        ("sources.0.year", None, "sources[0].year", "the word undated"),
        ("sources.0.year", "2012", "sources[0].year", "expected a year"),
        ("sources.0.title", KeyError, "sources[0].title", "is missing"),
        ("sources.0.title", " ", "sources[0].title", "not empty"),
        ("sources.0.url", "www.example.org", "sources[0].url", "expected an address that begins with"),
        ("sources.0.url", "javascript:alert(1)", "sources[0].url", "expected"),
        ("sources.0.url", None, "sources[0]", "neither url nor doi"),
        ("elements.learners", {"text": "They learn.", "sources": []}, "elements.learners.sources", "no source"),
        ("elements.learners", {"text": "They learn."}, "elements.learners.sources", "is missing"),
        ("elements.learners", "They learn.", "elements.learners", "expected fields of its own or null"),
        ("organisation.sources", ["s99"], "organisation.sources", "'s99' is no source of this case; it has s1, s2, s3"),
        ("partners.sources", [], "partners.sources", "no source"),
        ("start.year", 20014, "start.year", "20014"),
        ("leader", "someone", "leader", "unknown field (did you mean 'leadership'?)"),
        ("technology", KeyError, "technology", "is missing (write null where it is not known)"),
        ("organisation.text", "No <b>classes</b>", "organisation.text", "HTML"),
        ("name", "Agora <script>alert(1)</script>", "name", "HTML"),
        ("place.region", "Limburg&nbsp;(NL)", "place.region", "HTML"),
        ("sources.0.title", "<img src=x onerror=alert(1)>", "sources[0].title", "HTML"),
        ("evidence.reason", "see javascript:alert(1)", "evidence.reason", "HTML"),
        ("evidence.note", "a note", "evidence.note", "unknown field"),
        ("evidence.previous", "strong", "evidence.previous", "unknown evidence strength 'strong'"),
        ("evidence.effect", KeyError, "evidence.effect", "is missing (write null where it is not known)"),
        ("story.0.sources", [], "story[0].sources", "no source"),
        ("story.0.sources", ["s99"], "story[0].sources", "'s99' is no source of this case"),
        ("story.0.text", "It began in a town", "story[0].text", "expected a whole sentence"),
        ("story.1.text", "One <b>word</b>.", "story[1].text", "HTML"),
        ("story.0", "It began.", "story[0]", "expected fields of its own"),
        ("story", [], "story", "0 entries; expected at least"),
        ("facts.0.value", 2014, "facts[0].value", "expected a text"),
        ("facts.0.sources", ["s99"], "facts[0].sources", "'s99' is no source of this case"),
        ("facts.0.sources", KeyError, "facts[0].sources", "is missing"),
        ("status.code", "closed", "status.code", "expected one of running, ended, short-of-aims"),
        ("status.sources", ["s99"], "status.sources", "'s99' is no source of this case"),
        ("status.year", "2026", "status.year", "a year, or null where the sources are undated"),
        ("lesson", 3, "lesson", "expected a text or null"),
        ("sources.0.kind", "friend", "sources[0].kind", "unknown source kind 'friend'"),
        ("sources.0.read", "skimmed", "sources[0].read", "unknown source reading 'skimmed'"),
        ("sources.0.publisher", "a\u202eb", "sources[0].publisher", "control character U+202E"),
        ("checked", "last week", "checked", "expected"),
        ("checked", "2026-13-28", "checked", "no day of the calendar"),
        ("place", KeyError, "place", "is missing"),
        ("place.country", "AU", "place.country", "unknown country 'AU' (did you mean 'AUS'?)"),
        ("sources.0.year", "2012", "sources[0].year", "write it without quotation marks"),
        ("sources.0.url", "https://school.example/message from", "sources[0].url", "holds no blank"),
        ("facts.0.value", 24, "facts[0].value", "put it in quotation marks"),
        ("facts.0.sources", "s1", "facts[0].sources", "write [s1]"),
        ("id", "Agora", "id", "expected"),
    ],
)  # fmt: skip
def test_mistake_is_named_by_file_and_field(folder, case, path, value, field, words):
    put(case, path, value)
    write(folder, "agora-roermond.yaml", case)
    with pytest.raises(cases.CaseError) as caught:
        cases.load(folder)
    (mistake, *others) = caught.value.mistakes
    assert re.match(rf"agora-roermond\.yaml(:\d+)?: {re.escape(field)}: ", mistake), mistake
    assert words in mistake
    assert all(re.match(r"agora-roermond\.yaml(:\d+)?: ", line) for line in others)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lesson": None}, "lesson: is null; a case with a story has"),
        ({"facts": None}, "facts: is null; a case with a story has"),
        ({"checked": None}, "checked: is null; a case with a story has"),
        ({"evidence.reason": None}, "evidence.reason: is null; of a case with a story"),
        ({"start.year": 2024, "status.year": 2019}, "status.year: found 2019, before the start in 2024"),
    ],
)
def test_case_that_is_told_in_part_is_refused(folder, case, changes, field):
    """The command found no mistake, and a test of the book failed with a traceback minutes later."""
    assert case["story"] is not None and case["status"] is not None
    for path, value in changes.items():
        put(case, path, value)
    write(folder, "agora-roermond.yaml", case)
    with pytest.raises(cases.CaseError, match=rf"agora-roermond\.yaml:\d+: {field}"):
        cases.load(folder)


def test_numbers_compared_in_text_are_no_markup(folder, case):
    case["evidence"]["effect"] = "An early sign (p<0.05, 3 < 4, Q&A, R&D) at a school: data: none"
    write(folder, "agora-roermond.yaml", case)
    assert len(cases.load(folder)) == 2


def test_source_that_nothing_cites_is_named(folder, case):
    last = len(case["sources"])
    case["sources"].append({**case["sources"][0], "id": f"s{last + 1}"})
    write(folder, "agora-roermond.yaml", case)
    with pytest.raises(cases.CaseError, match=rf"sources\[{last}\]: no statement cites 's{last + 1}'"):
        cases.load(folder)


def test_source_whose_mark_would_show_another_number_is_named(folder, case):
    case["sources"].reverse()
    write(folder, "agora-roermond.yaml", case)
    with pytest.raises(cases.CaseError, match=r"sources\[0\].id: found 's\d+'; expected 's1', its number on the page"):
        cases.load(folder)


@pytest.mark.parametrize(("sentences", "words"), [(3, 63), (20, 420)])
def test_story_that_is_too_short_or_too_long_is_named_with_its_length(folder, case, sentences, words):
    case["story"] = [{"text": "One " * 20 + "two.", "sources": ["s1"]} for _ in range(sentences)]
    case["facts"] = [{"fact": "All", "value": "of them", "sources": [source["id"] for source in case["sources"]]}]
    write(folder, "agora-roermond.yaml", case)
    with pytest.raises(cases.CaseError, match=rf"story: found {words} words; expected 120 to 220"):
        cases.load(folder)


def test_text_that_a_comma_cut_is_named(folder, case):
    """YAML ends {text: one, two.} at the comma and makes a field of the rest."""
    text = (folder / "cases" / "agora-roermond.yaml").read_text("utf-8")
    cut = re.sub(r"  - text: Coaches take the place.*\n    sources: \[(s\d+)\]",
                 r"  - {text: Coaches take the place, of teachers., sources: [\1]}", text)  # fmt: skip
    assert cut != text
    write(folder, "agora-roermond.yaml", cut)
    with pytest.raises(
        cases.CaseError,
        match=r"yaml:\d+: not readable as YAML: 'of teachers\.' has no value: a text was cut at a comma",
    ):
        cases.load(folder)


def test_case_without_a_story_is_no_mistake(folder, case):
    """A case that could not be deepened says so and keeps what is known of it."""
    case["story"] = None
    case["facts"] = [{"fact": "All", "value": "of them", "sources": [source["id"] for source in case["sources"]]}]
    write(folder, "agora-roermond.yaml", case)
    assert cases.load(folder)["agora-roermond"]["story"] is None


def test_source_id_given_twice_is_named(folder, case):
    case["sources"][1]["id"] = "s1"
    write(folder, "agora-roermond.yaml", case)
    with pytest.raises(cases.CaseError, match=r"sources\[1\].id: 's1' is taken"):
        cases.load(folder)


def test_id_of_another_file_is_refused(folder, case):
    write(folder, "bgora.yaml", case)
    with pytest.raises(cases.CaseError, match=r"bgora.yaml:1: id: 'agora-roermond' is taken by agora-roermond.yaml"):
        cases.load(folder)


def test_id_that_is_not_the_name_of_the_file_is_refused(folder, case):
    (folder / "cases" / "agora-roermond.yaml").unlink()
    write(folder, "agora.yaml", case)
    with pytest.raises(cases.CaseError, match=r"agora.yaml:1: id: found 'agora-roermond'; expected 'agora'"):
        cases.load(folder)


@pytest.mark.parametrize("name", ["Agora", "AGORA (second entry)", "Ágora"])
def test_two_files_for_one_place_are_refused(folder, case, name):
    write(folder, "agora-two.yaml", {**copy.deepcopy(case), "id": "agora-two", "name": name})
    with pytest.raises(cases.CaseError, match=r"agora-two.yaml:\d+: name: the same place as agora-roermond.yaml"):
        cases.load(folder)


def test_two_files_at_one_point_are_refused(folder, case):
    point = {"latitude": 51.19, "longitude": 5.99, "sources": ["s1"]}
    case["place"]["coordinates"] = point
    write(folder, "agora-roermond.yaml", case)
    write(folder, "other.yaml", {**copy.deepcopy(case), "id": "other", "name": "Another school"})
    with pytest.raises(cases.CaseError, match=r"other.yaml:\d+: place.coordinates: the same place as"):
        cases.load(folder)


def test_two_schools_of_one_town_are_two_places(library):
    assert library["jenaplan-jena"]["place"]["locality"] == library["lobdeburg-jena"]["place"]["locality"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: a\nid: b\n", "the field 'id' is given twice"),
        ("id: [a\n", "not readable as YAML"),
        ("just a text\n", "expected fields of its own"),
        ("", "is not filled in"),
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
    """But for a few that are new: `crossroads cases` asks for their codes."""
    coded = set(cases.coding(name, DATA))
    assert coded <= set(library)
    assert len(coded) >= 0.9 * len(library), f"code these too: {sorted(set(library) - coded)}"


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


def test_phrases_are_tried_on_cases_that_they_were_not_written_with(library):
    """A case that came later counts as unseen; a case that was renamed would count so by mistake."""
    known = cases.code_book(DATA)["written_with"]
    assert len(known) == len(set(known)) == 53
    assert set(known) < set(library)


def test_code_book_names_groups_fields_and_strengths_that_exist():
    book = cases.code_book(DATA)
    assert {code["group"] for code in book["codes"].values()} == set(book["groups"])
    assert {field for code in book["codes"].values() for field in code["fields"]} <= set(cases.CLAIMS)
    assert set(book["evidence_phrases"]) | {"none-found"} == set(package.code_list("case-evidence-strengths", DATA))


def test_strength_without_a_finding_is_told_by_the_command_and_not_by_a_test_alone(case):
    """`crossroads cases` found no mistake, and a test of the library failed without the name of the case."""
    case["evidence"] |= dict.fromkeys(cases.FINDINGS)
    case["checked"] = str(case["checked"])
    assert "evidence.strength: found" in " ".join(cases.check(case))
    case["evidence"]["strength"] = "none-found"
    assert "evidence.strength" not in " ".join(cases.check(case))
