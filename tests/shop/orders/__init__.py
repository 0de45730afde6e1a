"""Tests: shop orders."""
