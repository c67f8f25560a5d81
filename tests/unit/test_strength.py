"""Grades of levers are what anybody works out by hand from the rule; each expected value here was."""

import pandas as pd
import pytest
from made_up_studies import library
from small_book import ROOT

from crossroads import strength
from crossroads.evidence import package, studies

LISTS = studies.lists(ROOT / "data")
DESIGNS = LISTS["designs"]
T, S, C, A = strength.CLASSES
P, N, W, M = strength.SIGNS


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([(T, P), (T, P), (T, P)], ("strong", P)),
        ([(T, P), (C, P), (C, P)], ("strong", P)),
        ([(T, N), (T, N), (C, N)], ("strong", N)),  # that nothing changes may be sure, too
        ([(T, P), (T, P), (C, N)], ("strong", P)),  # two of three are two thirds
        ([(C, P), (C, P), (C, P), (C, P)], ("moderate", P)),  # many comparisons without a test
        ([(T, P), (T, P)], ("moderate", P)),
        ([(C, P), (C, P)], ("moderate", P)),
        ([(T, P)], ("moderate", P)),
        ([(S, P)], ("moderate", P)),  # a synthesis counts once, like a test
        ([(S, P), (C, P), (C, N)], ("strong", P)),
        ([(T, P), *[(A, W)] * 9], ("moderate", P)),  # associations do not outvote a test
        ([(T, P), (T, N)], ("contested", M)),
        ([(T, P), (C, W)], ("contested", M)),
        ([(T, P), (T, P), (T, N), (C, W)], ("contested", M)),  # two of four
        ([(T, M)], ("contested", M)),
        ([(C, P)], ("limited", P)),
        ([(C, M)], ("limited", M)),
        ([(C, P), (A, P), (A, P)], ("limited", P)),
        ([(A, P)] * 12, ("limited", P)),
        ([(A, P), (A, W)], ("limited", M)),
        ([], ("none", None)),
    ],
)
def test_a_grade_is_what_the_rule_says(votes, expected):
    assert strength.grade([name for name, _ in votes], [sign for _, sign in votes]) == expected


def cast():
    return strength.votes(studies.findings(library()), DESIGNS)


def test_a_trial_that_two_works_tell_of_has_one_vote_with_its_strongest_design():
    found = cast().query("lever == 'mentoring-and-tutoring' and outcome == 'achievement'").set_index("trial")
    assert found["studies"].to_dict() == {"one": "one", "twins": "two;three", "four": "four"}
    assert found["class"].to_dict() == {"one": T, "twins": T, "four": C}
    assert found["sign"].to_dict() == {"one": P, "twins": P, "four": N}


def test_findings_of_one_trial_that_disagree_are_one_mixed_vote():
    frame = pd.DataFrame({
        "study": ["a", "a"], "trial": [None, None], "lever": "pre-school", "outcome": "civic", "design": "randomised",
        "sign": [P, N], "direct": True, "pooled_in": "", "insecure": False,
    })  # fmt: skip
    assert strength.votes(frame, DESIGNS)["sign"].tolist() == [M]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("achievement", {"sum": S, "other": T}), ("civic", {"one": T, "sum": S, "other": T})],
)
def test_a_trial_inside_a_synthesis_votes_once(outcome, expected):
    """Only where the synthesis votes itself: on another outcome the trial keeps its vote."""
    frame = pd.DataFrame({
        "study": ["one", "sum", "other"], "trial": None, "lever": "pre-school", "outcome": [outcome, "achievement", outcome],
        "design": ["randomised", "meta-analysis", "randomised"], "sign": P, "direct": True, "pooled_in": ["sum", "", ""],
        "insecure": False,
    })  # fmt: skip
    assert strength.votes(frame, DESIGNS).set_index("trial")["class"].to_dict() == expected


def test_one_trial_that_is_called_insecure_gives_no_more_than_one_comparison():
    frame = studies.findings(library()).query("study == 'one'").assign(insecure=True)
    graded = strength.by_outcome(strength.votes(frame, DESIGNS))
    assert graded[["comparisons", "tests", "grade"]].to_numpy().tolist() == [[1, 0, "limited"]]


def test_neighbouring_evidence_and_descriptions_have_no_vote():
    assert "learning-spaces" not in set(cast()["lever"])


