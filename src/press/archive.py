"""ZIP archives whose bytes depend on what is in them alone, and digests as ``sha256sum`` reads them.

Not here: what is put into which archive.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

from press.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKSUMS = "checksums.sha256"
DATED = (1980, 1, 1, 0, 0, 0)  # the earliest that the format can say


def pack(files: Mapping[str, bytes], folder: str = "") -> bytes:
    """Pack files into a ZIP archive, sorted by their paths and without dates; what begins as a script may be run.

    Parameters
    ----------
    files : mapping of str to bytes
    folder : str, optional
        In which they lie once they are unpacked.

    Returns
    -------
    bytes
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{path}" if folder else path, DATED)
            entry.create_system = 3  # that of the permissions, on any system
            entry.external_attr = (0o755 if files[path].startswith(b"#!") else 0o644) << 16
            target.writestr(entry, files[path], zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def write_checksums(digests: Mapping[str, str]) -> bytes:
    """Write digests as ``sha256sum`` reads them.

    Parameters
    ----------
    digests : mapping of str to str
        By path.

    Returns
    -------
    bytes
    """
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def read_checksums(content: bytes, file: str) -> dict[str, str]:
    """Read digests as ``sha256sum`` writes them.

    Parameters
    ----------
    content : bytes
    file : str
        Its name, for messages.

    Returns
    -------
    dict of str to str
        By path.

    Raises
    ------
    BookError
        With the first line that is none.
    """
    found = {}
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        digest, _, path = line.partition("  ")
        if len(digest) != 64 or not path:
            raise BookError(
                f"this is {line[:80]!r}; expected a digest of 64 digits, two blanks and a path", f"{file}:{number}"
            )
        found[path] = digest
    return found
