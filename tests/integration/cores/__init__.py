"""Tests: integration cores."""
