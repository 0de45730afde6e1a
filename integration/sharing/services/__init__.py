"""What is done with sharing."""
