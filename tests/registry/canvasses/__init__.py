"""Tests: registry canvasses."""
