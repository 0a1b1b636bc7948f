"""Models: the catalogue, the messages they read, and the one door through which they answer."""
