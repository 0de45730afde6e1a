"""Copies of a search, as files."""
