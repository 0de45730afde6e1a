"""Finds addresses, blocks and corners in a typed text."""
