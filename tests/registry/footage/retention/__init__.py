"""Tests: registry footage retention."""
