"""What the notebooks of a small book import; its numbers are made up."""
