"""What cases and studies have in common as records: one YAML file each, a JSON schema, and mistakes said in one line.

Both libraries are written by hand and proposed by readers, so that a mistake has to name file and field, the value found
and what was expected. Pandas is not needed, and therefore not imported: the book loads records on every build.

Not here: what a valid case (``cases``) or study (``studies``) is.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from crossroads.evidence.package import code_list, stamp

if TYPE_CHECKING:
    import jsonschema
    from jsonschema.protocols import Validator

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML built without its C library
    from yaml import SafeLoader

Record = Mapping[str, Any]  # as its YAML file holds it; the schema beside the files is its type
# "p < 0.05" is text; "<b", "</", "<!", an HTML entity or a script address is markup.
MARKUP = re.compile(r"<\s*[a-zA-Z/!?]|&(#\w+|\w+);|\b(?:javascript|vbscript)\s*:\s*\S|\bdata:\w+/", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What spreadsheets take for a formula when they open the CSV; a number with its sign is none.
FORMULA = re.compile(r"[=@\t\r]|[+-](?!\d)|[+-].*[|!]")
# Letters that are no letter with a mark.
PLAIN = str.maketrans({"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe"})
# No record comes near it; a file made to fill the memory does.
MOST_BYTES, MOST_DEEP = 200_000, 50
# Aliases, indents beyond any record's, and lists that open within one line.
SUSPECT = re.compile(r"\*|^ {50}|(?:[-?:] +){4}", re.MULTILINE)
# What begins a comment after a text; two blanks before it, as people write comments, are meant so.
CUT = re.compile(r"\S #")
NO_TEXT = re.compile(r"null|~|true|false|[-+.\d]*", re.IGNORECASE)
ODD_NUMBER = re.compile(r"[_:]|^[-+]?0[\dxob]")
MERGE = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
# The forms of texts that schemas ask for, in words.
FORMS = {r"\S": "a text that is not empty", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "a date such as 2026-11-29"}
BEGINNINGS = {"^https?://": "an address that begins with https:// or http:// and holds no blank"}
# The kinds of entries that a schema knows, in words.
KINDS = {"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list",
    "object": "fields of its own", "null": "null"}  # fmt: skip
# What to do about what the library of YAML says, by words of it. It does not say which character begins no token: it is a
# tab, or a sign.
INDENT = "the line stands further in or out than those that it belongs to, or a quotation mark within a text ends it (write it twice)"
ADVICE = {
    "tab character": "indent with blanks, not with tabs",
    "token": "indent with blanks, not with tabs, and put a text that begins with a sign into quotes",
    "mapping values": "a text that holds a colon and a blank stands in quotation marks; a line further in than the one before continues it",
    "expected key": INDENT,
    "expected '-'": INDENT,
    "expected ':'": "a line above has a name without a colon and a blank after it, or a text goes on without being indented",
    "expected ',' or ']'": "a square bracket above is never closed, or a comma between two entries is missing",
    "expected ',' or '}'": "a curly bracket above is never closed, or a comma between two entries is missing",
    "end of stream": "a quotation mark or a bracket is opened and never closed",
    "sequence entries": "an entry that begins with a dash stands on a line of its own",
    "undefined alias": "put a text that begins with * into quotes",
    "constructor": "put a text that begins with ! into quotes",
    "another document": "a file is one record; take out the line ---",
}
# Numbers as people write them, and how YAML has them.
NUMBERS = {
    r"-?\d+(\.\d+)?": "write it without quotation marks",
    r"-?\d+,\d+": "write a point for the comma",
    r"[\u2212\u2013]\s*\d.*": "write the sign - of the keyboard",
    r"[<>=\u2264\u2265~].*": "a limit is no number: write null here, and the limit in words where the text has room",
    r"-?\d[\d.,]*\s*%": "write it without the sign of per cent",
}
# A code list that is longer is named, not written out.
LONGEST_LIST = 60


class RecordError(ValueError):
    """Records that break their contract; the message has one line for each mistake: file, field, what is expected."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = list(mistakes)
        super().__init__("\n".join(self.mistakes))


