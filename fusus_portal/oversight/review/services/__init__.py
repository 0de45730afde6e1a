"""The acts of the weekly review."""
