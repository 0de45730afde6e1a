"""Pages of the agency about COREs."""
