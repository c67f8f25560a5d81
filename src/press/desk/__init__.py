"""What an author sits at: the command line, the preview, templates, agreed references."""
