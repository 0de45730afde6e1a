"""Tests: shop warranty."""
