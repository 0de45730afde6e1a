"""What is done with COREs."""
