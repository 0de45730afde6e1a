"""What carries messages to people: one folder for each channel."""
