"""The case library as pages: one a case (``page``), an index with filters (``index``), downloads (``downloads``)."""
