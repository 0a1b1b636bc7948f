"""Adapters in forms that other programs read."""
