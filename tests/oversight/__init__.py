"""Tests: oversight."""
