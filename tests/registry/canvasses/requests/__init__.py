"""Tests: registry canvasses requests."""
