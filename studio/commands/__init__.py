"""One file for each group of commands; each command is a small function."""
