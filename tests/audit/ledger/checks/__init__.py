"""Tests: audit ledger checks."""
