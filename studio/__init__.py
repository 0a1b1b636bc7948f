"""What the user sees: pages, words, the command line."""
