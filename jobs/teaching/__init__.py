"""Rows that teach a model to use what it is given when it is asked, in the very form in which it is asked."""
