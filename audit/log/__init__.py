"""Log: entries, the closed list of events, how they are recorded, tickets, the end of texts."""
