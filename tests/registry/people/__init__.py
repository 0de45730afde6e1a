"""Tests: registry people."""
