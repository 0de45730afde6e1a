"""Tests: integration reference."""
