"""The command line of the book: ``crossroads <command>``.

Each command is a thin shell around a function elsewhere; nothing is computed here. Heavy imports wait until a
command needs them, so that ``crossroads --help`` answers at once.
"""

import argparse
import contextlib
import errno
import os
import sys
import time
from pathlib import Path

from crossroads.book.errors import BookError

# A full disk, a full quota, a disk or folder that may only be read.
NOT_WRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


def main(arguments=None):
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        The words after ``crossroads``; those of the process when not given.

    Returns
    -------
    int
        Exit code: 0 where all is well.
    """
    parser = argparse.ArgumentParser(prog="crossroads", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    add = commands.add_parser("build", help="execute what is stale and build the web book and the PDF")
    add.add_argument("--no-pdf", action="store_true", help="web pages only")
    add.set_defaults(run=build)
    add = commands.add_parser("execute", help="execute the notebooks that are stale")
    add.add_argument("names", nargs="*", help="names of notebooks; all when none is given")
    add.add_argument("--timeout", type=float, default=600, metavar="SECONDS", help="what one cell may take")
    add.add_argument("--scheduler", metavar="ADDRESS", help="hand the notebooks to this Dask cluster")
    add.set_defaults(run=execute)
    add = commands.add_parser("check", help="say which notebooks are stale and why, without executing any")
    add.set_defaults(run=check)
    add = commands.add_parser("why", help="say where an exhibit or value comes from and what made it stale last")
    add.add_argument("identifier", help="id of the exhibit or value")
    add.set_defaults(run=why)
    add = commands.add_parser("exhibits", help="list the exhibits and values that the notebooks publish")
    add.set_defaults(run=exhibits)
    add = commands.add_parser(
        "prose", help="report length and reading ease of each page, and what the text still lacks"
    )
    add.set_defaults(run=prose)
    add = commands.add_parser("cases", help="check every case of the library")
    add.set_defaults(run=cases)
    add = commands.add_parser("new", help="write a new case, notebook or chapter from a template")
    add.add_argument("kind", choices=["case", "notebook", "chapter"])
    add.add_argument("name", nargs="?", help="name of the notebook or chapter, e.g. chapter3_regions")
    add.set_defaults(run=new)
    add = commands.add_parser("serve", help="show the book in a browser and keep it current while you write")
    add.add_argument("--port", type=int, default=8000)
    add.set_defaults(run=serve)
    add = commands.add_parser("data", help="remake data/ from a folder of publishers' files")
    add.add_argument("--raw", required=True, type=Path, help="folder with the publishers' files")
    add.add_argument("names", nargs="*", help="names of tables; all when none is given")
    add.add_argument("--smaller", action="store_true", help="accept tables that cover less than before")
    add.set_defaults(run=data)
    add = commands.add_parser("refresh", help="fetch newer editions of the series that have a web service and compare")
    add.add_argument("--raw", required=True, type=Path, help="folder with the publishers' files at hand")
    add.add_argument("--into", required=True, type=Path, help="new folder for the publishers' files fetched")
    add.set_defaults(run=refresh)
    add = commands.add_parser("reference", help="renew the reference outputs that the tests compare with")
    add.set_defaults(run=reference)
    options = parser.parse_args(arguments)
    from crossroads.runs import RunError

    try:
        return options.run(options)
    except RunError as error:
        raise BookError(str(error)) from None
    except OSError as error:
        if error.errno not in NOT_WRITABLE:
            raise
        raise BookError(
            f"{error}; make room or make the folder writable, then do it again: what is whole stays"
        ) from None


def build(options):
    """Build web book and PDF, and say where they are and how long each stage took."""
    from crossroads import runs

    root, started = project_root(), time.perf_counter()
    with runs.lock(root):
        stages, result = make_current(root, with_pdf=not options.no_pdf, quiet=getattr(options, "quiet", False))
    if result:
        return result
    stages["start and finish"] = time.perf_counter() - started - sum(stages.values())
    print("\n" + "\n".join(f"{seconds:7.1f} s  {stage}" for stage, seconds in stages.items()))
    print(f"Web book  {root / '_build' / 'html' / 'index.html'}")
    if not options.no_pdf:
        print(f"PDF       {next((root / '_build' / 'pdf').glob('*.pdf'))}")
    return result


def make_current(root, *, with_pdf, quiet):
    """Build what is stale; returns the seconds of each stage and the exit code."""
    from crossroads.book import complete
    from crossroads.runs import launch, store

    started = time.perf_counter()
    if store.is_empty(root):
        launch.warm_up()  # every notebook will be executed: the kernels' imports can go on beside our own
    before = complete.sources(root)
    if complete.holds(root, before, with_pdf=with_pdf):
        return {"notebooks, web pages and PDF are those of the last build": time.perf_counter() - started}, 0
    complete.forget(root)
    from jupyter_book.sphinx import build_sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.console import nocolor

    if not sys.stdout.isatty():
        nocolor()
    stages = {}
    result = build_sphinx(
        root,
        root / "_build" / "html",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides={
            "external_toc_path": (root / "_toc.yml").as_posix(),
            "latex_individualpages": False,
            "crossroads_pdf": with_pdf,
            "crossroads_stages": stages,
        },
        quiet=quiet,
    )
    if isinstance(result, SphinxError):
        return stages, 1
    if isinstance(result, BaseException):
        raise result
    if not result:
        complete.remember(root, before, with_pdf=with_pdf)
    return stages, result


def execute(options):
    """Execute stale notebooks."""
    from crossroads import runs

    with runs.cluster(options.scheduler) if options.scheduler else contextlib.nullcontext() as executor:
        results = runs.execute(project_root(), options.names or None, executor=executor, timeout=options.timeout)
    return int(any(result.state == "failed" for result in results))


def check(options):
    """Say which notebooks are stale and why."""
    from crossroads import runs

    print("\n".join(runs.status(project_root())))
    return 0


def why(options):
    """Say where an exhibit or value comes from."""
    from crossroads import runs

    print("\n".join(runs.why(project_root(), options.identifier)))
    return 0


def exhibits(options):
    """List what the notebooks publish."""
    from crossroads import runs, wording
    from crossroads.book import published

    content = published.read(runs.execute(project_root()))
    for identifier, metadata in sorted(content.exhibits.items()):
        print(f"{identifier:34} {metadata['kind']:7} {metadata['notebook']:24} {metadata['title']}")
    for identifier, metadata in sorted(content.values.items()):
        print(f"{identifier:34} value   {metadata['notebook']:24} {wording.describe_value(metadata)}")
    return 0


def prose(options):
    """Build the pages, then report on the text."""
    from crossroads.book import lint

    options.no_pdf, options.quiet = True, True
    code = build(options)
    if code:
        return code
    print("\n".join(lint.reading.report(lint.stored(project_root()))) + "\n")
    wrong = lint.unfinished(project_root())
    print("\n".join(wrong) or "Headings, exhibits, references and terms are in order.")
    return int(bool(wrong))


def cases(options):
    """Check every case and say what is wrong."""
    from crossroads.book import propose

    return int(bool(propose.check_cases(project_root())))


def new(options):
    """Write a valid file to start from."""
    from crossroads.book import propose, templates

    if options.kind == "case":
        propose.new_case(project_root())
    else:
        print(templates.write(project_root(), options.kind, options.name))
    return 0


def serve(options):
    """Show the book and keep it current."""
    from crossroads.book import serve as preview

    preview.serve(project_root(), options.port)
    return 0


def data(options):
    """Remake the tables from publishers' files."""
    from crossroads.sources.remake import remake

    with one_line_errors():
        remake(options.raw, project_root() / "data", options.names or None, smaller=options.smaller)
    return 0


