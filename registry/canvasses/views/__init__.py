"""Pages of canvasses."""
