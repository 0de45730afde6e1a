"""Tests: integration watch_hours."""
