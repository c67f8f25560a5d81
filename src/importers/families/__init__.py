"""One module a family of publishers' files, each with its tables in ``TABLES``."""
