"""The book to take away: slides, workbooks and an ePub, made from the same results and pages as web and print."""
