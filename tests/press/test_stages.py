"""The order of a build must be what its tables say."""

import re
from dataclasses import fields

import pytest
from small_book import ROOT
from sphinx.events import EventManager

from press import stages
from press.session import Memory, Session
from report import shelf
from report.stages import STAGES as REPORT

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")
OWNERS = {"session": Session, "memory": Memory, "shelf": shelf.Shelf}
OWNERS |= {"kept": shelf.Kept} if hasattr(shelf, "Kept") else {}
ALL = stages.in_order(stages.STAGES, REPORT)
# What needs no stage: the contract, what is remembered of pages, which directives fill, and what a book's own extensions
# may add to and the press does without.
GIVEN = {f"{name}.{field.name}" for name in ("memory", "kept") if name in OWNERS for field in fields(OWNERS[name])}
GIVEN |= {f"session.{name}" for name in ("contract", "built_with", "collections", "apart", "source_links", "findable")}


def words(text):
    """Return the fields that a cell of the table names."""
    return [
        word for word in text.split() if "." in word and not word.startswith(("_build", "datapackage", "environment."))
    ]


@pytest.mark.parametrize("stage", ALL, ids=lambda stage: f"{stage.event}-{stage.function}")
def test_line_names_a_function_an_event_and_fields_that_exist(stage):
    assert callable(stage.listener)
    assert stage.event in stages.EVENTS
    for word in words(f"{stage.needs} {stage.leaves}"):
        owner, _, name = word.partition(".")
        if owner in OWNERS:
            assert name in {field.name for field in fields(OWNERS[owner])}, f"{word} is no field"
        else:
            pytest.fail(f"{word} belongs to nothing that is known; expected one of {', '.join(OWNERS)}")


def lacking(table):
    """Say what a stage needs although no earlier one has left it."""
    left, wrong = set(GIVEN), []
    for stage in table:
        wrong += [f"{stage.function} needs {word}" for word in words(stage.needs) if word not in left]
        left |= {*words(stage.leaves)}
    return wrong


def test_what_a_stage_needs_an_earlier_one_has_left():
    assert lacking(ALL) == []


def test_a_stage_before_what_it_needs_is_found():
    assert lacking(stages.in_order(stages.STAGES[::-1])) == []  # only priorities count, not the place in the table
    late = [stage._replace(priority=999) if "execute_notebooks" in stage.function else stage for stage in stages.STAGES]
    assert "press.page.api:take_digests needs session.published" in lacking(stages.in_order(tuple(late)))


def test_table_is_written_in_the_order_of_calls():
    for table in (stages.STAGES, REPORT):
        assert list(table) == stages.in_order(table)


def test_order_of_events_is_that_of_sphinx(small_book, monkeypatch):
    """An event in the wrong place of the list would give an order that no build has."""
    seen, emit = [], EventManager.emit

    def note(manager, event, *arguments, **settings):
        seen.append(event)
        return emit(manager, event, *arguments, **settings)

    monkeypatch.setattr(EventManager, "emit", note)
    # In processes of their own, pages would be written unseen.
    monkeypatch.setattr("sphinx.builders.parallel_available", False)
    assert small_book.build() == 0
    first = [event for event in dict.fromkeys(seen) if event in stages.EVENTS]
    assert first == sorted(first, key=stages.EVENTS.index)
    assert {stage.event for stage in ALL} <= {*stages.EVENTS}


def test_nobody_else_is_called_by_sphinx():
    """A listener that is connected elsewhere stands in no table, and its place in the order is found by search only."""
    wrong = []
    for folder in ("press", "report"):
        for path in sorted((ROOT / "src" / folder).rglob("*.py")):
            name = path.relative_to(ROOT / "src").as_posix()
            if name not in {"press/stages.py", "press/fresh/patches.py"} and re.search(
                r"\bapp\.connect\(|\bevents\.connect\(", path.read_text("utf-8")
            ):
                wrong.append(name)
    assert wrong == []


def test_patches_say_why_they_are_there():
    from press.fresh.patches import PATCHES

    assert len(PATCHES) >= 5
    assert [patch for patch in PATCHES if len(patch.why.split()) < 8] == []


def test_tables_are_described_as_one_in_markdown():
    lines = stages.describe(stages.STAGES, REPORT).splitlines()
    assert lines[0] == "| event | stage | needs | leaves |"
    assert len(lines) == 2 + len(stages.STAGES) + len(REPORT)
    assert {line.count("|") for line in lines} == {5}
    assert [stage.function for stage in ALL] == re.findall(r"`([\w.:]+)`", "\n".join(lines))
    assert stages.describe() == stages.describe(stages.STAGES)
