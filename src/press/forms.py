"""What the files that make a book a book have to hold, as schemas; a slip in one is told by file and line.

For settings outside the press, the schema that comes with Jupyter Book is asked, which itself only warns.

Not here: how the files are written (``press.notation``), what the settings mean (``press.settings``).
"""

from __future__ import annotations

import difflib
import json
import re
from functools import lru_cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from press import notation
from press.errors import BookError

CONTENTS, SETTINGS, CITATION = "_toc.yml", "_config.yml", "CITATION.cff"
TEXT, FLAG, MAPPING = {"type": "string"}, {"type": "boolean"}, {"type": "object"}
SAID = {"type": "string", "pattern": r"\S"}
LIST: dict[str, Any] = {"type": "array"}
TEXTS = {"type": "array", "items": TEXT}
PATTERN = {"type": "string", "format": "regex"}
PATTERNS = {"type": "array", "items": PATTERN}
PAIR = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
PAGES = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {
            **dict.fromkeys(("file", "glob", "url", "title"), SAID),
            "sections": {"$ref": "#/$defs/pages"},
            "subtrees": {"type": "array"},
            "numbered": {"type": ["boolean", "integer"]},
            "options": MAPPING,
        },
        "anyOf": [{"required": [key]} for key in ("file", "glob", "url")],
    },
}
BOOLEAN = {"type": "boolean"}
PRESS = {
    "press_words": {
        "type": "object",
        "properties": dict.fromkeys(
            ("numbered", "dated", "bases", "spans", "counted", "moved", "verbs", "turns"), PATTERNS
        ),
        "additionalProperties": False,
    },
    "press_chapters": {
        "type": "object",
        "properties": {
            "pages": PATTERN,
            "ids": PATTERN,
            "first": TEXTS,
            "last": TEXTS,
            "findings": PAIR,
            "words": PAIR,
            "dated": {"type": "integer"},
        },
        "additionalProperties": False,
    },
    "press_synonyms": {"type": "array", "items": {"type": "array", "items": SAID, "minItems": 2}},
    "press_lists": TEXTS,
    "press_footer": TEXT,
    "typst_volumes": {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": {"title": SAID, "subtitle": TEXT, "pages": TEXTS, "also": TEXTS, "index": BOOLEAN},
            "required": ["title", "pages"],
            "additionalProperties": False,
        },
    },
    "typst_briefs": {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": {"pages": TEXTS, "foot": SAID},
            "required": ["pages"],
            "additionalProperties": False,
        },
    },
    "typst_index": BOOLEAN,
    "typst_paper": {"enum": ["a4", "letter"]},
    **dict.fromkeys(
        ("typst_authors", "typst_keywords", "typst_imprint", "typst_back", "typst_web_only", "typst_font_paths"), TEXTS
    ),
    **dict.fromkeys(
        ("typst_title", "typst_subtitle", "typst_edition", "typst_date", "typst_commit", "typst_licence", "typst_sans"),
        TEXT,
    ),
    "typst_filename": SAID,
    "typst_cover": TEXT,
    "html_baseurl": {"type": "string", "pattern": r"^(https?://\S+)?$"},
    **dict.fromkeys(("html_css_files", "html_js_files", "html_static_path"), LIST),
    "html_theme": {"enum": ["furo"]},  # of which the templates of the press are a part
    "html_theme_options": MAPPING,
    "numfig_format": MAPPING,
    "project": TEXT,
    "version": TEXT,
    "language": TEXT,
}
PERSON = {
    "type": "object",
    "properties": dict.fromkeys(("name", "family-names", "given-names", "name-particle", "name-suffix", "orcid"), SAID),
    "anyOf": [{"required": ["name"]}, {"required": ["family-names", "given-names"]}],
}
EXCEPTION = {
    "type": "object",
    "properties": dict.fromkeys(("page", "text", "reason"), SAID),
    "required": ["page", "text", "reason"],
}
FORMS: dict[str, dict[str, Any]] = {
    CONTENTS: {
        "type": "object",
        "required": ["root"],
        "properties": {
            "format": SAID,
            "root": SAID,
            "defaults": MAPPING,
            "chapters": {"$ref": "#/$defs/pages"},
            "sections": {"$ref": "#/$defs/pages"},
            "parts": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"caption": SAID, "chapters": {"$ref": "#/$defs/pages"}},
                },
            },
        },
        "$defs": {"pages": PAGES},
    },
    CITATION: {
        "type": "object",
        "required": ["title", "authors", "version", "date-released"],
        "properties": {
            "title": SAID,
            "authors": {"type": "array", "items": PERSON, "minItems": 1},
            "version": {"type": ["string", "number"]},
            "date-released": {"type": "string", "format": "day"},
        },
    },
    "book/allowed-numbers.yml": {"type": ["array", "null"], "items": EXCEPTION},
    "book/allowed-causes.yml": {"type": ["object", "null"], "additionalProperties": {"type": ["array", "null"]}},
    "data/datapackage.json": {
        "type": "object",
        "required": ["resources"],
        "properties": {"resources": {"type": "array", "items": {"type": "object"}}},
    },
}
# Where libraries register what the settings name.
STYLES = {
    "bibtex_default_style": "pybtex.style.formatting",
    "bibtex_reference_style": "sphinxcontrib.bibtex.style.referencing",
}
WORDS = {"object": "entries such as `title: ...`", "array": "a list", "string": "text", "integer": "a whole number",
         "number": "a number", "boolean": "true or false", "null": "nothing"}  # fmt: skip


