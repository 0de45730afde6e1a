"""Who may, and what can be."""
