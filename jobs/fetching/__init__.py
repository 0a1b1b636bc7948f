"""Pages and services on other computers, fetched within limits, and nothing of this computer or of an inner network."""
