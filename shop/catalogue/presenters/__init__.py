"""What pages show of the catalogue."""
