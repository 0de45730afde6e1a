"""Rules of canvasses."""
