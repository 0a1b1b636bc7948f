"""Documents to passages, and passages found again."""
