"""Deleting what a person no longer wants, files included, unless a job still needs it."""
