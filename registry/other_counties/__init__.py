"""Other counties: their agencies, and leads for outreach."""
