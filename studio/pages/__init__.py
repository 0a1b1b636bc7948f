"""One file a page, in the order of the journey."""
