"""Pages that belong to no app: home, how it works, questions, transparency, health."""
