"""The acts of accounts, a module for each noun."""
