"""Pull the newest edition of the series that have a web service, and show what would change before anything does.

The answers go to a new folder of publishers' files, completed with the files at hand; the tables are made and checked
from there in memory, and compared with the committed ones. ``data/`` is untouched until somebody who has read the
comparison remakes it from the new folder.

Not here: reading of publishers' layouts (the families), writing of ``data/`` (``remake``). Nothing of this runs while
the book is built.
"""

import csv
import io
import json
import shutil
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path

import pandas as pd

import importers
from crossroads.evidence import package, tables
from importers import remake

RECORD = remake.RECORD
TRIES = 4
CHUNK = 1 << 16


class RefreshError(ValueError):
    """An answer of a service that cannot be used; nothing was kept."""


def _same(content):
    return content


@dataclass(frozen=True)
class Service:
    """Where a publisher serves the newest edition of one of its files.

    Attributes
    ----------
    file : str
        Publisher's file that the answer replaces, relative to the folder of publishers' files.
    url : str
        Address of the service.
    unpack : callable
        Turns the answer into the bytes of the file.
    """

    file: str
    url: str
    unpack: Callable[[bytes], bytes] = _same


def world_bank_member(content: bytes) -> bytes:
    """Take the table out of the World Bank's zip file, which holds two more on countries and sources."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if name.startswith("API_")]
            if len(names) != 1:
                raise RefreshError(f"the archive holds {archive.namelist()}, expected one file API_...csv")
            return archive.read(names[0])
    except zipfile.BadZipFile:
        raise RefreshError(f"the answer is not a zip file: it begins with {content[:40]!r}") from None


OECD_COLUMNS = {
    "REF_AREA": "country_code",
    "Reference area": "country",
    "Measure": "measure",
    "Sex": "sex",
    "Age": "age",
    "Frequency of observation": "frequency",
    "TIME_PERIOD": "time_period",
    "OBS_VALUE": "value",
}


def labour_force_columns(content: bytes) -> bytes:
    """Bring SDMX-CSV with labels of the OECD's labour force flow to the columns of the file at hand."""
    frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    missing = sorted(set(OECD_COLUMNS) - set(frame))
    if missing:
        raise RefreshError(f"the answer has no columns {missing}; it has {list(frame)}")
    frame = frame[list(OECD_COLUMNS)].rename(columns=OECD_COLUMNS).assign(units="Units")
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")


EUROSTAT = (
    "https://ec.europa.eu/eurostat/api/dissemination/sdmx/3.0/data/dataflow/ESTAT/{}/1.0"
    "?compress=false&format=csvdata&formatVersion=2.0&lang=en&labels=name"
)
EUROSTAT_TSV = "https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1/data/{}?format=TSV&compressed=false"
WORLD_BANK = "https://api.worldbank.org/v2/en/indicator/{}?downloadformat=csv"
LABOUR_FORCE = (
    "https://sdmx.oecd.org/public/rest/data/OECD.SDD.TPS,DSD_LFS@DF_IALFS_INDIC,1.0/....Y....A"
    "?startPeriod=2010&dimensionAtObservation=AllDimensions&format=csvfilewithlabels"
)
SERVICES = (
    Service("country/oecd/lfs_rates_by_sex_age.csv", LABOUR_FORCE, labour_force_columns),
    *(
        Service(f"regional/eurostat/{file}.csv", EUROSTAT.format(flow))
        for flow, file in (
            ("tgs00007", "eurostat_tgs00007_employment_rate"),
            ("tgs00010", "eurostat_tgs00010_unemployment_rate"),
            ("tgs00109", "eurostat_tgs00109_tertiary_education_25_64"),
            ("nama_10r_2gdp", "eurostat_nama_10r_2gdp"),
        )
    ),
    Service("regional/eurostat/estat_tgs00042.tsv", EUROSTAT_TSV.format("tgs00042")),
    Service("country/eurostat/trng_lfse_01_25_74.csv", EUROSTAT.format("trng_lfse_01")),
    *(
        Service(f"country/worldbank/{file}.csv", WORLD_BANK.format(code), world_bank_member)
        for code, file in (
            ("GB.XPD.RSDV.GD.ZS", "API_GB.XPD.RSDV.GD.ZS_DS2_en_csv_v2_232"),
            ("SP.POP.SCIE.RD.P6", "API_SP.POP.SCIE.RD.P6_DS2_en_csv_v2_37695"),
            ("SE.XPD.TOTL.GD.ZS", "wb_education_spending_pct_gdp"),
            ("SI.POV.GINI", "wb_gini_index"),
            ("SI.DST.10TH.10", "wb_top10_income_share"),
            ("IT.NET.USER.ZS", "wb_internet_users_pct"),
            ("SL.UEM.TOTL.ZS", "wb_unemployment_pct"),
            ("IP.JRN.ARTC.SC", "wb_journal_articles"),
        )
    ),
)


