"""The book on paper: doctrees to Typst, Typst to PDF."""
