"""Tests: registry footage evidence."""
