"""Tests: shop connections."""
