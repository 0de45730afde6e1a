"""Tests: shop catalogue."""
