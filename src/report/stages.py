"""What the report's own pages do in the course of a build; ``press.stages`` explains the table."""

from press.stages import Stage

# fmt: off
STAGES = (
    Stage("config-inited", 200, "report.extension:introduce", "", "session.built_with session.apart"),
    Stage("builder-inited", 400, "report.catalogue:read_evidence", "", "shelf.evidence session.source_links"),
    Stage("builder-inited", 500, "report.cases.library:load_library", "", "shelf.library _build/published/cases"),
    # After the notebooks have been executed, so that these no longer take all cores.
    Stage("builder-inited", 600, "report.countries:write_download", "session.published", "_build/published/countries"),
    Stage("builder-inited", 600, "report.catalogue:start_workbooks", "shelf.evidence", "shelf.workbooks shelf.writers"),
    Stage("builder-inited", 600, "report.catalogue:take_digest", "session.published shelf.evidence", ""),
    Stage("env-get-outdated", 500, "report.cases.library:find_outdated_pages", "shelf.library kept.case_pages", "kept.case_shown"),
    Stage("env-purge-doc", 500, "report.cases.library:forget_page", "", ""),
    Stage("env-updated", 500, "report.cases.library:check", "shelf.library kept.case_uses", "kept.case_shown"),
    Stage("doctree-resolved", 500, "report.cases.page:list_uses", "shelf.library kept.case_uses", ""),
    Stage("html-page-context", 500, "report.cases.index:add_script", "", ""),
    Stage("html-page-context", 500, "report.catalogue:add_assets", "", ""),
    Stage("html-page-context", 500, "report.weights:add_assets", "", ""),
    # Last of all, so that the PDF is set while workbooks are still being written.
    Stage("build-finished", 920, "report.catalogue:publish", "shelf.evidence shelf.workbooks shelf.writers",
          "indicators code-lists datapackage.json"),
)
# fmt: on
