"""Tests: registry footage."""
