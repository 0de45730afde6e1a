"""Places: premises, cameras, pins, pictures."""
