"""Rules of critical incidents."""
