"""People by role, as fixtures."""
