"""The evidence in ``data/``: the only modules that read it.

Not here: making it (``importers``), and what it means (the analysis functions).
"""
