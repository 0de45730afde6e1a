"""Asking to join an incident by its number."""
