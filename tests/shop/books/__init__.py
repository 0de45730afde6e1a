"""Tests: shop books."""
