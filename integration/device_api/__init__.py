"""The device API: what a CORE calls."""
