"""The checks of examples: each finds rows, says why, and offers a remedy that can be undone."""
