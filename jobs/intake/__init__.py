"""Upload to examples: formats, columns, checks, splits."""
