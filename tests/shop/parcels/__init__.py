"""Tests: shop parcels."""
