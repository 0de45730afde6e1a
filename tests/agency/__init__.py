"""Tests of the agency's own data."""
