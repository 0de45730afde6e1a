"""Pages of COREs."""
