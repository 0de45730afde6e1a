"""Tables of canvasses."""
