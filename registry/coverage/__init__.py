"""How far the registry reaches, and what comes of its requests: numbers from the log, and never a home."""
