"""The command line of a book: build, look, write, check.

Each command is a thin shell around a function elsewhere; nothing is computed here. Heavy imports wait until a
command needs them, so that ``--help`` answers at once. A book adds its own commands by the modules that its contract
names: ``add(commands)`` is given the subparsers, and ``TEMPLATES`` has what ``new`` can write, by kind.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import sys
import time
from functools import partial
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING

from press import contract
from press.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# A full disk, a full quota, a disk or folder that may only be read.
NOT_WRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}

# Where a change has notebooks executed, as a rule.
EXECUTED = ("notebooks/", "src/", "data/")


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        The words after the name of the command line; those of the process when not given.

    Returns
    -------
    int
        Exit code: 0 where all is well.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser(arguments).parse_args(arguments)
    from press.run import RunError

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


def parser(arguments: list[str]) -> argparse.ArgumentParser:
    """Return the parser of the command line, with the commands of the book around the current folder."""
    from press.desk import templates

    own, command, kinds = [], "python -m press", {}
    try:
        root = contract.project_root()
        served = contract.read(root)
    except BookError:
        if arguments and not {"-h", "--help"} & set(arguments):
            raise
    else:
        own, command = [import_module(name) for name in served.commands], served.command
        kinds = templates.kinds(root)
    parser = argparse.ArgumentParser(prog=command, description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    add = commands.add_parser(
        "build", help="execute what is stale and build web book, PDFs, slides, workbooks and ePub"
    )
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
    kinds |= {kind: write for module in own for kind, write in module.TEMPLATES.items()}
    add = commands.add_parser(
        "new", help=f"write a new file from a template: {', '.join(sorted(kinds))}", add_help=False
    )
    add.add_argument("-h", "--help", action=_HelpOfKind, nargs=0, const=kinds, help="show this, or what a kind takes")
    add.add_argument("kind", choices=sorted(kinds))
    add.add_argument("name", help="name of the file without its suffix, e.g. chapter3_more")
    add.add_argument(
        "more",
        nargs=argparse.REMAINDER,
        help="what some kinds are given besides, such as a table its file; `new table --help` lists it",
    )
    add.set_defaults(run=new, kinds=kinds)
    add = commands.add_parser("serve", help="show the book in a browser and keep it current while you write")
    add.add_argument("--port", type=int, default=8000)
    add.add_argument("--pdf", action="store_true", help="keep the PDF current, too: about a second after the pages")
    add.set_defaults(run=serve)
    add = commands.add_parser("reference", help="renew the reference outputs that the tests compare with")
    add.set_defaults(run=reference)
    _add_editions(commands)
    for module in own:
        module.add(commands)
    return parser


class _HelpOfKind(argparse.Action):
    """Shows what a kind takes where it is named and takes more than a name: only its writer knows."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, *_: Any) -> None:
        write = self.const.get(namespace.kind)
        if write and any(word.kind is Parameter.VAR_POSITIONAL for word in signature(write).parameters.values()):
            write(contract.project_root(), "NAME", "--help")
        parser.print_help()
        parser.exit()


def _add_editions(commands: Any) -> None:
    """Add what is asked of an edition as a whole."""
    add = commands.add_parser("compare", help="say what changed between two editions: tables, exhibits, sentences")
    add.add_argument("old", help="a commit or tag, or the folder of a checkout")
    add.add_argument("new", nargs="?", default=".", help="the same; the folder here when not given")
    add.add_argument("--changelog", metavar="DATE", help="print a line for the changelog to complete, of this date")
    add.set_defaults(run=compare)
    add = commands.add_parser("verify", help="build the current commit twice, in other places, and compare every byte")
    add.add_argument("--keep", type=Path, metavar="FOLDER", help="leave both builds in this new folder")
    add.set_defaults(run=verify)
    add = commands.add_parser("package", help="write the archive from which a stranger makes the same bytes")
    add.set_defaults(run=package)
    add = commands.add_parser("freeze", help="keep the exhibits of this edition as they are, for all builds to come")
    add.set_defaults(run=freeze)