class Loader(SafeLoader):
    """YAML without four of its surprises.

    A key given twice is refused, so is ``{title: One, two}``, which is cut at the comma, and so are 010, 1_000 and 12:30, which
    are the numbers 8, 1000 and 750; a date stays the text it is.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, list]] = {
        letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        """Build a mapping, refusing a key that is given twice or a text that was cut at a comma."""
        for key, value in node.value if node.flow_style else ():
            if isinstance(value, yaml.ScalarNode) and value.value == "" and not value.style:
                cut = "a text was cut at a comma; put quotation marks around the text, or write null"
                if key.value.isdigit():
                    cut = "it was cut at a comma; a number has a point, and a text that holds a comma quotation marks"
                said = f"{key.value!r} has no value: {cut}"
                raise yaml.constructor.ConstructorError(None, None, said, key.start_mark)
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                mark = node.value[position][0].start_mark
                raise yaml.constructor.ConstructorError(None, None, f"the field {key!r} is given twice", mark)
        return super().construct_mapping(node, deep)

    def construct_digits(self, node: yaml.ScalarNode) -> int | float:
        """Build a number, refusing one that is not what it looks like."""
        tag = node.tag.rpartition(":")[2]
        number = getattr(super(), f"construct_yaml_{tag}")(node)
        if ODD_NUMBER.search(node.value):
            said = f"{node.value} is read as the number {number}; write that, or put the text in quotation marks"
            raise yaml.constructor.ConstructorError(None, None, said, node.start_mark)
        return number


for _kind in ("int", "float"):
    Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", Loader.construct_digits)


def read_yaml(path: Path) -> Any:
    """Read a YAML file.

    Raises
    ------
    yaml.YAMLError, UnicodeDecodeError
        If it is none, is too long or nested too deeply, holds an alias or a number that is none, or is not UTF-8.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise yaml.YAMLError(f"{size} bytes; a record has at most {MOST_BYTES}")
    text = path.read_text("utf-8")
    try:
        if SUSPECT.search(text) or text.count("[") + text.count("{") > MOST_DEEP:
            _look_through(text)
        if CUT.search(text):
            _require_whole(text)
        return yaml.load(text, Loader=Loader)
    except ValueError as error:
        raise yaml.YAMLError(f"a number or date cannot be read ({error})") from None


def _look_through(text: str) -> None:
    """Refuse what would fill the memory, or the stack of the library's C code, before anything is made of the text."""
    depth = 0
    for event in yaml.parse(text, Loader=SafeLoader):
        # A few aliases of aliases make a billion texts of a line.
        if isinstance(event, yaml.AliasEvent):
            said = "an alias is not read; write out what it stands for"
            raise yaml.MarkedYAMLError(problem=said, problem_mark=event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEEP:
            said = "brackets or indents go deeper than any record does"
            raise yaml.MarkedYAMLError(problem=said, problem_mark=event.start_mark)


def _require_whole(text: str) -> None:
    """Refuse a text that a number sign cuts: of ``School #1 of Paris`` YAML leaves ``School``."""
    lines = text.split("\n")
    for token in yaml.scan(text, Loader=SafeLoader):
        if isinstance(token, yaml.ScalarToken) and token.plain and not NO_TEXT.fullmatch(token.value):
            rest = lines[token.end_mark.line][token.end_mark.column :]
            if rest.startswith(" #"):
                said = f"what follows {token.value[-30:]!r} is taken for a comment: {rest.strip()[:40]!r}; put the text in quotation marks"
                raise yaml.MarkedYAMLError(
                    problem=f"{said} (a comment has two blanks before it)", problem_mark=token.end_mark
                )


def record_paths(folder: Path) -> list[Path]:
    """Return the files of records in a folder, in order; also those with another ending of YAML, to be refused.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    list of pathlib.Path
    """
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in (".yaml", ".yml"))


