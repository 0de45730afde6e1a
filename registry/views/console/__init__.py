"""The console of the agency."""
