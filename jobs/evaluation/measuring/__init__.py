"""What each way costs and gives, measured by doing it."""
