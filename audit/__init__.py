"""The audit ledger: what was done, by whom, to what, and who may see that it was."""
