"""Makes the book from its own archive, elsewhere and without history, and keeps how many files are not the expected ones.

    python benchmarks/trust_package.py

The current commit is cloned, built and packed; the archive is unpacked in another folder and built there. The result is
written to ``data/trust.json``.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import build as benchmark
import trust

from press.archive import read_checksums, sha256


def compare(root: Path, folder: Path) -> tuple[int, list[str]]:
    """Pack the current commit, and build it again from the archive.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    folder : pathlib.Path
        An empty folder to work in.

    Returns
    -------
    int, list of str
        How many files were expected, and which of them are not there or have other bytes.
    """
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", "--shared", str(root), str(clone)], check=True)
    benchmark.run(clone, [*benchmark.OURS[:-1], "package"])
    (packed,) = (clone / "_build" / "package").glob("*.zip")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder / "unpacked")
    (unpacked,) = (folder / "unpacked").iterdir()
    benchmark.run(unpacked / "sources", benchmark.OURS)
    expected = read_checksums((unpacked / "expected.sha256").read_bytes(), "expected.sha256")
    made = unpacked / "sources"
    wrong = [
        name
        for name, digest in expected.items()
        if not (made / name).is_file() or sha256((made / name).read_bytes()) != digest
    ]
    return len(expected), wrong


def main() -> int:
    """Pack, build, compare and record."""
    with tempfile.TemporaryDirectory(prefix="crossroads-package-") as folder:
        n, wrong = compare(benchmark.ROOT, Path(folder))
    print("\n".join(wrong[:20]))
    trust.record(
        "package",
        asks="Does a stranger with nothing but the archive make the same bytes?",
        command="python benchmarks/trust_package.py",
        n=n,
        wrong=len(wrong),
        said="files made from the archive differ",
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
