"""What may be told of a number, and who may release what is told."""
