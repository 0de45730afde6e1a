"""Calls of the device API."""
