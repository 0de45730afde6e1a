"""What pages show of live view."""
