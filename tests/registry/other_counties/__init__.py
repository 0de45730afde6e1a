"""Tests: registry other counties."""