def require(name: str, text: str, content: Any) -> None:
    """Refuse a file that can be parsed and is not what its name says.

    Parameters
    ----------
    name : str
        Name of the file, from the root of the project.
    text : str
        The file.
    content : object
        What was read of it.

    Raises
    ------
    BookError
        With file, line, what was found and what was expected.
    """
    schema = _settings() if name == SETTINGS else FORMS.get(name)
    if schema is None:
        return
    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker(formats=())
    formats.checks("regex", raises=re.error)(_is_pattern)
    formats.checks("day", raises=ValueError)(_is_day)
    validator = Draft202012Validator(schema, format_checker=formats)
    errors = sorted(
        validator.iter_errors(_plain(content)), key=lambda error: [str(step) for step in error.absolute_path]
    )
    if errors:
        error = errors[0]
        path = list(error.absolute_path)
        line = "" if name.endswith(".json") or not path else f":{notation.line_of(text, path)}"
        raise BookError(_said(error, path), f"{name}{line}")


def _plain(content: Any) -> Any:
    """Return what YAML made of a file with dates as the text that they were, and names as text."""
    if isinstance(content, dict):
        return {str(key): _plain(entry) for key, entry in content.items()}
    if isinstance(content, list):
        return [_plain(entry) for entry in content]
    return content if content is None or isinstance(content, bool | int | float | str) else str(content)


def _is_pattern(entry: Any) -> bool:
    return not isinstance(entry, str) or bool(re.compile(entry))


def _is_day(entry: Any) -> bool:
    from datetime import date

    return not isinstance(entry, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\d", entry) and date.fromisoformat(entry))


def _said(error: Any, path: list[str | int]) -> str:
    """Say in one line what an entry is and what was expected."""
    where = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
    found = json.dumps(error.instance, ensure_ascii=False, default=str)
    found = found if len(found) <= 60 else found[:57] + "..."
    held = "nothing" if error.instance is None else type(error.instance).__name__
    entry = f"{where} is {found}" if where else f"the file holds {held}"
    wanted, kind = error.validator_value, error.validator
    if kind == "required":
        missing = next(key for key in wanted if key not in error.instance)
        return f"the entry {'.'.join(filter(None, [where, missing]))!r} is missing; expected {', '.join(wanted)}"
    if kind == "additionalProperties":
        known = list(error.schema["properties"])
        extra = next(key for key in error.instance if key not in known)
        close = difflib.get_close_matches(extra, known, n=1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        return f"{where or 'the file'} has the unknown entry {extra!r}{hint}; expected {', '.join(known)}"
    expected = error.message[:200]
    if kind == "type":
        expected = " or ".join(WORDS[one] for one in (wanted if isinstance(wanted, list) else [wanted]))
        if isinstance(error.instance, str) and (name := next(iter(error.schema.get("properties", {})), "")):
            first, _, rest = error.instance.partition(" ")
            expected += (
                f"; write {first}: {rest}"
                if rest and first in error.schema["properties"]
                else f"; write {name}: {error.instance}"
            )
    elif kind == "enum":
        expected = " or ".join(map(str, wanted))
    elif kind == "format":
        expected = f"a regular expression ({error.cause})" if wanted == "regex" else "a date such as 2026-11-24"
    elif kind == "pattern":
        expected = "an address that begins with https://" if "http" in wanted else "some text"
    elif kind == "anyOf":
        expected = "one with " + " or ".join(" and ".join(choice["required"]) for choice in wanted)
    return f"{entry}; expected {expected}"


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    """Return the schema of the settings: that of Jupyter Book, and of what the press adds to it."""
    spec = find_spec("jupyter_book")
    folder = next(iter(spec.submodule_search_locations or ())) if spec else ""
    schema = json.loads(Path(folder, "config_schema.json").read_text("utf-8"))
    known = schema["properties"]
    known["only_build_toc_files"] = FLAG
    known["copyright"] = {"type": ["string", "integer"]}
    # The press executes; what Jupyter Book executed would be other results.
    known["execute"]["properties"]["execute_notebooks"] = {"enum": ["off", False]}
    styles = {
        name: {"enum": sorted(point.name for point in entry_points(group=group))} for name, group in STYLES.items()
    }
    known["sphinx"]["properties"]["config"] = {"type": ["null", "object"], "properties": PRESS | styles}
    known["sphinx"]["additionalProperties"] = False
    return {**schema, "type": "object", "additionalProperties": False}
