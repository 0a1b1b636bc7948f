"""From the bytes of a document to its visible text, one module for each format. All runs in the limited child only."""
