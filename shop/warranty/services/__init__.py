"""What is done with the warranty."""
