"""Tests: registry access log."""
