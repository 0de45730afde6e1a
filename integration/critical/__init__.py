"""Critical incidents: declarations, and broken glass."""
