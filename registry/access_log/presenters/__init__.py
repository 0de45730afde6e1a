"""What pages show of the access log."""
