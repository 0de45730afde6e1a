"""Forms of the agency's data."""
