"""The promises that tests keep: each with the tests that ask for it, and how many of them passed when they were last run.

    python benchmarks/trust_tests.py [name ...]    runs the tests of all promises, or of those named, and records the result

``make test`` runs all of these and more; here they are told by what a reader or an author may rely on. A promise names a file of
tests or single ones: a name that no test has any more is an error, so that no promise is kept by nothing.

Not here: trials with many made-up faults, which have commands of their own (``trust_fuzz``, ``trust_mutants``, ``kills``).
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parent))
import trust

ROOT = Path(__file__).parents[1]
PROMISES = {
    "tests-silent": (
        "Is what would be published wrong, or lost without a word, refused with file and line?",
        ["press/test_slips.py::test_slip_is_told_with_its_place", "press/test_constructs.py", "press/test_swift.py",
         "unit/test_fuzzed_readers.py::test_text_cut_at_a_comma_is_told_in_records",
         "press/test_picture_files.py::test_picture_that_a_medium_cannot_show_is_told_with_name_and_line",
         "press/test_bibliography.py::test_what_a_list_would_lose_or_print_as_it_stands_is_told",
         "press/test_words_taken_away.py", "unit/test_markup.py::test_slip_is_told_with_its_line",
         "unit/test_exhibits.py::test_what_cannot_be_said_of_a_value_is_refused",
         "unit/test_exhibits.py::test_table_that_says_what_nobody_meant_is_refused",
         "unit/test_intervals.py::test_numbers_that_cannot_be_are_refused"]),
    "tests-let-through": (
        "Is ordinary work of authors let through, on the web and in print?",
        ["press/test_slips.py::test_what_is_no_slip_is_published_on_the_web_and_in_print",
         "press/test_slips.py::test_what_editors_of_windows_write_is_the_same_book",
         "press/test_slips.py::test_notebook_that_jupyterlab_pairs_is_left_alone",
         "press/test_slips.py::test_comment_that_begins_like_a_command_is_one",
         "press/test_broken_settings.py::test_what_only_looks_like_a_break_is_let_through",
         "press/test_picture_files.py::test_picture_of_every_kind_and_name_is_shown_with_its_size",
         "unit/test_markup.py::test_what_is_no_slip_is_not_told",
         "unit/test_markup.py::test_note_is_found_in_a_caption_and_not_in_code",
         "press/test_runs.py::test_what_libraries_do_for_themselves_is_allowed"]),
    "tests-own-tables": (
        "Is a table of an author's own read as spreadsheets save it, or refused with row and column?",
        ["data/test_own_tables.py"]),
    "tests-errors": (
        "Does an error name the file and line that an author wrote, and what to do?",
        ["press/test_broken_settings.py::test_a_break_is_told_with_file_and_line", "press/test_command.py",
         "press/test_constructs.py::test_what_has_no_form_on_paper_is_told_with_its_place",
         "press/test_runs.py::test_breach_of_contract_says_what_to_do_instead",
         "press/test_runs.py::test_column_that_is_not_there_is_told_with_those_that_are",
         "press/test_runs.py::test_argument_or_function_that_is_not_there_is_told_with_the_nearest", "unit/test_data.py",
         "unit/test_record_files.py::test_what_the_library_of_yaml_says_comes_with_what_to_do",
         "unit/test_lead_to_line.py"]),
    "tests-stale": (
        "Is a number current whatever was changed, and nothing executed for nothing?",
        ["press/test_runs.py", "press/test_random_edits.py", "press/test_stages.py"]),
    "tests-compare": (
        "Does the comparison of two editions name each table, exhibit and sentence that moved, and no other?",
        ["press/test_compare.py", "press/test_revisions.py"]),
    "tests-editions": (
        "Does a frozen exhibit keep every byte, and is an altered one named?",
        ["press/test_editions.py"]),
    "tests-verify": (
        "Does the comparison of two builds find what differs, and the cell that made it?",
        ["press/test_verify.py"]),
    "tests-guard": (
        "Is a notebook that floods, hangs, escapes or goes out stopped, told in one line, and nothing of it left behind?",
        ["press/test_guard.py"]),
    "tests-outside": (
        "Is text from outside never markup, a spreadsheet's formula or a link of another kind, and no file a bomb?",
        ["unit/test_record_files.py", "unit/test_addresses.py", "unit/test_fuzzed_readers.py"]),
    "tests-preview": (
        "Does the preview show what was saved, survive a mistake, and answer nobody else?",
        ["press/test_serve.py"]),
    "tests-carrying-on": (
        "Are the walk of a new author, the lists of a reproducible pipeline and the pinned dependencies what they say?",
        ["whole/test_documents.py", "unit/test_project.py"]),
}  # fmt: skip


def run(places: list[str]) -> Counter[tuple[str, str, bool]]:
    """Run tests and count those that passed and those that did not.

    Parameters
    ----------
    places : list of str
        Files or single tests below ``tests/``.

    Returns
    -------
    collections.Counter
        Of ``(file, name, passed)``. A skipped test is in neither count.

    Raises
    ------
    SystemExit
        If pytest could not run them, such as when no test has a name.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "tests.xml"
        command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadfile", f"--junitxml={report}"]
        done = subprocess.run([*command, *dict.fromkeys(f"tests/{place}" for place in places)], cwd=ROOT, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"pytest ended with {done.returncode}; is each test of PROMISES still there?")
        cases = list(ElementTree.parse(report).iter("testcase"))
    return count(cases)


def count(cases: Iterable[ElementTree.Element]) -> Counter[tuple[str, str, bool]]:
    """Count the cases of a report of pytest by file, name without parameters, and whether it passed."""
    found: Counter[tuple[str, str, bool]] = Counter()
    for case in cases:
        if case.find("skipped") is None:
            file = case.get("classname", "").removeprefix("tests.").replace(".", "/") + ".py"
            passed = case.find("failure") is None and case.find("error") is None
            found[file, case.get("name", "").partition("[")[0], passed] += 1
    return found


def kept(found: Counter[tuple[str, str, bool]], places: list[str]) -> Counter[bool]:
    """Return how many tests of the places passed, and how many did not."""
    asked = [place.partition("::") for place in places]
    mine: Counter[bool] = Counter()
    for (file, test, passed), number in found.items():
        if any(file == where and what in ("", test) for where, _, what in asked):
            mine[passed] += number
    return mine


def main() -> int:
    """Run and record; returns whether any test failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("promises", nargs="*", metavar="name", help=f"all if none is named: {', '.join(PROMISES)}")
    chosen = parser.parse_args().promises or list(PROMISES)
    if unknown := sorted({*chosen} - {*PROMISES}):
        parser.error(f"no promise is named {', '.join(unknown)}; there are {', '.join(PROMISES)}")
    found = run([place for name in chosen for place in PROMISES[name][1]])
    failed = 0
    for name in chosen:
        asks, places = PROMISES[name]
        mine = kept(found, places)
        command = f"python benchmarks/trust_tests.py {name}"
        trust.record(name, asks=asks, command=command, n=mine.total(), wrong=mine[False], said="tests failed")
        failed += mine[False]
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
