"""Tests: shop orders year."""
