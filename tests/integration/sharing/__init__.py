"""Tests: integration sharing."""
