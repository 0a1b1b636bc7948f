"""Scores and statistics, as pure functions."""
