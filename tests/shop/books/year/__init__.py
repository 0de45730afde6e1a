"""Tests: shop books year."""
