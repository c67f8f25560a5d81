"""Live preview: the book in a browser, kept current while an author writes.

The same build as the command ``build`` without the PDF runs again in this process, which has imported everything
already, whenever a file of the book is saved. A page learns through a tiny script, added while it is served and
never written to disk, that it has to load itself again: as soon as all pages are written, while what lies beside them, such
as what the search finds, is still made. A mistake is told in the terminal, and the next save tries again.

Not here: the build itself, which the ``command`` hands over, execution (``press.run``).
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
import threading
import time
import traceback
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

from press import contract, run
from press.run import dependencies, launch

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

WATCHED = ["book", "notebooks", "data", "src", "_config.yml", "_toc.yml", "pyproject.toml"]
CHANGES, RELOAD = "/-/changes", "/-/reload.js"
# A file and no script in the page, which its policy would not let run.
MARK = f'<script src="{RELOAD}" defer></script>'
SCRIPT = f"""let seen;
new EventSource("{CHANGES}").onmessage = ({{ data }}) => {{
  if (seen && seen !== data) location.reload();
  seen = data;
}};
"""
NOT_YET = "<!doctype html><meta charset=utf-8><title>Not built</title><p>This page is not built; see the terminal."


class Sources(watchfiles.DefaultFilter):
    """Leave out what editors and JupyterLab lay beside a source for themselves: no build reads it."""

    ignore_entity_patterns = (
        *watchfiles.DefaultFilter.ignore_entity_patterns,
        r"^[.#]",
        r"^(?:4913|sed\w{6})$",  # by which Vim asks whether it may write, and sed
        r"\.(?:bak|ipynb|orig|part|tmp)$",
    )


class Preview:
    """A server of the built pages that tells them when there is something new.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    port : int
        Where to listen, on this machine only; any free port where it is taken.
    build : callable
        Builds the book, calls what it is given once the pages can be seen, and returns the exit code.
    """

    def __init__(self, root: Path, port: int, build: Callable[[Callable[[], None]], int]) -> None:
        self.root, self.pages = Path(root).resolve(), Path(root).resolve() / "_build" / "html"
        self.build = build
        self.version, self.changed = f"{time.time_ns()}", threading.Condition()
        handler = partial(Handler, preview=self, directory=str(self.pages))
        try:
            self.server = Server(("127.0.0.1", port), handler)
        except OSError:
            self.server = Server(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True, name="preview")

    def rebuild(self) -> bool:
        """Build once, survive whatever goes wrong, and tell the pages.

        Returns
        -------
        bool
            Whether all is well.
        """
        started, before = time.perf_counter(), self.version

        def show() -> None:
            if self.version != before:
                return
            print(f"Shown ({time.perf_counter() - started:.1f} s)", flush=True)
            with self.changed:
                self.version = f"{time.time_ns()}"
                self.changed.notify_all()

        try:
            # Taken here, so that a build that stops in the middle does not keep other builds out.
            with run.lock(self.root):
                good = not self.build(show)
        except SystemExit as mistake:
            print(mistake)
            good = False
        except Exception:
            traceback.print_exc()
            good = False
        if not good:
            state = "Not shown" if self.version == before else "Shown, but not whole"
            print(f"{state}: mend the mistake above and save ({time.perf_counter() - started:.1f} s)", flush=True)
        else:
            show()  # where nothing had to be built
        # While the author reads. What stays is out of the way of the search through all objects with which
        # sphinx-external-toc begins a build.
        gc.unfreeze()
        if good:
            from press.fresh import ahead  # which imports Sphinx, as the build has done

            ahead.read(self.root)
        gc.collect()
        gc.freeze()
        return good

    def newer(self, version: str | None) -> bool:
        """Say whether the book is another one than this version."""
        return self.version != version

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()


class Server(ThreadingHTTPServer):
    """Threads that wait for changes must not keep the process alive."""

    daemon_threads = True
    block_on_close = False


class Handler(SimpleHTTPRequestHandler):
    """Serve files; add the script to pages; tell of changes; answer nobody who calls this machine by another name.

    A page of another site can have its own name lead to this machine, and would then read the book as if it were its own.
    """

    def __init__(self, *arguments: Any, preview: Preview, **settings: Any) -> None:
        self.preview = preview
        super().__init__(*arguments, **settings)

    def do_GET(self) -> None:
        """Answer a request."""
        path = Path(self.translate_path(self.path))
        if not self.is_for_here():
            self.send_error(421, "This preview answers to localhost only")
        elif self.path == CHANGES:
            self.tell_changes()
        elif self.path == RELOAD:
            self.send_content(200, "text/javascript", SCRIPT.encode())
        elif path.suffix == ".html" or self.path.endswith("/"):
            path = path / "index.html" if self.path.endswith("/") else path
            found = path.is_file()
            page = path.read_bytes() if found else NOT_YET.encode()
            with_script = page.replace(b"</body>", MARK.encode() + b"</body>", 1)
            # Also where a page has no end of body.
            page = with_script if with_script != page else page + MARK.encode()
            self.send_content(200 if found else 404, "text/html; charset=utf-8", page)
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """Answer a request for the head alone."""
        if self.is_for_here():
            super().do_HEAD()
        else:
            self.send_error(421)

    def is_for_here(self) -> bool:
        """Say whether a request names this machine and no other site."""
        name, _, port = self.headers.get("Host", "").rpartition(":")
        return name in {"127.0.0.1", "localhost"} and port == str(self.preview.server.server_port)

    def send_content(self, status: int, kind: str, content: bytes) -> None:
        """Send what does not lie on the disk as it is sent."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def tell_changes(self) -> None:
        """Keep the connection and send the version of the book, now and whenever it changes."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        told: str | None = None
        # A page that was closed has closed the connection as well.
        with contextlib.suppress(ConnectionError):
            while True:
                with self.preview.changed:
                    # Wakes up now and then to notice that nobody listens any more.
                    self.preview.changed.wait_for(partial(self.preview.newer, told), 20)
                    version = self.preview.version
                self.wfile.write(f"data: {version}\n\n".encode() if version != told else b": still here\n\n")
                self.wfile.flush()
                told = version

    def end_headers(self) -> None:
        """Let the browser keep nothing: what it shows must be what was built last."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Be silent: the terminal is for what the author has to know."""


