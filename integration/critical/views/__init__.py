"""Pages of critical incidents."""
