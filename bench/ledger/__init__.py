"""The log: what it takes to write, to seal, to prove, to verify and to search."""
