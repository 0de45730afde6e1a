"""What clerks and administrators see."""
