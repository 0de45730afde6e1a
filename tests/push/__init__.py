"""Notices on devices."""
