"""The annual report that ordinances on surveillance technology ask for."""
