"""The ledger's public addresses, and the auditors' pages."""
