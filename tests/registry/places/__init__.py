"""Tests: registry places."""
