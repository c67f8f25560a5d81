"""Studies that nobody wrote, for tests: a valid record, and a library of seven whose grades were worked out by hand."""

import copy
import shutil

import yaml
from small_book import ROOT

STUDY = {
    "id": "lamp2014",
    "name": "Lamps in classrooms",
    "authors": "Lamp",
    "year": 2014,
    "kind": "study",
    "design": "randomised",
    "design_text": None,
    "comparison": "Classes without a lamp",
    "trial": None,
    "peer_reviewed": True,
    "sample": [{"n": 40, "unit": "schools", "text": "40 schools"}],
    "place": {"areas": ["FIN"], "text": "Finland"},
    "years": {"first": 2010, "last": 2012},
    "levels": ["primary"],
    "read": "abstract",
    "caution": None,
    "findings": [
        {
            "id": "reading",
            "text": "Students with a lamp read better.",
            "lever": "mentoring-and-tutoring",
            "outcome": "achievement",
            "sign": "positive",
            "direct": True,
            "effect": "reading",
            "numbers": {
                "reading": {
                    "value": -0.12, "unit": "standard-deviations", "low": -0.2, "high": -0.04, "level": 95,
                    "text": "Reading score",
                },
                "share": {"value": 48, "unit": "percent", "text": "Share of students with a lamp"},
            },
            "where": "lamp.example, abstract",
            "reading_notes": ["2.01"],
        }
    ],
}  # fmt: skip
# Key, design, trial, and by finding: lever, outcome, sign, direct.
LIBRARY = [
    ("one", "randomised", None, [("mentoring-and-tutoring", "achievement", "positive", True)]),
    ("two", "randomised", "twins", [("mentoring-and-tutoring", "achievement", "positive", True)]),
    ("three", "quasi-experimental", "twins", [("mentoring-and-tutoring", "achievement", "positive", True)]),
    ("four", "quasi-experimental", None, [("mentoring-and-tutoring", "achievement", "none", True),
                                          ("mentoring-and-tutoring", "attainment", "positive", True)]),
    ("five", "association", None, [("mentoring-and-tutoring", "well-being", "positive", True),
                                   ("school-networks", "teaching", "negative", True)]),
    ("six", "descriptive", None, [("learning-spaces", "teaching", "positive", True)]),
    ("seven", "randomised", None, [("mentoring-and-tutoring", "attainment", "negative", True),
                                   ("learning-spaces", "achievement", "positive", False)]),
]  # fmt: skip


def study(key="lamp2014", **changes):
    """Return a valid study with some fields changed."""
    name = STUDY["name"] if key == STUDY["id"] else f"{STUDY['name']}, {key}"  # two files of one work are refused
    return {**copy.deepcopy(STUDY), "id": key, "name": name, **changes}


def finding(**changes):
    """Return a valid finding with some fields changed."""
    return {**copy.deepcopy(STUDY["findings"][0]), **changes}


def library():
    """Return the seven studies by key."""
    made = {}
    for number, (key, design, trial, told) in enumerate(LIBRARY):
        findings = [
            finding(
                id=f"f{place}", lever=lever, outcome=outcome, sign=sign, direct=direct, reading_notes=[f"1.{number}"]
            )
            | ({"numbers": {}, "effect": None} if place else {})
            for place, (lever, outcome, sign, direct) in enumerate(told)
        ]
        made[key] = study(key, design=design, trial=trial, findings=findings)
    return made


def lay_down(root, studies):
    """Write studies, their schema, the code lists and the bibliography below a folder; returns its folder ``data``."""
    folder = root / "data" / "studies"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "studies" / "schema.json", folder)
    shutil.copytree(ROOT / "data" / "code-lists", root / "data" / "code-lists")
    (root / "book").mkdir()
    entries = "\n".join(f"@book{{{key},\n  title = {{{key}}},\n}}" for key in studies)
    (root / "book" / "references.bib").write_text(entries, "utf-8")
    for key, record in studies.items():
        text = yaml.safe_dump(record, allow_unicode=True, sort_keys=False)
        (folder / f"{key}.yaml").write_text(text, "utf-8")
    return root / "data"
