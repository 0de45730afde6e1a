"""The acts of integration."""
