"""Tests: integration live views."""
