"""What pages show of COREs."""
