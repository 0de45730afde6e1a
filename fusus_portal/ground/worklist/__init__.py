"""What waits for people of the agency: nouns register it, the start page shows it, whoever may act is told of it."""