def build(options: argparse.Namespace, shown: Callable[[], None] | None = None) -> int:
    """Build web book and PDF, and say where they are and how long each stage took; ``shown`` is called once pages can be seen."""
    from press import run

    root, started = contract.project_root(), time.perf_counter()
    with run.lock(root):
        stages, result = make_current(
            root, with_pdf=not options.no_pdf, quiet=getattr(options, "quiet", False), shown=shown
        )
    if result:
        return result
    stages["start and finish"] = time.perf_counter() - started - sum(stages.values())
    print("\n" + "\n".join(f"{seconds:7.1f} s  {stage}" for stage, seconds in stages.items()))
    print(f"Web book  {root / '_build' / 'html' / 'index.html'}")
    if not options.no_pdf:
        for path in sorted((root / "_build" / "pdf").glob("*.pdf"), key=lambda path: path.stem):
            print(f"PDF       {path}")
    return result


def make_current(
    root: Path, *, with_pdf: bool, quiet: bool, shown: Callable[[], None] | None = None
) -> tuple[dict[str, float], int]:
    """Build what is stale; returns the seconds of each stage and the exit code."""
    from press import scan
    from press.fresh import complete
    from press.run import dependencies, launch

    started = time.perf_counter()
    before = complete.digests(root)
    changed = complete.changed(root, before)
    printed = with_pdf
    current = not changed and complete.holds(root, complete.sources(root, before), with_pdf=with_pdf)
    if current:
        if shown is None or "jupyter_book.sphinx" in sys.modules or not os.access(root / "_build", os.W_OK):
            return {"notebooks, web pages and PDF are those of the last build": time.perf_counter() - started}, 0
        # A preview goes through all of it once: what is saved first then finds everything loaded. The PDF stays current.
        shown()
        printed = complete.holds(root, complete.sources(root, before), with_pdf=True)
    if any(name.startswith(EXECUTED) for name in changed):
        # Notebooks will be executed: the kernels' imports can go on beside all that comes first.
        launch.warm_up(contract.read(root).preimported, dependencies.package_folder(root))
    # Before Jupyter Book parses the settings, whose mistakes it tells without a file.
    scan.check(root, changed if complete.looked(root, before) else None)
    looked = time.perf_counter() - started
    if not current:
        complete.forget(root)
    scan.check_forms(root)
    # The colophon is read of files that were looked at: the descriptor of the data, and the citation.
    before = complete.sources(root, before)
    from jupyter_book.sphinx import build_sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.console import nocolor

    if not sys.stdout.isatty():
        nocolor()
    stages = {"look at the sources": looked}
    result = build_sphinx(
        root,
        root / "_build" / "html",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides={
            "external_toc_path": (root / "_toc.yml").as_posix(),
            "latex_individualpages": False,
            "press_pdf": with_pdf,
            "press_colophon": before["colophon"],
            "press_current": current,
            "press_shown": shown,
            "press_stages": stages,
        },
        quiet=quiet,
    )
    if isinstance(result, SphinxError):
        return stages, 1
    if isinstance(result, BaseException):
        raise result
    if not result:
        complete.remember(root, before, with_pdf=printed)
    return stages, result


def execute(options: argparse.Namespace) -> int:
    """Execute stale notebooks, and say what a build would not take of them."""
    from press import places, published, run, scan

    root = contract.project_root()
    scan.check_notebooks(root, options.names)
    with run.cluster(options.scheduler) if options.scheduler else contextlib.nullcontext() as executor:
        results = run.execute(root, options.names or None, executor=executor, timeout=options.timeout)
    with places.led(root):
        content = published.read(result for result in results if result.state in {"fresh", "executed"})
        published.require_shown(content, contract.read(root).media_type)
        published.require_loaded(content, root)
    return int(any(result.state == "failed" for result in results))


def check(options: argparse.Namespace) -> int:
    """Say which notebooks are stale and why."""
    from press import run

    print("\n".join(run.status(contract.project_root())))
    return 0


