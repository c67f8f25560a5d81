"""A small server for a folder of pages, with compression, that writes down what it sent."""

import gzip
import mimetypes
import threading
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

PLAIN = (".png", ".woff2", ".pdf", ".xlsx", ".ico")  # compressed already


class Served:
    """A folder as it is served: its address, and the path and number of bytes of each answer since ``sent`` was cleared."""

    def __init__(self, folder):
        self.folder, self.sent, self.address = folder, [], ""

    @cache  # noqa: B019 - as long as the tests run
    def content(self, path):
        """Return what is sent of a file: its bytes, compressed where that makes them fewer."""
        content = Path(path).read_bytes()
        return content if path.endswith(PLAIN) else gzip.compress(content, 6)


@contextmanager
def serve(folder):
    """Serve a folder on this machine alone, until the block ends."""
    served = Served(Path(folder))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = (served.folder / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file() or not path.is_relative_to(served.folder.resolve()):
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                served.sent.append((self.path, 0))
                return
            content = served.content(str(path))
            served.sent.append((self.path, len(content)))
            self.send_response(200)
            self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "application/octet-stream")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "max-age=600")
            if not str(path).endswith(PLAIN):
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *about):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()
