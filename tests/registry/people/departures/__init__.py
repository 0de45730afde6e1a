"""Tests: registry people departures."""
