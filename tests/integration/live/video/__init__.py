"""Tests: integration live video."""
