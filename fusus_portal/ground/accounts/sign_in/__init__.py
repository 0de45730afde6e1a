"""Signing in: sessions, passwords and tries with them, the agency's provider, what allauth asks and tells."""
