"""What the pages of this report know during a build: as ``press.session``, for the report's own pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from report.cases.library import Library
    from report.catalogue import Evidence, MadeFrom
    from report.studies import Library as StudyLibrary


@dataclass
class Shelf:
    """What one build knows.

    Attributes
    ----------
    library : report.cases.library.Library
        The cases.
    evidence : report.catalogue.Evidence
        The data package.
    studies : report.studies.Library or None
        The published studies, where the book has any.
    exhibits : dict of str to list of str
        The exhibits of the chapters in which each member of the OECD stands.
    workbooks : dict of pathlib.Path to tuple
        What the workbook of each table is made from.
    writers : list of multiprocessing.Process
        Those who write the ones that are missing.
    standings : dict of str to dict
        What the tables of the country profiles hold, by country and indicator.
    """

    # Both are read before any page is, and never None for whoever asks.
    library: Library = None  # type: ignore[assignment]
    evidence: Evidence = None  # type: ignore[assignment]
    studies: StudyLibrary | None = None
    exhibits: dict[str, list[str]] = field(default_factory=dict)
    workbooks: dict[Path, MadeFrom] = field(default_factory=dict)
    writers: list[BaseProcess] = field(default_factory=list)
    standings: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)


def shelf(app: Sphinx) -> Shelf:
    """Return what the build of an application knows."""
    # An attribute of our own, which Sphinx does not declare.
    if not hasattr(app, "report"):
        app.report = Shelf()  # type: ignore[attr-defined]
    return app.report  # type: ignore[attr-defined]