def test_levers_are_graded_as_worked_out_by_hand():
    """Tutoring on achievement: test, test, comparison; positive, positive, none: two of three, strong."""
    graded = strength.by_outcome(cast()).set_index(["lever", "outcome"])
    assert graded["grade"].to_dict() == {
        ("mentoring-and-tutoring", "achievement"): "strong",
        ("mentoring-and-tutoring", "attainment"): "contested",  # a comparison that is positive, a test that is negative
        ("mentoring-and-tutoring", "well-being"): "limited",
        ("school-networks", "teaching"): "limited",
    }
    assert graded.loc[
        ("mentoring-and-tutoring", "achievement"), ["tests", "comparisons", "n_positive", "n_none"]
    ].tolist() == [2, 1, 2, 1]


def test_a_lever_has_the_grade_of_the_outcome_that_was_tested_most():
    graded = strength.by_outcome(cast())
    outcomes = package.code_list("study-outcomes", ROOT / "data")
    levers = strength.by_lever(graded, ["mentoring-and-tutoring", "learning-spaces"], outcomes)
    assert levers["grade"].tolist() == ["strong", "none"]
    assert levers["outcome"].tolist()[0] == "achievement" and levers["outcome"].isna().tolist() == [False, True]
    assert levers["tests"].tolist() == [2, 0]


OVERRIDE = {"lever": "school-networks", "outcome": "teaching", "grade": "none", "reason": "Made up"}


def test_a_grade_set_by_hand_keeps_what_the_rule_gives_and_the_reason():
    row = strength.by_outcome(cast(), [OVERRIDE]).set_index("lever").loc["school-networks"]
    assert (row["grade"], row["computed"], row["reason"]) == ("none", "limited", "Made up")


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"grade": "limited"}, "as the rule does; delete it"), ({"outcome": "civic"}, "on which no study has a vote")],
)
def test_an_override_that_nothing_needs_is_refused(changed, said):
    with pytest.raises(ValueError, match=said):
        strength.by_outcome(cast(), [{**OVERRIDE, **changed}])


def test_an_unknown_design_is_refused_and_not_left_out():
    with pytest.raises(ValueError, match="unknown design or sign 'hearsay'"):
        strength.votes(studies.findings(library()).assign(design="hearsay"), DESIGNS)


def test_the_code_lists_hold_every_grade_sign_and_class():
    lists = LISTS
    assert tuple(lists["grades"]) == strength.GRADES
    assert tuple(lists["signs"]) == strength.SIGNS
    assert {row["class"] for row in lists["designs"].values()} == {*strength.CLASSES, "descriptions"}


def test_studies_are_named_by_what_they_found_so_that_a_grade_can_be_recomputed():
    found = studies.findings({key: {**record, "authors": key.capitalize()} for key, record in library().items()})
    votes = strength.votes(found, DESIGNS)
    told = strength.told(strength.by_outcome(votes), votes, found, LISTS)
    assert told["lever_name"].tolist()[0] == "Networks and partnerships of schools"  # the order of the code list
    row = told.set_index(["lever", "outcome"]).loc[("mentoring-and-tutoring", "achievement")]
    assert row["grade_name"] == "Strong (better)"
    assert row["studies"] == (
        "Better: One 2014 (test), Two 2014 and Three 2014 (test). No difference: Four 2014 (comparison)."
    )


@pytest.mark.parametrize(
    ("grade", "sign", "said"),
    [
        ("strong", P, "Strong (better)"),
        ("limited", M, "Limited (mixed)"),
        ("contested", M, "Contested"),
        ("none", None, "No study read"),
    ],
)
def test_a_grade_is_written_with_its_sign(grade, sign, said):
    assert strength.phrase(grade, sign, LISTS) == said


def test_every_override_of_the_library_is_needed():
    found = studies.findings(studies.load(ROOT / "data"))
    by_hand = studies.overrides(ROOT / "data")
    graded = strength.by_outcome(strength.votes(found, DESIGNS), by_hand)
    assert (graded["reason"] != "").sum() == len(by_hand)


def test_counts_of_nothing_are_not_written():
    assert (
        strength.counted({"tests": 2, "comparisons": 0}, {"tests": "tests", "comparisons": "comparisons"}) == "2 tests"
    )
