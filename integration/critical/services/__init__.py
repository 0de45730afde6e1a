"""What is done with critical incidents."""
