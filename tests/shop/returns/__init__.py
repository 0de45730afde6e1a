"""Tests: shop returns."""
