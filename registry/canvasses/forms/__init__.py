"""Forms of canvasses."""
