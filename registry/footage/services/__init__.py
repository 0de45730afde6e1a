"""What is done with footage."""
