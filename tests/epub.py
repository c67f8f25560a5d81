"""An ePub looked at by EPUBCheck, where it is installed."""

import shutil
import subprocess
import zipfile

import pytest

FOUND = shutil.which("epubcheck")
needs_checker = pytest.mark.skipif(
    not FOUND, reason="epubcheck is not installed (on Debian and Ubuntu: apt-get install epubcheck)"
)
# One file is read and the machine left again: to compile what is called often costs more than it saves.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def check(path):
    """Let EPUBCheck look at a file, and fail with what it says."""
    # Debian names the archive itself as the command, which runs only where the system knows what to do with it.
    command = ["java", *QUICK, "-jar", FOUND] if zipfile.is_zipfile(FOUND) else [FOUND]
    answer = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, (answer.stdout + answer.stderr)[:4000]
