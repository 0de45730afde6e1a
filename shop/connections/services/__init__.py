"""What is done with connections."""
