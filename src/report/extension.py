"""The Sphinx extension of this report's own pages.

Not here: the build itself (``press.extension``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossroads.evidence import cases as evidence_of_cases
from crossroads.evidence import package, record_files
from crossroads.evidence import studies as evidence_of_studies
from press import stages
from press.session import session
from report import catalogue, countries, explorers, filters, studies
from report.cases import index, library, page
from report.explorers.base import CLASS
from report.stages import STAGES

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def setup(app: Sphinx) -> dict[str, Any]:
    """Register directives, roles, nodes and stages."""
    for module in (filters, page, index, studies, countries, catalogue, explorers):
        module.setup(app)
    stages.connect(app, STAGES)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def introduce(app: Sphinx, config: Config) -> None:
    """Tell the press what pages are made with, what stands on them from other pages, and which text is no prose."""
    used = [Path(str(module.__file__)) for module in (evidence_of_cases, evidence_of_studies, record_files, package)]
    session(app).built_with += [*sorted(Path(__file__).parent.rglob("*.py")), *used]
    session(app).from_elsewhere += [library.from_elsewhere, catalogue.from_elsewhere]
    session(app).findable += [countries.findable, library.findable, studies.findable, catalogue.findable]
    session(app).apart |= {"case", "study", "country", "country-index", "country-sources", CLASS}
