"""Rules of live view."""
