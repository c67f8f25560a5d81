"""Commands of the data: ``crossroads data``, ``crossroads accept`` and ``crossroads refresh``."""

import argparse
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands.

    Parameters
    ----------
    commands : argparse._SubParsersAction
    """
    command = commands.add_parser("data", help="remake data/ from a folder of publishers' files")
    command.add_argument(
        "--raw", type=Path, help="folder with the publishers' files; not needed for tables of your own"
    )
    command.add_argument(
        "names",
        nargs="*",
        help="names of tables; all when none is given. One whose files you deleted from data/own/ is taken out",
    )
    command.add_argument("--smaller", action="store_true", help="accept tables that cover less than before")
    command.set_defaults(run=data)
    command = commands.add_parser(
        "accept", help="accept an edit of a table that was made by hand, or a publisher's new edition"
    )
    command.add_argument(
        "--raw", type=Path, help="folder with the publisher's new edition; says what moves, and remakes"
    )
    command.add_argument("names", nargs="+", metavar="name", help="names of tables, as the error has them")
    command.set_defaults(run=accept)
    command = commands.add_parser("refresh", help="fetch newer editions of the series that have a web service, compare")
    command.add_argument("--raw", required=True, type=Path, help="folder with the publishers' files at hand")
    command.add_argument("--into", required=True, type=Path, help="new folder for the publishers' files fetched")
    command.set_defaults(run=refresh)


def data(options: argparse.Namespace) -> int:
    """Remake the tables from publishers' files."""
    from crossroads.evidence.package import OWN, project_root
    from importers.remake import remake

    with one_line_errors():
        if options.raw is None and not options.names:
            raise SystemExit(
                "Data error: say where the publishers' files are, --raw FOLDER, or name tables of your own"
            )
        raw = options.raw or project_root() / "data" / OWN
        remake(raw, project_root() / "data", options.names or None, smaller=options.smaller)
    return 0


def new_table(root: Path, name: str, *more: str) -> str:
    """Bring in a table of the author's own."""
    from crossroads.evidence import package
    from importers import own
    from importers.remake import remake

    parser = argparse.ArgumentParser(prog=f"crossroads new table {name}")
    parser.add_argument("file", type=Path, help="CSV or workbook: one row an observation, or a column for each year")
    for option, said in (own.ASKED | own.BESIDES).items():
        parser.add_argument(f"--{option}", default="", metavar=option.upper(), help=said)
    options = vars(parser.parse_args(more))
    folder = root / "data" / package.OWN
    with one_line_errors():
        understood = own.new_table(root, name, options.pop("file"), options)
        try:
            remake(folder, root / "data", [name], say=lambda line: None)
        except Exception:
            for path in (folder / f"{name}.yaml", folder / f"{name}.csv"):
                path.unlink()
            raise
    return (
        f"{understood}\ndata/{package.OWN}/{name}.csv and {name}.yaml are written, and the table is in the package. Complete what the YAML says of it"
        f' (label, definition, direction, bounds), call `crossroads data {name}`, and use it: load("{name}")'
    )


def accept(options: argparse.Namespace) -> int:
    """Enter edited tables in the descriptor."""
    from crossroads.evidence.package import project_root
    from importers import accept as edits

    with one_line_errors():
        if options.raw is not None:
            edits.accept_edition(options.raw, project_root() / "data", options.names)
            return 0
        for name in options.names:
            edits.accept(name)
            print(f"{name}: accepted; data/datapackage.json now says that it was edited by hand")
    return 0


def refresh(options: argparse.Namespace) -> int:
    """Fetch newer editions into a new folder and show what they would change."""
    from importers import refresh as newer

    with one_line_errors():
        newer.refresh(options.raw, options.into)
    return 0


@contextlib.contextmanager
def one_line_errors() -> Iterator[None]:
    """Tell what is wrong with data in one line, without a traceback."""
    from crossroads.evidence.package import DataError
    from importers.files import LayoutError
    from importers.own_files import OwnTableError
    from importers.refresh import RefreshError
    from importers.remake import RemakeError

    try:
        yield
    except (DataError, LayoutError, OwnTableError, RefreshError, RemakeError) as error:
        raise SystemExit(f"Data error: {error}") from None
    except FileNotFoundError as error:
        raise SystemExit(
            f"Data error: there is no file {error.filename}; lay the publisher's file there, or name the tables to remake"
        ) from None


TEMPLATES: dict[str, Callable[..., str]] = {"table": new_table}
