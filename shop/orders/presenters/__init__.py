"""What pages show of orders."""