def fetch(url: str, timeout: float = 60.0, deadline: float = 600.0, pause: float = 5.0) -> bytes:
    """Fetch a complete answer, waiting when the service asks for it.

    Parameters
    ----------
    url : str
        Address.
    timeout : float
        Seconds without a byte after which the answer counts as lost.
    deadline : float
        Seconds after which an answer that still trickles is given up.
    pause : float
        Seconds to wait before another try, if the service does not say how long.

    Returns
    -------
    bytes

    Raises
    ------
    RefreshError
        If there is no complete answer after a few tries, or the service refuses.
    """
    request = urllib.request.Request(url, headers={"Accept": "text/csv, application/zip, */*;q=0.1"})
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return _read(answer, url, time.monotonic() + deadline)
        except urllib.error.HTTPError as error:
            wait = _wait(error, pause)
            error.close()
            if wait is None or attempt == TRIES:
                raise RefreshError(f"{url}: the service answers {error.code} {error.reason}") from None
            time.sleep(wait)
        except (TimeoutError, urllib.error.URLError, HTTPException, ConnectionError) as error:
            if attempt == TRIES:
                raise RefreshError(f"{url}: no complete answer after {TRIES} tries ({error!r})") from None
            time.sleep(pause)
    raise AssertionError("unreachable")


def _wait(error, pause):
    """Return the seconds to wait before another try, or None if another try is of no use."""
    if error.code not in (429, 500, 502, 503, 504):
        return None
    after = error.headers.get("Retry-After", "")
    return min(float(after), 120.0) if after.isdigit() else pause


def _read(answer, url, end):
    kind = answer.headers.get_content_type()
    if kind in ("text/html", "application/xml", "text/xml", "application/json"):
        raise RefreshError(f"{url}: the service answers with {kind}, expected CSV or zip; its address may have changed")
    parts, length = [], 0
    while part := answer.read1(CHUNK):  # read() would wait for a whole chunk, past any deadline
        parts.append(part)
        length += len(part)
        if time.monotonic() > end:
            raise RefreshError(
                f"{url}: the answer still trickles at the deadline, after {length} bytes; try again later"
            )
    announced = answer.headers.get("Content-Length")
    if announced is not None and length != int(announced):
        raise HTTPException(f"{length} of {announced} bytes")
    return b"".join(parts)


def _header(content, name):
    """Return the first row that holds at least three fields; in Eurostat's TSV the last of them holds tabs."""
    try:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        cells = next(row for row in rows if sum(bool(cell.strip()) for cell in row) >= 3)
    except (UnicodeDecodeError, StopIteration):
        raise RefreshError(f"{name}: this is not a CSV table in UTF-8: it begins with {content[:60]!r}") from None
    return [part.strip() for cell in cells for part in cell.split("\t")]


def _require_same_layout(service, content, raw):
    """Refuse an answer that the readers would not understand, or that stops in the middle of a row."""
    if not content.endswith(b"\n"):
        raise RefreshError(f"{service.url}: the answer ends in the middle of a row ({content[-40:]!r})")
    at_hand = raw / service.file
    if not at_hand.is_file():
        raise RefreshError(f"{service.file} is not in {raw}: the files at hand are needed to compare with")
    new = _header(content, service.url)
    old = _header(at_hand.read_bytes(), service.file)
    # Tables with a column a year may have more of them in a new edition.
    years = {cell for cell in new if cell.isdigit()}
    if [cell for cell in new if cell not in years] != [cell for cell in old if not cell.isdigit()]:
        raise RefreshError(f"{service.url}: the columns are {new[:12]}, expected {old[:12]} as in {service.file}")


