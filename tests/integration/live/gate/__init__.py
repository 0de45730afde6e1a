"""Tests: integration live gate."""
