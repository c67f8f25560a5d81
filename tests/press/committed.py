"""The second book in a repository of its own, with one commit."""

import subprocess

from small_book import copy_second

WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(root, *words):
    """Call git in a folder; returns what it prints."""
    return subprocess.run(["git", *WHO, *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def commit(root, message="The book"):
    """Commit everything."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


def book(root):
    """Copy the second book, and commit it; returns the folder."""
    copy_second(root)
    (root / ".gitignore").write_text("_build/\n__pycache__/\n", "utf-8")
    (root / ".gitattributes").write_text("* text=auto eol=lf\n", "utf-8")
    git(root, "init", "--quiet")
    commit(root)
    return root
