"""Days counted and checked; releases, delays and notes."""
