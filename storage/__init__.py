"""What is kept: settings, records, database, files."""
