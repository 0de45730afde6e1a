"""Tests: shop payments year."""
