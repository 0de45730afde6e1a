"""Tests: registry imports."""
