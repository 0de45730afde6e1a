"""Pages of a business about its own COREs and what it shares."""