def serve(preview: Preview, stop: threading.Event | None = None) -> int:
    """Show the book in a browser and keep it current until interrupted.

    Parameters
    ----------
    preview : Preview
    stop : threading.Event, optional
        Ends it when set, as an interrupt does.

    Returns
    -------
    int
        Exit code.
    """
    preview.thread.start()
    print(f"The book is shown at {preview.address} (stop with Ctrl+C)", flush=True)
    folders = [path for path in (preview.root / name for name in WATCHED) if path.exists()]
    watch = partial(
        watchfiles.watch, watch_filter=Sources(), debounce=100, step=20, yield_on_timeout=True, rust_timeout=200
    )
    # It tells of each change itself, in the middle of what the author reads.
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    built = False
    # While the first pages are made, so that a notebook saved later begins at once.
    launch.warm_up(contract.read(preview.root).preimported, dependencies.package_folder(preview.root))
    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(preview):
        # The first turn comes once the folders are watched, so that a file saved during a build is not missed.
        for changes in watch(*folders, stop_event=stop):
            if changes:
                respond(preview, sorted({Path(path) for _, path in changes}))
            elif not built:
                preview.rebuild()
            built = True
    return 0


def respond(preview: Preview, paths: list[Path]) -> None:
    """Build again after files were saved; begin anew where the builder itself has changed.

    Parameters
    ----------
    preview : Preview
    paths : list of pathlib.Path
    """
    names = [path.relative_to(preview.root).as_posix() for path in paths]
    print(f"\nSaved: {', '.join(names[:5])}{f' and {len(names) - 5} more' if len(names) > 5 else ''}", flush=True)
    own = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    if own & {str(path) for path in paths}:
        print("The builder itself has changed; starting it again", flush=True)
        restart()
    else:
        preview.rebuild()


def restart() -> None:
    """Replace this process by a new one with the same command; the browser finds it again by itself."""
    launch.stop()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
