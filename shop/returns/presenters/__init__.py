"""What pages show of returns."""
