"""Tests: integration device_api."""