def read_files(
    paths: Iterable[Path], check: Callable[[Record], list[str]], what: str
) -> tuple[dict[str, Record], list[str]]:
    """Read files of one record each and list the mistakes in them.

    Parameters
    ----------
    paths : iterable of pathlib.Path
    check : callable
        Lists the mistakes in one record.
    what : str
        What a record is, for the message: ``"case"``.

    Returns
    -------
    records : dict of str to dict
        Records that could be read, by the name of their file without ``.yaml``.
    mistakes : list of str
        One line for each mistake: ``file:line: field: what is wrong and what is expected``.
    """
    found: dict[str, Record] = {}
    mistakes: list[str] = []
    for path in paths:
        try:
            record = read_yaml(path)
        except UnicodeDecodeError as error:
            mistakes.append(f"{path.name}: not UTF-8 (byte {error.start}); save the file as UTF-8")
        except yaml.YAMLError as error:
            line, said = yaml_mistake(error)
            merge = MERGE.search(path.read_text("utf-8"))
            if merge:
                line = merge.string.count("\n", 0, merge.start()) + 1
                said = "marks of an unfinished merge; keep one of the two versions and delete the lines of marks"
            mistakes.append(f"{path.name}{f':{line}' if line else ''}: not readable as YAML: {said}")
        else:
            mistakes += with_lines(path.parent, [f"{path.name}: {mistake}" for mistake in check(record)])
            if isinstance(record, dict):
                found[path.stem] = record
                if path.suffix != ".yaml":
                    mistakes.append(f"{path.name}: the name of a {what} file ends in .yaml")
    return found, mistakes


def with_lines(folder: Path, mistakes: Iterable[str]) -> list[str]:
    """Say of mistakes in which line of its file each stands.

    Parameters
    ----------
    folder : pathlib.Path
        That of the files.
    mistakes : iterable of str
        One line for each: ``file: field: what is wrong``.

    Returns
    -------
    list of str
        ``file:line: field: what is wrong``; without a line where the file has neither the field nor what it stands in.
    """
    parts = [mistake.partition(": ") for mistake in mistakes]
    # A file with another ending is told of by itself, and named here as it should be.
    lines = [_line(folder / name, said) if (folder / name).is_file() else "" for name, _, said in parts]
    return [f"{name}{line}: {said}" for (name, _, said), line in zip(parts, lines, strict=True)]


