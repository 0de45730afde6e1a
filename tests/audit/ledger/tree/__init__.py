"""Tests: audit ledger tree."""
