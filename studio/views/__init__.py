"""Records in, rows, Markdown and pictures out: pure functions, tested without any page."""
