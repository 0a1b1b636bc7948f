"""What a model may call, and how a call is made valid."""
