"""Tests: registry people moves."""
