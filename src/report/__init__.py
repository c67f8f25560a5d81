"""The pages that this report alone has: countries, cases, studies, the catalogue of its data, the explorers.

A Sphinx extension of its own (``report.extension``) beside the press; its stages are in ``report.stages``.

Not here: what any book needs (``press``), statistics (``crossroads``), reading publishers' files (``importers``).
"""
