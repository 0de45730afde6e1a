"""Tests: registry footage uploads."""
