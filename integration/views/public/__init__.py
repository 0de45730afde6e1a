"""Pages of a business about its own COREs."""
