"""Tests: registry limits."""
