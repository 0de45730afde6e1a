"""Sharing: the agreement that a business signs, its rules for each camera, its pauses."""
