"""Rows made by walking the real transitions."""
