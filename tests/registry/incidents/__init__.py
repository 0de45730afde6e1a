"""Tests: registry incidents."""
