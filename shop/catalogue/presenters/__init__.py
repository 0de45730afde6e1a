"""What pages show of catalogue."""
