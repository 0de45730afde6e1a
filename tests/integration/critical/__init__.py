"""Tests: integration critical."""
