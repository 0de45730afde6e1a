"""Tests: the public figures."""
