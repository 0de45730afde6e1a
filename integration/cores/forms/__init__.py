"""Forms of COREs."""
