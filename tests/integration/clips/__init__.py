"""Tests: integration clips."""