def refresh(options):
    """Fetch newer editions into a new folder and show what they would change."""
    from crossroads.sources import refresh as newer

    with one_line_errors():
        newer.refresh(options.raw, options.into)
    return 0


@contextlib.contextmanager
def one_line_errors():
    """Tell what is wrong with data in one line, without a traceback."""
    from crossroads.data import DataError
    from crossroads.sources.layouts import LayoutError
    from crossroads.sources.refresh import RefreshError
    from crossroads.sources.remake import RemakeError

    try:
        yield
    except (DataError, LayoutError, RefreshError, RemakeError) as error:
        raise BookError(str(error)) from None


def reference(options):
    """Renew the reference outputs of the tests and say what moved."""
    from crossroads.book import references

    for line in references.renew(project_root()):
        print(line)
    return 0


def project_root():
    """Return the root of the project around the current folder.

    Raises
    ------
    BookError
        If no folder above holds a book.
    """
    for folder in [Path.cwd(), *Path.cwd().parents]:
        if (folder / "_toc.yml").exists() and (folder / "data" / "datapackage.json").exists():
            return folder
    raise BookError(f"no book here: neither {Path.cwd()} nor a folder above it holds _toc.yml and data/")


def run():
    """Run the command that this process was started for, and end the process.

    Python takes the millions of objects of a book apart one by one before it ends, which takes two seconds. Where all
    went well there is nothing else to wait for than the process that forks kernels and what is still to be printed.
    """
    code = main()
    if code:
        sys.exit(code)
    from crossroads.runs import launch

    launch.stop()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    run()
