"""Examples drafted from documents, for a person to keep or drop."""
