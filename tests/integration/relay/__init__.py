"""Tests: integration relay."""
