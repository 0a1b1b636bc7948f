"""From the bytes of a file to rows, one module for each format. All of it runs in the limited child only."""
