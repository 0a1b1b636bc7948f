"""Tools of other programs that speak the Model Context Protocol: listed, ticked, and kept as they were ticked."""
