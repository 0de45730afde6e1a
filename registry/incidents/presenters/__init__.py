"""What pages show of incidents."""
