"""Returns: COREs that come back for their money."""
