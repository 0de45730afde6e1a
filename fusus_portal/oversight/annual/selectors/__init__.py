"""The numbers of a year, and what was written and released of it."""
