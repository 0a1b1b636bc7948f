"""Services of others as tools: asked over HTTP within limits, with a secret that only code ever sees."""
