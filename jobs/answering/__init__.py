"""The ways of answering and the one path that all of them take."""
