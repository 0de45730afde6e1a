"""What is done with other counties."""
