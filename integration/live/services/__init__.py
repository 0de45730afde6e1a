"""What is done with live view."""
