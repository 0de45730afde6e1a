"""What is read of the weekly review, and of the log for it."""
