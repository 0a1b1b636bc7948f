"""The work: everything that teaches, looks up, calls, answers and scores."""
