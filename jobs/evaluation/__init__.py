"""Test questions to scorecards."""
