"""What pages show of canvasses."""
