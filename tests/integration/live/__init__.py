"""Tests: integration live."""
