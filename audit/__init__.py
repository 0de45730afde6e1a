"""The audit ledger: acts, their actors and objects, in a log that nobody can change unnoticed."""
