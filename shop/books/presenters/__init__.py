"""What pages show of books."""