def download(
    raw: Path,
    folder: Path,
    services: Iterable[Service] = SERVICES,
    say: Callable[[str], object] = print,
    **options: float,
) -> None:
    """Fetch every service into a new folder of publishers' files, or nothing at all.

    Parameters
    ----------
    raw : pathlib.Path
        Publishers' files at hand; those that no service renews are copied.
    folder : pathlib.Path
        New folder; it must not exist.
    services : iterable of Service
        What to fetch.
    say : callable
        Receives one line a file.
    **options
        Passed to :func:`fetch`.

    Raises
    ------
    RefreshError
        If any answer is missing, incomplete or laid out differently; the folder is not made then.
    """
    raw, folder = Path(raw), Path(folder)
    if folder.exists():
        raise RefreshError(f"{folder} exists already; name a new folder")
    files = {file for table in importers.tables().values() for s in (table.source, *table.further) for file in s.files}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".refresh-", dir=folder.parent) as aside:
        new, record = Path(aside) / "new", {}
        for service in services:
            if service.file not in files:
                say(f"{service.file}: no table uses it, not fetched")
                continue
            try:
                content = service.unpack(fetch(service.url, **options))
            except RefreshError as error:
                raise RefreshError(f"{error}; nothing was kept") from None
            _require_same_layout(service, content, raw)
            (new / service.file).parent.mkdir(parents=True, exist_ok=True)
            (new / service.file).write_bytes(content)
            record[service.file] = {"url": service.url, "retrieved": datetime.now(UTC).date().isoformat()}
            say(f"{service.file}: {len(content):,} bytes")
        for file in _needed(files, raw):
            if not (new / file).exists():
                (new / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(raw / file, new / file)
        (new / RECORD).write_bytes(remake.as_json(dict(sorted(record.items()))))
        new.rename(folder)


def _needed(files, raw):
    """Return the files in the folders of declared files: a family may read an index or boundaries beside them."""
    folders = {Path(file).parent for file in files} | {Path("geo")}
    paths = (path for folder in folders for path in (raw / folder).glob("*") if path.is_file())
    return sorted(path.relative_to(raw) for path in paths)


def changes(old: dict[str, pd.DataFrame], new: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Compare two editions of tables, value by value.

    Parameters
    ----------
    old, new : dict of str to pandas.DataFrame
        Tables by name.

    Returns
    -------
    pandas.DataFrame
        One row a table that differs: ``table``, ``added``, ``vanished``, ``revised`` (numbers of observations with a
        value), ``flags`` (observations of which only the status changed), ``largest_change`` (absolute, in the unit of
        the measure), ``where`` it is.
    """
    rows = []
    for name in sorted(set(old) | set(new)):
        frames = [frame.get(name) for frame in (old, new)]
        key = remake.primary_key(next(frame for frame in frames if frame is not None).columns)
        before, after = (
            frame.set_index(key)[["obs_value", "obs_status"]]
            if frame is not None
            else pd.DataFrame({"obs_value": [], "obs_status": []}, index=pd.MultiIndex.from_tuples([], names=key))
            for frame in frames
        )
        both = before.add_suffix("_old").join(after.add_suffix("_new"), how="outer")
        was, now = both["obs_value_old"].notna(), both["obs_value_new"].notna()
        difference = (both["obs_value_new"] - both["obs_value_old"]).abs()
        revised = was & now & (difference > 1e-9 * both["obs_value_old"].abs().clip(lower=1e-6))
        flags = was & now & ~revised & (both["obs_status_old"] != both["obs_status_new"])
        counts = {
            "added": int((now & ~was).sum()),
            "vanished": int((was & ~now).sum()),
            "revised": int(revised.sum()),
            "flags": int(flags.sum()),
        }
        if any(counts.values()):
            worst = difference[revised].idxmax() if revised.any() else ()
            largest = float(difference[revised].max()) if revised.any() else 0.0
            rows.append({"table": name, **counts, "largest_change": largest, "where": ", ".join(map(str, worst))})
    return pd.DataFrame(
        rows, columns=["table", "added", "vanished", "revised", "flags", "largest_change", "where"]
    )  # fmt: skip


def refresh(
    raw: Path,
    folder: Path,
    services: Iterable[Service] = SERVICES,
    say: Callable[[str], object] = print,
    **options: float,
) -> pd.DataFrame:
    """Fetch the newest editions into a new folder and compare the tables made from it with the committed ones.

    Parameters
    ----------
    raw : path
        Publishers' files at hand.
    folder : path
        New folder of publishers' files; it must not exist.
    services : iterable of Service
        What to fetch.
    say : callable
        Receives the progress.
    **options
        Passed to :func:`fetch`.

    Returns
    -------
    pandas.DataFrame
        See :func:`changes`. Nothing in ``data/`` has changed; ``remake(folder, "data")`` puts the new edition in place.

    Raises
    ------
    RefreshError, importers.remake.RemakeError, crossroads.evidence.tables.DataError
        If an answer cannot be used, or a table made from it breaks its declaration, a check or the data contract.
    """
    download(Path(raw), Path(folder), services, say, **options)
    new, contents, _ = remake.build(Path(folder), say=lambda line: None, accepted=None)
    old = {name: tables.load(name) for name in tables.catalogue()["name"]}
    table = changes(old, new)
    lost = remake.shrinkage(package.project_root() / "data", json.loads(contents["datapackage.json"]))
    say(table.to_string(index=False) if len(table) else "no value differs")
    for line in lost:
        say(f"covers less than before: {line}")
    say(f"data/ is unchanged; to take this over: crossroads accept --raw {folder} {' '.join(table['table'])}")
    return table
