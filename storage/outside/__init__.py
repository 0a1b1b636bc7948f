"""Databases of others, which are only asked: what is in them, and queries that nobody but this room writes."""
