"""Tests: shop payments."""