def why(options: argparse.Namespace) -> int:
    """Say where an exhibit or value comes from."""
    from press import places, run

    root = contract.project_root()
    print(places.lead_to_line("\n".join(run.why(root, options.identifier)), root))
    return 0


def exhibits(options: argparse.Namespace) -> int:
    """List what the notebooks publish."""
    from press import published, run

    root = contract.project_root()
    describe = contract.read(root).numbers.describe_value
    content = published.read(run.execute(root))
    for identifier, metadata in sorted(content.exhibits.items()):
        print(f"{identifier:34} {metadata['kind']:7} {metadata['notebook']:24} {metadata['title']}")
    for identifier, metadata in sorted(content.values.items()):
        print(f"{identifier:34} value   {metadata['notebook']:24} {describe(metadata)}")
    return 0


def prose(options: argparse.Namespace) -> int:
    """Build the pages, then report on the text."""
    from press import lint

    options.no_pdf, options.quiet = True, True
    code = build(options)
    if code:
        return code
    print("\n".join(lint.reading.report(lint.stored(contract.project_root()))) + "\n")
    wrong = lint.unfinished(contract.project_root())
    print("\n".join(wrong) or "Headings, exhibits, references and terms are in order.")
    return int(bool(wrong))


def new(options: argparse.Namespace) -> int:
    """Write a valid file to start from."""
    write = options.kinds[options.kind]
    try:
        signature(write).bind(None, None, *options.more)
    except TypeError:
        raise BookError(f"`new {options.kind}` takes a name and nothing else, not {' '.join(options.more)!r}") from None
    print(write(contract.project_root(), options.name, *options.more))
    return 0


def serve(options: argparse.Namespace) -> int:
    """Show the book and keep it current."""
    from press.desk import serve as preview
    from press.paper import setting

    pages = partial(build, argparse.Namespace(no_pdf=not options.pdf, quiet=True))
    with setting.kept() if options.pdf else contextlib.nullcontext():
        return preview.serve(preview.Preview(contract.project_root(), options.port, pages))


def reference(options: argparse.Namespace) -> int:
    """Renew the reference outputs of the tests and say what moved."""
    from press.desk import references

    for line in references.renew(contract.project_root()):
        print(line)
    return 0


def compare(options: argparse.Namespace) -> int:
    """Say what changed between two editions."""
    from press.desk import compare as editions

    found = editions.compare(contract.project_root(), options.old, options.new)
    print(found.entry(options.changelog) if options.changelog else "\n".join(found.lines()))
    return 0


def verify(options: argparse.Namespace) -> int:
    """Build the current commit twice and compare every byte."""
    from press.desk import verify as twice

    print("Two builds from nothing, at the same time; this takes some minutes", flush=True)
    verdict = twice.verify(contract.project_root(), keep=options.keep)
    print("\n".join(verdict.lines()))
    return int(bool(verdict.differences))


def package(options: argparse.Namespace) -> int:
    """Build the current commit and write its archive."""
    from press.desk import package as packing

    root = contract.project_root()
    packing.require_commit(root)
    options.no_pdf = False
    code = build(options)
    if not code:
        print(f"Package   {packing.package(root)}")
    return code


def freeze(options: argparse.Namespace) -> int:
    """Build the current commit and freeze its exhibits."""
    from press.desk import freeze as freezing
    from press.desk import package as packing

    root = contract.project_root()
    packing.require_commit(root)
    options.no_pdf = True
    code = build(options)
    if not code:
        target = freezing.freeze(root).relative_to(root)
        print(f"Frozen    {target} ({(root / target).stat().st_size / 1e6:.1f} MB); commit the folder {target.parent}")
    return code


def run_and_exit() -> None:
    """Run the command that this process was started for, and end the process.

    Python takes the millions of objects of a book apart one by one before it ends, which takes two seconds. Where all
    went well there is nothing else to wait for than the process that forks kernels and what is still to be printed.
    """
    code = main()
    if code:
        sys.exit(code)
    from press.run import launch

    launch.stop()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    run_and_exit()
