"""The weekly review: what it asks of people who did nothing wrong, and what reading a week takes."""
