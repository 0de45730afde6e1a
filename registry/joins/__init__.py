"""Asking to join an incident by its number, without revealing if it exists."""
