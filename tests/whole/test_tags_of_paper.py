"""The volumes as they are heard, and the data that one of them carries."""

import re

import pikepdf
import pytest
import tagged
from test_built import ROOT

NAME = "schools-at-the-crossroads"
VOLUMES = [ROOT / "_build" / "pdf" / f"{NAME}{name}.pdf" for name in ("", "-country-profiles", "-methods-and-studies")]
WITH_DATA = VOLUMES[0].with_stem(f"{NAME}-with-data")
LEAST = {"/Figure": 20, "/Table": 15, "/Caption": 40, "/Link": 200, "/H3": 30}


@pytest.mark.parametrize("path", [*VOLUMES, WITH_DATA], ids=lambda path: path.stem)
def test_volume_is_heard_as_it_is_read(built, path):
    """Headings without gaps, figures with texts, captions inside, headers of rows and columns, links that say where."""
    wrong, count = tagged.faults(path)
    assert wrong == []
    assert {kind: count.get(kind, 0) for kind, least in LEAST.items() if count.get(kind, 0) < least} == {}


@pytest.mark.parametrize("path", [*VOLUMES, WITH_DATA], ids=lambda path: path.stem)
def test_volume_claims_what_archives_and_readers_ask_for(built, path):
    with pikepdf.open(path) as book:
        metadata = book.Root.Metadata.read_bytes().decode()
        part = "3" if path == WITH_DATA else "2"
        for claim in (f"<pdfaid:part>{part}<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
            assert claim in metadata
        assert ("/AF" in book.Root) == (path == WITH_DATA)
        assert book.Root.MarkInfo.Marked
        assert str(book.Root.Lang) == "en"
    assert path.stat().st_size < 5_000_000


def test_attached_data_are_those_that_are_published(built, paper_pages, profile_pages, method_pages):
    """Each exhibit on paper says in which file its data are, and that file is there, byte for byte."""
    published = ROOT / "_build" / "html" / "exhibits"
    with pikepdf.open(WITH_DATA) as book:
        attached = {name: book.attachments[name].get_file().read_bytes() for name in book.attachments}
        assert {str(entry.UF) for entry in book.Root.AF} == set(attached)
        assert {str(entry.AFRelationship) for entry in book.Root.AF} == {"/Data"}
        assert all(str(entry.Desc) for entry in book.Root.AF)
    assert len(attached) > 150
    assert [name for name, content in attached.items() if (published / name).read_bytes() != content] == []
    text = re.sub(r"\s+", "", " ".join([*paper_pages, *profile_pages, *method_pages]))
    named = set(re.findall(r"Data:([\w-]+?\.csv),attached", text))
    assert len(named) > 150
    assert {name.replace("-", "") for name in named} <= {name.replace("-", "") for name in attached}


def test_paper_promises_nothing_that_only_the_web_can_do(paper_pages, profile_pages, method_pages):
    """Nobody can point at paper, and a page of the web edition without its address is found by nobody."""
    text = re.sub(r"\s+", " ", " ".join([*paper_pages, *profile_pages, *method_pages]))
    sentences = re.split(r"(?<=[.:!?])\s+(?=[A-Z])", text)
    web_only = re.compile(
        r"\bone click\b|\bclick(?:s|ing)? (?:on|here)\b|\bpoints? at it\b|\bpress (?:a|the) (?:mark|button)\b"
    )
    assert [sentence for sentence in sentences if web_only.search(sentence) and "web" not in sentence.lower()] == []
    assert not re.search(r"exhibits/[\w-]+ in the web edition", text)
