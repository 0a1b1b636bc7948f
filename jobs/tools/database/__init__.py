"""Questions to a database as a tool: a form that code turns into a query, and what in a question speaks for it."""
