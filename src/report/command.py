"""Commands of this report: ``crossroads cases`` and ``crossroads new case``."""

from __future__ import annotations

import argparse
from pathlib import Path

from press import contract


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands.

    Parameters
    ----------
    commands : argparse._SubParsersAction
    """
    command = commands.add_parser("cases", help="check every case of the library")
    command.set_defaults(run=cases)


def cases(options: argparse.Namespace) -> int:
    """Check every case and say what is wrong."""
    from report import propose

    return int(bool(propose.check_cases(contract.project_root())))


def new_case(root: Path, name: str) -> str:
    """Write a new case from a template."""
    from report import propose

    return propose.new_case(root, name)


TEMPLATES = {"case": new_case}
