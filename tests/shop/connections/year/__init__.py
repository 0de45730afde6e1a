"""Tests: shop connections year."""
