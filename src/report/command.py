"""Commands of this report: ``crossroads cases``, ``crossroads studies``, ``crossroads new case`` and ``new study``."""

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
    command = commands.add_parser("studies", help="check every study of the library")
    command.set_defaults(run=studies)


def cases(options: argparse.Namespace) -> int:
    """Check every case and say what is wrong."""
    from report import propose

    return int(bool(propose.check_cases(contract.project_root())))


def studies(options: argparse.Namespace) -> int:
    """Check every study and say what is wrong."""
    from report import propose_study

    return int(bool(propose_study.check_studies(contract.project_root())))


def new_case(root: Path, name: str) -> str:
    """Write a new case from a template."""
    from report import propose

    return propose.new_case(root, name)


def new_study(root: Path, name: str) -> str:
    """Write a new study from a template."""
    from report import propose_study

    return propose_study.new_study(root, name)


TEMPLATES = {"case": new_case, "study": new_study}