def yaml_mistake(error: yaml.YAMLError) -> tuple[int, str]:
    """Return the line of a file that is no YAML, zero where the library names none, and what is wrong with it."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if mark is None or problem is None:
        return 0, " ".join(str(error).split())
    advice = next((f"; {advice}" for words, advice in ADVICE.items() if words in problem), "")
    return mark.line + 1, f"{' '.join(problem.split())}{advice}"


def _line(path: Path, mistake: str) -> str:
    """Say in which line the field of a mistake stands, or what it should stand in; nothing where the file holds neither."""
    node: Any = yaml.compose(path.read_text("utf-8"), Loader=SafeLoader)
    line = -1
    for part in re.findall(r"[^.\[\]]+", mistake.partition(": ")[0]):
        if isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
            node = node.value[int(part)]
            line = node.start_mark.line
        elif isinstance(node, yaml.MappingNode) and part in (keys := [key.value for key, _ in node.value]):
            key, node = node.value[keys.index(part)]
            line = key.start_mark.line
        else:
            break
    return f":{line + 1}" if line >= 0 else ""


def check(record: Record, folder: Path, schema: str) -> list[str]:
    """List what in a record breaks its schema, and texts that are no plain text.

    Parameters
    ----------
    record : dict
    folder : pathlib.Path
        The folder ``data``.
    schema : str
        Path of the schema below it, such as ``"cases/schema.json"``. Its keyword ``codeList`` is our own: the value must
        be a code of ``data/code-lists/<name>.csv``.

    Returns
    -------
    list of str
        One line for each mistake: ``field: what is wrong and what is expected``.
    """
    path = folder / schema
    validator = _validator(folder, path, stamp(path))
    errors = sorted(validator.iter_errors(record), key=lambda error: list(map(str, error.absolute_path)))
    mistakes = [_describe(error, folder) for error in errors]
    return mistakes + [f"{field_name(path)}: {mistake}" for path, text in texts(record) for mistake in check_text(text)]


def check_text(text: str) -> Iterator[str]:
    """List what does not belong in a text of a record: HTML, entities, scripts, formulas of spreadsheets, control characters.

    Parameters
    ----------
    text : str

    Yields
    ------
    str
    """
    # An address may hold "&name=" and even "&copy;": the form of an address is checked by the schema.
    found = None if re.match(r"https?://", text) else MARKUP.search(text)
    if found:
        yield f"found {found.group()!r}: HTML, entities and scripts have no place here; write plain text"
    if FORMULA.match(text):
        yield f"begins with {text[:1]!r}: a spreadsheet would take it for a formula; begin with a word"
    if found := CONTROL.search(text):
        yield f"found the control character U+{ord(found.group()):04X}; write plain text"


def texts(entry: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text of a record, names of fields included, with the path to it."""
    if isinstance(entry, str):
        yield path, entry
    elif isinstance(entry, dict):
        for key, part in entry.items():
            yield path, str(key)
            yield from texts(part, (*path, str(key)))
    elif isinstance(entry, list):
        for number, part in enumerate(entry):
            yield from texts(part, (*path, number))


def letters(name: str) -> str:
    """Return the letters and figures of a name without accents and capitals, which people write in several ways."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(PLAIN)
    return "".join(sign for sign in plain if sign.isalnum())


def field_name(path: Iterable[str | int]) -> str:
    """Write a path into a record as authors know it: ``sources[1].title``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.lstrip(".") or "the file"


