"""Pages of the agency's data."""
