"""The order service of the sample company: a stand-in for a system outside."""
