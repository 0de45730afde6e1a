"""What pages show of the books."""
