"""Tests: audit ledger sealer."""
