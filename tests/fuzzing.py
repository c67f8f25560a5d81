"""Everything that reads what comes from outside, with inputs that were valid once: for the benchmark, and a few of each in tests.

A reader may refuse an input with an error of ours, or read it; then it must read the same again from what it would write. What
it must not do is to end in a library's traceback, or to take memory or time without bound.
"""

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
from hypothesis import strategies as st

from crossroads.evidence import cases, package, record_files, studies, tables
from importers import controls, layouts_eurostat, own, own_files, remake
from importers.declaration import Source
from importers.families import pisa_2025, world_bank
from importers.files import LayoutError
from press import contract, forms, markup, published, scan
from press.errors import BookError
from press.page import revisions
from press.run import percent, store

ROOT = Path(__file__).parents[1]
SECOND = ROOT / "tests" / "press" / "book"
PIECES = {
    "text": [b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b"\xe2\x80\xae", b"<script>", b"1e999", b"-", b"9" * 400],
    "csv": [b",", b";", b'"', b"\n", b",,", b"NaN", b"1,5", b"0x10", b"=1+1", b"\t", b" "],
    "yaml": [b": ", b"- ", b"[", b"]", b"{", b"}", b"&a ", b"*a", b"<<: *a", b"!!int x", b"2026-13-45", b"|\n", b"'", b"#", b"? ", b"~", b"[" * 80],
    "json": [b"{", b"}", b"[", b"]", b",", b":", b"NaN", b"null", b'"a"', b"1e999", b"[" * 2000, b"\\ud800", b"-"],
    "xml": [b"<", b">", b"/>", b"&a;", b"<!DOCTYPE x>", b'"', b"<Obs/>", b"]]>"],
    "markdown": [b"# %%", b"# %% [markdown]\n", b"```", b":::", b"{", b"}", b"[^a]", b"# # ", b"$", b'"""', b"\\"],
    "bib": [b"@", b"{", b"}", b",", b"=", b'"', b"#", b"\\"],
}  # fmt: skip
REFUSED = (BookError, LayoutError, package.DataError, record_files.RecordError, remake.RemakeError)


@dataclass(frozen=True)
class Reader:
    """A reader with valid inputs to begin with.

    Attributes
    ----------
    name : str
    kind : str
        Of :data:`PIECES`.
    seeds : callable
        Returns valid inputs.
    read : callable
        Takes an input and the path of a folder of its own; raises one of :data:`REFUSED`, or AssertionError where what was
        read is not what would be read again.
    """

    name: str
    kind: str
    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes, Path], object]


@st.composite
def damaged(draw, seeds, kind):
    """Draw a valid input with up to four slips: cut, doubled, moved, or with something in it that does not belong there."""
    text = draw(st.sampled_from(seeds))
    pieces = [*PIECES["text"], *PIECES[kind]]
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        way = draw(st.sampled_from(("cut", "twice", "piece", "in place", "random", "lines")))
        if way == "cut":
            text = text[:start] + text[end:]
        elif way == "twice":
            text = text[:end] + text[start:]
        elif way == "piece":
            text = text[:start] + draw(st.sampled_from(pieces)) + text[start:]
        elif way == "in place":
            text = text[:start] + draw(st.sampled_from(pieces)) + text[end:]
        elif way == "random":
            text = text[:start] + draw(st.binary(max_size=12)) + text[end:]
        else:
            lines = text.split(b"\n")
            at, to = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
            lines[at], lines[to] = lines[to], lines[at]
            text = b"\n".join(lines)
    return text


