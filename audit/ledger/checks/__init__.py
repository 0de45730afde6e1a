"""Checks of the whole ledger against itself."""
