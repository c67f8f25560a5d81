"""Refresh against a local server that misbehaves in every way seen in the wild: data/ changes only when all is well."""

import contextlib
import io
import socket
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

import importers
from crossroads.evidence import tables
from importers import accept, countries, refresh, remake
from importers.declaration import Measure, Source, Spot, Table

# The layout that Eurostat's service gives, cut to the columns that matter.
HEADER = (
    "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,geo,Geopolitical entity (reporting),TIME_PERIOD,Time,OBS_VALUE,OBS_FLAG\n"
)


def _message(*rows):
    lines = [
        f"dataflow,ESTAT:MADE_UP(1.0),Made up,{geo},Somewhere,{year},,{value},{flag}" for geo, year, value, flag in rows
    ]
    return (HEADER + "\n".join(lines) + "\n").encode()


OLD = _message(("AT", 2020, "40.0", ""), ("AT", 2021, "41.0", ""), ("FI", 2020, "50.0", ""), ("FI", 2021, "51.0", "p"))
NEW = _message(
    ("AT", 2020, "40.0", ""), ("AT", 2021, "43.5", ""), ("AT", 2022, "44.0", "p"), ("FI", 2020, "50.0", ""),
    ("FI", 2021, "51.0", ""), ("FI", 2022, "52.0", "p"),
)  # fmt: skip
FILE = "eurostat/made_up.csv"
BANK = "worldbank/made_up.csv"


def _read_eurostat(raw):
    frame = pd.read_csv(raw / FILE, dtype=str, keep_default_na=False)
    return pd.DataFrame(
        {
            "ref_area": countries.from_iso2(frame["geo"]),
            "time_period": frame["TIME_PERIOD"].astype(int),
            "obs_value": pd.to_numeric(frame["OBS_VALUE"]),
            "obs_status": frame["OBS_FLAG"],
        }
    )


def _read_bank(raw):
    frame = pd.read_csv(raw / BANK, skiprows=4, dtype=str, keep_default_na=False).melt("Country Code", var_name="year")
    frame = frame[frame["year"].str.isdigit() & (frame["value"] != "")]
    return pd.DataFrame(
        {
            "ref_area": countries.code(frame["Country Code"]),
            "time_period": frame["year"].astype(int),
            "obs_value": pd.to_numeric(frame["value"]),
        }
    )


def _bank_table(years, values):
    head = '\ufeff"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-01-01",\n\n'
    row = ",".join(f'"{value}"' for value in ("Austria", "AUT", *values))
    return (head + ",".join(f'"{name}"' for name in ("Country Name", "Country Code", *years)) + f"\n{row}\n").encode()


def _zipped(content, name="API_MADE.UP_DS2_en_csv_v2_1.csv"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
        archive.writestr("Metadata_Country_" + name, "x")
    return stream.getvalue()


MEASURE = {"share": Measure("A share", "PERCENT", (0, 100), typical=(20, 80))}
DECLARED = {
    "made-up": Table(
        "made-up", "Made up", "Nothing.", MEASURE,
        Source("Eurostat", "Made up", "https://example.org", "CC BY 4.0", (FILE,)), _read_eurostat,
        spots=(Spot({"ref_area": "AUT", "time_period": 2020}, 40.0),),
    ),
    "made-up-bank": Table(
        "made-up-bank", "Made up", "Nothing.", MEASURE,
        Source("World Bank", "Made up", "https://example.org", "CC BY 4.0", (BANK,)), _read_bank,
    ),
}  # fmt: skip


class Answers(BaseHTTPRequestHandler):
    """Plays the answers that a test has put on the server, one a request; the last is repeated."""

    def do_GET(self):
        script = self.server.script[self.path.split("?")[0]]
        answer = script.pop(0) if len(script) > 1 else script[0]
        self.server.requests.append(self.path)
        answer(self)

    def log_message(self, *args):
        """Say nothing."""


def ok(content, kind="text/csv"):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def refuse(code, **headers):
    def answer(handler):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def truncated(content, kept, announce=True):
    """Close the connection early, with or without having said how much was to come."""

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        if announce:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:kept])
        handler.close_connection = True

    return answer


def silent(seconds):
    def answer(handler):
        time.sleep(seconds)

    return answer


def trickling(content, seconds):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.end_headers()
        with contextlib.suppress(OSError):
            for byte in content:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(seconds)

    return answer


