"""What is done with canvasses."""
