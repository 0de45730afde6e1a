"""What is done with the access log."""