@pytest.fixture
def server():
    """A server on this machine only."""
    service = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    service.daemon_threads = True
    service.script, service.requests = {}, []
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield service
    service.shutdown()
    service.server_close()
    thread.join()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two tables made from files at hand."""
    monkeypatch.setattr(importers, "FAMILIES", ())
    monkeypatch.setattr(importers, "tables", lambda: DECLARED)
    raw = tmp_path / "raw"
    for file, content in ((FILE, OLD), (BANK, _bank_table(["2020", "2021"], ["30", "31"]))):
        (raw / file).parent.mkdir(parents=True)
        (raw / file).write_bytes(content)
    remake.remake(raw, tmp_path / "data", say=lambda line: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _services(server):
    url = f"http://127.0.0.1:{server.server_port}"
    return (
        refresh.Service(FILE, f"{url}/eurostat?labels=name"),
        refresh.Service(BANK, f"{url}/bank", refresh.world_bank_member),
    )


def _state(project):
    return {path: path.read_bytes() for path in sorted((project / "data").rglob("*")) if path.is_file()}


def _refresh(project, server, **options):
    said = []
    # Ample where the answer is not about time: a busy machine takes its own.
    quick = {"timeout": 300.0, "deadline": 3000.0, "pause": 0.01} | options
    table = refresh.refresh("raw", "new", _services(server), say=said.append, **quick)
    return table, "\n".join(said)


def _script(server, eurostat, bank=None):
    bank = bank or [ok(_zipped(_bank_table(["2020", "2021", "2022"], ["30", "31", "32"])), "application/zip")]
    server.script = {"/eurostat": eurostat, "/bank": bank}


def test_a_new_edition_is_compared_and_nothing_changes_until_it_is_taken_over(project, server):
    before = _state(project)
    _script(server, [ok(NEW)])
    table, said = _refresh(project, server)
    assert _state(project) == before
    row = table.set_index("table").loc["made-up"]
    assert row[["added", "vanished", "revised", "flags"]].tolist() == [2, 0, 1, 1]
    assert row["largest_change"] == 2.5 and row["where"] == "AUT, 2021, share"
    assert table.set_index("table").loc["made-up-bank", "added"] == 1
    assert "data/ is unchanged" in said and "crossroads accept --raw new made-up made-up-bank" in said
    with pytest.raises(
        remake.RemakeError, match=r"(?s)made-up, column obs_value: 1 moved, first AUT, 2021, share: 43\.5, before 41"
    ):
        remake.remake("new", "data", say=lambda line: None)
    assert _state(project) == before
    told = []
    accept.accept_edition(Path("new"), Path("data"), ["made-up", "made-up-bank"], say=told.append)
    assert "43.5, before 41" in "\n".join(told)
    frame = tables.load("made-up").set_index(["ref_area", "time_period"])["obs_value"]
    assert frame["AUT", 2021] == 43.5 and frame["FIN", 2022] == 52.0
    source = tables.indicator("made-up")["sources"][0]
    assert source["obtained"].startswith("http://127.0.0.1") and source["retrieved"] > "2020"


def test_what_vanishes_is_shown_and_cannot_be_taken_over_unseen(project, server):
    """An answer that is half updated is valid in itself; only the comparison tells."""
    half = _message(("AT", 2020, "40.0", ""), ("AT", 2021, "43.5", ""), ("AT", 2022, "44.0", "p"))
    _script(server, [ok(half)])
    table, said = _refresh(project, server)
    assert table.set_index("table").loc["made-up", "vanished"] == 2
    assert "covers less than before: made-up: 1 areas, before 2" in said
    before = _state(project)
    with pytest.raises(remake.RemakeError, match="made-up: 2 rows are gone, first FIN, 2020"):
        remake.remake("new", "data", say=lambda line: None)
    with pytest.raises(remake.RemakeError, match="would cover less than before"):
        remake.remake("new", "data", say=lambda line: None, accepted=["made-up", "made-up-bank"])
    assert _state(project) == before


def test_no_change_is_said(project, server):
    _script(server, [ok(OLD)], [ok(_zipped(_bank_table(["2020", "2021"], ["30", "31"])), "application/zip")])
    table, said = _refresh(project, server)
    assert table.empty and "no value differs" in said


HTML = b"<!doctype html><title>Maintenance</title>"
MISBEHAVIOUR = {
    "404": ([refuse(404)], "404 Not Found"),
    "429 for ever": ([refuse(429, Retry_After="0")], "429 Too Many Requests"),
    "503 for ever": ([refuse(503)], "503 Service Unavailable"),
    "page of maintenance": ([ok(HTML, "text/html; charset=utf-8")], "text/html, expected CSV or zip"),
    "page said to be CSV": ([ok(HTML + b"\n")], "this is not a CSV table"),
    "SDMX error in XML": ([ok(b"<mes:Error/>", "application/xml")], "application/xml, expected CSV or zip"),
    "binary said to be CSV": ([ok(bytes(range(128, 256)) + b"\n")], "this is not a CSV table"),
    "empty answer": ([ok(b"")], "ends in the middle of a row"),
    "cut off, length announced": ([truncated(NEW, 300)], "no complete answer after 4 tries"),
    "cut off, length not announced": ([truncated(NEW, 300, announce=False)], "ends in the middle of a row"),
    "silent": ([silent(1.0)], "no complete answer after 4 tries"),
    "other columns": ([ok(NEW.replace(b"OBS_VALUE", b"VALUE"))], "the columns are"),
    "semicolons": ([ok(NEW.replace(b",", b";"))], "not a CSV table"),
    "text for a number": ([ok(NEW.replace(b"43.5", b"n.a."))], "n.a."),
    "unknown country": ([ok(NEW.replace(b"FI,", b"QQ,"))], "unknown two-letter country codes"),
    "unit off by 100": ([ok(NEW.replace(b"43.5", b"4350"))], "a value between 0 and 100"),
    "row twice": ([ok(NEW + NEW.split(b"\n")[1] + b"\n")], "rows share a key"),
    "published number gone": ([ok(NEW.replace(b"40.0", b"45.0"))], "spot check"),
}


@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_a_service_that_misbehaves_leaves_everything_as_it_was(project, server, name):
    script, expected = MISBEHAVIOUR[name]
    before = _state(project)
    _script(server, list(script))
    with pytest.raises(ValueError) as caught:
        _refresh(project, server, **({"timeout": 0.2} if name == "silent" else {}))
    assert expected in str(caught.value), str(caught.value)
    assert _state(project) == before


def test_one_bad_answer_among_good_ones_keeps_none(project, server):
    _script(server, [ok(NEW)], [refuse(404)])
    with pytest.raises(refresh.RefreshError, match="nothing was kept"):
        _refresh(project, server)
    assert not (project / "new").exists()
    assert not list(project.glob(".refresh-*"))


def test_a_trickling_answer_is_given_up_at_the_deadline(project, server):
    _script(server, [trickling(NEW * 50, 0.01)])
    with pytest.raises(refresh.RefreshError, match="still trickles at the deadline"):
        _refresh(project, server, deadline=0.3)


def test_a_service_that_asks_to_wait_is_asked_again(project, server):
    _script(server, [refuse(429, Retry_After="0"), refuse(503), truncated(NEW, 200), ok(NEW)])
    table, _ = _refresh(project, server)
    assert server.requests.count("/eurostat?labels=name") == 4
    assert table.set_index("table").loc["made-up", "added"] == 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(b"not a zip", "not a zip file"), (_zipped(b"x", "other.csv"), "expected one file API_")],
)
def test_a_world_bank_answer_that_is_no_such_archive_is_refused(project, server, answer, expected):
    _script(server, [ok(NEW)], [ok(answer, "application/zip")])
    with pytest.raises(refresh.RefreshError, match=expected):
        _refresh(project, server)


def test_an_unreachable_service_is_named(project):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(refresh.RefreshError, match=f"127.0.0.1:{port}"):
        refresh.fetch(f"http://127.0.0.1:{port}/x", timeout=0.5, pause=0.01)


def test_an_existing_folder_is_never_written_into(project, server):
    (project / "new").mkdir()
    _script(server, [ok(NEW)])
    with pytest.raises(refresh.RefreshError, match="exists already"):
        _refresh(project, server)


def test_the_oecd_s_columns_become_those_of_the_file_at_hand():
    message = (
        "STRUCTURE,REF_AREA,Reference area,MEASURE,Measure,SEX,Sex,AGE,Age,FREQ,Frequency of observation,"
        "TIME_PERIOD,OBS_VALUE\n"
        "DATAFLOW,AUT,Austria,EMP_WAP,Employment rate,F,Female,Y15T24,From 15 to 24 years,A,Annual,2023,49.8\n"
    )
    lines = refresh.labour_force_columns(message.encode()).decode().split("\n")
    assert lines[0] == "country_code,country,measure,sex,age,frequency,time_period,value,units"
    assert lines[1] == "AUT,Austria,Employment rate,Female,From 15 to 24 years,Annual,2023,49.8,Units"
    with pytest.raises(refresh.RefreshError, match="has no columns"):
        refresh.labour_force_columns(b"a,b\n1,2\n")


def test_a_new_year_is_no_other_layout_in_tables_with_a_column_a_year(tmp_path):
    for file, old, new in (
        ("a.csv", _bank_table(["2020"], ["30"]), _bank_table(["2020", "2021"], ["30", "31"])),
        (
            "a.tsv",
            b"freq,unit,geo\\TIME_PERIOD\t2020 \nA,PC,AT\t1 b\n",
            b"freq,unit,geo\\TIME_PERIOD\t2020 \t2021 \nA,PC,AT\t1 \t2\n",
        ),
    ):
        (tmp_path / file).write_bytes(old)
        service = refresh.Service(file, "https://example.org")
        refresh._require_same_layout(service, new, tmp_path)
        with pytest.raises(refresh.RefreshError, match="the columns are"):
            refresh._require_same_layout(service, new.replace(b"geo", b"region").replace(b"Country", b"Area"), tmp_path)


def test_every_service_renews_a_file_that_a_table_is_made_from():
    """A service whose file no table reads would be fetched for nothing, or its table would silently stay old."""
    files = [service.file for service in refresh.SERVICES]
    used = {file for table in importers.tables().values() for s in (table.source, *table.further) for file in s.files}
    assert len(files) == len(set(files))
    assert set(files) <= used, sorted(set(files) - used)
