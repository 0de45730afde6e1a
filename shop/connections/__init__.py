"""Connections: what keeps a CORE connected from year to year, and the card that pays for it."""