def _lay(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


# Tables and what describes them.
TABLE = "pisa-creative-thinking"


@cache
def _entry() -> dict:
    entry = package.indicator(
        next(name for name in package.entries("indicators/") if name.startswith("adult-skills-2023"))
    )
    return entry


@cache
def _codes() -> dict:
    names = {key["reference"]["resource"] for key in _entry()["schema"]["foreignKeys"]}
    return {name: set(tables.code_list(name)["code"]) for name in names}


def _table_seeds() -> list[bytes]:
    return [(ROOT / "data" / _entry()["path"]).read_bytes()[:1500].rpartition(b"\n")[0] + b"\n"]


def read_table(content: bytes, folder: Path) -> None:
    entry = _entry()
    frame = tables.validate(
        content, {**entry, "measures": [{**m, "typical": None} for m in entry["measures"]]}, "x.csv", _codes()
    )
    again = frame.to_csv(index=False, lineterminator="\n").encode()
    pd.testing.assert_frame_equal(
        frame,
        tables.validate(
            again, {**entry, "measures": [{**m, "typical": None} for m in entry["measures"]]}, "x.csv", _codes()
        ),
    )


def read_descriptor(content: bytes, folder: Path) -> None:
    _lay(folder, "datapackage.json", content)
    found = package.descriptor(folder)
    assert all(entry["name"] and entry["path"] for entry in found["resources"])


def _descriptor_seeds() -> list[bytes]:
    whole = json.loads((ROOT / "data" / "datapackage.json").read_bytes())
    return [json.dumps({**whole, "resources": whole["resources"][-1:]}, indent=1).encode()]


def read_codes(content: bytes, folder: Path) -> None:
    (folder / "code-lists").mkdir(exist_ok=True)
    _lay(folder, "code-lists/sex.csv", content)
    assert all(isinstance(code, str) and code for code in package.code_list("sex", folder))


# Records.
def _record(module, pattern: str) -> Reader:
    def seeds() -> list[bytes]:
        paths = sorted((ROOT / "data").glob(pattern), key=lambda path: (path.stat().st_size, path.name))
        return [path.read_bytes() for path in paths if "schema" not in path.name][:4]

    def read(content: bytes, folder: Path) -> None:
        path = _lay(folder, "x.yaml", content)
        _, mistakes = record_files.read_files([path], module.check, "record")
        assert all(re.match(r"x\.yaml(:\d+)?: ", line) and "\n" not in line for line in mistakes), mistakes
        if mistakes:
            raise record_files.RecordError(mistakes)

    return Reader(pattern.partition("/")[0], "yaml", seeds, read)


# The files of a book.
def _form(name: str) -> Reader:
    def read(content: bytes, folder: Path) -> None:
        text = scan._text(name, content)
        forms.require(name, text, scan._parse(name, text))
        if name in (forms.CONTENTS, forms.SETTINGS):
            scan.unlisted({name: text}, ["book/index.md"])

    return Reader(name, "yaml", lambda: [(SECOND / name).read_bytes(), (ROOT / name).read_bytes()[:1500]], read)


def read_changelog(content: bytes, folder: Path) -> None:
    revisions.read(scan._text("CHANGELOG.md", content))


def read_references(content: bytes, folder: Path) -> None:
    scan._parse("book/references.bib", scan._text("book/references.bib", content))


def read_contract(content: bytes, folder: Path) -> None:
    _lay(folder, "pyproject.toml", content)
    contract._read.cache_clear()
    assert isinstance(contract.read(folder).package, str)


def read_notebook(content: bytes, folder: Path) -> None:
    text = scan._text("notebooks/x.py", content)
    list(scan.notebook(text))
    notebook = percent.read(text)
    assert len(notebook.cells) <= len(percent.cell_lines(text)) + text.count("\n") + 1


def read_page(content: bytes, folder: Path) -> None:
    text = scan._text("book/x.md", content)
    markup.slips(enumerate(text.splitlines(), start=1))
    list(markup.notes(text))
    list(markup.links(text))


def read_record(content: bytes, folder: Path) -> None:
    place = folder / "0123456789abcdef0123456789abcdef"
    place.mkdir(exist_ok=True)
    _lay(place, "record.json", content)
    found = store.read_record(place)
    assert found is None or store.fingerprint(found) == place.name


def _record_seeds() -> list[bytes]:
    record = {"notebook": "x", "code": "0" * 32, "environment": "1" * 32, "dependencies": {"data/x.csv": "2" * 32}, "source": "3" * 32,
              "seconds": 1.5, "reason": "new", "files": {"notebook.ipynb": "4" * 32}}  # fmt: skip
    return [json.dumps(record, indent=1).encode()]


@dataclass(frozen=True)
class _Result:
    name: str
    folder: Path


def read_published(content: bytes, folder: Path) -> None:
    (folder / "exhibits").mkdir(exist_ok=True)
    _lay(folder, "notebook.ipynb", b"{}")
    _lay(folder, "exhibits/x.json", content)
    found = published.read([_Result("x", folder)])
    assert all(isinstance(key, str) for key in found.exhibits)


def _published_seeds() -> list[bytes]:
    return [
        json.dumps(
            {"id": "ch1-x", "kind": "figure", "title": "T", "cell": 1, "indicators": ["a"], "alt": "x"}, indent=1
        ).encode()
    ]


# What others lay out.
def read_own(content: bytes, folder: Path) -> None:
    path = _lay(folder, "libraries.csv", content)
    about = {"unit": "PERCENT", "licence": "CC BY 4.0", "publisher": "x", "url": "https://example.org"}
    declaration, cells = own.declare("libraries", own_files.read(path), about, path.name)
    assert len(cells) and declaration["measures"]
    pd.to_numeric(cells["obs_value"])


def read_workbook(content: bytes, folder: Path) -> None:
    path = _lay(folder, "libraries.xlsx", content)
    about = {"unit": "PERCENT", "licence": "CC BY 4.0", "publisher": "x", "url": "https://example.org"}
    _, cells = own.declare("libraries", own_files.read(path), about, path.name)
    assert cells["obs_value"].tolist() == ["12.5", "14.1"], "read as something else"


@cache
def _workbook_seeds() -> list[bytes]:
    made, book = io.BytesIO(), openpyxl.Workbook()
    for row in (["country", "year", "share"], ["AUT", 2023, 12.5], ["DEU", 2023, 14.1]):
        book.active.append(row)
    book.save(made)
    again = io.BytesIO()
    # The same in every run: dates of entries and of the properties are those of the making.
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(
                zipfile.ZipInfo(name), re.sub(rb">[0-9-]+T[0-9:]+Z<", b">2026-01-01T00:00:00Z<", old.read(name))
            )
    return [again.getvalue()]


OWN = [b"country,year,share\nAUT,2023,12.5\nDEU,2023,14.1\nFRA,2023,9.9\n",
       b"Country;2022;2023\r\nAustria;12,5;13\r\nFrance;9,9;\r\n", b"country\tyear\tsector\tshare\tse\nAUT\t2023\tpublic\t1\t0.5\n"]  # fmt: skip
SDMX = (
    b"STRUCTURE,freq,unit,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
    b"dataflow,A,PC,T,AT,2020,1.5,,\ndataflow,A,PC,T,FI,2021,2.5,b,\ndataflow,A,PC,T,FR,2021,,u,C\n"
)
TSV = b"freq,unit,geo\\TIME_PERIOD\t2019 \t2020 \nA,PC,AT11\t0.5 \t0.8 b\nA,PC,AT12\t: \t: @C\n"
BANK = b'\xef\xbb\xbf"Data Source","World",\n\n"Last Updated Date","2026-01-01",\n\n"Country Name","Country Code","2020"\n"Austria","AUT","30"\n'
FEED = (
    b'<?xml version="1.0"?><D xmlns="x"><Series REF_AREA="AUT"><Obs TIME_PERIOD="2020" OBS_VALUE="1.5"/></Series></D>'
)
TYPED = b"iso3,score,se,sampling_caveat\nAUT,500.5,2.1,\nFIN,510,m,*\nDEU,m,m,\n"


def read_sdmx(content: bytes, folder: Path) -> None:
    frame = layouts_eurostat.sdmx_csv(_lay(folder, "x.csv", content), unit="PC")
    assert frame["obs_value"].abs().max() < float("inf") or frame["obs_value"].isna().all()


def read_wide(content: bytes, folder: Path) -> None:
    frame = layouts_eurostat.wide_tsv(_lay(folder, "x.tsv", content), unit="PC")
    assert frame["time_period"].between(1000, 2999).all()


def read_bank(content: bytes, folder: Path) -> None:
    world_bank._download(_lay(folder, "x.csv", content))


def read_typed(content: bytes, folder: Path) -> None:
    source = Source("x", "x", "x", "x", ("x.csv",))
    _lay(folder, "x.csv", content)
    pisa_2025.observed(pisa_2025.typed(folder, source, ["iso3"]), "score", source, "se")


def read_control(content: bytes, folder: Path) -> None:
    """Whatever a publisher's file has become, what is said of it is no traceback."""
    for name, good in (("x.csv", SDMX), ("x.json", json.dumps([{"a": 1}]).encode()), ("x.xml", FEED), ("x.tsv", TSV)):
        path = _lay(folder, name, good)
        noted = {"parts": controls.note(path)}
        _lay(folder, name, content)
        assert controls.differences(path, name, noted)


READERS = (
    Reader("tables", "csv", _table_seeds, read_table),
    Reader("descriptor", "json", _descriptor_seeds, read_descriptor),
    Reader("code lists", "csv", lambda: [(ROOT / "data/code-lists/sex.csv").read_bytes()], read_codes),
    _record(cases, "cases/*.yaml"),
    _record(studies, "studies/*.yaml"),
    *map(_form, (forms.CONTENTS, forms.SETTINGS, forms.CITATION)),
    Reader(
        "changelog",
        "markdown",
        lambda: [b"# Changes\n\n- **Correction** (2026-12-01). What was wrong. Exhibits: `a`, `b` (withdrawn).\n"],
        read_changelog,
    ),
    Reader("references", "bib", lambda: [(SECOND / "book/references.bib").read_bytes()], read_references),
    Reader("contract", "text", lambda: [(SECOND / "pyproject.toml").read_bytes()], read_contract),
    Reader("notebooks", "markdown", lambda: [(SECOND / "notebooks/tides.py").read_bytes()[:900]], read_notebook),
    Reader("pages", "markdown", lambda: [(SECOND / "book/chapter1.md").read_bytes()], read_page),
    Reader("store", "json", _record_seeds, read_record),
    Reader("published", "json", _published_seeds, read_published),
    Reader("own tables", "csv", lambda: OWN, read_own),
    Reader("workbooks", "text", _workbook_seeds, read_workbook),
    Reader("SDMX-CSV", "csv", lambda: [SDMX], read_sdmx),
    Reader("wide TSV", "csv", lambda: [TSV], read_wide),
    Reader("World Bank", "csv", lambda: [BANK], read_bank),
    Reader("typed tables", "csv", lambda: [TYPED], read_typed),
    Reader("controls", "csv", lambda: [SDMX, TSV, FEED], read_control),
)


def attempt(reader: Reader, content: bytes) -> str:
    """Give a reader an input; say whether it was refused or read, or raise what must not be raised."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            reader.read(content, Path(folder))
        except REFUSED as error:
            assert str(error).strip(), "an error without words"
            return "refused"
    return "read"