def closest(text: str, known: Iterable[str]) -> str:
    """Say which known word may be meant; nothing where none is near."""
    close = difflib.get_close_matches(text, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def closest_area(text: str, areas: Mapping[str, Mapping[str, str]]) -> str:
    """Say which area may be meant by a name, by the two letters with which the codes of its regions begin, or by a code.

    Parameters
    ----------
    text : str
        No code of the list.
    areas : dict of str to dict
        The list of areas, or a part of it.

    Returns
    -------
    str
        Empty where none is near.
    """
    for code, area in areas.items():
        if area["name"].lower() == text.lower():
            return f" (did you mean {code!r}?)"
    # Of codes with the same beginning those of the NUTS count: MEX has regions ME01, as has MNE.
    begun = sorted(
        (area["area_type"] == "NUTS2", area["country"])
        for code, area in areas.items()
        if area["country"] not in ("", code) and code[:2] == text.upper()
    )
    if begun and begun[-1][1] in areas:
        return f" (did you mean {begun[-1][1]!r}?)"
    alike = [code for code in areas if len(text) == 2 and len(code) == 3 and code.startswith(text.upper())]
    return f" (did you mean {' or '.join(map(repr, alike))}?)" if alike else closest(text, areas)


@lru_cache(maxsize=8)
def _validator(folder: Path, path: Path, state: tuple[int, int]) -> Validator:
    """Return the validator of a schema, with the keyword ``codeList`` bound to the code lists of the folder."""
    import jsonschema  # a second, of every notebook; few read records

    schema = json.loads(path.read_text("utf-8"))

    def in_code_list(
        validator: Validator, name: str, code: object, _: Mapping[str, Any]
    ) -> Iterator[jsonschema.ValidationError]:
        known = code_list(name, folder)
        if isinstance(code, str) and code not in known:
            what = re.sub("^(case|study)-|s$", "", name).replace("-", " ")
            hint = closest_area(code, known) if name == "areas" else closest(code, known)
            yield jsonschema.ValidationError(f"unknown {what} {code!r}{hint}; expected {_one_of(name, folder)}")

    base = jsonschema.Draft202012Validator
    return jsonschema.validators.extend(base, {"codeList": in_code_list})(schema)


def _one_of(name: str, folder: Path) -> str:
    """Name the codes of a list, or, where it is long, the list."""
    known = code_list(name, folder)
    return f"a code of data/code-lists/{name}.csv" if len(known) > LONGEST_LIST else f"one of {', '.join(known)}"


def _describe(error: jsonschema.ValidationError, folder: Path) -> str:
    """Turn an error of the schema into one line that names the field, the value found and what was expected."""
    field, found = field_name(error.absolute_path), _short(error.instance)
    name = error.absolute_path[-1] if error.absolute_path else ""
    if error.validator == "required":
        missing = error.message.split("'")[1]  # of "'name' is a required property"
        hint = " (write null where it is not known)" if _may_be_null(error.schema, missing) else ""
        return f"{field_name([*error.absolute_path, missing])}: is missing{hint}"
    if error.validator in {"type", "pattern"}:
        told = "is not filled in" if error.instance is None else f"found {found}"
        if isinstance(error.instance, bool):
            told += ", as YAML reads words such as NO and ON; put quotation marks around the word"
        return f"{field}: {told}; expected {_wanted(error, name, folder)}{_remedy(error, name)}"
    if error.validator == "minItems" and name == "sources":
        return f"{field}: no source is named; every statement needs at least one of the sources of its case"
    if error.validator in {"minItems", "maxItems"}:
        most = "at least" if error.validator == "minItems" else "at most"
        return f"{field}: {len(error.instance)} entries; expected {most} {error.validator_value}"
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        extra = next(key for key in error.instance if key not in known)
        return f"{field_name([*error.absolute_path, extra])}: unknown field{closest(str(extra), known)}"
    return f"{field}: {error.message}"


def _may_be_null(schema: Mapping[str, Any], field: str) -> bool:
    """Say whether a field that is missing may be null: not what every record has, nor fields in which others stand."""
    return (
        field not in {"title", "year", "id", "sources"} and schema["properties"].get(field, {}).get("type") != "object"
    )


def _remedy(error: jsonschema.ValidationError, name: str | int) -> str:
    """Say what to write in place of an entry of another kind, where it shows what was meant; nothing elsewhere."""
    found, kinds = error.instance, error.validator_value if error.validator == "type" else ()
    numeric = name == "year" or {"number", "integer"} & set([kinds] if isinstance(kinds, str) else kinds)
    if isinstance(found, str) and numeric:
        return next((f"; {said}" for form, said in NUMBERS.items() if re.fullmatch(form, found.strip())), "")
    if "string" in kinds and isinstance(found, int | float) and not isinstance(found, bool):
        return "; put it in quotation marks"
    if "array" in kinds and isinstance(found, str):
        return f"; write [{found}]"
    return ""


def _wanted(error: jsonschema.ValidationError, name: str | int, folder: Path) -> str:
    """Say what the kind and form of an entry should have been."""
    wanted = error.validator_value
    if name == "year":
        undated = "^undated$" in str(error.schema.get("pattern"))
        otherwise = "the word undated where the source gives none" if undated else "null where the sources are undated"
        return f"a year, or {otherwise}"
    if error.validator == "pattern":
        return FORMS.get(wanted) or next(
            (said for begin, said in BEGINNINGS.items() if wanted.startswith(begin)), f"a text of the form {wanted}"
        )
    if "codeList" in error.schema:
        return _one_of(error.schema["codeList"], folder)
    return " or ".join(KINDS[kind] for kind in (wanted if isinstance(wanted, list) else [wanted]))


def _short(entry: object) -> str:
    text = repr(entry)
    return text if len(text) <= 60 else text[:57] + "..."
